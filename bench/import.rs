//! Bulk import: entries through the store's group commit and the follower until the last one can be found.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::ensure;
use mitmachbox::{
    auth::{Auth, Role},
    clock::Clock,
    follow::{Follower, FollowerOptions, SYNONYMS_DOCUMENT, VOCABULARY_PREFIX},
    index::current::Current,
    model::{
        entry::Entry,
        id::{EntryId, RevisionNumber},
        record::{Action, Revision},
    },
    store::{Commit, DocumentWrite, EntryWrite, Expect, PublicOp, Store, StoreOptions, Write},
};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::{
    corpus::Corpus,
    data::{SYNONYMS, Shipped, record},
};

/// Entries handed to the store at once, as an import does.
const BATCH: usize = 512;

/// What an import took.
pub(crate) struct Imported {
    /// Entries.
    pub(crate) count: usize,
    /// Until the last entry was on the disk.
    pub(crate) stored: Duration,
    /// Until the last entry could be found.
    pub(crate) searchable: Duration,
    /// Bytes of all entries as JSON.
    pub(crate) bytes: usize,
    /// A token that may publish.
    pub(crate) token: String,
}

/// Imports the first `count` entries of the collection into an empty data directory, with store and index where the
/// program has them.
pub(crate) fn import(shipped: &Shipped, corpus: &Corpus, count: usize, data_dir: &Path) -> anyhow::Result<Imported> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (store, _) = Store::open(StoreOptions::new(data_dir), Clock::system())?;
    for written in store.commit_many_blocking(reference(shipped)?) {
        written?;
    }
    let current = Current::default();
    let follower = Follower::new(store.clone(), current.clone(), FollowerOptions::new(data_dir.join("index")));
    let (stop, stopping) = watch::channel(false);
    let following = runtime.spawn(follower.run(stopping));
    let entries: Vec<(EntryId, Entry)> = shipped.collection(corpus, count).collect();
    let mut bytes = 0;
    let started = Instant::now();
    for batch in entries.chunks(BATCH) {
        let commits = batch.iter().map(|(id, entry)| commit(*id, entry, &mut bytes)).collect();
        for written in store.commit_many_blocking(commits) {
            written?;
        }
    }
    let stored = started.elapsed();
    let head = store.head().public_seq;
    let mut seen = current.watch();
    runtime.block_on(async {
        let there = seen.wait_for(|seq| seq.is_some_and(|seq| seq >= head));
        tokio::time::timeout(Duration::from_secs(600), there).await
    })??;
    let searchable = started.elapsed();
    let found = current.get().map_or(0, |snapshot| snapshot.live_count as usize);
    ensure!(found == count, "{found} of {count} entries can be found");
    stop.send_replace(true);
    runtime.block_on(following)?;
    let token = Auth::new(store.clone(), Clock::system()).create_token("bench", Role::Publisher, None)?.secret;
    store.close();
    Ok(Imported { count, stored, searchable, bytes, token })
}

/// The commit that creates and publishes an entry.
fn commit(id: EntryId, entry: &Entry, bytes: &mut usize) -> Commit {
    let record = record(id, entry);
    let content = entry.to_json();
    *bytes += content.to_string().len();
    let revision = Revision {
        id,
        number: RevisionNumber(1),
        action: Action::Publish,
        content: Some(content),
        actor: "bench".into(),
        at: record.created_at,
        note: None,
    };
    let at = record.created_at;
    let write = EntryWrite { record, revision, expect: Expect::Absent, public: Some(PublicOp::Upsert) };
    Commit { actor: "bench".into(), action: Action::Publish, note: None, at, write: Write::Entry(Box::new(write)) }
}

/// The commits that bring in vocabularies and synonyms.
fn reference(shipped: &Shipped) -> anyhow::Result<Vec<Commit>> {
    let document = |name: String, content: Value| Commit {
        actor: "bench".into(),
        action: Action::Create,
        note: None,
        at: Clock::system().now(),
        write: Write::Document(DocumentWrite { name, content, expect: Expect::Absent }),
    };
    let mut commits = vec![document(SYNONYMS_DOCUMENT.into(), json!({ "toml": SYNONYMS }))];
    for vocabulary in shipped.vocabularies.iter() {
        let content = serde_json::to_value(&**vocabulary)?;
        commits.push(document(format!("{VOCABULARY_PREFIX}{}", vocabulary.name), content));
    }
    Ok(commits)
}
