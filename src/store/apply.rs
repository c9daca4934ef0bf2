//! From commits to rows: checking and encoding in the caller's thread, preconditions and rows inside one sled transaction.

use jiff::Timestamp;
use sled::Transactional;
use sled::transaction::{ConflictableTransactionError, TransactionError, TransactionalTree};

use super::codec::{self, CodecError, Digest};
use super::commit::{
    Commit, CommitError, Document, DocumentWrite, EntryWrite, Expect, PublicOp, Receipt, Subject, Write,
};
use super::head::Mark;
use super::limits::{StoreLimits, VALUE_BYTES_MAX};
use super::log::{LogRecord, PublicMark, PublicRow};
use super::sled_db::{Fault, Trees, guarded, tree};
use crate::model::id::{EntryId, PublicSeq, RevisionNumber, StoreSeq};
use crate::model::record::{Action, EntryRecord};

/// A commit that is consistent in itself and encoded as far as possible without knowing its number.
pub(super) struct Prepared {
    actor: String,
    action: Action,
    note: Option<String>,
    at: Timestamp,
    body: Body,
}

enum Body {
    Entry(Box<EntryBody>),
    Document { name: String, json: Vec<u8>, sha256: String, expect: Expect, version: RevisionNumber },
}

struct EntryBody {
    record: EntryRecord,
    record_json: Vec<u8>,
    record_sha256: String,
    revision_json: Vec<u8>,
    revision_sha256: String,
    expect: Expect,
    public: Option<PublicOp>,
}

/// What became of one commit, and the hash of its log record, by which it is found again after a failure.
pub(super) type Applied = Result<(Receipt, Digest), CommitError>;

/// Checks a commit against itself and the bounds, and encodes it.
pub(super) fn prepare(commit: Commit, limits: &StoreLimits) -> Result<Prepared, CommitError> {
    bounded("actor", commit.actor.len(), limits.name_bytes_max)?;
    bounded("note", commit.note.as_ref().map_or(0, String::len), limits.name_bytes_max)?;
    let body = match commit.write {
        Write::Entry(write) => entry_body(*write, limits)?,
        Write::Document(write) => document_body(write, &commit.actor, commit.at, limits)?,
    };
    Ok(Prepared { actor: commit.actor, action: commit.action, note: commit.note, at: commit.at, body })
}

fn entry_body(write: EntryWrite, limits: &StoreLimits) -> Result<Body, CommitError> {
    let EntryWrite { record, revision, expect, public } = write;
    for slug in record.old_slugs.iter().chain([&record.slug]) {
        bounded("slug", slug.len(), limits.name_bytes_max)?;
    }
    if record.slug.is_empty() {
        return Err(CommitError::Invalid("an entry needs a slug"));
    }
    if revision.id != record.id {
        return Err(CommitError::Invalid("record and revision belong to different entries"));
    }
    if revision.number != record.revision || Some(revision.number) != following(expect) {
        return Err(CommitError::Invalid("revision numbers have no gaps: expected one, plus one, is the new one"));
    }
    if record.published.is_some_and(|p| p > record.revision) || record.draft.is_some_and(|d| d > record.revision) {
        return Err(CommitError::Invalid("the record names a revision that does not exist yet"));
    }
    match public {
        Some(PublicOp::Upsert) if record.published.is_none() => {
            return Err(CommitError::Invalid("a public upsert needs a published revision"));
        }
        Some(PublicOp::Delete) if record.published.is_some() => {
            return Err(CommitError::Invalid("a public delete leaves no published revision"));
        }
        _ => {}
    }
    let record_json = fitting("record", codec::json(&record))?;
    let revision_json = fitting("revision", codec::json(&revision))?;
    Ok(Body::Entry(Box::new(EntryBody {
        record_sha256: codec::hex(&codec::sha256(&record_json)),
        revision_sha256: codec::hex(&codec::sha256(&revision_json)),
        record,
        record_json,
        revision_json,
        expect,
        public,
    })))
}

fn document_body(write: DocumentWrite, actor: &str, at: Timestamp, limits: &StoreLimits) -> Result<Body, CommitError> {
    bounded("document name", write.name.len(), limits.name_bytes_max)?;
    let version = following(write.expect).ok_or(CommitError::Invalid("no further version number is left"))?;
    let document = Document { name: write.name.clone(), version, actor: actor.to_owned(), at, content: write.content };
    let json = fitting("document", codec::json(&document))?;
    let sha256 = codec::hex(&codec::sha256(&json));
    Ok(Body::Document { name: write.name, json, sha256, expect: write.expect, version })
}

