//! Side trees: auth data, and notices to the editors. Durable, but off the change log; a count and a digest guard them
//! instead.
//!
//! The digest is the XOR of the hashes of all rows, kept in the tree `meta` by the same transaction and in `HEAD`,
//! so a lost or returned row is noticed without a log. One count and one digest stand for all side trees.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sled::Transactional;
use sled::transaction::{ConflictableTransactionError, TransactionError};
use uuid::Uuid;

use super::Store;
use super::apply::ApplyFault;
use super::codec::{self, CodecError, Digest};
use super::commit::{CommitError, ReadError};
use super::head::Mark;
use super::limits::VALUE_BYTES_MAX;
use super::read::get;
use super::sled_db::{Trees, guarded, tree};
use super::writer::Request;
use crate::model::notice::{Notice, NoticeId};

/// Key of the row in `meta`; the first side tree gave it its name.
const META_KEY: &[u8] = b"tokens";

/// One of the side trees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SideTree {
    Tokens,
    Notices,
}

impl SideTree {
    /// In the order of the files of a backup.
    pub(super) const ALL: [Self; 2] = [Self::Tokens, Self::Notices];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Tokens => tree::TOKENS,
            Self::Notices => tree::NOTICES,
        }
    }

    pub(super) fn of(self, trees: &Trees) -> &sled::Tree {
        match self {
            Self::Tokens => &trees.tokens,
            Self::Notices => &trees.notices,
        }
    }

    /// Adds a row to the digest, or takes it out. Rows of tokens go in without the name of their tree, as they did
    /// when there was no other.
    pub(super) fn toggle(self, digest: &mut Digest, key: &[u8], json: &[u8]) {
        let mut bytes = Vec::with_capacity(16 + key.len() + json.len());
        if self != Self::Tokens {
            bytes.extend_from_slice(self.name().as_bytes());
            bytes.push(0);
        }
        bytes.extend_from_slice(&(key.len() as u64).to_be_bytes());
        bytes.extend_from_slice(key);
        bytes.extend_from_slice(json);
        for (into, from) in digest.iter_mut().zip(codec::sha256(&bytes)) {
            *into ^= from;
        }
    }
}

/// Row in `meta`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SideMeta {
    pub seq: u64,
    pub digest: Digest,
}

/// One write.
#[derive(Clone, Debug)]
pub(super) struct SideWrite {
    pub tree: SideTree,
    pub key: String,
    /// `None` deletes.
    pub json: Option<Vec<u8>>,
}

impl Store {
    /// Keeps auth data under a key; durable when it returns, and off the change log.
    pub async fn token_put(&self, key: &str, value: &Value) -> Result<(), CommitError> {
        self.side_write(self.prepare_side(SideTree::Tokens, key, Some(codec::json(value)))?).await
    }

    /// Forgets auth data.
    pub async fn token_delete(&self, key: &str) -> Result<(), CommitError> {
        self.side_write(self.prepare_side(SideTree::Tokens, key, None)?).await
    }

    /// As [`Store::token_put`], for threads outside the async runtime; `None` deletes.
    pub fn token_write_blocking(&self, key: &str, value: Option<&Value>) -> Result<(), CommitError> {
        let write = self.prepare_side(SideTree::Tokens, key, value.map(codec::json))?;
        self.send_blocking(|reply| Request::Side { write, reply })?
    }

    /// Auth data under a key.
    pub fn token_get(&self, key: &str) -> Result<Option<Value>, ReadError> {
        self.shared().read(|trees| get(&trees.tokens, tree::TOKENS, key.as_bytes()))
    }

