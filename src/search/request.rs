//! What a reader asks for, as meant: typed, bounded, canonical.

use std::collections::BTreeMap;

use crate::model::vocabulary::Language;

/// A search with everything that can change its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SearchRequest {
    /// What the visitor typed.
    pub q: String,
    /// Ticked boxes and numbers.
    pub filters: Filters,
    /// Order.
    pub sort: Sort,
    /// 1, 2, 3 …
    pub page: u32,
    /// Hits on a page.
    pub per_page: u32,
    /// Which facets to count.
    pub facets: FacetChoice,
    /// Language of labels.
    pub language: Language,
    /// Say how each score came about.
    pub explain: bool,
    /// What the search must not do to the query.
    pub verbatim: Verbatim,
    /// Take `q` as plain words: no operators, no phrases.
    pub plain: bool,
}

/// Ticked boxes and numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filters {
    /// Facet parameter → values, OR inside, AND between. Sorted, each value once.
    pub terms: BTreeMap<&'static str, Vec<String>>,
    /// First year of interest.
    pub year_from: Option<i32>,
    /// Last year of interest.
    pub year_to: Option<i32>,
    /// Exactly these entries, in this order; ids or slugs.
    pub ids: Vec<String>,
}

/// Order of the hits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Best first.
    #[default]
    Relevance,
    /// Last changed first.
    Updated,
    /// Last published first.
    Published,
    /// By title, German order.
    Title,
}

impl Sort {
    /// Names as in addresses.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("relevance", Self::Relevance),
        ("-updated", Self::Updated),
        ("-published", Self::Published),
        ("title", Self::Title),
    ];

    /// Name as in addresses.
    pub fn id(self) -> &'static str {
        Self::ALL.iter().find(|(_, sort)| *sort == self).map_or("relevance", |(id, _)| id)
    }
}

/// Which facets to count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum FacetChoice {
    /// All.
    #[default]
    All,
    /// These parameters.
    Only(Vec<&'static str>),
}

/// What the search must not do to the query; each undoes one kind of help.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Verbatim {
    /// No corrections of spelling.
    pub corrections: bool,
    /// No synonyms.
    pub synonyms: bool,
    /// No word parts.
    pub parts: bool,
    /// No relaxation: all words or nothing.
    pub relaxed: bool,
}

impl Verbatim {
    /// Names as in addresses.
    pub const NAMES: &'static [&'static str] = &["corrections", "synonyms", "parts", "relaxed"];
}
