//! What the writer thread and all readers share: the handle on sled, the mode, the durable head, counters.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use parking_lot::RwLock;
use tokio::sync::watch;

use super::codec::CodecError;
use super::commit::{Head, ReadError};
use super::disk::Layout;
use super::head::Mark;
use super::sled_db::{Fault, Handle, Trees, guarded};
use super::{Stats, StoreOptions};
use crate::clock::Clock;
use crate::model::id::{PublicSeq, StoreSeq};

/// How long a swap waits for readers to let go of the old handle; one read is over in microseconds.
const READERS_WAIT: Duration = Duration::from_secs(10);

pub(super) struct Shared {
    pub options: StoreOptions,
    pub layout: Layout,
    pub clock: Clock,
    handle: RwLock<Option<Arc<Handle>>>,
    read_only: ArcSwapOption<String>,
    head: watch::Sender<Head>,
    pub counters: Counters,
}

/// Counts since the store was opened.
#[derive(Default)]
pub(super) struct Counters {
    pub commits: AtomicU64,
    pub groups: AtomicU64,
    pub sync_micros: AtomicU64,
    pub reopened: AtomicU64,
    pub live_bytes: AtomicU64,
}

impl Shared {
    pub(super) fn new(options: StoreOptions, layout: Layout, clock: Clock, handle: Handle, mark: &Mark) -> Self {
        Self {
            options,
            layout,
            clock,
            handle: RwLock::new(Some(Arc::new(handle))),
            read_only: ArcSwapOption::empty(),
            head: watch::Sender::new(head_of(mark)),
            counters: Counters::default(),
        }
    }

    /// The handle, unless the store is closed or between two handles.
    pub(super) fn handle(&self) -> Option<Arc<Handle>> {
        self.handle.read().clone()
    }

    /// Takes the handle away and waits until nobody else holds it, so that dropping it closes sled.
    pub(super) fn take_handle(&self) -> Option<Arc<Handle>> {
        let handle = self.handle.write().take()?;
        let since = Instant::now();
        while Arc::strong_count(&handle) > 1 && since.elapsed() < READERS_WAIT {
            std::thread::sleep(Duration::from_millis(1));
        }
        Some(handle)
    }

    /// Puts a fresh handle in place.
    pub(super) fn put_handle(&self, handle: Handle) {
        *self.handle.write() = Some(Arc::new(handle));
    }

    /// Tells the world that everything up to `mark` is durable.
    pub(super) fn publish(&self, mark: &Mark) {
        self.head.send_replace(head_of(mark));
    }

    pub(super) fn head(&self) -> Head {
        *self.head.borrow()
    }

    pub(super) fn watch(&self) -> watch::Receiver<Head> {
        self.head.subscribe()
    }

    /// Refuses all later commits. The first reason stays, it is the cause of the others.
    pub(super) fn set_read_only(&self, reason: String) {
        if self.read_only.load().is_none() {
            tracing::error!(reason, "the store is read-only from now on");
            self.read_only.store(Some(Arc::new(reason)));
        }
    }

    pub(super) fn read_only(&self) -> Option<String> {
        self.read_only.load().as_deref().cloned()
    }

    /// Runs one read. Damage turns the store read-only.
    pub(super) fn read<T>(&self, call: impl FnOnce(&Trees) -> Result<T, ReadFault>) -> Result<T, ReadError> {
        let handle = self.handle().ok_or(ReadError::Closed)?;
        let result = guarded(|| match call(handle.trees()) {
            Ok(value) => Ok(Ok(value)),
            Err(ReadFault::Sled(e)) => Err(e),
            Err(other) => Ok(Err(other)),
        });
        match result {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(ReadFault::Damaged(e))) => Err(self.damaged(e.to_string())),
            Ok(Err(ReadFault::Missing(what))) => Err(self.damaged(what)),
            // Taken above.
            Ok(Err(ReadFault::Sled(e))) => Err(ReadError::Io(e.to_string())),
            Err(fault @ (Fault::Corrupt(_) | Fault::Panic(_))) => Err(self.damaged(fault.to_string())),
            Err(fault) => Err(ReadError::Io(fault.to_string())),
        }
    }

    pub(super) fn stats(&self) -> Stats {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Stats {
            commits: count(&self.counters.commits),
            groups: count(&self.counters.groups),
            sync_micros: count(&self.counters.sync_micros),
            reopened: count(&self.counters.reopened),
            live_bytes: count(&self.counters.live_bytes),
            disk_bytes: super::disk::disk_bytes(&self.layout.store()).unwrap_or(0),
            free_bytes: super::disk::free_bytes(&self.layout.root).unwrap_or(0),
        }
    }

    fn damaged(&self, what: String) -> ReadError {
        self.set_read_only(what.clone());
        ReadError::Damaged(what)
    }
}

/// Why a read failed, before it is told apart.
#[derive(Debug)]
pub(super) enum ReadFault {
    Sled(sled::Error),
    Damaged(CodecError),
    /// A row is not there that another row refers to.
    Missing(String),
}

impl From<sled::Error> for ReadFault {
    fn from(error: sled::Error) -> Self {
        Self::Sled(error)
    }
}

impl From<CodecError> for ReadFault {
    fn from(error: CodecError) -> Self {
        Self::Damaged(error)
    }
}

fn head_of(mark: &Mark) -> Head {
    Head { store_seq: StoreSeq(mark.store_seq), public_seq: PublicSeq(mark.public_seq) }
}
