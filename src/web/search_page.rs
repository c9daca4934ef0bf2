//! `/suche`: everything that can be asked, and the answer, in one address.

mod done;
pub mod filters;
pub mod results;

use askama::Template;
use axum::{extract::RawQuery, response::Response};

use self::{
    filters::Control,
    results::{ResultsView, results},
};
use super::{
    links::{Links, search_path},
    page::{Frame, PageContext},
    ui::Ui,
};
use crate::{
    config::Config,
    http::{
        params::{
            Param, Params,
            search::{read, search_params},
        },
        problem::Problem,
    },
    model::{problem::Problem as Fault, vocabulary::Vocabularies},
    search::{
        request::{FacetChoice, SearchRequest, Sort},
        response::SearchResponse,
    },
};

/// Remarks on an address that nobody typed by hand.
const NOTICES_MAX: usize = 3;

/// The page.
#[derive(Template)]
#[template(path = "search.html")]
pub struct SearchPage {
    /// Shared.
    pub frame: Frame,
    /// Hidden fields of the form: what is neither query nor filter.
    pub kept: Vec<(&'static str, String)>,
    /// First and last year.
    pub years: (String, String),
    /// Number of active filters.
    pub active: usize,
    /// The rest.
    pub results: ResultsView,
    /// The same result in other forms: what it is, and its address.
    pub takeaways: Vec<(&'static str, String)>,
}

/// `/suche`: the API's parameters, but what is wrong with them is a notice, not an error.
///
/// # Errors
/// When the search cannot answer.
pub async fn search(page: PageContext, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let state = &page.state;
    let vocabularies = state.search.vocabularies()?;
    let (mut request, notices) = request_of(&page, query.as_deref().unwrap_or_default(), &vocabularies)?;
    request.facets = FacetChoice::All;
    let response = state.search.search(request.clone()).await?;
    page.html(&search_page(&state.config, &request, &response, &vocabularies, notices))
}

/// The search that an address asks for, and remarks on what in it was not understood.
///
/// # Errors
/// When the address is no text, or beyond all bounds.
pub fn request_of(
    page: &PageContext,
    query: &str,
    vocabularies: &Vocabularies,
) -> Result<(SearchRequest, Vec<String>), Problem> {
    let limits = &page.state.config.limits;
    let params = Params::parse(query, limits)?;
    let (mut request, faults) = read(&params, vocabularies, limits);
    request.explain = false;
    request.language = page.ui.language;
    let notices = notices(&params, search_params(), &faults, page.ui);
    Ok((request, notices))
}

/// Remarks on what in an address was not understood.
pub fn notices(params: &Params, known: &[Param], faults: &[Fault], ui: Ui) -> Vec<String> {
    let unknown = params.names().filter(|name| known.iter().all(|param| param.name != *name));
    let mut notices: Vec<String> = unknown.take(NOTICES_MAX).map(|name| unknown_notice(name, ui)).collect();
    notices.extend(faults.iter().take(NOTICES_MAX).map(|fault| {
        let name = ui.quoted(fault.pointer.trim_start_matches('/'));
        if ui.english() {
            format!("The value for {name} does not fit. It was ignored.")
        } else {
            format!("Der Wert für {name} passt nicht. Er wurde nicht beachtet.")
        }
    }));
    notices
}

fn unknown_notice(name: &str, ui: Ui) -> String {
    let name = ui.quoted(name);
    if ui.english() {
        format!("The search does not know {name} in the address. It was ignored.")
    } else {
        format!("{name} in der Adresse kennt die Suche nicht. Es wurde nicht beachtet.")
    }
}

/// The page of an answer; public so that tests can look at it without an index.
pub fn search_page(
    config: &Config,
    request: &SearchRequest,
    response: &SearchResponse,
    vocabularies: &Vocabularies,
    notices: Vec<String>,
) -> SearchPage {
    let ui = Ui::new(request.language);
    let links = Links::new(config, ui);
    let results = results(request, response, vocabularies, &links, notices);
    let q = request.q.trim();
    let title =
        if q.is_empty() { ui.say("Suche", "Search").into() } else { format!("{q} – {}", ui.say("Suche", "Search")) };
    let path = search_path("/suche", request);
    let description =
        ui.say("Treffer in der Sammlung der Beteiligungsformate.", "Hits in the collection of participation formats.");
    let mut frame = Frame::new(config, ui, &path, title, description).at(config, &path);
    // Any number of addresses lead here; search engines find the entries by their own pages.
    frame.hidden = true;
    frame.q.clone_from(&request.q);
    let feed = links.searched("/suche.atom", &first_page(request));
    frame.feed = Some((ui.say("Diese Suche als Feed", "This search as a feed").to_owned(), feed.clone()));
    let year = |year: Option<i32>| year.map(|year| year.to_string()).unwrap_or_default();
    SearchPage {
        kept: kept(request),
        years: (year(request.filters.year_from), year(request.filters.year_to)),
        active: results.chips.len(),
        takeaways: takeaways(request, feed, &links),
        frame,
        results,
    }
}

/// What the form carries along unseen, besides the language.
fn kept(request: &SearchRequest) -> Vec<(&'static str, String)> {
    let mut kept = Vec::new();
    if request.sort != Sort::default() {
        kept.push(("sort", request.sort.id().to_owned()));
    }
    if !request.filters.ids.is_empty() {
        kept.push(("ids", request.filters.ids.join(",")));
    }
    kept
}

/// Feed and files of exactly this result, all of its pages.
fn takeaways(request: &SearchRequest, feed: String, links: &Links) -> Vec<(&'static str, String)> {
    let ui = links.ui;
    let file = |path| links.searched(path, &first_page(request));
    vec![
        (ui.say("Neues dazu abonnieren (Atom)", "Subscribe to news (Atom)"), feed),
        (ui.say("Als Tabelle (CSV)", "As a table (CSV)"), file("/api/v1/export.csv")),
        (ui.say("Als Daten (JSON)", "As data (JSON)"), file("/api/v1/export.json")),
    ]
}

/// The search without what only concerns one page of hits.
pub fn first_page(request: &SearchRequest) -> SearchRequest {
    SearchRequest { page: 1, per_page: 0, facets: FacetChoice::All, ..request.clone() }
}
