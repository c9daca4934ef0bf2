//! The change feed that other systems read.

use schemars::JsonSchema;
use serde::Serialize;

use super::FollowerHealth;
use crate::{
    index::current::Current,
    model::{
        id::{EntryId, PublicSeq},
        kind::Kind,
    },
    store::{PublicOp, ReadError, Store, Subject},
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
    /// The slug it has now.
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
pub struct ChangeFeed {
    store: Store,
    current: Current,
    follower: FollowerHealth,
}

impl ChangeFeed {
    /// The feed of a store whose index publishes to `current` and is kept by the follower of this health.
    pub fn new(store: Store, current: Current, follower: FollowerHealth) -> Self {
        Self { store, current, follower }
    }

    /// Changes after `since`, at most `limit`.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn page(&self, since: PublicSeq, limit: usize) -> Result<ChangesPage, ReadError> {
        let head = self.store.head().public_seq;
        let changes: Vec<PublicChange> =
            self.store.public_changes(since, limit)?.into_iter().map(PublicChange::from).collect();
        let next_since = changes.last().map_or(since, |change| change.seq);
        Ok(ChangesPage { changes, next_since, head })
    }

    /// How far behind the store the index is, in changes.
    pub fn lag(&self) -> u64 {
        let searchable = self.current.get().map_or(0, |snapshot| snapshot.seq.0);
        self.store.head().public_seq.0.saturating_sub(searchable)
    }

    /// How the follower is, which carries the changes into the index.
    pub fn follower(&self) -> &FollowerHealth {
        &self.follower
    }
}

impl From<crate::store::PublicChange> for PublicChange {
    fn from(change: crate::store::PublicChange) -> Self {
        let (id, document) = match change.subject {
            Subject::Entry(id) => (Some(id), None),
            Subject::Document(name) => (None, Some(name)),
        };
        let op = match change.op {
            PublicOp::Upsert => ChangeOp::Upsert,
            PublicOp::Delete => ChangeOp::Delete,
        };
        Self { seq: change.seq, op, id, slug: change.slug, kind: change.kind, document, at: change.at }
    }
}
