//! `/suche.atom`: what is new or changed among the hits of a search; a saved search without an account.

use axum::{
    extract::RawQuery,
    response::{IntoResponse, Response},
};
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE};

use super::{
    hits::kind_label,
    page::PageContext,
    search_page::{first_page, request_of},
};
use crate::{
    exchange::atom::{ATOM, Feed, Item, atom},
    http::problem::Problem,
    search::{
        request::{FacetChoice, SearchRequest, Sort},
        response::Segment,
    },
};

/// Entries in a feed; readers come back more often than so many change.
const ITEMS: u32 = 50;

/// `/suche.atom`, with the parameters of the search.
///
/// # Errors
/// When the search cannot answer.
pub async fn feed(page: PageContext, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let (state, ui) = (&page.state, page.ui);
    let vocabularies = state.search.vocabularies()?;
    let (asked, _) = request_of(&page, query.as_deref().unwrap_or_default(), &vocabularies)?;
    let request = SearchRequest {
        sort: Sort::Updated,
        page: 1,
        per_page: ITEMS,
        facets: FacetChoice::Only(Vec::new()),
        ..asked.clone()
    };
    let response = state.search.search(request).await?;
    let items = response.hits.iter().map(|hit| Item {
        id: format!("urn:uuid:{}", hit.id),
        title: Segment::text_of(&hit.title),
        url: state.config.url(&page.links.path(&format!("/eintrag/{}", hit.slug))),
        published: hit.facts.published_at,
        updated: hit.facts.updated_at,
        summary: hit.facts.summary.clone(),
        category: kind_label(hit.kind, &vocabularies, ui),
    });
    let q = asked.q.trim();
    let what = if q.is_empty() { ui.say("Neues", "News").to_owned() } else { ui.quoted(q) };
    let asked = first_page(&asked);
    let xml = atom(&Feed {
        title: &format!("{}: {what}", state.config.site.name),
        self_url: &state.config.url(&page.links.searched_path("/suche.atom", &asked)),
        page_url: &state.config.url(&page.links.searched_path("/suche", &asked)),
        author: &state.config.site.operator,
        language: "de",
        items: items.collect(),
    });
    let headers = [(CONTENT_TYPE, ATOM), (CACHE_CONTROL, "public, max-age=300, stale-while-revalidate=3600")];
    Ok((headers, xml).into_response())
}
