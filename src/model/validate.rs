//! Rules beyond the shape: terms that exist, ranges that make sense, what a published entry must have.

use super::{
    entry::{Common, Entry, PlainLevel, Profile},
    kind::Kind,
    problem::{Problem, nearest},
    profile::FormatProfile,
    slug,
    vocabulary::Vocabularies,
};

/// How strict to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// A draft may be incomplete, but what is there must make sense.
    Draft,
    /// What the public sees has all that a reader needs.
    Publish,
}

/// Checks content whose shape is right.
///
/// # Errors
/// Every problem, each with its JSON pointer.
pub fn check(entry: &Entry, vocabularies: &Vocabularies, strictness: Strictness) -> Result<(), Vec<Problem>> {
    let mut problems = Vec::new();
    sense(entry, &mut problems);
    terms(entry, vocabularies, &mut problems);
    if strictness == Strictness::Publish {
        required(entry, &mut problems);
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn sense(entry: &Entry, problems: &mut Vec<Problem>) {
    let common = &entry.common;
    if !common.slug.is_empty() && !slug::is_valid(&common.slug) {
        problems.push(Problem::new(
            "/slug",
            "wrong_form",
            "Ein Slug hat Kleinbuchstaben, Ziffern und einzelne Bindestriche und sieht nicht aus wie eine Kennung.",
            "A slug has lower-case letters, digits and single hyphens and does not look like an id.",
        ));
    }
    if let (Some(reviewed), Some(due)) = (common.reviewed_on, common.review_due_on)
        && due < reviewed
    {
        problems.push(Problem::new(
            "/review_due_on",
            "range_reversed",
            "Die nächste Prüfung liegt vor der letzten.",
            "The next review is before the last one.",
        ));
    }
    if let Some(plain) = &common.plain_language
        && plain.level == PlainLevel::Leicht
        && plain.checked_by.is_none()
    {
        problems.push(Problem::new(
            "/plain_language/checked_by",
            "field_missing",
            "Leichte Sprache ist ein geprüfter Standard: Hier fehlt, wer geprüft hat.",
            "Leichte Sprache is a checked standard: say who checked it.",
        ));
    }
    match &entry.profile {
        Profile::Format(profile) => ranges(profile, problems),
        Profile::BestPractice(profile) => {
            for (pointer, date) in [("/begins_on", &profile.begins_on), ("/ends_on", &profile.ends_on)] {
                if date.as_deref().is_some_and(|date| !is_partial_date(date)) {
                    problems.push(Problem::new(
                        pointer,
                        "not_a_date",
                        "Hier steht ein Jahr, ein Monat oder ein Tag: 2021, 2021-06 oder 2021-06-15.",
                        "Give a year, a month or a day: 2021, 2021-06 or 2021-06-15.",
                    ));
                }
            }
            if let (Some(begin), Some(end)) = (&profile.begins_on, &profile.ends_on)
                && end < begin
                && !begin.starts_with(end.as_str())
            {
                problems.push(reversed("/ends_on"));
            }
        }
        Profile::Guide(_) | Profile::Concept(_) | Profile::Idea(_) => {}
    }
}

fn ranges(profile: &FormatProfile, problems: &mut Vec<Problem>) {
    for (pointer, low, high) in [
        ("/participants_max", profile.participants_min, profile.participants_max),
        ("/duration_minutes_max", profile.duration_minutes_min, profile.duration_minutes_max),
        ("/lead_time_weeks_max", profile.lead_time_weeks_min, profile.lead_time_weeks_max),
        ("/cost_eur_max", profile.cost_eur_min, profile.cost_eur_max),
    ] {
        if let (Some(low), Some(high)) = (low, high)
            && high < low
        {
            problems.push(reversed(pointer));
        }
    }
}

fn reversed(pointer: &str) -> Problem {
    Problem::new(pointer, "range_reversed", "Das Ende liegt vor dem Anfang.", "The end is before the beginning.")
}

/// Whether the text is a year, a month or a day that exists.
fn is_partial_date(text: &str) -> bool {
    let full = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    full.parse::<jiff::civil::Date>().is_ok()
}

fn terms(entry: &Entry, vocabularies: &Vocabularies, problems: &mut Vec<Problem>) {
    let Common { levels, purposes, phases, topics, audiences, scopes, districts, .. } = &entry.common;
    let mut lists: Vec<(&str, &str, &[String])> = vec![
        ("levels", "levels", levels),
        ("purposes", "purposes", purposes),
        ("phases", "phases", phases),
        ("topics", "topics", topics),
        ("audiences", "audiences", audiences),
        ("scopes", "scopes", scopes),
        ("districts", "districts", districts),
    ];
    match &entry.profile {
        Profile::Format(profile) => {
            lists.extend([
                ("recruitment", "recruitment", profile.recruitment.as_slice()),
                ("legal_bases", "legal_bases", &profile.legal_bases),
                ("accessibility", "accessibility", &profile.accessibility),
                ("outcome_forms", "outcome_forms", &profile.outcome_forms),
                ("interactions", "interactions", &profile.interactions),
            ]);
            for (index, tool) in profile.digital_tools.iter().enumerate() {
                let pointer = format!("/digital_tools/{index}/category");
                term(vocabularies, "digital_tool_categories", &tool.category, pointer, problems);
            }
        }
        Profile::BestPractice(profile) => lists.push(("recruitment", "recruitment", &profile.recruitment)),
        Profile::Guide(_) | Profile::Concept(_) | Profile::Idea(_) => {}
    }
    for (field, vocabulary, ids) in lists {
        for (index, id) in ids.iter().enumerate() {
            term(vocabularies, vocabulary, id, format!("/{field}/{index}"), problems);
        }
    }
}

fn term(vocabularies: &Vocabularies, vocabulary: &str, id: &str, pointer: String, problems: &mut Vec<Problem>) {
    if vocabularies.term(vocabulary, id).is_some() {
        return;
    }
    let known = vocabularies.get(vocabulary).map(|vocabulary| vocabulary.terms.as_slice()).unwrap_or_default();
    let near = nearest(id, known.iter().map(|term| term.id.as_str()));
    let (hint, hint_en) = match near {
        Some(near) => (format!(" Gemeint ist vielleicht {near}."), format!(" Perhaps {near} is meant.")),
        None => Default::default(),
    };
    problems.push(Problem::new(
        pointer,
        "unknown_term",
        format!("Das Vokabular {vocabulary} kennt „{id}“ nicht.{hint}"),
        format!("The vocabulary {vocabulary} has no term \"{id}\".{hint_en}"),
    ));
}

fn required(entry: &Entry, problems: &mut Vec<Problem>) {
    let common = &entry.common;
    let mut demand = |there: bool, field: &str, label: &str, label_en: &str| {
        if !there {
            problems.push(Problem::new(
                format!("/{field}"),
                "required_to_publish",
                format!("Zum Veröffentlichen fehlt: {label}."),
                format!("Needed to publish: {label_en}."),
            ));
        }
    };
    demand(!common.title.trim().is_empty(), "title", "der Titel", "the title");
    demand(!common.summary.trim().is_empty(), "summary", "die Kurzbeschreibung", "the summary");
    demand(!common.license.is_empty(), "license", "die Lizenz", "the licence");
    demand(!common.language.is_empty(), "language", "die Sprache des Textes", "the language of the text");
    demand(!common.sources.is_empty(), "sources", "mindestens eine Quelle", "at least one source");
    demand(common.reviewed_on.is_some(), "reviewed_on", "der Tag der letzten Prüfung", "the day of the last review");
    demand(!common.topics.is_empty(), "topics", "mindestens ein Thema", "at least one topic");
    if matches!(entry.kind(), Kind::Format | Kind::BestPractice) {
        demand(
            !common.format_types.is_empty(),
            "format_types",
            "vor Ort, digital oder gemischt",
            "on site, digital or both",
        );
        demand(!common.levels.is_empty(), "levels", "die Beteiligungsstufe", "the level of participation");
    }
    if entry.kind() == Kind::Format {
        demand(!common.purposes.is_empty(), "purposes", "mindestens ein Zweck", "at least one purpose");
    }
}
