//! From a directory to a checked, open store: the recovery ladder.
//!
//! 1. Open sled; on a full disk give the reserve file back and try again.
//! 2. Check the end of the log, `HEAD` and the newest records.
//! 3. On damage copy the store aside, drop sled's snapshot and configuration files (they are rebuilt), and try again.
//! 4. Restore the newest valid backup, and say what is lost.
//! 5. Refuse, and say what the operator can do.
//!
//! No step deletes anything before the copy of step 3 is on the disk. sled itself cuts what it cannot read when it opens,
//! so the copy holds what sled left; the backups are what one relies on.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::backup;
use super::compact;
use super::disk::{self, Layout, LockError};
use super::head::{self, Found, HeadFile, Mark};
use super::shared::Shared;
use super::sled_db::{Fault, Handle};
use super::verify::{self, Mismatch, Outcome};
use super::{OpenError, OpenReport, Repair, StoreOptions};
use crate::clock::Clock;

/// A store that may be used.
pub(super) struct Opened {
    pub handle: Handle,
    pub mark: Mark,
    pub head: HeadFile,
    pub report: OpenReport,
    pub lock: File,
}

/// Takes the data directory and climbs the ladder until the store is good or no step is left.
pub(super) fn open(options: &StoreOptions, layout: &Layout, clock: &Clock) -> Result<Opened, OpenError> {
    let since = Instant::now();
    let lock = disk::lock(&layout.root).map_err(|e| match e {
        LockError::Held { pid } => OpenError::Locked { data_dir: layout.root.clone(), pid },
        LockError::Io(e) => io_error(&e),
    })?;
    layout.create().map_err(|e| io_error(&e))?;
    let mut report = OpenReport::default();
    let (handle, mark) = match generation(layout, &mut report)? {
        None => fresh(options, layout)?,
        Some(number) => climb(options, layout, clock, number, &mut report)?,
    };
    let head = HeadFile::open(&layout.head(), &mark).map_err(|e| io_error(&e))?;
    let handle = tidy(options, layout, handle, &mut report)?;
    if let Err(e) = disk::make_reserve(layout, options.limits.reserve_bytes, options.limits.free_bytes_min) {
        tracing::warn!(error = %e, "the reserve file could not be made");
    }
    report.log_records = mark.store_seq;
    report.took = since.elapsed();
    Ok(Opened { handle, mark, head, report, lock })
}

/// After a failure in operation: the same checks, without the lower steps of the ladder.
pub(super) fn reopen(shared: &Shared, rewrite: bool) -> Result<(Handle, Mark), String> {
    let layout = &shared.layout;
    let number = layout.current().map_err(|e| e.to_string())?.ok_or("store/CURRENT is missing")?;
    let mut report = OpenReport::default();
    let (handle, mark) = attempt(&shared.options, layout, number, &mut report).map_err(|e| e.to_string())?;
    if !rewrite {
        return Ok((handle, mark));
    }
    let fresh = compact::rewrite(layout, &handle, shared.options.limits.cache_bytes).map_err(|e| e.to_string())?;
    let old = handle.dir().to_owned();
    drop(handle);
    fs::remove_dir_all(old).map_err(|e| e.to_string())?;
    Ok((fresh, mark))
}

/// The generation to open; `None` if there is no store yet.
fn generation(layout: &Layout, report: &mut OpenReport) -> Result<Option<u32>, OpenError> {
    let current = match layout.current() {
        Err(e) if e.kind() != io::ErrorKind::InvalidData => return Err(io_error(&e)),
        other => other,
    };
    let newest = layout.generations().map_err(|e| io_error(&e))?.pop();
    match (current, newest) {
        (Ok(Some(number)), _) if layout.generation(number).exists() => Ok(Some(number)),
        (Ok(None), None) if !layout.head().exists() => Ok(None),
        // Its first start was cut short, or somebody deleted CURRENT; the checks will tell.
        (Ok(None), Some(number)) => Ok(Some(number)),
        (_, Some(number)) => {
            report.repairs.push(Repair::CurrentRebuilt);
            Ok(Some(number))
        }
        (_, None) => Err(refuse("store/HEAD is there, but no data", None)),
    }
}

