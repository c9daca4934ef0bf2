//! Which words of a query are nouns for people.
//!
//! A word is one if it, or what is left without the ending of its case or plural, ends in one of [`ENDINGS`] and the
//! lexicon of the splitter knows its feminine form: `Bürger` because of `Bürgerin`, but not `Fenster`.

use std::borrow::Cow;

use crate::text::{DataError, compound::LexiconError, normalise::fold};

/// How nouns for people end that only need `in` or `innen`; the most frequent of those that the analyser knows.
const ENDINGS: &[&str] = &["er", "or", "ent", "ist", "ant", "eur"];

/// Endings of plural and case: the noun's own ending, and what may follow.
const INFLECTED: &[(&str, &str)] =
    &[("er", "n"), ("er", "s"), ("or", "en"), ("ent", "en"), ("ist", "en"), ("ant", "en"), ("eur", "e"), ("eur", "en")];

/// Shortest noun; `user` has four letters.
const BASE_CHARS_MIN: usize = 4;

/// Knows nouns for people.
pub(super) struct Persons(fst::raw::Fst<Cow<'static, [u8]>>);

impl std::fmt::Debug for Persons {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Persons").finish_non_exhaustive()
    }
}

impl Persons {
    pub(super) fn new(lexicon: Cow<'static, [u8]>) -> Result<Self, DataError> {
        Ok(Self(fst::raw::Fst::new(lexicon).map_err(LexiconError::from)?))
    }

    /// The noun to which `in` and `innen` can be added: `Bürger` of `Bürgern`.
    pub(super) fn base<'a>(&self, typed: &'a str) -> Option<&'a str> {
        let without = |(own, ending): &(&str, &str)| typed.strip_suffix(ending).filter(|base| base.ends_with(own));
        let bases = std::iter::once(typed).chain(INFLECTED.iter().filter_map(without));
        bases.into_iter().find(|base| {
            let folded = fold(base);
            base.chars().count() >= BASE_CHARS_MIN
                && ENDINGS.iter().any(|ending| base.ends_with(ending))
                && ["in", "innen"].iter().any(|feminine| self.0.contains_key(format!("{folded}{feminine}")))
        })
    }
}
