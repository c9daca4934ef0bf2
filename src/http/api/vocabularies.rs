//! The controlled vocabularies.

use std::ops::ControlFlow;

use axum::{extract::State, response::Response};
use hyper::HeaderMap;

use super::revalidate;
use crate::{
    http::{
        AppState,
        body::json_response,
        params::Params,
        problem::{NOT_FOUND, Problem},
        routes::{Guarded, PathPart},
        schemas::{VocabularyList, VocabularySummary},
    },
    model::problem::nearest,
};

/// `GET /vocabularies`.
pub async fn list(
    State(state): State<AppState>,
    Guarded(params): Guarded<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (validator, _) = match revalidate(&state, &params, &headers, &["vocabularies"]).await? {
        ControlFlow::Break(not_modified) => return Ok(not_modified),
        ControlFlow::Continue(next) => next,
    };
    let vocabularies = state.search.vocabularies()?;
    let summaries = vocabularies.iter().map(|vocabulary| VocabularySummary {
        name: vocabulary.name.clone(),
        parameter: vocabulary.parameter.clone(),
        label: vocabulary.label.clone(),
        label_en: vocabulary.label_en.clone(),
        terms: vocabulary.terms.len(),
        url: state.config.url(&format!("/api/v1/vocabularies/{}", vocabulary.name)),
    });
    Ok(validator.stamp(json_response(&VocabularyList { vocabularies: summaries.collect() })?))
}

/// `GET /vocabularies/{name}`.
pub async fn get(
    State(state): State<AppState>,
    PathPart(name): PathPart,
    Guarded(params): Guarded<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (validator, _) = match revalidate(&state, &params, &headers, &["vocabulary", &name]).await? {
        ControlFlow::Break(not_modified) => return Ok(not_modified),
        ControlFlow::Continue(next) => next,
    };
    let vocabularies = state.search.vocabularies()?;
    match vocabularies.get(&name) {
        Some(vocabulary) => Ok(validator.stamp(json_response(vocabulary.as_ref())?)),
        None => {
            let near = nearest(&name, vocabularies.iter().map(|vocabulary| vocabulary.name.as_str()));
            let (hint, hint_en) = match near {
                Some(near) => (format!(" Gemeint ist vielleicht {near}."), format!(" Perhaps {near} is meant.")),
                None => Default::default(),
            };
            Err(Problem::new(&NOT_FOUND).detail(
                format!("Dieses Vokabular gibt es nicht.{hint}"),
                format!("There is no such vocabulary.{hint_en}"),
            ))
        }
    }
}
