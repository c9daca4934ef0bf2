//! What the hit list needs of an entry, made once when it is indexed: its face, its texts, and the words in them.
//!
//! Showing a hit means finding the words of a query in its texts. Analysing them again for each answer would cost more
//! than the search itself, so the analysed words are stored beside the entry, as numbers that need no parsing.
//!
//! ```text
//! sheet = length of face: u32, face as JSON, text …
//! text  = section: u8, length of field: u8, length of text: u32, length of words: u32, field, text, word …
//! word  = start: u32, length: u16, parts: u16, hash of exact form: u32, hash of stem: u32, part …
//! part  = hash of stem: u32, start: u32, length: u32
//! ```
//!
//! Numbers are little-endian; starts and lengths are bytes of the text.

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
    text::{Word, inner_compounds},
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
    bytes: Vec<u8>,
    texts: Vec<TextAt>,
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
    parts: &'a [u8],
}

const WORD_BYTES: usize = 16;
const PART_BYTES: usize = 12;

impl Sheet {
    /// Reads what `SheetWriter` wrote.
    ///
    /// # Errors
    /// On bytes that are no sheet.
    pub fn decode(bytes: Vec<u8>) -> Result<Self, IndexError> {
        let broken = || IndexError("a sheet is cut short".into());
        let mut at = 0_usize;
        let mut take = |count: u32| -> Result<Range<u32>, IndexError> {
            let end = at.checked_add(count as usize).filter(|end| *end <= bytes.len()).ok_or_else(broken)?;
            let range = at as u32..end as u32;
            at = end;
            Ok(range)
        };
        let number = |range: Range<u32>| read_u32(&bytes, range.start as usize);
        let face_length = number(take(4)?);
        let face = take(face_length)?;
        let face: Face = serde_json::from_slice(slice(&bytes, &face))?;
        let mut texts = Vec::new();
        while let Ok(tags) = take(2) {
            let (section, field_length) = (bytes[tags.start as usize], bytes[tags.start as usize + 1]);
            let (text_length, words_length) = (number(take(4)?), number(take(4)?));
            let field = take(u32::from(field_length))?;
            let text = take(text_length)?;
            std::str::from_utf8(slice(&bytes, &text)).map_err(|error| IndexError(error.to_string()))?;
            texts.push(TextAt { section, field, text, words: take(words_length)? });
        }
        Ok(Self { face, bytes, texts })
    }

    /// Its texts of one section, in the order in which a reader meets them.
    pub fn texts(&self, section: Section) -> Vec<SheetText<'_>> {
        let string = |range| std::str::from_utf8(slice(&self.bytes, range)).unwrap_or_default();
        let texts = self.texts.iter().filter(|text| text.section == section as u8);
        texts
            .map(|at| SheetText {
                field: string(&at.field),
                text: string(&at.text),
                words: slice(&self.bytes, &at.words),
            })
            .collect()
    }

    /// Bytes it takes in memory, roughly.
    pub fn size(&self) -> u32 {
        let face = size_of::<Self>() + 2 * self.face.facts.summary.len() + 16 * self.face.facts.topics.len();
        u32::try_from(self.bytes.len() + face + self.texts.len() * size_of::<TextAt>()).unwrap_or(u32::MAX)
    }
}

impl<'a> SheetText<'a> {
    /// Its words.
    pub fn words(&self) -> impl Iterator<Item = SheetWord<'a>> {
        let mut left = self.words;
        std::iter::from_fn(move || {
            let (word, rest) = left.split_at_checked(WORD_BYTES)?;
            let (parts, rest) = rest.split_at_checked(usize::from(read_u16(word, 6)) * PART_BYTES)?;
            left = rest;
            Some(SheetWord {
                start: read_u32(word, 0),
                length: u32::from(read_u16(word, 4)),
                exact: read_u32(word, 8),
                stem: read_u32(word, 12),
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
    bytes: Vec<u8>,
    words: Vec<u8>,
}

impl SheetWriter {
    /// A sheet without texts.
    ///
    /// # Errors
    /// Only where JSON cannot be written.
    pub(super) fn new(public: &PublicEntry) -> Result<Self, IndexError> {
        let face = serde_json::to_vec(&Face::of(public))?;
        let mut bytes = Vec::with_capacity(16 << 10);
        bytes.extend((face.len() as u32).to_le_bytes());
        bytes.extend(face);
        Ok(Self { bytes, words: Vec::new() })
    }

    /// Takes a word of the text that is put next; `place` is where it stands there, if it does not stand at its span.
    pub(super) fn word(&mut self, text: &str, word: &Word<'_>, place: Option<&Range<usize>>) {
        let words = &mut self.words;
        let at = |span: &Range<usize>| place.unwrap_or(span).clone();
        let span = at(&word.span);
        let start = words.len();
        words.extend((span.start as u32).to_le_bytes());
        words.extend(u16::try_from(span.len()).unwrap_or(u16::MAX).to_le_bytes());
        words.extend(0_u16.to_le_bytes());
        words.extend(hash(word.neutral).to_le_bytes());
        words.extend(hash(word.stem).to_le_bytes());
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
    }

    /// Puts a text with the words that were given since the last one.
    pub(super) fn text(&mut self, section: Section, field: &str, text: &str) {
        let Self { bytes, words } = self;
        bytes.extend([section as u8, field.len() as u8]);
        bytes.extend((text.len() as u32).to_le_bytes());
        bytes.extend((words.len() as u32).to_le_bytes());
        bytes.extend(field.as_bytes());
        bytes.extend(text.as_bytes());
        bytes.append(words);
    }

    /// The sheet.
    pub(super) fn finish(self) -> Vec<u8> {
        self.bytes
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

fn slice<'a>(bytes: &'a [u8], range: &Range<u32>) -> &'a [u8] {
    &bytes[range.start as usize..range.end as usize]
}

fn read_u32(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn read_u16(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}
