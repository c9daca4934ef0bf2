//! The cheapest way through a word.

use super::lexicon::Entry;
use super::{Cut, Splitter, WORD_BYTES_MIN};

/// Linking elements and their costs in nats (-ln of their share among the compounds learnt from).
const LINKS: [(&str, f32); 9] = [
    ("", 0.131),
    ("s", 2.289),
    ("es", 6.223),
    ("n", 6.233),
    ("en", 5.390),
    ("er", 5.524),
    ("e", 5.902),
    ("ns", 6.234),
    ("ens", 6.234),
];

/// A word stays whole unless its path costs less than
/// `WHOLE_BASE + WHOLE_PER_LETTER * length - WHOLE_PER_ZIPF * frequency`.
const WHOLE_BASE: f32 = 12.0;
const WHOLE_PER_LETTER: f32 = 1.6;
const WHOLE_PER_ZIPF: f32 = 1.0;

/// A frequent word stays whole if it is more frequent than the mean of its parts by so many zipf.
const VETO_MARGIN: f32 = 0.5;

/// Frequency from which that veto holds; below it, frequencies say little.
const VETO_ZIPF_MIN: f32 = 3.0;

/// Shortest part in bytes. The lexicon has none below three letters but `öl`.
const PART_BYTES_MIN: usize = 2;

/// The best way to continue from some place in the word.
#[derive(Clone, Copy)]
struct Step {
    /// Cost from here to the end of the word.
    cost: f32,
    /// Where the part that begins here ends, without its linking element.
    part_end: usize,
    /// Where the next part begins; the end of the word for the head.
    next: usize,
}

const NO_WAY: Step = Step { cost: f32::INFINITY, part_end: 0, next: 0 };

impl Splitter {
    /// The parts along the cheapest path, if that is better than leaving the word whole.
    pub(super) fn best_path(&self, word: &str) -> Option<Vec<Cut>> {
        if word.len() < WORD_BYTES_MIN {
            return None;
        }
        let steps = self.steps(word);
        let zipf = self.frequency(word);
        let whole = WHOLE_BASE + WHOLE_PER_LETTER * word.len() as f32 - WHOLE_PER_ZIPF * zipf;
        if steps[0].cost >= whole {
            return None;
        }
        let mut parts = Vec::new();
        let mut at = 0;
        while at < word.len() {
            parts.push(at..steps[at].part_end);
            at = steps[at].next;
        }
        let mean = parts.iter().map(|part| self.frequency(&word[part.clone()])).sum::<f32>() / parts.len() as f32;
        let vetoed = zipf > VETO_ZIPF_MIN && zipf > mean + VETO_MARGIN;
        (!vetoed).then_some(parts)
    }

    /// For each place the best way to the end, filled from the end.
    fn steps(&self, word: &str) -> Vec<Step> {
        let bytes = word.as_bytes();
        let mut steps = vec![NO_WAY; bytes.len()];
        for start in (0..=bytes.len() - PART_BYTES_MIN).rev() {
            if !word.is_char_boundary(start) {
                continue;
            }
            let mut best = NO_WAY;
            let mut consider = |length: usize, entry: Entry| {
                let end = start + length;
                if let Some(step) = extend(bytes, start, end, entry, &steps)
                    && step.cost < best.cost
                {
                    best = step;
                }
            };
            self.lexicon.prefixes(&bytes[start..], &mut consider);
            self.domain.prefixes(&bytes[start..], &mut consider);
            steps[start] = best;
        }
        steps
    }
}

/// The best continuation with the part `start..end`.
fn extend(bytes: &[u8], start: usize, end: usize, entry: Entry, steps: &[Step]) -> Option<Step> {
    if end - start < PART_BYTES_MIN {
        return None;
    }
    if end == bytes.len() {
        // The whole word as its own head is no compound.
        let cost = entry.head_cost().filter(|_| start > 0)?;
        return Some(Step { cost, part_end: end, next: end });
    }
    let modifier = entry.modifier_cost()?;
    LINKS
        .iter()
        .filter(|(link, _)| bytes[end..].starts_with(link.as_bytes()))
        .filter_map(|(link, link_cost)| {
            let next = end + link.len();
            let cost = modifier + link_cost + steps.get(next)?.cost;
            Some(Step { cost, part_end: end, next })
        })
        .min_by(|a, b| a.cost.total_cmp(&b.cost))
        .filter(|step| step.cost.is_finite())
}
