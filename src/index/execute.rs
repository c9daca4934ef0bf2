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

mod similar;

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Instant,
};

use tantivy::schema::IndexRecordOption;

use super::{
    IndexError,
    accumulate::{Ledger, Matched, Sparse},
    document::NameKind,
    plan::{Concept, Phrase, Plan, PlanWord, Way},
    postings::{each_live, intersect, postings},
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
    let mut pass = Pass::new(snapshot, weights, deadline);
    if plan.words.is_empty() && plan.phrases.is_empty() && plan.in_title.is_empty() {
        let excluded = pass.refused(plan)?;
        return Ok(pass.everything(&excluded));
    }
    let mut scores = vec![0.0; snapshot.doc_count()];
    let mut matched = Matched::new(snapshot.doc_count());
    let mut rarity = Vec::with_capacity(plan.words.len());
    let mut ledger = Ledger::new(plan.explain);
    for (number, word) in plan.words.iter().enumerate() {
        rarity.push(pass.word(word, 1 << number, &mut scores, &mut matched)?);
        ledger.book(|| format!("word {}", number + 1), &scores);
    }
    let refused = pass.refused(plan)?;
    let required =
        plan.words.iter().enumerate().filter(|(_, word)| word.required).fold(0, |mask, (number, _)| mask | 1 << number);
    let strict: Vec<bool> =
        (0..snapshot.doc_count()).map(|doc| !refused[doc] && matched.strictly[doc] & required == required).collect();
    let mut found = Found::default();
    let mut hit = strict.clone();
    let strict_count = strict.iter().filter(|strict| **strict).count() as u64;
    let enough = if required.count_ones() > 1 { weights.handful_words } else { weights.handful };
    if (strict_count < enough || plan.is_question) && plan.may_relax && required != 0 {
        let counts = pass.relax(plan, &rarity, &matched, &refused, &mut hit)?;
        found.relaxed = hit.iter().zip(&strict).any(|(hit, strict)| *hit && !strict);
        found.at_least = hit.iter().zip(&counts).filter(|(hit, _)| **hit).map(|(_, count)| *count).min().unwrap_or(0);
    }
    pass.pairs(plan, &mut scores)?;
    ledger.book(|| "neighbouring words".to_owned(), &scores);
    pass.grams(plan, &rarity, &hit, &mut scores)?;
    ledger.book(|| "similar spelling".to_owned(), &scores);
    pass.titles(&plan.titles, &hit, &mut scores);
    ledger.book(|| "title".to_owned(), &scores);
    found.addends = ledger.addends;
    found.hits = (0..snapshot.doc_count())
        .filter(|doc| hit[*doc])
        .map(|doc| Scored { doc: doc as Doc, score: scores[doc], strict: strict[doc] })
        .collect();
    Ok(found)
}

struct Pass<'a> {
    snapshot: &'a Snapshot,
    weights: &'a Weights,
    deadline: Instant,
    /// Weighted, length-normalised term frequency of the concept at hand, by document.
    frequency: Sparse,
    /// The same in the title alone, not weighted.
    title_frequency: Sparse,
    /// Best way found for the word at hand, by document.
    best: Sparse,
    /// Sum over the concepts of a way that needs several, and how many were there.
    together: Sparse,
    counted: Vec<u8>,
    /// Length normalisation by zone and by the byte that tantivy stores for a length.
    stem_lengths: [[f32; 256]; Zone::COUNT],
    gram_lengths: [[f32; 256]; 2],
}

impl<'a> Pass<'a> {
    fn new(snapshot: &'a Snapshot, weights: &'a Weights, deadline: Instant) -> Self {
        let doc_count = snapshot.doc_count();
        let lengths = |b: f32, mean: f32| {
            std::array::from_fn(|id| {
                let length = tantivy::fieldnorm::FieldNormReader::id_to_fieldnorm(id as u8) as f32;
                1.0 / (1.0 - b + b * length / mean)
            })
        };
        let b = weights.b.array();
        Self {
            snapshot,
            weights,
            deadline,
            frequency: Sparse::new(doc_count),
            title_frequency: Sparse::new(doc_count),
            best: Sparse::new(doc_count),
            together: Sparse::new(doc_count),
            counted: vec![0; doc_count],
            stem_lengths: std::array::from_fn(|zone| lengths(b[zone], snapshot.mean_stems[zone])),
            gram_lengths: std::array::from_fn(|zone| lengths(weights.b.body, snapshot.mean_grams[zone])),
        }
    }

