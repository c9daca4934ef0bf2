//! Finding the words of a text.
//!
//! Word boundaries are those of UAX #29, with rules of our own on top: words are split at hyphen,
//! slash, underscore and dot, but the [`Link`] to the next word is kept, so that `World-Café` can
//! also be searched as `worldcafe`; gender marks and apostrophes stay inside a word; `1.000` is one
//! number; a paragraph sign is a word.
//!
//! In Latin, Greek and Cyrillic text a word of UAX #29, split at whatever is no letter or digit, is
//! simply a run of letters, digits and marks. Those are found here by hand, which is several times
//! faster; all other scripts go through the `unicode-segmentation` crate.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use super::gender;
use super::normalise::is_ignorable;

/// Longest gap, in bytes, that can link two words: `/-`, `®-` or a paragraph sign's space.
const GAP_BYTES_MAX: usize = 8;

/// Longest word, in bytes, that still grows by a mark. Nobody writes longer ones, and the rules look
/// at all of it each time, so without a bound `a'b'c'd…` would cost the square of its length.
const GROWING_BYTES_MAX: usize = 256;

/// First character beyond the scripts in which words are runs of letters (Latin to Cyrillic).
const FIRST_FOREIGN: char = '\u{530}';

/// How a word is tied to the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Not at all.
    None,
    /// By a hyphen: `World-Café`.
    Hyphen,
    /// By a slash: `Kinder/Jugendliche`.
    Slash,
    /// By a dot inside a name: `DIPAS.org`.
    Dot,
    /// A paragraph sign and its number: `§ 3`.
    Section,
}

/// One word as it stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Bytes in the text.
    pub span: Range<usize>,
    /// How the next piece is tied to this one.
    pub link: Link,
}

/// The words of `text`, in order.
pub fn pieces(text: &str) -> Pieces<'_> {
    Pieces { runs: Runs { text, at: 0, foreign: None }, next: None, started: false }
}

/// Iterator over the words of a text.
#[derive(Debug)]
pub struct Pieces<'t> {
    runs: Runs<'t>,
    next: Option<Range<usize>>,
    started: bool,
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        if !self.started {
            self.started = true;
            self.next = self.runs.next();
        }
        let text = self.runs.text;
        let mut span = self.next.take()?;
        self.next = self.runs.next();
        while let Some(run) = self.next.clone() {
            match relation(text, &span, &run) {
                Relation::Apart => break,
                Relation::Linked(link) => return Some(Piece { span, link }),
                Relation::Same => {
                    span.end = run.end;
                    // The closing bracket of `Bürger(innen)`.
                    if text[..run.start].ends_with('(') {
                        span.end += 1;
                    }
                    self.next = self.runs.next();
                }
            }
        }
        Some(Piece { span, link: Link::None })
    }
}

enum Relation {
    Apart,
    Linked(Link),
    Same,
}

/// What stands between two runs says whether they are one word, linked, or apart.
fn relation(text: &str, before: &Range<usize>, after: &Range<usize>) -> Relation {
    let gap = &text[before.end..after.start];
    // By far the most frequent case.
    if gap == " " && text.as_bytes()[before.end - 1] != SECTION_LAST_BYTE {
        return Relation::Apart;
    }
    if gap.len() > GAP_BYTES_MAX || before.len() > GROWING_BYTES_MAX {
        return Relation::Apart;
    }
    let (left, right) = (&text[before.clone()], &text[after.clone()]);
    if left.ends_with('§') {
        return section_relation(gap, right);
    }
    if gap.is_empty() || gap.starts_with(char::is_whitespace) {
        return Relation::Apart;
    }
    // `Bürger(innen)` needs its closing bracket, which is not among the arguments.
    let open_bracket = gap == "(" && !text[after.end..].starts_with(')');
    if !open_bracket && gender::joins(left, gap, right) {
        return Relation::Same;
    }
    match gap.trim_start_matches(is_ignorable) {
        "-" | "\u{2010}" | "\u{2011}" => Relation::Linked(Link::Hyphen),
        "/" => Relation::Linked(Link::Slash),
        "'" | "’" if right.chars().all(char::is_alphabetic) && left.ends_with(char::is_alphabetic) => Relation::Same,
        "." => dot_relation(left, right),
        "," if is_number(left) && is_number(right) => Relation::Same,
        _ => Relation::Apart,
    }
}

