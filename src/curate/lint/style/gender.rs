//! People: the star, and no masculine plural that means everybody.

use std::ops::Range;

use super::HouseStyle;

/// Words before a noun that make it one person: "ein geloster Bürger", "dem Eigentümer".
const SINGULAR: &[&str] = &[
    "ein", "einen", "einem", "eines", "dem", "des", "kein", "keinen", "keinem", "jeder", "jeden", "jedem", "jedes",
    "zum", "vom", "beim", "im", "sein", "seinen", "seinem", "seines", "ihr", "ihren", "ihrem", "ihres",
];

/// How far before the noun such a word may stand, with adverbs and adjectives in between.
const SINGULAR_WORDS: usize = 4;

/// Marks other than the star, before `in` or `innen`.
const OTHER_MARKS: &[&str] = &[":", "/", "/-", "_", "(", "·", "."];

/// Everything in a text that the house writes otherwise.
pub(super) fn check(text: &str, style: &HouseStyle) -> Vec<String> {
    let spared = spared(text, style);
    let mut found = Vec::new();
    let mut before: Vec<&str> = Vec::new();
    for span in words(text) {
        let word = &text[span.clone()];
        if !spared.iter().any(|range| range.contains(&span.start)) {
            found.extend(marked(text, &span));
            if let Some(write) = style.forms.get(word)
                && !is_one(&before, word)
                && !is_part(text, &span)
            {
                found.push(format!("{word}: write {write}"));
            }
        }
        before.push(word);
        // A new sentence or clause speaks of somebody else.
        if text[span.end..].starts_with(['.', ',', ';', ':', '!', '?', '–']) {
            before.clear();
        }
    }
    found
}

/// Whether the words before a noun say that it is one person.
fn is_one(before: &[&str], noun: &str) -> bool {
    let nearest = before.last().copied().unwrap_or_default();
    for word in before.iter().rev().take(SINGULAR_WORDS) {
        match *word {
            // At the beginning of a sentence it is no genitive.
            "Der" => return true,
            // "der größte Gegner" is one, "der größten Gegner" are many.
            "der" => return nearest != "der" && nearest.ends_with('e'),
            // Many would be "den Bürgern".
            "den" => return noun.ends_with("er"),
            word if SINGULAR.contains(&word.to_lowercase().as_str()) => return true,
            word if word.starts_with(char::is_lowercase) => {}
            _ => return false,
        }
    }
    false
}

/// Runs of letters.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(char::is_alphabetic)?;
        let rest = &text[start..];
        at = start + rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        Some(start..at)
    })
}

/// Quotations „…“ and the phrases that stay as they are.
fn spared(text: &str, style: &HouseStyle) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut opened = None;
    for (at, sign) in text.char_indices() {
        match sign {
            '„' => opened = Some(at),
            '“' => ranges.extend(opened.take().map(|from| from..at)),
            _ => {}
        }
    }
    let allowed = style.allowed.iter();
    ranges.extend(allowed.flat_map(|phrase| text.match_indices(phrase.as_str()).map(|(at, _)| at..at + phrase.len())));
    ranges
}

/// Whether the word is joined with another, or already has its mark: `Bürger-Rat`, `Bürger- und`, `Bürger*innen`.
fn is_part(text: &str, span: &Range<usize>) -> bool {
    let joins = |sign: char| "-*:/_(·".contains(sign);
    text[..span.start].ends_with(joins) || text[span.end..].starts_with(joins)
}

/// A gender mark that is not the star: `Bürger:innen`, `Bürger/-innen`, `BürgerInnen`.
fn marked(text: &str, span: &Range<usize>) -> Option<String> {
    let (word, after) = (&text[span.clone()], &text[span.end..]);
    let ending = |rest: &str| {
        let letters = rest.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        matches!(letters, "in" | "innen")
    };
    let mark = OTHER_MARKS.iter().any(|mark| after.strip_prefix(mark).is_some_and(ending));
    let inner =
        ["Innen", "In"].iter().any(|end| word.strip_suffix(end).is_some_and(|stem| stem.ends_with(char::is_lowercase)));
    (mark || inner).then(|| format!("{word}: the mark of this house is the star, as in Bürger*innen"))
}
