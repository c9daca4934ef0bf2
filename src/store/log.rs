//! The log: one record for each commit, chained by hashes; change log and audit log in one.
//!
//! A record's hash is the SHA-256 of its JSON bytes as they lie in the store and in a backup, and the next record
//! holds it as `prev_hash`. So nothing can be changed, dropped or put in between without breaking the chain, and no
//! canonical form has to be agreed on.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::codec::{self, Digest};
use super::commit::{PublicOp, Subject};
use crate::model::id::{PublicSeq, RevisionNumber, StoreSeq};
use crate::model::record::Action;

/// Who did what to which entry or document, when and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogRecord {
    /// Number of the commit.
    pub seq: StoreSeq,
    /// Number and kind of the public change, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<PublicMark>,
    /// What it was about.
    pub subject: Subject,
    /// Verb.
    pub action: Action,
    /// Revision of the entry or version of the document that it made.
    pub revision: RevisionNumber,
    /// SHA-256 (hex) of the revision's, or the document's, stored JSON.
    pub content_sha256: String,
    /// SHA-256 (hex) of the entry record's stored JSON after the commit; absent for documents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_sha256: Option<String>,
    /// Who.
    pub actor: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Hash of the record before this one; 64 zeros in the first.
    pub prev_hash: String,
    /// Hash of this record; not stored in it.
    #[serde(skip)]
    pub hash: String,
}

/// Place in the public feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicMark {
    /// Public number.
    pub seq: PublicSeq,
    /// What the public view had to do.
    pub op: PublicOp,
}

/// Row of the tree `public`: where in the log a public change is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PublicRow {
    pub store_seq: StoreSeq,
}

/// Reads a record from its JSON bytes and computes its hash.
pub(super) fn parse(json: &[u8]) -> Result<(LogRecord, Digest), serde_json::Error> {
    let mut record: LogRecord = serde_json::from_slice(json)?;
    let hash = codec::sha256(json);
    record.hash = codec::hex(&hash);
    Ok((record, hash))
}
