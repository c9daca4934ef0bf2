//! From a public entry to a document: texts into zones, and one card of everything that filters and orders.

use serde::{Deserialize, Serialize};
use tantivy::TantivyDocument;

use super::{
    IndexError,
    schema::{Fields, GramZone, Zone},
    sheet,
};
use crate::{
    model::{
        facet::{self, FACETS},
        id::EntryId,
        public::PublicEntry,
        texts::{Place, terms, texts},
        vocabulary::Vocabularies,
    },
    text::Analyser,
};

/// What goes into the index.
#[derive(Clone, Debug)]
pub enum Public {
    /// A published entry.
    Entry(Box<PublicEntry>),
    /// What is left of an entry that was taken out of the public view.
    Tombstone {
        /// Its id.
        id: EntryId,
        /// Its slug, then the earlier ones.
        slugs: Vec<String>,
        /// Its last title.
        title: String,
    },
}

/// Everything about an entry that filters, orders or completes; small enough to stay in memory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Identity.
    pub id: EntryId,
    /// Slug, then earlier ones.
    pub slugs: Vec<String>,
    /// Title.
    pub title: String,
    /// No longer public.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tombstone: bool,
    /// Other names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Other spellings: they find the entry and are never shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<String>,
    /// Values at which the entry is found, by number of the facet in [`FACETS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facets: Vec<(u8, String)>,
    /// Fewest and most participants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participants: Option<(u32, u32)>,
    /// First and last year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub years: Option<(i32, i32)>,
    /// Newest change, seconds since 1970.
    #[serde(default)]
    pub updated: i64,
    /// First publication, seconds since 1970.
    #[serde(default)]
    pub published: i64,
}

impl Card {
    fn of(public: &PublicEntry, vocabularies: &Vocabularies) -> Self {
        let entry = &public.entry;
        let facets = FACETS
            .iter()
            .enumerate()
            .flat_map(|(number, facet)| {
                facet.values(entry, vocabularies).into_iter().map(move |value| (number as u8, value))
            })
            .collect();
        Self {
            id: public.id,
            slugs: std::iter::once(entry.common.slug.clone()).chain(public.old_slugs.iter().cloned()).collect(),
            title: entry.common.title.clone(),
            tombstone: false,
            names: entry.common.alternative_titles.clone(),
            variants: entry.common.spelling_variants.clone(),
            facets,
            participants: facet::participants(entry),
            years: facet::years(entry),
            updated: public.derived.updated_at.as_second(),
            published: public.derived.published_at.as_second(),
        }
    }
}

/// The document of an entry or tombstone.
///
/// # Errors
/// Only where JSON cannot be written.
pub fn build(
    public: &Public,
    vocabularies: &Vocabularies,
    analyser: &Analyser,
    fields: &Fields,
) -> Result<TantivyDocument, IndexError> {
    let mut document = TantivyDocument::new();
    match public {
        Public::Tombstone { id, slugs, title } => {
            let card = Card {
                id: *id,
                slugs: slugs.clone(),
                title: title.clone(),
                tombstone: true,
                names: Vec::new(),
                variants: Vec::new(),
                facets: Vec::new(),
                participants: None,
                years: None,
                updated: 0,
                published: 0,
            };
            identify(&mut document, &card, fields)?;
        }
        Public::Entry(entry) => {
            identify(&mut document, &Card::of(entry, vocabularies), fields)?;
            document.add_bytes(fields.json, &serde_json::to_vec(entry)?);
            document.add_bytes(fields.sheet, &sheet::encode(entry, vocabularies, analyser)?);
            for relation in &entry.entry.common.relations {
                document.add_text(fields.target, &relation.target);
            }
            add_texts(&mut document, entry, analyser, fields);
            add_labels(&mut document, entry, vocabularies, fields);
        }
    }
    Ok(document)
}

fn identify(document: &mut TantivyDocument, card: &Card, fields: &Fields) -> Result<(), IndexError> {
    document.add_text(fields.id, card.id.to_string());
    for slug in &card.slugs {
        document.add_text(fields.slug, slug);
    }
    document.add_bytes(fields.card, &serde_json::to_vec(card)?);
    Ok(())
}

fn add_texts(document: &mut TantivyDocument, public: &PublicEntry, analyser: &Analyser, fields: &Fields) {
    for text in texts(&public.entry) {
        let (zone, grams) = match text.place {
            Place::Title => (Zone::Title, GramZone::Title),
            Place::Lead => (Zone::Lead, GramZone::Text),
            Place::Body => (Zone::Body, GramZone::Text),
        };
        add(document, text.text, zone, Some(grams), fields);
        document.add_text(fields.lexis, text.text);
        if text.place == Place::Title {
            for joined in joined_neighbours(text.text, analyser) {
                add(document, &joined, Zone::Title, None, fields);
            }
        }
    }
    for variant in &public.entry.common.spelling_variants {
        add(document, variant, Zone::Title, Some(GramZone::Title), fields);
        document.add_text(fields.lexis, variant);
    }
}

fn add(document: &mut TantivyDocument, text: &str, zone: Zone, grams: Option<GramZone>, fields: &Fields) {
    document.add_text(fields.exact, text);
    document.add_text(fields.stem[zone as usize], text);
    document.add_text(fields.part[zone as usize], text);
    if let Some(grams) = grams {
        document.add_text(fields.gram[grams as usize], text);
    }
}

/// "Open Space" is also typed "openspace": neighbouring words of a title, joined.
fn joined_neighbours(title: &str, analyser: &Analyser) -> Vec<String> {
    let words: Vec<_> =
        analyser.analyse(title).into_iter().filter(|word| word.form == crate::text::Form::Simple).collect();
    words
        .windows(2)
        .filter(|pair| pair.iter().all(|word| word.weight >= 1.0))
        .map(|pair| format!("{}{}", pair[0].exact, pair[1].exact))
        .collect()
}

fn add_labels(document: &mut TantivyDocument, public: &PublicEntry, vocabularies: &Vocabularies, fields: &Fields) {
    for (_, term) in terms(&public.entry, vocabularies) {
        for text in std::iter::once(&term.label).chain(&term.synonyms) {
            add(document, text, Zone::Label, None, fields);
            document.add_text(fields.lexis, text);
        }
    }
}
