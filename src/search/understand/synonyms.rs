//! Other words for what was typed.

use super::Builder;
use crate::{
    index::{
        IndexError,
        plan::{Concept, Way},
    },
    search::response::{How, Replacement},
    text::{Form, OwnedWord},
};

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
            let way = Way::new(
                target.iter().map(|word| Concept::stem_or_part(&word.stem)).collect(),
                self.weights.synonym * synonym.weight,
            );
            let numbers: Vec<usize> =
                (0..simple.len()).filter(|number| synonym.words.contains(&simple[*number])).collect();
            for number in &numbers {
                for word in &target {
                    self.understood.targets[*number].stems.entry(word.stem.clone()).or_insert(How::Synonym);
                    self.understood.targets[*number].parts.entry(word.stem.clone()).or_insert(How::Synonym);
                }
                self.understood.plan.words[*number].ways.push(way.clone());
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
