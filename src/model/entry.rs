//! An entry's content: what editors write and the public reads.
//!
//! The bounds in the `schemars` attributes are the one definition of them: the generated schema is the contract in
//! `schemas/` and, read by [`super::shape`], the check of everything that comes in.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::kind::*;
use super::profile::*;

/// A short text of one line.
type Line = String;

/// Content of an entry: what all kinds share, and the profile of its kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// Fields that all kinds share.
    #[serde(flatten)]
    pub common: Common,
    /// Fields of the kind; carries `kind` itself.
    #[serde(flatten)]
    pub profile: Profile,
}

/// The part of the content that depends on the kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Profile {
    /// See [`FormatProfile`].
    Format(Box<FormatProfile>),
    /// See [`GuideProfile`].
    Guide(Box<GuideProfile>),
    /// See [`CaseProfile`].
    BestPractice(Box<CaseProfile>),
    /// See [`ConceptProfile`].
    Concept(Box<ConceptProfile>),
    /// See [`IdeaProfile`].
    Idea(Box<IdeaProfile>),
}

impl Entry {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match &self.profile {
            Profile::Format(_) => Kind::Format,
            Profile::Guide(_) => Kind::Guide,
            Profile::BestPractice(_) => Kind::BestPractice,
            Profile::Concept(_) => Kind::Concept,
            Profile::Idea(_) => Kind::Idea,
        }
    }

    /// Reads content that [`super::shape::check`] has passed.
    ///
    /// # Errors
    /// Only on content that was never checked, or that a different version of the program wrote.
    pub fn from_checked(content: &serde_json::Value) -> Result<Self, serde_json::Error> {
        #[derive(Deserialize)]
        struct OnlyKind {
            kind: Kind,
        }
        let profile = match OnlyKind::deserialize(content)?.kind {
            Kind::Format => Profile::Format(Deserialize::deserialize(content)?),
            Kind::Guide => Profile::Guide(Deserialize::deserialize(content)?),
            Kind::BestPractice => Profile::BestPractice(Deserialize::deserialize(content)?),
            Kind::Concept => Profile::Concept(Deserialize::deserialize(content)?),
            Kind::Idea => Profile::Idea(Deserialize::deserialize(content)?),
        };
        Ok(Self { common: Common::deserialize(content)?, profile })
    }

    /// The content as JSON, in the order of the fields; empty fields are left out.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("an entry has string keys and finite numbers")
    }

    /// Profile of a format, where it is one.
    pub fn as_format(&self) -> Option<&FormatProfile> {
        match &self.profile {
            Profile::Format(profile) => Some(profile),
            _ => None,
        }
    }
}

/// Fields that all kinds share.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Common {
    /// Last part of its address: `a–z`, digits, hyphens. Made from the title where absent.
    #[schemars(length(max = 100), regex(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$"))]
    #[serde(skip_serializing_if = "String::is_empty")]
    pub slug: Line,
    /// Name under which people know it.
    #[schemars(length(max = 160))]
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: Line,
    /// Second line of the title.
    #[schemars(length(max = 200))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<Line>,
    /// Other names, shown.
    #[schemars(length(max = 24), inner(length(min = 1, max = 120)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alternative_titles: Vec<Line>,
    /// Other spellings, searched but not shown.
    #[schemars(length(max = 32), inner(length(min = 1, max = 120)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub spelling_variants: Vec<Line>,
    /// One or two sentences for the list of hits.
    #[schemars(length(max = 300))]
    #[serde(skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// "Kurz erklärt".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plain_language: Option<PlainLanguage>,
    /// Where people meet.
    #[schemars(length(max = 3))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub format_types: Vec<FormatType>,
    /// How far participation goes; terms of `levels`.
    #[schemars(length(max = 4), inner(length(min = 1, max = 64)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<Line>,
    /// What it is good for; terms of `purposes`.
    #[schemars(length(max = 16), inner(length(min = 1, max = 64)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub purposes: Vec<Line>,
    /// When in a process; terms of `phases`.
    #[schemars(length(max = 9), inner(length(min = 1, max = 64)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<Line>,
    /// What about; terms of `topics`.
    #[schemars(length(max = 12), inner(length(min = 1, max = 64)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<Line>,
    /// For whom; terms of `audiences`.
    #[schemars(length(max = 21), inner(length(min = 1, max = 64)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub audiences: Vec<Line>,
    /// How large an area; terms of `scopes`.
    #[schemars(length(max = 7), inner(length(min = 1, max = 64)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<Line>,
    /// Which Dortmund districts; terms of `districts`.
    #[schemars(length(max = 12), inner(length(min = 1, max = 64)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub districts: Vec<Line>,
    /// Free words.
    #[schemars(length(max = 24), inner(length(min = 1, max = 60)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<Line>,
    /// Links to other entries; the other direction is derived.
    #[schemars(length(max = 64))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<Relation>,
    /// Where the facts come from.
    #[schemars(length(max = 32))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
    /// Where to read on.
    #[schemars(length(max = 24))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Files to take away.
    #[schemars(length(max = 12))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// A picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// Licence of our text, an SPDX id.
    #[schemars(length(max = 40))]
    #[serde(skip_serializing_if = "String::is_empty")]
    pub license: Line,
    /// Language of the text, BCP 47.
    #[schemars(length(max = 35))]
    #[serde(skip_serializing_if = "String::is_empty")]
    pub language: Line,
    /// Whom to ask; an office, never a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// Put forward by the editors.
    #[serde(skip_serializing_if = "is_false")]
    pub featured: bool,
    /// Day on which the editors last checked the facts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewed_on: Option<Date>,
    /// Day by which they are to check again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review_due_on: Option<Date>,
    /// The text, CommonMark without HTML.
    #[schemars(length(max = 24_000))]
    #[serde(skip_serializing_if = "String::is_empty")]
    pub body: String,
}

