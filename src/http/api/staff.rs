//! What staff do with entries. Every write names the revision it is based on.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use hyper::{
    HeaderMap, StatusCode,
    header::{ETAG, HeaderValue, LOCATION},
};
use serde::Deserialize;
use serde_json::Value;

use super::limit_of;
use crate::{
    auth::Principal,
    http::{
        AppState,
        body::{JsonBody, MergePatch, OptionalJson, json_response},
        etag::based_on,
        params::{Params, Reader},
        problem::{BAD_JSON, NOT_FOUND, Problem},
        routes::{Guarded, PathPart},
        schemas::{Note, Revisions, StaffAnswer, StaffPage},
    },
    model::{
        id::{EntryId, RevisionNumber},
        problem::Problem as Fault,
    },
};

/// Longest remark of an editor in characters; a revision's note, not its content.
const NOTE_CHARS_MAX: usize = 400;

/// `POST /staff/entries`.
pub async fn create(
    State(state): State<AppState>,
    Guarded(who): Guarded<Principal>,
    JsonBody(content): JsonBody,
) -> Result<Response, Problem> {
    let saved = state.writes.clone().to_the_end(async move { state.curate.create(&who, content).await }).await?;
    let id = saved.entry.record.id;
    let mut response = answer(saved.into())?;
    *response.status_mut() = StatusCode::CREATED;
    // Relative to `…/staff/entries`, so that it holds behind any proxy.
    if let Ok(location) = HeaderValue::from_str(&format!("entries/{id}")) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// `GET /staff/entries`.
pub async fn list(
    State(state): State<AppState>,
    Guarded(who): Guarded<Principal>,
    Guarded(params): Guarded<Params>,
) -> Result<Response, Problem> {
    let mut reader = Reader::new(&params, &state.config.limits);
    let limit = limit_of(&mut reader, "limit", state.config.limits.entries_page);
    let after = reader.text("after").map(|text| text.parse::<EntryId>());
    if matches!(after, Some(Err(_))) {
        reader.fault("after", "bad_id", "after ist die Kennung eines Eintrags.", "after is the id of an entry.");
    }
    reader.finish(())?;
    let entries = state.curate.list(&who, after.and_then(Result::ok), limit).await?;
    let next = entries.last().filter(|_| entries.len() == limit).map(|record| record.id);
    json_response(&StaffPage { entries, next })
}

/// `GET /staff/entries/{id}`.
pub async fn get(
    State(state): State<AppState>,
    Guarded(who): Guarded<Principal>,
    PathPart(id): PathPart,
) -> Result<Response, Problem> {
    answer(state.curate.read(&who, entry_id(&id)?).await?.into())
}

/// `PUT /staff/entries/{id}`.
pub async fn replace(
    State(state): State<AppState>,
    Guarded(who): Guarded<Principal>,
    PathPart(id): PathPart,
    headers: HeaderMap,
    JsonBody(content): JsonBody,
) -> Result<Response, Problem> {
    let (id, revision) = (entry_id(&id)?, based_on(&headers)?);
    answer(
        state
            .writes
            .clone()
            .to_the_end(async move { state.curate.replace(&who, id, revision, content).await })
            .await?
            .into(),
    )
}

/// `PATCH /staff/entries/{id}`.
pub async fn patch(
    State(state): State<AppState>,
    Guarded(who): Guarded<Principal>,
    PathPart(id): PathPart,
    headers: HeaderMap,
    MergePatch(patch): MergePatch,
) -> Result<Response, Problem> {
    let (id, revision) = (entry_id(&id)?, based_on(&headers)?);
    answer(
        state
            .writes
            .clone()
            .to_the_end(async move { state.curate.patch(&who, id, revision, patch).await })
            .await?
            .into(),
    )
}

/// `POST /staff/entries/{id}/publish`.
pub async fn publish(
    State(state): State<AppState>,
    Guarded(who): Guarded<Principal>,
    PathPart(id): PathPart,
    headers: HeaderMap,
    OptionalJson(body): OptionalJson,
) -> Result<Response, Problem> {
    let (id, revision, note) = (entry_id(&id)?, based_on(&headers)?, note(body)?);
    answer(
        state
            .writes
            .clone()
            .to_the_end(async move { state.curate.publish(&who, id, revision, note).await })
            .await?
            .into(),
    )
}

/// `POST /staff/entries/{id}/archive`.
pub async fn archive(
    State(state): State<AppState>,
    Guarded(who): Guarded<Principal>,
    PathPart(id): PathPart,
    headers: HeaderMap,
    OptionalJson(body): OptionalJson,
) -> Result<Response, Problem> {
    let (id, revision, note) = (entry_id(&id)?, based_on(&headers)?, note(body)?);
    answer(
        state
            .writes
            .clone()
            .to_the_end(async move { state.curate.archive(&who, id, revision, note).await })
            .await?
            .into(),
    )
}

/// `GET /staff/entries/{id}/revisions`.
pub async fn revisions(
    State(state): State<AppState>,
    Guarded(who): Guarded<Principal>,
    PathPart(id): PathPart,
    Guarded(params): Guarded<Params>,
) -> Result<Response, Problem> {
    let mut reader = Reader::new(&params, &state.config.limits);
    let limit = limit_of(&mut reader, "limit", state.config.limits.revisions_page);
    let before = reader.number("before", 1, i64::from(u32::MAX)).and_then(|number| u32::try_from(number).ok());
    reader.finish(())?;
    let revisions = state.curate.revisions(&who, entry_id(&id)?, before.map(RevisionNumber), limit).await?;
    let next = revisions.last().map(|revision| revision.number).filter(|number| number.0 > 1);
    json_response(&Revisions { revisions, next })
}

fn answer(entry: StaffAnswer) -> Result<Response, Problem> {
    let revision = format!("\"{}\"", entry.record.revision);
    Ok(([(ETAG, revision)], json_response(&entry)?).into_response())
}

fn entry_id(text: &str) -> Result<EntryId, Problem> {
    text.parse().map_err(|_| {
        Problem::new(&NOT_FOUND)
            .detail("Das ist keine Kennung eines Eintrags (UUID).", "This is not the id of an entry (UUID).")
    })
}

fn note(body: Option<Value>) -> Result<Option<String>, Problem> {
    let Some(body) = body else { return Ok(None) };
    let Note { note } = Note::deserialize(body).map_err(|error| {
        Problem::new(&BAD_JSON)
            .detail("Möglich ist nur {\"note\": \"…\"}.", format!("Only {{\"note\": \"…\"}}: {error}."))
    })?;
    match note {
        Some(note) if note.chars().count() > NOTE_CHARS_MAX => {
            let fault = Fault::new(
                "/note",
                "too_long",
                format!("Höchstens {NOTE_CHARS_MAX} Zeichen."),
                format!("At most {NOTE_CHARS_MAX} characters."),
            );
            Err(Problem::new(&BAD_JSON).errors(vec![fault]))
        }
        note => Ok(note),
    }
}
