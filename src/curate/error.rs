//! Why staff are refused, and how the store's refusals read there.

use crate::model::id::EntryId;
use crate::model::problem::Problem;
use crate::model::record::EntryRecord;
use crate::store::{CommitError, ReadError};

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
    /// As many notices are stored as may be.
    #[error("too many notices are stored")]
    Full,
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

impl From<ReadError> for CurateError {
    fn from(error: ReadError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<CommitError> for CurateError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Stale { current: Some(current) } => Self::Stale(current),
            CommitError::SlugTaken { slug, by } => Self::SlugTaken { slug, by },
            CommitError::TooLarge { bytes_max, .. } => Self::TooLarge { max: bytes_max },
            CommitError::NoSpace => Self::NoSpace,
            CommitError::ReadOnly { reason } => Self::ReadOnly(reason),
            CommitError::Busy => Self::Busy,
            other @ (CommitError::Stale { current: None }
            | CommitError::Invalid(_)
            | CommitError::Closed
            | CommitError::Io(_)) => Self::Internal(other.to_string()),
        }
    }
}