/// An empty store: data, then `HEAD`, then `CURRENT`, each durable before the next.
fn fresh(options: &StoreOptions, layout: &Layout) -> Result<(Handle, Mark), OpenError> {
    let handle = Handle::open(&layout.generation(1), options.limits.cache_bytes).map_err(fault_error)?;
    handle.sync().map_err(|e| fault_error(e.into()))?;
    let mark = Mark::default();
    HeadFile::open(&layout.head(), &mark).map_err(|e| io_error(&e))?;
    layout.set_current(1).map_err(|e| io_error(&e))?;
    Ok((handle, mark))
}

fn climb(
    options: &StoreOptions,
    layout: &Layout,
    clock: &Clock,
    number: u32,
    report: &mut OpenReport,
) -> Result<(Handle, Mark), OpenError> {
    let first = match attempt(options, layout, number, report) {
        Ok(opened) => return Ok(opened),
        Err(Mismatch::Fault(fault @ (Fault::Full | Fault::Io(_)))) => return Err(fault_error(fault)),
        Err(damage) => damage.to_string(),
    };
    let quarantine =
        quarantine(layout, clock).map_err(|e| refuse(&format!("{first}; and no copy could be made: {e}"), None))?;
    tracing::error!(damage = first, copy = %quarantine.display(), "the store is damaged; a copy was made before any repair");
    report.repairs.push(Repair::Quarantined { copy: quarantine.clone(), damage: first.clone() });
    drop_rebuilt(&layout.generation(number)).map_err(|e| io_error(&e))?;
    match attempt(options, layout, number, report) {
        Ok(opened) => {
            report.repairs.push(Repair::SnapshotDropped);
            return Ok(opened);
        }
        Err(e) => tracing::error!(error = %e, "dropping sled's snapshot did not help"),
    }
    let Some(backup_dir) = &options.backup_dir else { return Err(refuse(&first, Some(quarantine))) };
    let head = match head::read(&layout.head()) {
        Ok(Found::Mark { mark, .. }) => Some(mark.store_seq),
        _ => None,
    };
    let (path, manifest) = backup::newest_valid(backup_dir)
        .ok_or_else(|| refuse(&format!("{first}; no valid backup was found"), Some(quarantine.clone())))?;
    let aside = quarantine.with_extension("store");
    fs::rename(layout.store(), &aside).map_err(|e| io_error(&e))?;
    if let Err(e) = backup::restore_into(&path, layout, options.limits.cache_bytes) {
        return Err(refuse(
            &format!("{first}; and the backup {} could not be restored: {e}", path.display()),
            Some(quarantine),
        ));
    }
    let lost = head.map(|head| head.saturating_sub(manifest.store_seq.0));
    report.repairs.push(Repair::BackupRestored { backup: path, store_seq: manifest.store_seq, commits_lost: lost });
    let number =
        layout.current().map_err(|e| io_error(&e))?.ok_or_else(|| refuse("the restored store has no data", None))?;
    attempt(options, layout, number, report).map_err(|e| refuse(&e.to_string(), Some(aside)))
}

/// One try: open, find the end of the log, compare with `HEAD`, check the newest records.
fn attempt(
    options: &StoreOptions,
    layout: &Layout,
    number: u32,
    report: &mut OpenReport,
) -> Result<(Handle, Mark), Mismatch> {
    let dir = layout.generation(number);
    if !dir.join("db").exists() {
        return Err(Mismatch::Found(format!("{} is missing", dir.display())));
    }
    let handle = open_on_full_disk(options, layout, &dir, report)?;
    let mark = verify::end_of_log(handle.trees())?;
    let found = head::read(&layout.head()).map_err(Fault::from)?;
    if let Found::Mark { mark: head, other_damaged } = &found {
        verify::against_head(handle.trees(), &mark, head)?;
        report.behind_head = mark.store_seq - head.store_seq;
        if *other_damaged {
            tracing::info!("one slot of HEAD was torn; the other one is good");
        }
    }
    if verify::needs_full_check(&found, &mark) {
        match verify::all(handle.trees())? {
            Outcome::Good(_) => {}
            Outcome::Moved => return Err(Mismatch::Found("the log does not agree with the rows".into())),
        }
        tracing::error!("HEAD was lost and is written anew; whether the newest commits are there cannot be proved");
        report.repairs.push(Repair::HeadRebuilt);
    } else {
        verify::tail(handle.trees(), &mark, options.limits.verify_tail_records)?;
    }
    // What was read may so far be only in the kernel's cache, if the process was killed between flush and sync.
    handle.sync().map_err(Fault::from)?;
    if !matches!(layout.current(), Ok(Some(current)) if current == number) {
        layout.set_current(number).map_err(Fault::from)?;
    }
    Ok((handle, mark))
}

