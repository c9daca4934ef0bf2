//! `/merkliste`: entries that somebody wants to keep, share, print or take along, without an account.

use askama::Template;
use axum::{extract::RawQuery, response::Response};

use super::{
    compare::COMPARED_MAX,
    facts,
    hits::kind_label,
    page::{Frame, PageContext},
    selection::{Picker, Selection, slug},
};
use crate::{http::problem::Problem, model::kind::Kind};

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
    /// Title.
    pub title: String,
    /// Language of its text.
    pub lang: String,
    /// Its page.
    pub url: String,
    /// Label of the kind.
    pub kind: String,
    /// Format types.
    pub facts: Vec<String>,
    /// One or two sentences.
    pub summary: String,
    /// The list without it, and with it one place further up.
    pub without_url: String,
    /// The list with it one place further up.
    pub up_url: Option<String>,
}

/// `/merkliste?ids=a,b`.
///
/// # Errors
/// When the index cannot answer.
pub async fn shortlist(page: PageContext, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let vocabularies = page.state.search.vocabularies()?;
    let selection = Selection::read(&page, "/merkliste", &query.unwrap_or_default(), None, KEPT_MAX)?;
    let (ui, links) = (page.ui, &page.links);
    let entries = selection.entries.iter().enumerate().map(|(place, view)| {
        let common = &view.public.entry.common;
        Kept {
            title: common.title.clone(),
            lang: common.language.clone(),
            url: links.entry(slug(view)),
            kind: kind_label(view.public.entry.kind(), &vocabularies, ui),
            facts: common.format_types.iter().map(|it| facts::marked(*it, &vocabularies, ui)).collect(),
            summary: common.summary.clone(),
            without_url: selection.without(place, links),
            up_url: place.checked_sub(1).and_then(|above| selection.swapped(place, above, links)),
        }
    });
    let entries: Vec<Kept> = entries.collect();
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
    let ids = selection.slugs().join(",");
    let path = if ids.is_empty() { "/merkliste".to_owned() } else { format!("/merkliste?ids={ids}") };
    let description = ui.say("Einträge, die jemand zusammengestellt hat.", "Entries that somebody put together.");
    let mut frame = page.frame(ui.say("Merkliste", "Shortlist"), description).at(&page.state.config, &path);
    frame.hidden = true;
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
