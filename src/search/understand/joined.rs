//! Neighbouring words that are one: "welt cafe", "World-Café".

use super::{Builder, covers};
use crate::{
    index::{
        IndexError,
        plan::{Concept, Way},
    },
    search::response::How,
    text::{Form, OwnedWord},
};

impl Builder<'_> {
    /// Neighbouring words may be one: "welt cafe".
    pub(super) fn joined(&mut self, words: &[OwnedWord], simple: &[usize]) -> Result<(), IndexError> {
        let weight = self.weights.joined;
        for joined in words.iter().filter(|word| word.form == Form::Joined) {
            let within = |number: &usize| covers(joined, &words[simple[*number]]);
            let covered: Vec<usize> = (0..simple.len()).filter(within).collect();
            // Where it is searched as one word there is nothing to add.
            let itself = matches!(covered.as_slice(), [only] if words[simple[*only]].form == Form::Joined);
            if !itself {
                self.add_joined(&covered, joined, weight)?;
            }
        }
        for (number, pair) in simple.windows(2).enumerate() {
            let (left, right) = (&words[pair[0]], &words[pair[1]]);
            if right.position != left.position + 1 || left.weight < 1.0 || right.weight < 1.0 {
                continue;
            }
            if let Some(joined) = self.first_word(&format!("{}{}", left.exact, right.exact)) {
                self.add_joined(&[number, number + 1], &joined, weight)?;
            }
        }
        Ok(())
    }

    fn add_joined(&mut self, numbers: &[usize], joined: &OwnedWord, weight: f32) -> Result<(), IndexError> {
        if self.snapshot.stem_frequency(&joined.stem)? > 0 {
            for number in numbers {
                self.understood.targets[*number].stems.entry(joined.stem.clone()).or_insert(How::Stem);
                let way = Way { shared: numbers.len() as u8, ..Way::new(vec![Concept::stem(&joined.stem)], weight) };
                self.understood.plan.words[*number].ways.push(way);
            }
        }
        Ok(())
    }
}
