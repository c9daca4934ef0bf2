//! From a public entry to a document: texts into zones, and one card of everything that filters and orders.

use serde::{Deserialize, Serialize};
use tantivy::TantivyDocument;

use super::{
    IndexError,
    schema::{Fields, GramZone, Zone},
    sheet::{Section, SheetWriter},
    tokens::Terms,
    traits::CardTraits,
};
use crate::{
    model::{
        facet::{self, FACETS},
        id::EntryId,
        kind::RelationType,
        public::PublicEntry,
        texts::{Place, terms, texts},
        vocabulary::Vocabularies,
    },
    text::{Analyser, Form, Word},
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
    /// No longer public.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tombstone: bool,
    /// What it is called; the title first.
    pub names: Vec<CardName>,
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
    /// What a format states, for advice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traits: Option<CardTraits>,
    /// Formats that it made use of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<EntryId>,
}

/// A title or other name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CardName {
    /// Its folded words with single spaces between: how titles and completions are compared.
    pub folded: Box<str>,
    /// As written.
    pub shown: Box<str>,
    /// What it is.
    pub kind: NameKind,
}

/// What a name is; the better first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum NameKind {
    /// The title.
    Title,
    /// Another name, shown.
    Other,
    /// Another spelling, never shown.
    Variant,
}

impl CardName {
    fn of(name: &str, kind: NameKind, analyser: &Analyser) -> Self {
        Self { folded: folded_text(analyser, name).into(), shown: name.into(), kind }
    }
}

impl Card {
    fn of(public: &PublicEntry, vocabularies: &Vocabularies, analyser: &Analyser) -> Self {
        let entry = &public.entry;
        let facets = FACETS
            .iter()
            .enumerate()
            .flat_map(|(number, facet)| {
                facet.values(entry, vocabularies).into_iter().map(move |value| (number as u8, value))
            })
            .collect();
        let name = |kind: NameKind| move |name: &String| CardName::of(name, kind, analyser);
        let common = &entry.common;
        let mut names = vec![CardName::of(&common.title, NameKind::Title, analyser)];
        names.extend(common.alternative_titles.iter().map(name(NameKind::Other)));
        names.extend(common.spelling_variants.iter().map(name(NameKind::Variant)));
        Self {
            id: public.id,
            tombstone: false,
            names,
            facets,
            participants: facet::participants(entry),
            years: facet::years(entry),
            updated: public.derived.updated_at.as_second(),
            published: public.derived.published_at.as_second(),
            traits: CardTraits::of(public),
            uses: common
                .relations
                .iter()
                .filter(|relation| relation.relation == RelationType::UsesFormat)
                .filter_map(|relation| relation.target.parse().ok())
                .collect(),
        }
    }

    fn of_tombstone(id: EntryId, title: &str, analyser: &Analyser) -> Self {
        Self {
            id,
            tombstone: true,
            names: vec![CardName::of(title, NameKind::Title, analyser)],
            facets: Vec::new(),
            participants: None,
            years: None,
            updated: 0,
            published: 0,
            traits: None,
            uses: Vec::new(),
        }
    }
}

/// The folded words of a text with single spaces between.
pub fn folded_text(analyser: &Analyser, text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    analyser.words(text, &mut |word| {
        if word.form == Form::Simple {
            if !folded.is_empty() {
                folded.push(' ');
            }
            folded.push_str(word.folded);
        }
    });
    folded
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
    let mut builder = Builder { document: TantivyDocument::new(), fields, analyser, terms: Terms::default() };
    match public {
        Public::Tombstone { id, slugs, title } => {
            builder.identify(&Card::of_tombstone(*id, title, analyser), slugs.iter())?;
        }
        Public::Entry(entry) => {
            let card = Card::of(entry, vocabularies, analyser);
            builder.identify(&card, std::iter::once(&entry.entry.common.slug).chain(&entry.old_slugs))?;
            builder.document.add_bytes(fields.json, &serde_json::to_vec(entry)?);
            for relation in &entry.entry.common.relations {
                builder.document.add_text(fields.target, &relation.target);
            }
            let mut sheet = SheetWriter::new(entry)?;
            builder.texts(entry, &mut sheet);
            builder.labels(entry, vocabularies, &mut sheet);
            // Comes last: it is read from the end of the stored document.
            builder.document.add_bytes(fields.sheet, &sheet.finish());
        }
    }
    Ok(builder.document)
}

