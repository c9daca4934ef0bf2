//! Where compounds are cut: by a table that people checked, or by the product's own splitter.

use std::{collections::HashMap, ops::Range};

use super::words;
use crate::text::{Analyser, Form};

/// Where the cuts of compounds come from.
#[derive(Clone, Debug)]
pub enum Cuts {
    /// The product's own splitter. What it misses is not measured, so the loss looks smaller than it is.
    Splitter,
    /// A table, by word in lower case.
    Table(HashMap<String, Cut>),
}

/// A compound in two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// What stands before the head, without the last linking element.
    pub modifier: String,
    /// The linking element between the two, or nothing.
    pub link: String,
    /// The last part.
    pub head: String,
}

impl Cuts {
    /// Reads a table: `word<TAB>part|part`, linking elements in brackets (`Beteiligungsverfahren<TAB>Beteiligung(s)|Verfahren`).
    /// Of more than two parts the last is the head. Lines without `|` are words that stay whole; `#` begins a comment.
    ///
    /// # Errors
    /// Names the line that has no tab or an empty part.
    pub fn table(text: &str) -> Result<Self, String> {
        let mut cuts = HashMap::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let bad = |what: &str| format!("line {}: {what}", number + 1);
            let (word, parts) = line.split_once('\t').ok_or_else(|| bad("no tab between word and parts"))?;
            // Further columns are remarks.
            let parts = parts.split('\t').next().unwrap_or_default();
            let Some((before, head)) = parts.rsplit_once('|') else { continue };
            let (modifier, link) = match before.strip_suffix(')').and_then(|before| before.rsplit_once('(')) {
                Some((modifier, link)) => (modifier, link),
                None => (before, ""),
            };
            let (modifier, head) = (plain(modifier), plain(head));
            if modifier.is_empty() || head.is_empty() {
                return Err(bad("a part is empty"));
            }
            cuts.insert(word.trim().to_lowercase(), Cut { modifier, link: link.to_owned(), head });
        }
        Ok(Self::Table(cuts))
    }

    /// Where they come from, in a word.
    pub(super) fn label(&self) -> &'static str {
        match self {
            Self::Splitter => "splitter",
            Self::Table(_) => "table",
        }
    }

    /// The compounds of a text with their places, from left to right, each in the case in which it was typed.
    pub(super) fn of(&self, analyser: &Analyser, text: &str) -> Vec<(Range<usize>, Cut)> {
        let cuts: Vec<(Range<usize>, Cut)> = match self {
            Self::Table(table) => words(text)
                .filter_map(|span| Some((span.clone(), table.get(&text[span].to_lowercase())?.clone())))
                .collect(),
            Self::Splitter => analyser.analyse(text).into_iter().filter_map(|word| own_cut(&word, text)).collect(),
        };
        cuts.into_iter().map(|(span, cut)| (span.clone(), cased(cut, &text[span]))).collect()
    }
}

/// Parts run together, without brackets.
fn plain(parts: &str) -> String {
    let mut whole = String::with_capacity(parts.len());
    for (number, part) in parts.split('|').enumerate() {
        let part: String = part.chars().filter(|c| !matches!(c, '(' | ')')).collect();
        whole.push_str(&if number == 0 { part } else { part.to_lowercase() });
    }
    whole.trim().to_owned()
}

fn own_cut(word: &crate::text::OwnedWord, text: &str) -> Option<(Range<usize>, Cut)> {
    let typed = &text[word.span.clone()];
    let [.., before, head] = word.parts.as_slice() else { return None };
    if word.form != Form::Simple || !typed.chars().all(char::is_alphabetic) {
        return None;
    }
    let piece = |range: Range<usize>| text.get(range).map(str::to_owned);
    let cut = Cut {
        modifier: piece(word.span.start..before.span.end)?,
        link: piece(before.span.end..head.span.start)?,
        head: piece(head.span.start..word.span.end)?,
    };
    Some((word.span.clone(), cut))
}

/// Both words as people write them: as nouns where the compound is one, else small.
fn cased(cut: Cut, typed: &str) -> Cut {
    let Cut { modifier, link, head } = cut;
    let noun = typed.starts_with(char::is_uppercase);
    let first = |word: &str| {
        let mut letters = word.chars();
        match letters.next() {
            Some(letter) if noun => letter.to_uppercase().chain(letters).collect(),
            _ => word.to_lowercase(),
        }
    };
    Cut { modifier: first(&modifier), link, head: first(&head) }
}
