//! What a reader gets: the shape of answers, as in `schemas/`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    index::sheet::Facts,
    model::{
        id::{EntryId, PublicSeq},
        kind::Kind,
    },
};

/// Answer of a search.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SearchResponse {
    /// The query and what was done to it.
    pub query: QueryReport,
    /// Whether all words were asked of a hit.
    pub mode: Mode,
    /// Hits with all filters.
    pub total: u64,
    /// Hits among them that have all words.
    pub total_strict: u64,
    /// For each active filter: hits if it alone were taken away.
    pub without: BTreeMap<String, u64>,
    /// The hits of this page.
    pub hits: Vec<Hit>,
    /// For each facet: its values, each with the total one gets by ticking it.
    pub facets: BTreeMap<String, Vec<FacetValue>>,
    /// For each facet that was cut: how many values are not listed.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub more: BTreeMap<String, u64>,
    /// Where in the hits this page is.
    pub page: Page,
    /// State of the index that answered.
    pub index: IndexState,
}

/// The query and what was done to it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct QueryReport {
    /// As typed.
    pub q: String,
    /// What was done; each can be undone with `verbatim=`.
    pub applied: Applied,
    /// A query that would find clearly more.
    pub did_you_mean: Option<String>,
    /// Filters that say the same as some of the words: never applied, only offered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<Offer>,
    /// Parts of the query that were read as plain text or left out, with the reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<String>,
}

/// Filters for numbers with a unit in a query ("200 Leute", "unter 5.000 Euro").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Offer {
    /// The words that say so, as typed.
    pub words: Vec<String>,
    /// The filters to set instead, by parameter.
    pub filters: BTreeMap<String, Vec<String>>,
    /// What they let through, as people read it.
    pub label: String,
    /// The query without these words.
    pub q: String,
    /// Total that `q` gives with these filters in place of those of the same name.
    pub count: u64,
}

/// What was done to a query.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Applied {
    /// Words that no entry has, and what was searched instead.
    pub corrections: Vec<Replacement>,
    /// Words for which others were searched too.
    pub synonyms: Vec<Replacement>,
    /// Compounds and their parts.
    pub parts: Vec<Split>,
    /// Numbers with a unit for which there are `offers`: a hit need not have these words.
    pub optional: Vec<String>,
    /// Set when not all words were asked of a hit.
    pub relaxed: Option<Relaxed>,
}

/// One word for another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Replacement {
    /// As typed.
    pub from: String,
    /// What was searched.
    pub to: String,
}

/// A compound and its parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Split {
    /// As typed.
    pub word: String,
    /// Its parts.
    pub parts: Vec<String>,
}

/// How far the demand for all words was let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Relaxed {
    /// Words that a hit has at least, in their form or by similar spelling.
    pub at_least: u32,
    /// Words asked for.
    pub of: u32,
}

/// Whether all words were asked of a hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// All words.
    Strict,
    /// Some words, or similar spelling.
    Relaxed,
}

/// One hit.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Hit {
    /// Identity.
    pub id: EntryId,
    /// Last part of its address.
    pub slug: String,
    /// Kind.
    pub kind: Kind,
    /// Title in segments.
    pub title: Vec<Segment>,
    /// Two lines of text around the matches, in segments.
    pub snippet: Vec<Segment>,
    /// Address of its page.
    pub url: String,
    /// Whether it has all words.
    pub strict: bool,
    /// Weight; comparable within one answer only.
    pub score: f32,
    /// Which words matched where and how.
    pub matched: Vec<Match>,
    /// What a reader chooses by.
    #[serde(flatten)]
    pub facts: Facts,
    /// With `explain=1`: where the score came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Vec<ScorePart>>,
}

/// A piece of text; never HTML.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Segment {
    /// The text.
    pub t: String,
    /// 1 where it matched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub m: Option<u8>,
}