/// A short text that everybody understands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct PlainLanguage {
    /// The text.
    #[schemars(length(min = 1, max = 1_500))]
    pub text: String,
    /// Standard it meets.
    pub level: PlainLevel,
    /// Office that checked it, for `leicht`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 160))]
    pub checked_by: Option<Line>,
    /// Day of the check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_on: Option<Date>,
}

/// Einfache Sprache (plain) or Leichte Sprache (a checked standard).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlainLevel {
    /// Einfache Sprache.
    Einfach,
    /// Leichte Sprache; needs `checked_by`.
    Leicht,
}

/// A link to another entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Relation {
    /// How the two stand to each other.
    #[serde(rename = "type")]
    pub relation: RelationType,
    /// Id of the other entry. On input its slug will do.
    #[schemars(length(min = 1, max = 100))]
    pub target: Line,
    /// "vorher", "nachher", what to mind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 240))]
    pub note: Option<Line>,
}

/// Where a fact comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Source {
    /// Title of the work or page.
    #[schemars(length(min = 1, max = 300))]
    pub title: Line,
    /// Address, where it is known to be right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 500), regex(pattern = "^https?://"))]
    pub url: Option<Line>,
    /// Who published it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200))]
    pub publisher: Option<Line>,
    /// Year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1500, max = 2200))]
    pub year: Option<i32>,
    /// Day on which the address was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accessed_on: Option<Date>,
}

/// Where to read on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Link {
    /// What the reader finds there.
    #[schemars(length(min = 1, max = 200))]
    pub title: Line,
    /// Address.
    #[schemars(length(max = 500), regex(pattern = "^https?://"))]
    pub url: Line,
    /// Language of the page, BCP 47.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 35))]
    pub language: Option<Line>,
}

/// A file that belongs to the entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Attachment {
    /// File name.
    #[schemars(length(min = 1, max = 160))]
    pub file: Line,
    /// Media type.
    #[schemars(length(min = 1, max = 100))]
    pub media_type: Line,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256, hex.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub sha256: Line,
    /// What it is.
    #[schemars(length(min = 1, max = 200))]
    pub title: Line,
    /// Whether the file is accessible.
    #[serde(default)]
    pub accessible: bool,
    /// SPDX id.
    #[schemars(length(max = 40))]
    pub license: Line,
}

/// A picture with what is needed to show it lawfully and accessibly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Image {
    /// File name.
    #[schemars(length(min = 1, max = 160))]
    pub file: Line,
    /// What it shows.
    #[schemars(length(min = 1, max = 300))]
    pub alt: Line,
    /// Who made it.
    #[schemars(length(min = 1, max = 160))]
    pub author: Line,
    /// SPDX id.
    #[schemars(length(min = 1, max = 40))]
    pub license: Line,
}

/// An office, never a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Contact {
    /// Name of the office.
    #[schemars(length(min = 1, max = 160))]
    pub office: Line,
    /// Its mailbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 160), regex(pattern = "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$"))]
    pub email: Option<Line>,
    /// Its page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 500), regex(pattern = "^https?://"))]
    pub url: Option<Line>,
}

pub(super) fn is_false(value: &bool) -> bool {
    !value
}
