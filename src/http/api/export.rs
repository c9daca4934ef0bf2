//! Exports: all entries that a search finds, in three forms.

use std::{iter::once, ops::ControlFlow, sync::Arc};

use axum::{extract::State, response::Response};
use hyper::{
    HeaderMap,
    header::{CONTENT_DISPOSITION, HeaderValue, LINK},
};
use serde_json::json;

use super::{DATA_LICENSE, entries::public_json, revalidate};
use crate::{
    config::Config,
    exchange::csv,
    http::{
        AppState,
        body::{JSON, pieces_response},
        etag::Validator,
        params::{
            Params,
            search::{canonical, read},
        },
        problem::Problem,
        routes::Guarded,
    },
    search::response::{EntryView, IndexState},
};

/// `GET /export.ndjson`.
pub async fn ndjson(
    State(state): State<AppState>,
    Guarded(params): Guarded<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    respond(&state, &params, &headers, "ndjson", |entries, config, _| {
        let lines = entries.into_iter().map(move |view| format!("{}\n", public_json(&view, &config)).into_bytes());
        pieces_response("application/x-ndjson", lines)
    })
    .await
}

/// `GET /export.json`.
pub async fn json(
    State(state): State<AppState>,
    Guarded(params): Guarded<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    respond(&state, &params, &headers, "json", |entries, config, index| {
        let head = format!("{{\"license\":{},\"seq\":{},\"entries\":[", json!(DATA_LICENSE), index.seq);
        let items = entries.into_iter().enumerate().map(move |(position, view)| {
            let comma = if position == 0 { "\n" } else { ",\n" };
            format!("{comma}{}", public_json(&view, &config)).into_bytes()
        });
        pieces_response(JSON, once(head.into_bytes()).chain(items).chain(once(b"\n]}\n".to_vec())))
    })
    .await
}

/// `GET /export.csv`.
pub async fn csv(
    State(state): State<AppState>,
    Guarded(params): Guarded<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    respond(&state, &params, &headers, "csv", |entries, config, _| {
        let rows = entries.into_iter().map(move |view| {
            let url = config.url(&format!("/eintrag/{}", view.public.entry.common.slug));
            csv::row(&view.public, &url)
        });
        pieces_response("text/csv; charset=utf-8", once(csv::header()).chain(rows))
    })
    .await
}

async fn respond(
    state: &AppState,
    params: &Params,
    headers: &HeaderMap,
    form: &'static str,
    write: fn(Vec<EntryView>, Arc<Config>, &IndexState) -> Response,
) -> Result<Response, Problem> {
    let vocabularies = state.search.vocabularies()?;
    let (request, faults) = read(params, &vocabularies, &state.config.limits);
    if !faults.is_empty() {
        return Err(Problem::of_parameters(faults));
    }
    let (validator, index): (Validator, IndexState) =
        match revalidate(state, params, headers, &["export", form, &canonical(&request)]).await? {
            ControlFlow::Break(not_modified) => return Ok(not_modified),
            ControlFlow::Continue(next) => next,
        };
    let entries = state.search.export(request).await?;
    let mut response = write(entries, Arc::clone(&state.config), &index);
    let name = format!("attachment; filename=\"mitmachbox.{form}\"");
    for (header, value) in [(CONTENT_DISPOSITION, name), (LINK, format!("<{DATA_LICENSE}>; rel=\"license\""))] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(header, value);
        }
    }
    Ok(validator.stamp(response))
}
