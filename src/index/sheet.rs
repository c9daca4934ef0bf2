//! What the hit list needs of an entry, made once when it is indexed: its face, its texts, and the words in them.
//!
//! Showing a hit means finding the words of a query in its texts. Analysing them again for each answer would cost more
//! than the search itself, so the analysed words are stored beside the entry, as numbers that need no parsing.
//!
//! ```text
//! sheet   = face as JSON, strings, text …, trailer
//! strings = field, text of each text
//! text    = section: u8, length of field: u8, length of text: u32, length of words: u32, word …
//! word    = start: u32, length: u16, parts: u16, hash of exact form: u32, hash of stem: u32,
//!           length of folded form: u8, part …, folded form
//! part    = hash of stem: u32, start: u32, length: u32
//! trailer = length of face: u32, length of strings: u32, length of the sheet without trailer: u32
//! ```
//!
//! Numbers are little-endian; starts and lengths are bytes of the text. The lengths come last, so that a sheet is read
//! from the end of a stored document without taking apart what stands before it.

use std::ops::Range;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::IndexError;
use crate::{
    model::{
        entry::Profile,
        facet,
        id::EntryId,
        kind::{FormatType, Kind},
        public::PublicEntry,
    },
    text::{Form, Word, inner_compounds, stopwords::CONTENT_WEIGHT},
};

/// Everything a hit shows whatever was searched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Face {
    /// Identity.
    pub id: EntryId,
    /// Kind.
    pub kind: Kind,
    /// Last part of its address.
    pub slug: String,
    /// Title.
    pub title: String,
    /// What a reader chooses by.
    pub facts: Facts,
}

/// What a reader chooses by, in the hit list and out of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Facts {
    /// One or two sentences.
    pub summary: String,
    /// Where people meet.
    pub format_types: Vec<FormatType>,
    /// Terms of `topics`.
    pub topics: Vec<String>,
    /// Fewest and most people; the second is null where there is no limit. Empty where not stated.
    pub participants: Vec<Option<u32>>,
    /// Shortest and longest duration in minutes, likewise.
    pub duration_minutes: Vec<Option<u32>>,
    /// Lowest and highest cost in euros, likewise.
    pub cost_eur: Vec<Option<u32>>,
    /// Terms of `durations`.
    pub duration: Vec<String>,
    /// Terms of `costs`.
    pub cost: Vec<String>,
    /// Town of a case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub municipality: Option<String>,
    /// First and last year of a case or guide.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub years: Vec<i32>,
    /// Language of the text, BCP 47.
    pub language: String,
    /// First publication, UTC.
    pub published_at: Timestamp,
    /// Newest change, UTC.
    pub updated_at: Timestamp,
}

impl Face {
    /// The face of an entry.
    pub fn of(public: &PublicEntry) -> Self {
        let common = &public.entry.common;
        Self {
            id: public.id,
            kind: public.entry.kind(),
            slug: common.slug.clone(),
            title: common.title.clone(),
            facts: Facts::of(public),
        }
    }
}

impl Facts {
    fn of(public: &PublicEntry) -> Self {
        let common = &public.entry.common;
        let range = |low: Option<u32>, high: Option<u32>| {
            if low.is_none() && high.is_none() { Vec::new() } else { vec![low, high] }
        };
        let format = public.entry.as_format();
        Self {
            summary: common.summary.clone(),
            format_types: common.format_types.clone(),
            topics: common.topics.clone(),
            participants: format.map_or_else(Vec::new, |of| range(of.participants_min, of.participants_max)),
            duration_minutes: format
                .map_or_else(Vec::new, |of| range(of.duration_minutes_min, of.duration_minutes_max)),
            cost_eur: format.map_or_else(Vec::new, |of| range(of.cost_eur_min, of.cost_eur_max)),
            duration: public.derived.classes.duration.clone(),
            cost: public.derived.classes.cost.clone(),
            municipality: match &public.entry.profile {
                Profile::BestPractice(case) => case.municipality.clone(),
                _ => None,
            },
            years: facet::years(&public.entry).map_or_else(Vec::new, |(first, last)| {
                if last == first || last == i32::MAX { vec![first] } else { vec![first, last] }
            }),
            language: common.language.clone(),
            published_at: public.derived.published_at,
            updated_at: public.derived.updated_at,
        }
    }
}

/// Which part of an entry a text belongs to; a reader meets them in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Section {
    /// Title, other names, summary, keywords.
    Head,
    /// Everything else that people read.
    Body,
    /// Labels of the terms it carries.
    Label,
}

