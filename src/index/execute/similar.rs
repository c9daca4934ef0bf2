//! What words alone do not find: relaxed hits, and the evidence of character 4-grams.

use super::{ExecuteError, Pass, saturated};
use crate::index::{
    accumulate::Matched,
    plan::{Plan, PlanWord},
    postings::{each_among, each_live, estimated, live_count},
};

/// Postings from which on a list is left out where its gram tells nothing; shorter ones cost nothing to read.
const LONG_LIST: u32 = 1_000;

/// Postings that are read in the time of one look-up in a list.
const SEEKS_WORTH: u64 = 8;

impl Pass<'_> {
    /// Adds the documents that have enough of the words, by rarity, or words of similar spelling; gives, by document,
    /// how many words it has.
    pub(super) fn relax(
        &mut self,
        plan: &Plan,
        rarity: &[f32],
        matched: &Matched,
        refused: &[bool],
        hit: &mut [bool],
    ) -> Result<Vec<u32>, ExecuteError> {
        let words: Vec<usize> = (0..plan.words.len()).filter(|number| plan.words[*number].required).collect();
        let whole: f32 = words.iter().map(|number| rarity[*number]).sum();
        let (least_share, gram_share) = if plan.is_question {
            (self.weights.question_share, self.weights.question_gram_share)
        } else {
            (self.weights.relaxed_share, self.weights.gram_share)
        };
        let mut share = vec![0.0_f32; hit.len()];
        let mut counts = vec![0_u32; hit.len()];
        for number in words {
            let similar = self.similar(&plan.words[number], gram_share)?;
            for doc in 0..hit.len() {
                if matched.loosely[doc] & (1 << number) != 0 || similar[doc] {
                    share[doc] += rarity[number];
                    counts[doc] += 1;
                }
            }
        }
        for doc in 0..hit.len() {
            if !refused[doc] && share[doc] >= least_share * whole && counts[doc] > 0 {
                hit[doc] = true;
            }
        }
        Ok(counts)
    }

    /// Documents that have enough of a word's 4-grams.
    ///
    /// Whoever has enough of `n` grams, `enough` or more, has at least one of the `n - enough + 1` rarest: only these
    /// lists are read whole; the long ones are only asked about documents that can still get there.
    fn similar(&mut self, word: &PlanWord, gram_share: f32) -> Result<Vec<bool>, ExecuteError> {
        let enough = (word.grams.len() as f32 * gram_share).ceil().max(1.0) as usize;
        let frequency = |gram: &str| {
            let of = |zone: usize| estimated(self.snapshot, |segment| &segment.gram[zone], gram);
            of(0) + of(1)
        };
        let mut grams: Vec<(u64, &str)> = word.grams.iter().map(|gram| (frequency(gram), gram.as_str())).collect();
        grams.sort_unstable();
        let mut counts = vec![0_u16; self.snapshot.doc_count()];
        let mut last = vec![u16::MAX; self.snapshot.doc_count()];
        for (number, (frequency, gram)) in grams.iter().enumerate() {
            // What a document must have by now to reach `enough` with all that is left.
            let least = (enough + number).saturating_sub(grams.len()) as u16;
            for segment in &self.snapshot.segments {
                let first = segment.docs.start;
                let hopeful: Vec<u32> = match least {
                    0 => Vec::new(),
                    _ => segment
                        .docs
                        .clone()
                        .filter(|doc| counts[*doc as usize] >= least)
                        .map(|doc| doc - first)
                        .collect(),
                };
                let mut count = |local: u32| {
                    let doc = (first + local) as usize;
                    if last[doc] != number as u16 {
                        last[doc] = number as u16;
                        counts[doc] += 1;
                    }
                };
                for reader in &segment.gram {
                    if least > 0 && hopeful.len() as u64 * SEEKS_WORTH < *frequency {
                        each_among(reader, gram, &hopeful, |local, _| count(local))?;
                    } else {
                        each_live(segment, reader, gram, |local, _| count(local))?;
                    }
                }
            }
            self.in_time()?;
        }
        Ok(counts.into_iter().map(|count| usize::from(count) >= enough).collect())
    }

    /// Adds the 4-grams of all words to the scores of hits. None counts as rarer than its word, whose rarity is given:
    /// few titles have "spra", but that says nothing about them where every text has "Sprache".
    pub(super) fn grams(
        &self,
        plan: &Plan,
        rarity: &[f32],
        hit: &[bool],
        scores: &mut [f32],
    ) -> Result<(), ExecuteError> {
        let mut grams: Vec<(&str, f32)> = Vec::new();
        for (word, rarity) in plan.words.iter().zip(rarity) {
            grams.extend(word.grams.iter().map(|gram| (gram.as_str(), *rarity)));
        }
        grams.sort_unstable_by(|a, b| a.0.cmp(b.0).then(b.1.total_cmp(&a.1)));
        grams.dedup_by(|next, rarest| next.0 == rarest.0);
        let hits: Vec<Vec<u32>> = self
            .snapshot
            .segments
            .iter()
            .map(|segment| {
                let docs = segment.docs.clone().filter(|doc| hit[*doc as usize]);
                docs.map(|doc| doc - segment.docs.start).collect()
            })
            .collect();
        let gram_k1 = self.weights.gram_k1;
        for (gram, rarest) in &grams {
            let live = |zone: usize| live_count(self.snapshot, |segment| &segment.gram[zone], gram);
            let (in_title, in_text) = (live(0)?, live(1)?);
            if in_text >= LONG_LIST && self.rarity(in_text as usize) < self.weights.gram_rarity_min {
                continue;
            }
            let zones = [(0, in_title, self.weights.gram_title), (1, in_text, self.weights.gram_text)];
            for (zone, frequency, weight) in zones {
                let weight = weight * self.rarity(frequency as usize).min(*rarest);
                for (segment, hits) in self.snapshot.segments.iter().zip(&hits) {
                    let (reader, lengths, norms) =
                        (&segment.gram[zone], &self.gram_lengths[zone], &segment.gram_norms[zone]);
                    let mut add = |local: u32, count: u32| {
                        let frequency = count as f32 * lengths[norms.fieldnorm_id(local) as usize];
                        scores[(segment.docs.start + local) as usize] += weight * saturated(frequency, gram_k1);
                    };
                    if hits.len() as u64 * SEEKS_WORTH < u64::from(frequency) {
                        each_among(reader, gram, hits, add)?;
                    } else {
                        each_live(segment, reader, gram, |local, count| {
                            if hit[(segment.docs.start + local) as usize] {
                                add(local, count);
                            }
                        })?;
                    }
                }
            }
            self.in_time()?;
        }
        Ok(())
    }
}
