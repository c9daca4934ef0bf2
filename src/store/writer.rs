//! The one thread that writes: takes what waits, applies it in few transactions, syncs once, then answers.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::apply::{self, Applied, ApplyFault, Prepared};
use super::commit::{CommitError, Receipt};
use super::compact;
use super::disk;
use super::fault;
use super::head::{HeadFile, Mark};
use super::recover;
use super::shared::Shared;
use super::side::{self, SideWrite};
use super::sled_db::{Fault, Handle, SyncFault, guarded};
use super::verify;

/// How often the idle writer looks after sled's background thread, the reserve file, and a store that is down.
const TICK: Duration = Duration::from_millis(500);

/// How an answer gets back, to a thread or to a future. It may be dropped: then the store was closed.
pub(super) type Reply<T> = Box<dyn FnOnce(T) + Send>;
type CommitReply = Reply<Vec<Result<Receipt, CommitError>>>;
type SideReply = Reply<Result<(), CommitError>>;

/// What can be asked of the writer.
pub(super) enum Request {
    Commits {
        items: Vec<Prepared>,
        reply: CommitReply,
    },
    Side {
        write: SideWrite,
        reply: SideReply,
    },
    /// Runs while nothing is being written.
    Task(Box<dyn FnOnce(&mut Writer) + Send>),
    Close,
}

pub(super) struct Writer {
    pub shared: Arc<Shared>,
    /// End of the log in sled.
    pub mark: Mark,
    head: HeadFile,
    /// Set while sled is down after a failure that may pass; the answer that commits get meanwhile.
    down: Option<CommitError>,
}

/// Requests that share one sync.
#[derive(Default)]
struct Group {
    items: Vec<Prepared>,
    commit_replies: Vec<(usize, CommitReply)>,
    side_writes: Vec<SideWrite>,
    side_replies: Vec<SideReply>,
}

/// What a group came to before it is known whether it is durable.
#[derive(Default)]
struct Outcome {
    applied: Vec<Applied>,
    side_at: Option<Mark>,
    failure: Option<Cause>,
}

/// Why a group could not be made durable.
#[derive(Clone, Debug)]
enum Cause {
    /// A row is damaged, or sled says so, or panicked.
    Damage(String),
    /// The disk refused; opening anew may help.
    Disk { fault: Fault, rewrite: bool },
}

impl Writer {
    pub(super) fn new(shared: Arc<Shared>, mark: Mark, head: HeadFile) -> Self {
        Self { shared, mark, head, down: None }
    }

