//! One pass over the postings of a query: which entries are hits, strictly or relaxed, and what each is worth.
//!
//! Term at a time: every posting list is read once from beginning to end into arrays over all documents. The
//! collections this program is made for fit into a processor's cache that way, and what a document frequency counts is
//! known exactly (deleted documents never skew it), so that a rebuilt index scores like one that grew.
//!
//! The score of a hit is the sum over the words of
//!
//! * the best of the ways in which the word is found, each a field-weighted BM25 (Robertson, Zaragoza 2009: term
//!   frequencies are added over zones *before* saturation, so repetition across fields is not rewarded twice),
//! * the parts of the word where it is a compound,
//! * an extra for its exact form,
//! * BM25 over its character 4-grams,
//!
//! and over the pairs of neighbouring words, each by its rarity. Whatever is found in the title counts some more.

mod concept;
mod refuse;
mod similar;
mod titles;

use std::{
    collections::{HashMap, HashSet},
    sync::atomic::{AtomicU64, Ordering},
    time::Instant,
};

use self::{
    concept::{Lengths, lengths},
    similar::GramLists,
};
use super::{
    IndexError,
    accumulate::{Arrays, Ledger},
    plan::{Concept, Plan, PlanWord, Way},
    ranking::Weights,
    schema::Zone,
    snapshot::{Doc, Snapshot},
};

/// Passes over the postings since the start of the process; one search makes one.
pub static PASSES: AtomicU64 = AtomicU64::new(0);

/// Why a pass ended early.
#[derive(Debug, thiserror::Error)]
pub enum ExecuteError {
    /// The deadline passed.
    #[error("deadline passed")]
    Deadline,
    /// The index cannot be read.
    #[error(transparent)]
    Index(#[from] IndexError),
}

/// What a pass found.
#[derive(Debug, Default)]
pub struct Found {
    /// Hits, by document.
    pub hits: Vec<Scored>,
    /// Whether relaxed hits are among them.
    pub relaxed: bool,
    /// With relaxed hits: fewest words that any of them has.
    pub at_least: u32,
    /// Where asked for: what each score is the sum of, by document.
    pub addends: Vec<(String, Vec<f32>)>,
}

/// One hit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// Document.
    pub doc: Doc,
    /// Its weight, tiers included.
    pub score: f32,
    /// Whether it has all words.
    pub strict: bool,
}

/// Runs a plan against a snapshot.
///
/// # Errors
/// [`ExecuteError::Deadline`] when `deadline` passes, checked after every posting list.
pub fn execute(snapshot: &Snapshot, plan: &Plan, weights: &Weights, deadline: Instant) -> Result<Found, ExecuteError> {
    PASSES.fetch_add(1, Ordering::Relaxed);
    Arrays::with(snapshot.doc_count(), |arrays| {
        let mut pass = Pass::new(snapshot, weights, deadline, arrays);
        if plan.words.is_empty() && plan.phrases.is_empty() && plan.in_title.is_empty() {
            let refused = pass.refused(plan)?;
            return Ok(pass.everything(&refused));
        }
        pass.run(plan)
    })
}

struct Pass<'a> {
    snapshot: &'a Snapshot,
    weights: &'a Weights,
    deadline: Instant,
    arrays: &'a mut Arrays,
    /// What the plan asks for more than once, as soon as it was read.
    kept: HashMap<&'a Concept, Option<Vec<(Doc, f32)>>>,
    /// Length normalisation by zone.
    stem_lengths: [Lengths; Zone::COUNT],
    gram_lengths: [Lengths; 2],
}

impl<'a> Pass<'a> {
    fn new(snapshot: &'a Snapshot, weights: &'a Weights, deadline: Instant, arrays: &'a mut Arrays) -> Self {
        let b = weights.b.array();
        Self {
            snapshot,
            weights,
            deadline,
            arrays,
            kept: HashMap::new(),
            stem_lengths: std::array::from_fn(|zone| lengths(b[zone], snapshot.mean_stems[zone])),
            gram_lengths: std::array::from_fn(|zone| lengths(weights.b.body, snapshot.mean_grams[zone])),
        }
    }

