//! Public entries as a table for spreadsheets: UTF-8 with BOM, semicolons, CRLF (RFC 4180 otherwise), which is what
//! German Excel opens by a double click.

use crate::model::{entry::Profile, facet, public::PublicEntry};

/// Between the values of a list in one cell.
const BETWEEN: &str = " | ";

type Column = (&'static str, fn(&PublicEntry, &str) -> String);

/// The columns; names are the fields of the API.
const COLUMNS: &[Column] = &[
    ("id", |public, _| public.id.to_string()),
    ("kind", |public, _| public.entry.kind().to_string()),
    ("title", |public, _| public.entry.common.title.clone()),
    ("subtitle", |public, _| public.entry.common.subtitle.clone().unwrap_or_default()),
    ("alternative_titles", |public, _| public.entry.common.alternative_titles.join(BETWEEN)),
    ("summary", |public, _| public.entry.common.summary.clone()),
    ("url", |_, url| url.to_owned()),
    ("format_types", |public, _| {
        public.entry.common.format_types.iter().map(|value| value.id()).collect::<Vec<_>>().join(BETWEEN)
    }),
    ("topics", |public, _| public.entry.common.topics.join(BETWEEN)),
    ("levels", |public, _| public.entry.common.levels.join(BETWEEN)),
    ("purposes", |public, _| public.entry.common.purposes.join(BETWEEN)),
    ("phases", |public, _| public.entry.common.phases.join(BETWEEN)),
    ("audiences", |public, _| public.entry.common.audiences.join(BETWEEN)),
    ("scopes", |public, _| public.entry.common.scopes.join(BETWEEN)),
    ("districts", |public, _| public.entry.common.districts.join(BETWEEN)),
    ("keywords", |public, _| public.entry.common.keywords.join(BETWEEN)),
    ("participants_min", |public, _| number(public, |profile| profile.participants_min)),
    ("participants_max", |public, _| number(public, |profile| profile.participants_max)),
    ("duration_minutes_min", |public, _| number(public, |profile| profile.duration_minutes_min)),
    ("duration_minutes_max", |public, _| number(public, |profile| profile.duration_minutes_max)),
    ("lead_time_weeks_min", |public, _| number(public, |profile| profile.lead_time_weeks_min)),
    ("lead_time_weeks_max", |public, _| number(public, |profile| profile.lead_time_weeks_max)),
    ("cost_eur_min", |public, _| number(public, |profile| profile.cost_eur_min)),
    ("cost_eur_max", |public, _| number(public, |profile| profile.cost_eur_max)),
    ("recruitment", |public, _| match &public.entry.profile {
        Profile::Format(profile) => profile.recruitment.join(BETWEEN),
        Profile::BestPractice(profile) => profile.recruitment.join(BETWEEN),
        _ => String::new(),
    }),
    ("municipality", |public, _| match &public.entry.profile {
        Profile::BestPractice(profile) => profile.municipality.clone().unwrap_or_default(),
        _ => String::new(),
    }),
    ("year_from", |public, _| year(public, |(first, _)| first)),
    ("year_to", |public, _| year(public, |(_, last)| last)),
    ("license", |public, _| public.entry.common.license.clone()),
    ("language", |public, _| public.entry.common.language.clone()),
    ("reviewed_on", |public, _| public.entry.common.reviewed_on.map(|date| date.to_string()).unwrap_or_default()),
    ("updated_at", |public, _| public.derived.updated_at.to_string()),
];

/// First line, with the byte order mark by which Excel knows UTF-8.
pub fn header() -> Vec<u8> {
    let mut line = "\u{feff}".as_bytes().to_vec();
    line.extend(written(COLUMNS.iter().map(|(name, _)| (*name).to_owned())));
    line
}

/// The line of one entry.
pub fn row(public: &PublicEntry, url: &str) -> Vec<u8> {
    written(COLUMNS.iter().map(|(_, value)| harmless(value(public, url))))
}

/// The text as a cell that no spreadsheet takes for a formula (OWASP, "CSV Injection").
pub fn harmless(cell: String) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if formula { format!("'{cell}") } else { cell }
}

fn written(cells: impl Iterator<Item = String>) -> Vec<u8> {
    let mut writer =
        csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory fails only where memory does.
    let _ = writer.write_record(cells);
    writer.into_inner().unwrap_or_default()
}

fn number(public: &PublicEntry, field: fn(&crate::model::profile::FormatProfile) -> Option<u32>) -> String {
    public.entry.as_format().and_then(field).map(|number| number.to_string()).unwrap_or_default()
}

fn year(public: &PublicEntry, pick: fn((i32, i32)) -> i32) -> String {
    let year = facet::years(&public.entry).map(pick).filter(|year| *year != i32::MAX);
    year.map(|year| year.to_string()).unwrap_or_default()
}
