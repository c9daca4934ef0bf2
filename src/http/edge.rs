//! Around every request: its id, its client, its bounds; around every answer: its headers, its log line, its body
//! where it is a problem.
//!
//! One function tells the whole story ([`around`]); the helpers below are its steps.

use std::{net::SocketAddr, sync::LazyLock, time::Instant};

use axum::{
    Json,
    extract::{ConnectInfo, MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use hyper::{
    HeaderMap, Method, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY,
        CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    },
};
use tokio::time::timeout;

use super::{
    AppState,
    client::{Client, Cost},
    params::decode,
    problem::{OVERLOADED, Problem, TIMEOUT, TOO_LARGE, of_status},
    routes::{Route, find, is_public},
};
use crate::{model::vocabulary::Language, telemetry};

/// Header with the request's id; the log has the same.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Header that says which sites may load something.
pub const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Beginning of all addresses of the API.
pub const API: &str = "/api/";

/// What a page may load: its own styles, pictures and scripts, and the API. Nothing inline, so nothing that somebody
/// slips in runs; data blocks (JSON-LD) are no scripts to the policy. `ancestors` are the sites that may show it in a
/// frame, as in `frame-ancestors`.
pub fn page_policy(ancestors: &str) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
    );
    HeaderValue::from_str(&policy).unwrap_or(NOTHING)
}

/// What a handler may want to know about the request around it.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its id.
    pub id: String,
    /// Who asks.
    pub client: Client,
    /// Language of problems.
    pub language: Language,
}

/// Answers one request within its bounds.
pub async fn around(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let call = call_of(&state, &request);
    let template = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str).unwrap_or("unmatched").to_owned();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let route = find(&template, &method);
    let public_api = path.starts_with(API) && is_public(&template);
    request.extensions_mut().insert(call.clone());

    let response = if public_api && method == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else {
        match admit(&state, &call, route, &path, request.headers()) {
            Ok(permit) => {
                let response = answered(&state, request, next).await;
                drop(permit);
                response
            }
            Err(problem) => problem.into_response(),
        }
    };

    if response.extensions().get::<Panicked>().is_some() {
        tracing::error!(request.id = call.id, route = template, "a handler panicked");
    }
    let mut response = with_problem_body(&state, &call, &path, response);
    add_headers(response.headers_mut(), &call, public_api, path.starts_with(API));
    record(&call, &method, &template, response.status(), started);
    response
}

fn call_of(state: &AppState, request: &Request) -> Call {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| *peer);
    // Requests without a connection are made by tests, on this machine.
    let peer = peer.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 0)));
    let language = request.uri().query().and_then(language_of).unwrap_or_default();
    Call {
        id: format!("{:016x}", rand::random::<u64>()),
        client: Client::of(peer, request.headers(), &state.config.trusted_proxies),
        language,
    }
}

fn language_of(query: &str) -> Option<Language> {
    let tag = query.split('&').find_map(|pair| pair.strip_prefix("lang=")).and_then(decode)?;
    Language::ALL.iter().find(|(known, _)| *known == tag).map(|(_, language)| *language)
}

/// Whether the request may come in: rate, load, size. Gives a place among the requests in flight.
fn admit(
    state: &AppState,
    call: &Call,
    route: Option<&Route>,
    path: &str,
    headers: &HeaderMap,
) -> Result<Option<tokio::sync::OwnedSemaphorePermit>, Problem> {
    let cost = match route {
        Some(route) => route.cost,
        None if path.starts_with(super::ASSETS) || path.starts_with(super::WIDGET) => Cost::Free,
        None => Cost::Read,
    };
    state.rates.check(call.client, cost).inspect_err(|_| refused("rate"))?;
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let max = state.config.limits.body_bytes;
    if length.is_some_and(|length| length > max as u64) {
        return Err(Problem::new(&TOO_LARGE)
            .detail(format!("Höchstens {max} Bytes sind möglich."), format!("At most {max} bytes are possible."))
            .header(hyper::header::CONNECTION, "close"));
    }
    if cost == Cost::Free {
        return Ok(None);
    }
    state.in_flight.clone().try_acquire_owned().map(Some).map_err(|_| {
        refused("load");
        Problem::new(&OVERLOADED).retry_after(1)
    })
}

