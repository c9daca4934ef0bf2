//! An entry with its texts analysed, so that hits can be shown without analysing them again and again.

use std::{ops::Range, sync::OnceLock};

use crate::{
    model::{
        public::PublicEntry,
        texts::{Place, terms, texts},
        vocabulary::Vocabularies,
    },
    text::{Analyser, inner_compounds},
};

/// Bytes that the analysed labels of an entry take: some twenty terms of a handful of words each.
const LABELS_BYTES: usize = 8_000;

/// An entry with its texts analysed once; kept in a bounded cache.
#[derive(Debug)]
pub struct AnalysedEntry {
    /// The entry.
    pub public: PublicEntry,
    /// Title, other names, summary and keywords.
    pub(super) head: Vec<AnalysedText>,
    body: OnceLock<Vec<AnalysedText>>,
    labels: OnceLock<Vec<AnalysedText>>,
}

/// A text and its words.
#[derive(Debug)]
pub(super) struct AnalysedText {
    /// Field, as in the entry's JSON.
    pub(super) field: &'static str,
    /// As readers see it.
    pub(super) text: String,
    /// Its words, with their places in it.
    pub(super) words: Vec<AnalysedWord>,
}

/// A word in the forms in which it is compared, each by its [`hash`].
#[derive(Debug)]
pub(super) struct AnalysedWord {
    /// Bytes in the text.
    pub(super) span: Range<u32>,
    /// As written, lower case.
    pub(super) exact: u64,
    /// Its stem.
    pub(super) stem: u64,
    /// Stems of its parts, with their bytes in the text.
    pub(super) parts: Vec<(u64, Range<u32>)>,
}

impl AnalysedEntry {
    /// Analyses title, other names, summary and keywords; the rest waits until it is needed.
    pub fn new(public: PublicEntry, analyser: &Analyser) -> Self {
        let head = analyse(&public, analyser, |place| place != Place::Body);
        Self { public, head, body: OnceLock::new(), labels: OnceLock::new() }
    }

    /// Bytes it takes in a cache, roughly; body and labels count as if they were analysed.
    pub fn bytes(&self) -> u32 {
        let texts: usize = texts(&self.public.entry).iter().map(|text| text.text.len()).sum();
        u32::try_from(2_000 + LABELS_BYTES + texts * 14).unwrap_or(u32::MAX)
    }

    /// Everything that is read beside the head.
    pub(super) fn body(&self, analyser: &Analyser) -> &[AnalysedText] {
        self.body.get_or_init(|| analyse(&self.public, analyser, |place| place == Place::Body))
    }

    /// Labels of the terms that it carries.
    pub(super) fn labels(&self, analyser: &Analyser, vocabularies: &Vocabularies) -> &[AnalysedText] {
        self.labels.get_or_init(|| labels(&self.public, analyser, vocabularies))
    }
}

fn analyse(public: &PublicEntry, analyser: &Analyser, wanted: impl Fn(Place) -> bool) -> Vec<AnalysedText> {
    let texts = texts(&public.entry).into_iter().filter(|text| wanted(text.place));
    texts
        .map(|text| AnalysedText {
            field: text.field,
            text: text.text.to_owned(),
            words: analysed_words(text.text, analyser),
        })
        .collect()
}

/// Labels of the terms that the entry carries. A word of a synonym, which nobody sees, stands for the whole label.
fn labels(public: &PublicEntry, analyser: &Analyser, vocabularies: &Vocabularies) -> Vec<AnalysedText> {
    let mut labels = Vec::new();
    for (field, term) in terms(&public.entry, vocabularies) {
        let mut words = analysed_words(&term.label, analyser);
        let whole = 0..term.label.len() as u32;
        for mut word in term.synonyms.iter().flat_map(|synonym| analysed_words(synonym, analyser)) {
            word.span = whole.clone();
            word.parts.iter_mut().for_each(|(_, span)| *span = whole.clone());
            words.push(word);
        }
        labels.push(AnalysedText { field, text: term.label.clone(), words });
    }
    labels
}

fn analysed_words(text: &str, analyser: &Analyser) -> Vec<AnalysedWord> {
    let mut words = Vec::new();
    let narrow = |span: &Range<usize>| span.start as u32..span.end as u32;
    analyser.words(text, &mut |word| {
        // Longer runs first: of "Bürgerrats|empfehlung" all that was asked for is marked.
        let mut parts = Vec::with_capacity(word.parts.len());
        inner_compounds(text, word.parts, &mut |stem, span| parts.push((hash(stem), narrow(&span))));
        parts.extend(word.parts.iter().map(|part| (hash(&part.stem), narrow(&part.span))));
        words.push(AnalysedWord { span: narrow(&word.span), exact: hash(word.exact), stem: hash(word.stem), parts });
    });
    words
}

/// FNV-1a, 64 bits: words are compared by hash, which keeps a cached entry small.
pub(super) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