/// One entry's sheet.
#[derive(Debug)]
pub struct Sheet {
    /// What is shown whatever was searched.
    pub face: Face,
    /// Fields and texts, one after the other.
    strings: Box<str>,
    /// Words of all texts.
    words: Box<[u8]>,
    texts: Box<[TextAt]>,
}

#[derive(Debug)]
struct TextAt {
    section: u8,
    field: Range<u32>,
    text: Range<u32>,
    words: Range<u32>,
}

/// A text and its words.
#[derive(Clone, Copy, Debug)]
pub struct SheetText<'a> {
    /// Field, as in the entry's JSON.
    pub field: &'a str,
    /// As readers see it.
    pub text: &'a str,
    words: &'a [u8],
}

/// A word in the forms in which it is compared, each by its [`hash`].
#[derive(Clone, Copy, Debug)]
pub struct SheetWord<'a> {
    start: u32,
    length: u32,
    /// As written, lower case, without its gender suffix.
    pub exact: u32,
    /// Its stem.
    pub stem: u32,
    /// Folded form of a word with content as it stands in the text; empty for others, which look like nothing.
    pub folded: &'a [u8],
    parts: &'a [u8],
}

const WORD_BYTES: usize = 17;
const PART_BYTES: usize = 12;
const TEXT_BYTES: usize = 10;
const TRAILER_BYTES: usize = 12;

impl Sheet {
    /// Reads what `SheetWriter` wrote, which is what `document` ends with.
    ///
    /// # Errors
    /// On bytes that end with no sheet.
    pub fn decode(document: &[u8]) -> Result<Self, IndexError> {
        let broken = || IndexError("a sheet is cut short".into());
        let (rest, trailer) = document
            .split_last_chunk::<TRAILER_BYTES>()
            .map(|(rest, trailer)| (rest, &trailer[..]))
            .ok_or_else(broken)?;
        let length = |at| read_u32(trailer, at) as usize;
        let sheet = rest.len().checked_sub(length(8)).map(|start| &rest[start..]).ok_or_else(broken)?;
        let (face, sheet) = sheet.split_at_checked(length(0)).ok_or_else(broken)?;
        let (strings, mut left) = sheet.split_at_checked(length(4)).ok_or_else(broken)?;
        let strings = std::str::from_utf8(strings).map_err(|error| IndexError(error.to_string()))?;
        let mut words = Vec::with_capacity(left.len());
        let mut texts = Vec::new();
        let mut at = 0;
        while let Some((head, rest)) = left.split_at_checked(TEXT_BYTES) {
            let field = at..at + usize::from(head[1]);
            let text = field.end..field.end + read_u32(head, 2) as usize;
            at = text.end;
            let (of_text, rest) = rest.split_at_checked(read_u32(head, 6) as usize).ok_or_else(broken)?;
            let start = words.len();
            words.extend_from_slice(of_text);
            if strings.get(field.clone()).is_none() || strings.get(text.clone()).is_none() {
                return Err(broken());
            }
            texts.push(TextAt {
                section: head[0],
                field: small(field),
                text: small(text),
                words: small(start..words.len()),
            });
            left = rest;
        }
        Ok(Self {
            face: serde_json::from_slice(face)?,
            strings: strings.into(),
            words: words.into(),
            texts: texts.into(),
        })
    }

    /// Its texts of one section, in the order in which a reader meets them.
    pub fn texts(&self, section: Section) -> Vec<SheetText<'_>> {
        let texts = self.texts.iter().filter(|text| text.section == section as u8);
        texts
            .map(|at| SheetText {
                field: &self.strings[large(&at.field)],
                text: &self.strings[large(&at.text)],
                words: &self.words[large(&at.words)],
            })
            .collect()
    }

    /// Bytes it takes in memory, roughly.
    pub fn size(&self) -> u32 {
        let face = size_of::<Self>() + 2 * self.face.facts.summary.len() + 16 * self.face.facts.topics.len();
        u32::try_from(self.strings.len() + self.words.len() + face + self.texts.len() * size_of::<TextAt>())
            .unwrap_or(u32::MAX)
    }
}

impl<'a> SheetText<'a> {
    /// Its words.
    pub fn words(&self) -> impl Iterator<Item = SheetWord<'a>> {
        let mut left = self.words;
        std::iter::from_fn(move || {
            let (word, rest) = left.split_at_checked(WORD_BYTES)?;
            let (parts, rest) = rest.split_at_checked(usize::from(read_u16(word, 6)) * PART_BYTES)?;
            let (folded, rest) = rest.split_at_checked(usize::from(word[16]))?;
            left = rest;
            Some(SheetWord {
                start: read_u32(word, 0),
                length: u32::from(read_u16(word, 4)),
                exact: read_u32(word, 8),
                stem: read_u32(word, 12),
                folded,
                parts,
            })
        })
    }
}

