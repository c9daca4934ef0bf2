//! The analyser: what index and query do to a text, in one place, so that they cannot differ.

mod cache;
mod surface;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use super::compound::{Exceptions, ExceptionsError, LexiconError, Splitter};
use super::pair::Pairs;
use super::segment::{self, Link, Piece};
use super::stopwords::{STOP_WEIGHT, StopWords};

use cache::{CachePool, WordCache};
use surface::Analysed;

/// Raised whenever the rules in this room change what they give for any text.
pub const ANALYSIS_VERSION: u32 = 4;

/// Longest term in bytes; longer words are cut off, their span is kept. No German word in use is
/// longer, and the index must not take in terms of any length.
pub const TERM_BYTES_MAX: usize = 80;

/// Most words that hyphens and the like may tie into one joined form. Titles have up to six
/// (`Kinder-und-Jugend-Forum-Nord-West`); a longer chain is no word.
const CHAIN_PIECES_MAX: usize = 8;

/// Most stop words between the halves of a pair form (`Bürgerinnen und auch die Bürger`).
const PAIR_GAP_MAX: u8 = 3;

/// The language data an analyser is made from.
#[derive(Clone, Debug)]
pub struct LanguageData {
    /// Lexicon of the compound splitter, built by [`super::compound::build_lexicon`].
    pub lexicon: Cow<'static, [u8]>,
    /// Further words of our subject, as a table in the form `build_lexicon` reads.
    pub domain: Cow<'static, str>,
    /// Exceptions of the compound splitter, see [`Exceptions::parse`].
    pub exceptions: Cow<'static, str>,
    /// Stop words, see [`StopWords::parse`].
    pub stopwords: Cow<'static, str>,
}

impl LanguageData {
    /// The data compiled into the program.
    pub fn bundled() -> LanguageData {
        LanguageData {
            lexicon: Cow::Borrowed(include_bytes!("../../index-data/language/lexicon.fst")),
            domain: Cow::Borrowed(include_str!("../../index-data/language/domain.tsv")),
            exceptions: Cow::Borrowed(include_str!("../../index-data/language/exceptions.txt")),
            stopwords: Cow::Borrowed(include_str!("../../index-data/language/stopwords.txt")),
        }
    }
}

/// Language data that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// The lexicon or the domain table.
    #[error(transparent)]
    Lexicon(#[from] LexiconError),
    /// The list of exceptions.
    #[error(transparent)]
    Exceptions(#[from] ExceptionsError),
}

/// How a word came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// A word as it stands in the text.
    Simple,
    /// Words tied by hyphen, slash or dot, taken as one: `World-Café` → `worldcafe`, `6-3-5` → `635`,
    /// and a paragraph sign with its number, `§ 3` → `§3`. Its words come as simple ones, too.
    Joined,
}

/// One word of a text.
#[derive(Debug)]
pub struct Word<'a> {
    /// Number of the word in its text, ascending. A joined word has that of its first piece.
    pub position: u32,
    /// Bytes of the whole word in the text, on character boundaries.
    pub span: Range<usize>,
    /// How it came about.
    pub form: Form,
    /// NFC, lower case, gender marks removed, not folded: `bürgerinnen` for `Bürger*innen`.
    pub exact: &'a str,
    /// The same without its gender suffix, so that `Bürger*innen` and `Bürger` are one in phrases and in what counts as
    /// the very word that was typed: `bürger`.
    pub neutral: &'a str,
    /// Folded and without its gender suffix: `burger`.
    pub folded: &'a str,
    /// Stem of `folded`.
    pub stem: &'a str,
    /// The parts, in order; empty when it is no compound.
    pub parts: &'a [Part],
    /// Weight in a query: 1 for a word with content, less for a stop word.
    pub weight: f32,
    /// Second half of a pair form (`Bürgerinnen und Bürger`): index and query count it once.
    pub repeated: bool,
}

/// One part of a compound.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Stem of the part, equal to the stem it has as a word of its own.
    pub stem: Box<str>,
    /// The part, folded, without linking element.
    pub folded: Box<str>,
    /// Bytes of the part in the text, without linking element.
    pub span: Range<usize>,
    /// The same from the beginning of the word.
    within: Range<u32>,
}

