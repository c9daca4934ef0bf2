//! Bulk import: entries through the store and the follower until the last one can be found.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::ensure;
use mitmachbox::{
    app::INDEX_DIR,
    auth::{Auth, Role},
    clock::Clock,
    exchange::{
        import::{ImportOptions, import},
        seed::seed,
    },
    follow::{Follower, FollowerOptions},
    index::current::Current,
    model::{
        entry::Entry,
        id::{EntryId, RevisionNumber},
        record::{Action, Revision},
    },
    store::{Commit, EntryWrite, Expect, PublicOp, Store, StoreOptions, Write},
};
use tokio::{runtime::Runtime, sync::watch, task::JoinHandle};

use crate::{
    corpus::Corpus,
    data::{generated, record},
};

/// Entries handed to the store at once, as the import does.
const BATCH: usize = 512;

/// Longest wait for the follower.
const FOLLOW_TIMEOUT: Duration = Duration::from_secs(600);

/// What an import took.
pub(crate) struct Imported {
    /// Entries.
    pub(crate) count: usize,
    /// Until the last entry was on the disk.
    pub(crate) stored: Duration,
    /// Until the last entry could be found.
    pub(crate) searchable: Duration,
    /// A token that may publish.
    pub(crate) token: String,
}

impl Imported {
    /// Entries that became searchable in a second.
    pub(crate) fn per_second(&self) -> f64 {
        self.count as f64 / self.searchable.as_secs_f64()
    }
}

/// Imports generated entries into an empty data directory, straight into the store, after the shipped ones.
pub(crate) fn import_entries(corpus: &Corpus, count: usize, data_dir: &Path) -> anyhow::Result<Imported> {
    let entries: Vec<(EntryId, Entry)> = (0..count as u64).map(|number| generated(corpus, number)).collect();
    measure(count, data_dir, |store| {
        for batch in entries.chunks(BATCH) {
            let commits = batch.iter().map(|(id, entry)| commit(*id, entry)).collect();
            for written in store.commit_many_blocking(commits) {
                written?;
            }
        }
        Ok(())
    })
}

/// Imports a file as `mitmachbox import --publish` does: read three times, every record checked.
pub(crate) fn import_file(file: &Path, count: usize, data_dir: &Path) -> anyhow::Result<Imported> {
    let options = ImportOptions { publish: true, ..ImportOptions::default() };
    measure(count, data_dir, |store| {
        import(store, &Clock::system(), file, options, |_| ())?;
        Ok(())
    })
}

/// Runs an import while a follower keeps the index at the store's head.
fn measure(
    count: usize,
    data_dir: &Path,
    import: impl FnOnce(&Store) -> anyhow::Result<()>,
) -> anyhow::Result<Imported> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (store, _) = Store::open(StoreOptions::new(data_dir), Clock::system())?;
    seed(&store, &Clock::system(), |_, _| ())?;
    let mut following = Following::start(&runtime, &store, data_dir);
    let shipped = following.wait(&runtime, &store)?;
    let started = Instant::now();
    import(&store)?;
    let stored = started.elapsed();
    let found = following.wait(&runtime, &store)?;
    let searchable = started.elapsed();
    ensure!(found == shipped + count, "{found} entries can be found, not {}", shipped + count);
    let token = Auth::new(store.clone(), Clock::system()).create_token("bench", Role::Publisher, None)?.secret;
    following.stop(&runtime)?;
    store.close();
    Ok(Imported { count, stored, searchable, token })
}

/// A follower at work.
struct Following {
    current: Current,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Following {
    fn start(runtime: &Runtime, store: &Store, data_dir: &Path) -> Self {
        let current = Current::default();
        let options = FollowerOptions::new(data_dir.join(INDEX_DIR));
        let follower = Follower::new(store.clone(), current.clone(), options);
        let (stop, stopping) = watch::channel(false);
        Self { current, stop, task: runtime.spawn(follower.run(stopping)) }
    }

    /// Waits until the index holds all that the store does; says how many entries can be found.
    fn wait(&mut self, runtime: &Runtime, store: &Store) -> anyhow::Result<usize> {
        let head = store.head().public_seq;
        let mut seen = self.current.watch();
        runtime.block_on(async {
            let there = seen.wait_for(|seq| seq.is_some_and(|seq| seq >= head));
            tokio::time::timeout(FOLLOW_TIMEOUT, there).await.map(|_| ())
        })?;
        Ok(self.current.get().map_or(0, |snapshot| snapshot.live_count as usize))
    }

    fn stop(self, runtime: &Runtime) -> anyhow::Result<()> {
        self.stop.send_replace(true);
        Ok(runtime.block_on(self.task)?)
    }
}

/// The commit that creates and publishes an entry.
fn commit(id: EntryId, entry: &Entry) -> Commit {
    let record = record(id, entry);
    let at = record.created_at;
    let revision = Revision {
        id,
        number: RevisionNumber(1),
        action: Action::Publish,
        content: Some(entry.to_json()),
        actor: "bench".into(),
        at,
        note: None,
    };
    let write = EntryWrite { record, revision, expect: Expect::Absent, public: Some(PublicOp::Upsert) };
    Commit { actor: "bench".into(), action: Action::Publish, note: None, at, write: Write::Entry(Box::new(write)) }
}
