//! What a caller hands in, what comes back, and every way it can be refused.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::id::{EntryId, PublicSeq, RevisionNumber, StoreSeq};
use crate::model::kind::Kind;
use crate::model::record::{Action, EntryRecord, Revision};

/// One change, declared with what must be true before it; applied whole or not at all.
#[derive(Clone, Debug)]
pub struct Commit {
    /// Name of the token or account, or `system`.
    pub actor: String,
    /// Verb of the audit log.
    pub action: Action,
    /// Why, in the words of the editor.
    pub note: Option<String>,
    /// When, by the caller's clock.
    pub at: Timestamp,
    /// What changes.
    pub write: Write,
}

/// What a commit changes.
#[derive(Clone, Debug)]
pub enum Write {
    /// An entry and its newest revision.
    Entry(Box<EntryWrite>),
    /// A vocabulary, the synonyms, or another data set that staff edit.
    Document(DocumentWrite),
}

/// A new state of an entry.
#[derive(Clone, Debug)]
pub struct EntryWrite {
    /// The record as it shall be afterwards. A slug that is given up must be among its `old_slugs` if the public has
    /// seen it; otherwise it is free for others again.
    pub record: EntryRecord,
    /// The revision that goes with it: number = `record.revision` = the expected one plus one.
    pub revision: Revision,
    /// What must be there now.
    pub expect: Expect,
    /// Set if the public sees a difference; moves `public_seq`.
    pub public: Option<PublicOp>,
}

/// A new version of a document; always a public change.
#[derive(Clone, Debug)]
pub struct DocumentWrite {
    /// Its name, such as `vocabulary/topics`.
    pub name: String,
    /// Its content, at most 64 kB as JSON.
    pub content: serde_json::Value,
    /// The version that must be there now.
    pub expect: Expect,
}

/// Precondition of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Nothing under this id or name.
    Absent,
    /// This revision of the entry, or this version of the document, is the newest.
    Revision(RevisionNumber),
}

/// What the public view has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublicOp {
    /// Show the published revision.
    Upsert,
    /// Show nothing any more.
    Delete,
}

/// Proof that a commit is on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Its number.
    pub store_seq: StoreSeq,
    /// Its public number, if it is a public change.
    pub public_seq: Option<PublicSeq>,
    /// Newest public change up to and with this commit.
    pub public_head: PublicSeq,
}

/// Where the store stands; only durable commits count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Newest commit.
    pub store_seq: StoreSeq,
    /// Newest public change.
    pub public_seq: PublicSeq,
}

/// One line of the public change feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicChange {
    /// Its public number.
    pub seq: PublicSeq,
    /// The commit it came with.
    pub store_seq: StoreSeq,
    /// What changed.
    pub subject: Subject,
    /// How.
    pub op: PublicOp,
    /// When it was committed.
    pub at: Timestamp,
    /// For entries: address in use now.
    pub slug: Option<String>,
    /// For entries: kind.
    pub kind: Option<Kind>,
    /// Hash (hex) of its log record, which stands for everything up to it.
    pub log_hash: String,
}

/// What a commit was about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// An entry.
    Entry(EntryId),
    /// A document.
    Document(String),
}

/// A document as stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Its name.
    pub name: String,
    /// 1, 2, 3 … without gaps.
    pub version: RevisionNumber,
    /// Who wrote this version.
    pub actor: String,
    /// When.
    pub at: Timestamp,
    /// The content.
    pub content: serde_json::Value,
}

/// Why a commit was not made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CommitError {
    /// Something else is there than was expected.
    #[error("the entry or document has changed since it was read")]
    Stale {
        /// The entry as it is now; absent if there is none, and for documents.
        current: Option<Box<EntryRecord>>,
    },
    /// The address belongs to another entry, perhaps as an old one.
    #[error("the address {slug} belongs to entry {by}")]
    SlugTaken {
        /// The address.
        slug: String,
        /// The entry it belongs to.
        by: EntryId,
    },
    /// A record is larger than the store takes.
    #[error("the {what} has {bytes} bytes, at most {bytes_max} are stored")]
    TooLarge {
        /// Which part.
        what: &'static str,
        /// Its size as JSON.
        bytes: usize,
        /// The bound.
        bytes_max: usize,
    },
    /// The commit contradicts itself; a mistake of the calling code.
    #[error("the commit contradicts itself: {0}")]
    Invalid(&'static str),
    /// Too little space is left on the disk; reading goes on.
    #[error("no space is left on the disk")]
    NoSpace,
    /// The store was found damaged, or sled failed; reading goes on.
    #[error("the store is read-only: {reason}")]
    ReadOnly {
        /// For the operator.
        reason: String,
    },
    /// Too many writers are waiting; try again.
    #[error("too many writers are waiting")]
    Busy,
    /// The store has been closed.
    #[error("the store is closed")]
    Closed,
    /// The disk refused; the change was not made unless the text says that the outcome is unknown.
    #[error("the disk refused the commit: {0}")]
    Io(String),
}

/// Why something could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// What is stored is damaged; the store has turned read-only.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// The store has been closed, or is being opened anew after a failure.
    #[error("the store is not open")]
    Closed,
    /// The disk refused.
    #[error("the disk refused to read: {0}")]
    Io(String),
}
