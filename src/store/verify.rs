//! Does the store hold what its log says? The newest records before opening, everything in the background.

use std::collections::HashMap;

use super::apply::{ApplyFault, revision_key};
use super::codec::{self, CodecError, Digest};
use super::commit::Subject;
use super::head::{Found, Mark};
use super::log::{self, LogRecord, PublicRow};
use super::side;
use super::sled_db::{Fault, Trees, guarded, tree};
use crate::model::id::EntryId;
use crate::model::record::EntryRecord;

/// What was checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// Log records.
    pub records: u64,
    /// Entries.
    pub entries: u64,
    /// Revisions.
    pub revisions: u64,
    /// Documents.
    pub documents: u64,
    /// Tokens.
    pub tokens: u64,
    /// Notices to the editors.
    pub notices: u64,
    /// Bytes of keys and values.
    pub live_bytes: u64,
}

/// The store does not hold what its log says, or cannot be read.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum Mismatch {
    #[error("{0}")]
    Found(String),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<sled::Error> for Mismatch {
    fn from(error: sled::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<CodecError> for Mismatch {
    fn from(error: CodecError) -> Self {
        Self::Found(error.to_string())
    }
}

impl From<ApplyFault> for Mismatch {
    fn from(fault: ApplyFault) -> Self {
        match fault {
            ApplyFault::Damaged(e) => e.into(),
            ApplyFault::Sled(e) => e.into(),
        }
    }
}

type Checked<T> = Result<T, Mismatch>;

fn found<T>(what: impl Into<String>) -> Checked<T> {
    Err(Mismatch::Found(what.into()))
}

/// Where the log ends.
pub(super) fn end_of_log(trees: &Trees) -> Checked<Mark> {
    guarded_check(|| {
        let mut mark = Mark::default();
        if let Some((key, value)) = trees.log.last()? {
            let (record, hash) = parse(&key, &value)?;
            mark.store_seq = record.seq.0;
            mark.hash = hash;
        }
        if let Some((key, _)) = trees.public.last()? {
            mark.public_seq = number(&key)?;
        }
        let side = side::meta(trees)?;
        mark.side_seq = side.seq;
        mark.side_digest = side.digest;
        Ok(mark)
    })
}

/// Is everything there that was acknowledged?
pub(super) fn against_head(trees: &Trees, end: &Mark, head: &Mark) -> Checked<()> {
    if head.store_seq > end.store_seq {
        let missing = head.store_seq - end.store_seq;
        return found(format!(
            "{missing} acknowledged commits are missing: HEAD names {}, the log ends at {}",
            head.store_seq, end.store_seq
        ));
    }
    if head.store_seq > 0 && record_at(trees, head.store_seq)?.is_none_or(|(_, hash)| hash != head.hash) {
        return found(format!("log record {} is not the one that HEAD names", head.store_seq));
    }
    if head.public_seq > end.public_seq {
        return found(format!("the public feed ends at {}, HEAD names {}", end.public_seq, head.public_seq));
    }
    if head.side_seq > end.side_seq || (head.side_seq == end.side_seq && head.side_digest != end.side_digest) {
        return found("acknowledged writes of tokens or notices are missing");
    }
    Ok(())
}

/// True if `HEAD` cannot vouch for the log, so that all of it has to be checked.
pub(super) fn needs_full_check(found: &Found, end: &Mark) -> bool {
    match found {
        Found::Mark { .. } => false,
        Found::Missing | Found::Damaged => end.store_seq > 0 || end.side_seq > 0,
    }
}

/// The log record with this number, and its hash.
pub(super) fn record_at(trees: &Trees, seq: u64) -> Checked<Option<(LogRecord, Digest)>> {
    guarded_check(|| {
        let key = seq.to_be_bytes();
        trees.log.get(key)?.map(|value| parse(&key, &value)).transpose()
    })
}

/// The newest `count` records, their chain, and the rows they refer to.
pub(super) fn tail(trees: &Trees, end: &Mark, count: u64) -> Checked<()> {
    guarded_check(|| {
        let first = end.store_seq.saturating_sub(count).max(1);
        let before = match first.checked_sub(1) {
            None | Some(0) => Digest::default(),
            Some(seq) => match record_at(trees, seq)? {
                Some((_, hash)) => hash,
                None => return found(format!("log record {seq} is missing")),
            },
        };
        let mut walk = Walk::new(first, before);
        walk.forward(trees)?;
        walk.newest_match(trees)
    })
}

/// Everything. Beside commits it may find a mismatch that is none; [`Outcome::Moved`] says that it must be run again.
pub(super) fn all(trees: &Trees) -> Checked<Outcome> {
    guarded_check(|| {
        let side_before = side::meta(trees)?.seq;
        let mut walk = Walk::new(1, Digest::default());
        walk.forward(trees)?;
        let result = rows(trees, &walk);
        let end = end_of_log(trees)?;
        match result {
            Ok(report) => Ok(Outcome::Good(report)),
            Err(_) if end.store_seq >= walk.next || end.side_seq != side_before => Ok(Outcome::Moved),
            Err(e) => Err(e),
        }
    })
}

/// What [`all`] came to.
pub(super) enum Outcome {
    /// Everything is as the log says.
    Good(VerifyReport),
    /// Commits came in between.
    Moved,
}

/// What the log says, as far as it has been read.
struct Walk {
    /// Next number expected.
    next: u64,
    hash: Digest,
    public_seq: Option<u64>,
    newest: HashMap<Subject, Newest>,
    revisions: u64,
    /// The walk began with the first record.
    whole: bool,
}

struct Newest {
    revision: u32,
    sha256: String,
}

impl Walk {
    fn new(next: u64, hash: Digest) -> Self {
        Self {
            next,
            hash,
            public_seq: (next == 1).then_some(0),
            newest: HashMap::new(),
            revisions: 0,
            whole: next == 1,
        }
    }

    /// Reads on to the present end of the log.
    fn forward(&mut self, trees: &Trees) -> Checked<()> {
        for row in trees.log.range(self.next.to_be_bytes()..) {
            let (key, value) = row?;
            if number(&key)? != self.next {
                return found(format!("log record {} is missing", self.next));
            }
            let (record, hash) = parse(&key, &value)?;
            self.step(trees, record, hash)?;
        }
        Ok(())
    }

    fn step(&mut self, trees: &Trees, record: LogRecord, hash: Digest) -> Checked<()> {
        let seq = self.next;
        if record.seq.0 != seq || record.prev_hash != codec::hex(&self.hash) {
            return found(format!("the chain of the log is broken at record {seq}"));
        }
        if let Some(public) = record.public {
            if self.public_seq.is_some_and(|before| before + 1 != public.seq.0) {
                return found(format!("the public feed has a gap before {} (log record {seq})", public.seq));
            }
            self.public_seq = Some(public.seq.0);
            let key = public.seq.0.to_be_bytes();
            let row = trees.public.get(key)?.map(|v| codec::decode::<PublicRow>(tree::PUBLIC, &key, &v)).transpose()?;
            if row.is_none_or(|row| row.store_seq.0 != seq) {
                return found(format!("the public feed lacks change {} (log record {seq})", public.seq));
            }
        }
        let sha256 = match &record.subject {
            Subject::Entry(id) => {
                self.revisions += 1;
                let key = revision_key(*id, record.revision);
                let stored = sha_of(trees.revisions.get(key)?, tree::REVISIONS, &key)?;
                if stored.as_ref() != Some(&record.content_sha256) {
                    return found(format!(
                        "revision {} of entry {id} is not the one of log record {seq}",
                        record.revision
                    ));
                }
                record.record_sha256
            }
            Subject::Document(_) => Some(record.content_sha256),
        };
        let newest = Newest { revision: record.revision.0, sha256: sha256.unwrap_or_default() };
        let before = self.newest.insert(record.subject, newest);
        if self.whole && before.map_or(0, |b| b.revision) + 1 != record.revision.0 {
            return found(format!("log record {seq} skips a revision"));
        }
        self.hash = hash;
        self.next += 1;
        Ok(())
    }

    /// The entries and documents that the walk has met are as their newest record says.
    fn newest_match(&self, trees: &Trees) -> Checked<()> {
        for (subject, newest) in &self.newest {
            let stored = match subject {
                Subject::Entry(id) => sha_of(trees.entries.get(id.as_bytes())?, tree::ENTRIES, id.as_bytes())?,
                Subject::Document(name) => sha_of(trees.documents.get(name)?, tree::DOCUMENTS, name.as_bytes())?,
            };
            if stored.as_ref() != Some(&newest.sha256) {
                return found(format!("{subject:?} is not as the log says"));
            }
        }
        Ok(())
    }
}

/// All rows against a walk over the whole log.
fn rows(trees: &Trees, walk: &Walk) -> Checked<VerifyReport> {
    walk.newest_match(trees)?;
    let mut report = VerifyReport { records: walk.next - 1, ..VerifyReport::default() };
    let mut slugs = 0_u64;
    for row in trees.entries.iter() {
        let (key, value) = row?;
        let record: EntryRecord = codec::decode(tree::ENTRIES, &key, &value)?;
        if !walk.newest.contains_key(&Subject::Entry(record.id)) {
            return found(format!("entry {} is in no log record", record.id));
        }
        slugs += slugs_of(trees, &record)?;
        report.entries += 1;
        report.live_bytes += size(&key, &value);
    }
    for (name, rows) in trees.all() {
        let mut count = 0_u64;
        for row in rows.iter() {
            let (key, value) = row?;
            codec::open(name, &key, &value)?;
            count += 1;
            if name != tree::ENTRIES {
                report.live_bytes += size(&key, &value);
            }
        }
        let expected = match name {
            tree::ENTRIES => report.entries,
            tree::REVISIONS => walk.revisions,
            tree::SLUGS => slugs,
            tree::LOG => walk.next - 1,
            tree::PUBLIC => walk.public_seq.unwrap_or(0),
            tree::DOCUMENTS => walk.newest.len() as u64 - report.entries,
            _ => count,
        };
        if count != expected {
            return found(format!("the tree {name} holds {count} rows, {expected} are expected"));
        }
        match name {
            tree::REVISIONS => report.revisions = count,
            tree::DOCUMENTS => report.documents = count,
            tree::TOKENS => report.tokens = count,
            tree::NOTICES => report.notices = count,
            _ => {}
        }
    }
    if side::digest(trees)? != side::meta(trees)?.digest {
        return found("the tokens and notices are not those that were written");
    }
    Ok(report)
}

fn slugs_of(trees: &Trees, record: &EntryRecord) -> Checked<u64> {
    let mut distinct: Vec<&String> = record.old_slugs.iter().chain([&record.slug]).collect();
    distinct.sort_unstable();
    distinct.dedup();
    for slug in &distinct {
        let stored = trees.slugs.get(slug)?;
        let by = stored.map(|v| codec::decode::<EntryId>(tree::SLUGS, slug.as_bytes(), &v)).transpose()?;
        if by != Some(record.id) {
            return found(format!("the address {slug} does not lead to entry {}", record.id));
        }
    }
    Ok(distinct.len() as u64)
}

fn sha_of(value: Option<sled::IVec>, tree: &'static str, key: &[u8]) -> Checked<Option<String>> {
    Ok(value.map(|v| codec::open(tree, key, &v).map(|json| codec::hex(&codec::sha256(json)))).transpose()?)
}

fn parse(key: &[u8], value: &[u8]) -> Checked<(LogRecord, Digest)> {
    let json = codec::open(tree::LOG, key, value)?;
    log::parse(json).map_err(|e| Mismatch::Found(format!("log record {}: {e}", codec::hex(key))))
}

fn number(key: &[u8]) -> Checked<u64> {
    key.try_into().map(u64::from_be_bytes).map_err(|_| Mismatch::Found("a key is not a number".into()))
}

fn size(key: &[u8], value: &[u8]) -> u64 {
    (key.len() + value.len()) as u64
}

/// As [`guarded`], for calls that also look for mismatches.
fn guarded_check<T>(call: impl FnOnce() -> Checked<T>) -> Checked<T> {
    match guarded(|| Ok::<_, Fault>(call())) {
        Ok(result) => result,
        Err(fault) => Err(Mismatch::Fault(fault)),
    }
}