    fn in_time(&self) -> Result<(), ExecuteError> {
        if Instant::now() > self.deadline { Err(ExecuteError::Deadline) } else { Ok(()) }
    }

    /// Rarity of something that `count` live documents have (BM25's inverse document frequency).
    fn rarity(&self, count: usize) -> f32 {
        let (all, count) = (self.snapshot.live_count as f32, count as f32);
        (1.0 + (all - count + 0.5).max(0.0) / (count + 0.5)).ln()
    }

    /// What the concept at hand is worth in a document, but for its rarity.
    fn evidence(&self, doc: Doc) -> f32 {
        let k1 = self.weights.k1;
        let (all, in_title) = (self.frequency.values[doc as usize], self.title_frequency.values[doc as usize]);
        saturated(all, k1) + self.weights.in_title * saturated(in_title, k1)
    }

    /// Everything live, without a weight.
    fn everything(&self, refused: &[bool]) -> Found {
        let hits = self.snapshot.segments.iter().flat_map(|segment| {
            let live = segment.live.iter().enumerate().filter(|(_, live)| **live);
            live.map(move |(local, _)| segment.docs.start + local as Doc)
        });
        Found {
            hits: hits
                .filter(|doc| !refused[*doc as usize])
                .map(|doc| Scored { doc, score: 0.0, strict: true })
                .collect(),
            ..Found::default()
        }
    }

    /// Adds one word to the scores and its bit to the documents that have it; gives its rarity.
    fn word(
        &mut self,
        word: &PlanWord,
        bit: u32,
        scores: &mut [f32],
        matched: &mut Matched,
    ) -> Result<f32, ExecuteError> {
        let mut rarity = None;
        self.best.clear();
        for way in &word.ways {
            self.way(way, &mut rarity)?;
        }
        self.best.docs.iter().for_each(|doc| matched.strictly[*doc as usize] |= bit);
        for way in &word.loose_ways {
            self.way(way, &mut rarity)?;
        }
        for index in 0..self.best.docs.len() {
            let doc = self.best.docs[index] as usize;
            scores[doc] += word.weight * self.best.values[doc];
            matched.loosely[doc] |= bit;
        }
        let rarity = rarity.unwrap_or_else(|| self.rarity(0));
        for part in &word.parts {
            self.concept(part)?;
            let own = self.rarity(self.frequency.docs.len());
            self.add_frequency(word.weight * self.weights.query_part * own, scores);
        }
        if let Some(exact) = &word.exact {
            self.exact(exact)?;
            self.add_frequency(word.weight * self.weights.exact * rarity, scores);
        }
        Ok(rarity)
    }

    /// Raises `best` where a way finds its word. `rarity` is that of the word itself, set by the first way that finds it.
    fn way(&mut self, way: &Way, rarity: &mut Option<f32>) -> Result<(), ExecuteError> {
        let [concept] = way.all.as_slice() else { return self.all_of(&way.all, way.weight, *rarity) };
        self.concept(concept)?;
        if self.frequency.docs.is_empty() {
            return Ok(());
        }
        let own = self.rarity(self.frequency.docs.len());
        // A synonym may be rarer than the word itself, yet must not outrank it.
        let capped = rarity.get_or_insert(own).min(own);
        // "Bürgerrat" is worth to "Bürger Rat" what it is worth to itself, half of it to each word.
        let worth = if way.shared > 1 { capped.max(own / f32::from(way.shared)) } else { capped };
        for index in 0..self.frequency.docs.len() {
            let doc = self.frequency.docs[index];
            let value = way.weight * worth * self.evidence(doc);
            self.best.raise(doc, value);
        }
        Ok(())
    }

