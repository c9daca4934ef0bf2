//! What a pass over the postings adds up, by document.

use std::cell::Cell;

use super::snapshot::Doc;

/// Arrays over all documents. Each thread keeps its own from one pass to the next: getting and clearing the memory anew
/// would cost as much as reading a short posting list.
#[derive(Default)]
pub(super) struct Arrays {
    /// Weighted, length-normalised term frequency of the concept at hand.
    pub(super) frequency: Sparse,
    /// The same in the title alone, not weighted.
    pub(super) title_frequency: Sparse,
    /// What the concept at hand is worth in each document that has it, but for its rarity.
    pub(super) evidence: Vec<(Doc, f32)>,
    /// Best way found for the word at hand.
    pub(super) best: Sparse,
    /// Sum over the concepts of a way that needs several …
    pub(super) together: Sparse,
    /// … and how many of them were there.
    pub(super) counted: Vec<u8>,
    /// What the documents are worth.
    pub(super) scores: Vec<f32>,
    /// Which words are found in a way that makes a strict hit, a bit a word.
    pub(super) strictly: Vec<u32>,
    /// Which words are found in any way, likewise.
    pub(super) loosely: Vec<u32>,
    /// How many 4-grams of the word at hand are found …
    pub(super) gram_counts: Vec<u16>,
    /// … and which of them was the last.
    pub(super) last_gram: Vec<u16>,
}

thread_local! {
    static KEPT: Cell<Option<Box<Arrays>>> = const { Cell::new(None) };
}

impl Arrays {
    /// Calls `work` with empty arrays for so many documents.
    pub(super) fn with<T>(doc_count: usize, work: impl FnOnce(&mut Self) -> T) -> T {
        let mut arrays = KEPT.take().unwrap_or_default();
        arrays.empty(doc_count);
        let done = work(&mut arrays);
        KEPT.set(Some(arrays));
        done
    }

    fn empty(&mut self, doc_count: usize) {
        for sparse in [&mut self.frequency, &mut self.title_frequency, &mut self.best, &mut self.together] {
            sparse.clear();
            sparse.values.resize(doc_count, 0.0);
        }
        zeroed(&mut self.counted, doc_count);
        zeroed(&mut self.scores, doc_count);
        zeroed(&mut self.strictly, doc_count);
        zeroed(&mut self.loosely, doc_count);
    }
}

/// Makes an array of so many zeros.
pub(super) fn zeroed<T: Clone + Default>(array: &mut Vec<T>, length: usize) {
    array.clear();
    array.resize(length, T::default());
}

/// Notes what each step adds to the scores, where somebody wants to know.
pub(super) struct Ledger {
    wanted: bool,
    before: Vec<f32>,
    pub(super) addends: Vec<(String, Vec<f32>)>,
}

impl Ledger {
    pub(super) fn new(wanted: bool) -> Self {
        Self { wanted, before: Vec::new(), addends: Vec::new() }
    }

    pub(super) fn book(&mut self, name: impl Fn() -> String, scores: &[f32]) {
        if self.wanted {
            self.before.resize(scores.len(), 0.0);
            self.addends.push((name(), scores.iter().zip(&self.before).map(|(now, before)| now - before).collect()));
            self.before.copy_from_slice(scores);
        }
    }
}

/// Values by document, with the documents that have one.
#[derive(Default)]
pub(super) struct Sparse {
    values: Vec<f32>,
    /// The first `count` are the documents; what is behind them is room.
    docs: Vec<Doc>,
    count: usize,
}

impl Sparse {
    /// Makes room for so many more documents. Whoever adds does it first, so that adding takes no decisions.
    pub(super) fn reserve(&mut self, more: usize) {
        // One is written before it is known whether it is new.
        let room = self.count + more + 1;
        if self.docs.len() < room {
            self.docs.resize(room.max(2 * self.docs.len()), 0);
        }
    }

    pub(super) fn add(&mut self, doc: Doc, value: f32) {
        let slot = &mut self.values[doc as usize];
        self.docs[self.count] = doc;
        self.count += usize::from(*slot == 0.0);
        *slot += value;
    }

    pub(super) fn raise(&mut self, doc: Doc, value: f32) {
        let slot = &mut self.values[doc as usize];
        self.docs[self.count] = doc;
        self.count += usize::from(*slot == 0.0);
        *slot = slot.max(value);
    }

    /// The documents, in no particular order.
    pub(super) fn docs(&self) -> &[Doc] {
        &self.docs[..self.count]
    }

    pub(super) fn value(&self, doc: Doc) -> f32 {
        self.values[doc as usize]
    }

    pub(super) fn clear(&mut self) {
        let Self { values, docs, count } = self;
        docs[..*count].iter().for_each(|doc| values[*doc as usize] = 0.0);
        *count = 0;
    }
}
