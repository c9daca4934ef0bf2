//! What staff do with the notices of visitors.

use axum::{extract::State, response::Response};

use super::limit_of;
use crate::{
    auth::Principal,
    http::{
        AppState,
        body::json_response,
        params::{Params, Reader},
        problem::{NOT_FOUND, Problem},
        routes::{Guarded, PathPart},
        schemas::NoticePage,
    },
    model::notice::{NoticeId, NoticeState},
};

/// Ids of the states, for the parameter `state`.
pub const STATES: &[&str] = &["open", "done"];

/// `GET /staff/notices`.
pub async fn list(
    State(state): State<AppState>,
    Guarded(who): Guarded<Principal>,
    Guarded(params): Guarded<Params>,
) -> Result<Response, Problem> {
    let mut reader = Reader::new(&params, &state.config.limits);
    let limit = limit_of(&mut reader, "limit", state.config.limits.notices_page);
    let wanted = reader.one("state", STATES).and_then(NoticeState::from_id);
    let after = reader.text("after").map(|text| text.parse::<NoticeId>());
    if matches!(after, Some(Err(_))) {
        reader.fault("after", "bad_id", "after ist die Kennung eines Hinweises.", "after is the id of a notice.");
    }
    reader.finish(())?;
    let notices = state.curate.notices(&who, wanted, after.and_then(Result::ok), limit).await?;
    let next = notices.last().filter(|_| notices.len() == limit).map(|notice| notice.id);
    json_response(&NoticePage { notices, next })
}

/// `POST /staff/notices/{id}/done`.
pub async fn done(
    State(state): State<AppState>,
    Guarded(who): Guarded<Principal>,
    PathPart(id): PathPart,
) -> Result<Response, Problem> {
    let id: NoticeId = id.parse().map_err(|_| unknown())?;
    let closed = state.writes.clone().to_the_end(async move { state.curate.close_notice(&who, id).await }).await;
    // Only here "unknown" is not about an entry.
    let closed = closed.map_err(|problem| if problem.kind == &NOT_FOUND { unknown() } else { problem })?;
    json_response(&closed)
}

fn unknown() -> Problem {
    Problem::new(&NOT_FOUND)
        .detail("Einen Hinweis mit dieser Kennung gibt es nicht.", "There is no notice with this id.")
}
