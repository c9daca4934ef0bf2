//! What the public sees of an entry: its content with what is derived from it.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    entry::{Entry, Profile},
    id::{EntryId, RevisionNumber},
    record::{EntryRecord, Origin},
    vocabulary::Vocabularies,
};

/// A published entry, as it travels to the index and from there to readers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PublicEntry {
    /// Identity.
    pub id: EntryId,
    /// Content.
    #[serde(flatten)]
    pub entry: Entry,
    /// Earlier slugs, which redirect.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub old_slugs: Vec<String>,
    /// What is derived.
    #[serde(flatten)]
    pub derived: Derived,
}

/// Fields that nobody writes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Derived {
    /// Classes made from the numbers.
    pub classes: Classes,
    /// How much of a full profile is filled in, percent.
    pub completeness: u8,
    /// Who brought it in.
    pub origin: Origin,
    /// Revision that is public.
    pub revision: RevisionNumber,
    /// First commit, UTC.
    pub created_at: Timestamp,
    /// Newest change of the public content, UTC.
    pub updated_at: Timestamp,
    /// First publication, UTC.
    pub published_at: Timestamp,
}

/// Classes made from the stored numbers; ids of terms of the vocabularies named like the fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Classes {
    /// `group_sizes` that the range of participants touches.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub group_size: Vec<String>,
    /// `durations` that the range of minutes touches.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub duration: Vec<String>,
    /// `lead_times` that the range of weeks touches.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lead_time: Vec<String>,
    /// `costs` that the range of euros touches.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cost: Vec<String>,
}

impl PublicEntry {
    /// The public view of a record whose published content is `entry`.
    pub fn new(record: &EntryRecord, revision: RevisionNumber, mut entry: Entry, vocabularies: &Vocabularies) -> Self {
        entry.common.slug.clone_from(&record.slug);
        let published_at = record.published_at.unwrap_or(record.created_at);
        let derived = Derived {
            classes: classes(&entry, vocabularies),
            completeness: completeness(&entry),
            origin: record.origin,
            revision,
            created_at: record.created_at,
            updated_at: record.public_updated_at.unwrap_or(published_at),
            published_at,
        };
        Self { id: record.id, entry, old_slugs: record.old_slugs.clone(), derived }
    }

    /// Reads what [`serde_json::to_string`] made of it.
    ///
    /// # Errors
    /// On text of a different version.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        #[derive(Deserialize)]
        struct Envelope {
            id: EntryId,
            #[serde(default)]
            old_slugs: Vec<String>,
        }
        let value: serde_json::Value = serde_json::from_str(text)?;
        let Envelope { id, old_slugs } = Envelope::deserialize(&value)?;
        Ok(Self { id, entry: Entry::from_checked(&value)?, old_slugs, derived: Derived::deserialize(&value)? })
    }
}

/// Classes of an entry's numbers.
pub fn classes(entry: &Entry, vocabularies: &Vocabularies) -> Classes {
    let Some(profile) = entry.as_format() else { return Classes::default() };
    let touched = |vocabulary: &str, low: Option<u32>, high: Option<u32>| -> Vec<String> {
        let Some(vocabulary) = vocabularies.get(vocabulary) else { return Vec::new() };
        if low.is_none() && high.is_none() {
            return Vec::new();
        }
        let first = vocabulary.class_of(u64::from(low.unwrap_or(0)));
        let last = high.map_or(vocabulary.terms.len().checked_sub(1), |high| vocabulary.class_of(u64::from(high)));
        match (first, last) {
            (Some(first), Some(last)) if first <= last => {
                vocabulary.terms[first..=last].iter().map(|term| term.id.clone()).collect()
            }
            _ => Vec::new(),
        }
    };
    // Without an upper end a duration, a lead time or a cost is what it is at least; a group is unlimited.
    Classes {
        group_size: touched("group_sizes", profile.participants_min, profile.participants_max),
        duration: touched(
            "durations",
            profile.duration_minutes_min,
            profile.duration_minutes_max.or(profile.duration_minutes_min),
        ),
        lead_time: touched(
            "lead_times",
            profile.lead_time_weeks_min,
            profile.lead_time_weeks_max.or(profile.lead_time_weeks_min),
        ),
        cost: touched("costs", profile.cost_eur_min, profile.cost_eur_max.or(profile.cost_eur_min)),
    }
}

/// How much of a full profile is filled in, in percent of the fields that a reader of this kind looks for.
pub fn completeness(entry: &Entry) -> u8 {
    let common = &entry.common;
    let mut there = vec![
        !common.title.is_empty(),
        !common.summary.is_empty(),
        common.plain_language.is_some(),
        !common.body.is_empty(),
        !common.topics.is_empty(),
        !common.relations.is_empty(),
        !common.sources.is_empty(),
        common.reviewed_on.is_some(),
    ];
    match &entry.profile {
        Profile::Format(profile) => there.extend([
            !common.format_types.is_empty(),
            !common.levels.is_empty(),
            !common.purposes.is_empty(),
            !common.phases.is_empty(),
            !common.audiences.is_empty(),
            profile.participants_min.or(profile.participants_max).is_some(),
            profile.duration_minutes_min.is_some(),
            profile.lead_time_weeks_min.is_some(),
            profile.cost_eur_min.is_some(),
            !profile.recruitment.is_empty(),
            !profile.steps.is_empty(),
            !profile.fits_when.is_empty(),
            !profile.does_not_fit_when.is_empty(),
            !profile.strengths.is_empty(),
            !profile.weaknesses.is_empty(),
            !profile.tips.is_empty(),
            !profile.accessibility.is_empty(),
        ]),
        Profile::BestPractice(profile) => there.extend([
            !common.format_types.is_empty(),
            profile.municipality.is_some(),
            profile.begins_on.is_some(),
            profile.status.is_some(),
            profile.occasion.is_some() || profile.aim.is_some(),
            profile.process.is_some(),
            profile.results.is_some(),
            profile.use_of_results.is_some() || profile.impact.is_some(),
        ]),
        Profile::Guide(profile) => there.extend([
            profile.guide_type.is_some(),
            !profile.publishers.is_empty(),
            profile.year.is_some(),
            profile.access.is_some(),
            !profile.contents.is_empty(),
        ]),
        Profile::Concept(profile) => there.extend([
            profile.aim.is_some(),
            !profile.building_blocks.is_empty(),
            profile.resolution.is_some(),
            profile.implementation_state.is_some(),
            profile.lead_office.is_some(),
        ]),
        Profile::Idea(profile) => there.extend([
            profile.problem.is_some(),
            profile.proposal.is_some(),
            profile.benefit.is_some(),
            profile.maturity.is_some(),
        ]),
    }
    let filled = there.iter().filter(|there| **there).count();
    u8::try_from(filled * 100 / there.len()).unwrap_or(100)
}
