//! From a backup to a store that verifies.

use std::path::Path;

use super::{BackupError, Lines, Manifest, file_of, files_of, verify};
use crate::model::id::{EntryId, RevisionNumber};
use crate::model::record::EntryRecord;
use crate::store::apply::revision_key;
use crate::store::codec::{self, Digest};
use crate::store::commit::Document;
use crate::store::compact::fill;
use crate::store::disk::{self, Layout, LockError};
use crate::store::head::HeadFile;
use crate::store::log::{self, PublicRow};
use crate::store::side::{self, SideTree};
use crate::store::sled_db::{Fault, Handle, Trees, guarded, tree};
use crate::store::verify::{self as check, Outcome, VerifyReport};
use crate::store::{OpenError, StoreLimits};

type Row = (Vec<u8>, Vec<u8>);

/// Restores a backup into a data directory that holds no store, then checks all of it. Blocking.
pub fn restore(backup: &Path, data_dir: &Path) -> Result<(Manifest, VerifyReport), BackupError> {
    let layout = Layout { root: data_dir.to_owned() };
    let _lock = disk::lock(data_dir).map_err(|e| match e {
        LockError::Held { pid } => BackupError::Open(OpenError::Locked { data_dir: data_dir.to_owned(), pid }),
        LockError::Io(e) => e.into(),
    })?;
    restore_into(backup, &layout, StoreLimits::default().cache_bytes)
}

/// As [`restore`], with the data directory already locked.
///
/// The log goes in last and `HEAD` and `CURRENT` after it: a restore that is cut short never passes for a store.
pub(in crate::store) fn restore_into(
    backup: &Path,
    layout: &Layout,
    cache_bytes: u64,
) -> Result<(Manifest, VerifyReport), BackupError> {
    let manifest = verify(backup)?;
    if layout.store().exists() && std::fs::read_dir(layout.store())?.next().is_some() {
        return Err(BackupError::Exists(layout.store()));
    }
    layout.create()?;
    let handle = Handle::open(&layout.generation(1), cache_bytes)?;
    load(backup, &manifest, &handle)?;
    handle.sync().map_err(Fault::from)?;
    let mark = check::end_of_log(handle.trees()).map_err(|e| BackupError::Damaged(e.to_string()))?;
    if mark.store_seq != manifest.store_seq.0 || codec::hex(&mark.hash) != manifest.hash {
        return Err(BackupError::Damaged("the restored log does not end where the manifest says".into()));
    }
    let report = match check::all(handle.trees()).map_err(|e| BackupError::Damaged(e.to_string()))? {
        Outcome::Good(report) => report,
        Outcome::Moved => return Err(BackupError::Damaged("the log does not agree with the rows".into())),
    };
    HeadFile::open(&layout.head(), &mark)?;
    layout.set_current(1)?;
    Ok((manifest, report))
}

fn load(backup: &Path, manifest: &Manifest, handle: &Handle) -> Result<(), BackupError> {
    let trees = handle.trees();
    fill_from(
        backup,
        tree::ENTRIES,
        |json| {
            let record: EntryRecord = serde_json::from_slice(json)?;
            let key = record.id.as_bytes().to_vec();
            for slug in record.old_slugs.iter().chain([&record.slug]) {
                let value = codec::seal(tree::SLUGS, slug.as_bytes(), &codec::json(&record.id));
                // An address claimed twice shows up in the check that follows.
                trees.slugs.insert(slug, value).map_err(serde_fault)?;
            }
            Ok(row(tree::ENTRIES, key, json))
        },
        &trees.entries,
    )?;
    fill_from(
        backup,
        tree::DOCUMENTS,
        |json| {
            let document: Document = serde_json::from_slice(json)?;
            Ok(row(tree::DOCUMENTS, document.name.into_bytes(), json))
        },
        &trees.documents,
    )?;
    load_side_trees(backup, manifest, trees)?;
    fill_from(
        backup,
        tree::REVISIONS,
        |json| {
            let id: RevisionId = serde_json::from_slice(json)?;
            Ok(row(tree::REVISIONS, revision_key(id.id, id.number).to_vec(), json))
        },
        &trees.revisions,
    )?;
    fill_from(
        backup,
        tree::LOG,
        |json| {
            let (record, _) = log::parse(json)?;
            if let Some(public) = record.public {
                let key = public.seq.0.to_be_bytes();
                let value = codec::seal(tree::PUBLIC, &key, &codec::json(&PublicRow { store_seq: record.seq }));
                trees.public.insert(key, value).map_err(serde_fault)?;
            }
            Ok(row(tree::LOG, record.seq.0.to_be_bytes().to_vec(), json))
        },
        &trees.log,
    )
}

/// Tokens and notices, and the row in `meta` that vouches for them.
fn load_side_trees(backup: &Path, manifest: &Manifest, trees: &Trees) -> Result<(), BackupError> {
    let mut digest = Digest::default();
    let there = |side: &SideTree| files_of(manifest.format_version).any(|name| name == side.name());
    for side in SideTree::ALL.into_iter().filter(there) {
        let to_row = |line: &[u8]| {
            let (key, json) = split_side_line(line)?;
            side.toggle(&mut digest, key.as_bytes(), json);
            Ok(row(side.name(), key.into_bytes(), json))
        };
        fill_from(backup, side.name(), to_row, side.of(trees))?;
    }
    let (key, value) = side::sealed_meta(manifest.side_seq, digest);
    guarded(|| trees.meta.insert(key, value))?;
    Ok(())
}

/// The part of a revision that makes its key.
#[derive(serde::Deserialize)]
struct RevisionId {
    id: EntryId,
    number: RevisionNumber,
}

fn fill_from(
    backup: &Path,
    name: &'static str,
    mut to_row: impl FnMut(&[u8]) -> Result<Row, serde_json::Error>,
    target: &sled::Tree,
) -> Result<(), BackupError> {
    let mut lines = Lines::open(backup, &file_of(name))?;
    let rows = std::iter::from_fn(|| match lines.next_line() {
        Ok(Some(line)) => Some(to_row(line).map_err(|e| Fault::Corrupt(format!("{name}: {e}")))),
        Ok(None) => None,
        Err(e) => Some(Err(Fault::Io(e.to_string()))),
    });
    fill(target, rows)?;
    Ok(())
}

fn row(name: &'static str, key: Vec<u8>, json: &[u8]) -> Row {
    let value = codec::seal(name, &key, json);
    (key, value)
}

/// Key and value of a line of a side tree; the value's bytes as they are.
fn split_side_line(line: &[u8]) -> Result<(String, &[u8]), serde_json::Error> {
    use serde::de::Error as _;
    let shape = || serde_json::Error::custom("not a key with its value");
    let rest = line.strip_prefix(b"{\"key\":").ok_or_else(shape)?;
    let mut keys = serde_json::Deserializer::from_slice(rest).into_iter::<String>();
    let key = keys.next().ok_or_else(shape)??;
    let rest = rest.get(keys.byte_offset()..).ok_or_else(shape)?;
    let json = rest.strip_prefix(b",\"value\":").and_then(|r| r.strip_suffix(b"}")).ok_or_else(shape)?;
    serde_json::from_slice::<serde::de::IgnoredAny>(json)?;
    Ok((key, json))
}

fn serde_fault(error: sled::Error) -> serde_json::Error {
    serde_json::Error::io(std::io::Error::other(error.to_string()))
}
