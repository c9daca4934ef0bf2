//! The truth: entries, revisions, documents, tokens, notices, and the log of every change. The only room that knows sled.
//!
//! [`Store`] is the whole surface: commits go in through one bounded queue to one writer thread and are answered
//! after they are on the disk; reads take any thread; the change feed ([`Store::watch`], [`Store::public_changes`])
//! shows only what is durable. A commit is declarative: what shall be there afterwards and what must be there
//! before, checked inside the transaction. What lies on the disk and how it is protected: `disk`, `codec`, `log`,
//! `head`; what happens when it is damaged: `recover`; the format of record for backups and moves: [`backup`].

mod apply;
pub mod backup;
mod codec;
mod commit;
mod compact;
mod disk;
mod fault;
mod head;
mod limits;
mod log;
mod read;
mod recover;
mod report;
mod shared;
mod side;
mod sled_db;
mod verify;
mod writer;

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{oneshot, watch};

pub use commit::{
    Commit, CommitError, Document, DocumentWrite, EntryWrite, Expect, Head, PublicChange, PublicOp, ReadError, Receipt,
    Subject, Write,
};
pub use fault::{SyncCounts, sync_counts};
pub use limits::{SEGMENT_BYTES, StoreLimits, VALUE_BYTES_MAX};
pub use log::{LogRecord, PublicMark};
pub use read::Published;
pub use report::{OpenError, OpenReport, Repair, Stats};
pub use verify::VerifyReport;

use crate::clock::Clock;
use crate::model::record::EntryRecord;
use apply::Prepared;
use shared::Shared;
use writer::{Reply, Request, Writer};

/// Where the store is and how far it may go.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// The data directory; the store makes `store/`, `LOCK` and `RESERVE` in it.
    pub data_dir: PathBuf,
    /// Where backups lie, for the last step of the recovery ladder.
    pub backup_dir: Option<PathBuf>,
    /// Bounds.
    pub limits: StoreLimits,
}

impl StoreOptions {
    /// The defaults for a data directory.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self { data_dir: data_dir.into(), backup_dir: None, limits: StoreLimits::default() }
    }
}

/// An entry that the public sees.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedEntry {
    /// Its record.
    pub record: EntryRecord,
    /// The content in force in the published revision.
    pub content: serde_json::Value,
}

/// Since when something is read; see [`Store::settle`].
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// How often the store had been opened anew.
    reopened: u64,
}

/// The open store; clones share it, and dropping the last one closes it.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    shared: Arc<Shared>,
    requests: Mutex<Option<SyncSender<Request>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    lock: Mutex<Option<File>>,
}

