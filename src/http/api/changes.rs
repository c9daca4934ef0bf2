//! The change feed.

use axum::{extract::State, response::Response};
use hyper::HeaderMap;

use super::limit_of;
use crate::{
    http::{
        AppState,
        body::json_response,
        etag::{Validator, no_store},
        params::{Params, Reader},
        problem::{INTERNAL, Problem},
        routes::Guarded,
    },
    model::id::PublicSeq,
    search::response::IndexState,
};

/// `GET /changes`.
pub async fn changes(
    State(state): State<AppState>,
    Guarded(params): Guarded<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut reader = Reader::new(&params, &state.config.limits);
    let since = reader.number("since", 0, i64::MAX).and_then(|since| u64::try_from(since).ok()).unwrap_or(0);
    let limit = limit_of(&mut reader, "limit", state.config.limits.changes_page);
    reader.finish(())?;
    let page = state.changes.page(PublicSeq(since), limit).map_err(|reason| {
        tracing::error!(%reason, "the change feed cannot be read");
        Problem::new(&INTERNAL)
    })?;
    // Which store this is nobody says but the index that was built from it: numbers come again after a restored backup.
    let Some(IndexState { generation, .. }) = state.search.state() else { return json_response(&page).map(no_store) };
    // The feed is ahead of the index; its own head is what its answers depend on.
    let head = IndexState { seq: page.head, generation };
    let validator = Validator::new(&head, &["changes", &since.to_string(), &limit.to_string()]);
    if let Some(not_modified) = validator.not_modified(&headers) {
        return Ok(not_modified);
    }
    json_response(&page).map(|response| validator.stamp(response))
}
