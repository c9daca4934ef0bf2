//! The process that gets killed: a few threads that write for ever and print what was acknowledged.

use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use mitmachbox::clock::Clock;
use mitmachbox::model::id::{EntryId, RevisionNumber};
use mitmachbox::model::kind::Kind;
use mitmachbox::model::record::{Action, EntryRecord, Origin, Revision, State};
use mitmachbox::store::{Commit, DocumentWrite, EntryWrite, Expect, PublicOp, Store, StoreOptions, Write, backup};
use serde_json::{Value, json};

use crate::Random;

/// Entries that one thread goes round.
const ENTRIES: u64 = 40;

/// `child <dir> <seed> <threads> <commits>`: writes until killed, or until so many commits are made.
pub(crate) fn run(arguments: &[String]) {
    let number = |at: usize| arguments.get(at).and_then(|a| a.parse::<u64>().ok()).unwrap_or(0);
    let dir = Path::new(&arguments[0]);
    let (seed, threads, commits) = (number(1), number(2).max(1), number(3));
    let store = match Store::open(options(dir), Clock::system()) {
        Ok((store, report)) => {
            say(&format!("open {} {:?}", report.log_records, report.repairs));
            store
        }
        Err(e) => {
            say(&format!("err {e}"));
            std::process::exit(3);
        }
    };
    let made = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (store, made) = (&store, &made);
            scope.spawn(move || {
                let mut random = Random(seed.wrapping_mul(31).wrapping_add(thread) | 1);
                while commits == 0 || made.fetch_add(1, Ordering::Relaxed) < commits {
                    step(store, dir, thread, commits > 0, &mut random);
                }
            });
        }
    });
    store.close();
    say("done");
}

pub(crate) fn options(dir: &Path) -> StoreOptions {
    let mut options = StoreOptions::new(dir);
    options.limits.reserve_bytes = 10 << 20;
    options.limits.free_bytes_min = 0;
    options.limits.compact_bytes_min = 64 << 20;
    options
}

/// One line at a time, so that a line is never torn; the pipe is read up to the last whole line.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // The reader is gone only when the test is over.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// One acknowledged change, and the line that says so.
///
/// `alone`: only changes that have a sync of their own, so that each can be told from the others in a trace.
fn step(store: &Store, dir: &Path, thread: u64, alone: bool, random: &mut Random) {
    let choice = random.below(100);
    match if alone { choice.max(2) } else { choice } {
        0 if thread == 0 => {
            let _ = store.compact();
        }
        1 if thread == 0 => {
            let target = dir.join("backup-in-the-way");
            let _ = std::fs::remove_dir_all(&target);
            let _ = backup::create(store, &target);
        }
        2..10 => token(store, thread, random),
        10..15 => document(store, thread),
        15..20 if !alone => import(store, thread, random),
        _ => {
            let n = thread * 1_000_000 + random.below(ENTRIES);
            let Ok(current) = store.entry(id_of(n)) else { return };
            let commit = entry(n, current, random);
            acknowledge(n, &commit, store.commit_blocking(commit.clone()).is_ok());
        }
    }
}

fn acknowledge(n: u64, commit: &Commit, made: bool) {
    if let (true, Write::Entry(write)) = (made, &commit.write) {
        say(&format!("ack e {n} {}", write.revision.number));
    }
}

fn import(store: &Store, thread: u64, random: &mut Random) {
    let base = thread * 1_000_000 + 1_000 + random.below(900_000);
    let batch: Vec<(u64, Commit)> = (base..base + 20).map(|n| (n, entry(n, None, random))).collect();
    let results = store.commit_many_blocking(batch.iter().map(|(_, c)| c.clone()).collect());
    for ((n, commit), result) in batch.iter().zip(results) {
        acknowledge(*n, commit, result.is_ok());
    }
}

fn token(store: &Store, thread: u64, random: &mut Random) {
    let key = format!("t{thread}-{}", random.below(10));
    let Ok(old) = store.token_get(&key) else { return };
    let next = old.and_then(|v| v.as_u64()).unwrap_or(0) + 1;
    if store.token_write_blocking(&key, Some(&json!(next))).is_ok() {
        say(&format!("ack t {key} {next}"));
    }
}

fn document(store: &Store, thread: u64) {
    let name = format!("d{thread}");
    let Ok(old) = store.document(&name) else { return };
    let version = old.map_or(0, |d| d.version.0) + 1;
    let expect = if version == 1 { Expect::Absent } else { Expect::Revision(RevisionNumber(version - 1)) };
    let write = Write::Document(DocumentWrite { name: name.clone(), content: document_content(version), expect });
    if store.commit_blocking(commit(write)).is_ok() {
        say(&format!("ack d {name} {version}"));
    }
}

/// The next revision of an entry: created, edited, published or archived in turn.
pub(crate) fn entry(n: u64, current: Option<EntryRecord>, random: &mut Random) -> Commit {
    let number = RevisionNumber(current.as_ref().map_or(0, |c| c.revision.0) + 1);
    let expect = current.as_ref().map_or(Expect::Absent, |c| Expect::Revision(c.revision));
    let mut record = current.unwrap_or_else(|| new_record(n));
    record.revision = number;
    let (content, public) = match random.below(4) {
        0 if record.published.is_some() => {
            record.published = None;
            record.state = State::Archived;
            (None, Some(PublicOp::Delete))
        }
        1 => (Some(content(n, number)), None),
        _ => {
            record.published = Some(number);
            record.state = State::Published;
            (Some(content(n, number)), Some(PublicOp::Upsert))
        }
    };
    let revision = Revision {
        id: record.id,
        number,
        action: Action::Edit,
        content,
        actor: "torture".into(),
        at: Timestamp::UNIX_EPOCH,
        note: None,
    };
    commit(Write::Entry(Box::new(EntryWrite { record, revision, expect, public })))
}

fn commit(write: Write) -> Commit {
    Commit { actor: "torture".into(), action: Action::Edit, note: None, at: Timestamp::UNIX_EPOCH, write }
}

fn new_record(n: u64) -> EntryRecord {
    EntryRecord {
        id: id_of(n),
        kind: Kind::Format,
        slug: format!("entry-{n}"),
        old_slugs: Vec::new(),
        state: State::Draft,
        revision: RevisionNumber(1),
        draft: None,
        published: None,
        withdrawn: None,
        origin: Origin::Import,
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
        published_at: None,
        public_updated_at: None,
        seed: None,
    }
}

pub(crate) fn id_of(n: u64) -> EntryId {
    EntryId::of_seed("format", &format!("entry-{n}"))
}

/// What revision `number` of entry `n` says; the verifier computes it again.
pub(crate) fn content(n: u64, number: RevisionNumber) -> Value {
    let mut random = Random((n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ u64::from(number.0) | 1);
    let words = 60 + random.below(1_000);
    let text: Vec<String> = (0..words).map(|_| format!("{:x}", random.below(1 << 40))).collect();
    json!({ "title": format!("{n}/{number}"), "body": text.join(" ") })
}

/// What version `version` of a document says.
pub(crate) fn document_content(version: u32) -> Value {
    json!({ "version": version })
}
