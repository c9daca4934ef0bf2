//! Use cases of staff: create, edit, publish, archive; every write names the revision it is based on.

use serde::Serialize;
use serde_json::Value;

use crate::{
    auth::Principal,
    model::{
        id::{EntryId, PublicSeq, RevisionNumber, StoreSeq},
        problem::Problem,
        record::{EntryRecord, Revision},
    },
};

/// Staff's door. Cheap to clone.
#[derive(Clone)]
pub struct Curate {}

/// What staff see of an entry.
#[derive(Clone, Debug, Serialize)]
pub struct StaffEntry {
    /// State, revisions, dates.
    pub record: EntryRecord,
    /// Content that editors work on: the draft, or the published one where there is none.
    pub content: Value,
    /// Content that the public sees.
    pub published: Option<Value>,
}

/// A write that is on the disk.
#[derive(Clone, Debug, Serialize)]
pub struct Saved {
    /// The entry afterwards.
    pub entry: StaffEntry,
    /// Number of the commit.
    pub store_seq: StoreSeq,
    /// Number of the public change; wait for it with `min_seq`. Absent where the public view did not change.
    pub change_seq: Option<PublicSeq>,
}

/// Why a write was refused.
#[derive(Debug, thiserror::Error)]
pub enum CurateError {
    /// There is no such entry.
    #[error("no such entry")]
    Unknown,
    /// The role does not allow it.
    #[error("not allowed")]
    Forbidden,
    /// The content has these problems.
    #[error("the entry is invalid")]
    Invalid(Vec<Problem>),
    /// Somebody else was faster; this is the entry now.
    #[error("the entry has changed")]
    Stale(Box<EntryRecord>),
    /// The state does not allow it; German, English.
    #[error("{1}")]
    Conflict(String, String),
    /// The slug belongs to another entry.
    #[error("the slug {slug} is taken")]
    SlugTaken {
        /// The slug.
        slug: String,
        /// Whose it is.
        by: EntryId,
    },
    /// One value is larger than the store takes.
    #[error("the entry is larger than {max} bytes")]
    TooLarge {
        /// The bound.
        max: usize,
    },
    /// The disk is full.
    #[error("no space left")]
    NoSpace,
    /// The store takes no writes; the text says why.
    #[error("the store is read-only: {0}")]
    ReadOnly(String),
    /// Too many writes wait already.
    #[error("too many writes at once")]
    Busy,
    /// Something broke; the text is for the log.
    #[error("write failed: {0}")]
    Internal(String),
}

impl Curate {
    /// Creates a draft.
    pub async fn create(&self, _who: &Principal, _content: Value) -> Result<Saved, CurateError> {
        todo!()
    }
    /// Reads draft and published version.
    pub async fn read(&self, _who: &Principal, _id: EntryId) -> Result<StaffEntry, CurateError> {
        todo!()
    }
    /// Replaces the draft.
    pub async fn replace(
        &self,
        _who: &Principal,
        _id: EntryId,
        _based_on: RevisionNumber,
        _content: Value,
    ) -> Result<Saved, CurateError> {
        todo!()
    }
    /// Changes the draft by a JSON merge patch (RFC 7396).
    pub async fn patch(
        &self,
        _who: &Principal,
        _id: EntryId,
        _based_on: RevisionNumber,
        _patch: Value,
    ) -> Result<Saved, CurateError> {
        todo!()
    }
    /// Makes the draft public.
    pub async fn publish(
        &self,
        _who: &Principal,
        _id: EntryId,
        _based_on: RevisionNumber,
        _note: Option<String>,
    ) -> Result<Saved, CurateError> {
        todo!()
    }
    /// Takes the entry out of the public view.
    pub async fn archive(
        &self,
        _who: &Principal,
        _id: EntryId,
        _based_on: RevisionNumber,
        _note: Option<String>,
    ) -> Result<Saved, CurateError> {
        todo!()
    }
    /// Revisions, newest first.
    pub async fn revisions(
        &self,
        _who: &Principal,
        _id: EntryId,
        _before: Option<RevisionNumber>,
        _limit: usize,
    ) -> Result<Vec<Revision>, CurateError> {
        todo!()
    }
    /// Entries by id, drafts included.
    pub async fn list(
        &self,
        _who: &Principal,
        _after: Option<EntryId>,
        _limit: usize,
    ) -> Result<Vec<EntryRecord>, CurateError> {
        todo!()
    }
}
