//! `/api`: what developers need, on one page.

use askama::Template;
use axum::response::Response;

use super::page::{Frame, PageContext};
use crate::http::{
    problem::{PROBLEMS, Problem, ProblemType},
    routes::{Audience, ROUTES},
};

/// The page.
#[derive(Template)]
#[template(path = "api.html")]
pub struct ApiPage {
    /// Shared.
    pub frame: Frame,
    /// Beginning of all addresses.
    pub root: String,
    /// Method, path, summary of the public routes.
    pub routes: Vec<(String, &'static str, &'static str)>,
    /// Kinds of problems.
    pub problems: &'static [&'static ProblemType],
}

/// `/api`.
///
/// # Errors
/// When the page cannot be written.
pub async fn api(page: PageContext) -> Result<Response, Problem> {
    let description = page.ui.say(
        "Suche und Daten für andere Programme: offen, ohne Schlüssel.",
        "Search and data for other programs: open, without a key.",
    );
    let routes = ROUTES
        .iter()
        .filter(|route| route.audience == Audience::Public && route.path.starts_with("/api/"))
        .map(|route| (route.method.to_string(), route.path, route.summary));
    page.html(&ApiPage {
        frame: page.frame(page.ui.say("Schnittstelle", "Interface"), description).at(&page.state.config, "/api"),
        root: page.state.config.url(""),
        routes: routes.collect(),
        problems: PROBLEMS,
    })
}