    fn add_frequency(&mut self, weight: f32, scores: &mut [f32]) {
        for doc in &self.frequency.docs {
            scores[*doc as usize] += weight * self.evidence(*doc);
        }
    }

    /// Documents that have all of several concepts; worth the mean of them, each at most `rarity`, that of the word itself.
    fn all_of(&mut self, concepts: &[Concept], weight: f32, rarity: Option<f32>) -> Result<(), ExecuteError> {
        let share = weight / concepts.len().max(1) as f32;
        self.together.clear();
        for (number, concept) in concepts.iter().enumerate() {
            self.concept(concept)?;
            let own = self.rarity(self.frequency.docs.len());
            let worth = rarity.map_or(own, |word| word.min(own));
            for index in 0..self.frequency.docs.len() {
                let doc = self.frequency.docs[index];
                if usize::from(self.counted[doc as usize]) == number {
                    self.counted[doc as usize] += 1;
                    let value = share * worth * self.evidence(doc);
                    self.together.add(doc, value.max(f32::MIN_POSITIVE));
                }
            }
        }
        for index in 0..self.together.docs.len() {
            let doc = self.together.docs[index];
            if usize::from(self.counted[doc as usize]) == concepts.len() {
                self.best.raise(doc, self.together.values[doc as usize]);
            }
            self.counted[doc as usize] = 0;
        }
        Ok(())
    }

    /// Fills `frequency` with the live documents of a concept.
    fn concept(&mut self, concept: &Concept) -> Result<(), ExecuteError> {
        self.frequency.clear();
        self.title_frequency.clear();
        let zones = self.weights.zone.array();
        for segment in &self.snapshot.segments {
            for (zone, zone_weight) in zones.into_iter().enumerate() {
                let norms = &segment.stem_norms[zone];
                let lengths = &self.stem_lengths[zone];
                for (reader, terms, weight) in [
                    (&segment.stem[zone], &concept.stems, 1.0),
                    (&segment.part[zone], &concept.parts, self.weights.part),
                ] {
                    for term in terms {
                        let (frequency, in_title) = (&mut self.frequency, &mut self.title_frequency);
                        each_live(segment, reader, term, |local, count| {
                            let count = weight * count as f32 * lengths[norms.fieldnorm_id(local) as usize];
                            frequency.add(segment.docs.start + local, zone_weight * count);
                            if zone == Zone::Title as usize {
                                in_title.add(segment.docs.start + local, count);
                            }
                        })?;
                    }
                }
            }
            for pair in &concept.pairs {
                let frequency = &mut self.frequency;
                each_live(segment, &segment.pair, pair, |local, _| frequency.add(segment.docs.start + local, 1.0))?;
            }
        }
        self.in_time()
    }

    /// Fills `frequency` with the live documents of an exact form.
    fn exact(&mut self, form: &str) -> Result<(), ExecuteError> {
        self.frequency.clear();
        self.title_frequency.clear();
        let body = Zone::Body as usize;
        for segment in &self.snapshot.segments {
            let (frequency, lengths, norms) =
                (&mut self.frequency, &self.stem_lengths[body], &segment.stem_norms[body]);
            each_live(segment, &segment.exact, form, |local, count| {
                frequency.add(segment.docs.start + local, count as f32 * lengths[norms.fieldnorm_id(local) as usize]);
            })?;
        }
        self.in_time()
    }

    /// Adds the pairs of neighbouring words to the scores.
    fn pairs(&mut self, plan: &Plan, scores: &mut [f32]) -> Result<(), ExecuteError> {
        for pair in &plan.pairs {
            self.concept(pair)?;
            let weight = self.weights.pair * self.rarity(self.frequency.docs.len());
            self.frequency.docs.iter().for_each(|doc| scores[*doc as usize] += weight);
        }
        Ok(())
    }

