//! Cutting compounds: `Bürgerbeteiligungsverfahren` → `bürger|beteiligung|verfahren`.
//!
//! A word is cut along the cheapest path through a lexicon (Viterbi). Each key of the lexicon has a
//! cost as a modifier and as a head, both learnt without supervision from how many compounds it
//! occurs in; linking elements (`s`, `n`, `en` …) have costs of their own. A cut is made only when
//! the path is cheaper than what an uncut word of that length and frequency would cost, and
//! never yields a part that is not in the lexicon. Exceptions correct what statistics get wrong
//! (`haus|halt`, `tran|sport`), also inside longer words (`bürger|haushalt`).
//!
//! Everything works on folded words. The lexicon is a work of its own under CC BY-SA 4.0, see
//! `index-data/language/LICENSE.md`.

mod exceptions;
mod lexicon;
mod viterbi;

use std::borrow::Cow;
use std::ops::Range;

pub use exceptions::{Exceptions, ExceptionsError};
pub use lexicon::{LexiconError, build_lexicon};

use lexicon::{Entry, Lexicon};

/// Longest word that is cut, in bytes. The longest German compounds in use have 70–80 letters;
/// the work grows with the length, and whatever is longer is no word.
pub const WORD_BYTES_MAX: usize = 80;

/// How often parts are cut again.
const DEPTH_MAX: usize = 3;

/// Cost, in the unit of the lexicon, of a word from the exceptions; that of a word in middling use.
const EXCEPTION_COST: u8 = 100;

/// Shortest word that is cut, in bytes. Among shorter ones too many only look like compounds.
const WORD_BYTES_MIN: usize = 7;

/// One part of a compound, as bytes of the folded word. A linking element belongs to no part.
pub type Cut = Range<usize>;

/// The splitter: lexicons and exceptions. Immutable.
#[derive(Debug)]
pub struct Splitter {
    lexicon: Lexicon<Cow<'static, [u8]>>,
    /// Words of our own subject that the big lexicon lacks; looked up beside it.
    domain: Lexicon<Vec<u8>>,
    exceptions: Exceptions,
}

impl Splitter {
    /// A splitter over a lexicon built by [`build_lexicon`], a domain lexicon in the same
    /// tab-separated form, and exceptions.
    pub fn new(
        lexicon: Cow<'static, [u8]>,
        domain_tsv: &str,
        exceptions: Exceptions,
    ) -> Result<Splitter, LexiconError> {
        // What the exceptions name must be found as a part of longer words, too.
        let mut table = domain_tsv.to_owned();
        for word in exceptions.words() {
            table.push_str(&format!("\n{word}\t{EXCEPTION_COST}\t{EXCEPTION_COST}\t0"));
        }
        let domain = Lexicon::open(build_lexicon(&table)?)?;
        Ok(Splitter { lexicon: Lexicon::open(lexicon)?, domain, exceptions })
    }

    /// The parts of a folded word, in order; none when it is not a compound.
    pub fn split(&self, folded: &str) -> Vec<Cut> {
        let mut cuts = Vec::new();
        if (WORD_BYTES_MIN..=WORD_BYTES_MAX).contains(&folded.len())
            && !folded.bytes().any(|byte| byte.is_ascii_digit())
        {
            self.split_into(folded, 0, 0, &mut cuts);
            self.merge_kept(folded, &mut cuts);
        }
        if cuts.len() < 2 {
            cuts.clear();
        }
        cuts
    }

    /// Cuts `word`, which begins at `offset` of the whole, and appends its parts.
    fn split_into(&self, word: &str, offset: usize, depth: usize, cuts: &mut Vec<Cut>) {
        if depth < DEPTH_MAX && !self.exceptions.keeps(word) {
            if let Some(parts) = self.exceptions.cut(word) {
                cuts.extend(parts.into_iter().map(|part| part.start + offset..part.end + offset));
                return;
            }
            if let Some(parts) = self.best_path(word) {
                for part in parts {
                    self.split_into(&word[part.clone()], offset + part.start, depth + 1, cuts);
                }
                return;
            }
        }
        cuts.push(offset..offset + word.len());
    }

    /// Puts together again what an exception keeps whole: `burger|haus|halt` → `burger|haushalt`.
    fn merge_kept(&self, word: &str, cuts: &mut Vec<Cut>) {
        let mut first = 0;
        while first < cuts.len() {
            let kept = (first + 1..cuts.len())
                .rev()
                .find(|&last| self.exceptions.keeps(&word[cuts[first].start..cuts[last].end]));
            if let Some(last) = kept {
                let end = cuts[last].end;
                cuts[first].end = end;
                cuts.drain(first + 1..=last);
            }
            first += 1;
        }
    }

    fn frequency(&self, word: &str) -> f32 {
        let of = |entry: Option<Entry>| entry.map_or(0.0, |entry| entry.zipf());
        of(self.lexicon.get(word)).max(of(self.domain.get(word)))
    }
}