fn refused(reason: &'static str) {
    metrics::counter!(telemetry::HTTP_REFUSED, "reason" => reason).increment(1);
}

async fn answered(state: &AppState, request: Request, next: Next) -> Response {
    metrics::gauge!(telemetry::HTTP_IN_FLIGHT).increment(1);
    let response = timeout(state.config.limits.request, next.run(request)).await.unwrap_or_else(|_| {
        refused("timeout");
        Problem::new(&TIMEOUT).retry_after(1).into_response()
    });
    metrics::gauge!(telemetry::HTTP_IN_FLIGHT).decrement(1);
    response
}

/// Writes the body of a problem: as a page for pages, as JSON for everybody else.
fn with_problem_body(state: &AppState, call: &Call, path: &str, mut response: Response) -> Response {
    let status = response.status();
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        // The router's own answers (404, 405, …) have no media type; ours always do.
        None if status.as_u16() >= 400 && !response.headers().contains_key(CONTENT_TYPE) => {
            let mut problem = of_status(status);
            problem.headers.extend(response.headers_mut().drain().filter_map(|(name, value)| Some((name?, value))));
            problem.headers.retain(|(name, _)| name != CONTENT_LENGTH);
            problem
        }
        None => return response,
    };
    let for_programs = path.starts_with(API) || path.starts_with(super::WIDGET) || super::health::PATHS.contains(&path);
    let mut response = if for_programs {
        let mut response = Json(problem.body(call.language, &call.id)).into_response();
        let json = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(CONTENT_TYPE, json);
        response
    } else {
        (state.error_page)(state, &problem, call)
    };
    *response.status_mut() = problem.kind.status;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().extend(problem.headers);
    response
}

const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
static PAGES: LazyLock<HeaderValue> = LazyLock::new(|| page_policy("'self'"));
const PERMISSIONS: HeaderValue =
    HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()");

fn add_headers(headers: &mut HeaderMap, call: &Call, public_api: bool, api: bool) {
    if let Ok(id) = HeaderValue::from_str(&call.id) {
        headers.insert(REQUEST_ID, id);
    }
    let page = headers.get(CONTENT_TYPE).is_some_and(|media_type| media_type.as_bytes().starts_with(b"text/html"));
    // A page that may stand in frames elsewhere brings a policy of its own.
    if !(page && headers.contains_key(CONTENT_SECURITY_POLICY)) {
        headers.insert(CONTENT_SECURITY_POLICY, if page { PAGES.clone() } else { NOTHING });
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
    headers.insert(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    if !public_api {
        if api {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        return;
    }
    // Public reads only, for any site, without credentials: there is nothing here that a visitor alone may see.
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD"));
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("if-none-match"));
    headers.insert(
        ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("etag, link, location, retry-after, x-request-id"),
    );
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
}

fn record(call: &Call, method: &Method, template: &str, status: StatusCode, started: Instant) {
    let elapsed = started.elapsed();
    let method = if matches!(method.as_str(), "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") {
        method.to_string()
    } else {
        "other".to_owned()
    };
    let route = template.to_owned();
    metrics::counter!(telemetry::HTTP_REQUESTS, "method" => method.clone(), "route" => route.clone(), "status" => status.as_str().to_owned())
        .increment(1);
    metrics::histogram!(telemetry::HTTP_SECONDS, "route" => route).record(elapsed.as_secs_f64());
    let duration_ms = elapsed.as_secs_f64() * 1_000.0;
    tracing::debug!(request.id = call.id, method, route = template, status = status.as_u16(), duration_ms, "request");
}

/// Answer in the place of a handler that panicked. What it said goes neither to the client nor, as it may quote the
/// request, into the log; its place is there by [`telemetry::tell_of_panic`].
pub fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    metrics::counter!(telemetry::HTTP_PANICS).increment(1);
    let mut response = of_status(StatusCode::INTERNAL_SERVER_ERROR).into_response();
    response.extensions_mut().insert(Panicked);
    response
}

/// Marks the answer in the place of a handler that panicked.
#[derive(Clone, Copy)]
struct Panicked;