fn following(expect: Expect) -> Option<RevisionNumber> {
    match expect {
        Expect::Absent => Some(RevisionNumber(1)),
        Expect::Revision(RevisionNumber(n)) => n.checked_add(1).map(RevisionNumber),
    }
}

fn bounded(what: &'static str, bytes: usize, bytes_max: usize) -> Result<(), CommitError> {
    if bytes > bytes_max { Err(CommitError::TooLarge { what, bytes, bytes_max }) } else { Ok(()) }
}

fn fitting(what: &'static str, json: Vec<u8>) -> Result<Vec<u8>, CommitError> {
    if codec::fits(&json) {
        Ok(json)
    } else {
        Err(CommitError::TooLarge { what, bytes: json.len(), bytes_max: VALUE_BYTES_MAX })
    }
}

/// Why a transaction failed as a whole.
#[derive(Debug)]
pub(super) enum ApplyFault {
    /// A row that had to be read is damaged.
    Damaged(CodecError),
    /// sled failed.
    Sled(Fault),
}

/// Applies commits in order in one transaction. A refused one leaves no trace; the others go on.
pub(super) fn apply(trees: &Trees, from: &Mark, commits: &[Prepared]) -> Result<(Vec<Applied>, Mark), ApplyFault> {
    let views = (&trees.entries, &trees.revisions, &trees.slugs, &trees.log, &trees.public, &trees.documents);
    let outcome = guarded(|| {
        let result = views.transaction(|(entries, revisions, slugs, log, public, documents)| {
            let mut batch = Batch { entries, revisions, slugs, log, public, documents, mark: *from };
            let mut applied = Vec::with_capacity(commits.len());
            for commit in commits {
                applied.push(batch.add(commit)?);
            }
            Ok((applied, batch.mark))
        });
        match result {
            Ok(done) => Ok(Ok(done)),
            Err(TransactionError::Abort(damaged)) => Ok(Err(ApplyFault::Damaged(damaged))),
            Err(TransactionError::Storage(e)) => Err(e),
        }
    });
    outcome.unwrap_or_else(|fault| Err(ApplyFault::Sled(fault)))
}

struct Batch<'a> {
    entries: &'a TransactionalTree,
    revisions: &'a TransactionalTree,
    slugs: &'a TransactionalTree,
    log: &'a TransactionalTree,
    public: &'a TransactionalTree,
    documents: &'a TransactionalTree,
    mark: Mark,
}

type InTransaction<T> = Result<T, ConflictableTransactionError<CodecError>>;

