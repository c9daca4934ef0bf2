//! The readers' door: everything the public can ask, bounded and cached.

use std::{sync::Arc, time::Duration};

use super::{request::SearchRequest, response::*};
use crate::model::{
    id::{EntryId, PublicSeq},
    vocabulary::{Language, Vocabularies},
};

/// Answers readers. Cheap to clone.
#[derive(Clone)]
pub struct Search {}

/// Why a search was not answered.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The query is longer or deeper than allowed; the text says how.
    #[error("{detail_en}")]
    QueryTooLong {
        /// In German.
        detail: String,
        /// In English.
        detail_en: String,
    },
    /// Too many searches wait already.
    #[error("too many searches at once")]
    Busy,
    /// It took longer than allowed.
    #[error("the search took too long")]
    Timeout,
    /// There is no index yet.
    #[error("the index is being built")]
    NotReady,
    /// Something broke; the text is for the log.
    #[error("search failed: {0}")]
    Internal(String),
}

impl Search {
    /// State of the index now; none before the first generation is there.
    pub fn state(&self) -> Option<IndexState> {
        todo!()
    }
    /// Waits until the index holds this change; false when it takes longer.
    pub async fn wait_for(&self, _seq: PublicSeq, _at_most: Duration) -> bool {
        todo!()
    }
    /// The answer as serialised JSON ([`SearchResponse`]), from the cache where it is there.
    pub async fn search_json(&self, _request: SearchRequest) -> Result<Arc<[u8]>, SearchError> {
        todo!()
    }
    /// The answer itself, for pages.
    pub async fn search(&self, _request: SearchRequest) -> Result<SearchResponse, SearchError> {
        todo!()
    }
    /// Completions of what is being typed.
    pub async fn suggest(&self, _q: String, _language: Language) -> Result<Suggestions, SearchError> {
        todo!()
    }
    /// The entry with this id or slug.
    pub fn entry(&self, _id_or_slug: &str, _language: Language) -> Result<Lookup, SearchError> {
        todo!()
    }
    /// Entries by id, after `cursor`.
    pub fn entries(&self, _cursor: Option<&str>, _limit: usize, _language: Language) -> Result<EntryPage, SearchError> {
        todo!()
    }
    /// Entries like this one, related ones first.
    pub async fn related(&self, _id: EntryId, _limit: usize, _language: Language) -> Result<Vec<Hit>, SearchError> {
        todo!()
    }
    /// All entries that a search finds (not only a page), in its order, for exports; bounded by `Limits`.
    pub async fn export(&self, _request: SearchRequest) -> Result<Vec<EntryView>, SearchError> {
        todo!()
    }
    /// The vocabularies of the index that answers.
    pub fn vocabularies(&self) -> Result<Arc<Vocabularies>, SearchError> {
        todo!()
    }
    /// Values of a facet that exist, for naming the nearest to a wrong one; open vocabularies only as far as entries use them.
    pub fn facet_values(&self, _parameter: &str) -> Result<Vec<String>, SearchError> {
        todo!()
    }
}
