//! `/daten`: what the collection is, where it comes from, how to take it along.

use askama::Template;
use axum::response::Response;

use super::{
    page::{Frame, PageContext},
    terms::{WayIn, ways_in},
};
use crate::{
    http::problem::Problem,
    model::kind::{FormatType, Kind},
    search::request::{FacetChoice, SearchRequest, Sort},
};

/// The page.
#[derive(Template)]
#[template(path = "data.html")]
pub struct DataPage {
    /// Shared.
    pub frame: Frame,
    /// "371 Einträge".
    pub total: String,
    /// Entries by kind.
    pub kinds: Vec<WayIn>,
    /// Entries by format type.
    pub format_types: Vec<WayIn>,
    /// Day of the newest change.
    pub newest: Option<String>,
    /// Number of the newest public change.
    pub seq: String,
    /// Beginning of all addresses.
    pub root: String,
}

/// `/daten`.
///
/// # Errors
/// When the search cannot answer.
pub async fn data(page: PageContext) -> Result<Response, Problem> {
    let vocabularies = page.state.search.vocabularies()?;
    let request = SearchRequest {
        sort: Sort::Updated,
        page: 1,
        per_page: 1,
        facets: FacetChoice::Only(vec!["format_type", "kind"]),
        language: page.ui.language,
        ..SearchRequest::default()
    };
    let response = page.state.search.search(request).await?;
    let ways = |parameter, vocabulary| ways_in(parameter, vocabulary, &response, &vocabularies, &page.links);
    let description = page.ui.say(
        "Umfang, Herkunft, Lizenz und Formate der Sammlung; alles zum Herunterladen.",
        "Size, origin, licence and forms of the collection; all of it to download.",
    );
    page.html(&DataPage {
        total: page.ui.entries(response.total),
        kinds: ways("kind", Kind::VOCABULARY),
        format_types: ways("format_type", FormatType::VOCABULARY),
        newest: response.hits.first().map(|hit| page.ui.day_of(hit.facts.updated_at)),
        seq: page.ui.number(response.index.seq.0),
        root: page.state.config.url(""),
        frame: page
            .frame(page.ui.say("Über die Daten", "About the data"), description)
            .at(&page.state.config, "/daten"),
    })
}
