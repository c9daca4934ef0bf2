//! Reading: any thread, no queue, never waits for the writer's disk.
//!
//! A read may see a commit a few milliseconds before it is durable; the change feed and [`Store::head`] never do,
//! so nothing that follows them can get ahead of the store. Who shows or keeps what was read waits for
//! [`Store::settle`] first.

use std::collections::VecDeque;

use serde::de::DeserializeOwned;

use super::apply::revision_key;
use super::codec;
use super::commit::{Document, PublicChange, ReadError, Subject};
use super::log::{self, LogRecord, PublicRow};
use super::shared::ReadFault;
use super::sled_db::{Trees, tree};
use super::{PublishedEntry, Store};
use crate::model::id::{EntryId, PublicSeq, RevisionNumber, StoreSeq};
use crate::model::record::{EntryRecord, Revision};

/// Entries that a scan reads at a time.
const SCAN_PAGE: usize = 256;

impl Store {
    /// The record of an entry.
    pub fn entry(&self, id: EntryId) -> Result<Option<EntryRecord>, ReadError> {
        self.shared().read(|trees| get(&trees.entries, tree::ENTRIES, id.as_bytes()))
    }

    /// The entry that an address, also an old one, belongs to.
    pub fn id_of_slug(&self, slug: &str) -> Result<Option<EntryId>, ReadError> {
        self.shared().read(|trees| get(&trees.slugs, tree::SLUGS, slug.as_bytes()))
    }

    /// A revision as it was written; it has no content if it changed only the state.
    pub fn revision(&self, id: EntryId, number: RevisionNumber) -> Result<Option<Revision>, ReadError> {
        self.shared().read(|trees| get(&trees.revisions, tree::REVISIONS, &revision_key(id, number)))
    }

    /// Revisions of an entry, newest first, beginning below `before`.
    pub fn revisions(
        &self,
        id: EntryId,
        before: Option<RevisionNumber>,
        limit: usize,
    ) -> Result<Vec<Revision>, ReadError> {
        let limit = self.page(limit);
        self.shared().read(|trees| revisions_below(trees, id, before).take(limit).collect())
    }

    /// The content that was in force at a revision: its own, or that of the newest earlier one that has content.
    pub fn content(&self, id: EntryId, at: RevisionNumber) -> Result<Option<serde_json::Value>, ReadError> {
        self.shared().read(|trees| content_at(trees, id, at))
    }

    /// Entry records in the order of their ids, beginning after `after`; drafts and archived ones too.
    pub fn entries(&self, after: Option<EntryId>, limit: usize) -> Result<Vec<EntryRecord>, ReadError> {
        let limit = self.page(limit);
        self.shared().read(|trees| entries_after(trees, after).take(limit).collect())
    }

    /// Public changes after `since`, in order, only durable ones.
    pub fn public_changes(&self, since: PublicSeq, limit: usize) -> Result<Vec<PublicChange>, ReadError> {
        let limit = self.page(limit);
        let head = self.head().public_seq;
        if since >= head {
            return Ok(Vec::new());
        }
        self.shared().read(|trees| {
            let keys = (since.0 + 1).to_be_bytes()..=head.0.to_be_bytes();
            trees.public.range(keys).take(limit).map(|row| public_change(trees, row?)).collect()
        })
    }

    /// All published entries with their public content, for building an index.
    ///
    /// Take the returned number first, then the entries, then [`Store::public_changes`] after the number: an entry
    /// that changes during the scan is delivered old or new, and comes again as a change.
    pub fn published(&self) -> (PublicSeq, Published) {
        (self.head().public_seq, Published { store: self.clone(), after: None, page: VecDeque::new(), done: false })
    }

    /// A document.
    pub fn document(&self, name: &str) -> Result<Option<Document>, ReadError> {
        self.shared().read(|trees| get(&trees.documents, tree::DOCUMENTS, name.as_bytes()))
    }

    /// Names and versions of all documents, by name.
    pub fn documents(&self) -> Result<Vec<(String, RevisionNumber)>, ReadError> {
        self.shared().read(|trees| {
            let rows = trees.documents.iter().map(|row| {
                let (key, value) = row?;
                let document: Document = codec::decode(tree::DOCUMENTS, &key, &value)?;
                Ok((document.name, document.version))
            });
            rows.collect()
        })
    }

    /// The audit log, newest first, beginning below `before`, of everything or of one subject.
    pub fn audit(
        &self,
        subject: Option<&Subject>,
        before: Option<StoreSeq>,
        limit: usize,
    ) -> Result<Vec<LogRecord>, ReadError> {
        let limit = self.page(limit);
        let end = before.map_or(self.head().store_seq.0 + 1, |seq| seq.0);
        self.shared().read(|trees| {
            let mut page = Vec::new();
            for row in trees.log.range(..end.to_be_bytes()).rev() {
                let (key, value) = row?;
                let record = log_record(&key, &value)?;
                if subject.is_none_or(|wanted| *wanted == record.subject) {
                    page.push(record);
                }
                if page.len() >= limit {
                    break;
                }
            }
            Ok(page)
        })
    }

