//! Pages whose text the operator provides: imprint, privacy, accessibility.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    markdown::to_html,
    page::{Frame, PageContext},
};
use crate::{
    config::{Config, Page},
    http::problem::Problem,
};

/// A page of text.
#[derive(Template)]
#[template(path = "text.html")]
pub struct TextPage {
    /// Shared.
    pub frame: Frame,
    /// Safe HTML.
    pub html: String,
    /// Language of the text, where it is not that of the page.
    pub language: Option<String>,
}

/// Texts of the pages that the operator provides.
#[derive(Clone)]
pub struct LegalPages {
    imprint: Arc<Legal>,
    privacy: Arc<Legal>,
    accessibility: Arc<Legal>,
}

enum Legal {
    Elsewhere(String),
    Text { title: (&'static str, &'static str), html: String },
}

impl LegalPages {
    /// Reads the files that the settings name.
    ///
    /// # Errors
    /// The file that cannot be read, and why.
    pub fn read(config: &Config) -> Result<Self, String> {
        let page = |page: &Option<Page>, title| -> Result<Arc<Legal>, String> {
            Ok(Arc::new(match page {
                Some(Page::Address(url)) => Legal::Elsewhere(url.clone()),
                Some(Page::File(path)) => {
                    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
                    Legal::Text { title, html: to_html(&text) }
                }
                None => Legal::Text { title, html: "<p>Diese Seite wird von der Stadt ergänzt.</p>".into() },
            }))
        };
        Ok(Self {
            imprint: page(&config.site.imprint, ("Impressum", "Imprint"))?,
            privacy: page(&config.site.privacy, ("Datenschutz", "Privacy"))?,
            accessibility: page(
                &config.site.accessibility,
                ("Erklärung zur Barrierefreiheit", "Accessibility statement"),
            )?,
        })
    }
}

/// `/impressum`.
///
/// # Errors
/// When the page cannot be written.
pub async fn imprint(page: PageContext, legal: Extension<LegalPages>) -> Result<Response, Problem> {
    text_page(&page, &legal.imprint)
}

/// `/datenschutz`.
///
/// # Errors
/// When the page cannot be written.
pub async fn privacy(page: PageContext, legal: Extension<LegalPages>) -> Result<Response, Problem> {
    text_page(&page, &legal.privacy)
}

/// `/barrierefreiheit`.
///
/// # Errors
/// When the page cannot be written.
pub async fn accessibility(page: PageContext, legal: Extension<LegalPages>) -> Result<Response, Problem> {
    text_page(&page, &legal.accessibility)
}

fn text_page(page: &PageContext, legal: &Legal) -> Result<Response, Problem> {
    match legal {
        Legal::Elsewhere(url) => Ok(Redirect::to(url).into_response()),
        Legal::Text { title: (german, english), html } => {
            let title = page.ui.say(german, english);
            page.html(&TextPage {
                frame: page.frame(title, title),
                html: html.clone(),
                language: page.ui.foreign("de"),
            })
        }
    }
}
