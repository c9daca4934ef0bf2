//! What filters mean, written down a second time and without any index: one entry and one filter at a time.

use mitmachbox::model::entry::{Entry, Profile};
use mitmachbox::model::kind::CaseStatus;
use mitmachbox::search::request::Filters;

use super::support::VOCABULARIES;

/// Whether an entry passes all filters, one of them perhaps left out.
pub(crate) fn passes(entry: &Entry, slug: &str, filters: &Filters, without: Option<&str>) -> bool {
    let on = |name: &str| without != Some(name);
    filters.terms.iter().all(|(name, values)| !on(name) || values.iter().any(|value| is_at(entry, name, value)))
        && filters.year_from.is_none_or(|year| !on("year_from") || years(entry).is_some_and(|(_, last)| last >= year))
        && filters.year_to.is_none_or(|year| !on("year_to") || years(entry).is_some_and(|(first, _)| first <= year))
        && (filters.ids.is_empty() || !on("ids") || filters.ids.iter().any(|id| id == slug))
}

/// Whether an entry is found at one value of a facet.
fn is_at(entry: &Entry, name: &str, value: &str) -> bool {
    let none = value == "none";
    match name {
        "participants" => match (participants(entry), none) {
            (range, true) => range.is_none(),
            (Some((low, high)), false) => value.parse().is_ok_and(|n: u32| low <= n && n <= high),
            (None, false) => false,
        },
        "duration_max" => at_most(entry, "durations", value, |p| p.duration_minutes_min),
        "cost_max" => at_most(entry, "costs", value, |p| p.cost_eur_min),
        "lead_time_max" => at_most(entry, "lead_times", value, |p| p.lead_time_weeks_min),
        _ => {
            let stated = stated(entry, name);
            let any = match name {
                "topic" => "themenoffen",
                "audience" => "alle",
                _ => "",
            };
            if none {
                stated.is_empty()
            } else {
                stated.iter().any(|stated| stated == value) || stated.iter().any(|stated| stated == any)
            }
        }
    }
}

fn participants(entry: &Entry) -> Option<(u32, u32)> {
    let Profile::Format(profile) = &entry.profile else { return None };
    if profile.participants_min.is_none() && profile.participants_max.is_none() {
        return None;
    }
    Some((profile.participants_min.unwrap_or(1), profile.participants_max.unwrap_or(u32::MAX)))
}

fn at_most(
    entry: &Entry,
    vocabulary: &str,
    class: &str,
    least: fn(&mitmachbox::model::profile::FormatProfile) -> Option<u32>,
) -> bool {
    let least = entry.as_format().and_then(least);
    match (least, class) {
        (None, class) => class == "none",
        (Some(_), "none") => false,
        (Some(least), class) => {
            let term = VOCABULARIES.term(vocabulary, class).unwrap_or_else(|| panic!("{vocabulary} has no {class}"));
            term.upper.is_none_or(|upper| u64::from(least) <= upper)
        }
    }
}

fn years(entry: &Entry) -> Option<(i32, i32)> {
    match &entry.profile {
        Profile::Guide(guide) => guide.year.map(|year| (year, year)),
        Profile::BestPractice(case) => {
            let year = |date: &str| date[..4].parse::<i32>().unwrap();
            let (begins, ends) = (case.begins_on.as_deref().map(year), case.ends_on.as_deref().map(year));
            let goes_on = matches!(case.status, Some(CaseStatus::Running | CaseStatus::Established));
            match (begins, ends) {
                (None, None) => None,
                (None, Some(only)) => Some((only, only)),
                (Some(first), None) => Some((first, if goes_on { i32::MAX } else { first })),
                (Some(first), Some(last)) => Some((first, last)),
            }
        }
        _ => None,
    }
}

fn stated(entry: &Entry, name: &str) -> Vec<String> {
    let common = &entry.common;
    let own = |texts: &[String]| texts.to_vec();
    match (name, &entry.profile) {
        ("kind", profile) => vec![
            match profile {
                Profile::Format(_) => "format",
                Profile::Guide(_) => "guide",
                Profile::BestPractice(_) => "best_practice",
                Profile::Concept(_) => "concept",
                Profile::Idea(_) => "idea",
            }
            .to_owned(),
        ],
        ("format_type", _) => common.format_types.iter().map(ToString::to_string).collect(),
        ("topic", _) => own(&common.topics),
        ("purpose", _) => own(&common.purposes),
        ("phase", _) => own(&common.phases),
        ("level", _) => own(&common.levels),
        ("audience", _) => own(&common.audiences),
        ("scope", _) => own(&common.scopes),
        ("district", _) => own(&common.districts),
        ("keyword", _) => own(&common.keywords),
        ("language", _) => Some(common.language.clone()).filter(|text| !text.is_empty()).into_iter().collect(),
        ("recruitment", Profile::Format(format)) => own(&format.recruitment),
        ("recruitment", Profile::BestPractice(case)) => own(&case.recruitment),
        ("accessibility", Profile::Format(format)) => own(&format.accessibility),
        ("outcome_form", Profile::Format(format)) => own(&format.outcome_forms),
        ("legal_basis", Profile::Format(format)) => own(&format.legal_bases),
        ("method_level", Profile::Format(format)) => format.method_level.iter().map(ToString::to_string).collect(),
        ("guide_type", Profile::Guide(guide)) => guide.guide_type.iter().map(ToString::to_string).collect(),
        ("access", Profile::Guide(guide)) => guide.access.iter().map(ToString::to_string).collect(),
        ("case_status", Profile::BestPractice(case)) => case.status.iter().map(ToString::to_string).collect(),
        ("state", Profile::BestPractice(case)) => case.state.iter().cloned().collect(),
        ("municipality", Profile::BestPractice(case)) => case.municipality.iter().cloned().collect(),
        (
            "recruitment" | "accessibility" | "outcome_form" | "legal_basis" | "method_level" | "guide_type" | "access"
            | "case_status" | "state" | "municipality",
            _,
        ) => Vec::new(),
        (other, _) => panic!("no oracle for {other}"),
    }
}
