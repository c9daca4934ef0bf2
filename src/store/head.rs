//! `HEAD`: the newest acknowledged commit, outside sled.
//!
//! sled drops everything behind a damaged page without a word. The log's hash chain shows a gap in the middle, but
//! not a missing end; this file does. Two slots, each in a block of its own, are written in turn, so a torn write
//! costs at most the slot it hits, and the other one is a commit older, which the log then proves.
//! `HEAD` is written after the store is synced and before the commit is acknowledged: behind the log it is normal
//! after a crash, ahead of the log it means that acknowledged data are gone.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::codec::Digest;
use super::disk;
use super::fault::{self, Synced};

const MAGIC: &[u8; 8] = b"MBXHEAD1";
/// Slots lie a file system block apart.
const SLOT_STRIDE: u64 = 4_096;
const SLOT_BYTES: usize = 8 + 8 + 8 + 8 + 32 + 8 + 32 + 4;

/// Where the store stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// Newest commit; also the number of log records, as the log has no gaps.
    pub store_seq: u64,
    /// Newest public change.
    pub public_seq: u64,
    /// Hash of the newest log record, which stands for the whole chain.
    pub hash: Digest,
    /// Counts writes to the side trees (tokens, notices).
    pub side_seq: u64,
    /// XOR of the hashes of all rows of the side trees.
    pub side_digest: Digest,
}

/// What was found in the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// No such file.
    Missing,
    /// The newest valid slot, and whether the other one is damaged.
    Mark { mark: Mark, other_damaged: bool },
    /// No slot is valid.
    Damaged,
}

/// The open file.
#[derive(Debug)]
pub(super) struct HeadFile {
    file: File,
    /// Counts writes, picks the slot.
    turn: u64,
}

/// Reads `HEAD` without changing it.
pub(super) fn read(path: &Path) -> io::Result<Found> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Found::Missing),
        Err(e) => return Err(e),
    };
    let slots = [read_slot(&file, 0)?, read_slot(&file, 1)?];
    Ok(match slots {
        [Some((turn_a, a)), Some((turn_b, b))] => {
            Found::Mark { mark: if turn_a > turn_b { a } else { b }, other_damaged: false }
        }
        [Some((_, mark)), None] | [None, Some((_, mark))] => Found::Mark { mark, other_damaged: true },
        [None, None] => Found::Damaged,
    })
}

impl HeadFile {
    /// Opens or creates the file so that both slots hold `mark`.
    pub(super) fn open(path: &Path, mark: &Mark) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let newest = [read_slot(&file, 0)?, read_slot(&file, 1)?].into_iter().flatten().map(|(turn, _)| turn).max();
        let mut head = Self { file, turn: newest.unwrap_or(0) };
        // The slot that is not the newest is written first: at every moment one valid slot is on the disk.
        head.write(mark)?;
        head.write(mark)?;
        if let Some(dir) = path.parent() {
            disk::sync_dir(dir)?;
        }
        Ok(head)
    }

    /// Writes the next slot and syncs it.
    pub(super) fn write(&mut self, mark: &Mark) -> io::Result<()> {
        fault::point("store::head")?;
        let turn = self.turn + 1;
        self.file.write_all_at(&encode(turn, mark), (turn % 2) * SLOT_STRIDE)?;
        fault::sync_data(&self.file, Synced::Head)?;
        self.turn = turn;
        Ok(())
    }
}

fn encode(turn: u64, mark: &Mark) -> Vec<u8> {
    let mut slot = Vec::with_capacity(SLOT_BYTES);
    slot.extend_from_slice(MAGIC);
    slot.extend_from_slice(&turn.to_be_bytes());
    slot.extend_from_slice(&mark.store_seq.to_be_bytes());
    slot.extend_from_slice(&mark.public_seq.to_be_bytes());
    slot.extend_from_slice(&mark.hash);
    slot.extend_from_slice(&mark.side_seq.to_be_bytes());
    slot.extend_from_slice(&mark.side_digest);
    slot.extend_from_slice(&crc32fast::hash(&slot).to_be_bytes());
    slot
}

fn read_slot(file: &File, slot: u64) -> io::Result<Option<(u64, Mark)>> {
    let mut bytes = [0_u8; SLOT_BYTES];
    match file.read_exact_at(&mut bytes, slot * SLOT_STRIDE) {
        Ok(()) => Ok(decode(&bytes)),
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(e) => Err(e),
    }
}

fn decode(bytes: &[u8; SLOT_BYTES]) -> Option<(u64, Mark)> {
    let (body, crc) = bytes.split_last_chunk::<4>()?;
    if !body.starts_with(MAGIC) || crc32fast::hash(body) != u32::from_be_bytes(*crc) {
        return None;
    }
    let number = |at: usize| body.get(at..at + 8).and_then(|b| b.try_into().ok()).map(u64::from_be_bytes);
    let digest = |at: usize| body.get(at..at + 32).and_then(|b| Digest::try_from(b).ok());
    let mark = Mark {
        store_seq: number(16)?,
        public_seq: number(24)?,
        hash: digest(32)?,
        side_seq: number(64)?,
        side_digest: digest(72)?,
    };
    Some((number(8)?, mark))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn mark(seq: u64) -> Mark {
        Mark { store_seq: seq, public_seq: seq / 2, hash: [7; 32], side_seq: 3, side_digest: [9; 32] }
    }

    #[test]
    fn a_torn_write_costs_one_slot() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("HEAD");
        assert_eq!(read(&path).unwrap(), Found::Missing);
        let mut head = HeadFile::open(&path, &mark(1)).unwrap();
        head.write(&mark(2)).unwrap();
        head.write(&mark(3)).unwrap();
        assert_eq!(read(&path).unwrap(), Found::Mark { mark: mark(3), other_damaged: false });

        let mut bytes = std::fs::read(&path).unwrap();
        let newest = usize::try_from((head.turn % 2) * SLOT_STRIDE).unwrap();
        bytes[newest + 20] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(read(&path).unwrap(), Found::Mark { mark: mark(2), other_damaged: true });

        std::fs::write(&path, vec![0; bytes.len()]).unwrap();
        assert_eq!(read(&path).unwrap(), Found::Damaged);
    }
}
