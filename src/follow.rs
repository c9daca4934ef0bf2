//! Keeps the index at the store's head. The only room that sees both.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{
    id::{EntryId, PublicSeq},
    kind::Kind,
};

/// A page of the change feed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ChangesPage {
    /// Changes in order, each once; the newest state of an entry is what counts.
    pub changes: Vec<PublicChange>,
    /// Ask with this number next.
    pub next_since: PublicSeq,
    /// Newest change there is.
    pub head: PublicSeq,
}

/// One change of the public view.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PublicChange {
    /// Its number, without gaps.
    pub seq: PublicSeq,
    /// What happened.
    pub op: ChangeOp,
    /// Entry that changed; absent where a data set of the whole database changed (a vocabulary).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<EntryId>,
    /// Its slug then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// Its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Data set that changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// When, UTC.
    pub at: jiff::Timestamp,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeOp {
    /// Became or stayed public, with new content.
    Upsert,
    /// Is no longer public: a tombstone.
    Delete,
}

/// The change feed. Cheap to clone.
#[derive(Clone)]
pub struct ChangeFeed {}

impl ChangeFeed {
    /// Changes after `since`, at most `limit`.
    pub fn page(&self, _since: PublicSeq, _limit: usize) -> Result<ChangesPage, String> {
        todo!()
    }
    /// How far behind the store the index is, in changes.
    pub fn lag(&self) -> u64 {
        todo!()
    }
}
