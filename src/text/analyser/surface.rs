//! Analysing one word without its text: the slow path, behind the cache.

use std::ops::Range;

use super::{Analyser, Form, Part, TERM_BYTES_MAX, Word};
use crate::text::normalise::{self, Folded, Letter, is_word_char, truncated};
use crate::text::stopwords::STOP_WEIGHT;
use crate::text::{gender, segment, stem};

/// How much of a word is looked at, in bytes. A term has at most [`TERM_BYTES_MAX`]; marks,
/// soft hyphens and decomposed letters need a multiple of that.
const SURFACE_BYTES_MAX: usize = 4 * TERM_BYTES_MAX;

/// Shortest piece of a joined word, in letters, that counts as one of its parts.
const JOINED_PART_MIN: usize = 3;

/// What is known about a word wherever it stands.
#[derive(Debug)]
pub(super) struct Analysed {
    /// Exact form, neutral form, folded form and stem, one after the other.
    forms: Box<str>,
    exact_end: usize,
    neutral_end: usize,
    folded_end: usize,
    parts: Box<[Part]>,
    pub(super) weight: f32,
    /// Whether a feminine suffix was taken off.
    pub(super) feminine: bool,
}

impl Analysed {
    fn new(plain: &Plain, folded: &str, parts: Vec<Part>, weight: f32) -> Analysed {
        let (exact, neutral) = (truncated(&plain.exact, TERM_BYTES_MAX), plain.neutral());
        let neutral = truncated(&neutral, TERM_BYTES_MAX);
        let stem = stem::stem(folded);
        let forms = [exact, neutral, folded, truncated(&stem, TERM_BYTES_MAX)].concat();
        let neutral_end = exact.len() + neutral.len();
        Analysed {
            forms: forms.into(),
            exact_end: exact.len(),
            neutral_end,
            folded_end: neutral_end + folded.len(),
            parts: parts.into(),
            weight,
            feminine: plain.feminine,
        }
    }

    pub(super) fn exact(&self) -> &str {
        &self.forms[..self.exact_end]
    }

    fn neutral(&self) -> &str {
        &self.forms[self.exact_end..self.neutral_end]
    }

    pub(super) fn folded(&self) -> &str {
        &self.forms[self.neutral_end..self.folded_end]
    }

    pub(super) fn stem(&self) -> &str {
        &self.forms[self.folded_end..]
    }

    /// The word at its place in a text.
    pub(super) fn word(&mut self, position: u32, span: Range<usize>, form: Form, repeated: bool) -> Word<'_> {
        for part in &mut self.parts {
            part.span = span.start + part.within.start as usize..span.start + part.within.end as usize;
        }
        Word {
            position,
            span,
            form,
            exact: self.exact(),
            neutral: self.neutral(),
            folded: self.folded(),
            stem: self.stem(),
            parts: &self.parts,
            weight: self.weight,
            repeated,
        }
    }
}

impl Analyser {
    /// Analyses one piece of text without links.
    pub(super) fn analyse_simple(&self, surface: &str) -> Analysed {
        let surface = truncated(surface, SURFACE_BYTES_MAX);
        let plain = Plain::of(surface, 0);
        let folded = plain.folded();
        let parts = self.parts(&folded, surface.len());
        let weight = self.stopwords.weight(&folded.text);
        Analysed::new(&plain, &folded.text, parts, weight)
    }

    /// Analyses linked words as one. Its parts are those of its words.
    pub(super) fn analyse_joined(&self, surface: &str) -> Analysed {
        let surface = truncated(surface, SURFACE_BYTES_MAX);
        let mut whole = Plain::default();
        let mut parts = Vec::new();
        let mut weight = STOP_WEIGHT;
        for piece in segment::pieces(surface) {
            let base = piece.span.start;
            let word = &surface[piece.span];
            let analysed = self.analyse_simple(word);
            weight = weight.max(analysed.weight);
            if analysed.parts.is_empty() {
                parts.extend(piece_as_part(&analysed, base, word.len()));
            } else {
                parts.extend(analysed.parts.into_iter().map(|part| part.moved(base)));
            }
            whole.append(Plain::of(word, base));
        }
        if parts.len() < 2 {
            parts.clear();
        }
        let folded = whole.folded();
        Analysed::new(&whole, &folded.text, parts, weight)
    }

