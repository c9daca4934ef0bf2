//! Slips: words that no entry has, a missing letter of the feminine plural, and rare words that may be slips.

use super::Builder;
use crate::{
    index::{
        IndexError,
        plan::{Concept, Way},
    },
    search::response::{How, Replacement},
    text::{OwnedWord, normalise::fold, spelling, stem::stem},
};

/// Words that may be corrected in one query; each look-up walks the vocabulary.
const CORRECTED_WORDS_MAX: usize = 3;
/// Rare words for which a likelier one is looked for in one query; so does each of these.
const DOUBTED_WORDS_MAX: usize = 3;
/// Neighbours of a rare word among which a likelier one may be; the nearest is the word itself.
const NEIGHBOURS_MAX: usize = 4;
/// Corrections tried for one word.
const CORRECTIONS_MAX: usize = 4;
/// A word in so few entries may be a slip.
const RARE_MAX: u32 = 2;
/// How many times more frequent the word that was perhaps meant must be.
const FREQUENT_TIMES: u32 = 5;

impl Builder<'_> {
    /// Takes an unknown word as a slip of a known one; gives the likeliest.
    pub(super) fn correct(&mut self, word: &OwnedWord) -> Result<Option<OwnedWord>, IndexError> {
        if self.verbatim.corrections || self.corrected >= CORRECTED_WORDS_MAX {
            return Ok(None);
        }
        self.corrected += 1;
        let near = self.snapshot.words_near(&word.folded, CORRECTIONS_MAX)?;
        let candidates: Vec<String> = near.into_iter().map(|known| known.written).collect();
        let mut best = None;
        let mut weight = self.weights.correction;
        if !candidates.is_empty() {
            // What the slip falls apart into means nothing.
            let (plan, target) = self.newest();
            plan.loose_ways.clear();
            plan.parts.clear();
            target.own_parts.clear();
        }
        for written in candidates {
            let Some(known) = self.first_word(&written) else { continue };
            let (plan, target) = self.newest();
            let concept = Concept::stem_or_part(&known.stem);
            if plan.ways.iter().any(|way| way.all.len() == 1 && way.all[0] == concept) {
                continue;
            }
            target.stems.entry(known.stem.clone()).or_insert(How::Correction);
            target.parts.entry(known.stem.clone()).or_insert(How::Correction);
            plan.ways.push(Way::new(vec![concept], weight));
            if best.is_none() {
                plan.exact = Some(known.neutral.clone());
                let from = target.word.clone();
                self.understood.applied.parts.retain(|split| split.word != from);
                self.report_correction(Replacement { from, to: written });
                best = Some(known);
                // What else it could mean is worth half.
                weight *= 0.5;
            }
        }
        Ok(best)
    }

    /// "bürgerinenrat" means "bürgerinnenrat": the analyser forgives the missing n of the feminine plural. The reader is
    /// told, and can undo it.
    pub(super) fn mended_slip(&mut self, word: &mut OwnedWord, text: &str) -> Result<(), IndexError> {
        let typed = fold(&word.exact);
        if !typed.contains("inen") || word.folded.contains("inen") {
            return Ok(());
        }
        if self.verbatim.corrections {
            word.stem = stem(&typed);
            word.folded = typed;
            word.parts.clear();
            return Ok(());
        }
        if self.corrected >= CORRECTED_WORDS_MAX {
            return Ok(());
        }
        self.corrected += 1;
        let near = self.snapshot.words_near(&word.folded, 1)?;
        if let Some(meant) = near.into_iter().find(|near| near.folded == word.folded) {
            let from = text.get(word.span.clone()).unwrap_or(&word.exact).to_owned();
            self.report_correction(Replacement { from, to: meant.written });
        }
        Ok(())
    }

    fn report_correction(&mut self, correction: Replacement) {
        let corrections = &mut self.understood.applied.corrections;
        if !corrections.contains(&correction) {
            corrections.push(correction);
        }
    }

    /// A rare word with a frequent neighbour, or a compound that no entry has as a whole beside a word that some have
    /// ("Werkstart", "Standart"): worth asking whether that was meant.
    pub(super) fn offer_alternative(&mut self, word: &OwnedWord) -> Result<(), IndexError> {
        if self.understood.alternative.is_some() || self.doubted >= DOUBTED_WORDS_MAX {
            return Ok(());
        }
        let frequency = self.snapshot.stem_frequency(&word.stem)?;
        let compound = word.parts.len() > 1;
        if frequency > if compound { 0 } else { RARE_MAX } {
            return Ok(());
        }
        self.doubted += 1;
        let typed = fold(&word.exact);
        let near = self.snapshot.words_near(&typed, NEIGHBOURS_MAX)?;
        let likelier = near.into_iter().find(|known| {
            // Compounds that nobody wrote before are many, so only the nearest word is asked about.
            let likely = if compound {
                spelling::distance(&typed, &known.folded, 1).is_some()
            } else {
                known.frequency >= RARE_MAX * FREQUENT_TIMES
            };
            likely && known.folded != word.folded
        });
        self.understood.alternative = likelier.map(|known| (word.span.clone(), known.written));
        Ok(())
    }
}