/// `§ 3`, `§§ 3`, `§3`.
fn section_relation(gap: &str, right: &str) -> Relation {
    let linked = gap.chars().all(char::is_whitespace) && right.starts_with(|c: char| c.is_ascii_digit());
    if linked { Relation::Linked(Link::Section) } else { Relation::Apart }
}

/// `1.000` is one number, `DIPAS.org` and `8.9.2020` are linked, `Ende.Anfang` is a missing space.
fn dot_relation(left: &str, right: &str) -> Relation {
    let starts_small = right.starts_with(|c: char| c.is_lowercase());
    if is_number(left) && is_number(right) {
        // `1.000.000`: what stands left may hold dots already.
        let thousands = right.len() == 3
            && left.split('.').next().is_some_and(|first| (1..=3).contains(&first.len()) && !left.contains(','));
        return if thousands { Relation::Same } else { Relation::Linked(Link::Dot) };
    }
    if starts_small { Relation::Linked(Link::Dot) } else { Relation::Apart }
}

fn is_number(run: &str) -> bool {
    run.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
        && run.starts_with(|c: char| c.is_ascii_digit())
}

/// Last byte of `§` in UTF-8 (C2 A7).
const SECTION_LAST_BYTE: u8 = 0xa7;

/// Iterator over maximal runs of letters, digits, marks and characters ignored between them.
#[derive(Debug)]
struct Runs<'t> {
    text: &'t str,
    at: usize,
    /// A run in another script that is being handed out word by word: its words end here.
    foreign: Option<usize>,
}

impl Iterator for Runs<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        loop {
            if let Some(end) = self.foreign {
                if let Some(word) = self.foreign_word(end) {
                    return Some(word);
                }
                self.at = end;
                self.foreign = None;
            }
            let start = self.run_start()?;
            if self.text[start..].starts_with('§') {
                self.at = start + self.text[start..].len() - self.text[start..].trim_start_matches('§').len();
                return Some(start..self.at);
            }
            let (end, foreign) = self.run_end(start);
            if !foreign {
                self.at = end;
                return Some(start..end);
            }
            self.at = start;
            self.foreign = Some(end);
        }
    }
}

impl Runs<'_> {
    /// The next letter, digit or paragraph sign.
    fn run_start(&self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        while let Some(&byte) = bytes.get(at) {
            if byte.is_ascii() {
                if byte.is_ascii_alphanumeric() {
                    return Some(at);
                }
                at += 1;
                continue;
            }
            let c = self.text[at..].chars().next()?;
            if c == '§' || c.is_alphanumeric() {
                return Some(at);
            }
            at += c.len_utf8();
        }
        None
    }

    /// End of the run that begins at `start`, and whether it holds another script.
    fn run_end(&self, start: usize) -> (usize, bool) {
        let bytes = self.text.as_bytes();
        let mut at = start;
        // Where the last character that counts ended; ignorable ones count only between others.
        let mut end = start;
        let mut foreign = false;
        while let Some(&byte) = bytes.get(at) {
            if byte.is_ascii() {
                if !byte.is_ascii_alphanumeric() {
                    break;
                }
                at += 1;
                end = at;
                continue;
            }
            // Latin-1 letters, the common case in German, without × and ÷.
            if byte == 0xc3 && !matches!(bytes[at + 1], 0x97 | 0xb7) {
                at += 2;
                end = at;
                continue;
            }
            let Some(c) = self.text[at..].chars().next() else { break };
            if c.is_alphanumeric() || is_combining_mark(c) {
                foreign |= c >= FIRST_FOREIGN && !is_combining_mark(c);
                at += c.len_utf8();
                end = at;
            } else if is_ignorable(c) {
                at += c.len_utf8();
            } else {
                break;
            }
        }
        (end, foreign)
    }

    /// The next word of a run in another script.
    fn foreign_word(&mut self, end: usize) -> Option<Range<usize>> {
        let (offset, word) = self.text[self.at..end].unicode_word_indices().next()?;
        let start = self.at + offset;
        self.at = start + word.len();
        Some(start..self.at)
    }
}
