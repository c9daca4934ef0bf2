//! Bodies: JSON that comes in, bounded in size, time and depth; entries that go out, line by line.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    response::{IntoResponse, Response},
};
use http_body_util::{BodyExt, Limited};
use hyper::{
    HeaderMap,
    body::Frame,
    header::{CONNECTION, CONTENT_TYPE, HeaderValue},
};
use serde::Serialize;
use serde_json::Value;
use tokio::time::timeout;

use super::{
    AppState,
    params::Params,
    problem::{BAD_JSON, BAD_REQUEST, INTERNAL, Problem, REQUEST_TIMEOUT, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE},
};

/// Media type of JSON.
pub const JSON: &str = "application/json";
/// Media type of a JSON merge patch (RFC 7396).
pub const MERGE_PATCH: &str = "application/merge-patch+json";

/// A JSON body, media type `application/json`.
pub struct JsonBody(pub Value);

/// A JSON merge patch.
pub struct MergePatch(pub Value);

/// Media type of what a form of a page sends.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// What a form of a page sends.
pub struct FormBody(pub Params);

/// A JSON body, or none at all.
pub struct OptionalJson(pub Option<Value>);

impl FromRequest<AppState> for JsonBody {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        media_type(request.headers(), JSON)?;
        json(request, state).await.map(Self)
    }
}

impl FromRequest<AppState> for MergePatch {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        media_type(request.headers(), MERGE_PATCH)?;
        json(request, state).await.map(Self)
    }
}

impl FromRequest<AppState> for FormBody {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        media_type(request.headers(), FORM)?;
        let bytes = bytes(request, state).await?;
        // Escapes are ASCII; what is not is no form, and its values are checked once they are decoded.
        let text = std::str::from_utf8(&bytes).map_err(|_| Problem::new(&BAD_REQUEST))?;
        Params::parse(text, &state.config.limits).map(Self)
    }
}

impl FromRequest<AppState> for OptionalJson {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let typed = media_type(request.headers(), JSON);
        let bytes = bytes(request, state).await?;
        if bytes.is_empty() {
            return Ok(Self(None));
        }
        typed?;
        parse(&bytes, state.config.limits.json_depth).map(|value| Self(Some(value)))
    }
}

fn media_type(headers: &HeaderMap, wanted: &'static str) -> Result<(), Problem> {
    let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let given = given.split(';').next().unwrap_or_default().trim();
    if given.eq_ignore_ascii_case(wanted) {
        return Ok(());
    }
    let problem = Problem::new(&UNSUPPORTED_MEDIA_TYPE)
        .detail(format!("Hier wird {wanted} angenommen."), format!("{wanted} is accepted here."));
    Err(if wanted == MERGE_PATCH {
        problem.header(hyper::header::HeaderName::from_static("accept-patch"), HeaderValue::from_static(MERGE_PATCH))
    } else {
        problem
    })
}

async fn json(request: Request, state: &AppState) -> Result<Value, Problem> {
    let bytes = bytes(request, state).await?;
    parse(&bytes, state.config.limits.json_depth)
}

async fn bytes(request: Request, state: &AppState) -> Result<Bytes, Problem> {
    let max = state.config.limits.body_bytes;
    let reading = Limited::new(request.into_body(), max).collect();
    let close = HeaderValue::from_static("close");
    match timeout(state.config.limits.body_read, reading).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => Err(Problem::new(&TOO_LARGE)
            .detail(format!("Höchstens {max} Bytes sind möglich."), format!("At most {max} bytes are possible."))
            .header(CONNECTION, close)),
        Ok(Err(_)) => Err(Problem::new(&BAD_REQUEST).header(CONNECTION, close)),
        Err(_) => Err(Problem::new(&REQUEST_TIMEOUT).header(CONNECTION, close)),
    }
}

fn parse(bytes: &[u8], depth_max: usize) -> Result<Value, Problem> {
    if depth(bytes) > depth_max {
        return Err(Problem::new(&BAD_JSON).detail(
            format!("Mehr als {depth_max} Ebenen sind nicht möglich."),
            format!("More than {depth_max} levels are not possible."),
        ));
    }
    serde_json::from_slice(bytes).map_err(|error| {
        Problem::new(&BAD_JSON).detail(
            format!("Zeile {}, Spalte {}: Hier stimmt die Form nicht.", error.line(), error.column()),
            format!("Line {}, column {}: {error}.", error.line(), error.column()),
        )
    })
}

/// Deepest nesting of brackets, so that no parser has to recurse into what is refused anyway.
fn depth(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_text, mut escaped) = (0_usize, 0, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// An answer in JSON.
///
/// # Errors
/// When the value cannot be written, which is a fault of ours.
pub fn json_response<T: Serialize>(value: &T) -> Result<Response, Problem> {
    match serde_json::to_vec(value) {
        Ok(bytes) => Ok(bytes_response(JSON, bytes)),
        Err(error) => {
            tracing::error!(%error, "an answer cannot be written as JSON");
            Err(Problem::new(&INTERNAL))
        }
    }
}

/// An answer of bytes that are there already.
pub fn bytes_response(media_type: &'static str, bytes: impl Into<Bytes>) -> Response {
    ([(CONTENT_TYPE, HeaderValue::from_static(media_type))], bytes.into()).into_response()
}

/// An answer made piece by piece, so that an export never lies in memory as a whole.
pub fn pieces_response(
    media_type: &'static str,
    pieces: impl Iterator<Item = Vec<u8>> + Send + Unpin + 'static,
) -> Response {
    ([(CONTENT_TYPE, HeaderValue::from_static(media_type))], Body::new(Pieces(pieces))).into_response()
}

struct Pieces<I>(I);

/// Bytes that are collected before they are sent.
const PIECE_BYTES: usize = 64 << 10;

impl<I: Iterator<Item = Vec<u8>> + Unpin> hyper::body::Body for Pieces<I> {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let mut collected = Vec::new();
        for piece in self.0.by_ref() {
            collected.extend(piece);
            if collected.len() >= PIECE_BYTES {
                break;
            }
        }
        Poll::Ready((!collected.is_empty()).then(|| Ok(Frame::data(collected.into()))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_brackets_outside_texts() {
        for (text, expected) in
            [("1", 0), ("[]", 1), (r#"{"a":[{}]}"#, 3), (r#"{"[[[[":"\"[[["}"#, 1), ("[[[", 3), ("]]][", 1)]
        {
            assert_eq!(depth(text.as_bytes()), expected, "{text}");
        }
    }
}
