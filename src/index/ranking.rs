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
    /// 4-grams of the text.
    pub gram_text: f32,
    /// 4-grams of the title.
    pub gram_title: f32,
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
    /// When strict hits count as too few.
    pub handful: u64,
    /// Share of a word's 4-grams that counts as finding it.
    pub gram_share: f32,
    /// Share of the words' weight that a relaxed hit needs.
    pub relaxed_share: f32,
    /// Queries up to so many content words show strict hits before relaxed ones.
    pub strict_first_words: usize,
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
