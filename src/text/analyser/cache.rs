//! The cache of analysed words.
//!
//! Whoever analyses a text takes a whole cache out of the pool and puts it back at the end. So a
//! word costs one hash and one comparison, with no lock and no reference count, and the caches stay
//! warm from text to text. The key is the word as it stands, so a hit does not even need its
//! lower case.

use parking_lot::Mutex;

use super::Form;
use super::surface::Analysed;

/// Sets of two words each. 2 × 8,192 words hold the vocabulary of a large corpus' frequent part;
/// a word takes some 250 bytes, so a full cache has about 4 MB.
const SETS: usize = 1 << 13;

/// Longest word that is kept, in bytes. Longer ones are rare, and this bounds the cache in bytes.
const KEY_BYTES_MAX: usize = 64;

/// Caches that stay in the pool: more texts at a time than there are cores are not analysed.
const IDLE_MAX: usize = 4;

/// The caches nobody uses just now.
#[derive(Debug, Default)]
pub(super) struct CachePool {
    idle: Mutex<Vec<WordCache>>,
}

impl CachePool {
    /// A cache for the duration of one text.
    pub(super) fn lease(&self) -> Lease<'_> {
        let cache = self.idle.lock().pop().unwrap_or_default();
        Lease { pool: self, cache }
    }
}

/// A cache in use; it goes back when dropped.
#[derive(Debug)]
pub(super) struct Lease<'p> {
    pool: &'p CachePool,
    cache: WordCache,
}

impl Lease<'_> {
    pub(super) fn cache(&mut self) -> &mut WordCache {
        &mut self.cache
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let mut idle = self.pool.idle.lock();
        if idle.len() < IDLE_MAX {
            idle.push(std::mem::take(&mut self.cache));
        }
    }
}

/// A two-way set-associative table: a word can stand in two places, the older one gives way.
#[derive(Debug, Default)]
pub(super) struct WordCache {
    /// Empty until the first word, so that making one costs nothing.
    slots: Vec<Option<Box<Slot>>>,
    /// The last word that was too long to keep.
    passing: Option<Box<Slot>>,
}

#[derive(Debug)]
struct Slot {
    surface: Box<str>,
    form: Form,
    analysed: Analysed,
}

impl WordCache {
    /// The analysis of `surface`, made by `analyse` if it is not known.
    pub(super) fn get(&mut self, surface: &str, form: Form, analyse: impl FnOnce() -> Analysed) -> &mut Analysed {
        let make = || Box::new(Slot { surface: surface.into(), form, analysed: analyse() });
        if surface.len() > KEY_BYTES_MAX {
            return &mut self.passing.insert(make()).analysed;
        }
        if self.slots.is_empty() {
            self.slots.resize_with(2 * SETS, || None);
        }
        let newer = 2 * (hash(surface) as usize % SETS);
        let holds =
            |slot: &Option<Box<Slot>>| slot.as_ref().is_some_and(|slot| *slot.surface == *surface && slot.form == form);
        if holds(&self.slots[newer]) {
            return &mut self.slots[newer].get_or_insert_with(make).analysed;
        }
        self.slots.swap(newer, newer + 1);
        if !holds(&self.slots[newer]) {
            self.slots[newer] = None;
        }
        &mut self.slots[newer].get_or_insert_with(make).analysed
    }
}

/// A quick multiplicative hash over eight bytes at a time. Whoever makes words collide gains only
/// cache misses.
fn hash(word: &str) -> u64 {
    const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut hash = word.len() as u64;
    let (words, rest) = word.as_bytes().as_chunks::<8>();
    for eight in words {
        hash = (hash ^ u64::from_le_bytes(*eight)).wrapping_mul(MULTIPLIER);
        hash ^= hash >> 32;
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    hash = (hash ^ u64::from_le_bytes(last)).wrapping_mul(MULTIPLIER);
    hash ^ hash >> 32
}
