//! Pairs of neighbouring words: `Leichte Sprache` → `leicht sprach`.
//!
//! Two words that stand side by side in the query and in a text are evidence beyond that of each
//! word (the ordered windows of Metzler and Croft, "A Markov Random Field Model for Term
//! Dependencies", SIGIR 2005). Words that carry little are passed over, and a compound counts as its
//! parts: `Spielplatz` holds the pair of `Spiel` and `Platz`.

use super::analyser::{Form, Part};
use super::stopwords::CONTENT_WEIGHT;

/// Separates the stems of a pair. No stem holds a space.
const SEPARATOR: char = ' ';

/// Makes pairs of the words of one text, given in their order.
#[derive(Debug, Default)]
pub struct Pairs {
    /// `last word`, to which the next one is appended.
    pair: String,
    /// Where the second word begins; 0 before the first word.
    second: usize,
}

impl Pairs {
    /// Forgets the last word: a new text begins.
    pub fn clear(&mut self) {
        self.pair.clear();
        self.second = 0;
    }

    /// Takes the next word and calls `sink` with each pair that it completes.
    pub(super) fn add(
        &mut self,
        (form, weight, repeated): (Form, f32, bool),
        stem: &str,
        parts: &[Part],
        sink: &mut dyn FnMut(&str),
    ) {
        if form != Form::Simple || repeated || weight < CONTENT_WEIGHT {
            return;
        }
        if parts.len() < 2 {
            self.push(stem, sink);
        }
        parts.iter().filter(|_| parts.len() > 1).for_each(|part| self.push(&part.stem, sink));
    }

    fn push(&mut self, stem: &str, sink: &mut dyn FnMut(&str)) {
        if self.second > 0 {
            self.pair.push_str(stem);
            sink(&self.pair);
        }
        self.pair.clear();
        self.pair.push_str(stem);
        self.pair.push(SEPARATOR);
        self.second = self.pair.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Analyser;

    fn pairs(text: &str) -> Vec<String> {
        let (mut pairs, mut found) = (Pairs::default(), Vec::new());
        Analyser::bundled().words(text, &mut |word| {
            word.pairs(&mut pairs, &mut |pair| found.push(pair.to_owned()));
        });
        found
    }

    #[test]
    fn neighbours_parts_and_spellings_agree() {
        assert_eq!(pairs("Leichte Sprache"), pairs("in leichter Sprache"));
        assert_eq!(pairs("Spielplatz"), pairs("Spiel-Platz"));
        assert_eq!(pairs("Spielplatz"), pairs("spiel platz"));
        assert_eq!(pairs("Haus der Jugend"), pairs("Haus Jugend"));
        assert_eq!(pairs("Bürgerinnen und Bürger fragen"), pairs("Bürger fragen"));
        assert_eq!((pairs("Sprache").len(), pairs("der die das").len()), (0, 0));
    }
}
