//! Queries in other spellings: the same question as other people would have typed it.
//!
//! Each kind of change touches the queries to which it applies and no others; the loss is measured on these. Whatever is
//! drawn by lot depends on the seed and on the name of the query alone, so two runs change the same letters.

mod compound;
mod gender;
mod typo;

use std::{collections::BTreeMap, ops::Range};

use serde::{Deserialize, Serialize};

pub use self::compound::{Cut, Cuts};
use self::gender::Persons;
use super::{
    EvalError,
    collection::Collection,
    compare::{Differences, paired},
    figures::{ByQuery, Measured},
    random::Random,
};
use crate::text::{Analyser, DataError, LanguageData, normalise::fold, stopwords::StopWords};

/// A kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// `ä` as `ae`, `ß` as `ss`.
    UmlautsAsTwo,
    /// `ä` as `a`, `ß` as `ss`.
    UmlautsDropped,
    /// One slip in one word of four letters or more that is no stop word; the shares stand in `perturb/typo.rs`.
    Typo,
    /// `Bürgerhaushalt` as `Bürger Haushalt`, every compound of the query.
    TwoWords,
    /// `Bürgerhaushalt` as `Bürger-Haushalt`, likewise.
    Hyphen,
    /// `Bürger` as `Bürger:innen`, every noun for people.
    GenderColon,
    /// `Bürger` as `BürgerInnen`.
    GenderCapital,
    /// `Bürger` as `Bürgerinnen und Bürger`.
    GenderPair,
}

impl Change {
    /// All of them, with their names, in the order of the table.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("umlauts as ae, oe, ue, ss", Self::UmlautsAsTwo),
        ("umlauts dropped", Self::UmlautsDropped),
        ("one typo", Self::Typo),
        ("compound as two words", Self::TwoWords),
        ("compound with hyphen", Self::Hyphen),
        ("gender: Bürger:innen", Self::GenderColon),
        ("gender: BürgerInnen", Self::GenderCapital),
        ("gender: Bürgerinnen und Bürger", Self::GenderPair),
    ];
}

/// Changes queries.
#[derive(Debug)]
pub struct Perturber {
    cuts: Cuts,
    stopwords: StopWords,
    persons: Persons,
    seed: u64,
}

impl Perturber {
    /// With these cuts of compounds, and lots drawn from this seed.
    ///
    /// # Errors
    /// Where the language data of the program cannot be read.
    pub fn new(cuts: Cuts, seed: u64) -> Result<Self, DataError> {
        let data = LanguageData::bundled();
        let stopwords = StopWords::parse(&data.stopwords);
        Ok(Self { cuts, stopwords, persons: Persons::new(data.lexicon)?, seed })
    }

    /// The query in another spelling; `None` where the change does not apply.
    pub fn change(&self, change: Change, query: &str, text: &str) -> Option<String> {
        let changed = match change {
            Change::UmlautsAsTwo => umlauts(text, true),
            Change::UmlautsDropped => umlauts(text, false),
            Change::Typo => self.typo(query, text)?,
            Change::TwoWords => self.compounds(text, |cut| format!("{} {}", cut.modifier, cut.head)),
            Change::Hyphen => self.compounds(text, |cut| format!("{}{}-{}", cut.modifier, cut.link, cut.head)),
            Change::GenderColon => self.persons(text, |base, _| format!("{base}:innen")),
            Change::GenderCapital => self.persons(text, |base, _| format!("{base}Innen")),
            Change::GenderPair => self.persons(text, |base, typed| format!("{base}innen und {typed}")),
        };
        (changed != text).then_some(changed)
    }

    fn typo(&self, query: &str, text: &str) -> Option<String> {
        let long = |span: &Range<usize>| text[span.clone()].chars().count() >= typo::WORD_CHARS_MIN;
        let words: Vec<Range<usize>> =
            words(text).filter(|span| long(span) && !self.is_stop_word(&text[span.clone()])).collect();
        let mut random = Random::of_text(self.seed, query);
        let span = random.pick(&words)?.clone();
        let slip = typo::slip(&text[span.clone()], &mut random);
        Some(format!("{}{slip}{}", &text[..span.start], &text[span.end..]))
    }

    fn compounds(&self, text: &str, write: impl Fn(&Cut) -> String) -> String {
        replaced(text, self.cuts.of(Analyser::bundled(), text).into_iter().map(|(span, cut)| (span, write(&cut))))
    }

    fn persons(&self, text: &str, write: impl Fn(&str, &str) -> String) -> String {
        let spans: Vec<Range<usize>> = words(text).filter(|span| stands_free(text, span)).collect();
        let said: Vec<String> = spans.iter().map(|span| fold(&text[span.clone()])).collect();
        let changed = spans.iter().filter_map(|span| {
            let typed = &text[span.clone()];
            let base = self.persons.base(typed).filter(|_| !self.is_stop_word(typed))?;
            // "Bürgerinnen und Bürger" says it already.
            let feminine = fold(base) + "in";
            let said = said.iter().any(|word| word.starts_with(&feminine));
            (!said).then(|| (span.clone(), write(base, typed)))
        });
        replaced(text, changed)
    }

    fn is_stop_word(&self, word: &str) -> bool {
        self.stopwords.weight(&fold(word)) < 1.0
    }
}

