//! Controlled vocabularies: data that staff can edit, checked at run time.

use std::{collections::BTreeMap, sync::Arc};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A list of terms with what people read of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vocabulary {
    /// Name, as in addresses.
    pub name: String,
    /// Facet parameter of the API that takes its terms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// Heading, German.
    pub label: String,
    /// Heading, English.
    pub label_en: String,
    /// What it is for, one German sentence.
    #[serde(default)]
    pub definition: String,
    /// The ids are fixed by the program, only labels are data.
    #[serde(default)]
    pub closed: bool,
    /// The order of terms carries meaning.
    #[serde(default)]
    pub ordinal: bool,
    /// Term that stands for every value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub any: Option<String>,
    /// The terms, in the order in which people see them.
    pub terms: Vec<Term>,
}

/// One term.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Term {
    /// Stable id, ASCII.
    pub id: String,
    /// Label, German.
    pub label: String,
    /// Label for several things of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_plural: Option<String>,
    /// Label of the other direction, for relation types.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_inverse: Option<String>,
    /// Label for narrow places.
    pub label_short: String,
    /// Label in plain German.
    pub label_plain: String,
    /// Label, English.
    pub label_en: String,
    /// What it means, German.
    pub definition: String,
    /// Words that mean it; searched.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
    /// The same or nearly the same elsewhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mappings: Vec<Mapping>,
    /// Largest number that belongs to it, for classes; absent = no limit.
    #[serde(
        alias = "upper_minutes",
        alias = "upper_weeks",
        alias = "upper_eur",
        skip_serializing_if = "Option::is_none"
    )]
    pub upper: Option<u64>,
    /// Term to use instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deprecated_by: Option<String>,
}

/// A term of somebody else's vocabulary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Whose vocabulary.
    pub scheme: String,
    /// Its term.
    pub term: String,
    /// How near, after SKOS.
    #[serde(rename = "match")]
    pub closeness: Closeness,
}

/// SKOS mapping relations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Closeness {
    /// Means the same.
    Exact,
    /// Can mostly stand for it.
    Close,
    /// Theirs is wider.
    Broad,
    /// Theirs is narrower.
    Narrow,
    /// Belongs to it.
    Related,
}

/// Language of labels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Language {
    /// German.
    #[default]
    #[serde(rename = "de")]
    German,
    /// English.
    #[serde(rename = "en")]
    English,
    /// Einfache Sprache.
    #[serde(rename = "de-x-einfach")]
    PlainGerman,
}

impl Language {
    /// All languages and their tags.
    pub const ALL: &'static [(&'static str, Self)] =
        &[("de", Self::German), ("en", Self::English), ("de-x-einfach", Self::PlainGerman)];

    /// Tag, BCP 47.
    pub fn tag(self) -> &'static str {
        match self {
            Self::German => "de",
            Self::English => "en",
            Self::PlainGerman => "de-x-einfach",
        }
    }

    /// The text in this language; everything but English is German.
    pub fn say<'a>(self, german: &'a str, english: &'a str) -> &'a str {
        if self == Self::English { english } else { german }
    }

    /// A number in groups of three digits: `12345` → "12.345", English "12,345".
    pub fn number(self, number: u64) -> String {
        let separator = self.say(".", ",");
        let digits = number.to_string();
        let mut text = String::with_capacity(digits.len() + digits.len() / 3);
        for (position, digit) in digits.chars().enumerate() {
            if position > 0 && (digits.len() - position).is_multiple_of(3) {
                text.push_str(separator);
            }
            text.push(digit);
        }
        text
    }
}

impl Term {
    /// What people read in this language.
    pub fn label(&self, language: Language) -> &str {
        match language {
            Language::German => &self.label,
            Language::English => &self.label_en,
            Language::PlainGerman => &self.label_plain,
        }
    }
}

impl Vocabulary {
    /// The term with this id.
    pub fn term(&self, id: &str) -> Option<&Term> {
        self.terms.iter().find(|term| term.id == id)
    }

    /// Place of the term in the order.
    pub fn rank(&self, id: &str) -> Option<usize> {
        self.terms.iter().position(|term| term.id == id)
    }

    /// Index of the first class whose upper bound holds the number.
    pub fn class_of(&self, number: u64) -> Option<usize> {
        self.terms.iter().position(|term| term.upper.is_none_or(|upper| number <= upper))
    }
}

/// All vocabularies at one moment.
#[derive(Clone, Debug, Default)]
pub struct Vocabularies {
    by_name: BTreeMap<String, Arc<Vocabulary>>,
}

impl FromIterator<Vocabulary> for Vocabularies {
    fn from_iter<I: IntoIterator<Item = Vocabulary>>(vocabularies: I) -> Self {
        Self {
            by_name: vocabularies
                .into_iter()
                .map(|vocabulary| (vocabulary.name.clone(), Arc::new(vocabulary)))
                .collect(),
        }
    }
}

impl Vocabularies {
    /// The vocabulary of this name.
    pub fn get(&self, name: &str) -> Option<&Arc<Vocabulary>> {
        self.by_name.get(name)
    }

    /// All, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Vocabulary>> {
        self.by_name.values()
    }

    /// The term, where the vocabulary has it.
    pub fn term(&self, vocabulary: &str, id: &str) -> Option<&Term> {
        self.by_name.get(vocabulary)?.term(id)
    }

    /// What people read for a term; its id where there is no such term.
    pub fn label<'a>(&'a self, vocabulary: &str, id: &'a str, language: Language) -> &'a str {
        self.term(vocabulary, id).map_or(id, |term| term.label(language))
    }
}