impl Batch<'_> {
    fn add(&mut self, commit: &Prepared) -> InTransaction<Applied> {
        let op = match &commit.body {
            Body::Entry(body) => match self.write_entry(body)? {
                Ok(()) => body.public,
                Err(refused) => return Ok(Err(refused)),
            },
            Body::Document { name, json, expect, .. } => match self.write_document(name, json, *expect)? {
                Ok(()) => Some(PublicOp::Upsert),
                Err(refused) => return Ok(Err(refused)),
            },
        };
        self.write_log(commit, op).map(Ok)
    }

    fn write_entry(&self, body: &EntryBody) -> InTransaction<Result<(), CommitError>> {
        let record = &body.record;
        let key = record.id.as_bytes();
        let current = self.entries.get(key)?.map(|v| codec::decode::<EntryRecord>(tree::ENTRIES, key, &v));
        let current = current.transpose().map_err(ConflictableTransactionError::Abort)?;
        if !expected(body.expect, current.as_ref().map(|c| c.revision)) {
            return Ok(Err(CommitError::Stale { current: current.map(Box::new) }));
        }
        let slugs = || record.old_slugs.iter().chain([&record.slug]);
        let given_up = current.as_ref().filter(|current| !slugs().any(|slug| *slug == current.slug));
        if given_up.is_some_and(|current| current.published.is_some() || current.published_at.is_some()) {
            return Ok(Err(CommitError::Invalid("a slug that the public has seen must stay among the old slugs")));
        }
        let mut new_slugs = Vec::new();
        for slug in slugs() {
            match self.slugs.get(slug.as_bytes())? {
                None => new_slugs.push(slug),
                Some(value) => {
                    let by: EntryId = codec::decode(tree::SLUGS, slug.as_bytes(), &value)
                        .map_err(ConflictableTransactionError::Abort)?;
                    if by != record.id {
                        return Ok(Err(CommitError::SlugTaken { slug: slug.clone(), by }));
                    }
                }
            }
        }
        if let Some(current) = given_up {
            self.slugs.remove(current.slug.as_bytes())?;
        }
        for slug in new_slugs {
            let value = codec::seal(tree::SLUGS, slug.as_bytes(), &codec::json(&record.id));
            self.slugs.insert(slug.as_bytes(), value)?;
        }
        self.entries.insert(key, codec::seal(tree::ENTRIES, key, &body.record_json))?;
        let key = revision_key(record.id, record.revision);
        self.revisions.insert(&key, codec::seal(tree::REVISIONS, &key, &body.revision_json))?;
        Ok(Ok(()))
    }

    fn write_document(&self, name: &str, json: &[u8], expect: Expect) -> InTransaction<Result<(), CommitError>> {
        let key = name.as_bytes();
        let current = self.documents.get(key)?.map(|v| codec::decode::<Document>(tree::DOCUMENTS, key, &v));
        let current = current.transpose().map_err(ConflictableTransactionError::Abort)?;
        if !expected(expect, current.map(|d| d.version)) {
            return Ok(Err(CommitError::Stale { current: None }));
        }
        self.documents.insert(key, codec::seal(tree::DOCUMENTS, key, json))?;
        Ok(Ok(()))
    }

    fn write_log(&mut self, commit: &Prepared, op: Option<PublicOp>) -> InTransaction<(Receipt, Digest)> {
        let seq = StoreSeq(self.mark.store_seq + 1);
        let public = op.map(|op| PublicMark { seq: PublicSeq(self.mark.public_seq + 1), op });
        let record = log_record(commit, seq, public, &self.mark.hash);
        let json = codec::json(&record);
        let hash = codec::sha256(&json);
        let key = seq.0.to_be_bytes();
        self.log.insert(&key, codec::seal(tree::LOG, &key, &json))?;
        if let Some(public) = public {
            let key = public.seq.0.to_be_bytes();
            let row = codec::json(&PublicRow { store_seq: seq });
            self.public.insert(&key, codec::seal(tree::PUBLIC, &key, &row))?;
            self.mark.public_seq = public.seq.0;
        }
        self.mark.store_seq = seq.0;
        self.mark.hash = hash;
        let public_head = PublicSeq(self.mark.public_seq);
        Ok((Receipt { store_seq: seq, public_seq: public.map(|p| p.seq), public_head }, hash))
    }
}

fn log_record(commit: &Prepared, seq: StoreSeq, public: Option<PublicMark>, prev: &Digest) -> LogRecord {
    let (subject, revision, content_sha256, record_sha256) = match &commit.body {
        Body::Entry(body) => {
            let EntryBody { record, revision_sha256, record_sha256, .. } = &**body;
            (Subject::Entry(record.id), record.revision, revision_sha256.clone(), Some(record_sha256.clone()))
        }
        Body::Document { name, sha256, version, .. } => {
            (Subject::Document(name.clone()), *version, sha256.clone(), None)
        }
    };
    LogRecord {
        seq,
        public,
        subject,
        action: commit.action,
        revision,
        content_sha256,
        record_sha256,
        actor: commit.actor.clone(),
        at: commit.at,
        note: commit.note.clone(),
        prev_hash: codec::hex(prev),
        hash: String::new(),
    }
}

fn expected(expect: Expect, current: Option<RevisionNumber>) -> bool {
    match expect {
        Expect::Absent => current.is_none(),
        Expect::Revision(number) => current == Some(number),
    }
}

/// Key of a revision: id, then number, so that the revisions of an entry lie together in order.
pub(super) fn revision_key(id: EntryId, number: RevisionNumber) -> [u8; 20] {
    let mut key = [0; 20];
    key[..16].copy_from_slice(id.as_bytes());
    key[16..].copy_from_slice(&number.0.to_be_bytes());
    key
}
