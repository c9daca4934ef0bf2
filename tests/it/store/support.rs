//! Entries, commits and stores for tests.

use std::path::Path;

use jiff::Timestamp;
use mitmachbox::clock::Clock;
use mitmachbox::model::id::{EntryId, RevisionNumber};
use mitmachbox::model::kind::Kind;
use mitmachbox::model::notice::{Notice, NoticeEntry, NoticeId, NoticeKind, NoticeState};
use mitmachbox::model::record::{Action, EntryRecord, Origin, Revision, State};
use mitmachbox::model::vocabulary::Language;
use mitmachbox::store::{Commit, DocumentWrite, EntryWrite, Expect, OpenReport, PublicOp, Store, StoreOptions, Write};
use serde_json::{Value, json};

pub(crate) fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// Options without a reserve file and with no demand on free space, so that tests run anywhere.
pub(crate) fn options(dir: &Path) -> StoreOptions {
    let mut options = StoreOptions::new(dir);
    options.limits.reserve_bytes = 0;
    options.limits.free_bytes_min = 0;
    options
}

pub(crate) fn open(dir: &Path) -> Store {
    try_open(dir).unwrap_or_else(|e| panic!("{e}")).0
}

pub(crate) fn try_open(dir: &Path) -> Result<(Store, OpenReport), mitmachbox::store::OpenError> {
    Store::open(options(dir), Clock::fixed(now()))
}

pub(crate) fn id(n: u64) -> EntryId {
    EntryId::of_seed("format", &format!("entry-{n}"))
}

/// A new entry, published at once.
pub(crate) fn published(n: u64, text: &str) -> Commit {
    write(
        &record(n, &format!("entry-{n}"), State::Published),
        1,
        Some(json!({ "title": text })),
        Some(PublicOp::Upsert),
    )
}

/// A new entry that nobody outside sees.
pub(crate) fn draft(n: u64, text: &str) -> Commit {
    write(&record(n, &format!("entry-{n}"), State::Draft), 1, Some(json!({ "title": text })), None)
}

pub(crate) fn record(n: u64, slug: &str, state: State) -> EntryRecord {
    EntryRecord {
        id: id(n),
        kind: Kind::Format,
        slug: slug.into(),
        old_slugs: Vec::new(),
        state,
        revision: RevisionNumber(1),
        draft: None,
        published: (state == State::Published).then_some(RevisionNumber(1)),
        withdrawn: None,
        origin: Origin::Staff,
        created_at: now(),
        updated_at: now(),
        published_at: None,
        public_updated_at: None,
        seed: None,
    }
}

/// Writes `record` as revision `number`.
pub(crate) fn write(record: &EntryRecord, number: u32, content: Option<Value>, public: Option<PublicOp>) -> Commit {
    let mut record = record.clone();
    record.revision = RevisionNumber(number);
    let revision = Revision {
        id: record.id,
        number: record.revision,
        action: Action::Edit,
        content,
        actor: "anna".into(),
        at: now(),
        note: None,
    };
    let expect = if number == 1 { Expect::Absent } else { Expect::Revision(RevisionNumber(number - 1)) };
    Commit {
        actor: "anna".into(),
        action: Action::Edit,
        note: Some("Test".into()),
        at: now(),
        write: Write::Entry(Box::new(EntryWrite { record, revision, expect, public })),
    }
}

pub(crate) fn document(name: &str, version: u32, content: Value) -> Commit {
    let expect = if version == 1 { Expect::Absent } else { Expect::Revision(RevisionNumber(version - 1)) };
    Commit {
        actor: "anna".into(),
        action: Action::Edit,
        note: None,
        at: now(),
        write: Write::Document(DocumentWrite { name: name.into(), content, expect }),
    }
}

/// Notice number `n`: later ones have a later id.
pub(crate) fn notice(n: u64, text: &str) -> Notice {
    let at = now() + jiff::SignedDuration::from_millis(i64::try_from(n).unwrap());
    let seconds = uuid::Timestamp::from_unix(uuid::NoContext, u64::try_from(at.as_second()).unwrap(), {
        u32::try_from(at.subsec_nanosecond()).unwrap()
    });
    Notice {
        id: NoticeId(uuid::Uuid::new_v7(seconds)),
        created_at: at,
        kind: NoticeKind::Error,
        text: text.into(),
        email: Some("anna@example.org".into()),
        entry: Some(NoticeEntry { id: id(1), slug: "entry-1".into() }),
        language: Language::German,
        state: NoticeState::Open,
        done_at: None,
        done_by: None,
    }
}

/// For the calls that have no blocking form.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Text that does not compress and is `bytes` long.
pub(crate) fn text(seed: u64, bytes: usize) -> String {
    let mut x = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut out = String::with_capacity(bytes);
    while out.len() < bytes {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        out.push(char::from(b'a' + u8::try_from(x % 26).unwrap()));
    }
    out
}

/// Everything the store holds as the bytes of a backup, file after file; the manifest is left out for its date.
pub(crate) fn dump(store: &Store) -> Vec<(String, Vec<u8>)> {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("dump");
    let manifest = mitmachbox::store::backup::create(store, &target).unwrap();
    manifest.files.iter().map(|part| (part.name.clone(), std::fs::read(target.join(&part.name)).unwrap())).collect()
}

/// Copies a directory tree.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
