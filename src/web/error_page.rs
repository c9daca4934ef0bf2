//! A problem as a page that helps on.

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::page::{Frame, PageContext, html_response};
use crate::http::{AppState, edge::Call, problem::Problem};

/// The page.
#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// Shared.
    pub frame: Frame,
    /// What happened in this case.
    pub detail: String,
    /// Id of the request.
    pub request_id: String,
    /// Whether it is our fault.
    pub ours: bool,
}

/// A problem as a page.
pub fn error_page(state: &AppState, problem: &Problem, call: &Call) -> Response {
    let page = PageContext::new(state, call.language, "/".into());
    let ui = page.ui;
    let mut frame = page.frame(ui.say(problem.kind.title, problem.kind.title_en), "");
    frame.hidden = true;
    let page = ErrorPage {
        frame,
        detail: ui.say(&problem.detail, &problem.detail_en).to_owned(),
        request_id: call.id.clone(),
        ours: problem.kind.status.is_server_error(),
    };
    match page.render() {
        Ok(text) => html_response(text),
        Err(_) => problem.kind.title.into_response(),
    }
}
