//! The facets: which parameter filters by which field, and how.
//!
//! One law: the count shown at a value is the total one gets by ticking it. So every facet is reduced to one thing,
//! the set of values at which an entry is found, and everything else is derived from these sets.

use super::{
    entry::{Entry, Profile},
    kind::*,
    vocabulary::Vocabularies,
};

/// Value that stands for "not stated".
pub const NONE: &str = "none";

/// One facet.
#[derive(Debug)]
pub struct Facet {
    /// Parameter of the API and of the pages.
    pub parameter: &'static str,
    /// Vocabulary with the labels of its values; none for open words (keywords, places).
    pub vocabulary: Option<&'static str>,
    /// How values relate to entries.
    pub logic: Logic,
    values: fn(&Entry, &Vocabularies) -> Vec<String>,
}

/// How the values of a facet relate to entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logic {
    /// The entry carries the value, or the value that stands for all.
    Terms,
    /// Classes in order; the entry's smallest fits into the class.
    AtMost,
    /// Numbers; the entry's range contains the number. Any number is a value, the listed ones are examples.
    Contains,
}

/// Numbers that stand for "about so many people" in the list of values.
pub const GROUP_EXAMPLES: &[u32] = &[10, 25, 60, 200, 1_000, 5_000];

/// All facets, the two that the city named first.
pub const FACETS: &[Facet] = &[
    Facet {
        parameter: "format_type",
        vocabulary: Some("format_types"),
        logic: Logic::Terms,
        values: |entry, _| ids(&entry.common.format_types, FormatType::id),
    },
    terms("topic", "topics", |entry, _| entry.common.topics.clone()),
    terms("kind", "kinds", |entry, _| vec![entry.kind().id().into()]),
    terms("purpose", "purposes", |entry, _| entry.common.purposes.clone()),
    terms("phase", "phases", |entry, _| entry.common.phases.clone()),
    terms("level", "levels", |entry, _| entry.common.levels.clone()),
    terms("audience", "audiences", |entry, _| entry.common.audiences.clone()),
    Facet { parameter: "participants", vocabulary: None, logic: Logic::Contains, values: group_examples },
    Facet {
        parameter: "duration_max",
        vocabulary: Some("durations"),
        logic: Logic::AtMost,
        values: |entry, vocabularies| at_most(entry, vocabularies, "durations", |profile| profile.duration_minutes_min),
    },
    Facet {
        parameter: "cost_max",
        vocabulary: Some("costs"),
        logic: Logic::AtMost,
        values: |entry, vocabularies| at_most(entry, vocabularies, "costs", |profile| profile.cost_eur_min),
    },
    Facet {
        parameter: "lead_time_max",
        vocabulary: Some("lead_times"),
        logic: Logic::AtMost,
        values: |entry, vocabularies| at_most(entry, vocabularies, "lead_times", |profile| profile.lead_time_weeks_min),
    },
    terms("recruitment", "recruitment", |entry, _| match &entry.profile {
        Profile::Format(profile) => profile.recruitment.clone(),
        Profile::BestPractice(profile) => profile.recruitment.clone(),
        _ => Vec::new(),
    }),
    terms("accessibility", "accessibility", |entry, _| {
        entry.as_format().map(|profile| profile.accessibility.clone()).unwrap_or_default()
    }),
    terms("scope", "scopes", |entry, _| entry.common.scopes.clone()),
    terms("district", "districts", |entry, _| entry.common.districts.clone()),
    terms("method_level", "method_levels", |entry, _| {
        ids(entry.as_format().and_then(|profile| profile.method_level).as_slice(), MethodLevel::id)
    }),
    terms("outcome_form", "outcome_forms", |entry, _| {
        entry.as_format().map(|profile| profile.outcome_forms.clone()).unwrap_or_default()
    }),
    terms("legal_basis", "legal_bases", |entry, _| {
        entry.as_format().map(|profile| profile.legal_bases.clone()).unwrap_or_default()
    }),
    terms("guide_type", "guide_types", |entry, _| match &entry.profile {
        Profile::Guide(profile) => ids(profile.guide_type.as_slice(), GuideType::id),
        _ => Vec::new(),
    }),
    terms("access", "access", |entry, _| match &entry.profile {
        Profile::Guide(profile) => ids(profile.access.as_slice(), Access::id),
        _ => Vec::new(),
    }),
    terms("case_status", "case_status", |entry, _| match &entry.profile {
        Profile::BestPractice(profile) => ids(profile.status.as_slice(), CaseStatus::id),
        _ => Vec::new(),
    }),
    open("state", |entry, _| match &entry.profile {
        Profile::BestPractice(profile) => profile.state.iter().cloned().collect(),
        _ => Vec::new(),
    }),
    open("municipality", |entry, _| match &entry.profile {
        Profile::BestPractice(profile) => profile.municipality.iter().cloned().collect(),
        _ => Vec::new(),
    }),
    open(
        "language",
        |entry, _| if entry.common.language.is_empty() { Vec::new() } else { vec![entry.common.language.clone()] },
    ),
    open("keyword", |entry, _| entry.common.keywords.clone()),
];

