//! The words of the real entries, taken apart and put together anew.

use std::collections::HashMap;

use mitmachbox::text::{Analyser, Form};

use super::random::{Rng, Zipf};

/// Shortest noun that takes part; shorter ones are mostly names of things nobody varies ("Uhr", "Rat").
const NOUN_LETTERS_MIN: usize = 4;

/// Longest compound made here, in bytes. Longer ones exist, but nobody searches for them.
const COMPOUND_BYTES_MAX: usize = 34;

/// A noun in a running text stays as it is, or is exchanged for another one, or becomes a new compound.
const KEPT: f64 = 0.62;
const EXCHANGED: f64 = 0.16;

/// Syllables of German place names.
const TOWN_BEGINS: &[&str] = &[
    "Alten", "Neu", "Ober", "Unter", "Grün", "Wald", "Hohen", "Lind", "Eich", "Buch", "Stein", "Rott", "Schön", "Lang",
    "Kirch", "Burg", "Hassel", "Wolfs", "Ell", "Frei", "Königs", "Mühl", "Salz", "Sonn", "Weil", "Birken", "Erlen",
    "Falken", "Geis", "Hammer", "Itter", "Klein",
];
const TOWN_ENDS: &[&str] = &[
    "stadt", "berg", "dorf", "hausen", "heim", "feld", "bach", "brück", "kirchen", "au", "rode", "stein", "furt",
    "burg", "born", "see", "tal", "hagen", "weiler", "münde", "wangen", "büttel", "loh", "horst",
];

/// A sentence of a real entry, with places at which words and numbers vary.
#[derive(Clone, Debug)]
pub(crate) struct Sentence(Vec<Piece>);

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Noun(String),
    Number(u64),
}

impl Sentence {
    /// Marks the nouns and numbers of a text. The first word may be capitalised for its place alone and stays.
    pub(crate) fn new(text: &str) -> Self {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut rest = text;
        let mut first = true;
        while let Some(letter) = rest.chars().next() {
            let same = |end: fn(char) -> bool| rest.find(|letter: char| !end(letter)).unwrap_or(rest.len());
            let end = if letter.is_alphabetic() {
                same(|letter| letter.is_alphabetic() || matches!(letter, '*' | '-'))
            } else if letter.is_ascii_digit() {
                same(|letter| letter.is_ascii_digit())
            } else {
                same(|letter| !letter.is_alphabetic() && !letter.is_ascii_digit())
            };
            let (word, after) = rest.split_at(end);
            pieces.push(match word.parse::<u64>() {
                Ok(number) if !word.starts_with('0') => Piece::Number(number),
                _ if !first && is_noun(word) => Piece::Noun(word.to_owned()),
                _ => Piece::Text(word.to_owned()),
            });
            first &= !letter.is_alphabetic();
            rest = after;
        }
        Self(pieces)
    }

    fn nouns(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Noun(noun) => Some(noun.as_str()),
            _ => None,
        })
    }
}

fn is_noun(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
        && word.chars().count() >= NOUN_LETTERS_MIN
        && word.chars().skip(1).all(|letter| letter.is_alphabetic() && letter.is_lowercase())
}

/// Everything words are drawn from.
#[derive(Debug)]
pub(crate) struct Words {
    nouns: Zipf<String>,
    /// First parts of compounds with their linking element: "Beteiligungs", "Stadtteil".
    modifiers: Zipf<String>,
    /// Last parts of compounds in titles, as written in them: "werkstatt", "haushalt".
    title_heads: Zipf<String>,
    towns: Zipf<String>,
    /// Where the last part of a known compound begins.
    head_starts: HashMap<String, usize>,
}

