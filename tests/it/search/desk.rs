//! Staff, a store and a follower: everything between an edit and its being found.

use std::path::{Path, PathBuf};

use mitmachbox::auth::{Principal, Role};
use mitmachbox::clock::Clock;
use mitmachbox::curate::{Curate, CurateLimits, Saved};
use mitmachbox::exchange::bundled;
use mitmachbox::follow::{Follower, FollowerOptions};
use mitmachbox::index::current::Current;
use mitmachbox::model::id::EntryId;
use mitmachbox::model::id::RevisionNumber;
use mitmachbox::model::record::Action;
use mitmachbox::search::request::SearchRequest;
use mitmachbox::search::response::{Lookup, SearchResponse, Suggestions};
use mitmachbox::search::service::Search;
use mitmachbox::store::{Commit, DocumentWrite, Expect, Store, Write};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::support::{limits, now, open_store, request, slugs};

pub(crate) struct Desk {
    pub(crate) store: Store,
    pub(crate) curate: Curate,
    pub(crate) follower: Follower,
    pub(crate) current: Current,
    pub(crate) search: Search,
    pub(crate) dir: TempDir,
}

/// A desk with the shipped vocabularies and synonyms, no entry, and an index of that.
pub(crate) fn desk() -> Desk {
    let dir = tempfile::tempdir().unwrap();
    let store = open_store(dir.path());
    for result in store.commit_many_blocking(documents()) {
        result.unwrap();
    }
    let mut desk = around(store, dir);
    desk.step();
    desk
}

fn around(store: Store, dir: TempDir) -> Desk {
    let current = Current::default();
    let follower = Follower::new(store.clone(), current.clone(), FollowerOptions::new(index_dir(dir.path())));
    let curate = Curate::new(store.clone(), Clock::fixed(now()), CurateLimits::default());
    let search = Search::new(current.clone(), limits(), "", std::sync::Arc::new(|_, _| {}));
    Desk { store, curate, follower, current, search, dir }
}

pub(crate) fn index_dir(dir: &Path) -> PathBuf {
    dir.join("index")
}

fn documents() -> Vec<Commit> {
    let vocabularies = bundled::vocabularies().unwrap().into_iter();
    let mut all: Vec<(String, Value)> = vocabularies
        .map(|vocabulary| (format!("vocabulary/{}", vocabulary.name), serde_json::to_value(&vocabulary).unwrap()))
        .collect();
    all.push(("synonyms".into(), json!({ "toml": bundled::SYNONYMS })));
    all.into_iter().map(|(name, content)| document(&name, content, Expect::Absent)).collect()
}

pub(crate) fn document(name: &str, content: Value, expect: Expect) -> Commit {
    Commit {
        actor: "test".into(),
        action: Action::Publish,
        note: None,
        at: now(),
        write: Write::Document(DocumentWrite { name: name.into(), content, expect }),
    }
}

/// Content that can be published.
pub(crate) fn content(title: &str, summary: &str) -> Value {
    json!({
        "kind": "idea",
        "title": title,
        "summary": summary,
        "topics": ["wohnen"],
        "sources": [{ "title": "Redaktion Mitmachbox" }],
        "license": "CC-BY-4.0",
        "language": "de",
        "reviewed_on": "2026-11-23",
    })
}

pub(crate) fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn somebody() -> Principal {
    Principal { name: "somebody".into(), role: Role::Publisher }
}

impl Desk {
    /// The same store with a follower that knows nothing, as after a restart.
    pub(crate) fn restarted(self) -> Desk {
        let Desk { store, dir, follower, search, current, curate } = self;
        drop((follower, search, current, curate));
        around(store, dir)
    }

    /// Lets the follower catch up.
    pub(crate) fn step(&mut self) {
        self.follower.step().unwrap_or_else(|error| panic!("{error}"));
        let seq = self.current.get().unwrap().seq;
        assert_eq!(seq, self.store.head().public_seq, "one step is enough for a few changes");
    }

    pub(crate) fn draft(&self, content: Value) -> Saved {
        run(self.curate.create(&somebody(), content)).unwrap_or_else(|error| panic!("{error:?}"))
    }

    pub(crate) fn publish(&self, saved: &Saved) -> Saved {
        let record = &saved.entry.record;
        run(self.curate.publish(&somebody(), record.id, record.revision, None)).unwrap_or_else(|e| panic!("{e:?}"))
    }

    pub(crate) fn patch(&self, saved: &Saved, patch: Value) -> Saved {
        let record = &saved.entry.record;
        run(self.curate.patch(&somebody(), record.id, record.revision, patch)).unwrap_or_else(|e| panic!("{e:?}"))
    }

    pub(crate) fn archive(&self, saved: &Saved) -> Saved {
        let record = &saved.entry.record;
        run(self.curate.archive(&somebody(), record.id, record.revision, None)).unwrap_or_else(|e| panic!("{e:?}"))
    }

    /// Creates and publishes.
    pub(crate) fn put(&self, content: Value) -> Saved {
        self.publish(&self.draft(content))
    }

    pub(crate) fn version_of(&self, document: &str) -> RevisionNumber {
        self.store.document(document).unwrap().unwrap().version
    }

    pub(crate) fn find(&self, q: &str) -> SearchResponse {
        self.run(request(q))
    }

    pub(crate) fn run(&self, request: SearchRequest) -> SearchResponse {
        run(self.search.search(request)).unwrap()
    }

    pub(crate) fn slugs(&self, q: &str) -> Vec<String> {
        slugs(&self.find(q))
    }

    pub(crate) fn suggest(&self, q: &str) -> Suggestions {
        run(self.search.suggest(q.into(), Default::default())).unwrap()
    }

    pub(crate) fn lookup(&self, id_or_slug: &str) -> Lookup {
        self.search.entry(id_or_slug, Default::default()).unwrap()
    }

    /// All entries, page by page.
    pub(crate) fn listed(&self, limit: usize) -> Vec<EntryId> {
        let mut ids = Vec::new();
        let mut cursor = None;
        loop {
            let page = self.search.entries(cursor, limit, Default::default()).unwrap();
            assert!(page.entries.len() <= limit);
            ids.extend(page.entries.iter().map(|view| view.public.id));
            cursor = page.next;
            if cursor.is_none() {
                return ids;
            }
            assert!(ids.len() < 10_000, "the cursor goes in circles");
        }
    }
}
