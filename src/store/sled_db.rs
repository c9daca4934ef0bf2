//! The handle on sled: opening, the guard around every call, and the sync that sled does not do.
//!
//! What sled 0.34.7 needs from outside, and why, each measured or read in its source:
//! - its `flush` is a `sync_file_range`, not an `fsync`, so [`Handle::sync`] adds an `fdatasync` on a descriptor of its own;
//! - `flush_async` deadlocks, so it is never called;
//! - when a write fails in its I/O pool, a thread waiting in `flush` may not be woken; the nudger thread wakes it;
//! - after any failed write its memory may hold half a transaction, so the handle is thrown away and opened anew;
//! - it has hundreds of asserts, so every call runs under `catch_unwind`.

use std::fs::{File, OpenOptions};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

use super::disk;
use super::fault::{self, Synced};
use super::limits::SEGMENT_BYTES;

/// How long opening waits for sled's file lock: handles of the same process let go of it a moment after they are dropped.
const LOCK_WAIT: Duration = Duration::from_secs(5);
/// How often the nudger looks.
const NUDGE_EVERY: Duration = Duration::from_millis(200);

/// What went wrong below us, already told apart.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum Fault {
    /// No space left on the device.
    #[error("no space left on the device")]
    Full,
    /// sled says its files are damaged.
    #[error("sled reports damage: {0}")]
    Corrupt(String),
    /// sled panicked.
    #[error("sled panicked: {0}")]
    Panic(String),
    /// Anything else the operating system refused.
    #[error("{0}")]
    Io(String),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io(error.to_string()),
        }
    }
}

impl From<sled::Error> for Fault {
    fn from(error: sled::Error) -> Self {
        match error {
            sled::Error::Io(e) => e.into(),
            sled::Error::Corruption { at, .. } => Self::Corrupt(format!("at {at:?}")),
            // Its configuration file is damaged, or was written by another version.
            sled::Error::Unsupported(what) => Self::Corrupt(what),
            sled::Error::ReportableBug(what) => Self::Panic(what),
            other => Self::Io(other.to_string()),
        }
    }
}

/// Runs a call into sled; a panic becomes a value.
pub(super) fn guarded<T, E: Into<Fault>>(call: impl FnOnce() -> Result<T, E>) -> Result<T, Fault> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(result) => result.map_err(Into::into),
        Err(panic) => Err(Fault::Panic(panic_text(panic.as_ref()))),
    }
}

/// The trees of one generation.
#[derive(Clone)]
pub(super) struct Trees {
    pub entries: sled::Tree,
    pub revisions: sled::Tree,
    pub slugs: sled::Tree,
    pub log: sled::Tree,
    pub public: sled::Tree,
    pub documents: sled::Tree,
    pub tokens: sled::Tree,
    pub notices: sled::Tree,
    pub meta: sled::Tree,
}

/// Names of the trees; also part of every value's checksum.
pub(super) mod tree {
    pub(in super::super) const ENTRIES: &str = "entries";
    pub(in super::super) const REVISIONS: &str = "revisions";
    pub(in super::super) const SLUGS: &str = "slugs";
    pub(in super::super) const LOG: &str = "log";
    pub(in super::super) const PUBLIC: &str = "public";
    pub(in super::super) const DOCUMENTS: &str = "documents";
    pub(in super::super) const TOKENS: &str = "tokens";
    pub(in super::super) const NOTICES: &str = "notices";
    pub(in super::super) const META: &str = "meta";
}

impl Trees {
    fn open(db: &sled::Db) -> Result<Self, sled::Error> {
        Ok(Self {
            entries: db.open_tree(tree::ENTRIES)?,
            revisions: db.open_tree(tree::REVISIONS)?,
            slugs: db.open_tree(tree::SLUGS)?,
            log: db.open_tree(tree::LOG)?,
            public: db.open_tree(tree::PUBLIC)?,
            documents: db.open_tree(tree::DOCUMENTS)?,
            tokens: db.open_tree(tree::TOKENS)?,
            notices: db.open_tree(tree::NOTICES)?,
            meta: db.open_tree(tree::META)?,
        })
    }

