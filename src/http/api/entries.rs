//! Single entries, all entries, related entries.

use std::ops::ControlFlow;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use hyper::{
    HeaderMap, StatusCode,
    header::{ACCEPT, HeaderValue, LINK, LOCATION, VARY},
};
use serde_json::Value;

use super::{DATA_LICENSE, limit_of, revalidate};
use crate::{
    config::Config,
    exchange::json_ld::json_ld,
    http::{
        AppState,
        body::{bytes_response, json_response},
        params::{Params, Reader},
        problem::{ARCHIVED, NOT_ACCEPTABLE, NOT_FOUND, Problem},
        routes::{Guarded, PathPart},
        schemas::{EntriesPage, Related},
    },
    model::{id::EntryId, vocabulary::Language},
    search::response::{EntryView, Lookup},
};

/// Values of `format`.
pub const FORMATS: &[&str] = &["json", "jsonld"];
const LD_JSON: &str = "application/ld+json";

/// `GET /entries`.
pub async fn list(
    State(state): State<AppState>,
    Guarded(params): Guarded<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut reader = Reader::new(&params, &state.config.limits);
    let cursor = reader.text("cursor").map(|text| text.parse::<EntryId>());
    if matches!(cursor, Some(Err(_))) {
        reader.fault(
            "cursor",
            "invalid_cursor",
            "cursor ist das next der Seite davor; ohne cursor beginnt die Liste von vorn.",
            "cursor is the next of the page before; without cursor the listing begins anew.",
        );
    }
    let limit = limit_of(&mut reader, "limit", state.config.limits.entries_page);
    let language = reader.language();
    reader.finish(())?;
    let after = cursor.and_then(Result::ok);
    let key = ["entries", &after.map(|id| id.to_string()).unwrap_or_default(), &limit.to_string(), language.tag()];
    let (validator, index) = match revalidate(&state, &params, &headers, &key).await? {
        ControlFlow::Break(not_modified) => return Ok(not_modified),
        ControlFlow::Continue(next) => next,
    };
    let page = state.search.entries(after, limit, language)?;
    let index = page.entries.first().map_or(index, |view| view.index.clone());
    let entries = page.entries.iter().map(|view| public_json(view, &state.config)).collect();
    let mut response = json_response(&EntriesPage { entries, next: page.next.map(|id| id.to_string()), index })?;
    if let Some(next) = page.next {
        let link = format!("<?cursor={next}&limit={limit}>; rel=\"next\"");
        add_link(&mut response, &link);
    }
    add_link(&mut response, &format!("<{DATA_LICENSE}>; rel=\"license\""));
    Ok(validator.stamp(response))
}

/// `GET /entries/{id}`.
pub async fn get(
    State(state): State<AppState>,
    PathPart(id): PathPart,
    Guarded(params): Guarded<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut reader = Reader::new(&params, &state.config.limits);
    let format = reader.one("format", FORMATS);
    let language = reader.language();
    reader.finish(())?;
    let linked_data = match format {
        Some(format) => format == "jsonld",
        None => accepts_linked_data(&headers)?,
    };
    let form = if linked_data { "jsonld" } else { "json" };
    let (validator, _) = match revalidate(&state, &params, &headers, &["entry", &id, form, language.tag()]).await? {
        ControlFlow::Break(not_modified) => return Ok(not_modified),
        ControlFlow::Continue(next) => next,
    };
    let view = match found(&state, &id, language)? {
        Found::Here(view) => view,
        Found::Elsewhere(slug) => return Ok(moved(&slug, "", &params)),
    };
    let mut response = if linked_data {
        let vocabularies = state.search.vocabularies()?;
        let url = state.config.url(&format!("/eintrag/{}", view.public.entry.common.slug));
        bytes_response(LD_JSON, json_ld(&view, &url, &vocabularies).to_string())
    } else {
        json_response(&public_json(&view, &state.config))?
    };
    response.headers_mut().append(VARY, HeaderValue::from_static("accept"));
    if let Some(license) = license_url(&view.public.entry.common.license) {
        add_link(&mut response, &format!("<{license}>; rel=\"license\""));
    }
    Ok(validator.stamp(response))
}

