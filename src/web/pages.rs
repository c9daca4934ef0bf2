//! Handlers of the pages.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{RawQuery, State},
    response::{IntoResponse, Redirect, Response},
};
use hyper::{
    HeaderMap, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH},
};
use sha2::{Digest, Sha256};

use super::{
    entry_page::{description, entry_page},
    facts, format, links,
    links::Links,
    markdown::to_html,
    search_page::{plain_hit, results},
    templates::*,
};
use crate::{
    config::{Config, Page},
    exchange::json_ld::{json_ld, script_safe},
    http::{
        AppState,
        params::{
            Params,
            search::{canonical, read, search_params},
        },
        problem::{ARCHIVED, INTERNAL, NOT_FOUND, PROBLEMS, Problem},
        routes::{Audience, PathPart, ROUTES},
    },
    model::{
        kind::{FormatType, Kind},
        vocabulary::{Language, Vocabularies, Vocabulary},
    },
    search::{
        request::{FacetChoice, SearchRequest, Sort},
        response::{FacetValue, Lookup, SearchResponse},
    },
};

/// Newest entries on the start page.
const NEWEST: u32 = 6;
/// Remarks on an address that nobody typed by hand.
const NOTICES_MAX: usize = 3;
/// Similar entries on an entry's page.
const SIMILAR: usize = 4;

/// `/`.
pub async fn start(State(state): State<AppState>, headers: HeaderMap) -> Result<Response, Problem> {
    let vocabularies = state.search.vocabularies()?;
    let request = SearchRequest {
        sort: Sort::Published,
        page: 1,
        per_page: NEWEST,
        facets: FacetChoice::Only(vec!["format_type", "kind", "topic"]),
        ..SearchRequest::default()
    };
    let response = state.search.search(request).await?;
    let links = Links::new(&state.config);
    let ways = |parameter, vocabulary| ways_in(parameter, vocabulary, &response, &vocabularies, &links);
    let mut frame = Frame::new(
        &state.config,
        "",
        "Beteiligungsformate, Leitfäden und gute Beispiele suchen: vor Ort, digital oder gemischt, nach Thema, Gruppe, Dauer und Kosten.",
    );
    frame.canonical = Some(state.config.url("/"));
    let page = StartPage {
        total: format::count(response.total, "Eintrag", "Einträge"),
        format_types: ways("format_type", FormatType::VOCABULARY),
        kinds: ways("kind", Kind::VOCABULARY),
        topics: ways("topic", "topics"),
        newest: response.hits.iter().map(|hit| plain_hit(hit, &vocabularies, &links)).collect(),
        frame,
    };
    html(&page, &headers)
}

/// `/suche`: the API's parameters, but what is wrong with them is a notice, not an error.
pub async fn search(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let vocabularies = state.search.vocabularies()?;
    let params = Params::parse(query.as_deref().unwrap_or_default(), &state.config.limits)?;
    let (mut request, faults) = read(&params, &vocabularies, &state.config.limits);
    request.explain = false;
    request.facets = FacetChoice::All;
    request.language = Language::German;
    let mut notices: Vec<String> = params
        .names()
        .filter(|name| search_params().iter().all(|param| param.name != *name))
        .take(NOTICES_MAX)
        .map(|name| format!("„{name}“ in der Adresse kennt die Suche nicht. Es wurde nicht beachtet."))
        .collect();
    notices.extend(faults.iter().take(NOTICES_MAX).map(|fault| {
        let name = fault.pointer.trim_start_matches('/');
        format!("Der Wert für „{name}“ passt nicht. Er wurde nicht beachtet.")
    }));
    let response = state.search.search(request.clone()).await?;
    html(&search_page(&state.config, &request, &response, &vocabularies, notices), &headers)
}

/// The page of an answer; public so that tests can look at it without an index.
pub fn search_page(
    config: &Config,
    request: &SearchRequest,
    response: &SearchResponse,
    vocabularies: &Vocabularies,
    notices: Vec<String>,
) -> SearchPage {
    let links = Links::new(config);
    let results = results(request, response, vocabularies, &links, notices);
    let title = if request.q.trim().is_empty() { "Suche".into() } else { format!("{} – Suche", request.q.trim()) };
    let mut frame = Frame::new(config, title, "Treffer in der Sammlung der Beteiligungsformate.");
    let query = canonical(request);
    frame.canonical = Some(config.url(&if query.is_empty() { "/suche".into() } else { format!("/suche?{query}") }));
    // Any number of addresses lead here; search engines find the entries by their own pages.
    frame.hidden = true;
    frame.q.clone_from(&request.q);
    let mut kept = Vec::new();
    if request.sort != Sort::default() {
        kept.push(("sort", request.sort.id().to_owned()));
    }
    if !request.filters.ids.is_empty() {
        kept.push(("ids", request.filters.ids.join(",")));
    }
    let year = |year: Option<i32>| year.map(|year| year.to_string()).unwrap_or_default();
    SearchPage {
        frame,
        kept,
        years: (year(request.filters.year_from), year(request.filters.year_to)),
        active: results.chips.len(),
        results,
    }
}

