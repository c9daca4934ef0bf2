//! German text analysis, pure: from what somebody wrote to the terms that index and query share.
//!
//! [`Analyser`] ties the steps together, each in a module of its own:
//! words are found ([`segment`]), normalised and folded ([`normalise`]), freed of gender marks and
//! feminine suffixes ([`gender`]), stemmed ([`stem`]), and cut into their parts ([`compound`]).
//! [`gram`] makes character 4-grams of a folded word, [`pair`] pairs of neighbouring words, [`spelling`] compares misspelt words,
//! [`synonyms`] widens a query, and [`stopwords`] says which words carry little meaning.
//!
//! Beside the analysis, [`sentence`] finds sentences and [`readability`] says how easily a text reads.
//!
//! Nothing here reads files or the clock. The language data is compiled in from
//! `index-data/language`; whoever changes the rules raises [`ANALYSIS_VERSION`], so that an index
//! built with other rules is noticed by its fingerprint and rebuilt.

pub mod analyser;
pub mod compound;
pub mod gender;
pub mod gram;
pub mod inner;
pub mod normalise;
pub mod pair;
pub mod readability;
pub mod segment;
pub mod sentence;
pub mod spelling;
pub mod stem;
pub mod stopwords;
pub mod synonyms;

pub use analyser::{ANALYSIS_VERSION, Analyser, DataError, Form, LanguageData, OwnedWord, Part, Word};
pub use gram::{grams, grams_open};
pub use inner::inner_compounds;
pub use pair::Pairs;
pub use spelling::DamerauAutomaton;
pub use synonyms::SynonymSet;