impl Store {
    /// Opens or creates the store, repairing what can be repaired; see [`OpenReport`] and [`OpenError`].
    pub fn open(options: StoreOptions, clock: Clock) -> Result<(Self, OpenReport), OpenError> {
        let layout = disk::Layout { root: options.data_dir.clone() };
        let opened = recover::open(&options, &layout, &clock)?;
        let queue_max = options.limits.queue_max;
        let shared = Arc::new(Shared::new(options, layout, clock, opened.handle, &opened.mark));
        let (sender, receiver) = sync_channel(queue_max);
        let writer = Writer::new(Arc::clone(&shared), opened.mark, opened.head);
        let thread = std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || writer.run(&receiver))
            .map_err(|e| OpenError::Io(e.to_string()))?;
        let inner = Inner {
            shared,
            requests: Mutex::new(Some(sender)),
            thread: Mutex::new(Some(thread)),
            lock: Mutex::new(Some(opened.lock)),
        };
        tracing::info!(
            log_records = opened.report.log_records,
            behind_head = opened.report.behind_head,
            took_ms = recover::millis(opened.report.took),
            "store open"
        );
        Ok((Self(Arc::new(inner)), opened.report))
    }

    /// Makes a commit and waits until it is on the disk.
    pub async fn commit(&self, commit: Commit) -> Result<Receipt, CommitError> {
        let prepared = apply::prepare(commit, self.limits())?;
        only(self.send(|reply| Request::Commits { items: vec![prepared], reply }).await?)
    }

    /// As [`Store::commit`], for threads outside the async runtime.
    pub fn commit_blocking(&self, commit: Commit) -> Result<Receipt, CommitError> {
        let prepared = apply::prepare(commit, self.limits())?;
        only(self.send_blocking(|reply| Request::Commits { items: vec![prepared], reply })?)
    }

    /// Makes many commits in order, each checked alone, with few syncs; for imports.
    pub async fn commit_many(&self, commits: Vec<Commit>) -> Vec<Result<Receipt, CommitError>> {
        let (results, items) = self.prepare_many(commits);
        let answers =
            if items.is_empty() { Ok(Vec::new()) } else { self.send(|reply| Request::Commits { items, reply }).await };
        fill_in(results, answers)
    }

    /// As [`Store::commit_many`], for threads outside the async runtime.
    pub fn commit_many_blocking(&self, commits: Vec<Commit>) -> Vec<Result<Receipt, CommitError>> {
        let (results, items) = self.prepare_many(commits);
        let answers = if items.is_empty() {
            Ok(Vec::new())
        } else {
            self.send_blocking(|reply| Request::Commits { items, reply })
        };
        fill_in(results, answers)
    }

    /// Where the store stands; only durable commits count.
    pub fn head(&self) -> Head {
        self.0.shared.head()
    }

    /// Tells of every new head.
    pub fn watch(&self) -> watch::Receiver<Head> {
        self.0.shared.watch()
    }

    /// Begins reads whose result shall outlive a crash; see [`Store::settle`].
    pub fn reading(&self) -> Reading {
        Reading { reopened: self.reopened() }
    }

    /// Waits until everything that was read since `reading` is durable. Blocking, for about one sync.
    ///
    /// Reads see a commit a moment before it is durable, and a crash or a failing disk takes such a commit back. Who
    /// writes down elsewhere what was read has to wait, or would keep what never happened.
    ///
    /// # Errors
    /// [`ReadError::Io`] where some of it may have been taken back: read again.
    pub fn settle(&self, reading: Reading) -> Result<(), ReadError> {
        let durable = self.on_writer(|writer| writer.mark.store_seq == writer.shared.head().store_seq.0)?;
        if durable && self.reopened() == reading.reopened {
            return Ok(());
        }
        Err(ReadError::Io("what was read is not durable".into()))
    }

    /// As [`Store::settle`], for the async runtime.
    pub async fn settled(&self, reading: Reading) -> Result<(), ReadError> {
        let store = self.clone();
        let settled = tokio::task::spawn_blocking(move || store.settle(reading)).await;
        settled.unwrap_or_else(|ended| Err(ReadError::Io(ended.to_string())))
    }

    /// Why commits are refused, if they are: damage that was found, or a panic in sled.
    pub fn read_only(&self) -> Option<String> {
        self.0.shared.read_only()
    }

    /// Figures for the operator.
    pub fn stats(&self) -> Stats {
        self.0.shared.stats()
    }

    /// Checks everything: chain, hashes, addresses, feed, side trees. Blocking, about a second per 100 MB, beside commits.
    /// A mismatch turns the store read-only.
    pub fn verify_all(&self) -> Result<VerifyReport, ReadError> {
        let handle = self.0.shared.handle().ok_or(ReadError::Closed)?;
        let outcome = verify::all(handle.trees());
        drop(handle);
        let outcome = match outcome {
            // Commits came in between: once more while the writer holds still.
            Ok(verify::Outcome::Moved) => self.on_writer(|writer| {
                let handle = writer.shared.handle();
                handle.map(|handle| verify::all(handle.trees()))
            })?,
            other => Some(other),
        };
        match outcome.ok_or(ReadError::Closed)? {
            Ok(verify::Outcome::Good(report)) => {
                self.0.shared.counters.live_bytes.store(report.live_bytes, Ordering::Relaxed);
                Ok(report)
            }
            Ok(verify::Outcome::Moved) => Err(ReadError::Io("the store changed while it was held still".into())),
            Err(verify::Mismatch::Fault(fault @ (sled_db::Fault::Io(_) | sled_db::Fault::Full))) => {
                Err(ReadError::Io(fault.to_string()))
            }
            Err(e) => {
                self.0.shared.set_read_only(e.to_string());
                Err(ReadError::Damaged(e.to_string()))
            }
        }
    }

    /// Rewrites the store into as little space as it needs. Blocking; commits wait, reads go on.
    pub fn compact(&self) -> Result<(), CommitError> {
        self.on_writer(Writer::compact).map_err(|_| CommitError::Closed)?
    }

    /// Finishes what waits, syncs, closes sled, and lets go of the data directory. Blocking. Later calls say `Closed`.
    pub fn close(&self) {
        self.0.close();
    }

    fn reopened(&self) -> u64 {
        self.0.shared.counters.reopened.load(Ordering::Relaxed)
    }

    fn shared(&self) -> &Shared {
        &self.0.shared
    }

    fn limits(&self) -> &StoreLimits {
        &self.0.shared.options.limits
    }

    /// Runs something on the writer thread, where nothing is written meanwhile. Blocking.
    fn on_writer<T: Send + 'static>(
        &self,
        task: impl FnOnce(&mut Writer) -> T + Send + 'static,
    ) -> Result<T, ReadError> {
        let (reply, answer) = sync_channel(1);
        let request = Request::Task(Box::new(move |writer| {
            // A caller that no longer waits needs no answer.
            let _ = reply.send(task(writer));
        }));
        let sender = self.0.requests.lock().clone().ok_or(ReadError::Closed)?;
        sender.send(request).map_err(|_| ReadError::Closed)?;
        answer.recv().map_err(|_| ReadError::Closed)
    }

    /// Asks the writer and waits for the answer.
    async fn send<T: Send + 'static>(&self, request: impl FnOnce(Reply<T>) -> Request) -> Result<T, CommitError> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(request(Box::new(move |value| drop(reply.send(value)))))?;
        let seconds = self.limits().answer_seconds_max;
        match tokio::time::timeout(Duration::from_secs(seconds), answer).await {
            Ok(result) => result.map_err(|_| CommitError::Closed),
            Err(_) => Err(unknown(seconds)),
        }
    }

    /// As [`Store::send`], blocking.
    fn send_blocking<T: Send + 'static>(&self, request: impl FnOnce(Reply<T>) -> Request) -> Result<T, CommitError> {
        let (reply, answer) = sync_channel(1);
        self.enqueue(request(Box::new(move |value| drop(reply.send(value)))))?;
        let seconds = self.limits().answer_seconds_max;
        answer.recv_timeout(Duration::from_secs(seconds)).map_err(|e| match e {
            RecvTimeoutError::Disconnected => CommitError::Closed,
            RecvTimeoutError::Timeout => unknown(seconds),
        })
    }

    fn enqueue(&self, request: Request) -> Result<(), CommitError> {
        let requests = self.0.requests.lock();
        match requests.as_ref().ok_or(CommitError::Closed)?.try_send(request) {
            Ok(()) => Ok(()),
            Err(TrySendError::Full(_)) => Err(CommitError::Busy),
            Err(TrySendError::Disconnected(_)) => Err(CommitError::Closed),
        }
    }

    /// Encodes a batch; places of refused commits hold their refusal, the others are empty.
    fn prepare_many(&self, commits: Vec<Commit>) -> (Vec<Option<Result<Receipt, CommitError>>>, Vec<Prepared>) {
        let limits = self.limits();
        if commits.len() > limits.batch_commits_max {
            let refusal =
                CommitError::TooLarge { what: "batch", bytes: commits.len(), bytes_max: limits.batch_commits_max };
            return (vec![Some(Err(refusal)); commits.len()], Vec::new());
        }
        let mut prepared = Vec::with_capacity(commits.len());
        let results = commits.into_iter().map(|commit| match apply::prepare(commit, limits) {
            Ok(good) => {
                prepared.push(good);
                None
            }
            Err(refused) => Some(Err(refused)),
        });
        (results.collect(), prepared)
    }
}

