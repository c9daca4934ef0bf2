//! What statistics get wrong, by hand: words that stay whole, words that are cut in a certain way.

use std::collections::{HashMap, HashSet};

use super::Cut;
use crate::text::normalise::fold;

/// Inflections under which an exception still holds. Folded.
const INFLECTIONS: [&str; 8] = ["", "s", "es", "e", "en", "n", "er", "ern"];

/// A line that is neither `keep WORD` nor `cut PART|PART`.
#[derive(Debug, thiserror::Error)]
#[error("exceptions line {line}: expected `keep WORD …` or `cut PART|PART …`")]
pub struct ExceptionsError {
    /// Number of the line, from 1.
    pub line: usize,
}

/// The list of exceptions, folded.
#[derive(Debug, Default)]
pub struct Exceptions {
    keep: HashSet<Box<str>>,
    /// The parts by their word; a linking element stands in brackets: `tag(es)|ordnung`.
    cut: HashMap<Box<str>, Vec<Cut>>,
}

impl Exceptions {
    /// Reads a list. `keep haushalt werkstatt` keeps words whole, also as parts of longer ones;
    /// `cut bar|camp arbeit(s)|kreis` cuts them thus. `#` starts a comment.
    pub fn parse(list: &str) -> Result<Exceptions, ExceptionsError> {
        let mut exceptions = Exceptions::default();
        for (index, line) in list.lines().enumerate() {
            let mut words = line.split('#').next().unwrap_or("").split_whitespace();
            match words.next() {
                None => {}
                Some("keep") => exceptions.keep.extend(words.map(|word| Box::from(fold(word)))),
                Some("cut") => exceptions.cut.extend(words.map(parse_cut)),
                Some(_) => return Err(ExceptionsError { line: index + 1 }),
            }
        }
        Ok(exceptions)
    }

    /// All words the list names, folded, in no order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.keep.iter().chain(self.cut.keys()).map(|word| &**word)
    }

    /// Whether a folded word, or the word it is an inflection of, stays whole.
    pub fn keeps(&self, word: &str) -> bool {
        !self.cut.contains_key(word) && bases(word).any(|(base, _)| self.keep.contains(base))
    }

    /// How a folded word is to be cut, if the list says so.
    pub fn cut(&self, word: &str) -> Option<Vec<Cut>> {
        bases(word).find_map(|(base, ending)| {
            let mut parts = self.cut.get(base)?.clone();
            if let Some(head) = parts.last_mut() {
                head.end += ending.len();
            }
            Some(parts)
        })
    }
}

/// The word without each inflection it may bear, and the inflection.
fn bases(word: &str) -> impl Iterator<Item = (&str, &'static str)> {
    INFLECTIONS.iter().filter_map(move |ending| Some((word.strip_suffix(ending)?, *ending)))
}

fn parse_cut(pattern: &str) -> (Box<str>, Vec<Cut>) {
    let mut word = String::new();
    let mut parts = Vec::new();
    for piece in pattern.split('|') {
        let (part, link) = piece.split_once('(').map_or((piece, ""), |(part, link)| (part, link.trim_end_matches(')')));
        let start = word.len();
        word.push_str(&fold(part));
        parts.push(start..word.len());
        word.push_str(&fold(link));
    }
    (word.into(), parts)
}