/// `GET /entries/{id}/related`.
pub async fn related(
    State(state): State<AppState>,
    PathPart(id): PathPart,
    Guarded(params): Guarded<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut reader = Reader::new(&params, &state.config.limits);
    let limit = limit_of(&mut reader, "limit", state.config.limits.related);
    let language = reader.language();
    reader.finish(())?;
    let key = ["related", id.as_str(), &limit.to_string(), language.tag()];
    let (validator, index) = match revalidate(&state, &params, &headers, &key).await? {
        ControlFlow::Break(not_modified) => return Ok(not_modified),
        ControlFlow::Continue(next) => next,
    };
    let id = match found(&state, &id, language)? {
        Found::Here(view) => view.public.id,
        Found::Elsewhere(slug) => return Ok(moved(&slug, "/related", &params)),
    };
    let related = state.search.related(id, limit, language).await?;
    Ok(validator.stamp(json_response(&Related { id, related, index })?))
}

/// A public entry as readers get it: content, derived fields, relations resolved in both directions.
pub fn public_json(view: &EntryView, config: &Config) -> Value {
    let mut entry = serde_json::to_value(&view.public).unwrap_or_default();
    if let Some(fields) = entry.as_object_mut() {
        fields.insert("url".into(), config.url(&format!("/eintrag/{}", view.public.entry.common.slug)).into());
        match serde_json::to_value(&view.relations) {
            Ok(Value::Array(relations)) if !relations.is_empty() => fields.insert("relations".into(), relations.into()),
            _ => fields.remove("relations"),
        };
    }
    entry
}

enum Found {
    Here(Box<EntryView>),
    Elsewhere(String),
}

fn found(state: &AppState, id: &str, language: Language) -> Result<Found, Problem> {
    match state.search.entry(id, language)? {
        Lookup::Found(view) => Ok(Found::Here(view)),
        Lookup::Moved { slug } => Ok(Found::Elsewhere(slug)),
        Lookup::Archived { title } => Err(Problem::new(&ARCHIVED)
            .detail(format!("„{title}“ ist nicht mehr öffentlich."), format!("\"{title}\" is no longer public."))),
        Lookup::Unknown => Err(Problem::new(&NOT_FOUND).detail(
            "Einen Eintrag mit dieser Kennung oder Adresse gibt es nicht.",
            "There is no entry with this id or slug.",
        )),
    }
}

/// 308 to the entry under its new slug. A relative address holds behind any proxy.
fn moved(slug: &str, rest: &str, params: &Params) -> Response {
    let up = if rest.is_empty() { "" } else { "../" };
    let query = params.to_query();
    let mark = if query.is_empty() { "" } else { "?" };
    let location = format!("{up}{slug}{rest}{mark}{query}");
    (StatusCode::PERMANENT_REDIRECT, [(LOCATION, location)]).into_response()
}

/// Whether the client would rather have JSON-LD than JSON.
///
/// # Errors
/// 406 where it takes neither.
fn accepts_linked_data(headers: &HeaderMap) -> Result<bool, Problem> {
    let mut accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).peekable();
    if accepted.peek().is_none() {
        return Ok(false);
    }
    let (mut json, mut linked) = (0.0_f32, 0.0_f32);
    for range in accepted.flat_map(|value| value.split(',')) {
        let (media_type, weight) = range.split_once(";").unwrap_or((range, ""));
        let weight: f32 =
            weight.split(';').find_map(|part| part.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
        match media_type.trim().to_ascii_lowercase().as_str() {
            LD_JSON => linked = linked.max(weight),
            "application/json" | "text/json" => json = json.max(weight),
            "*/*" | "application/*" => json = json.max(weight),
            _ => {}
        }
    }
    if json.max(linked) <= 0.0 {
        return Err(Problem::new(&NOT_ACCEPTABLE).detail(
            "Möglich sind application/json und application/ld+json.",
            "Possible: application/json and application/ld+json.",
        ));
    }
    Ok(linked > json)
}

/// Address of a licence by its SPDX id, where it is one that entries use.
pub fn license_url(spdx: &str) -> Option<&'static str> {
    match spdx {
        "CC-BY-4.0" => Some(DATA_LICENSE),
        "CC-BY-SA-4.0" => Some("https://creativecommons.org/licenses/by-sa/4.0/"),
        "CC0-1.0" => Some("https://creativecommons.org/publicdomain/zero/1.0/"),
        "DL-DE-BY-2.0" => Some("https://www.govdata.de/dl-de/by-2-0"),
        "DL-DE-ZERO-2.0" => Some("https://www.govdata.de/dl-de/zero-2-0"),
        _ => None,
    }
}

fn add_link(response: &mut Response, link: &str) {
    if let Ok(link) = HeaderValue::from_str(link) {
        response.headers_mut().append(LINK, link);
    }
}