    fn run(&mut self, plan: &'a Plan) -> Result<Found, ExecuteError> {
        self.kept = repeated(plan).map(|concept| (concept, None)).collect();
        let mut rarity = Vec::with_capacity(plan.words.len());
        let mut ledger = Ledger::new(plan.explain);
        for (number, word) in plan.words.iter().enumerate() {
            rarity.push(self.word(word, 1 << number)?);
            ledger.book(|| format!("word {}", number + 1), &self.arrays.scores);
        }
        let refused = self.refused(plan)?;
        let words = plan.words.iter().enumerate();
        let required = words.filter(|(_, word)| word.required).fold(0, |mask, (number, _)| mask | 1 << number);
        let has_all = |(refused, found): (&bool, &u32)| !*refused && found & required == required;
        let strict: Vec<bool> = refused.iter().zip(&self.arrays.strictly).map(has_all).collect();
        let mut found = Found::default();
        let mut hit = strict.clone();
        let strict_count = strict.iter().filter(|strict| **strict).count() as u64;
        let enough = if required.count_ones() > 1 { self.weights.handful_words } else { self.weights.handful };
        let grams = GramLists::new(self.snapshot, plan)?;
        if (strict_count < enough || plan.is_question) && plan.may_relax && required != 0 {
            let counts = self.relax(plan, &rarity, &grams, &refused, &mut hit)?;
            found.relaxed = hit.iter().zip(&strict).any(|(hit, strict)| *hit && !strict);
            let of_hits = hit.iter().zip(&counts).filter(|(hit, _)| **hit).map(|(_, count)| *count);
            found.at_least = of_hits.min().unwrap_or(0);
        }
        self.pairs(plan)?;
        ledger.book(|| "neighbouring words".to_owned(), &self.arrays.scores);
        self.grams(plan, &rarity, &grams, &hit)?;
        ledger.book(|| "similar spelling".to_owned(), &self.arrays.scores);
        self.titles(&plan.titles, &hit);
        ledger.book(|| "title".to_owned(), &self.arrays.scores);
        found.addends = ledger.addends;
        let docs = (0..).zip(&self.arrays.scores).zip(hit.iter().zip(&strict));
        let hits = docs.filter(|(_, (hit, _))| **hit);
        found.hits = Vec::with_capacity(hit.iter().filter(|hit| **hit).count());
        found.hits.extend(hits.map(|((doc, score), (_, strict))| Scored { doc, score: *score, strict: *strict }));
        Ok(found)
    }

    /// Rarity of something that `count` live documents have (BM25's inverse document frequency).
    fn rarity(&self, count: usize) -> f32 {
        let (all, count) = (self.snapshot.live_count as f32, count as f32);
        (1.0 + (all - count + 0.5).max(0.0) / (count + 0.5)).ln()
    }

    /// Rarity of the concept at hand.
    fn own_rarity(&self) -> f32 {
        self.rarity(self.arrays.evidence.len())
    }

    /// Everything live, without a weight.
    fn everything(&self, refused: &[bool]) -> Found {
        let hits = (0..).zip(refused).filter(|(_, refused)| !**refused);
        Found { hits: hits.map(|(doc, _)| Scored { doc, score: 0.0, strict: true }).collect(), ..Found::default() }
    }

    /// Adds one word to the scores and its bit to the documents that have it; gives its rarity.
    fn word(&mut self, word: &PlanWord, bit: u32) -> Result<f32, ExecuteError> {
        let mut rarity = None;
        self.arrays.best.clear();
        for way in &word.ways {
            self.way(way, &mut rarity)?;
        }
        let Arrays { best, strictly, .. } = &mut *self.arrays;
        best.docs().iter().for_each(|doc| strictly[*doc as usize] |= bit);
        for way in &word.loose_ways {
            self.way(way, &mut rarity)?;
        }
        let Arrays { best, loosely, scores, .. } = &mut *self.arrays;
        for doc in best.docs() {
            scores[*doc as usize] += word.weight * best.value(*doc);
            loosely[*doc as usize] |= bit;
        }
        let rarity = rarity.unwrap_or_else(|| self.rarity(0));
        for part in &word.parts {
            self.concept(part)?;
            self.add_evidence(word.weight * self.weights.query_part * self.own_rarity());
        }
        if let Some(exact) = &word.exact {
            self.exact(exact)?;
            self.add_evidence(word.weight * self.weights.exact * rarity);
        }
        Ok(rarity)
    }

