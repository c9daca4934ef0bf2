//! The data directory: its lock, its layout, the reserve file, free space, and syncs of directories.
//!
//! ```text
//! LOCK                     held while a process has the store open; holds its pid
//! RESERVE                  real blocks, given back so that the store can be opened on a full disk
//! quarantine-<time>/       copy of a damaged store, made before any repair; never deleted by the program
//! store/DO-NOT-DELETE      says what this is
//! store/CURRENT            name of the generation in use
//! store/HEAD               newest acknowledged commit, see `head`
//! store/gen-000001/        a sled database; compaction writes the next one and moves CURRENT
//! ```

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// Paths below a data directory.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// The data directory.
    pub root: PathBuf,
}

impl Layout {
    pub(super) fn store(&self) -> PathBuf {
        self.root.join("store")
    }
    pub(super) fn head(&self) -> PathBuf {
        self.store().join("HEAD")
    }
    pub(super) fn reserve(&self) -> PathBuf {
        self.root.join("RESERVE")
    }
    pub(super) fn generation(&self, number: u32) -> PathBuf {
        self.store().join(generation_name(number))
    }

    /// Makes the directories and the note that keeps operators from deleting them.
    pub(super) fn create(&self) -> io::Result<()> {
        let store = self.store();
        let note = store.join("DO-NOT-DELETE");
        if note.exists() {
            return Ok(());
        }
        fs::create_dir_all(&store)?;
        write_synced(&note, NOTE.as_bytes())?;
        sync_dir(&self.root)
    }

    /// Number of the generation in use; `None` in a new store.
    pub(super) fn current(&self) -> io::Result<Option<u32>> {
        let text = match fs::read_to_string(self.store().join("CURRENT")) {
            Ok(text) => text,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e),
        };
        let number = text.trim().strip_prefix("gen-").and_then(|n| n.parse().ok());
        number
            .map(Some)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "store/CURRENT does not name a generation"))
    }

    /// Names the generation in use: write, sync, rename, sync of the directory.
    pub(super) fn set_current(&self, number: u32) -> io::Result<()> {
        let fresh = self.store().join("CURRENT.new");
        write_synced(&fresh, format!("{}\n", generation_name(number)).as_bytes())?;
        fs::rename(&fresh, self.store().join("CURRENT"))?;
        sync_dir(&self.store())
    }

    /// Generations on the disk, ascending.
    pub(super) fn generations(&self) -> io::Result<Vec<u32>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(self.store())? {
            let name = entry?.file_name();
            found.extend(name.to_str().and_then(|n| n.strip_prefix("gen-")).and_then(|n| n.parse::<u32>().ok()));
        }
        found.sort_unstable();
        Ok(found)
    }

    /// Deletes generations other than the one in use: a compaction was cut short before or after its swap.
    pub(super) fn remove_leftovers(&self, current: u32) -> io::Result<()> {
        for number in self.generations()? {
            if number != current {
                fs::remove_dir_all(self.generation(number))?;
            }
        }
        sync_dir(&self.store())
    }
}

/// Takes the data directory for this process; the lock goes with the returned file, also when the process dies.
pub(super) fn lock(root: &Path) -> Result<File, LockError> {
    fs::create_dir_all(root)?;
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(root.join("LOCK"))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            // The pid is only for the message.
            let _ = file.read_to_string(&mut holder);
            return Err(LockError::Held { pid: holder.trim().to_owned() });
        }
        Err(TryLockError::Error(e)) => return Err(LockError::Io(e)),
    }
    // On a full disk the pid cannot be written; the lock holds all the same.
    let _ = file.set_len(0).and_then(|()| file.write_all_at(format!("{}\n", std::process::id()).as_bytes(), 0));
    Ok(file)
}

/// Why the data directory was not given to us.
#[derive(Debug, thiserror::Error)]
pub(super) enum LockError {
    #[error("held by process {pid}")]
    Held { pid: String },
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Bytes that an ordinary user may still write on the file system of `path`.
pub(super) fn free_bytes(path: &Path) -> io::Result<u64> {
    let stat = rustix::fs::statvfs(path)?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
}

/// Makes the reserve file if it is missing or short and there is room for it beside `keep_free`; true if it is whole.
pub(super) fn make_reserve(layout: &Layout, bytes: u64, keep_free: u64) -> io::Result<bool> {
    let has = fs::metadata(layout.reserve()).map_or(0, |m| m.len());
    if has >= bytes {
        return Ok(true);
    }
    if free_bytes(&layout.root)? < keep_free.saturating_add(bytes - has) {
        return Ok(false);
    }
    write_reserve(layout, bytes)?;
    Ok(true)
}

/// Takes back what there is of a reserve that was released, and leaves a quarter of it for sled's small writes.
///
/// The rest will do for the next time: the tail of the segment has its blocks by now, and nothing is committed until
/// the reserve is whole again.
pub(super) fn retake_reserve(layout: &Layout, bytes: u64) -> io::Result<()> {
    write_reserve(layout, bytes.min(free_bytes(&layout.root)?.saturating_sub(bytes / 4)))
}

/// Written, not `fallocate`d, so that the blocks are real on every file system.
fn write_reserve(layout: &Layout, bytes: u64) -> io::Result<()> {
    let mut file = File::create(layout.reserve())?;
    let block = vec![0x5a_u8; 64 << 10];
    let mut left = bytes;
    while left > 0 {
        let now = left.min(block.len() as u64);
        file.write_all(&block[..usize::try_from(now).expect("at most one block")])?;
        left -= now;
    }
    file.sync_all()
}

/// Gives the reserve back to the file system; true if there was one.
pub(super) fn release_reserve(layout: &Layout) -> bool {
    fs::remove_file(layout.reserve()).is_ok()
}

/// Makes names in a directory durable.
pub(super) fn sync_dir(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Writes a small file and makes its content and its name durable.
pub(super) fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    path.parent().map_or(Ok(()), sync_dir)
}

/// Bytes that the files below `path` occupy on the disk.
pub(super) fn disk_bytes(path: &Path) -> io::Result<u64> {
    use std::os::unix::fs::MetadataExt;
    let mut total = 0;
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let meta = match entry.metadata() {
            Ok(meta) => meta,
            // sled removes old snapshot files while we look.
            Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
            Err(e) => return Err(e),
        };
        total += if meta.is_dir() { disk_bytes(&entry.path())? } else { meta.blocks() * 512 };
    }
    Ok(total)
}

/// Copies a directory tree and syncs the copy.
pub(super) fn copy_dir(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_dir(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
            File::open(&target)?.sync_all()?;
        }
    }
    sync_dir(to)
}

fn generation_name(number: u32) -> String {
    format!("gen-{number:06}")
}

const NOTE: &str = "\
Hier liegt der gesamte Bestand der Mitmachbox. Nichts in diesem Verzeichnis ist ein Protokoll oder ein Zwischenspeicher.
Wenn die Platte voll ist, bitte anderswo Platz schaffen; das Verzeichnis index/ darf dagegen gefahrlos geloescht werden.

This directory is the whole database of Mitmachbox. Nothing in it is a log file or a cache.
If the disk is full, make room elsewhere; the directory index/ may be deleted without loss.
";
