//! `/merkliste`: entries that somebody wants to keep, share, print or take along, without an account.

use askama::Template;
use axum::{extract::RawQuery, response::Response};

use super::{
    compare::COMPARED_MAX,
    facts,
    hits::kind_label,
    page::{Frame, PageContext},
    selection::{Chosen, Picker, Selection},
};
use crate::{http::problem::Problem, model::kind::Kind, search::response::EntryView};

/// Entries on one list: what still fits into an address that mail programs leave whole (2,000 characters).
const KEPT_MAX: usize = 40;

/// The page.
#[derive(Template)]
#[template(path = "shortlist.html")]
pub struct ShortlistPage {
    /// Shared.
    pub frame: Frame,
    /// Remarks on the address.
    pub notices: Vec<String>,
    /// "3 Einträge".
    pub total: String,
    /// The entries.
    pub entries: Vec<Kept>,
    /// Address to share: absolute where the service knows its own.
    pub share_url: String,
    /// The same entries in other forms: what it is, and its address.
    pub takeaways: Vec<(&'static str, String)>,
    /// Adds another one.
    pub picker: Picker,
}

/// An entry on the list.
pub struct Kept {
    /// The entry.
    pub entry: Chosen,
    /// Label of the kind.
    pub kind: String,
    /// Format types.
    pub facts: Vec<String>,
}

/// `/merkliste?ids=a,b`.
///
/// # Errors
/// When the index cannot answer.
pub async fn shortlist(page: PageContext, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let vocabularies = page.state.search.vocabularies()?;
    let selection = Selection::read(&page, "/merkliste", &query.unwrap_or_default(), None, KEPT_MAX)?;
    let (ui, links) = (page.ui, &page.links);
    let kept = |(entry, view): (Chosen, &EntryView)| Kept {
        entry,
        kind: kind_label(view.public.entry.kind(), &vocabularies, ui),
        facts: view.public.entry.common.format_types.iter().map(|it| facts::marked(*it, &vocabularies, ui)).collect(),
    };
    let entries: Vec<Kept> = selection.chosen(links).into_iter().zip(&selection.entries).map(kept).collect();
    let formats = selection.entries.iter().filter(|view| view.public.entry.kind() == Kind::Format).count();
    let mut takeaways = Vec::new();
    if (2..=COMPARED_MAX).contains(&formats) {
        let label = ui.say("Die Formate vergleichen", "Compare the formats");
        takeaways.push((label, selection.elsewhere("/vergleich", links)));
    }
    if formats > 0 {
        let label = ui.say("Daraus einen Ablauf planen", "Plan a process with them");
        takeaways.push((label, selection.elsewhere("/ablauf", links)));
    }
    if !entries.is_empty() {
        takeaways
            .push((ui.say("Als Tabelle (CSV)", "As a table (CSV)"), selection.elsewhere("/api/v1/export.csv", links)));
        takeaways
            .push((ui.say("Als Daten (JSON)", "As data (JSON)"), selection.elsewhere("/api/v1/export.json", links)));
    }
    let picker = selection.picker(&page, &vocabularies, None, &[]).await?;
    let path = selection.path();
    let description = ui.say("Einträge, die jemand zusammengestellt hat.", "Entries that somebody put together.");
    let mut frame = page.frame(ui.say("Merkliste", "Shortlist"), description).at(&page.state.config, &path);
    frame.hidden = true;
    frame.q.clone_from(&selection.q);
    page.html(&ShortlistPage {
        total: ui.entries(entries.len() as u64),
        share_url: page.state.config.url(&links.path(&path)),
        notices: selection.notices,
        entries,
        takeaways,
        picker,
        frame,
    })
}
