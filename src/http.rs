//! The edge of the house: accept loop, bounds, problem details, and the API from one table of routes.
//!
//! Pages come from [`crate::web`], which builds on this room; the composition root hands them in as a [`Site`].

pub mod api;
pub mod body;
pub mod client;
pub mod edge;
pub mod etag;
pub mod health;
pub mod openapi;
pub mod origin;
pub mod params;
pub mod problem;
pub mod routes;
pub mod schemas;
pub mod server;
pub mod writes;

use std::sync::Arc;

pub use axum::Router;
use axum::{
    extract::Request,
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
};
use tokio::sync::Semaphore;
use tower::{Layer, util::MapRequestLayer};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use crate::{
    auth::Auth, config::Config, curate::Curate, follow::ChangeFeed, search::service::Search, telemetry::Metrics,
};
use client::RateLimits;
use problem::Problem;
pub use server::serve;
use writes::Writes;

/// Beginning of the addresses of styles and pictures.
pub const ASSETS: &str = "/assets/";

/// Beginning of the addresses of the script for other people's pages.
pub const WIDGET: &str = "/widget/";

/// Everything that answers need. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The readers' door.
    pub search: Search,
    /// Staff's door.
    pub curate: Curate,
    /// Checks tokens.
    pub auth: Auth,
    /// The change feed.
    pub changes: ChangeFeed,
    /// Settings.
    pub config: Arc<Config>,
    /// Metrics of this process.
    pub metrics: Metrics,
    /// How often each block of addresses may ask.
    pub rates: Arc<RateLimits>,
    /// Places for requests in flight.
    pub in_flight: Arc<Semaphore>,
    /// Writes in progress.
    pub writes: Writes,
    /// Shows a problem as a page.
    pub error_page: fn(&AppState, &Problem, &edge::Call) -> Response,
}

/// The pages, as [`crate::web::site`] makes them.
pub struct Site {
    /// Their routes.
    pub router: Router<AppState>,
    /// Shows a problem as a page.
    pub error_page: fn(&AppState, &Problem, &edge::Call) -> Response,
}

impl AppState {
    /// State from the doors of the rooms below.
    pub fn new(
        search: Search,
        curate: Curate,
        auth: Auth,
        changes: ChangeFeed,
        config: Arc<Config>,
        metrics: Metrics,
    ) -> Self {
        Self {
            search,
            curate,
            auth,
            changes,
            rates: Arc::new(RateLimits::new(&config)),
            in_flight: Arc::new(Semaphore::new(config.limits.in_flight)),
            writes: Writes::new(config.limits.in_flight),
            config,
            metrics,
            error_page: |_, problem, _| problem.kind.title.into_response(),
        }
    }
}

/// API, health and pages behind all layers.
///
/// Under `base_path` and without it: a proxy may strip the path or leave it.
pub fn router(mut state: AppState, site: Site) -> Router {
    state.error_page = site.error_page;
    let app = layered(routes::router(&state).merge(site.router).fallback(api::unmatched), state.clone());
    match state.config.base_path.clone() {
        base if base.is_empty() => app,
        base => {
            Router::new().fallback_service(MapRequestLayer::new(move |request| without_base(&base, request)).layer(app))
        }
    }
}

/// Health and metrics for the internal listener (`metrics_listen`).
pub fn internal_router(state: AppState) -> Router {
    layered(health::internal().fallback(api::unmatched), state)
}

/// Forgets address blocks at rest and frees what measurements left behind, until the program ends.
pub async fn upkeep(state: AppState) {
    let mut every = tokio::time::interval(state.config.limits.rate_sweep);
    loop {
        every.tick().await;
        state.rates.sweep();
        state.metrics.upkeep();
        health::measure(&state);
    }
}

/// Lines for the log at the start: what an operator may have forgotten.
pub fn start_up_notices(config: &Config) -> Vec<String> {
    let mut notices = Vec::new();
    if config.trusted_proxies.is_empty() {
        notices.push(
            "server.trusted_proxies is empty: requests from this machine are not rate-limited; behind a proxy, name it"
                .to_owned(),
        );
    }
    if config.public_url.is_none() {
        notices.push("server.public_url is not set: links that leave the service have no host".to_owned());
    }
    notices
}

fn layered(router: Router<AppState>, state: AppState) -> Router {
    // From the inside: panics become answers, answers get their bounds and headers, bytes get smaller.
    router
        .layer(CatchPanicLayer::custom(edge::panicked))
        .layer(from_fn_with_state(state.clone(), edge::around))
        .layer(CompressionLayer::new())
        .with_state(state)
}

/// The request as if the service lived at the root.
fn without_base(base: &str, mut request: Request) -> Request {
    let rest = request.uri().path_and_query().and_then(|whole| whole.as_str().strip_prefix(base));
    let path = match rest {
        Some(rest) if rest.starts_with('/') => rest.to_owned(),
        Some(rest) if rest.is_empty() || rest.starts_with('?') => format!("/{rest}"),
        _ => return request,
    };
    if let Ok(uri) = path.parse() {
        *request.uri_mut() = uri;
    }
    request
}
