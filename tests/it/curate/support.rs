//! A store with vocabularies, people and entries for tests of the writing side.

use jiff::Timestamp;
use mitmachbox::auth::{Principal, Role};
use mitmachbox::clock::Clock;
use mitmachbox::curate::{Curate, CurateLimits};
use mitmachbox::exchange::bundled;
use mitmachbox::model::record::Action;
use mitmachbox::store::{Commit, DocumentWrite, Expect, Store, StoreOptions, Write};
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

pub(crate) fn open(dir: &std::path::Path, clock: Clock) -> Store {
    let mut options = StoreOptions::new(dir);
    options.limits.reserve_bytes = 0;
    options.limits.free_bytes_min = 0;
    Store::open(options, clock).unwrap_or_else(|e| panic!("{e}")).0
}

/// A desk with the shipped vocabularies and no entry.
pub(crate) struct Desk {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) curate: Curate,
    // Dropped last, after the store has let go of it.
    _dir: TempDir,
}

pub(crate) fn desk() -> Desk {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(now());
    let store = open(dir.path(), clock.clone());
    let commits = bundled::vocabularies().unwrap().into_iter().map(|vocabulary| Commit {
        actor: "test".into(),
        action: Action::Publish,
        note: None,
        at: now(),
        write: Write::Document(DocumentWrite {
            name: format!("vocabulary/{}", vocabulary.name),
            content: serde_json::to_value(&vocabulary).unwrap(),
            expect: Expect::Absent,
        }),
    });
    for result in store.commit_many_blocking(commits.collect()) {
        result.unwrap();
    }
    let curate = Curate::new(store.clone(), clock.clone(), CurateLimits::default());
    Desk { store, clock, curate, _dir: dir }
}

pub(crate) fn who(role: Role) -> Principal {
    Principal { name: format!("the {role}"), role }
}

pub(crate) fn editor() -> Principal {
    who(Role::Editor)
}

pub(crate) fn publisher() -> Principal {
    who(Role::Publisher)
}

/// Content that can be published.
pub(crate) fn content(kind: &str, title: &str) -> Value {
    json!({
        "kind": kind,
        "title": title,
        "summary": "Worum es geht.",
        "format_types": ["analog"],
        "levels": ["konsultation"],
        "purposes": ["diskutieren"],
        "topics": ["verkehr"],
        "sources": [{ "title": "Redaktion Mitmachbox" }],
        "license": "CC-BY-4.0",
        "language": "de",
        "reviewed_on": "2026-11-23",
    })
}

/// Runs a future to its end.
pub(crate) fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}