impl Segment {
    /// Text that did not match.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { t: text.into(), m: None }
    }

    /// The text of segments, without marks.
    pub fn text_of(segments: &[Self]) -> String {
        segments.iter().map(|segment| segment.t.as_str()).collect()
    }

    /// Text that matched.
    pub fn marked(text: impl Into<String>) -> Self {
        Self { t: text.into(), m: Some(1) }
    }
}

/// One word of the query in one field of a hit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Match {
    /// As typed.
    pub word: String,
    /// As found in the entry.
    pub found: String,
    /// Field, as in the entry's JSON.
    pub field: String,
    /// How.
    pub how: How,
}

/// How a word was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// In the same form.
    Exact,
    /// In another form of the word.
    Stem,
    /// As the beginning of a word.
    Prefix,
    /// As part of a compound, or as its parts.
    Part,
    /// As a synonym.
    Synonym,
    /// As the word that was probably meant.
    Correction,
    /// By similar spelling.
    Similar,
}

/// One addend of a score.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ScorePart {
    /// What it is for.
    pub name: String,
    /// How much it adds.
    pub value: f32,
}

/// One value of a facet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FacetValue {
    /// As in addresses.
    pub value: String,
    /// As people read it.
    pub label: String,
    /// Total that ticking it gives.
    pub count: u64,
    /// Whether it is ticked.
    pub selected: bool,
}

/// Where in the hits a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Page {
    /// 1, 2, 3 …
    pub number: u32,
    /// Hits on a page.
    pub per_page: u32,
    /// Pages that can be asked for.
    pub pages: u32,
}

/// State of the index that answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct IndexState {
    /// Newest public change it holds.
    pub seq: PublicSeq,
    /// Name of the generation.
    pub generation: String,
}

/// Answer of `/suggest`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Suggestions {
    /// As typed.
    pub q: String,
    /// Best first.
    pub suggestions: Vec<Suggestion>,
    /// State of the index that answered.
    pub index: IndexState,
}

/// One suggestion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Suggestion {
    /// The text in segments, the typed part marked.
    pub text: Vec<Segment>,
    /// What to search when it is taken.
    pub q: String,
    /// What it is.
    pub kind: SuggestionKind,
    /// Address of the entry, for titles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// What a suggestion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SuggestionKind {
    /// Title or other name of an entry.
    Title,
    /// Term of a vocabulary.
    Term,
    /// A better spelling of what was typed.
    Spelling,
}

/// A public entry as readers get it: `data` is in the form of `schemas/public-entry.schema.json`.
#[derive(Clone, Debug)]
pub struct EntryView {
    /// The entry.
    pub public: crate::model::public::PublicEntry,
    /// Relations in both directions, resolved against what is public.
    pub relations: Vec<ResolvedRelation>,
    /// Address of its page.
    pub url: String,
    /// Newest public change the index holds.
    pub index: IndexState,
}

/// A relation with what a reader needs of the other end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ResolvedRelation {
    /// Type as read from this entry: a stored type or its inverse (`used_in`, `explained_in` …).
    #[serde(rename = "type")]
    pub relation: String,
    /// Label of the type.
    pub label: String,
    /// The other entry.
    pub target: EntryId,
    /// Its slug.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its kind.
    pub kind: Kind,
    /// Its summary.
    pub summary: String,
    /// Remark of the editors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whether it was derived from the other entry.
    pub derived: bool,
}

/// Where an id or slug leads.
#[derive(Clone, Debug)]
pub enum Lookup {
    /// To this entry.
    Found(Box<EntryView>),
    /// To an entry that has another slug now.
    Moved {
        /// The slug it has now.
        slug: String,
    },
    /// To an entry that is no longer public.
    Archived {
        /// Its last title.
        title: String,
    },
    /// Nowhere.
    Unknown,
}

/// A page of entries.
#[derive(Clone, Debug)]
pub struct EntryPage {
    /// The entries, by id.
    pub entries: Vec<EntryView>,
    /// The last of them, after which the next page begins; none at the end.
    pub next: Option<EntryId>,
}
