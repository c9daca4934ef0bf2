//! The one writer of the index.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::watch;

use super::{FollowerHealth, reference};
use crate::{
    index::{
        IndexError,
        current::Current,
        document::Public,
        generation::{Generation, Mark, fingerprint},
        snapshot::Reference,
        writer::Writer,
    },
    model::{
        entry::Entry,
        id::{EntryId, PublicSeq},
        public::PublicEntry,
        record::EntryRecord,
    },
    store::{ReadError, Store, Subject},
    telemetry,
    text::Analyser,
};

/// Where the index is and how far the follower may go.
#[derive(Clone, Debug)]
pub struct FollowerOptions {
    /// Directory of the generations.
    pub index_dir: PathBuf,
    /// Changes put into the index with one commit. A commit costs tens of milliseconds whatever its size; more than
    /// this would keep the first of them invisible for longer than a second.
    pub batch_changes_max: usize,
    /// How often to look whether the index is still on the disk.
    pub tick: Duration,
    /// How long nothing must have changed before the whole index is made one segment.
    pub quiet: Duration,
    /// Pause after a failure, so that a full disk is not hammered; doubled with each further one in a row …
    pub backoff: Duration,
    /// … up to this, so that a disk that has room again is noticed soon.
    pub backoff_max: Duration,
}

impl FollowerOptions {
    /// The defaults for a directory.
    pub fn new(index_dir: impl Into<PathBuf>) -> Self {
        Self {
            index_dir: index_dir.into(),
            batch_changes_max: 2_000,
            tick: Duration::from_millis(500),
            quiet: Duration::from_secs(30),
            backoff: Duration::from_secs(1),
            backoff_max: Duration::from_secs(10),
        }
    }
}

/// Why the index could not be brought further. It is tried again; searches go on with what there is.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] ReadError),
    /// The index cannot be written.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A vocabulary or the synonyms are not as expected.
    #[error("reference data: {0}")]
    Reference(String),
    /// The content of an entry is not as expected.
    #[error("entry {0}: {1}")]
    Entry(EntryId, String),
    /// The follower itself is at fault. The log has the place; the text may quote an entry.
    #[error("the follower panicked")]
    Panic,
}

/// Entries read from the store at once during a rebuild.
const SCAN_PAGE: usize = 256;

/// Segments at which a long catching-up stops to merge: each costs every search some look-ups.
const UNMERGED_SEGMENTS_MAX: usize = 24;

/// The one writer of the index.
pub struct Follower {
    store: Store,
    current: Current,
    options: FollowerOptions,
    analyser: &'static Analyser,
    health: FollowerHealth,
    open: Option<Open>,
}

struct Open {
    generation: Arc<Generation>,
    writer: Writer,
    seq: PublicSeq,
    /// When it last changed; nothing once the quiet time after that was used.
    changed: Option<Instant>,
}

impl Follower {
    /// A follower that has not looked yet.
    pub fn new(store: Store, current: Current, options: FollowerOptions) -> Self {
        let health = FollowerHealth::default();
        Self { store, current, options, analyser: Analyser::bundled(), health, open: None }
    }

    /// Tells how this follower is while it runs.
    pub fn health(&self) -> FollowerHealth {
        self.health.clone()
    }