    /// All trees with their names.
    pub(super) fn all(&self) -> [(&'static str, &sled::Tree); 9] {
        [
            (tree::ENTRIES, &self.entries),
            (tree::REVISIONS, &self.revisions),
            (tree::SLUGS, &self.slugs),
            (tree::LOG, &self.log),
            (tree::PUBLIC, &self.public),
            (tree::DOCUMENTS, &self.documents),
            (tree::TOKENS, &self.tokens),
            (tree::NOTICES, &self.notices),
            (tree::META, &self.meta),
        ]
    }
}

/// One open sled database.
pub(super) struct Handle {
    /// `Some` until drop.
    inner: Option<(sled::Db, Trees)>,
    /// Own descriptor of sled's data file, for the sync.
    data: File,
    dir: PathBuf,
    nudger: Nudger,
}

impl Handle {
    /// Opens or creates the database in `dir` and makes the names of its files durable.
    pub(super) fn open(dir: &Path, cache_bytes: u64) -> Result<Self, Fault> {
        drop_unfinished_snapshots(dir)?;
        let db = open_db(dir, cache_bytes)?;
        let trees = guarded(|| Trees::open(&db))?;
        // sled syncs neither its configuration file nor the directory it makes.
        File::open(dir.join("conf"))?.sync_all()?;
        let data = OpenOptions::new().read(true).write(true).open(dir.join("db"))?;
        disk::sync_dir(dir)?;
        if let Some(parent) = dir.parent() {
            disk::sync_dir(parent)?;
        }
        let nudger = Nudger::start(db.clone())?;
        Ok(Self { inner: Some((db, trees)), data, dir: dir.to_owned(), nudger })
    }

    /// Directory of this generation.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The trees.
    pub(super) fn trees(&self) -> &Trees {
        &self.parts().1
    }

    /// True once sled has met an I/O error; every later write fails then.
    pub(super) fn is_broken(&self) -> bool {
        self.parts().0.context.global_error().is_err()
    }

    /// Makes everything written so far durable. Only after this may anything be acknowledged.
    pub(super) fn sync(&self) -> Result<(), SyncFault> {
        let flush = || {
            fault::point("store::flush").map_err(Fault::from)?;
            self.parts().0.flush().map_err(Fault::from)
        };
        guarded(flush).map_err(SyncFault::Flush)?;
        // fdatasync ourselves: sled 0.34 flushes with sync_file_range (its issue 1452).
        let sync = || {
            fault::point("store::fsync")?;
            fault::sync_data(&self.data, Synced::Data)
        };
        guarded(sync).map_err(SyncFault::Sync)
    }

    fn parts(&self) -> &(sled::Db, Trees) {
        self.inner.as_ref().expect("the parts are only taken in drop")
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.nudger.stop();
        let parts = self.inner.take();
        // sled's own drop flushes and unwraps; what was acknowledged is durable already.
        let _ = catch_unwind(AssertUnwindSafe(move || drop(parts)));
    }
}

/// Which half of [`Handle::sync`] failed: after a failed `fdatasync` the kernel may have dropped the pages and
/// report success the next time, so the data must be written again.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum SyncFault {
    #[error("sled's flush failed: {0}")]
    Flush(Fault),
    #[error("fdatasync failed: {0}")]
    Sync(Fault),
}

impl From<SyncFault> for Fault {
    fn from(fault: SyncFault) -> Self {
        match fault {
            SyncFault::Flush(fault) | SyncFault::Sync(fault) => fault,
        }
    }
}

/// A thread that wakes others out of sled's `flush` once sled has failed.
struct Nudger {
    stop: Arc<(Mutex<bool>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

impl Nudger {
    fn start(db: sled::Db) -> Result<Self, Fault> {
        let stop = Arc::new((Mutex::new(false), Condvar::new()));
        let seen = Arc::clone(&stop);
        let thread = std::thread::Builder::new().name("store-nudger".into()).spawn(move || {
            let (stopped, wake) = &*seen;
            let mut stopped = stopped.lock();
            while !*stopped {
                wake.wait_for(&mut stopped, NUDGE_EVERY);
                if db.context.global_error().is_err() {
                    // Returns at once with the error, and notifies on the way.
                    let _ = guarded(|| db.flush());
                }
            }
            let _ = catch_unwind(AssertUnwindSafe(move || drop(db)));
        })?;
        Ok(Self { stop, thread: Some(thread) })
    }

    fn stop(&mut self) {
        *self.stop.0.lock() = true;
        self.stop.1.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// sled writes a snapshot over an unfinished one without truncating it; what is left of the longer one would be damage.
fn drop_unfinished_snapshots(dir: &Path) -> io::Result<()> {
    let Ok(files) = std::fs::read_dir(dir) else { return Ok(()) };
    for file in files {
        let path = file?.path();
        if path.extension().is_some_and(|e| e == "generating") {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn open_db(dir: &Path, cache_bytes: u64) -> Result<sled::Db, Fault> {
    let since = Instant::now();
    loop {
        let opened = guarded(|| {
            sled::Config::new()
                .path(dir)
                .cache_capacity(cache_bytes)
                .segment_size(SEGMENT_BYTES)
                .mode(sled::Mode::LowSpace)
                .open()
        });
        match opened {
            Err(Fault::Io(text)) if text.contains("could not acquire lock") && since.elapsed() < LOCK_WAIT => {
                std::thread::sleep(Duration::from_millis(10));
            }
            other => return other,
        }
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "without a message".into())
}
