//! Labels of vocabulary terms, folded once, so that beginnings that people type need only be compared with them.

use std::collections::HashMap;

use super::document::folded_text;
use crate::{
    model::vocabulary::{Language, Term, Vocabularies},
    text::Analyser,
};

/// The terms of all vocabularies.
#[derive(Debug, Default)]
pub(super) struct FoldedTerms(HashMap<String, Vec<FoldedTerm>>);

/// What one term is called, folded.
#[derive(Debug)]
pub struct FoldedTerm {
    /// By language.
    labels: [Box<str>; 3],
    synonyms: Box<[Box<str>]>,
}

impl FoldedTerms {
    pub(super) fn new(vocabularies: &Vocabularies, analyser: &Analyser) -> Self {
        let of = |term: &Term| FoldedTerm::new(term, analyser);
        let terms = vocabularies.iter().map(|it| (it.name.clone(), it.terms.iter().map(of).collect()));
        Self(terms.collect())
    }

    pub(super) fn of(&self, vocabulary: &str) -> &[FoldedTerm] {
        self.0.get(vocabulary).map(Vec::as_slice).unwrap_or_default()
    }
}

impl FoldedTerm {
    fn new(term: &Term, analyser: &Analyser) -> Self {
        let folded = |text: &str| folded_text(analyser, text).into();
        Self {
            labels: [Language::German, Language::English, Language::PlainGerman]
                .map(|language| folded(term.label(language))),
            synonyms: term.synonyms.iter().map(|synonym| folded(synonym)).collect(),
        }
    }

    /// Whether its label in this language or a synonym goes on so, from any of its words on.
    pub fn begins(&self, folded: &str, language: Language) -> bool {
        let label = match language {
            Language::German => &self.labels[0],
            Language::English => &self.labels[1],
            Language::PlainGerman => &self.labels[2],
        };
        let begins = |name: &str| {
            name.starts_with(folded) || name.match_indices(' ').any(|(at, _)| name[at + 1..].starts_with(folded))
        };
        begins(label) || self.synonyms.iter().any(|synonym| begins(synonym))
    }
}
