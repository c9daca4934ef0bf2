//! What the handler of a page gets, what it gives, and what all pages share.

use askama::Template;
use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use hyper::{
    StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH},
    http::request::Parts,
};
use sha2::{Digest, Sha256};

use super::{assets, links::Links, ui::Ui};
use crate::{
    config::{self, Config},
    http::{
        AppState,
        edge::Call,
        etag::is_known,
        problem::{INTERNAL, Problem},
    },
    model::vocabulary::Language,
};

/// A request for a page.
pub struct PageContext {
    /// The house.
    pub state: AppState,
    /// The page's language.
    pub ui: Ui,
    /// Makes addresses.
    pub links: Links,
    /// Path and query, without the language.
    address: String,
    /// `If-None-Match`: what the browser has already.
    known: Vec<HeaderValue>,
}

impl FromRequestParts<AppState> for PageContext {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let language = parts.extensions.get::<Call>().map(|call| call.language).unwrap_or_default();
        let known = parts.headers.get_all(IF_NONE_MATCH).into_iter().cloned().collect();
        let address = without_language(parts.uri.path(), parts.uri.query().unwrap_or_default());
        Ok(Self { known, ..Self::new(state, language, address) })
    }
}

impl PageContext {
    /// A page at this address in this language.
    pub fn new(state: &AppState, language: Language, address: String) -> Self {
        let ui = Ui::new(language);
        Self { state: state.clone(), ui, links: Links::new(&state.config, ui), address, known: Vec::new() }
    }

    /// The frame of this page.
    pub fn frame(&self, title: impl Into<String>, description: impl Into<String>) -> Frame {
        Frame::new(&self.state.config, self.ui, &self.address, title, description)
    }

    /// A page, or 304 where the browser has the same one already.
    ///
    /// The validator is made of the finished text: a page also depends on templates and settings, which no counter
    /// knows.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn html(&self, page: &impl Template) -> Result<Response, Problem> {
        let text = rendered(page)?;
        let hash: String = Sha256::digest(&text).iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        let tag = format!("W/\"{hash}\"");
        let mut response =
            if is_known(&self.known, &tag) { StatusCode::NOT_MODIFIED.into_response() } else { html_response(text) };
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            response.headers_mut().insert(ETAG, tag);
        }
        response
            .headers_mut()
            .insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=60, stale-while-revalidate=600"));
        Ok(response)
    }
}

/// A page as text.
///
/// # Errors
/// When the template cannot be written.
pub fn rendered(page: &impl Template) -> Result<String, Problem> {
    page.render().map_err(|error| {
        tracing::error!(%error, "a page cannot be written");
        Problem::new(&INTERNAL)
    })
}

/// HTML as an answer.
pub fn html_response(text: String) -> Response {
    ([(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))], text).into_response()
}

/// Path and query without the parameter that chooses the language.
fn without_language(path: &str, query: &str) -> String {
    let rest: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("lang=")).collect();
    if rest.is_empty() { path.to_owned() } else { format!("{path}?{}", rest.join("&")) }
}

/// What all pages share.
pub struct Frame {
    /// The page's language.
    pub ui: Ui,
    /// Title of the page without the name of the service.
    pub title: String,
    /// One or two sentences for search engines.
    pub description: String,
    /// The one address of this content.
    pub canonical: Option<String>,
    /// Whether search engines should leave it out.
    pub hidden: bool,
    /// Feed of this page: title and address.
    pub feed: Option<(String, String)>,
    /// Name of the service.
    pub site: String,
    /// Who runs it.
    pub operator: String,
    /// Makes addresses.
    pub links: Links,
    /// Style sheet.
    pub style: String,
    /// Icon.
    pub icon: String,
    /// Script.
    pub script: String,
    /// The same page in the other language.
    pub other_language: String,
    /// Imprint, privacy notice, accessibility statement.
    pub legal: [(&'static str, String); 3],
    /// What stands in the search field.
    pub q: String,
    /// JSON-LD, safe for a script block.
    pub json_ld: Option<String>,
}

impl Frame {
    /// The frame of a page at this address (path and query without the language).
    pub fn new(
        config: &Config,
        ui: Ui,
        address: &str,
        title: impl Into<String>,
        description: impl Into<String>,
    ) -> Self {
        let links = Links::new(config, ui);
        let site = &config.site;
        let legal = [
            (ui.say("Impressum", "Imprint"), operators_page(site.imprint.as_ref(), links.to("/impressum"))),
            (ui.say("Datenschutz", "Privacy"), operators_page(site.privacy.as_ref(), links.to("/datenschutz"))),
            (
                ui.say("Barrierefreiheit", "Accessibility"),
                operators_page(site.accessibility.as_ref(), links.to("/barrierefreiheit")),
            ),
        ];
        let other = Ui::new(if ui.english() { Language::German } else { Language::English });
        Self {
            ui,
            title: title.into(),
            description: description.into(),
            canonical: None,
            hidden: false,
            feed: None,
            site: site.name.clone(),
            operator: site.operator.clone(),
            style: links.file(&assets::style_path()),
            icon: links.file(&assets::icon_path()),
            script: links.file(&assets::script_path()),
            other_language: Links::new(config, other).to(address),
            links,
            legal,
            q: String::new(),
            json_ld: None,
        }
    }

    /// Names the one address of this content, a path of ours without the language.
    pub fn at(mut self, config: &Config, path: &str) -> Self {
        self.canonical = Some(config.url(&self.links.path(path)));
        self
    }
}

/// Where a page of the operator stands, for the links at the foot.
fn operators_page(page: Option<&config::Page>, own: String) -> String {
    match page {
        Some(config::Page::Address(url)) => url.clone(),
        _ => own,
    }
}
