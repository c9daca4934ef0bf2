//! Backups: JSON Lines, the format of record, independent of sled.
//!
//! A backup is a directory with `entries.jsonl`, `documents.jsonl`, `tokens.jsonl`, `notices.jsonl`, `revisions.jsonl`,
//! `log.jsonl` (each line the stored JSON, in the order of the keys) and `manifest.json`, which is written last and
//! holds the SHA-256 of each file and the end of the hash chain. What can be derived (addresses, public feed) is left out.
//! The same store gives the same bytes, so a restored store can be compared with its origin.
//!
//! It is consistent under write load: what changes in place is written while the writer holds still (a tenth of a
//! second for 10,000 entries); revisions and log only ever grow and are written afterwards, up to the same number.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::codec::{self, Digest};
use super::disk;
use super::head::Mark;
use super::side::SideTree;
use super::sled_db::{Fault, Trees, tree};
use super::{OpenError, ReadError, Store, log};
use crate::model::id::{EntryId, PublicSeq, StoreSeq};
use crate::model::record::EntryRecord;

mod restore;

pub use restore::restore;
pub(super) use restore::restore_into;

/// Version of the layout described above. Version 1 had no `notices.jsonl`.
const FORMAT_VERSION: u32 = 2;
const MANIFEST: &str = "manifest.json";
/// Longest line that is read: a stored value, quoted at worst, with room to spare.
const LINE_BYTES_MAX: u64 = 1 << 20;

/// What a backup says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// `mitmachbox-backup`.
    pub format: String,
    /// Version of the format.
    pub format_version: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// Newest commit in it.
    pub store_seq: StoreSeq,
    /// Newest public change in it.
    pub public_seq: PublicSeq,
    /// Hash of the newest log record.
    pub hash: String,
    /// Number of the newest write of a token or notice; version 1 counted tokens alone.
    #[serde(rename = "token_seq")]
    pub side_seq: u64,
    /// Its files.
    pub files: Vec<Part>,
}

/// One file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Name in the directory.
    pub name: String,
    /// Rows.
    pub lines: u64,
    /// Size.
    pub bytes: u64,
    /// SHA-256 (hex).
    pub sha256: String,
}

/// Why a backup was not made, is not valid, or was not restored.
#[derive(Clone, Debug, thiserror::Error)]
pub enum BackupError {
    /// There is something where it should go.
    #[error("{} exists already", .0.display())]
    Exists(PathBuf),
    /// The backup is not what its manifest says.
    #[error("the backup is damaged: {0}")]
    Damaged(String),
    /// Made by a newer program.
    #[error("the backup has format version {0}, this program reads up to {FORMAT_VERSION}")]
    Newer(u32),
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] ReadError),
    /// The data directory could not be taken.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The disk refused.
    #[error("the disk refused: {0}")]
    Io(String),
}

impl From<io::Error> for BackupError {
    fn from(error: io::Error) -> Self {
        Self::Io(error.to_string())
    }
}

impl From<Fault> for BackupError {
    fn from(fault: Fault) -> Self {
        Self::Io(fault.to_string())
    }
}

