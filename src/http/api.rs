//! Handlers of the API, each a few lines of meaning.

pub mod changes;
pub mod entries;
pub mod export;
pub mod finder;
pub mod notices;
pub mod search;
pub mod staff;
pub mod vocabularies;

use std::{ops::ControlFlow, sync::LazyLock};

use axum::{
    body::Bytes,
    extract::{Request, State},
    response::Response,
};
use hyper::{
    HeaderMap,
    header::{CACHE_CONTROL, HeaderValue},
};

use super::{
    AppState,
    body::{JSON, bytes_response},
    edge::API,
    etag::Validator,
    params::{Params, Reader},
    problem::{NOT_FOUND, NOT_YET, Problem},
    routes::ROUTES,
};
use crate::{
    model::{id::PublicSeq, problem::nearest},
    search::{response::IndexState, service::SearchError},
};

/// Licence of the data set.
pub const DATA_LICENSE: &str = "https://creativecommons.org/licenses/by/4.0/";

/// The OpenAPI document.
pub async fn openapi() -> Response {
    static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| super::openapi::openapi().to_string().into());
    let mut response = bytes_response(JSON, DOCUMENT.clone());
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    response
}

/// No route: names the nearest one.
pub async fn unmatched(State(_): State<AppState>, request: Request) -> Problem {
    let path = request.uri().path();
    let problem = Problem::new(&NOT_FOUND);
    if !path.starts_with(API) {
        return problem.detail("Unter dieser Adresse gibt es keine Seite.", "There is no page at this address.");
    }
    match nearest(path, ROUTES.iter().map(|route| route.path)) {
        Some(near) => problem.detail(
            format!("Diese Adresse gibt es nicht. Gemeint ist vielleicht {near}."),
            format!("There is no such address. Perhaps {near} is meant."),
        ),
        None => problem.detail(
            "Diese Adresse gibt es nicht. Alle stehen in /api/v1/openapi.json.",
            "There is no such address. All are in /api/v1/openapi.json.",
        ),
    }
}

/// Waits for `min_seq`, then looks whether the client has this answer already; all before any search runs.
async fn revalidate(
    state: &AppState,
    params: &Params,
    headers: &HeaderMap,
    request: &[&str],
) -> Result<ControlFlow<Response, (Validator, IndexState)>, Problem> {
    wait_for_min_seq(state, params).await?;
    let index = state.search.state().ok_or(SearchError::NotReady)?;
    let validator = Validator::new(&index, request);
    Ok(match validator.not_modified(headers) {
        Some(response) => ControlFlow::Break(response),
        None => ControlFlow::Continue((validator, index)),
    })
}

async fn wait_for_min_seq(state: &AppState, params: &Params) -> Result<(), Problem> {
    let limits = &state.config.limits;
    let mut reader = Reader::new(params, limits);
    let seq = reader.number("min_seq", 0, i64::MAX).and_then(|seq| u64::try_from(seq).ok());
    let Some(seq) = reader.finish(seq)? else { return Ok(()) };
    if state.search.wait_for(PublicSeq(seq), limits.min_seq_wait).await {
        return Ok(());
    }
    let now = state.search.state().map_or(0, |index| index.seq.0);
    Err(Problem::new(&NOT_YET)
        .detail(
            format!("Die Suche steht bei {now}, nicht bei {seq}."),
            format!("The search is at {now}, not at {seq}."),
        )
        .retry_after(1))
}

/// A whole number that fits a `usize` because its bound does.
fn limit_of(reader: &mut Reader<'_>, name: &'static str, max: usize) -> usize {
    let most = i64::try_from(max).unwrap_or(i64::MAX);
    reader.number(name, 1, most).and_then(|number| usize::try_from(number).ok()).unwrap_or(max)
}