/// A [`Word`] that owns what it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnedWord {
    /// See [`Word::position`].
    pub position: u32,
    /// See [`Word::span`].
    pub span: Range<usize>,
    /// See [`Word::form`].
    pub form: Form,
    /// See [`Word::exact`].
    pub exact: String,
    /// See [`Word::neutral`].
    pub neutral: String,
    /// See [`Word::folded`].
    pub folded: String,
    /// See [`Word::stem`].
    pub stem: String,
    /// See [`Word::parts`].
    pub parts: Vec<Part>,
    /// See [`Word::weight`].
    pub weight: f32,
    /// See [`Word::repeated`].
    pub repeated: bool,
}

impl OwnedWord {
    /// See [`Word::pairs`].
    pub fn pairs(&self, pairs: &mut Pairs, sink: &mut dyn FnMut(&str)) {
        pairs.add((self.form, self.weight, self.repeated), &self.stem, &self.parts, sink);
    }
}

/// German analysis. Immutable but for a bounded cache of words, and shared between threads.
#[derive(Debug)]
pub struct Analyser {
    splitter: Splitter,
    stopwords: StopWords,
    fingerprint: String,
    caches: CachePool,
}

impl Analyser {
    /// An analyser over the given data.
    pub fn new(data: &LanguageData) -> Result<Analyser, DataError> {
        let exceptions = Exceptions::parse(&data.exceptions)?;
        Ok(Analyser {
            splitter: Splitter::new(data.lexicon.clone(), &data.domain, exceptions)?,
            stopwords: StopWords::parse(&data.stopwords),
            fingerprint: fingerprint(data),
            caches: CachePool::default(),
        })
    }

    /// The analyser over the data compiled into the program.
    pub fn bundled() -> &'static Analyser {
        static BUNDLED: LazyLock<Analyser> = LazyLock::new(|| {
            Analyser::new(&LanguageData::bundled()).expect("the bundled language data is checked by a test")
        });
        &BUNDLED
    }

    /// A hash over the data and [`ANALYSIS_VERSION`], in hex. An index with another one holds
    /// terms that queries would not find.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Calls `sink` with each word of `text` in order of where it begins. A joined word comes
    /// directly after its first piece.
    pub fn words(&self, text: &str, sink: &mut dyn FnMut(Word<'_>)) {
        let mut lease = self.caches.lease();
        let mut walk = Walk { analyser: self, text, cache: lease.cache(), position: 0, pair: Pair::default(), sink };
        let mut chain: Vec<Piece> = Vec::new();
        let mut too_long = false;
        for piece in segment::pieces(text) {
            let linked = piece.link != Link::None;
            if (!linked && chain.is_empty()) || too_long {
                walk.simple(piece.span);
                too_long &= linked;
                continue;
            }
            chain.push(piece);
            too_long = linked && chain.len() == CHAIN_PIECES_MAX;
            if !linked || too_long {
                walk.chain(&chain, too_long);
                chain.clear();
            }
        }
    }

    /// The words of `text`, collected.
    pub fn analyse(&self, text: &str) -> Vec<OwnedWord> {
        let mut words = Vec::new();
        self.words(text, &mut |word| words.push(word.to_owned()));
        words
    }

    /// The folded search form of one word: `bürger:innenrat` → `burgerrat`, `World-Café` → `worldcafe`.
    pub fn fold(&self, word: &str) -> String {
        let mut pieces = segment::pieces(word);
        let first = pieces.next();
        let analysed = match (first, pieces.next()) {
            (None, _) => return String::new(),
            (Some(only), None) => self.analyse_simple(&word[only.span]),
            (Some(_), Some(_)) => self.analyse_joined(word),
        };
        analysed.folded().to_owned()
    }
}

impl Word<'_> {
    /// Hands the word to `pairs`; `sink` gets each pair that it completes.
    pub fn pairs(&self, pairs: &mut Pairs, sink: &mut dyn FnMut(&str)) {
        pairs.add((self.form, self.weight, self.repeated), self.stem, self.parts, sink);
    }

    /// A copy that outlives the call.
    pub fn to_owned(&self) -> OwnedWord {
        OwnedWord {
            position: self.position,
            span: self.span.clone(),
            form: self.form,
            exact: self.exact.to_owned(),
            neutral: self.neutral.to_owned(),
            folded: self.folded.to_owned(),
            stem: self.stem.to_owned(),
            parts: self.parts.to_vec(),
            weight: self.weight,
            repeated: self.repeated,
        }
    }
}

/// One pass over one text.
struct Walk<'w> {
    analyser: &'w Analyser,
    text: &'w str,
    cache: &'w mut WordCache,
    position: u32,
    pair: Pair,
    sink: &'w mut dyn FnMut(Word<'_>),
}