impl SheetWord<'_> {
    /// Its bytes in the text.
    pub fn span(&self) -> Range<usize> {
        self.start as usize..(self.start + self.length) as usize
    }

    /// Stems of its parts with their bytes in the text; longer runs of parts first.
    pub fn parts(&self) -> impl Iterator<Item = (u32, Range<usize>)> {
        self.parts.chunks_exact(PART_BYTES).map(|part| {
            let start = read_u32(part, 4) as usize;
            (read_u32(part, 0), start..start + read_u32(part, 8) as usize)
        })
    }
}

/// Writes a sheet, as [`Sheet::decode`] reads it.
pub(super) struct SheetWriter {
    face: Vec<u8>,
    strings: String,
    /// Finished texts with their words.
    texts: Vec<u8>,
    /// Words of the text that is put next.
    words: Vec<u8>,
}

impl SheetWriter {
    /// A sheet without texts.
    ///
    /// # Errors
    /// Only where JSON cannot be written.
    pub(super) fn new(public: &PublicEntry) -> Result<Self, IndexError> {
        let face = serde_json::to_vec(&Face::of(public))?;
        Ok(Self { face, strings: String::new(), texts: Vec::with_capacity(16 << 10), words: Vec::new() })
    }

    /// Takes a word of the text that is put next; `place` is where it stands there, if it does not stand at its span.
    pub(super) fn word(&mut self, text: &str, word: &Word<'_>, place: Option<&Range<usize>>) {
        let words = &mut self.words;
        let at = |span: &Range<usize>| place.unwrap_or(span).clone();
        let span = at(&word.span);
        let start = words.len();
        let comparable = word.form == Form::Simple && word.weight >= CONTENT_WEIGHT;
        let folded = Some(word.folded).filter(|_| comparable).unwrap_or_default();
        // No term is longer than `text::TERM_BYTES_MAX`; one that were would only look like nothing.
        let folded_length = u8::try_from(folded.len()).unwrap_or(0);
        words.extend((span.start as u32).to_le_bytes());
        words.extend(u16::try_from(span.len()).unwrap_or(u16::MAX).to_le_bytes());
        words.extend(0_u16.to_le_bytes());
        words.extend(hash(word.neutral).to_le_bytes());
        words.extend(hash(word.stem).to_le_bytes());
        words.push(folded_length);
        let mut count = 0_u16;
        let mut put = |stem: &str, span: Range<usize>| {
            words.extend(hash(stem).to_le_bytes());
            words.extend((span.start as u32).to_le_bytes());
            words.extend((span.len() as u32).to_le_bytes());
            count += 1;
        };
        // Longer runs first: of "Bürgerrats|empfehlung" all that was asked for is marked.
        inner_compounds(text, word.parts, &mut |stem, span| put(stem, at(&span)));
        word.parts.iter().for_each(|part| put(&part.stem, at(&part.span)));
        words[start + 6..start + 8].copy_from_slice(&count.to_le_bytes());
        words.extend(&folded.as_bytes()[..usize::from(folded_length)]);
    }

    /// Puts a text with the words that were given since the last one.
    pub(super) fn text(&mut self, section: Section, field: &str, text: &str) {
        let Self { strings, texts, words, .. } = self;
        strings.extend([field, text]);
        texts.extend([section as u8, field.len() as u8]);
        texts.extend((text.len() as u32).to_le_bytes());
        texts.extend((words.len() as u32).to_le_bytes());
        texts.append(words);
    }

    /// The sheet.
    pub(super) fn finish(self) -> Vec<u8> {
        let Self { face, strings, texts, .. } = self;
        let lengths = [face.len(), strings.len(), face.len() + strings.len() + texts.len()];
        let mut sheet = face;
        sheet.extend(strings.as_bytes());
        sheet.extend(texts);
        lengths.iter().for_each(|length| sheet.extend((*length as u32).to_le_bytes()));
        sheet
    }
}

/// FNV-1a of 64 bits, folded to 32: words are compared by hash. Two different words that meet in one would mark a word
/// too many, once in some ten million hits.
pub fn hash(text: &str) -> u32 {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (hash ^ (hash >> 32)) as u32
}

/// A sheet is shorter than 4 GB.
fn small(range: Range<usize>) -> Range<u32> {
    range.start as u32..range.end as u32
}

fn large(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}

fn read_u32(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn read_u16(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}