    /// Marks what can be no hit: not live, excluded, without a phrase or without a word of the title.
    fn refused(&mut self, plan: &Plan) -> Result<Vec<bool>, ExecuteError> {
        let mut refused: Vec<bool> =
            self.snapshot.segments.iter().flat_map(|segment| segment.live.iter().map(|live| !live)).collect();
        for concept in plan.excluded.iter().flatten() {
            self.concept(concept)?;
            self.frequency.docs.iter().for_each(|doc| refused[*doc as usize] = true);
        }
        for phrase in &plan.excluded_phrases {
            self.phrase(phrase)?.into_iter().for_each(|doc| refused[doc as usize] = true);
        }
        for phrase in &plan.phrases {
            let docs = self.phrase(phrase)?;
            keep_only(&mut refused, docs.into_iter());
        }
        for concept in &plan.in_title {
            self.frequency.clear();
            for segment in &self.snapshot.segments {
                let frequency = &mut self.frequency;
                let title = Zone::Title as usize;
                for (reader, terms) in [(&segment.stem[title], &concept.stems), (&segment.part[title], &concept.parts)]
                {
                    for term in terms {
                        each_live(segment, reader, term, |local, _| frequency.add(segment.docs.start + local, 1.0))?;
                    }
                }
            }
            keep_only(&mut refused, self.frequency.docs.iter().copied());
        }
        Ok(refused)
    }

    /// Live documents in which the words follow each other.
    fn phrase(&self, phrase: &Phrase) -> Result<Vec<Doc>, ExecuteError> {
        let mut docs = Vec::new();
        if phrase.words.is_empty() {
            return Ok(docs);
        }
        for segment in &self.snapshot.segments {
            let mut lists = Vec::with_capacity(phrase.words.len());
            for (distance, forms) in &phrase.words {
                let mut any = Vec::with_capacity(forms.len());
                for form in forms {
                    any.extend(postings(&segment.exact, form, IndexRecordOption::WithFreqsAndPositions)?);
                }
                if any.is_empty() {
                    break;
                }
                lists.push((*distance, any));
            }
            if lists.len() < phrase.words.len() {
                continue;
            }
            intersect(&mut lists, |local| {
                if segment.live[local as usize] {
                    docs.push(segment.docs.start + local);
                }
            });
            self.in_time()?;
        }
        Ok(docs)
    }

    /// The two tiers: the query equals a title or other name, or such a name begins with it.
    fn titles(&self, titles: &[String], hit: &[bool], scores: &mut [f32]) {
        for segment in &self.snapshot.segments {
            let mut tiers: Vec<(Doc, f32)> = Vec::new();
            for title in titles.iter().filter(|title| !title.is_empty()) {
                let begun = segment.columns.names.starting_with(title).filter(|(_, at)| *at == 0);
                tiers.extend(begun.filter_map(|(name, _)| {
                    let whole = match name.folded.as_bytes().get(title.len()) {
                        None => 1.0,
                        Some(b' ') => 0.5,
                        Some(_) => return None,
                    };
                    // Of two entries that are called so the one whose title it is comes first.
                    let kind = match name.kind {
                        NameKind::Title => 2.0,
                        NameKind::Other => 1.8,
                        NameKind::Variant => 1.6,
                    };
                    Some((segment.docs.start + name.document, whole * kind))
                }));
            }
            tiers.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
            tiers.dedup_by_key(|(doc, _)| *doc);
            for (doc, tier) in tiers {
                if hit[doc as usize] {
                    scores[doc as usize] += tier * self.weights.title_tier;
                }
            }
        }
    }
}

/// BM25's saturation: how much a frequency is worth, at most `k1 + 1`.
fn saturated(frequency: f32, k1: f32) -> f32 {
    frequency * (k1 + 1.0) / (frequency + k1)
}

fn keep_only(refused: &mut [bool], docs: impl Iterator<Item = Doc>) {
    let mut keep = vec![false; refused.len()];
    docs.for_each(|doc| keep[doc as usize] = true);
    refused.iter_mut().zip(keep).for_each(|(refused, keep)| *refused |= !keep);
}
