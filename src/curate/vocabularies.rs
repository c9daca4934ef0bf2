//! The vocabularies and synonyms that staff edit, as documents of the store.

use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::{Value, json};

use crate::model::id::PublicSeq;
use crate::model::vocabulary::{Vocabularies, Vocabulary};
use crate::store::{ReadError, Store, Subject};

/// Documents whose name begins so hold one [`Vocabulary`] each, as JSON.
pub const VOCABULARY_PREFIX: &str = "vocabulary/";
/// The document with the synonyms: `{"toml": "…"}`, the text as [`crate::text::synonyms`] reads it.
pub const SYNONYMS: &str = "synonyms";

/// Changes looked through for a vocabulary; after more than these all are read anew, which costs a millisecond.
const CHANGES_MAX: usize = 256;

/// The vocabularies as they are now. Reads them again only after one of them changed.
pub struct VocabularySource {
    store: Store,
    held: Mutex<Option<Held>>,
}

struct Held {
    /// No vocabulary changed between the reading and this public change.
    seq: PublicSeq,
    vocabularies: Arc<Vocabularies>,
}

impl VocabularySource {
    /// The vocabularies of this store.
    pub fn new(store: Store) -> Self {
        Self { store, held: Mutex::new(None) }
    }

    /// The vocabularies now.
    pub fn current(&self) -> Result<Arc<Vocabularies>, ReadError> {
        let mut held = self.held.lock();
        if let Some(held) = held.as_mut() {
            let changes = self.store.public_changes(held.seq, CHANGES_MAX)?;
            let touched = changes.iter().any(|change| is_vocabulary(&change.subject));
            if !touched && changes.len() < CHANGES_MAX {
                held.seq = changes.last().map_or(held.seq, |change| change.seq);
                return Ok(Arc::clone(&held.vocabularies));
            }
        }
        // The number first: what changes during the reading is seen again as a change.
        let seq = self.store.head().public_seq;
        let vocabularies = Arc::new(load(&self.store)?);
        *held = Some(Held { seq, vocabularies: Arc::clone(&vocabularies) });
        Ok(vocabularies)
    }
}

/// Name of the document that holds a vocabulary.
pub fn document_name(vocabulary: &str) -> String {
    format!("{VOCABULARY_PREFIX}{vocabulary}")
}

/// Content of the document with the synonyms.
pub fn synonyms_document(toml: &str) -> Value {
    json!({ "toml": toml })
}

/// Reads all vocabularies of a store.
pub fn load(store: &Store) -> Result<Vocabularies, ReadError> {
    let mut all = Vec::new();
    for (name, _) in store.documents()? {
        if !name.starts_with(VOCABULARY_PREFIX) {
            continue;
        }
        let Some(document) = store.document(&name)? else { continue };
        let vocabulary: Vocabulary = serde_json::from_value(document.content)
            .map_err(|error| ReadError::Damaged(format!("document {name}: {error}")))?;
        all.push(vocabulary);
    }
    Ok(all.into_iter().collect())
}

fn is_vocabulary(subject: &Subject) -> bool {
    matches!(subject, Subject::Document(name) if name.starts_with(VOCABULARY_PREFIX))
}