    /// Follows until `stop` changes; then commits what is pending and closes. Survives errors and panics.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let _running = self.health.until_dropped();
        let mut head = self.store.watch();
        while !*stop.borrow() {
            let (follower, outcome) = match tokio::task::spawn_blocking(move || self.guarded_step()).await {
                Ok(done) => done,
                Err(cancelled) => {
                    tracing::error!(%cancelled, "the follower was ended; searches go on with the index as it is");
                    return;
                }
            };
            self = follower;
            let pause = match outcome {
                Ok(()) => {
                    self.health.went_well();
                    self.options.tick
                }
                Err(error) => self.pause_after(&error),
            };
            let behind = self.open.as_ref().is_some_and(|open| open.seq < self.store.head().public_seq);
            tokio::select! {
                _ = stop.changed() => {}
                _ = head.changed(), if !behind && self.open.is_some() => {}
                () = tokio::time::sleep(if behind { Duration::ZERO } else { pause }) => {}
            }
        }
        if let Some(open) = self.open.take() {
            let closed = tokio::task::spawn_blocking(move || open.writer.close()).await;
            if let Ok(Err(error)) = closed {
                tracing::warn!(%error, "the index was not closed well; what it lacks is replayed at the next start");
            }
        }
    }

    /// One step. After a failure nothing is left open: the next one starts from what is on the disk.
    fn guarded_step(mut self) -> (Self, Result<(), FollowError>) {
        // Whatever a panic leaves half done is thrown away here.
        let outcome = catch_unwind(AssertUnwindSafe(|| self.step())).unwrap_or(Err(FollowError::Panic));
        if outcome.is_err() {
            let open = self.open.take();
            if catch_unwind(AssertUnwindSafe(|| drop(open))).is_err() {
                return (self, Err(FollowError::Panic));
            }
        }
        (self, outcome)
    }

    /// Notes a failure and says how long to wait before the next step.
    fn pause_after(&self, error: &FollowError) -> Duration {
        let failures = self.health.failed();
        let cause = if matches!(error, FollowError::Panic) { "panic" } else { "error" };
        metrics::counter!(telemetry::FOLLOWER_RESTARTS, "cause" => cause).increment(1);
        let doubled = self.options.backoff.saturating_mul(2_u32.saturating_pow(failures - 1));
        let pause = doubled.min(self.options.backoff_max);
        tracing::warn!(
            %error,
            failures,
            pause_ms = pause.as_millis() as u64,
            "the index could not be brought to the store's head; it is tried again, searches go on with what there is"
        );
        pause
    }

    /// Brings the index one batch further, or builds it.
    ///
    /// # Errors
    /// See [`FollowError`]; the next step starts from what is on the disk.
    pub fn step(&mut self) -> Result<(), FollowError> {
        if self.open.as_ref().is_some_and(|open| !open.generation.is_on_disk()) {
            tracing::warn!("the index was deleted while it was in use; it is built anew");
            self.open = None;
        }
        let mut open = match self.open.take() {
            Some(open) => open,
            None => self.open_or_rebuild()?,
        };
        let reading = self.store.reading();
        let changes = self.store.public_changes(open.seq, self.options.batch_changes_max)?;
        let Some(last) = changes.last() else {
            if open.changed.is_some_and(|changed| changed.elapsed() > self.options.quiet) {
                open.changed = None;
                if open.writer.merge_all()? {
                    self.publish(&open)?;
                }
            }
            self.open = Some(open);
            return Ok(());
        };
        let mark = Mark { seq: last.seq, log_hash: last.log_hash.clone() };
        let mut entries = BTreeMap::new();
        for change in &changes {
            match &change.subject {
                Subject::Entry(id) => entries.insert(*id, ()),
                // A vocabulary touches any number of entries: everything is indexed anew.
                Subject::Document(_) => {
                    self.open = Some(self.rebuild(Some(open))?);
                    return Ok(());
                }
            };
        }
        for id in entries.into_keys() {
            if let Some(public) = self.public(id, &open.generation.reference)? {
                open.writer.put(&public)?;
            }
        }
        // A record that was read may be newer than the change that led to it, and not on the disk yet.
        self.store.settle(reading)?;
        open.writer.commit(&mark)?;
        open.seq = mark.seq;
        open.changed = Some(Instant::now());
        let segments = self.publish(&open)?;
        // Merging can wait until nobody waits for a change.
        if self.store.head().public_seq == open.seq || segments > UNMERGED_SEGMENTS_MAX {
            self.merge(&mut open)?;
        }
        self.open = Some(open);
        Ok(())
    }

    fn open_or_rebuild(&self) -> Result<Open, FollowError> {
        let (reference, hash) = reference::read(&self.store, self.analyser)?;
        let fingerprint = fingerprint(self.analyser, &hash);
        if let Some((generation, mark)) =
            Generation::open_newest(&self.options.index_dir, self.analyser, &reference, &fingerprint)?
        {
            let generation = Arc::new(generation);
            // The store may have lost something, or be another one: its truth counts.
            if self.mark(mark.seq)? == Some(mark.clone()) {
                let seq = mark.seq;
                let sound = generation.snapshot(seq).and_then(|snapshot| {
                    self.current.publish(snapshot);
                    // Searches begin at once; what is damaged beyond what they need at first is found here.
                    generation.check()
                });
                match sound {
                    Ok(()) => {
                        let writer = Writer::open(generation.clone())?;
                        return Ok(Open { generation, writer, seq, changed: Some(Instant::now()) });
                    }
                    // What cannot be read now will not be readable later: without this it would be tried for ever.
                    Err(error) => tracing::warn!(%error, "the index is damaged and is built anew"),
                }
            } else {
                tracing::warn!(
                    index = mark.seq.0,
                    store = self.store.head().public_seq.0,
                    "the index holds changes that the store does not have and is built anew"
                );
            }
            generation.remove();
        }
        self.rebuild(None)
    }

    /// How an index that goes up to `seq` is marked; nothing where the store does not go so far.
    fn mark(&self, seq: PublicSeq) -> Result<Option<Mark>, FollowError> {
        let Some(before) = seq.0.checked_sub(1) else { return Ok(Some(Mark::default())) };
        let change = self.store.public_changes(PublicSeq(before), 1)?.pop();
        Ok(change.map(|change| Mark { seq: change.seq, log_hash: change.log_hash }))
    }

    /// Builds a new generation beside the old one and swaps it in.
    fn rebuild(&self, old: Option<Open>) -> Result<Open, FollowError> {
        let started = Instant::now();
        let reading = self.store.reading();
        let (reference, hash) = reference::read(&self.store, self.analyser)?;
        let fingerprint = fingerprint(self.analyser, &hash);
        let generation = Arc::new(Generation::create(&self.options.index_dir, self.analyser, reference, &fingerprint)?);
        let mut writer = Writer::open(generation.clone())?;
        // Read before the scan: what changes meanwhile is replayed, and putting an entry twice is harmless.
        let seq = self.store.head().public_seq;
        let mark = self.mark(seq)?.ok_or_else(|| FollowError::Reference(format!("change {} is missing", seq.0)))?;
        let (mut after, mut count) = (None, 0_u64);
        loop {
            let page = self.store.entries(after, SCAN_PAGE)?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            for record in page {
                if let Some(public) = self.public_of(record, &generation.reference)? {
                    writer.insert(&public)?;
                    count += 1;
                }
            }
        }
        self.store.settle(reading)?;
        writer.commit(&mark)?;
        let mut open = Open { generation, writer, seq, changed: Some(Instant::now()) };
        self.publish(&open)?;
        self.merge(&mut open)?;
        tracing::info!(
            entries = count,
            seq = seq.0,
            duration_ms = started.elapsed().as_millis() as u64,
            "built the index anew: {count} entries"
        );
        if let Some(old) = old {
            drop(old.writer);
            old.generation.remove();
        }
        Ok(open)
    }

    /// Shows searches the newest commit; says how many segments it has.
    fn publish(&self, open: &Open) -> Result<usize, FollowError> {
        let snapshot = open.generation.snapshot(open.seq)?;
        let segments = snapshot.segments.len();
        self.current.publish(snapshot);
        Ok(segments)
    }

    fn merge(&self, open: &mut Open) -> Result<(), FollowError> {
        if open.writer.merge()? {
            self.publish(open)?;
        }
        Ok(())
    }

    fn public(&self, id: EntryId, reference: &Reference) -> Result<Option<Public>, FollowError> {
        match self.store.entry(id)? {
            Some(record) => self.public_of(record, reference),
            None => Ok(None),
        }
    }

    /// What the index has to hold of an entry; nothing for one that was never public.
    fn public_of(&self, record: EntryRecord, reference: &Reference) -> Result<Option<Public>, FollowError> {
        let broken = |error: String| FollowError::Entry(record.id, error);
        if let Some(number) = record.published {
            let content =
                self.store.content(record.id, number)?.ok_or_else(|| broken("published without content".into()))?;
            let entry = Entry::from_checked(&content).map_err(|error| broken(error.to_string()))?;
            return Ok(Some(Public::Entry(Box::new(PublicEntry::new(
                &record,
                number,
                entry,
                &reference.vocabularies,
            )))));
        }
        let Some(seen_last) = record.withdrawn else { return Ok(None) };
        let content = self.store.content(record.id, seen_last)?.unwrap_or_default();
        let title = content.get("title").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let slugs = std::iter::once(record.slug).chain(record.old_slugs).collect();
        Ok(Some(Public::Tombstone { id: record.id, slugs, title }))
    }
}
