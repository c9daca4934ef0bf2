//! What a pass over the postings adds up, by document.

use super::snapshot::Doc;

/// Which words a document has, a bit a word.
pub(super) struct Matched {
    /// Found in a way that makes a strict hit.
    pub(super) strictly: Vec<u32>,
    /// Found in any way.
    pub(super) loosely: Vec<u32>,
}

impl Matched {
    pub(super) fn new(doc_count: usize) -> Self {
        Self { strictly: vec![0; doc_count], loosely: vec![0; doc_count] }
    }
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
pub(super) struct Sparse {
    pub(super) values: Vec<f32>,
    pub(super) docs: Vec<Doc>,
}

impl Sparse {
    pub(super) fn new(doc_count: usize) -> Self {
        Self { values: vec![0.0; doc_count], docs: Vec::new() }
    }

    pub(super) fn add(&mut self, doc: Doc, value: f32) {
        let slot = &mut self.values[doc as usize];
        if *slot == 0.0 {
            self.docs.push(doc);
        }
        *slot += value;
    }

    pub(super) fn raise(&mut self, doc: Doc, value: f32) {
        let slot = &mut self.values[doc as usize];
        if *slot == 0.0 {
            self.docs.push(doc);
        }
        *slot = slot.max(value);
    }

    pub(super) fn clear(&mut self) {
        for doc in self.docs.drain(..) {
            self.values[doc as usize] = 0.0;
        }
    }
}
