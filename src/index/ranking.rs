//! Every weight of the ranking, from one table in `index-data/ranking.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

/// Weights of the ranking. What each does stands in the data file, beside its value and the reason for it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// BM25: how soon repetition stops to count.
    pub k1: f32,
    /// BM25: how much length counts, by zone.
    pub b: ByZone,
    /// How much a word counts, by zone.
    pub zone: ByZone,
    /// A part of a compound against the whole word.
    pub part: f32,
    /// Parts of the query's own compound, each.
    pub query_part: f32,
    /// Extra for the exact form.
    pub exact: f32,
    /// Extra for finding it in the title, beside what the title counts among the zones.
    pub in_title: f32,
    /// Words that carry little.
    pub stop: f32,
    /// Neighbouring words that are neighbours in the entry, too.
    pub pair: f32,
    /// 4-grams of the text.
    pub gram_text: f32,
    /// 4-grams of the title.
    pub gram_title: f32,
    /// How soon repetition of a 4-gram stops to count.
    pub gram_k1: f32,
    /// Factor on 4-grams where the query is no question.
    pub gram_few_words: f32,
    /// Least rarity of a 4-gram that is worth reading.
    pub gram_rarity_min: f32,
    /// A word found as beginning of another.
    pub prefix: f32,
    /// A synonym, times the weight of its own.
    pub synonym: f32,
    /// A correction.
    pub correction: f32,
    /// Neighbouring words found as one.
    pub joined: f32,
    /// All parts of a compound, apart.
    pub apart: f32,
    /// Extra for a title that begins with the query, and for one that equals it: tiers, larger than any sum.
    pub title_tier: f32,
    /// Fewer strict hits than this are too few for one word …
    pub handful: u64,
    /// … and fewer than this for several, which leave more ways to be meant.
    pub handful_words: u64,
    /// Share of a word's 4-grams that counts as finding it.
    pub gram_share: f32,
    /// Share of the words' weight that a relaxed hit needs.
    pub relaxed_share: f32,
    /// Queries up to so many content words show strict hits before relaxed ones; longer ones are questions, in which
    /// hardly any entry has every word: they are always relaxed.
    pub strict_first_words: usize,
    /// Words, those that carry little included, from which on a query is a question as well.
    pub question_words: usize,
    /// [`Self::gram_share`] in a question.
    pub question_gram_share: f32,
    /// [`Self::relaxed_share`] in a question.
    pub question_share: f32,
}

/// One number for each zone.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByZone {
    /// Title, other names, variants.
    pub title: f32,
    /// Summary, keywords.
    pub lead: f32,
    /// Labels of terms.
    pub label: f32,
    /// The rest.
    pub body: f32,
}

impl ByZone {
    /// In the order of [`super::schema::Zone::ALL`].
    pub fn array(self) -> [f32; 4] {
        [self.title, self.lead, self.label, self.body]
    }
}

/// The table as text.
pub const TABLE: &str = include_str!("../../index-data/ranking.toml");

/// The table.
pub static WEIGHTS: LazyLock<Weights> =
    LazyLock::new(|| toml::from_str(TABLE).expect("index-data/ranking.toml is checked by a test"));
