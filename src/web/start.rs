//! `/`: search first, then ways in by occasion, by place, by topic, by kind; what is new.

use askama::Template;
use axum::response::Response;

use super::{
    hits::{HitView, plain_hit},
    page::{Frame, PageContext},
    terms::{WayIn, ways_in},
};
use crate::{
    http::problem::Problem,
    model::kind::{FormatType, Kind},
    search::request::{FacetChoice, SearchRequest, Sort},
};

/// Newest entries shown.
const NEWEST: u32 = 5;

/// The page.
#[derive(Template)]
#[template(path = "start.html")]
pub struct StartPage {
    /// Shared.
    pub frame: Frame,
    /// "121 Einträge".
    pub total: String,
    /// By format type.
    pub format_types: Vec<WayIn>,
    /// By kind.
    pub kinds: Vec<WayIn>,
    /// By topic.
    pub topics: Vec<WayIn>,
    /// Newest entries.
    pub newest: Vec<HitView>,
}

/// `/`.
///
/// # Errors
/// When the search cannot answer.
pub async fn start(page: PageContext) -> Result<Response, Problem> {
    let (state, ui) = (&page.state, page.ui);
    let vocabularies = state.search.vocabularies()?;
    let request = SearchRequest {
        sort: Sort::Published,
        page: 1,
        per_page: NEWEST,
        facets: FacetChoice::Only(vec!["format_type", "kind", "topic"]),
        language: ui.language,
        ..SearchRequest::default()
    };
    let response = state.search.search(request).await?;
    let ways = |parameter, vocabulary| ways_in(parameter, vocabulary, &response, &vocabularies, &page.links);
    let description = ui.say(
        "Beteiligungsformate, Leitfäden und gute Beispiele suchen: vor Ort, digital oder gemischt, nach Thema, Gruppe, Dauer und Kosten.",
        "Find participation formats, guides and good examples: on site, digital or mixed, by topic, group, duration and cost.",
    );
    page.html(&StartPage {
        total: ui.entries(response.total),
        format_types: ways("format_type", FormatType::VOCABULARY),
        kinds: ways("kind", Kind::VOCABULARY),
        topics: ways("topic", "topics"),
        newest: response.hits.iter().map(|hit| plain_hit(hit, &vocabularies, &page.links)).collect(),
        frame: page.frame("", description).at(&state.config, "/"),
    })
}
