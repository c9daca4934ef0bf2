//! The one table of routes: router, OpenAPI document and role matrix are made from it, so none can drift.

use std::fmt;

use axum::{
    Router,
    extract::{FromRequestParts, Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::{MethodFilter, MethodRouter, on},
};
use hyper::{
    Method,
    header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE},
    http::request::Parts,
};
use schemars::{Schema, SchemaGenerator};

use super::{
    AppState, api,
    client::Cost,
    health,
    params::{Param, Params},
    problem::{FORBIDDEN, INTERNAL, Problem, ProblemType, UNAUTHORIZED},
};
use crate::auth::{Principal, Role};

mod table;
pub use table::ROUTES;

/// One route.
pub struct Route {
    /// Method.
    pub method: Method,
    /// Path with `{name}` for its parts.
    pub path: &'static str,
    /// Name of the operation in the OpenAPI document.
    pub operation: &'static str,
    /// Who may call it.
    pub audience: Audience,
    /// What it costs the caller's rate.
    pub cost: Cost,
    /// What it does, English.
    pub summary: &'static str,
    /// Parameters it takes; all others are refused.
    pub params: fn() -> &'static [Param],
    /// Body it takes.
    pub body: Option<BodyForm>,
    /// Answers when all is well.
    pub answers: &'static [Answer],
    /// Problems of its own; those that every route can have are added.
    pub problems: &'static [&'static ProblemType],
    /// Makes the handler.
    handler: fn(MethodFilter) -> MethodRouter<AppState>,
}

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody, from any site.
    Public,
    /// The operator's machines.
    Internal,
    /// Staff with at least this role.
    Staff(Role),
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public => f.write_str("public"),
            Self::Internal => f.write_str("internal"),
            Self::Staff(role) => write!(f, "{role:?} or above"),
        }
    }
}

/// Writes a schema, with the help of a generator that collects the types it refers to.
pub type Shape = fn(&mut SchemaGenerator) -> Schema;

/// A body that a route takes.
#[derive(Clone, Copy)]
pub struct BodyForm {
    /// Media type.
    pub media_type: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// Its schema.
    pub schema: Shape,
}

/// An answer of a route.
#[derive(Clone, Copy)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// What it means, English.
    pub doc: &'static str,
    /// Media types, each with its schema.
    pub content: &'static [(&'static str, Shape)],
}

/// The route of a template and method.
pub fn find(template: &str, method: &Method) -> Option<&'static Route> {
    let method = if method == Method::HEAD { &Method::GET } else { method };
    ROUTES.iter().find(|route| route.path == template && route.method == *method)
}

/// Whether everybody may call what is at this template, by whatever method. True where there is nothing.
pub fn is_public(template: &str) -> bool {
    ROUTES.iter().filter(|route| route.path == template).all(|route| route.audience == Audience::Public)
}

/// Who may call what: method, path, audience.
pub fn role_matrix() -> impl Iterator<Item = (&'static Method, &'static str, Audience)> {
    ROUTES.iter().map(|route| (&route.method, route.path, route.audience))
}

/// Router of all routes of the table.
pub(super) fn router(state: &AppState) -> Router<AppState> {
    ROUTES.iter().fold(Router::new(), |router, route| {
        let guard = from_fn_with_state((state.clone(), route), guard);
        router.route(route.path, (route.handler)(filter(&route.method)).route_layer(guard))
    })
}

fn filter(method: &Method) -> MethodFilter {
    MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::GET)
}

/// Before every handler: is the caller allowed, and are there only parameters that the route has?
async fn guard(
    State((state, route)): State<(AppState, &'static Route)>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    if let Audience::Staff(role) = route.audience {
        let principal = principal(&state, &request)?;
        if principal.role < role {
            return Err(Problem::new(&FORBIDDEN));
        }
        request.extensions_mut().insert(principal);
    }
    let params = Params::parse(request.uri().query().unwrap_or_default(), &state.config.limits)?;
    let unknown = params.unknown((route.params)());
    if !unknown.is_empty() {
        return Err(Problem::of_parameters(unknown));
    }
    request.extensions_mut().insert(params);
    Ok(next.run(request).await)
}

/// Longest token worth looking at; ours are shorter.
const TOKEN_BYTES_MAX: usize = 256;

fn principal(state: &AppState, request: &Request) -> Result<Principal, Problem> {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    let known = match token.filter(|token| !token.is_empty() && token.len() <= TOKEN_BYTES_MAX) {
        Some(token) => state.auth.bearer(token)?,
        None => None,
    };
    known.ok_or_else(|| {
        Problem::new(&UNAUTHORIZED)
            .detail(
                "Senden Sie es in der Kopfzeile Authorization: Bearer …",
                "Send it in the header Authorization: Bearer …",
            )
            .header(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"mitmachbox\""))
    })
}

/// What `guard` left for a handler.
pub struct Guarded<T>(pub T);

impl<T: Clone + Send + Sync + 'static> FromRequestParts<AppState> for Guarded<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Problem> {
        parts.extensions.get::<T>().cloned().map(Self).ok_or_else(|| {
            tracing::error!(kind = std::any::type_name::<T>(), "a handler asks for what its route does not provide");
            Problem::new(&INTERNAL)
        })
    }
}

/// Parts of the path by name, decoded.
pub struct PathPart(pub String);

impl FromRequestParts<AppState> for PathPart {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        match axum::extract::Path::<String>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(part)) => Ok(Self(part)),
            Err(_) => Err(Problem::new(&super::problem::NOT_FOUND)),
        }
    }
}
