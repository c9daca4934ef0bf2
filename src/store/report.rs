//! What the operator is told: how opening went, why it did not, and figures.

use std::path::PathBuf;
use std::time::Duration;

use crate::model::id::StoreSeq;

/// What opening found and did.
#[derive(Clone, Debug, Default)]
pub struct OpenReport {
    /// Commits in the log.
    pub log_records: u64,
    /// Commits behind `HEAD`: made durable, but not acknowledged before the last stop.
    pub behind_head: u64,
    /// What had to be repaired, in order; the operator should read it.
    pub repairs: Vec<Repair>,
    /// How long it took.
    pub took: Duration,
}

/// One repair made while opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// The store was damaged; a copy was made before anything else.
    Quarantined {
        /// Where the copy is.
        copy: PathBuf,
        /// What was wrong.
        damage: String,
    },
    /// sled's snapshot and configuration files were dropped, which healed it; nothing is lost.
    SnapshotDropped,
    /// The newest valid backup was restored.
    BackupRestored {
        /// Which.
        backup: PathBuf,
        /// Its newest commit.
        store_seq: StoreSeq,
        /// Acknowledged commits that are lost; unknown if `HEAD` was damaged too.
        commits_lost: Option<u64>,
    },
    /// `HEAD` was lost; the whole store was checked and it was written anew. A missing end cannot be excluded.
    HeadRebuilt,
    /// The file `CURRENT` was damaged and written anew.
    CurrentRebuilt,
    /// The disk was full; the reserve file was given back.
    ReserveReleased,
    /// The directory had grown out of proportion and was rewritten.
    Compacted {
        /// Bytes before.
        bytes_before: u64,
    },
}

/// Why the store was not opened.
#[derive(Clone, Debug, thiserror::Error)]
pub enum OpenError {
    /// Somebody else has it.
    #[error("another process (pid {pid}) is using the data directory {}", data_dir.display())]
    Locked {
        /// The data directory.
        data_dir: PathBuf,
        /// The other process, if it said so.
        pid: String,
    },
    /// The store is damaged and no step of the recovery ladder helped.
    #[error(
        "the store is damaged: {what}.{} Restore a backup into an empty data directory (`mitmachbox backup restore`), \
         or configure a backup directory and start again; do not delete store/",
        quarantine.as_ref().map(|q| format!(" A copy is in {}.", q.display())).unwrap_or_default()
    )]
    Damaged {
        /// What is wrong.
        what: String,
        /// The copy made before any repair.
        quarantine: Option<PathBuf>,
    },
    /// Not even the reserve file was enough.
    #[error("no space is left on the disk, not even for opening the store; free some and start again")]
    NoSpace,
    /// The disk refused.
    #[error("the store cannot be opened: {0}")]
    Io(String),
}

/// Figures for the operator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Newest commit made since opening.
    pub commits: u64,
    /// Group commits, each with one sync of the data and one of `HEAD`.
    pub groups: u64,
    /// Microseconds spent in those syncs.
    pub sync_micros: u64,
    /// Times that sled was closed and opened again after a failure.
    pub reopened: u64,
    /// Bytes of keys and values at the last full verification; 0 before it.
    pub live_bytes: u64,
    /// Bytes that the store occupies.
    pub disk_bytes: u64,
    /// Bytes free on its file system.
    pub free_bytes: u64,
}
