//! Rewriting the store into a fresh sled directory: sled never shrinks, and after 100 crashes it was 70 times too large.
//!
//! Crash-safe at each step: until `CURRENT` is renamed the old generation is the store, afterwards the new one is,
//! and the other is deleted at the next start.

use std::fs;
use std::path::Path;

use super::codec;
use super::disk::Layout;
use super::sled_db::{Fault, Handle, Trees, guarded};

/// Bytes of one batch while copying.
const BATCH_BYTES: usize = 1 << 20;

/// Copies every row into the next generation, compares after reopening it, and makes it the current one.
/// Nothing may write to `from` meanwhile.
pub(super) fn rewrite(layout: &Layout, from: &Handle, cache_bytes: u64) -> Result<Handle, Fault> {
    let current = layout.current()?.unwrap_or(0);
    let number = layout.generations()?.last().copied().unwrap_or(0).max(current) + 1;
    let dir = layout.generation(number);
    let made = copy(from, &dir, cache_bytes);
    match made {
        Ok(handle) => {
            layout.set_current(number)?;
            Ok(handle)
        }
        Err(e) => {
            // Leftovers would only take space; the next start removes them as well.
            let _ = fs::remove_dir_all(&dir);
            Err(e)
        }
    }
}

/// Bytes of keys and values.
pub(super) fn live_bytes(trees: &Trees) -> Result<u64, Fault> {
    guarded(|| {
        let mut total = 0;
        for (_, rows) in trees.all() {
            for row in rows.iter() {
                let (key, value) = row?;
                total += (key.len() + value.len()) as u64;
            }
        }
        Ok::<_, sled::Error>(total)
    })
}

/// Writes rows in batches; the source decides the order.
pub(super) fn fill(
    tree: &sled::Tree,
    rows: impl Iterator<Item = Result<(Vec<u8>, Vec<u8>), Fault>>,
) -> Result<u64, Fault> {
    let mut batch = sled::Batch::default();
    let (mut bytes, mut count) = (0, 0);
    for row in rows {
        let (key, value) = row?;
        bytes += key.len() + value.len();
        count += 1;
        batch.insert(key, value);
        if bytes >= BATCH_BYTES {
            let full = std::mem::take(&mut batch);
            guarded(|| tree.apply_batch(full))?;
            bytes = 0;
        }
    }
    guarded(|| tree.apply_batch(batch))?;
    Ok(count)
}

fn copy(from: &Handle, dir: &Path, cache_bytes: u64) -> Result<Handle, Fault> {
    let to = Handle::open(dir, cache_bytes)?;
    for ((name, source), (_, target)) in from.trees().all().into_iter().zip(to.trees().all()) {
        let rows = source.iter().map(|row| {
            let (key, value) = row.map_err(Fault::from)?;
            codec::open(name, &key, &value).map_err(|e| Fault::Corrupt(e.to_string()))?;
            Ok((key.to_vec(), value.to_vec()))
        });
        fill(target, rows)?;
    }
    to.sync().map_err(Fault::from)?;
    drop(to);
    let to = Handle::open(dir, cache_bytes)?;
    for ((name, source), (_, target)) in from.trees().all().into_iter().zip(to.trees().all()) {
        let same = guarded(|| same_rows(source, target))?;
        if !same {
            return Err(Fault::Corrupt(format!("the copy of tree {name} differs")));
        }
    }
    to.sync().map_err(Fault::from)?;
    Ok(to)
}

fn same_rows(a: &sled::Tree, b: &sled::Tree) -> Result<bool, sled::Error> {
    let (mut a, mut b) = (a.iter(), b.iter());
    loop {
        match (a.next().transpose()?, b.next().transpose()?) {
            (None, None) => return Ok(true),
            (left, right) if left != right => return Ok(false),
            _ => {}
        }
    }
}