/// Writes a backup of an open store to the directory `target`, which must not exist. Blocking.
pub fn create(store: &Store, target: &Path) -> Result<Manifest, BackupError> {
    if target.exists() {
        return Err(BackupError::Exists(target.to_owned()));
    }
    let partial = target.with_extension("partial");
    if partial.exists() {
        fs::remove_dir_all(&partial)?;
    }
    fs::create_dir_all(&partial)?;
    let dir = partial.clone();
    let (mark, revisions, mut files) = store.on_writer(move |writer| {
        let handle = writer.shared.handle().ok_or(ReadError::Closed)?;
        write_mutable(handle.trees(), &dir).map(|(revisions, files)| (writer.mark, revisions, files))
    })??;
    store
        .shared()
        .read(|trees| Ok(write_growing(trees, &partial, &mark, &revisions)))?
        .map(|parts| files.extend(parts))?;
    let manifest = Manifest {
        format: "mitmachbox-backup".into(),
        format_version: FORMAT_VERSION,
        created_at: store.shared().clock.now(),
        store_seq: StoreSeq(mark.store_seq),
        public_seq: PublicSeq(mark.public_seq),
        hash: codec::hex(&mark.hash),
        side_seq: mark.side_seq,
        files,
    };
    let mut json = serde_json::to_vec_pretty(&manifest).map_err(|e| BackupError::Io(e.to_string()))?;
    json.push(b'\n');
    disk::write_synced(&partial.join(MANIFEST), &json)?;
    fs::rename(&partial, target)?;
    disk::sync_dir(target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")))?;
    Ok(manifest)
}

/// Checks a backup: every file against the manifest, and the chain of the log to its end.
pub fn verify(backup: &Path) -> Result<Manifest, BackupError> {
    let manifest = read_manifest(backup)?;
    for part in &manifest.files {
        let mut lines = Lines::open(backup, &part.name)?;
        while lines.next_line()?.is_some() {}
        let found = lines.part();
        if found != *part {
            return Err(BackupError::Damaged(format!("{} is not the file that the manifest names", part.name)));
        }
    }
    let mut chain = (0_u64, Digest::default(), 0_u64);
    let mut lines = Lines::open(backup, &file_of(tree::LOG))?;
    while let Some(line) = lines.next_line()? {
        let (record, hash) =
            log::parse(line).map_err(|e| BackupError::Damaged(format!("log record {}: {e}", chain.0 + 1)))?;
        if record.seq.0 != chain.0 + 1 || record.prev_hash != codec::hex(&chain.1) {
            return Err(BackupError::Damaged(format!("the chain of the log is broken at record {}", chain.0 + 1)));
        }
        chain = (record.seq.0, hash, record.public.map_or(chain.2, |p| p.seq.0));
    }
    if chain.0 != manifest.store_seq.0 || codec::hex(&chain.1) != manifest.hash || chain.2 != manifest.public_seq.0 {
        return Err(BackupError::Damaged("the log does not end where the manifest says".into()));
    }
    Ok(manifest)
}

/// The valid backup with the newest commit among the directories below `dir`.
pub fn newest_valid(dir: &Path) -> Option<(PathBuf, Manifest)> {
    let mut candidates: Vec<(StoreSeq, PathBuf)> = fs::read_dir(dir)
        .ok()?
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| path.extension().is_none_or(|e| e != "partial"))
        .filter_map(|path| read_manifest(&path).ok().map(|manifest| (manifest.store_seq, path)))
        .collect();
    candidates.sort();
    candidates.into_iter().rev().find_map(|(_, path)| match verify(&path) {
        Ok(manifest) => Some((path, manifest)),
        Err(e) => {
            tracing::warn!(backup = %path.display(), error = %e, "a backup is not valid");
            None
        }
    })
}

fn read_manifest(backup: &Path) -> Result<Manifest, BackupError> {
    let json = fs::read(backup.join(MANIFEST))?;
    let manifest: Manifest =
        serde_json::from_slice(&json).map_err(|e| BackupError::Damaged(format!("{MANIFEST}: {e}")))?;
    if manifest.format_version > FORMAT_VERSION {
        return Err(BackupError::Newer(manifest.format_version));
    }
    let wanted = files_of(manifest.format_version).map(file_of);
    if !manifest.files.iter().map(|part| part.name.clone()).eq(wanted) {
        return Err(BackupError::Damaged("the manifest does not name the files of its version".into()));
    }
    Ok(manifest)
}

/// What changes in place, while the writer holds still; and the newest revision of each entry.
fn write_mutable(trees: &Trees, dir: &Path) -> Result<(HashMap<EntryId, u32>, Vec<Part>), BackupError> {
    let mut newest = HashMap::new();
    let mut entries = Lines::create(dir, tree::ENTRIES)?;
    for row in trees.entries.iter() {
        let (key, value) = row.map_err(Fault::from)?;
        let json = stored(tree::ENTRIES, &key, &value)?;
        let record: EntryRecord = serde_json::from_slice(json).map_err(|e| BackupError::Damaged(e.to_string()))?;
        newest.insert(record.id, record.revision.0);
        entries.line(json)?;
    }
    let mut documents = Lines::create(dir, tree::DOCUMENTS)?;
    for row in trees.documents.iter() {
        let (key, value) = row.map_err(Fault::from)?;
        documents.line(stored(tree::DOCUMENTS, &key, &value)?)?;
    }
    let mut parts = vec![entries.finish()?, documents.finish()?];
    for side in SideTree::ALL {
        let mut lines = Lines::create(dir, side.name())?;
        for row in side.of(trees).iter() {
            let (key, value) = row.map_err(Fault::from)?;
            lines.line(&side_line(&key, stored(side.name(), &key, &value)?))?;
        }
        parts.push(lines.finish()?);
    }
    Ok((newest, parts))
}

