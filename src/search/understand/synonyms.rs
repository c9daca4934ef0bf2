//! Other words for what was typed.

use super::Builder;
use crate::{
    index::{
        IndexError,
        plan::{Concept, Way},
    },
    search::response::{How, Replacement},
    text::{Form, OwnedWord, Pairs, stopwords::CONTENT_WEIGHT},
};

/// Synonyms below this weight are only related to the word: they rank, and count where hits are relaxed.
const RELATED: f32 = 0.3;

/// What must be there: the word, or each pair of neighbours of several, for "Einfache Sprache" is not "einfach" here and
/// "Sprache" there. Nothing for a word among such that carry little ("Sag's uns"): they are everywhere.
fn concepts(target: &[&OwnedWord]) -> Option<Vec<Concept>> {
    let content = target.iter().filter(|word| word.weight >= CONTENT_WEIGHT).count();
    if content < 2 {
        let single = || target.iter().map(|word| Concept::stem_or_part(&word.stem)).collect();
        return (target.len() == 1).then(single);
    }
    let (mut pairs, mut all) = (Pairs::default(), Vec::new());
    target.iter().for_each(|word| word.pairs(&mut pairs, &mut |pair| all.push(Concept::pair(pair.to_owned()))));
    Some(all)
}

impl Builder<'_> {
    /// Adds what the words mean, alone and together, as far as entries have it.
    pub(super) fn synonyms(&mut self, words: &[OwnedWord], simple: &[usize]) -> Result<(), IndexError> {
        if self.verbatim.synonyms {
            return Ok(());
        }
        let set = self.snapshot.reference.synonyms.clone();
        for synonym in set.expand(words) {
            let target: Vec<&OwnedWord> =
                synonym.target.iter().filter(|word| word.form == Form::Simple && !word.repeated).collect();
            let mut known = !target.is_empty();
            for word in &target {
                known &= self.snapshot.stem_frequency(&word.stem)? > 0;
            }
            if !known {
                continue;
            }
            let Some(all) = concepts(&target) else { continue };
            let way = Way::new(all, self.weights.synonym * synonym.weight);
            let numbers: Vec<usize> =
                (0..simple.len()).filter(|number| synonym.words.contains(&simple[*number])).collect();
            for number in &numbers {
                for word in &target {
                    self.understood.targets[*number].stems.entry(word.stem.clone()).or_insert(How::Synonym);
                    self.understood.targets[*number].parts.entry(word.stem.clone()).or_insert(How::Synonym);
                }
                let word = &mut self.understood.plan.words[*number];
                // What is only related makes no hit of its own.
                let ways = if synonym.weight < RELATED { &mut word.loose_ways } else { &mut word.ways };
                ways.push(way.clone());
            }
            if let (Some(first), Some(last)) = (numbers.first(), numbers.last()) {
                let from: Vec<&str> =
                    (*first..=*last).map(|number| self.understood.targets[number].word.as_str()).collect();
                let replacement = Replacement { from: from.join(" "), to: synonym.text.to_owned() };
                if !self.understood.applied.synonyms.contains(&replacement) {
                    self.understood.applied.synonyms.push(replacement);
                }
            }
        }
        Ok(())
    }
}