/// What a change costs one engine, on the queries that it touches.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Loss {
    /// Mean nDCG@10 and recall@100 of the queries as they are.
    pub before: [f64; 2],
    /// The same, changed.
    pub after: [f64; 2],
    /// What is lost, in percent of `before`; negative where something is won.
    pub percent: [f64; 2],
    /// After minus before.
    pub differences: Differences,
}

/// One kind of change on one collection.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Perturbed {
    /// Name of the change; of compounds also where the cuts come from.
    pub change: String,
    /// Queries to which it applies.
    pub queries: usize,
    /// What it costs this program.
    pub product: Loss,
    /// What it costs the baseline, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Loss>,
    /// The queries as changed, by name.
    pub changed: BTreeMap<String, String>,
}

/// Measures every change. `ask` measures queries (name → text); `before` is what the same engine made of them unchanged.
///
/// # Errors
/// Whatever `ask` fails with.
pub fn perturb(
    perturber: &Perturber,
    collection: &Collection,
    mut ask: impl FnMut(&BTreeMap<String, String>) -> Result<(Measured, Option<Measured>), EvalError>,
    before: (&ByQuery, Option<&ByQuery>),
) -> Result<Vec<Perturbed>, EvalError> {
    let mut rows = Vec::with_capacity(Change::ALL.len());
    for (name, change) in Change::ALL {
        let texts = collection.texts();
        let changed: BTreeMap<String, String> =
            texts.filter_map(|(id, text)| Some((id.to_owned(), perturber.change(*change, id, text)?))).collect();
        let (product, baseline) = ask(&changed)?;
        let baseline = baseline.zip(before.1).map(|(after, before)| loss(before, &after.by_query, perturber.seed));
        rows.push(Perturbed {
            change: match change {
                Change::TwoWords | Change::Hyphen => format!("{name} [{}]", perturber.cuts.label()),
                _ => (*name).to_owned(),
            },
            queries: changed.len(),
            product: loss(before.0, &product.by_query, perturber.seed),
            baseline,
            changed,
        });
    }
    Ok(rows)
}

fn loss(before: &ByQuery, after: &ByQuery, seed: u64) -> Loss {
    let touched: ByQuery =
        before.iter().filter(|(query, _)| after.contains_key(*query)).map(|(query, of)| (query.clone(), *of)).collect();
    let mean = |of: &ByQuery| {
        let count = of.len().max(1) as f64;
        [
            of.values().map(|it| it.ndcg_10).sum::<f64>() / count,
            of.values().map(|it| it.recall_100).sum::<f64>() / count,
        ]
    };
    let differences = paired(&touched, after, seed);
    let (before, after) = (mean(&touched), mean(after));
    let percent = std::array::from_fn(|which| match before[which] {
        0.0 => 0.0,
        whole => 100.0 * (whole - after[which]) / whole,
    });
    Loss { before, after, percent, differences }
}

/// `as_two`: with an `e` behind the vowel, else without.
fn umlauts(text: &str, as_two: bool) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut changed = String::with_capacity(text.len() + 8);
    for (at, letter) in letters.iter().enumerate() {
        let (vowel, second) = match letter {
            'ä' => ('a', 'e'),
            'ö' => ('o', 'e'),
            'ü' => ('u', 'e'),
            'Ä' => ('A', 'e'),
            'Ö' => ('O', 'e'),
            'Ü' => ('U', 'e'),
            'ß' => {
                changed.push_str("ss");
                continue;
            }
            other => {
                changed.push(*other);
                continue;
            }
        };
        changed.push(vowel);
        if as_two {
            // "ÜBER" becomes "UEBER", "Über" becomes "Ueber".
            let shouted = vowel.is_uppercase() && letters.get(at + 1).is_some_and(|next| next.is_uppercase());
            changed.push(if shouted { second.to_ascii_uppercase() } else { second });
        }
    }
    changed
}

/// Runs of letters.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut rest = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = rest.find(|(_, c)| c.is_alphabetic())?;
        let mut end = start + first.len_utf8();
        while let Some((at, c)) = rest.next_if(|(_, c)| c.is_alphabetic()) {
            end = at + c.len_utf8();
        }
        Some(start..end)
    })
}

/// Whether a word is tied to nothing: no hyphen, no gender mark, no digit beside it.
fn stands_free(text: &str, span: &Range<usize>) -> bool {
    let ties = |nearest: Option<char>, next: Option<char>| match nearest {
        Some('-' | '–' | '/' | '_') => true,
        Some(':' | '*' | '·' | '.' | '\'' | '’') => next.is_some_and(char::is_alphanumeric),
        Some(c) => c.is_numeric(),
        None => false,
    };
    let mut after = text[span.end..].chars();
    let mut before = text[..span.start].chars().rev();
    // "Lehrer(innen)"
    let opens = text[span.end..].starts_with('(');
    !opens && !ties(after.next(), after.next()) && !ties(before.next(), before.next())
}

fn replaced(text: &str, changes: impl Iterator<Item = (Range<usize>, String)>) -> String {
    let mut changed = String::with_capacity(text.len() + 16);
    let mut done = 0;
    for (span, instead) in changes {
        changed.push_str(&text[done..span.start]);
        changed.push_str(&instead);
        done = span.end;
    }
    changed + &text[done..]
}