/// `/eintrag/{slug}`.
pub async fn entry(
    State(state): State<AppState>,
    PathPart(slug): PathPart,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let links = Links::new(&state.config);
    let view = match state.search.entry(&slug, Language::German)? {
        Lookup::Found(view) if view.public.entry.common.slug == slug => view,
        Lookup::Found(view) => {
            return Ok(Redirect::permanent(&links.entry(&view.public.entry.common.slug)).into_response());
        }
        Lookup::Moved { slug } => return Ok(Redirect::permanent(&links.entry(&slug)).into_response()),
        Lookup::Archived { title } => {
            let detail = format!("Der Eintrag „{title}“ ist nicht mehr öffentlich. Vielleicht hilft die Suche weiter.");
            return Err(Problem::new(&ARCHIVED).detail(detail, ""));
        }
        Lookup::Unknown => {
            return Err(
                Problem::new(&NOT_FOUND).detail("Diesen Eintrag gibt es nicht. Vielleicht hilft die Suche weiter.", "")
            );
        }
    };
    let vocabularies = state.search.vocabularies()?;
    let linked: Vec<_> = view.relations.iter().map(|relation| relation.target).collect();
    // A page without "similar" is better than no page.
    let similar = state.search.related(view.public.id, SIMILAR + linked.len(), Language::German).await;
    let similar = similar.inspect_err(|error| tracing::warn!(%error, "similar entries are missing on a page"));
    let similar = similar.unwrap_or_default().into_iter().filter(|hit| !linked.contains(&hit.id)).take(SIMILAR);

    let common = &view.public.entry.common;
    let url = state.config.url(&format!("/eintrag/{}", common.slug));
    let mut frame = Frame::new(&state.config, common.title.clone(), description(&view.public.entry));
    frame.json_ld = Some(script_safe(&json_ld(&view, &url, &vocabularies)));
    let page = EntryPage {
        short_url: url.trim_start_matches("https://").trim_start_matches("http://").to_owned(),
        data_url: links.to(&format!("/api/v1/entries/{}", common.slug)),
        similar: similar.map(|hit| plain_hit(&hit, &vocabularies, &links)).collect(),
        entry: entry_page(&view, &vocabularies, &links),
        frame: Frame { canonical: Some(url), ..frame },
    };
    html(&page, &headers)
}

/// `/themen`.
pub async fn topics(State(state): State<AppState>, headers: HeaderMap) -> Result<Response, Problem> {
    let vocabularies = state.search.vocabularies()?;
    let request = SearchRequest {
        page: 1,
        per_page: 1,
        facets: FacetChoice::Only(vec!["audience", "purpose", "topic"]),
        ..SearchRequest::default()
    };
    let response = state.search.search(request).await?;
    let links = Links::new(&state.config);
    let ways = |parameter, vocabulary| ways_in(parameter, vocabulary, &response, &vocabularies, &links);
    let mut frame = Frame::new(&state.config, "Themen", "Alle Themen, Zwecke und Zielgruppen der Sammlung.");
    frame.canonical = Some(state.config.url("/themen"));
    let page = TopicsPage {
        topics: ways("topic", "topics"),
        purposes: ways("purpose", "purposes"),
        audiences: ways("audience", "audiences"),
        frame,
    };
    html(&page, &headers)
}

/// `/api`: what developers need, on one page.
pub async fn api(State(state): State<AppState>, headers: HeaderMap) -> Result<Response, Problem> {
    let mut frame =
        Frame::new(&state.config, "Schnittstelle", "Suche und Daten für andere Programme: offen, ohne Schlüssel.");
    frame.canonical = Some(state.config.url("/api"));
    let routes = ROUTES
        .iter()
        .filter(|route| route.audience == Audience::Public && route.path.starts_with("/api/"))
        .map(|route| (route.method.to_string(), route.path, route.summary));
    let page = ApiPage { frame, root: state.config.url(""), routes: routes.collect(), problems: PROBLEMS };
    html(&page, &headers)
}

/// Texts of the pages that the operator provides.
#[derive(Clone)]
pub struct LegalPages {
    imprint: Arc<Legal>,
    privacy: Arc<Legal>,
    accessibility: Arc<Legal>,
}