impl Words {
    /// Learns from sentences, titles and names of towns.
    pub(crate) fn new<'a>(
        sentences: impl Iterator<Item = &'a Sentence>,
        titles: &[String],
        towns: Vec<String>,
        analyser: &Analyser,
    ) -> Self {
        let mut nouns: HashMap<String, usize> = HashMap::new();
        for noun in sentences.flat_map(Sentence::nouns) {
            *nouns.entry(noun.to_owned()).or_default() += 1;
        }
        let (mut modifiers, mut title_heads) = (HashMap::new(), HashMap::new());
        let mut head_starts = HashMap::new();
        for (noun, count) in &nouns {
            if let Some((modifier, head)) = taken_apart(noun, analyser) {
                *modifiers.entry(modifier.to_owned()).or_default() += count;
                head_starts.insert(noun.clone(), noun.len() - head.len());
            }
        }
        for word in titles.iter().flat_map(|title| title.split(' ')).filter(|word| is_noun(word)) {
            if let Some((_, head)) = taken_apart(word, analyser) {
                *title_heads.entry(head.to_owned()).or_default() += 1;
            }
        }
        let made = TOWN_BEGINS.iter().flat_map(|begin| TOWN_ENDS.iter().map(move |end| format!("{begin}{end}")));
        let mut made: Vec<String> = made.collect();
        let mut rng = Rng::of(0, 0);
        made.sort_by_cached_key(|_| rng.next());
        Self {
            nouns: Zipf::new(by_frequency(nouns)),
            modifiers: Zipf::new(by_frequency(modifiers)),
            title_heads: Zipf::new(by_frequency(title_heads)),
            towns: Zipf::new(towns.into_iter().chain(made).collect()),
            head_starts,
        }
    }

    /// A sentence told anew.
    pub(crate) fn vary(&self, sentence: &Sentence, rng: &mut Rng) -> String {
        let mut text = String::new();
        for piece in &sentence.0 {
            match piece {
                Piece::Text(words) => text.push_str(words),
                Piece::Noun(noun) => text.push_str(&self.noun(noun, rng)),
                Piece::Number(number) => text.push_str(&other_number(*number, rng).to_string()),
            }
        }
        text
    }

    /// A new compound for a title: "Stadtteilwerkstatt".
    pub(crate) fn title_word(&self, rng: &mut Rng) -> String {
        let head = self.title_heads.draw(rng);
        self.compound(head, rng)
    }

    /// A new word for a list of keywords.
    pub(crate) fn keyword(&self, rng: &mut Rng) -> String {
        let noun = self.nouns.draw(rng);
        if rng.chance(0.6) { noun.clone() } else { self.compound(self.head_of(noun), rng) }
    }

    /// A town.
    pub(crate) fn town(&self, rng: &mut Rng) -> &str {
        self.towns.draw(rng)
    }

    /// Grammar holds where a noun becomes a compound that ends in it: gender, number and case are those of its end.
    fn noun(&self, noun: &str, rng: &mut Rng) -> String {
        let dice = rng.unit();
        if dice < KEPT {
            noun.to_owned()
        } else if dice < KEPT + EXCHANGED {
            self.nouns.draw(rng).clone()
        } else {
            self.compound(self.head_of(noun), rng)
        }
    }

    fn head_of<'a>(&self, noun: &'a str) -> &'a str {
        self.head_starts.get(noun).map_or(noun, |start| &noun[*start..])
    }

    fn compound(&self, head: &str, rng: &mut Rng) -> String {
        let modifier = self.modifiers.draw(rng);
        let mut word = format!("{modifier}{}", head.to_lowercase());
        if rng.chance(0.12) {
            word = format!("{}{}", self.modifiers.draw(rng), word.to_lowercase());
        }
        if word.len() > COMPOUND_BYTES_MAX { format!("{modifier}{}", head.to_lowercase()) } else { word }
    }
}

/// First part with its linking element, and last part.
fn taken_apart<'a>(noun: &'a str, analyser: &Analyser) -> Option<(&'a str, &'a str)> {
    let words = analyser.analyse(noun);
    let word = words.iter().find(|word| word.form == Form::Simple && word.parts.len() > 1)?;
    let (second, last) = (word.parts.get(1)?.span.start, word.parts.last()?.span.start);
    Some((noun.get(..second)?, noun.get(last..)?))
}

fn by_frequency(words: HashMap<String, usize>) -> Vec<String> {
    let mut words: Vec<(String, usize)> = words.into_iter().collect();
    words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    words.into_iter().map(|(word, _)| word).collect()
}

/// Years stay near, other numbers keep their order of magnitude, small ones stay.
fn other_number(number: u64, rng: &mut Rng) -> u64 {
    match number {
        0..10 => number,
        1900..2100 => (number - 6 + rng.below(9) as u64).min(2026),
        _ => ((number as f64) * (0.5 + 1.2 * rng.unit())).round() as u64,
    }
}
