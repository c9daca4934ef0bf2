//! A VIEW of what is public, made for searching; deleting it loses nothing. The only room that knows tantivy.
//!
//! tantivy keeps posting lists, term dictionaries and stored documents, and makes commits that survive a crash. How
//! German text becomes terms, what counts as a hit, how hits are ranked and how facets are counted is ours:
//!
//! * [`schema`], [`tokens`], [`document`]: an entry becomes terms and one stored card
//! * [`generation`], [`writer`]: directories, fingerprints, commits
//! * [`snapshot`], [`columns`], [`current`]: one immutable state, with everything that filters and orders in memory
//! * [`lexis`]: the words that the index holds, for corrections and completions
//! * [`plan`]: what to look for; [`execute`]: one pass over the postings; [`collect`]: top hits, totals, all facets
//! * [`ranking`]: every weight, from one table in `index-data`
//! * [`traits`]: what advice on formats weighs

mod accumulate;
pub mod collect;
pub mod columns;
pub mod current;
pub mod docset;
pub mod document;
pub mod execute;
pub mod generation;
pub mod labels;
pub mod lexis;
pub mod plan;
mod postings;
pub mod ranking;
pub mod schema;
pub mod sheet;
pub mod snapshot;
pub mod tokens;
pub mod traits;
pub mod writer;

/// Something in the index is not as it should be. The index is disposable: the answer is to rebuild it.
#[derive(Debug, thiserror::Error)]
#[error("index: {0}")]
pub struct IndexError(pub String);

impl From<tantivy::TantivyError> for IndexError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self(error.to_string())
    }
}

impl From<std::io::Error> for IndexError {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<serde_json::Error> for IndexError {
    fn from(error: serde_json::Error) -> Self {
        Self(format!("stored document: {error}"))
    }
}