impl Walk<'_> {
    /// Hands out one word as it stands.
    fn simple(&mut self, span: Range<usize>) {
        let surface = &self.text[span.clone()];
        let analysed = self.cache.get(surface, Form::Simple, || self.analyser.analyse_simple(surface));
        let repeated = self.pair.repeats(analysed)
            || (analysed.feminine && is_suspended_half(&self.text[span.end..], analysed.folded()));
        (self.sink)(analysed.word(self.position, span, Form::Simple, repeated));
        self.position = self.position.saturating_add(1);
    }

    /// Hands out linked words, each with the joined forms that begin with it.
    fn chain(&mut self, chain: &[Piece], too_long: bool) {
        let joins = if too_long { Vec::new() } else { joined_ranges(self.text, chain) };
        for (index, piece) in chain.iter().enumerate() {
            let position = self.position;
            self.simple(piece.span.clone());
            for join in joins.iter().filter(|join| join.start == index) {
                let span = piece.span.start..chain[join.end - 1].span.end;
                let surface = &self.text[span.clone()];
                let analysed = self.cache.get(surface, Form::Joined, || self.analyser.analyse_joined(surface));
                (self.sink)(analysed.word(position, span, Form::Joined, false));
            }
        }
    }
}

/// Which runs of linked pieces become a joined word: a paragraph sign with its number; the whole
/// of what remains; and three or more numbers within it (`6-3-5` in `6-3-5-Methode`).
fn joined_ranges(text: &str, chain: &[Piece]) -> Vec<Range<usize>> {
    let mut joins = Vec::new();
    let mut start = 0;
    while start < chain.len() {
        if chain[start].link == Link::Section {
            joins.push(start..start + 2);
            start += 1;
            continue;
        }
        let end = (start..chain.len())
            .find(|&at| chain[at].link == Link::None || chain[at].link == Link::Section)
            .map_or(chain.len(), |at| at + 1);
        let is_number = |piece: &Piece| text[piece.span.clone()].bytes().all(|byte| byte.is_ascii_digit());
        // `20-30` is a range, no word.
        if end - start > 2 || (end - start == 2 && !chain[start..end].iter().all(is_number)) {
            joins.push(start..end);
        }
        let mut at = start;
        while at < end {
            let numbers = chain[at..end].iter().take_while(|piece| is_number(piece)).count();
            if numbers >= 3 && numbers < end - start {
                joins.push(at..at + numbers);
            }
            at += numbers.max(1);
        }
        start = end;
    }
    joins
}

/// What is remembered to notice pair forms.
#[derive(Default)]
struct Pair {
    stem: String,
    feminine: bool,
    /// Stop words since then.
    gap: u8,
}

impl Pair {
    /// Whether `word` says again, for the other gender, what stands shortly before it.
    fn repeats(&mut self, word: &Analysed) -> bool {
        if word.weight <= STOP_WEIGHT || matches!(word.folded(), "bzw" | "beziehungsweise" | "sowie") {
            self.gap = self.gap.saturating_add(1);
            return false;
        }
        let repeats = self.gap <= PAIR_GAP_MAX && self.feminine != word.feminine && self.stem == word.stem();
        self.stem.clear();
        self.stem.push_str(word.stem());
        self.feminine = word.feminine;
        self.gap = 0;
        repeats
    }
}

/// Whether a feminine word is half of a compound whose other half says the same:
/// `Bürgerinnen- und Bürgerrat`. `rest` is the text behind it.
fn is_suspended_half(rest: &str, folded: &str) -> bool {
    let Some(rest) = rest.strip_prefix('-').filter(|rest| rest.starts_with(char::is_whitespace)) else { return false };
    let rest = super::normalise::truncated(rest, 2 * TERM_BYTES_MAX);
    let mut pieces = segment::pieces(rest);
    let connector = pieces.next().map(|piece| &rest[piece.span]);
    let next = pieces.next().map(|piece| super::normalise::fold(&rest[piece.span]));
    matches!(connector, Some("und" | "oder" | "bzw" | "sowie"))
        && next.is_some_and(|next| next.len() > folded.len() && next.starts_with(folded))
}

fn fingerprint(data: &LanguageData) -> String {
    let mut hash = Sha256::new();
    hash.update(ANALYSIS_VERSION.to_le_bytes());
    for bytes in [&*data.lexicon, data.domain.as_bytes(), data.exceptions.as_bytes(), data.stopwords.as_bytes()] {
        // The length keeps the four apart.
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    }
    let mut hex = String::with_capacity(64);
    for byte in hash.finalize() {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
