//! Search and suggestions.

use std::ops::ControlFlow;

use axum::{body::Bytes, extract::State, response::Response};
use hyper::HeaderMap;

use super::{revalidate, wait_for_min_seq};
use crate::http::{
    AppState,
    body::{JSON, bytes_response, json_response},
    client::Cost,
    edge::Call,
    etag::no_store,
    params::{
        Params, Reader,
        search::{canonical, read},
    },
    problem::Problem,
    routes::Guarded,
};

/// `GET /search`.
pub async fn search(
    State(state): State<AppState>,
    Guarded(call): Guarded<Call>,
    Guarded(params): Guarded<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let vocabularies = state.search.vocabularies()?;
    let (request, faults) = read(&params, &vocabularies, &state.config.limits);
    if !faults.is_empty() {
        return Err(Problem::of_parameters(faults));
    }
    if request.explain {
        state.rates.check(call.client, Cost::Heavy)?;
        wait_for_min_seq(&state, &params).await?;
        return Ok(no_store(bytes_response(JSON, Bytes::from_owner(state.search.search_json(request).await?))));
    }
    match revalidate(&state, &params, &headers, &["search", &canonical(&request)]).await? {
        ControlFlow::Break(not_modified) => Ok(not_modified),
        ControlFlow::Continue((validator, _)) => {
            let body = state.search.search_json(request).await?;
            Ok(validator.stamp(bytes_response(JSON, Bytes::from_owner(body))))
        }
    }
}

/// `GET /suggest`.
pub async fn suggest(
    State(state): State<AppState>,
    Guarded(params): Guarded<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut reader = Reader::new(&params, &state.config.limits);
    let (q, language) = (reader.text("q").unwrap_or_default(), reader.language());
    let (q, language) = reader.finish((q, language))?;
    match revalidate(&state, &params, &headers, &["suggest", &q, language.tag()]).await? {
        ControlFlow::Break(not_modified) => Ok(not_modified),
        ControlFlow::Continue((validator, _)) => {
            Ok(validator.stamp(json_response(&state.search.suggest(q, language).await?)?))
        }
    }
}
