//! The same sentence in two places. Entries that say the same help nobody to choose between them.

use std::collections::HashMap;

use super::prose::Role;
use super::{Corpus, Findings};
use crate::text::sentence::{sentences, words};

/// Shorter sentences may be the same by chance, and "Das dauert einen Tag." has no other words.
const WORDS_MIN: usize = 8;

pub(super) fn check(corpus: &Corpus, findings: &mut Findings) {
    let mut seen: HashMap<String, (&str, &str)> = HashMap::new();
    for item in &corpus.items {
        for prose in item.prose.iter().filter(|prose| prose.role != Role::Name) {
            for sentence in sentences(&prose.text) {
                let Some(key) = key(sentence) else { continue };
                match seen.get(&key) {
                    Some((slug, pointer)) => {
                        let detail = format!("\"{sentence}\" stands in {slug} {pointer} too: say it in other words");
                        findings.error(&item.place, &prose.pointer, "sentence-twice", detail);
                    }
                    None => {
                        seen.insert(key, (&item.entry.common.slug, &prose.pointer));
                    }
                }
            }
        }
    }
}

/// The words without case and signs; none where they are few.
fn key(sentence: &str) -> Option<String> {
    let letters = |word: &str| word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let words: Vec<String> = words(sentence).map(letters).collect();
    (words.len() >= WORDS_MIN).then(|| words.join(" "))
}