    /// Cuts a folded word; `end` is where the surface ends.
    fn parts(&self, folded: &Folded, end: usize) -> Vec<Part> {
        let origin = |at: usize| folded.starts.get(at).copied().unwrap_or(end as u32);
        let cuts = self.splitter.split(&folded.text);
        let parts = cuts.into_iter().map(|cut| {
            let part = &folded.text[cut.clone()];
            Part {
                stem: stem::stem(part).into(),
                folded: part.into(),
                span: 0..0,
                within: origin(cut.start)..origin(cut.end),
            }
        });
        parts.collect()
    }
}

impl Part {
    fn moved(self, base: usize) -> Part {
        let base = base as u32;
        Part { within: self.within.start + base..self.within.end + base, ..self }
    }
}

fn piece_as_part(analysed: &Analysed, base: usize, length: usize) -> Option<Part> {
    let folded = analysed.folded();
    let is_word = folded.chars().count() >= JOINED_PART_MIN && folded.chars().all(char::is_alphabetic);
    is_word.then(|| Part {
        stem: analysed.stem().into(),
        folded: folded.into(),
        span: 0..0,
        within: base as u32..(base + length) as u32,
    })
}

/// The letters of a word, freed of marks and gender suffix.
#[derive(Default)]
struct Plain {
    exact: String,
    letters: Vec<Letter>,
    feminine: bool,
}

impl Plain {
    fn of(surface: &str, base: usize) -> Plain {
        let mut letters = Vec::new();
        normalise::push_letters(surface, base, &mut letters);
        let reduced = gender::reduce(&letters);
        // `2,5` is a number, but `1.000` is `1000`.
        let starts_with_digit = surface.starts_with(|c: char| c.is_ascii_digit());
        let belongs = |letter: &Letter| is_word_char(letter.ch) || (letter.ch == ',' && starts_with_digit);
        // `§§` is `§`.
        letters.dedup_by(|next, before| next.ch == '§' && before.ch == '§');
        let exact = letters.iter().filter(|letter| belongs(letter)).map(|letter| letter.ch).collect();
        if let Some(reduced) = reduced {
            let Letter { at, upper, .. } = letters[reduced.start];
            let ending = reduced.ending.chars().map(|ch| Letter { ch, at, upper });
            letters.splice(reduced.start..reduced.end, ending.collect::<Vec<_>>());
        }
        letters.retain(belongs);
        Plain { exact, letters, feminine: reduced.is_some_and(|reduced| reduced.feminine) }
    }

    fn append(&mut self, mut other: Plain) {
        self.exact.push_str(&other.exact);
        self.letters.append(&mut other.letters);
        self.feminine |= other.feminine;
    }

    /// Freed of the gender suffix, not folded; never empty while the exact form is not.
    fn neutral(&self) -> String {
        if self.letters.is_empty() { self.exact.clone() } else { self.letters.iter().map(|letter| letter.ch).collect() }
    }

    /// The folded form, cut to the length of a term. It is never empty while the exact form is not.
    fn folded(&self) -> Folded {
        let mut folded = Folded::default();
        normalise::fold_letters(&self.letters, &mut folded);
        if folded.text.is_empty() {
            folded.text.push_str(&self.exact);
            folded.starts.resize(folded.text.len(), 0);
        }
        let length = truncated(&folded.text, TERM_BYTES_MAX).len();
        folded.text.truncate(length);
        folded.starts.truncate(length);
        folded
    }
}
