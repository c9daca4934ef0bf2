//! The lexicon of the splitter: an `fst::Map` from folded words to packed costs.

use std::collections::BTreeMap;

use fst::raw::{Fst, Node, Output};

use crate::text::normalise::fold;

/// Costs are stored in twelfths of a nat.
const COST_UNIT: f32 = 12.0;

/// Frequencies are stored in thirtieths of a zipf (log10 of occurrences per thousand million words).
const ZIPF_UNIT: f32 = 30.0;

/// Why a lexicon cannot be built or opened.
#[derive(Debug, thiserror::Error)]
pub enum LexiconError {
    /// A line is not `key, modifier cost, head cost, frequency`, separated by tabs.
    #[error("lexicon line {line}: expected key, modifier cost, head cost and frequency (0–255), separated by tabs")]
    Line {
        /// Number of the line, from 1.
        line: usize,
    },
    /// The bytes are no lexicon.
    #[error("lexicon: {0}")]
    Fst(#[from] fst::Error),
}

/// What the lexicon says about one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    modifier: u8,
    head: u8,
    frequency: u8,
}

impl Entry {
    /// Cost in nats as a modifier, if it can be one.
    pub(super) fn modifier_cost(self) -> Option<f32> {
        (self.modifier > 0).then(|| f32::from(self.modifier) / COST_UNIT)
    }

    /// Cost in nats as a head, if it can be one.
    pub(super) fn head_cost(self) -> Option<f32> {
        (self.head > 0).then(|| f32::from(self.head) / COST_UNIT)
    }

    /// Frequency on the zipf scale; 0 when unknown.
    pub(super) fn zipf(self) -> f32 {
        f32::from(self.frequency) / ZIPF_UNIT
    }

    fn pack(self) -> u64 {
        u64::from(self.modifier) << 16 | u64::from(self.head) << 8 | u64::from(self.frequency)
    }

    fn unpack(value: u64) -> Entry {
        let [.., modifier, head, frequency] = value.to_be_bytes();
        Entry { modifier, head, frequency }
    }

    /// The cheaper costs and the higher frequency of two entries with the same key.
    fn merge(self, other: Entry) -> Entry {
        let cheaper = |a: u8, b: u8| if a == 0 || b == 0 { a.max(b) } else { a.min(b) };
        Entry {
            modifier: cheaper(self.modifier, other.modifier),
            head: cheaper(self.head, other.head),
            frequency: self.frequency.max(other.frequency),
        }
    }
}

/// Builds the bytes of a lexicon from its table: key, modifier cost, head cost (twelfths of a nat,
/// 0 = not usable in that place), frequency (zipf × 30), separated by tabs, in any order.
///
/// Keys with letters beyond `a`–`z` are folded; lines that then share a key are merged. Empty lines
/// and lines beginning with `#` are skipped. The same table always gives the same bytes.
pub fn build_lexicon(tsv: &str) -> Result<Vec<u8>, LexiconError> {
    let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
    for (index, line) in tsv.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, entry) = parse_line(line).ok_or(LexiconError::Line { line: index + 1 })?;
        // Folding twice is not folding once ("aee"), so a key that is folded already stays.
        let key = if key.bytes().all(|byte| byte.is_ascii_lowercase()) { key.to_owned() } else { fold(key) };
        let merged = entries.get(&key).map_or(entry, |known| known.merge(entry));
        entries.insert(key, merged);
    }
    let mut builder = fst::MapBuilder::memory();
    for (key, entry) in entries {
        builder.insert(key, entry.pack())?;
    }
    Ok(builder.into_inner()?)
}

fn parse_line(line: &str) -> Option<(&str, Entry)> {
    let mut columns = line.split('\t');
    let key = columns.next().filter(|key| !key.is_empty())?;
    let mut number = || columns.next()?.parse::<u8>().ok();
    let entry = Entry { modifier: number()?, head: number()?, frequency: number()? };
    columns.next().is_none().then_some((key, entry))
}

/// A lexicon in its compiled form.
pub(super) struct Lexicon<D>(Fst<D>);

impl<D: AsRef<[u8]>> std::fmt::Debug for Lexicon<D> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lexicon").field("keys", &self.0.len()).finish_non_exhaustive()
    }
}

impl<D: AsRef<[u8]>> Lexicon<D> {
    pub(super) fn open(bytes: D) -> Result<Lexicon<D>, LexiconError> {
        Ok(Lexicon(Fst::new(bytes)?))
    }

    pub(super) fn get(&self, word: &str) -> Option<Entry> {
        self.0.get(word).map(|output| Entry::unpack(output.value()))
    }

    /// Calls `sink` with the length and the entry of each key that `bytes` begins with.
    pub(super) fn prefixes(&self, bytes: &[u8], mut sink: impl FnMut(usize, Entry)) {
        let mut node: Node<'_> = self.0.root();
        let mut output = Output::zero();
        for (index, &byte) in bytes.iter().enumerate() {
            let Some(found) = node.find_input(byte) else { return };
            let transition = node.transition(found);
            output = output.cat(transition.out);
            node = self.0.node(transition.addr);
            if node.is_final() {
                sink(index + 1, Entry::unpack(output.cat(node.final_output()).value()));
            }
        }
    }
}