/// The facet with this parameter.
pub fn facet(parameter: &str) -> Option<(usize, &'static Facet)> {
    FACETS.iter().enumerate().find(|(_, facet)| facet.parameter == parameter)
}

impl Facet {
    /// The values at which this entry is found, each once; [`NONE`] where nothing is stated.
    ///
    /// Empty only for a range of participants between two of the [`GROUP_EXAMPLES`]: it is stated, at none of them.
    pub fn values(&self, entry: &Entry, vocabularies: &Vocabularies) -> Vec<String> {
        let mut values = (self.values)(entry, vocabularies);
        if values.is_empty() {
            let stated = self.logic == Logic::Contains && participants(entry).is_some();
            return if stated { Vec::new() } else { vec![NONE.into()] };
        }
        let vocabulary = self.vocabulary.and_then(|name| vocabularies.get(name));
        if let Some(vocabulary) = vocabulary
            && let Some(any) = &vocabulary.any
            && values.contains(any)
        {
            values = vocabulary.terms.iter().map(|term| term.id.clone()).collect();
        }
        values.sort_unstable();
        values.dedup();
        values
    }
}

const fn terms(
    parameter: &'static str,
    vocabulary: &'static str,
    values: fn(&Entry, &Vocabularies) -> Vec<String>,
) -> Facet {
    Facet { parameter, vocabulary: Some(vocabulary), logic: Logic::Terms, values }
}

const fn open(parameter: &'static str, values: fn(&Entry, &Vocabularies) -> Vec<String>) -> Facet {
    Facet { parameter, vocabulary: None, logic: Logic::Terms, values }
}

fn ids<T: Copy>(values: &[T], id: fn(T) -> &'static str) -> Vec<String> {
    values.iter().map(|value| id(*value).to_owned()).collect()
}

fn at_most(
    entry: &Entry,
    vocabularies: &Vocabularies,
    vocabulary: &str,
    number: fn(&super::profile::FormatProfile) -> Option<u32>,
) -> Vec<String> {
    let Some(number) = entry.as_format().and_then(number) else { return Vec::new() };
    let Some(vocabulary) = vocabularies.get(vocabulary) else { return Vec::new() };
    let Some(class) = vocabulary.class_of(u64::from(number)) else { return Vec::new() };
    vocabulary.terms[class..].iter().map(|term| term.id.clone()).collect()
}

fn group_examples(entry: &Entry, _: &Vocabularies) -> Vec<String> {
    let Some((low, high)) = participants(entry) else { return Vec::new() };
    GROUP_EXAMPLES.iter().filter(|number| (low..=high).contains(*number)).map(u32::to_string).collect()
}

/// Range of group sizes with which a format works; none where nothing is stated.
pub fn participants(entry: &Entry) -> Option<(u32, u32)> {
    let profile = entry.as_format()?;
    match (profile.participants_min, profile.participants_max) {
        (None, None) => None,
        (low, high) => Some((low.unwrap_or(1), high.unwrap_or(u32::MAX))),
    }
}

/// First and last year an entry speaks of: the dates of a case, the year of a guide.
pub fn years(entry: &Entry) -> Option<(i32, i32)> {
    let year = |date: &Option<String>| date.as_ref().and_then(|date| date.get(..4)).and_then(|year| year.parse().ok());
    match &entry.profile {
        Profile::BestPractice(profile) => {
            let first = year(&profile.begins_on).or_else(|| year(&profile.ends_on))?;
            let running = matches!(profile.status, Some(CaseStatus::Running | CaseStatus::Established));
            let last = year(&profile.ends_on).unwrap_or(if running { i32::MAX } else { first });
            Some((first, last.max(first)))
        }
        Profile::Guide(profile) => profile.year.map(|year| (year, year)),
        _ => None,
    }
}
