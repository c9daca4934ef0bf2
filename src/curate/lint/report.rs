//! The collection on one page: what is there, how full, how readable.

use std::collections::BTreeMap;
use std::fmt;

use super::Corpus;
use super::depth::{Depth, depth};
use crate::model::entry::Entry;
use crate::model::kind::{FormatType, Kind};
use crate::model::public::completeness;
use crate::model::vocabulary::{Language, Vocabularies};
use crate::text::readability::Measure;

/// The page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Entries.
    pub total: usize,
    /// Its tables, in order.
    pub tables: Vec<Table>,
}

/// Counts under a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What is counted.
    pub heading: &'static str,
    /// Label and figure, in order.
    pub rows: Vec<(String, String)>,
}

/// Counts a collection; labels are German.
pub fn report(corpus: &Corpus, vocabularies: &Vocabularies) -> Report {
    let entries: Vec<&Entry> = corpus.entries().collect();
    let label = |vocabulary: &str, id: &str| vocabularies.label(vocabulary, id, Language::German).to_owned();
    let terms = |heading, name: &str, of: fn(&Entry) -> &[String]| {
        let terms = vocabularies.get(name).map(|vocabulary| vocabulary.terms.as_slice()).unwrap_or_default();
        let count = |id: &str| entries.iter().filter(|entry| of(entry).iter().any(|value| value == id)).count();
        Table { heading, rows: terms.iter().map(|term| (term.label.clone(), count(&term.id).to_string())).collect() }
    };
    let by_kind = |kind: &Kind| {
        let of_kind: Vec<_> = entries.iter().filter(|entry| entry.kind() == *kind).collect();
        let deep = of_kind.iter().filter(|entry| depth(entry) == Depth::Deep).count();
        (label(Kind::VOCABULARY, kind.id()), format!("{} ({deep} deep, {} short)", of_kind.len(), of_kind.len() - deep))
    };
    let by_type = |value: &FormatType| {
        let count = |kind: Option<Kind>| {
            let has = |entry: &&&Entry| entry.common.format_types.contains(value);
            entries.iter().filter(has).filter(|entry| kind.is_none_or(|kind| entry.kind() == kind)).count()
        };
        let figure = format!("{} ({} of them formats)", count(None), count(Some(Kind::Format)));
        (label(FormatType::VOCABULARY, value.id()), figure)
    };
    let eases = |text: fn(&Entry) -> Option<&str>| -> Vec<f64> {
        entries.iter().filter_map(|entry| Measure::of(text(entry)?).ease()).collect()
    };
    let plain = |entry: &Entry| entry.common.plain_language.is_some();
    Report {
        total: entries.len(),
        tables: vec![
            Table { heading: "kinds", rows: Kind::ALL.iter().map(by_kind).collect() },
            Table { heading: "format types", rows: FormatType::ALL.iter().map(by_type).collect() },
            terms("levels", "levels", |entry| &entry.common.levels),
            terms("topics", "topics", |entry| &entry.common.topics),
            Table { heading: "completeness", rows: scores(&entries) },
            Table { heading: "sources", rows: sources(&entries) },
            Table {
                heading: "reading ease (Amstad 1978)",
                rows: vec![
                    ("summary".into(), quartiles(eases(|entry| Some(&entry.common.summary)))),
                    (
                        format!("Kurz erklärt ({} entries)", entries.iter().filter(|entry| plain(entry)).count()),
                        quartiles(eases(|entry| entry.common.plain_language.as_ref().map(|plain| plain.text.as_str()))),
                    ),
                    ("body".into(), quartiles(eases(|entry| Some(&entry.common.body)))),
                ],
            },
        ],
    }
}

/// Entries by how much is filled in, in steps of ten.
fn scores(entries: &[&Entry]) -> Vec<(String, String)> {
    let mut counts: BTreeMap<u8, usize> = BTreeMap::new();
    for entry in entries {
        *counts.entry(completeness(entry) / 10).or_default() += 1;
    }
    let label = |ten: u8| if ten == 10 { "100 %".to_owned() } else { format!("{}–{} %", ten * 10, ten * 10 + 9) };
    counts.into_iter().rev().map(|(ten, count)| (label(ten), count.to_string())).collect()
}

/// The source that stands for general knowledge of the editors.
const EDITORIAL: &str = "Redaktion Mitmachbox";

fn sources(entries: &[&Entry]) -> Vec<(String, String)> {
    let all = || entries.iter().flat_map(|entry| &entry.common.sources);
    let of_others = |entry: &&&Entry| entry.common.sources.iter().any(|source| source.title != EDITORIAL);
    let count = |label: &str, number: usize| (label.to_owned(), number.to_string());
    vec![
        count("all", all().count()),
        count("with an address", all().filter(|source| source.url.is_some()).count()),
        count("by the editors", all().filter(|source| source.title == EDITORIAL).count()),
        count("entries with a source of others", entries.iter().filter(of_others).count()),
    ]
}

/// Lowest, quartiles, highest.
fn quartiles(mut values: Vec<f64>) -> String {
    values.sort_by(f64::total_cmp);
    let Some(last) = values.len().checked_sub(1) else { return "–".into() };
    let at = |part: usize| values[last * part / 4];
    let [low, first, middle, third, high] = [at(0), at(1), at(2), at(3), at(4)];
    format!("median {middle:.0}, half of all {first:.0} to {third:.0}, lowest {low:.0}, highest {high:.0}")
}

/// Width of the page.
const LINE_CHARS_MAX: usize = 110;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "The collection: {} entries", self.total)?;
        for Table { heading, rows } in &self.tables {
            write!(f, "\n{heading}")?;
            let mut width = LINE_CHARS_MAX;
            for (label, figure) in rows {
                let cell = format!("{label}: {figure}");
                width += cell.chars().count() + " · ".len();
                if width >= LINE_CHARS_MAX {
                    write!(f, "\n  {cell}")?;
                    width = cell.chars().count();
                } else {
                    write!(f, " · {cell}")?;
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
