//! Named places where tests make the disk fail, and the counts of real syncs that tests compare with acknowledgements.

use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

/// Real `fdatasync` calls of this process that succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyncCounts {
    /// On sled's data file.
    pub data: u64,
    /// On `HEAD`.
    pub head: u64,
}

static DATA_SYNCS: AtomicU64 = AtomicU64::new(0);
static HEAD_SYNCS: AtomicU64 = AtomicU64::new(0);

/// How often this process has synced since it started, over all stores in it.
pub fn sync_counts() -> SyncCounts {
    SyncCounts { data: DATA_SYNCS.load(Ordering::SeqCst), head: HEAD_SYNCS.load(Ordering::SeqCst) }
}

/// Which file is synced.
#[derive(Clone, Copy)]
pub(super) enum Synced {
    Data,
    Head,
}

/// `fdatasync` and count it.
pub(super) fn sync_data(file: &File, which: Synced) -> io::Result<()> {
    if sync_is_skipped(which) {
        return Ok(());
    }
    file.sync_data()?;
    let counter = match which {
        Synced::Data => &DATA_SYNCS,
        Synced::Head => &HEAD_SYNCS,
    };
    counter.fetch_add(1, Ordering::SeqCst);
    Ok(())
}

/// Fails if a test asked for it; the argument of the fail point is `full` or anything else for an I/O error.
#[cfg(feature = "failpoints")]
pub(super) fn point(name: &'static str) -> io::Result<()> {
    fail::fail_point!(name, |argument: Option<String>| {
        Err(match argument.as_deref() {
            Some("full") => io::Error::from(io::ErrorKind::StorageFull),
            _ => io::Error::other(format!("fail point {name}")),
        })
    });
    Ok(())
}

/// Without the feature there is nothing to fail.
#[cfg(not(feature = "failpoints"))]
pub(super) fn point(_name: &'static str) -> io::Result<()> {
    Ok(())
}

/// Lets a test take the syncs away to see whether the durability tests notice: `data`, or anything else for both files.
#[cfg(feature = "failpoints")]
fn sync_is_skipped(which: Synced) -> bool {
    use std::sync::OnceLock;
    static SKIPPED: OnceLock<Option<std::ffi::OsString>> = OnceLock::new();
    match SKIPPED.get_or_init(|| std::env::var_os("MITMACHBOX_UNSAFE_SKIP_FDATASYNC")) {
        None => false,
        Some(value) => value != "data" || matches!(which, Synced::Data),
    }
}

#[cfg(not(feature = "failpoints"))]
fn sync_is_skipped(_which: Synced) -> bool {
    false
}