    /// Raises `best` where a way finds its word. `rarity` is that of the word itself, set by the first way that finds it.
    fn way(&mut self, way: &Way, rarity: &mut Option<f32>) -> Result<(), ExecuteError> {
        let [concept] = way.all.as_slice() else { return self.all_of(&way.all, way.weight, *rarity) };
        self.concept(concept)?;
        if self.arrays.evidence.is_empty() {
            return Ok(());
        }
        let own = self.own_rarity();
        // A synonym may be rarer than the word itself, yet must not outrank it.
        let capped = rarity.get_or_insert(own).min(own);
        // "Bürgerrat" is worth to "Bürger Rat" what it is worth to itself, half of it to each word.
        let worth = if way.shared > 1 { capped.max(own / f32::from(way.shared)) } else { capped };
        let weight = way.weight * worth;
        let Arrays { evidence, best, .. } = &mut *self.arrays;
        best.reserve(evidence.len());
        for (doc, evidence) in evidence {
            best.raise(*doc, weight * *evidence);
        }
        Ok(())
    }

    /// Adds the concept at hand to the scores.
    fn add_evidence(&mut self, weight: f32) {
        let Arrays { evidence, scores, .. } = &mut *self.arrays;
        for (doc, evidence) in evidence {
            scores[*doc as usize] += weight * *evidence;
        }
    }

    /// Documents that have all of several concepts; worth the mean of them, each at most `rarity`, that of the word itself.
    fn all_of(&mut self, concepts: &[Concept], weight: f32, rarity: Option<f32>) -> Result<(), ExecuteError> {
        let share = weight / concepts.len().max(1) as f32;
        self.arrays.together.clear();
        for (number, concept) in concepts.iter().enumerate() {
            self.concept(concept)?;
            let own = self.own_rarity();
            let worth = rarity.map_or(own, |word| word.min(own));
            let Arrays { evidence, together, counted, .. } = &mut *self.arrays;
            together.reserve(evidence.len());
            for (doc, evidence) in evidence {
                let counted = &mut counted[*doc as usize];
                if usize::from(*counted) == number {
                    *counted += 1;
                    let value = share * worth * *evidence;
                    together.add(*doc, value.max(f32::MIN_POSITIVE));
                }
            }
        }
        let Arrays { together, best, counted, .. } = &mut *self.arrays;
        best.reserve(together.docs().len());
        for doc in together.docs() {
            let counted = &mut counted[*doc as usize];
            if usize::from(*counted) == concepts.len() {
                best.raise(*doc, together.value(*doc));
            }
            *counted = 0;
        }
        Ok(())
    }

    /// Adds the pairs of neighbouring words to the scores.
    fn pairs(&mut self, plan: &Plan) -> Result<(), ExecuteError> {
        for pair in &plan.pairs {
            self.concept(pair)?;
            let weight = self.weights.pair * self.own_rarity();
            let Arrays { evidence, scores, .. } = &mut *self.arrays;
            evidence.iter().for_each(|(doc, _)| scores[*doc as usize] += weight);
        }
        Ok(())
    }
}

/// The concepts of words that occur more than once: a synonym of two words, the parts of a compound.
fn repeated(plan: &Plan) -> impl Iterator<Item = &Concept> {
    let ways = plan.words.iter().flat_map(|word| word.ways.iter().chain(&word.loose_ways)).flat_map(|way| &way.all);
    let parts = plan.words.iter().flat_map(|word| &word.parts);
    let mut seen = HashSet::new();
    ways.chain(parts).filter(move |concept| !seen.insert(*concept))
}

fn in_time(deadline: Instant) -> Result<(), ExecuteError> {
    if Instant::now() > deadline { Err(ExecuteError::Deadline) } else { Ok(()) }
}

/// BM25's saturation: how much a frequency is worth, at most `k1 + 1`.
fn saturated(frequency: f32, k1: f32) -> f32 {
    frequency * (k1 + 1.0) / (frequency + k1)
}
