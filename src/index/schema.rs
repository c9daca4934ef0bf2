//! The fields of the index.
//!
//! An entry's text lies in four zones that weigh differently; each zone is indexed in several chains, that is, ways of
//! turning words into terms.

use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};

use super::tokens::TERMS;

/// Changes whenever the same entry would be indexed differently; part of the fingerprint.
pub const SCHEMA_VERSION: u32 = 9;

/// Name of the column of cards.
pub const CARD: &str = "card";

/// Where in an entry a word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Zone {
    /// Title, other names, spelling variants.
    Title,
    /// Summary and keywords.
    Lead,
    /// Labels and synonyms of the vocabulary terms it carries.
    Label,
    /// Everything else.
    Body,
}

impl Zone {
    /// All zones, in the order of [`Fields::stem`].
    pub const ALL: [Self; 4] = [Self::Title, Self::Lead, Self::Label, Self::Body];
    /// How many.
    pub const COUNT: usize = Self::ALL.len();
}

/// The part of an entry over which character 4-grams are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GramZone {
    /// The title zone.
    Title,
    /// Lead and body. Labels stay out: they are the same in many entries.
    Text,
}

/// Handles of the fields.
#[derive(Clone, Debug)]
pub struct Fields {
    /// Id, as text: deletes and look-ups go by it.
    pub id: Field,
    /// Slug and earlier slugs.
    pub slug: Field,
    /// Ids of entries that this one names in a relation.
    pub target: Field,
    /// [`super::document::Card`] as JSON, as a column: what filters, orders and suggestions need is read at once.
    pub card: Field,
    /// The public entry as JSON.
    pub json: Field,
    /// [`super::sheet::Sheet`]: what the hit list needs.
    pub sheet: Field,
    /// Lower-case forms without gender suffix, not folded, with their places, all zones: exact words and phrases.
    pub exact: Field,
    /// Folded form and the form as written, all zones: the vocabulary for corrections.
    pub lexis: Field,
    /// Stems of words by zone.
    pub stem: [Field; Zone::COUNT],
    /// Stems of the parts of compounds by zone.
    pub part: [Field; Zone::COUNT],
    /// Character 4-grams of title and text.
    pub gram: [Field; 2],
    /// Pairs of neighbouring words, all zones.
    pub pair: Field,
}

/// The schema and its handles.
pub fn build() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let id = schema.add_text_field("id", STRING);
    let slug = schema.add_text_field("slug", STRING);
    let target = schema.add_text_field("target", STRING);
    let card = schema.add_bytes_field(CARD, FAST);
    let json = schema.add_bytes_field("json", STORED);
    let sheet = schema.add_bytes_field("sheet", STORED);
    let text = |record: IndexRecordOption, norms: bool| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default().set_tokenizer(TERMS).set_index_option(record).set_fieldnorms(norms),
        )
    };
    let exact = schema.add_text_field("exact", text(IndexRecordOption::WithFreqsAndPositions, false));
    let lexis = schema.add_text_field("lexis", text(IndexRecordOption::Basic, false));
    let freqs = IndexRecordOption::WithFreqs;
    let stem = ["title", "lead", "label", "body"]
        .map(|zone| schema.add_text_field(&format!("stem_{zone}"), text(freqs, true)));
    let part = ["title", "lead", "label", "body"]
        .map(|zone| schema.add_text_field(&format!("part_{zone}"), text(freqs, false)));
    let gram = ["title", "text"].map(|zone| schema.add_text_field(&format!("gram_{zone}"), text(freqs, true)));
    let pair = schema.add_text_field("pair", text(freqs, false));
    (schema.build(), Fields { id, slug, target, card, json, sheet, exact, lexis, stem, part, gram, pair })
}
