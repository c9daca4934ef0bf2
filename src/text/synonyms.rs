//! Synonyms: what an editor decided means the same, or nearly, on the query side.
//!
//! Rules are directed: members of `both` stand for each other, `from` leads to `to` and not back.
//! Words are compared by their stems, and compounds by the stems of their parts, so one spelling
//! in the list covers inflections, gender forms, umlaut spellings and `World-Café`, `Worldcafé`,
//! `World Café` alike.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use super::analyser::{Analyser, Form, OwnedWord};

/// Most words in one phrase. It bounds the windows that are looked up in a query.
pub const PHRASE_WORDS_MAX: usize = 6;

/// Weight of a rule that names none. Measured flat between 0.2 and 0.5.
pub const DEFAULT_WEIGHT: f32 = 0.4;

/// Why a list of synonyms is refused.
#[derive(Debug, thiserror::Error)]
pub enum SynonymError {
    /// Not the TOML that is expected.
    #[error("synonyms: {0}")]
    Toml(#[from] toml::de::Error),
    /// A rule that says nothing, or too much.
    #[error("synonyms, rule {rule}: {problem}")]
    Rule {
        /// Number of the rule, from 1.
        rule: usize,
        /// What is wrong with it.
        problem: String,
    },
}

/// One way to widen a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Synonym<'s> {
    /// Which of the words handed in it stands for, as indices.
    pub words: Range<usize>,
    /// The synonym as the list has it, for people.
    pub text: &'s str,
    /// The synonym analysed, for the index.
    pub target: &'s [OwnedWord],
    /// Its weight, above 0 and at most 1.
    pub weight: f32,
}

/// A list of synonyms, ready for use. Immutable.
#[derive(Debug, Default)]
pub struct SynonymSet {
    phrases: Vec<Phrase>,
    /// From the key of a phrase to what may stand for it.
    rules: HashMap<String, Vec<Rule>>,
}

#[derive(Debug)]
struct Phrase {
    text: String,
    words: Vec<OwnedWord>,
    key: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Rule {
    phrase: usize,
    weight: f32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    rule: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(default)]
    both: Vec<String>,
    #[serde(default)]
    from: Vec<String>,
    #[serde(default)]
    to: Vec<String>,
    weight: Option<f32>,
    /// Why the rule is there; for editors, not used.
    #[serde(default, rename = "note")]
    _note: String,
}

impl SynonymSet {
    /// The list compiled into the program.
    pub fn bundled() -> &'static SynonymSet {
        static BUNDLED: LazyLock<SynonymSet> = LazyLock::new(|| {
            let list = include_str!("../../index-data/language/synonyms.toml");
            SynonymSet::parse(list, Analyser::bundled()).expect("the bundled synonyms are checked by a test")
        });
        &BUNDLED
    }

    /// Reads a list: `[[rule]]` tables with `both`, or `from` and `to`, and perhaps `weight`.
    pub fn parse(list: &str, analyser: &Analyser) -> Result<SynonymSet, SynonymError> {
        let file: File = toml::from_str(list)?;
        let mut set = SynonymSet::default();
        for (index, entry) in file.rule.iter().enumerate() {
            set.add(entry, analyser).map_err(|problem| SynonymError::Rule { rule: index + 1, problem })?;
        }
        Ok(set)
    }

    /// What may stand for runs of `words`, a query as [`Analyser::analyse`] gives it; heaviest first.
    pub fn expand(&self, words: &[OwnedWord]) -> Vec<Synonym<'_>> {
        let simple: Vec<usize> =
            (0..words.len()).filter(|&index| words[index].form == Form::Simple && !words[index].repeated).collect();
        let mut found: Vec<Synonym<'_>> = Vec::new();
        for start in 0..simple.len() {
            let mut key = String::new();
            for (end, &index) in simple.iter().enumerate().skip(start).take(PHRASE_WORDS_MAX) {
                push_key(&words[index], &mut key);
                for rule in self.rules.get(&key).into_iter().flatten() {
                    found.push(self.synonym(rule, simple[start]..simple[end] + 1));
                }
            }
        }
        found.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        found
    }

    fn synonym(&self, rule: &Rule, words: Range<usize>) -> Synonym<'_> {
        let phrase = &self.phrases[rule.phrase];
        Synonym { words, text: &phrase.text, target: &phrase.words, weight: rule.weight }
    }

    fn add(&mut self, entry: &Entry, analyser: &Analyser) -> Result<(), String> {
        let weight = entry.weight.unwrap_or(DEFAULT_WEIGHT);
        if !(weight > 0.0 && weight <= 1.0) {
            return Err(format!("weight {weight} is not above 0 and at most 1"));
        }
        if entry.from.is_empty() != entry.to.is_empty() {
            return Err("`from` needs `to`, and the other way round".to_owned());
        }
        if entry.both.len() < 2 && entry.from.is_empty() {
            return Err("nothing to do: give two words in `both`, or `from` and `to`".to_owned());
        }
        let mut indices =
            |texts: &[String]| texts.iter().map(|text| self.phrase(text, analyser)).collect::<Result<Vec<_>, _>>();
        let (both, from, to) = (indices(&entry.both)?, indices(&entry.from)?, indices(&entry.to)?);
        self.connect(&both, &both, weight);
        self.connect(&from, &to, weight);
        Ok(())
    }

    fn connect(&mut self, from: &[usize], to: &[usize], weight: f32) {
        for &source in from {
            let key = self.phrases[source].key.clone();
            let targets = to.iter().filter(|&&target| self.phrases[target].key != key);
            let rules = self.rules.entry(key.clone()).or_default();
            for &phrase in targets {
                // A target reached by several rules keeps the heaviest.
                match rules.iter_mut().find(|rule| self.phrases[rule.phrase].key == self.phrases[phrase].key) {
                    Some(known) => known.weight = known.weight.max(weight),
                    None => rules.push(Rule { phrase, weight }),
                }
            }
        }
    }

    fn phrase(&mut self, text: &str, analyser: &Analyser) -> Result<usize, String> {
        let words = analyser.analyse(text);
        let simple = words.iter().filter(|word| word.form == Form::Simple);
        let mut key = String::new();
        simple.clone().for_each(|word| push_key(word, &mut key));
        match simple.count() {
            0 => Err(format!("`{text}` has no words")),
            count if count > PHRASE_WORDS_MAX => Err(format!("`{text}` has more than {PHRASE_WORDS_MAX} words")),
            _ => {
                self.phrases.push(Phrase { text: text.to_owned(), words, key });
                Ok(self.phrases.len() - 1)
            }
        }
    }
}

/// The key of a phrase is the stems of its words without a gap, compounds by their parts. So it
/// does not matter where somebody puts hyphens and spaces.
fn push_key(word: &OwnedWord, key: &mut String) {
    if word.parts.is_empty() {
        key.push_str(&word.stem);
    }
    for part in &word.parts {
        key.push_str(&part.stem);
    }
}