    /// Until the store is closed or nobody is left to ask.
    pub(super) fn run(mut self, requests: &Receiver<Request>) {
        loop {
            match requests.recv_timeout(TICK) {
                Ok(request) => match guarded(|| Ok::<_, Fault>(self.serve(request, requests))) {
                    Ok(false) => {}
                    Ok(true) => break,
                    // The callers in flight are told that the store is closed, all later ones that it is read-only.
                    Err(panic) => self.shared.set_read_only(panic.to_string()),
                },
                Err(RecvTimeoutError::Timeout) => self.tick(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.shut_down();
    }

    /// Serves a request and those behind it that fit into its group; true if the store is to be closed.
    fn serve(&mut self, first: Request, requests: &Receiver<Request>) -> bool {
        let mut group = Group::default();
        let mut next = Some(first);
        let mut after = None;
        while let Some(request) = next.take() {
            match request {
                Request::Commits { items, reply } => {
                    group.commit_replies.push((items.len(), reply));
                    group.items.extend(items);
                }
                Request::Side { write, reply } => {
                    group.side_writes.push(write);
                    group.side_replies.push(reply);
                }
                other => {
                    after = Some(other);
                    break;
                }
            }
            if group.items.len() + group.side_writes.len() < self.shared.options.limits.sync_commits_max {
                next = requests.try_recv().ok();
            }
        }
        self.write(group);
        match after {
            Some(Request::Task(task)) => task(self),
            Some(Request::Close) => return true,
            _ => {}
        }
        false
    }

    fn write(&mut self, group: Group) {
        if group.items.is_empty() && group.side_writes.is_empty() {
            return;
        }
        if let Some(refusal) = self.refusal() {
            return group.refuse(&refusal);
        }
        let Some(handle) = self.shared.handle() else { return group.refuse(&CommitError::Closed) };
        let before = self.mark;
        let mut outcome = self.apply(&handle, &group);
        if outcome.failure.is_none() && self.mark != before {
            outcome.failure = self.make_durable(&handle).err();
        }
        drop(handle);
        match outcome.failure.take() {
            None => group.answer(outcome),
            Some(cause) => {
                let refusal = self.fail(cause);
                self.settle(&mut outcome, group.items.len(), &refusal);
                group.answer(outcome);
            }
        }
    }

    /// The reason for which nothing can be written now.
    fn refusal(&self) -> Option<CommitError> {
        if let Some(reason) = self.shared.read_only() {
            return Some(CommitError::ReadOnly { reason });
        }
        if self.down.is_some() {
            return self.down.clone();
        }
        let free = disk::free_bytes(&self.shared.layout.root).unwrap_or(u64::MAX);
        (free < self.shared.options.limits.free_bytes_min || !self.reserve_is_whole()).then_some(CommitError::NoSpace)
    }

    /// Makes the reserve if there is room for it. Without it a commit could take the last blocks, and the store could
    /// not be opened again.
    fn reserve_is_whole(&self) -> bool {
        let limits = &self.shared.options.limits;
        let made = disk::make_reserve(&self.shared.layout, limits.reserve_bytes, limits.free_bytes_min);
        made.unwrap_or_else(|e| {
            tracing::warn!(error = %e, "the reserve file could not be made");
            false
        })
    }

    fn apply(&mut self, handle: &Handle, group: &Group) -> Outcome {
        let mut outcome = Outcome::default();
        if let Err(fault) = guarded(|| fault::point("store::commit")) {
            outcome.failure = Some(fault.into());
            return outcome;
        }
        for items in group.items.chunks(self.shared.options.limits.group_commits_max.max(1)) {
            match apply::apply(handle.trees(), &self.mark, items) {
                Ok((applied, mark)) => {
                    outcome.applied.extend(applied);
                    self.mark = mark;
                }
                Err(e) => {
                    outcome.failure = Some(e.into());
                    return outcome;
                }
            }
        }
        if !group.side_writes.is_empty() {
            match side::apply(handle.trees(), &self.mark, &group.side_writes) {
                Ok(mark) => {
                    self.mark = mark;
                    outcome.side_at = Some(mark);
                }
                Err(e) => outcome.failure = Some(e.into()),
            }
        }
        outcome
    }

    /// Sync of the store, then `HEAD`, then the news. The order is the promise.
    fn make_durable(&mut self, handle: &Handle) -> Result<(), Cause> {
        let since = Instant::now();
        handle.sync()?;
        guarded(|| self.head.write(&self.mark))?;
        let micros = u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX);
        let counters = &self.shared.counters;
        counters.sync_micros.fetch_add(micros, Ordering::Relaxed);
        counters.groups.fetch_add(1, Ordering::Relaxed);
        counters.commits.store(self.mark.store_seq, Ordering::Relaxed);
        self.shared.publish(&self.mark);
        Ok(())
    }

    /// Deals with a failure: read-only after damage, a fresh handle after anything that may pass.
    /// Returns what to answer to those whose commit did not survive.
    fn fail(&mut self, cause: Cause) -> CommitError {
        match cause {
            Cause::Damage(reason) => {
                self.shared.set_read_only(reason.clone());
                CommitError::ReadOnly { reason }
            }
            Cause::Disk { fault, rewrite } => {
                tracing::warn!(%fault, "the disk refused a commit; the store is opened anew");
                let refusal = match fault {
                    Fault::Full => CommitError::NoSpace,
                    other => CommitError::Io(other.to_string()),
                };
                self.reopen(rewrite, &refusal);
                refusal
            }
        }
    }

    /// Throws away sled's memory, which may hold half a transaction, and opens what is on the disk.
    fn reopen(&mut self, rewrite: bool, refusal: &CommitError) {
        self.down = Some(refusal.clone());
        drop(self.shared.take_handle());
        match recover::reopen(&self.shared, rewrite).and_then(|(handle, mark)| {
            handle.sync().map_err(|e| e.to_string())?;
            self.head.write(&mark).map_err(|e| e.to_string())?;
            Ok((handle, mark))
        }) {
            Ok((handle, mark)) => {
                self.mark = mark;
                self.shared.put_handle(handle);
                self.shared.publish(&mark);
                self.shared.counters.reopened.fetch_add(1, Ordering::Relaxed);
                self.down = None;
            }
            Err(e) => tracing::error!(error = %e, "the store could not be opened anew; trying again"),
        }
    }

    /// After a failure: what the reopened store holds was made durable by reopening, and is acknowledged; the rest
    /// gets the refusal.
    fn settle(&self, outcome: &mut Outcome, count: usize, refusal: &CommitError) {
        let handle = self.shared.handle().filter(|_| self.down.is_none() && self.shared.read_only().is_none());
        let survived = |receipt: &Receipt, hash: &[u8; 32]| {
            let seq = receipt.store_seq.0;
            let record = handle.as_ref().and_then(|h| verify::record_at(h.trees(), seq).ok().flatten());
            record.is_some_and(|(_, found)| found == *hash)
        };
        for applied in &mut outcome.applied {
            if let Ok((receipt, hash)) = applied
                && !survived(receipt, hash)
            {
                *applied = Err(refusal.clone());
            }
        }
        outcome.applied.resize_with(count, || Err(refusal.clone()));
        outcome.failure = match outcome.side_at {
            Some(at)
                if handle.is_some() && at.side_seq == self.mark.side_seq && at.side_digest == self.mark.side_digest =>
            {
                None
            }
            _ => Some(Cause::Disk { fault: fault_of(refusal), rewrite: false }),
        };
    }

    /// Rewrites the store and swaps the handle.
    pub(super) fn compact(&mut self) -> Result<(), CommitError> {
        if let Some(refusal) = self.refusal() {
            return Err(refusal);
        }
        let handle = self.shared.handle().ok_or(CommitError::Closed)?;
        let limits = &self.shared.options.limits;
        let fresh = compact::rewrite(&self.shared.layout, &handle, limits.cache_bytes).map_err(|e| match e {
            Fault::Full => CommitError::NoSpace,
            other => CommitError::Io(other.to_string()),
        })?;
        let old = handle.dir().to_owned();
        drop(handle);
        drop(self.shared.take_handle());
        self.shared.put_handle(fresh);
        std::fs::remove_dir_all(old).map_err(|e| CommitError::Io(e.to_string()))
    }

    fn tick(&mut self) {
        if self.shared.read_only().is_some() {
            return;
        }
        if let Some(refusal) = self.down.clone() {
            self.reopen(false, &refusal);
            return;
        }
        if self.shared.handle().is_some_and(|h| h.is_broken()) {
            self.fail(Cause::Disk { fault: Fault::Io("sled's background thread met an error".into()), rewrite: false });
        }
        self.reserve_is_whole();
    }

    /// Last sync, then sled is closed.
    fn shut_down(mut self) {
        if self.shared.read_only().is_none()
            && let Some(handle) = self.shared.handle()
            && let Err(e) = self.make_durable(&handle)
        {
            // Everything acknowledged is durable already.
            tracing::warn!(error = ?e, "the last sync before closing failed");
        }
        drop(self.shared.take_handle());
    }
}

impl Group {
    fn refuse(self, refusal: &CommitError) {
        for (count, reply) in self.commit_replies {
            reply(vec![Err(refusal.clone()); count]);
        }
        for reply in self.side_replies {
            reply(Err(refusal.clone()));
        }
    }

    fn answer(self, outcome: Outcome) {
        let mut applied = outcome.applied.into_iter().map(|a| a.map(|(receipt, _)| receipt));
        for (count, reply) in self.commit_replies {
            reply(applied.by_ref().take(count).collect());
        }
        let refusal = outcome.failure.map(|cause| match cause {
            Cause::Damage(reason) => CommitError::ReadOnly { reason },
            Cause::Disk { fault: Fault::Full, .. } => CommitError::NoSpace,
            Cause::Disk { fault, .. } => CommitError::Io(fault.to_string()),
        });
        for reply in self.side_replies {
            reply(refusal.clone().map_or(Ok(()), Err));
        }
    }
}

fn fault_of(refusal: &CommitError) -> Fault {
    match refusal {
        CommitError::NoSpace => Fault::Full,
        other => Fault::Io(other.to_string()),
    }
}

impl From<ApplyFault> for Cause {
    fn from(fault: ApplyFault) -> Self {
        match fault {
            ApplyFault::Damaged(e) => Self::Damage(e.to_string()),
            ApplyFault::Sled(fault) => fault.into(),
        }
    }
}

impl From<Fault> for Cause {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Corrupt(_) | Fault::Panic(_) => Self::Damage(fault.to_string()),
            other => Self::Disk { fault: other, rewrite: false },
        }
    }
}

impl From<SyncFault> for Cause {
    fn from(fault: SyncFault) -> Self {
        match fault {
            SyncFault::Flush(fault) => fault.into(),
            // What the kernel holds may never reach the disk; only writing it again helps.
            SyncFault::Sync(fault @ Fault::Panic(_)) => fault.into(),
            SyncFault::Sync(fault) => Self::Disk { fault, rewrite: true },
        }
    }
}
