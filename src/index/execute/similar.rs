//! What words alone do not find: relaxed hits, and the evidence of character 4-grams.

use std::collections::BTreeMap;

use tantivy::postings::TermInfo;

use super::{ExecuteError, Pass, in_time, saturated};
use crate::index::{
    IndexError,
    accumulate::{Arrays, zeroed},
    plan::{Plan, PlanWord},
    postings::{each_among, each_block_of, live_frequency},
    snapshot::Snapshot,
};

/// Postings from which on a list is left out where its gram tells nothing; shorter ones cost nothing to read.
const LONG_LIST: u32 = 1_000;

/// Postings that are read in the time of one look-up in a list.
const SEEKS_WORTH: u64 = 8;

/// Where the posting lists of a gram lie: by segment, in title and text.
type Lists = Vec<[Option<TermInfo>; 2]>;

/// The posting lists of all grams of a plan, each looked up once.
pub(super) struct GramLists<'a>(BTreeMap<&'a str, Lists>);

impl<'a> GramLists<'a> {
    pub(super) fn new(snapshot: &Snapshot, plan: &'a Plan) -> Result<Self, IndexError> {
        let mut lists = BTreeMap::new();
        for gram in plan.words.iter().flat_map(|word| &word.grams) {
            if !lists.contains_key(gram.as_str()) {
                lists.insert(gram.as_str(), look_up(snapshot, gram)?);
            }
        }
        Ok(Self(lists))
    }

    fn of(&self, gram: &str) -> &[[Option<TermInfo>; 2]] {
        self.0.get(gram).map(Vec::as_slice).unwrap_or_default()
    }
}

fn look_up(snapshot: &Snapshot, gram: &str) -> Result<Lists, IndexError> {
    let of = |reader: &tantivy::InvertedIndexReader| reader.terms().get(gram.as_bytes());
    let segments = snapshot.segments.iter();
    segments.map(|segment| Ok([of(&segment.gram[0])?, of(&segment.gram[1])?])).collect()
}

/// How many documents have a gram, deleted ones and titles included: an estimate that costs no reading.
fn estimated(lists: &[[Option<TermInfo>; 2]]) -> u64 {
    lists.iter().flatten().flatten().map(|info| u64::from(info.doc_freq)).sum()
}

