//! `/vergleich`: two to four formats side by side, with what differs marked.

use askama::Template;
use axum::{extract::RawQuery, response::Response};

use super::{
    entry_page::{Content, Fact, facts_and_sections},
    page::{Frame, PageContext},
    selection::{Chosen, Picker, Selection},
};
use crate::{
    http::problem::Problem,
    model::{
        kind::{Kind, RelationType},
        vocabulary::Vocabularies,
    },
    search::response::{EntryView, ResolvedRelation},
    web::links::Links,
};

/// Formats in one table: more columns cannot be read on any screen or paper.
pub const COMPARED_MAX: usize = 4;
/// Formats that make a comparison.
const COMPARED_MIN: usize = 2;
/// Formats suggested in addition.
const SUGGESTED: usize = 6;
/// Lists of an entry that belong into a comparison, by the anchors of their sections.
const LISTS: &[&str] = &["passt", "abwaegen", "braucht"];

/// The page.
#[derive(Template)]
#[template(path = "compare.html")]
pub struct ComparePage {
    /// Shared.
    pub frame: Frame,
    /// Remarks on the address.
    pub notices: Vec<String>,
    /// The formats.
    pub columns: Vec<Chosen>,
    /// What is compared.
    pub rows: Vec<Row>,
    /// How many rows differ.
    pub differing: String,
    /// Whether there are enough for a comparison.
    pub enough: bool,
    /// Adds another one; none where there is no room.
    pub picker: Option<Picker>,
    /// The same formats as a list and as a process.
    pub elsewhere: (String, String),
}

/// One line of the comparison.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// What is compared.
    pub name: String,
    /// For each format its values; empty where nothing is stated.
    pub cells: Vec<Vec<String>>,
    /// Whether the values are sentences, shown as a list.
    pub sentences: bool,
    /// Whether the formats differ in it.
    pub differs: bool,
}

/// `/vergleich?ids=a,b`.
///
/// # Errors
/// When the index cannot answer.
pub async fn compare(page: PageContext, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let vocabularies = page.state.search.vocabularies()?;
    let query = query.unwrap_or_default();
    let selection = Selection::read(&page, "/vergleich", &query, Some(Kind::Format), COMPARED_MAX)?;
    let (ui, links) = (page.ui, &page.links);
    let columns = selection.chosen(links);
    let enough = selection.entries.len() >= COMPARED_MIN;
    let rows = if enough { rows(&selection.entries, &vocabularies, links) } else { Vec::new() };
    let picker = if selection.entries.len() < COMPARED_MAX {
        let related = alternatives(&selection.entries);
        Some(selection.picker(&page, &vocabularies, Some(Kind::Format), &related).await?)
    } else {
        None
    };
    let titles: Vec<String> = columns.iter().map(|column| column.title.clone()).collect();
    let title = match enough {
        true => format!("{}: {}", ui.say("Vergleich", "Comparison"), ui.listed(&titles)),
        false => ui.say("Formate vergleichen", "Compare formats").to_owned(),
    };
    let description = ui.say("Beteiligungsformate nebeneinander.", "Participation formats side by side.");
    let mut frame = page.frame(title, description).at(&page.state.config, "/vergleich");
    frame.hidden = true;
    frame.q.clone_from(&selection.q);
    let differing = rows.iter().filter(|row| row.differs).count() as u64;
    page.html(&ComparePage {
        columns,
        differing: ui.count(differing, ("Unterschied", "Unterschiede"), ("difference", "differences")),
        rows,
        enough,
        picker,
        elsewhere: (selection.elsewhere("/merkliste", links), selection.elsewhere("/ablauf", links)),
        notices: selection.notices,
        frame,
    })
}

/// The lines of the comparison in the order of an entry's page. What none of the formats states is left out.
fn rows(entries: &[EntryView], vocabularies: &Vocabularies, links: &Links) -> Vec<Row> {
    let parts: Vec<_> = entries.iter().map(|view| facts_and_sections(view, vocabularies, links)).collect();
    let mut rows: Vec<Row> = Vec::new();
    let mut put = |column: usize, name: String, sentences: bool, values: Vec<String>| {
        let row = match rows.iter_mut().find(|row| row.name == name) {
            Some(row) => row,
            None => {
                rows.push(Row { name, cells: vec![Vec::new(); entries.len()], sentences, differs: false });
                let last = rows.len() - 1;
                &mut rows[last]
            }
        };
        row.cells[column] = values;
    };
    for (column, view) in entries.iter().enumerate() {
        let name = links.ui.say("In einem Satz", "In one sentence").to_owned();
        put(column, name, true, vec![view.public.entry.common.summary.clone()]);
    }
    for (column, (facts, _)) in parts.iter().enumerate() {
        for Fact { name, values } in facts {
            put(column, (*name).to_owned(), false, values.iter().map(|(label, _)| label.clone()).collect());
        }
    }
    for (column, (_, sections)) in parts.iter().enumerate() {
        for section in sections.iter().filter(|section| LISTS.contains(&section.id)) {
            if let Content::Pair(lists) = &section.content {
                for (name, items) in lists {
                    put(column, (*name).to_owned(), true, items.clone());
                }
            }
        }
    }
    for row in &mut rows {
        // Sentences always differ; saying so would mark everything.
        row.differs = !row.sentences && row.cells.windows(2).any(|pair| sorted(&pair[0]) != sorted(&pair[1]));
    }
    rows
}

fn sorted(values: &[String]) -> Vec<&String> {
    let mut values: Vec<&String> = values.iter().collect();
    values.sort_unstable();
    values
}

/// Formats that could stand beside these: alternatives and variants first, then what is combined with them.
fn alternatives(entries: &[EntryView]) -> Vec<ResolvedRelation> {
    let rank = |relation: &ResolvedRelation| {
        let like = [RelationType::AlternativeTo, RelationType::VariantOf, RelationType::DigitalCounterpartOf];
        let is_like = like.iter().any(|kind| relation.relation == kind.id() || relation.relation == kind.inverse_id());
        usize::from(!is_like)
    };
    let mut others: Vec<ResolvedRelation> = Vec::new();
    for relation in entries.iter().flat_map(|view| &view.relations).filter(|relation| relation.kind == Kind::Format) {
        let there = entries.iter().any(|view| view.public.id == relation.target);
        if !there && others.iter().all(|known| known.target != relation.target) {
            others.push(relation.clone());
        }
    }
    others.sort_by_key(rank);
    others.truncate(SUGGESTED);
    others
}