struct Builder<'a> {
    document: TantivyDocument,
    fields: &'a Fields,
    analyser: &'a Analyser,
    terms: Terms,
}

impl Builder<'_> {
    fn identify<'s>(&mut self, card: &Card, slugs: impl Iterator<Item = &'s String>) -> Result<(), IndexError> {
        self.document.add_text(self.fields.id, card.id.to_string());
        slugs.for_each(|slug| self.document.add_text(self.fields.slug, slug));
        self.document.add_bytes(self.fields.card, &serde_json::to_vec(card)?);
        Ok(())
    }

    /// What people read, and the spelling variants, which they do not.
    fn texts(&mut self, public: &PublicEntry, sheet: &mut SheetWriter) {
        for text in texts(&public.entry) {
            let (zone, grams) = match text.place {
                Place::Title => (Zone::Title, GramZone::Title),
                Place::Lead => (Zone::Lead, GramZone::Text),
                Place::Body => (Zone::Body, GramZone::Text),
            };
            self.analyse(text.text, |word| sheet.word(text.text, word, None));
            self.add(zone, Some(grams));
            self.add_lexis();
            let section = if text.place == Place::Body { Section::Body } else { Section::Head };
            sheet.text(section, text.field, text.text);
            if text.place == Place::Title {
                self.joined_neighbours(text.text);
            }
        }
        for variant in &public.entry.common.spelling_variants {
            // Not into the vocabulary: what is misspelt here must not be offered to readers as a correction.
            self.analyse(variant, |_| ());
            self.add(Zone::Title, Some(GramZone::Title));
        }
    }

    /// "Open Space" is also typed "openspace": neighbouring words of a title, joined.
    fn joined_neighbours(&mut self, title: &str) {
        let mut words = self.analyser.analyse(title);
        words.retain(|word| word.form == Form::Simple);
        for pair in words.windows(2).filter(|pair| pair.iter().all(|word| word.weight >= 1.0)) {
            self.analyse(&format!("{}{}", pair[0].exact, pair[1].exact), |_| ());
            self.add(Zone::Title, None);
        }
    }

    /// The labels and synonyms of its terms. A word of a synonym, which nobody sees, stands for the whole label.
    fn labels(&mut self, public: &PublicEntry, vocabularies: &Vocabularies, sheet: &mut SheetWriter) {
        for (field, term) in terms(&public.entry, vocabularies) {
            let whole = 0..term.label.len();
            for (number, text) in std::iter::once(&term.label).chain(&term.synonyms).enumerate() {
                let place = (number > 0).then_some(&whole);
                self.analyse(text, |word| sheet.word(text, word, place));
                self.add(Zone::Label, None);
                self.add_lexis();
            }
            sheet.text(Section::Label, field, &term.label);
        }
    }

    /// Fills `terms` with those of a text.
    fn analyse(&mut self, text: &str, mut each: impl FnMut(&Word<'_>)) {
        self.terms.clear();
        self.analyser.words(text, &mut |word| {
            self.terms.add(text, &word);
            each(&word);
        });
    }

    fn add(&mut self, zone: Zone, grams: Option<GramZone>) {
        let Self { document, fields, terms, .. } = self;
        document.add_text(fields.exact, terms.exact.as_str());
        document.add_text(fields.stem[zone as usize], terms.stem.as_str());
        document.add_text(fields.part[zone as usize], terms.part.as_str());
        document.add_text(fields.pair, terms.pair.as_str());
        if let Some(grams) = grams {
            document.add_text(fields.gram[grams as usize], terms.gram.as_str());
        }
    }

    fn add_lexis(&mut self) {
        self.document.add_text(self.fields.lexis, self.terms.lexis.as_str());
    }
}
