//! Validators and caching (RFC 9110, sections 8.8 and 13; RFC 9111; RFC 5861).

use axum::response::{IntoResponse, Response};
use hyper::{
    HeaderMap, StatusCode,
    header::{CACHE_CONTROL, ETAG, HeaderValue, IF_MATCH, IF_NONE_MATCH},
};
use sha2::{Digest, Sha256};

use crate::{
    http::problem::{BAD_HEADER, Problem, REVISION_REQUIRED},
    model::id::RevisionNumber,
    search::response::IndexState,
    telemetry,
};

/// How long shared caches may answer on their own: a minute, and ten while they ask us.
const PUBLIC: &str = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400";

/// Validator of a public answer.
///
/// Weak, because compression changes the bytes. Made before the search runs: from the build, the index's generation
/// (no two ever have the same name) and change, and the canonical request, which name the answer completely.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validator(String);

impl Validator {
    /// Validator of the answer to `request` (a path and its canonical query) from this state of the index.
    pub fn new(state: &IndexState, request: &[&str]) -> Self {
        let mut hash = Sha256::new();
        let seq = state.seq.to_string();
        for part in [env!("CARGO_PKG_VERSION"), &state.generation, &seq].iter().chain(request) {
            hash.update(part.as_bytes());
            // A byte that is in no UTF-8 text keeps the parts apart.
            hash.update([0xff]);
        }
        let digest = hash.finalize();
        let hex: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        Self(format!("W/\"{hex}\""))
    }

    /// 304, where the client has this answer already.
    pub fn not_modified(&self, headers: &HeaderMap) -> Option<Response> {
        is_known(headers.get_all(IF_NONE_MATCH), &self.0).then(|| {
            metrics::counter!(telemetry::HTTP_NOT_MODIFIED).increment(1);
            self.stamp(StatusCode::NOT_MODIFIED.into_response())
        })
    }

    /// Adds the validator and the permission to cache.
    pub fn stamp(&self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        if let Ok(tag) = HeaderValue::from_str(&self.0) {
            headers.insert(ETAG, tag);
        }
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(PUBLIC));
        response
    }
}

/// Whether one of these values of `If-None-Match` names the tag, by weak comparison.
pub fn is_known<'a>(values: impl IntoIterator<Item = &'a HeaderValue>, tag: &str) -> bool {
    let values = values.into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim).any(|known| known == "*" || opaque(known) == opaque(tag))
}

/// Weak comparison looks at the quoted part only.
fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

/// The revision in `If-Match: "7"`, on which a write is based.
///
/// # Errors
/// 428 without the header, 400 where it is no revision of ours.
pub fn based_on(headers: &HeaderMap) -> Result<RevisionNumber, Problem> {
    let Some(value) = headers.get(IF_MATCH) else {
        return Err(Problem::new(&REVISION_REQUIRED).detail(
            "Lesen Sie den Eintrag und senden Sie sein ETag als If-Match mit, zum Beispiel If-Match: \"3\".",
            "Read the entry and send its ETag as If-Match, for example If-Match: \"3\".",
        ));
    };
    let number = value.to_str().ok().and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok());
    number.map(RevisionNumber).ok_or_else(|| {
        Problem::new(&BAD_HEADER).detail(
            "If-Match nennt genau eine Revision in Anführungszeichen, zum Beispiel \"3\".",
            "If-Match names exactly one revision in quotation marks, for example \"3\".",
        )
    })
}

/// Marks an answer that nobody may keep.
pub fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
