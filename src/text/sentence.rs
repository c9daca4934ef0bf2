//! Finding the sentences of a German text, and the words of a sentence as a reader counts them.
//!
//! A sentence ends at a full stop, question mark, exclamation mark or ellipsis behind which something begins like a
//! sentence. Abbreviations and ordinals (`§ 3 Abs. 1`, `12. Dezember`) end none. A line of Markdown is a block of its
//! own: no sentence goes from a heading into the text below it.

/// What stands before a full stop that belongs to it. Single letters (`z. B.`, `e. V.`) do anyway.
const ABBREVIATIONS: &[&str] = &[
    "abs", "art", "aufl", "bd", "bzw", "ca", "dr", "evtl", "ggf", "hrsg", "inkl", "kap", "max", "min", "mind", "mio",
    "mrd", "nr", "prof", "sog", "st", "std", "str", "vgl",
];

/// Largest number that is an ordinal before a full stop: days, centuries, editions. `50.` and `2024.` end a sentence.
const ORDINAL_MAX: u32 = 31;

/// The sentences of a text, with their marks, without those of Markdown before a block.
pub fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| Sentences { rest: block(line) })
}

/// The words of a sentence as a reader counts them: what stands between spaces and has a letter or a digit.
/// `Bürger*innen`, `World-Café` and `2.500` are one word each.
pub fn words(sentence: &str) -> impl Iterator<Item = &str> {
    sentence.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric))
}

/// A line without the signs of a heading, a list or a quotation.
fn block(line: &str) -> &str {
    let line = line.trim().trim_start_matches(['#', '>']).trim_start();
    let item = line.strip_prefix("- ").or_else(|| line.strip_prefix("* "));
    let numbered = || {
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.strip_prefix(". ").filter(|_| is_ordinal(&line[..line.len() - rest.len()]))
    };
    item.or_else(numbered).unwrap_or(line).trim()
}

struct Sentences<'t> {
    rest: &'t str,
}

impl<'t> Iterator for Sentences<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        if self.rest.is_empty() {
            return None;
        }
        let end = end_of_sentence(self.rest);
        let (sentence, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        Some(sentence.trim_end())
    }
}

/// Where the first sentence of a block ends, closing quotation marks and brackets included.
fn end_of_sentence(text: &str) -> usize {
    for (at, mark) in text.char_indices() {
        if !matches!(mark, '.' | '!' | '?' | '…') {
            continue;
        }
        let after = at + mark.len_utf8();
        let tail = text[after..].trim_start_matches(['.', '!', '?', '…', '“', '”', '‘', '’', '"', ')', ']', '*', '_']);
        let end = text.len() - tail.len();
        if tail.is_empty() {
            return end;
        }
        let begins = tail.starts_with(char::is_whitespace) && tail.trim_start().starts_with(begins_sentence);
        if begins && (mark != '.' || !belongs_to_word(&text[..at])) {
            return end;
        }
    }
    text.len()
}

fn begins_sentence(letter: char) -> bool {
    letter.is_uppercase() || letter.is_ascii_digit() || matches!(letter, '„' | '‚' | '»' | '(' | '[' | '*' | '_' | '§')
}

/// Whether the full stop behind this text is part of its last word.
fn belongs_to_word(before: &str) -> bool {
    let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    match word.chars().next() {
        None => false,
        Some(first) if first.is_ascii_digit() => {
            // `1.500.` and `3,5.` are no ordinals.
            let whole = before[..before.len() - word.len()].ends_with(|c: char| c.is_whitespace() || c == '(');
            is_ordinal(word) && (whole || before.len() == word.len())
        }
        Some(_) => word.chars().count() == 1 || ABBREVIATIONS.contains(&word.to_lowercase().as_str()),
    }
}

fn is_ordinal(number: &str) -> bool {
    number.parse().is_ok_and(|number: u32| number <= ORDINAL_MAX)
}