/// What only grows, up to the mark.
fn write_growing(
    trees: &Trees,
    dir: &Path,
    mark: &Mark,
    newest: &HashMap<EntryId, u32>,
) -> Result<Vec<Part>, BackupError> {
    let mut revisions = Lines::create(dir, tree::REVISIONS)?;
    for row in trees.revisions.iter() {
        let (key, value) = row.map_err(Fault::from)?;
        let (id, number) = key.split_at_checked(16).ok_or_else(|| BackupError::Damaged("a key is too short".into()))?;
        let id = uuid::Uuid::from_slice(id).map(EntryId).map_err(|e| BackupError::Damaged(e.to_string()))?;
        let number =
            number.try_into().map(u32::from_be_bytes).map_err(|_| BackupError::Damaged("a key is no number".into()))?;
        if newest.get(&id).is_some_and(|up_to| number <= *up_to) {
            revisions.line(stored(tree::REVISIONS, &key, &value)?)?;
        }
    }
    let mut records = Lines::create(dir, tree::LOG)?;
    for row in trees.log.range(..=mark.store_seq.to_be_bytes()) {
        let (key, value) = row.map_err(Fault::from)?;
        records.line(stored(tree::LOG, &key, &value)?)?;
    }
    Ok(vec![revisions.finish()?, records.finish()?])
}

fn stored<'a>(name: &'static str, key: &[u8], value: &'a [u8]) -> Result<&'a [u8], BackupError> {
    codec::open(name, key, value).map_err(|e| BackupError::Damaged(e.to_string()))
}

/// A row of a side tree. The value goes in byte for byte, because the digest covers its bytes.
fn side_line(key: &[u8], json: &[u8]) -> Vec<u8> {
    let mut line = b"{\"key\":".to_vec();
    line.extend_from_slice(&codec::json(&String::from_utf8_lossy(key)));
    line.extend_from_slice(b",\"value\":");
    line.extend_from_slice(json);
    line.push(b'}');
    line
}

/// Trees whose files a backup of this version has, in the order of the manifest.
fn files_of(format_version: u32) -> impl Iterator<Item = &'static str> {
    let all = [tree::ENTRIES, tree::DOCUMENTS, tree::TOKENS, tree::NOTICES, tree::REVISIONS, tree::LOG];
    all.into_iter().filter(move |name| format_version >= 2 || *name != tree::NOTICES)
}

fn file_of(tree: &str) -> String {
    format!("{tree}.jsonl")
}

/// A file of lines that is hashed while it is written or read.
struct Lines<F> {
    file: F,
    part: Part,
    hasher: Sha256,
    buffer: Vec<u8>,
}

impl Lines<BufWriter<File>> {
    fn create(dir: &Path, tree: &str) -> Result<Self, BackupError> {
        let name = file_of(tree);
        Ok(Self::over(BufWriter::new(File::create(dir.join(&name))?), name))
    }

    fn line(&mut self, json: &[u8]) -> Result<(), BackupError> {
        for bytes in [json, b"\n"] {
            self.file.write_all(bytes)?;
            self.hasher.update(bytes);
            self.part.bytes += bytes.len() as u64;
        }
        self.part.lines += 1;
        Ok(())
    }

    fn finish(mut self) -> Result<Part, BackupError> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        Ok(self.part())
    }
}

impl Lines<BufReader<File>> {
    fn open(dir: &Path, name: &str) -> Result<Self, BackupError> {
        Ok(Self::over(BufReader::new(File::open(dir.join(name))?), name.to_owned()))
    }

    /// The next line without its end; `None` at the end of the file.
    fn next_line(&mut self) -> Result<Option<&[u8]>, BackupError> {
        self.buffer.clear();
        let read = io::Read::take(&mut self.file, LINE_BYTES_MAX).read_until(b'\n', &mut self.buffer)?;
        if read == 0 {
            return Ok(None);
        }
        self.hasher.update(&self.buffer);
        self.part.bytes += read as u64;
        self.part.lines += 1;
        match self.buffer.split_last() {
            Some((b'\n', line)) => Ok(Some(line)),
            _ => Err(BackupError::Damaged(format!("{} ends within a line, or the line is too long", self.part.name))),
        }
    }
}

impl<F> Lines<F> {
    fn over(file: F, name: String) -> Self {
        let part = Part { name, lines: 0, bytes: 0, sha256: String::new() };
        Self { file, part, hasher: Sha256::new(), buffer: Vec::new() }
    }

    fn part(&self) -> Part {
        Part { sha256: codec::hex(&self.hasher.clone().finalize()), ..self.part.clone() }
    }
}