    /// Auth data under all keys with a prefix, by key, beginning after `after`.
    pub fn tokens(&self, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<(String, Value)>, ReadError> {
        let limit = self.page(limit);
        self.shared().read(|trees| {
            let mut page = Vec::new();
            for row in trees.tokens.range(after.unwrap_or(prefix).as_bytes()..) {
                let (key, value) = row?;
                if !key.starts_with(prefix.as_bytes()) || page.len() >= limit {
                    break;
                }
                if after.is_none_or(|a| a.as_bytes() != &*key) {
                    let name = String::from_utf8_lossy(&key).into_owned();
                    page.push((name, codec::decode(tree::TOKENS, &key, &value)?));
                }
            }
            Ok(page)
        })
    }

    /// Keeps a notice, in the place of an earlier state of it; durable when it returns, and off the change log.
    pub async fn notice_put(&self, notice: &Notice) -> Result<(), CommitError> {
        let key = notice.id.to_string();
        self.side_write(self.prepare_side(SideTree::Notices, &key, Some(codec::json(notice)))?).await
    }

    /// Forgets a notice.
    pub async fn notice_delete(&self, id: NoticeId) -> Result<(), CommitError> {
        self.side_write(self.prepare_side(SideTree::Notices, &id.to_string(), None)?).await
    }

    /// A notice.
    pub fn notice(&self, id: NoticeId) -> Result<Option<Notice>, ReadError> {
        self.shared().read(|trees| get(&trees.notices, tree::NOTICES, id.to_string().as_bytes()))
    }

    /// Notices, newest first, beginning below `before`; only those for which `wanted` holds.
    pub fn notices(
        &self,
        before: Option<NoticeId>,
        limit: usize,
        wanted: impl Fn(&Notice) -> bool,
    ) -> Result<Vec<Notice>, ReadError> {
        let limit = self.page(limit);
        // Ids are made by time, and their text sorts as they do.
        let end = before.unwrap_or(NoticeId(Uuid::max())).to_string();
        self.shared().read(|trees| {
            let mut page = Vec::new();
            for row in trees.notices.range(..end.as_bytes()).rev() {
                let (key, value) = row?;
                let notice: Notice = codec::decode(tree::NOTICES, &key, &value)?;
                if wanted(&notice) {
                    page.push(notice);
                }
                if page.len() >= limit {
                    break;
                }
            }
            Ok(page)
        })
    }

    /// How many notices there are.
    pub fn notice_count(&self) -> Result<usize, ReadError> {
        self.shared().read(|trees| Ok(trees.notices.len()))
    }

    async fn side_write(&self, write: SideWrite) -> Result<(), CommitError> {
        self.send(|reply| Request::Side { write, reply }).await?
    }

    fn prepare_side(&self, tree: SideTree, key: &str, json: Option<Vec<u8>>) -> Result<SideWrite, CommitError> {
        let bytes_max = self.limits().name_bytes_max;
        if key.is_empty() || key.len() > bytes_max {
            return Err(CommitError::TooLarge { what: "key", bytes: key.len(), bytes_max });
        }
        if let Some(json) = &json
            && !codec::fits(json)
        {
            return Err(CommitError::TooLarge { what: tree.name(), bytes: json.len(), bytes_max: VALUE_BYTES_MAX });
        }
        Ok(SideWrite { tree, key: key.to_owned(), json })
    }
}

/// Applies writes in order in one transaction.
pub(super) fn apply(trees: &Trees, from: &Mark, writes: &[SideWrite]) -> Result<Mark, ApplyFault> {
    let outcome = guarded(|| {
        let result = (&trees.tokens, &trees.notices, &trees.meta).transaction(|(tokens, notices, meta)| {
            let mut mark = *from;
            for SideWrite { tree, key, json } in writes {
                let key = key.as_bytes();
                let rows = match tree {
                    SideTree::Tokens => tokens,
                    SideTree::Notices => notices,
                };
                let old = match json {
                    Some(json) => {
                        tree.toggle(&mut mark.side_digest, key, json);
                        rows.insert(key, codec::seal(tree.name(), key, json))?
                    }
                    None => rows.remove(key)?,
                };
                if let Some(old) = old {
                    let json = codec::open(tree.name(), key, &old).map_err(ConflictableTransactionError::Abort)?;
                    tree.toggle(&mut mark.side_digest, key, json);
                }
                mark.side_seq += 1;
            }
            let row = SideMeta { seq: mark.side_seq, digest: mark.side_digest };
            meta.insert(META_KEY, codec::seal(tree::META, META_KEY, &codec::json(&row)))?;
            Ok(mark)
        });
        match result {
            Ok(mark) => Ok(Ok(mark)),
            Err(TransactionError::Abort(damaged)) => Ok(Err(ApplyFault::Damaged(damaged))),
            Err(TransactionError::Storage(e)) => Err(e),
        }
    });
    outcome.unwrap_or_else(|fault| Err(ApplyFault::Sled(fault)))
}

/// The row in `meta`; zeros in a store whose side trees were never written to.
pub(super) fn meta(trees: &Trees) -> Result<SideMeta, ApplyFault> {
    match guarded(|| trees.meta.get(META_KEY)).map_err(ApplyFault::Sled)? {
        None => Ok(SideMeta::default()),
        Some(value) => codec::decode(tree::META, META_KEY, &value).map_err(ApplyFault::Damaged),
    }
}

/// The row in `meta`, sealed; a restore writes it together with the rows.
pub(super) fn sealed_meta(seq: u64, digest: Digest) -> (&'static [u8], Vec<u8>) {
    (META_KEY, codec::seal(tree::META, META_KEY, &codec::json(&SideMeta { seq, digest })))
}

/// The digest of all rows, computed anew.
pub(super) fn digest(trees: &Trees) -> Result<Digest, ApplyFault> {
    let mut digest = Digest::default();
    let rows = guarded(|| {
        for side in SideTree::ALL {
            for row in side.of(trees).iter() {
                let (key, value) = row?;
                match codec::open(side.name(), &key, &value) {
                    Ok(json) => side.toggle(&mut digest, &key, json),
                    Err(damaged) => return Ok::<_, sled::Error>(Err(damaged)),
                }
            }
        }
        Ok(Ok::<(), CodecError>(()))
    });
    match rows.map_err(ApplyFault::Sled)? {
        Ok(()) => Ok(digest),
        Err(damaged) => Err(ApplyFault::Damaged(damaged)),
    }
}
