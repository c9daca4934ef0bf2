//! Health and metrics.
//!
//! `/metrics` lives on the internal listener. Where `metrics_listen` is not set it answers on the main one as well, but
//! only requests from this machine that came through no proxy, so that a forgotten setting shows it to nobody.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use hyper::{StatusCode, header::CONTENT_TYPE};

use super::{
    AppState,
    body::json_response,
    edge::Call,
    etag::no_store,
    problem::{NOT_FOUND, Problem},
    routes::Guarded,
    schemas::{Alive, FollowerReady, Ready},
};
use crate::{follow::FollowerState, telemetry};

/// Addresses that programs ask, beside the API.
pub const PATHS: &[&str] = &["/livez", "/readyz", "/metrics"];

/// Routes of the internal listener.
pub(super) fn internal() -> Router<AppState> {
    Router::new().route("/livez", get(livez)).route("/readyz", get(readyz)).route("/metrics", get(all_metrics))
}

/// Whether the process runs.
pub async fn livez() -> Result<Response, Problem> {
    json_response(&Alive { alive: true, version: env!("CARGO_PKG_VERSION").into() }).map(no_store)
}

/// Whether the service can answer searches.
pub async fn readyz(State(state): State<AppState>) -> Result<Response, Problem> {
    let index = state.search.state();
    let (limits, lag, health) = (&state.config.limits, state.changes.lag(), state.changes.follower());
    let down_for = health.down_for();
    let follows = down_for.is_none_or(|time| time <= limits.follower_down_ready);
    let ready = index.is_some() && lag <= limits.lag_ready && follows;
    let follower = FollowerReady {
        state: health.state(),
        restarts: health.restarts(),
        down_seconds: down_for.map(|time| time.as_secs()),
    };
    let mut response = json_response(&Ready { ready, index, lag, follower }).map(no_store)?;
    if !ready {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    Ok(response)
}

/// Metrics on the main listener.
pub async fn metrics(State(state): State<AppState>, Guarded(call): Guarded<Call>) -> Result<Response, Problem> {
    if state.config.metrics_listen.is_some() || !call.client.local {
        return Err(Problem::new(&NOT_FOUND));
    }
    Ok(all_metrics(State(state)).await)
}

async fn all_metrics(State(state): State<AppState>) -> Response {
    measure(&state);
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], state.metrics.render()).into_response()
}

/// Reads the gauges that nobody pushes.
pub(super) fn measure(state: &AppState) {
    metrics::gauge!(telemetry::INDEX_LAG).set(approximate(state.changes.lag()));
    let follows = state.changes.follower().state() == FollowerState::Following;
    metrics::gauge!(telemetry::FOLLOWER_UP).set(if follows { 1.0 } else { 0.0 });
    if let Some(index) = state.search.state() {
        metrics::gauge!(telemetry::INDEX_SEQ).set(approximate(index.seq.0));
    }
}

/// Gauges are floating point; above 2^53 nobody counts single changes.
#[expect(clippy::cast_precision_loss, reason = "see above")]
fn approximate(number: u64) -> f64 {
    number as f64
}
