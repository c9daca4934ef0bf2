//! The format finder.

use std::ops::ControlFlow;

use axum::{extract::State, response::Response};
use hyper::HeaderMap;

use super::revalidate;
use crate::http::{
    AppState,
    body::json_response,
    params::{
        Params,
        finder::{canonical, read},
    },
    problem::Problem,
    routes::Guarded,
};

/// `GET /finder`.
pub async fn finder(
    State(state): State<AppState>,
    Guarded(params): Guarded<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let vocabularies = state.search.vocabularies()?;
    let (request, faults) = read(&params, &vocabularies, &state.config.limits);
    if !faults.is_empty() {
        return Err(Problem::of_parameters(faults));
    }
    match revalidate(&state, &params, &headers, &["finder", &canonical(&request)]).await? {
        ControlFlow::Break(not_modified) => Ok(not_modified),
        ControlFlow::Continue((validator, _)) => {
            let answer = state.search.finder(request.question, request.limit, request.language).await?;
            Ok(validator.stamp(json_response(&answer)?))
        }
    }
}