enum Legal {
    Elsewhere(String),
    Text { title: &'static str, html: String },
}

impl LegalPages {
    /// Reads the files that the settings name.
    pub(super) fn read(config: &Config) -> Result<Self, String> {
        let page = |page: &Option<Page>, title: &'static str| -> Result<Arc<Legal>, String> {
            Ok(Arc::new(match page {
                Some(Page::Address(url)) => Legal::Elsewhere(url.clone()),
                Some(Page::File(path)) => {
                    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
                    Legal::Text { title, html: to_html(&text) }
                }
                None => Legal::Text { title, html: "<p>Diese Seite wird von der Stadt ergänzt.</p>".into() },
            }))
        };
        Ok(Self {
            imprint: page(&config.site.imprint, "Impressum")?,
            privacy: page(&config.site.privacy, "Datenschutz")?,
            accessibility: page(&config.site.accessibility, "Erklärung zur Barrierefreiheit")?,
        })
    }
}

/// `/impressum`.
pub async fn imprint(
    state: State<AppState>,
    legal: Extension<LegalPages>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    legal_page(&state, &legal.imprint, &headers)
}

/// `/datenschutz`.
pub async fn privacy(
    state: State<AppState>,
    legal: Extension<LegalPages>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    legal_page(&state, &legal.privacy, &headers)
}

/// `/barrierefreiheit`.
pub async fn accessibility(
    state: State<AppState>,
    legal: Extension<LegalPages>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    legal_page(&state, &legal.accessibility, &headers)
}

fn legal_page(state: &AppState, legal: &Legal, headers: &HeaderMap) -> Result<Response, Problem> {
    match legal {
        Legal::Elsewhere(url) => Ok(Redirect::to(url).into_response()),
        Legal::Text { title, html: text } => {
            let frame = Frame::new(&state.config, *title, *title);
            html(&TextPage { frame, html: text.clone() }, headers)
        }
    }
}

/// A problem as a page that helps on.
pub fn error_page(state: &AppState, problem: &Problem, request_id: &str) -> Response {
    let mut frame = Frame::new(&state.config, problem.kind.title, "");
    frame.hidden = true;
    let page = ErrorPage {
        frame,
        detail: problem.detail.clone(),
        request_id: request_id.to_owned(),
        ours: problem.kind.status.is_server_error(),
    };
    match page.render() {
        Ok(text) => html_response(text),
        Err(_) => problem.kind.title.into_response(),
    }
}

/// A page, or 304 where the browser has the same one already.
///
/// The validator is made of the finished text: a page also depends on templates and settings, which no counter knows.
fn html(page: &impl Template, headers: &HeaderMap) -> Result<Response, Problem> {
    let text = page.render().map_err(|error| {
        tracing::error!(%error, "a page cannot be written");
        Problem::new(&INTERNAL)
    })?;
    let hash: String = Sha256::digest(&text).iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("W/\"{hash}\"");
    let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let known = known.is_some_and(|value| value.split(',').any(|known| known.trim() == tag));
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { html_response(text) };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=60, stale-while-revalidate=600"));
    Ok(response)
}

fn html_response(text: String) -> Response {
    ([(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))], text).into_response()
}

/// Terms with entries, in the order of the vocabulary.
fn ways_in(
    parameter: &'static str,
    vocabulary: &str,
    response: &SearchResponse,
    vocabularies: &Vocabularies,
    links: &Links,
) -> Vec<WayIn> {
    let counts = response.facets.get(parameter).map(Vec::as_slice).unwrap_or_default();
    let Some(vocabulary) = vocabularies.get(vocabulary) else { return Vec::new() };
    let count = |id: &str| counts.iter().find(|value: &&FacetValue| value.value == id).map_or(0, |value| value.count);
    vocabulary
        .terms
        .iter()
        // What fits all of them is no way to any of them.
        .filter(|term| Some(&term.id) != vocabulary.any.as_ref() && count(&term.id) > 0)
        .map(|term| WayIn {
            label: way_label(vocabulary, &term.id, vocabularies),
            definition: term.definition.clone(),
            url: links.search(&links::changed(
                &SearchRequest { page: 1, per_page: 20, ..SearchRequest::default() },
                |request| {
                    request.filters.terms.insert(parameter, vec![term.id.clone()]);
                },
            )),
            count: format::number(count(&term.id)),
        })
        .collect()
}

fn way_label(vocabulary: &Vocabulary, id: &str, vocabularies: &Vocabularies) -> String {
    if let Some(format_type) = FormatType::from_id(id).filter(|_| vocabulary.name == FormatType::VOCABULARY) {
        return facts::marked(format_type, vocabularies);
    }
    let term = vocabulary.term(id);
    term.map(|term| term.label_plural.clone().unwrap_or_else(|| term.label.clone())).unwrap_or_else(|| id.to_owned())
}
