//! Which of the words typed are searched: not those that come again, and not those of quantities.

use std::{collections::HashSet, ops::Range};

use crate::{
    index::snapshot::Snapshot,
    query::Query,
    search::{
        offers::{self, Recognised},
        request::Verbatim,
    },
    text::{Form, OwnedWord},
};

/// The plain words of a query and which of them are searched.
pub(super) struct Typed {
    /// All words.
    pub words: Vec<OwnedWord>,
    /// Numbers with a unit for which there is a filter.
    pub quantities: Vec<Recognised>,
    /// Whether nothing else has content; then they are searched like any words.
    pub only_quantities: bool,
    /// The text without words that are typed again, and without quantities where there is anything else to search.
    pub searched: String,
}

impl Typed {
    pub(super) fn new(snapshot: &Snapshot, query: &Query, verbatim: Verbatim) -> Self {
        let words = snapshot.shared.analyser.analyse(&query.plain);
        let quantities = offers::recognised(snapshot, &query.plain, &words, verbatim);
        let mut this = Self { words, quantities, only_quantities: false, searched: String::new() };
        let content = |word: &OwnedWord| word.form == Form::Simple && word.weight >= 1.0 && !this.in_quantity(word);
        this.only_quantities = !this.quantities.is_empty()
            && query.phrases.is_empty()
            && query.in_title.is_empty()
            && !this.words.iter().any(content);
        let again = repeated(&query.plain, &this.words);
        let quantities = this.quantities.iter().map(|it| it.span.clone()).filter(|_| !this.only_quantities);
        let aside: Vec<Range<usize>> = again.into_iter().chain(quantities).collect();
        this.searched = offers::blanked(&query.plain, aside.iter().cloned());
        if !aside.is_empty() {
            this.searched.truncate(this.searched.trim_end().len());
        }
        this
    }

    fn in_quantity(&self, word: &OwnedWord) -> bool {
        self.quantities.iter().any(|it| it.span.start <= word.span.start && word.span.end <= it.span.end)
    }

    /// Words of quantities that are no demand on a hit.
    pub(super) fn optional(&self) -> impl Iterator<Item = &OwnedWord> {
        let simple = self.words.iter().filter(|word| word.form == Form::Simple && !word.repeated);
        simple.filter(|word| !self.only_quantities && self.in_quantity(word))
    }
}

/// Where words stand that were typed before: "haushalt haushalt" asks for nothing else than "haushalt".
fn repeated(text: &str, words: &[OwnedWord]) -> Vec<Range<usize>> {
    let mut known: HashSet<&str> = HashSet::new();
    // A word tied to others is part of something longer: "6-3-6".
    let apart = |span: &Range<usize>| {
        text[..span.start].chars().next_back().is_none_or(char::is_whitespace)
            && text[span.end..].chars().next().is_none_or(|next| next.is_whitespace() || ",.;!?".contains(next))
    };
    let again = words.iter().filter(|word| word.form == Form::Simple && !word.repeated && !known.insert(&word.folded));
    again.map(|word| word.span.clone()).filter(apart).collect()
}