    pub(super) fn page(&self, limit: usize) -> usize {
        limit.min(self.shared().options.limits.page_rows_max)
    }
}

/// Iterator over the published entries, see [`Store::published`].
pub struct Published {
    store: Store,
    after: Option<EntryId>,
    page: VecDeque<PublishedEntry>,
    done: bool,
}

impl Iterator for Published {
    type Item = Result<PublishedEntry, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.page.is_empty() && !self.done {
            let after = self.after;
            let read = self.store.shared().read(|trees| {
                let records: Vec<EntryRecord> =
                    entries_after(trees, after).take(SCAN_PAGE).collect::<Result<_, _>>()?;
                let last = records.last().map(|r| r.id);
                let mut page = VecDeque::new();
                for record in records {
                    if let Some(number) = record.published {
                        let content = content_at(trees, record.id, number)?.ok_or_else(|| {
                            ReadFault::Missing(format!("entry {} is published without content", record.id))
                        })?;
                        page.push_back(PublishedEntry { record, content });
                    }
                }
                Ok((last, page))
            });
            match read {
                Ok((Some(last), page)) => {
                    self.after = Some(last);
                    self.page = page;
                }
                Ok((None, _)) => self.done = true,
                Err(e) => {
                    self.done = true;
                    return Some(Err(e));
                }
            }
        }
        self.page.pop_front().map(Ok)
    }
}

pub(super) fn content_at(
    trees: &Trees,
    id: EntryId,
    at: RevisionNumber,
) -> Result<Option<serde_json::Value>, ReadFault> {
    for row in trees.revisions.range(revision_key(id, RevisionNumber(0))..=revision_key(id, at)).rev() {
        let (key, value) = row?;
        let revision: Revision = codec::decode(tree::REVISIONS, &key, &value)?;
        if revision.content.is_some() {
            return Ok(revision.content);
        }
    }
    Ok(None)
}

fn revisions_below(
    trees: &Trees,
    id: EntryId,
    before: Option<RevisionNumber>,
) -> impl Iterator<Item = Result<Revision, ReadFault>> {
    let end = before.map_or(RevisionNumber(u32::MAX), |n| n);
    let rows = trees.revisions.range(revision_key(id, RevisionNumber(0))..revision_key(id, end)).rev();
    rows.map(|row| {
        let (key, value) = row?;
        Ok(codec::decode(tree::REVISIONS, &key, &value)?)
    })
}

fn entries_after(trees: &Trees, after: Option<EntryId>) -> impl Iterator<Item = Result<EntryRecord, ReadFault>> {
    use std::ops::Bound::{Excluded, Unbounded};
    let from = after.map_or(Unbounded, |id| Excluded(id.as_bytes().to_vec()));
    let rows = trees.entries.range::<Vec<u8>, _>((from, Unbounded));
    rows.map(|row| {
        let (key, value) = row?;
        Ok(codec::decode(tree::ENTRIES, &key, &value)?)
    })
}

fn public_change(trees: &Trees, (key, value): (sled::IVec, sled::IVec)) -> Result<PublicChange, ReadFault> {
    let row: PublicRow = codec::decode(tree::PUBLIC, &key, &value)?;
    let missing = || ReadFault::Missing(format!("log record {} is missing or no public change", row.store_seq));
    let log_key = row.store_seq.0.to_be_bytes();
    let value = trees.log.get(log_key)?.ok_or_else(missing)?;
    let record = log_record(&log_key, &value)?;
    let mark = record.public.ok_or_else(missing)?;
    let entry: Option<EntryRecord> = match &record.subject {
        Subject::Entry(id) => get(&trees.entries, tree::ENTRIES, id.as_bytes())?,
        Subject::Document(_) => None,
    };
    Ok(PublicChange {
        seq: mark.seq,
        store_seq: record.seq,
        subject: record.subject,
        op: mark.op,
        at: record.at,
        kind: entry.as_ref().map(|e| e.kind),
        slug: entry.map(|e| e.slug),
        log_hash: record.hash,
    })
}

fn log_record(key: &[u8], value: &[u8]) -> Result<LogRecord, ReadFault> {
    let json = codec::open(tree::LOG, key, value)?;
    let (record, _) =
        log::parse(json).map_err(|e| ReadFault::Missing(format!("log record {}: {e}", codec::hex(key))))?;
    Ok(record)
}

pub(super) fn get<T: DeserializeOwned>(
    rows: &sled::Tree,
    name: &'static str,
    key: &[u8],
) -> Result<Option<T>, ReadFault> {
    Ok(rows.get(key)?.map(|value| codec::decode(name, key, &value)).transpose()?)
}