fn open_on_full_disk(
    options: &StoreOptions,
    layout: &Layout,
    dir: &Path,
    report: &mut OpenReport,
) -> Result<Handle, Fault> {
    match Handle::open(dir, options.limits.cache_bytes) {
        Err(Fault::Full) if disk::release_reserve(layout) => {
            report.repairs.push(Repair::ReserveReleased);
            let opened = Handle::open(dir, options.limits.cache_bytes);
            if let Err(e) = disk::retake_reserve(layout, options.limits.reserve_bytes) {
                tracing::warn!(error = %e, "the reserve file could not be made again");
            }
            opened
        }
        other => other,
    }
}

/// Removes half-made generations and compacts when the directory has grown out of proportion.
fn tidy(options: &StoreOptions, layout: &Layout, handle: Handle, report: &mut OpenReport) -> Result<Handle, OpenError> {
    let number = layout.current().map_err(|e| io_error(&e))?.ok_or_else(|| refuse("store/CURRENT is missing", None))?;
    layout.remove_leftovers(number).map_err(|e| io_error(&e))?;
    let disk_bytes = disk::disk_bytes(handle.dir()).map_err(|e| io_error(&e))?;
    let limits = &options.limits;
    if disk_bytes < limits.compact_bytes_min {
        return Ok(handle);
    }
    let live = compact::live_bytes(handle.trees()).map_err(fault_error)?;
    let room = disk::free_bytes(&layout.root).map_err(|e| io_error(&e))?
        > live.saturating_mul(4).saturating_add(limits.free_bytes_min);
    if disk_bytes / limits.compact_ratio.max(1) < live || !room {
        return Ok(handle);
    }
    match compact::rewrite(layout, &handle, limits.cache_bytes) {
        Ok(fresh) => {
            let old = handle.dir().to_owned();
            drop(handle);
            fs::remove_dir_all(old).map_err(|e| io_error(&e))?;
            report.repairs.push(Repair::Compacted { bytes_before: disk_bytes });
            Ok(fresh)
        }
        Err(e) => {
            tracing::warn!(error = %e, "the store could not be compacted and goes on as it is");
            Ok(handle)
        }
    }
}

fn quarantine(layout: &Layout, clock: &Clock) -> io::Result<PathBuf> {
    let stamp = clock.now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let mut target = layout.root.join(format!("quarantine-{stamp}"));
    let mut again = 1;
    while target.exists() {
        again += 1;
        target = layout.root.join(format!("quarantine-{stamp}-{again}"));
    }
    disk::copy_dir(&layout.store(), &target)?;
    disk::sync_dir(&layout.root)?;
    Ok(target)
}

/// Deletes what sled makes again: its snapshots, and its configuration, which is always ours.
fn drop_rebuilt(generation: &Path) -> io::Result<()> {
    for entry in fs::read_dir(generation)? {
        let entry = entry?;
        let name = entry.file_name();
        if name == "conf" || name.to_string_lossy().starts_with("snap.") {
            fs::remove_file(entry.path())?;
        }
    }
    disk::sync_dir(generation)
}

fn refuse(what: &str, quarantine: Option<PathBuf>) -> OpenError {
    OpenError::Damaged { what: what.to_owned(), quarantine }
}

fn io_error(error: &io::Error) -> OpenError {
    match error.kind() {
        io::ErrorKind::StorageFull => OpenError::NoSpace,
        _ => OpenError::Io(error.to_string()),
    }
}

fn fault_error(fault: Fault) -> OpenError {
    match fault {
        Fault::Full => OpenError::NoSpace,
        Fault::Corrupt(_) | Fault::Panic(_) => refuse(&fault.to_string(), None),
        Fault::Io(text) => OpenError::Io(text),
    }
}

/// How long opening took, in whole milliseconds.
pub(super) fn millis(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}