impl Inner {
    fn close(&self) {
        let sender = self.requests.lock().take();
        if let Some(sender) = sender {
            // If the writer is gone already there is nothing to finish.
            let _ = sender.send(Request::Close);
        }
        if let Some(thread) = self.thread.lock().take()
            && thread.join().is_err()
        {
            tracing::error!("the writer thread of the store panicked");
        }
        drop(self.lock.lock().take());
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}

fn unknown(seconds: u64) -> CommitError {
    CommitError::Io(format!("the store has not answered for {seconds} s; whether the commit was made is unknown"))
}

fn only(answers: Vec<Result<Receipt, CommitError>>) -> Result<Receipt, CommitError> {
    answers.into_iter().next().unwrap_or(Err(CommitError::Closed))
}

/// Puts the writer's answers at the places of those commits that reached it.
fn fill_in(
    results: Vec<Option<Result<Receipt, CommitError>>>,
    answers: Result<Vec<Result<Receipt, CommitError>>, CommitError>,
) -> Vec<Result<Receipt, CommitError>> {
    let (mut answers, refusal) = match answers {
        Ok(answers) => (answers.into_iter(), CommitError::Closed),
        Err(e) => (Vec::new().into_iter(), e),
    };
    results.into_iter().map(|r| r.unwrap_or_else(|| answers.next().unwrap_or_else(|| Err(refusal.clone())))).collect()
}
