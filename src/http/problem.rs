//! Problem details (RFC 9457) in German and English: the only map from errors to status codes.

use axum::response::{IntoResponse, Response};
use hyper::{
    StatusCode,
    header::{HeaderName, HeaderValue, RETRY_AFTER},
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::{
    auth::AuthError,
    curate::CurateError,
    model::{problem::Problem as Detail, vocabulary::Language},
    search::service::SearchError,
};

pub use self::table::*;

mod table;

/// One kind of problem, as in [`PROBLEMS`].
#[derive(Debug, PartialEq, Eq)]
pub struct ProblemType {
    /// Stable name.
    pub code: &'static str,
    /// Status.
    pub status: StatusCode,
    /// Title, German.
    pub title: &'static str,
    /// Title, English.
    pub title_en: &'static str,
}

impl ProblemType {
    /// Stable URI of the type: a name, the same on every installation. The page `/api` explains each code.
    pub fn uri(&self) -> String {
        format!("urn:problem-type:mitmachbox:{}", self.code)
    }
}

/// A problem on its way to the client.
///
/// As a response it has no body yet: the outermost layer ([`super::edge`]) writes it, because only there the request's
/// id, its language and whether it asked for a page are known.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What kind.
    pub kind: &'static ProblemType,
    /// What happened here, German; empty where the title says it all.
    pub detail: String,
    /// What happened here, English.
    pub detail_en: String,
    /// Single faults of the input.
    pub errors: Vec<Detail>,
    /// State of the resource now, with 412.
    pub current: Option<Box<Value>>,
    /// Headers that go with it.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    /// A problem of this kind.
    pub fn new(kind: &'static ProblemType) -> Self {
        Self {
            kind,
            detail: String::new(),
            detail_en: String::new(),
            errors: Vec::new(),
            current: None,
            headers: Vec::new(),
        }
    }

    /// Says what happened here, German and English.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>, detail_en: impl Into<String>) -> Self {
        self.detail = detail.into();
        self.detail_en = detail_en.into();
        self
    }

    /// Names the single faults of the input.
    #[must_use]
    pub fn errors(mut self, errors: Vec<Detail>) -> Self {
        self.errors = errors;
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: impl TryInto<HeaderValue>) -> Self {
        if let Ok(value) = value.try_into() {
            self.headers.push((name, value));
        }
        self
    }

    /// Says when to try again, in seconds.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        self.header(RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// A 400 for one or several wrong parameters; its code is that of the first.
    pub fn of_parameters(errors: Vec<Detail>) -> Self {
        let kind = match errors.first().map(|error| error.code) {
            Some("unknown_parameter") => &UNKNOWN_PARAMETER,
            Some("unknown_value") => &UNKNOWN_VALUE,
            Some("invalid_cursor") => &INVALID_CURSOR,
            _ => &BAD_PARAMETER,
        };
        let join = |text: fn(&Detail) -> &str| errors.iter().take(3).map(text).collect::<Vec<_>>().join(" ");
        let (detail, detail_en) = (join(|error| &error.detail), join(|error| &error.detail_en));
        Self::new(kind).detail(detail, detail_en).errors(errors)
    }

    /// The body, in this language.
    pub fn body(&self, language: Language, request_id: &str) -> ProblemBody {
        let (title, detail) = match language {
            Language::English => (self.kind.title_en, &self.detail_en),
            Language::German | Language::PlainGerman => (self.kind.title, &self.detail),
        };
        let present = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        ProblemBody {
            r#type: self.kind.uri(),
            title: title.into(),
            status: self.kind.status.as_u16(),
            code: self.kind.code,
            detail: present(detail),
            title_en: self.kind.title_en.into(),
            detail_en: present(&self.detail_en),
            errors: self.errors.clone(),
            current: self.current.as_deref().cloned(),
            request_id: request_id.into(),
        }
    }
}

