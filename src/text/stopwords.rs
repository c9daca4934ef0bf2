//! Words that carry little meaning. They stay in the index, for `"Kinder in der Stadt"` is a
//! phrase; on the query side they only weigh less.

use std::collections::HashSet;

use super::normalise::fold;

/// Query weight of a stop word. The value hardly matters for ranking (1, 0.5, 0.25 and 0 were
/// within 0.006 of each other), but a query of nothing else must still find something.
pub const STOP_WEIGHT: f32 = 0.25;

/// Query weight of every other word.
pub const CONTENT_WEIGHT: f32 = 1.0;

/// A list of stop words, compared in their folded form (`fuer` is `für`).
#[derive(Debug, Default)]
pub struct StopWords(HashSet<Box<str>>);

impl StopWords {
    /// Reads a list: one word a line, `#` starts a comment.
    pub fn parse(list: &str) -> StopWords {
        let words = list.lines().map(|line| line.split('#').next().unwrap_or("").trim());
        StopWords(words.filter(|word| !word.is_empty()).map(|word| fold(word).into()).collect())
    }

    /// The query weight of a folded word.
    pub fn weight(&self, folded: &str) -> f32 {
        if folded == "§" || self.0.contains(folded) { STOP_WEIGHT } else { CONTENT_WEIGHT }
    }
}
