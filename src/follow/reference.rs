//! Vocabularies and synonyms, as the store holds them.

use std::sync::Arc;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::FollowError;
use crate::{
    index::snapshot::Reference,
    model::vocabulary::{Vocabularies, Vocabulary},
    store::Store,
    text::{Analyser, SynonymSet},
};

/// Documents of this name and after it are vocabularies.
pub const VOCABULARY_PREFIX: &str = "vocabulary/";
/// The document with the synonyms: `{"toml": …}`.
pub const SYNONYMS_DOCUMENT: &str = "synonyms";

#[derive(Deserialize)]
struct Synonyms {
    toml: String,
}

/// Reads them, and a hash that changes whenever they do.
pub(super) fn read(store: &Store, analyser: &Analyser) -> Result<(Reference, String), FollowError> {
    let mut hash = Sha256::new();
    let mut vocabularies: Vec<Vocabulary> = Vec::new();
    let mut synonyms = SynonymSet::default();
    for (name, version) in store.documents()? {
        let Some(document) = store.document(&name)? else { continue };
        hash.update(format!("{name}\u{0}{version}\u{0}{}\u{0}", document.content));
        if name.starts_with(VOCABULARY_PREFIX) {
            vocabularies.push(
                serde_json::from_value(document.content)
                    .map_err(|error| FollowError::Reference(format!("{name}: {error}")))?,
            );
        } else if name == SYNONYMS_DOCUMENT {
            let Synonyms { toml } = serde_json::from_value(document.content)
                .map_err(|error| FollowError::Reference(format!("{name}: {error}")))?;
            synonyms = SynonymSet::parse(&toml, analyser)
                .map_err(|error| FollowError::Reference(format!("{name}: {error}")))?;
        }
    }
    let reference = Reference {
        vocabularies: Arc::new(vocabularies.into_iter().collect::<Vocabularies>()),
        synonyms: Arc::new(synonyms),
    };
    Ok((reference, format!("{:x}", hash.finalize())))
}