impl Pass<'_> {
    /// Adds the documents that have enough of the words, by rarity, or words of similar spelling; gives, by document,
    /// how many words it has.
    pub(super) fn relax(
        &mut self,
        plan: &Plan,
        rarity: &[f32],
        grams: &GramLists<'_>,
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
            let enough = self.count_grams(&plan.words[number], grams, gram_share)?;
            let Arrays { loosely, gram_counts, .. } = &*self.arrays;
            let found = loosely.iter().zip(gram_counts);
            for ((share, count), (found, grams)) in share.iter_mut().zip(&mut counts).zip(found) {
                let found = (found & 1 << number != 0) | (*grams >= enough);
                *share += if found { rarity[number] } else { 0.0 };
                *count += u32::from(found);
            }
        }
        let had = refused.iter().zip(share.iter().zip(&counts));
        for (hit, (refused, (share, count))) in hit.iter_mut().zip(had) {
            *hit |= !refused & (*share >= least_share * whole) & (*count > 0);
        }
        Ok(counts)
    }

    /// Counts by document how many of a word's 4-grams it has, so far as it can have enough of them; gives how many are
    /// enough.
    ///
    /// Whoever has enough of `n` grams, `enough` or more, has at least one of the `n - enough + 1` rarest: only these
    /// lists are read whole; the long ones are only asked about documents that can still get there.
    fn count_grams(&mut self, word: &PlanWord, lists: &GramLists<'_>, share: f32) -> Result<u16, ExecuteError> {
        let enough = (word.grams.len() as f32 * share).ceil().max(1.0) as usize;
        let mut grams: Vec<(u64, &str)> =
            word.grams.iter().map(|gram| (estimated(lists.of(gram)), gram.as_str())).collect();
        grams.sort_unstable();
        let Arrays { gram_counts, last_gram, .. } = &mut *self.arrays;
        zeroed(gram_counts, self.snapshot.doc_count());
        last_gram.clear();
        last_gram.resize(self.snapshot.doc_count(), u16::MAX);
        // By segment: the documents that can still get there, once these are not all of them.
        let mut hopeful: Vec<Option<Vec<u32>>> = vec![None; self.snapshot.segments.len()];
        for (number, (frequency, gram)) in grams.iter().enumerate() {
            // What a document must have by now to reach `enough` with all that is left.
            let least = (enough + number).saturating_sub(grams.len()) as u16;
            let number = number as u16;
            for ((segment, lists), hopeful) in self.snapshot.segments.iter().zip(lists.of(gram)).zip(&mut hopeful) {
                let docs = segment.docs.start as usize..segment.docs.end as usize;
                let (counts, last) = (&mut gram_counts[docs.clone()], &mut last_gram[docs]);
                if least > 0 {
                    match hopeful {
                        Some(hopeful) => hopeful.retain(|doc| counts[*doc as usize] >= least),
                        None => *hopeful = Some(at_least(counts, least)),
                    }
                }
                let few = hopeful.as_ref().filter(|hopeful| (hopeful.len() as u64) * SEEKS_WORTH < *frequency);
                let mut count = |doc: u32| {
                    let (count, last) = (&mut counts[doc as usize], &mut last[doc as usize]);
                    *count += u16::from(*last != number);
                    *last = number;
                };
                for (reader, info) in segment.gram.iter().zip(lists) {
                    match (info, few) {
                        (None, _) => {}
                        (Some(info), Some(few)) => each_among(reader, info, few, |doc, _| count(doc))?,
                        (Some(info), None) => {
                            each_block_of(segment, reader, info, |docs, _| docs.iter().for_each(|doc| count(*doc)))?;
                        }
                    }
                }
            }
            in_time(self.deadline)?;
        }
        Ok(enough as u16)
    }

    /// Adds the 4-grams of all words to the scores of hits. None counts as rarer than its word, whose rarity is given:
    /// few titles have "spra", but that says nothing about them where every text has "Sprache".
    pub(super) fn grams(
        &mut self,
        plan: &Plan,
        rarity: &[f32],
        lists: &GramLists<'_>,
        hit: &[bool],
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
                let of_segment = &hit[segment.docs.start as usize..segment.docs.end as usize];
                let mut hits = Vec::with_capacity(of_segment.iter().filter(|hit| **hit).count());
                hits.extend((0..).zip(of_segment).filter(|(_, hit)| **hit).map(|(doc, _)| doc));
                hits
            })
            .collect();
        let of_query = if plan.is_question { 1.0 } else { self.weights.gram_few_words };
        for (gram, rarest) in &grams {
            let lists = lists.of(gram);
            let [in_title, in_text] = self.live_frequencies(lists)?;
            if in_text >= LONG_LIST && self.rarity(in_text as usize) < self.weights.gram_rarity_min {
                continue;
            }
            let zones = [(0, in_title, self.weights.gram_title), (1, in_text, self.weights.gram_text)];
            for (zone, frequency, weight) in zones {
                let weight = weight * of_query * self.rarity(frequency as usize).min(*rarest);
                self.add_gram(zone, lists, u64::from(frequency), weight, hit, &hits)?;
            }
            in_time(self.deadline)?;
        }
        Ok(())
    }

    /// Adds one gram of one zone to the scores of hits, which are given as flags and, by segment, as lists.
    fn add_gram(
        &mut self,
        zone: usize,
        lists: &[[Option<TermInfo>; 2]],
        frequency: u64,
        weight: f32,
        hit: &[bool],
        hits: &[Vec<u32>],
    ) -> Result<(), ExecuteError> {
        let (lengths, gram_k1) = (&self.gram_lengths[zone], self.weights.gram_k1);
        for ((segment, lists), hits) in self.snapshot.segments.iter().zip(lists).zip(hits) {
            let Some(info) = &lists[zone] else { continue };
            let docs = segment.docs.start as usize..segment.docs.end as usize;
            let (hit, scores) = (&hit[docs.clone()], &mut self.arrays.scores[docs]);
            let norms = &*segment.gram_norms[zone];
            let mut add = |doc: u32, count: u32| {
                let frequency = count as f32 * lengths[usize::from(norms[doc as usize])];
                scores[doc as usize] += weight * saturated(frequency, gram_k1);
            };
            if hits.len() as u64 * SEEKS_WORTH < frequency {
                each_among(&segment.gram[zone], info, hits, add)?;
            } else {
                each_block_of(segment, &segment.gram[zone], info, |docs, counts| {
                    let of_hits = docs.iter().zip(counts).filter(|(doc, _)| hit[**doc as usize]);
                    of_hits.for_each(|(doc, count)| add(*doc, *count));
                })?;
            }
        }
        Ok(())
    }

    /// How many live documents have a gram in the title, and in the text.
    fn live_frequencies(&self, lists: &[[Option<TermInfo>; 2]]) -> Result<[u32; 2], IndexError> {
        let mut live = [0; 2];
        for (segment, lists) in self.snapshot.segments.iter().zip(lists) {
            for ((live, reader), info) in live.iter_mut().zip(&segment.gram).zip(lists) {
                if let Some(info) = info {
                    *live += live_frequency(segment, reader, info)?;
                }
            }
        }
        Ok(live)
    }
}

/// The documents, in ascending order, that have so many.
fn at_least(counts: &[u16], least: u16) -> Vec<u32> {
    (0..).zip(counts).filter(|(_, count)| **count >= least).map(|(doc, _)| doc).collect()
}