/// Body of an error answer, media type `application/problem+json`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub struct ProblemBody {
    /// Name of the kind of problem, a URN; the same on every installation.
    pub r#type: String,
    /// What kind of problem, in the language of the request.
    pub title: String,
    /// Status code.
    pub status: u16,
    /// Stable short name of the kind of problem; what programs compare.
    pub code: &'static str,
    /// What happened in this case, in the language of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What kind of problem, English.
    pub title_en: String,
    /// What happened in this case, English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail_en: Option<String>,
    /// Single faults of the input: of the body by JSON pointer, of parameters by `/name`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Detail>,
    /// With 412: the entry's record now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<Value>,
    /// Id of the request, as in the header `x-request-id` and in the log.
    pub request_id: String,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.kind.status.into_response();
        response.headers_mut().extend(self.headers.clone());
        response.extensions_mut().insert(self);
        response
    }
}

/// The problem that an answer without a body of ours stands for, such as the router's 405.
pub fn of_status(status: StatusCode) -> Problem {
    let kind = PROBLEMS.iter().copied().find(|kind| kind.status == status);
    Problem::new(kind.unwrap_or(if status.is_server_error() { &INTERNAL } else { &BAD_REQUEST }))
}

/// Seconds after which an overloaded service is worth another try.
const RETRY_SOON: u64 = 2;
/// Seconds after which editors may have dealt with some of the notices that wait.
const RETRY_LATER: u64 = 86_400;

impl From<SearchError> for Problem {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::QueryTooLong { detail, detail_en } => Self::new(&QUERY_TOO_LONG).detail(detail, detail_en),
            SearchError::Busy => Self::new(&OVERLOADED).retry_after(RETRY_SOON),
            SearchError::Timeout => Self::new(&SEARCH_TIMEOUT).retry_after(RETRY_SOON),
            SearchError::NotReady => Self::new(&NOT_READY).retry_after(RETRY_SOON),
            SearchError::Internal(reason) => {
                tracing::error!(reason, "search failed");
                Self::new(&INTERNAL)
            }
        }
    }
}

impl From<CurateError> for Problem {
    fn from(error: CurateError) -> Self {
        match error {
            CurateError::Unknown => Self::new(&NOT_FOUND)
                .detail("Einen Eintrag mit dieser Kennung gibt es nicht.", "There is no entry with this id."),
            CurateError::Forbidden => Self::new(&FORBIDDEN),
            CurateError::Invalid(errors) => Self::new(&INVALID_ENTRY).errors(errors),
            CurateError::Stale(record) => {
                let revision = record.revision;
                let mut problem = Self::new(&STALE_REVISION)
                    .detail(
                        format!("Der Eintrag steht inzwischen bei Revision {revision}."),
                        format!("The entry is at revision {revision} by now."),
                    )
                    .header(hyper::header::ETAG, format!("\"{revision}\""));
                problem.current = serde_json::to_value(record).ok().map(Box::new);
                problem
            }
            CurateError::Conflict(detail, detail_en) => Self::new(&CONFLICT).detail(detail, detail_en),
            CurateError::SlugTaken { slug, by } => {
                let fault = Detail::new(
                    "/slug",
                    "slug_taken",
                    format!("Die Adresse „{slug}“ gehört schon dem Eintrag {by}."),
                    format!("The slug \"{slug}\" belongs to entry {by} already."),
                );
                Self::new(&SLUG_TAKEN).detail(fault.detail.clone(), fault.detail_en.clone()).errors(vec![fault])
            }
            CurateError::TooLarge { max } => Self::new(&TOO_LARGE).detail(
                format!("Ein Eintrag hat höchstens {max} Bytes."),
                format!("An entry has at most {max} bytes."),
            ),
            CurateError::Full => {
                tracing::warn!("a notice was refused: too many are stored; have staff deal with the open ones");
                Self::new(&NOTICES_FULL).retry_after(RETRY_LATER)
            }
            CurateError::NoSpace => {
                tracing::error!("a write was refused: no space left");
                Self::new(&NO_SPACE)
            }
            CurateError::ReadOnly(reason) => {
                tracing::warn!(reason, "a write was refused: the store is read-only");
                Self::new(&READ_ONLY)
            }
            CurateError::Busy => Self::new(&OVERLOADED).retry_after(RETRY_SOON),
            CurateError::Internal(reason) => {
                tracing::error!(reason, "a write failed");
                Self::new(&INTERNAL)
            }
        }
    }
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        tracing::error!(%error, "tokens cannot be checked");
        Self::new(&NOT_READY).retry_after(RETRY_SOON)
    }
}
