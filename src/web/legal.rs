//! Pages whose text the operator provides: imprint, privacy, accessibility, easy language, sign language.
//!
//! Where a page is not provided there is a template of ours, German and English, that says what this program does and
//! names what the city has to add. The templates are Markdown, in `texts/`.

use std::sync::Arc;

use askama::Template;
use axum::{
    Router,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};

use super::{
    links::Links,
    markdown::page_to_html,
    page::{Frame, PageContext},
    ui::Ui,
};
use crate::{
    config::{Config, Page, Site},
    http::{AppState, problem::Problem},
    model::vocabulary::Language,
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

/// One page as visitors get it.
struct Legal {
    title: (&'static str, &'static str),
    text: Text,
}

enum Text {
    /// Stands elsewhere; visitors are sent there.
    Elsewhere(String),
    /// The operator's, in German.
    Theirs(String),
    /// Ours, German and English.
    Ours(String, String),
}

/// What makes a page: where it is, title and template of ours (German, English), and where the operator's is set.
struct Kind {
    path: &'static str,
    title: (&'static str, &'static str),
    /// Title of our text, where it may not be called what the operator's is called.
    our_title: Option<(&'static str, &'static str)>,
    template: (&'static str, &'static str),
    setting: fn(&Site) -> &Option<Page>,
}

const KINDS: &[Kind] = &[
    Kind {
        path: "/impressum",
        title: ("Impressum", "Imprint"),
        our_title: None,
        template: (include_str!("texts/imprint.de.md"), include_str!("texts/imprint.en.md")),
        setting: |site| &site.imprint,
    },
    Kind {
        path: "/datenschutz",
        title: ("Datenschutz", "Privacy"),
        our_title: None,
        template: (include_str!("texts/privacy.de.md"), include_str!("texts/privacy.en.md")),
        setting: |site| &site.privacy,
    },
    Kind {
        path: "/barrierefreiheit",
        title: ("Erklärung zur Barrierefreiheit", "Accessibility statement"),
        our_title: None,
        template: (include_str!("texts/accessibility.de.md"), include_str!("texts/accessibility.en.md")),
        setting: |site| &site.accessibility,
    },
    Kind {
        path: "/leichte-sprache",
        title: ("Leichte Sprache", "Easy language"),
        // Only what was checked may be called "Leichte Sprache".
        our_title: Some(("Einfache Sprache", "Plain language")),
        template: (include_str!("texts/easy-language.de.md"), include_str!("texts/easy-language.en.md")),
        setting: |site| &site.easy_language,
    },
    Kind {
        path: "/gebaerdensprache",
        title: ("Gebärdensprache", "Sign language"),
        our_title: None,
        template: (include_str!("texts/sign-language.de.md"), include_str!("texts/sign-language.en.md")),
        setting: |site| &site.sign_language,
    },
];

/// The routes of these pages.
///
/// # Errors
/// The file of the operator that cannot be read, and why.
pub fn routes(config: &Config) -> Result<Router<AppState>, String> {
    KINDS.iter().try_fold(Router::new(), |router, kind| {
        let legal = Arc::new(read(kind, config)?);
        Ok(router.route(kind.path, get(move |page: PageContext| async move { text_page(&page, &legal) })))
    })
}

fn text_page(page: &PageContext, legal: &Legal) -> Result<Response, Problem> {
    let ui = page.ui;
    let (html, language) = match &legal.text {
        Text::Elsewhere(url) => return Ok(Redirect::to(url).into_response()),
        Text::Theirs(html) => (html, ui.foreign("de")),
        Text::Ours(german, english) => (if ui.english() { english } else { german }, None),
    };
    let title = ui.say(legal.title.0, legal.title.1);
    page.html(&TextPage { frame: page.frame(title, title), html: html.clone(), language })
}

fn read(kind: &Kind, config: &Config) -> Result<Legal, String> {
    let mut title = kind.title;
    let text = match (kind.setting)(&config.site) {
        Some(Page::Address(url)) => Text::Elsewhere(url.clone()),
        Some(Page::File(path)) => {
            let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
            Text::Theirs(page_to_html(&text))
        }
        None => {
            title = kind.our_title.unwrap_or(title);
            let (german, english) = kind.template;
            let ours = |template, language| page_to_html(&filled(template, config, Ui::new(language)));
            Text::Ours(ours(german, Language::German), ours(english, Language::English))
        }
    };
    Ok(Legal { title, text })
}

/// A template with what the settings know in the places of `{words}`.
fn filled(template: &str, config: &Config, ui: Ui) -> String {
    let links = Links::new(config, ui);
    let mailbox = match &config.site.feedback_email {
        Some(email) => format!("[{0}](mailto:{0})", escaped(email)),
        None => ui.say("**[ergänzen: E-Mail-Adresse]**", "**[to be added: e-mail address]**").to_owned(),
    };
    let limits = &config.limits;
    let words = [
        ("site", escaped(&config.site.name)),
        ("operator", escaped(&config.site.operator)),
        ("mailbox", mailbox),
        ("search", links.to("/suche")),
        ("topics", links.to("/themen")),
        ("start", links.to("/")),
        ("notice", links.to("/hinweis")),
        ("barrier", links.to("/hinweis?art=barriere")),
        ("privacy", links.to("/datenschutz")),
        ("email_days", limits.notice_email_days.to_string()),
        ("done_days", limits.notice_done_days.to_string()),
        ("backups", backups(config, ui)),
    ];
    words.iter().fold(template.to_owned(), |text, (word, value)| text.replace(&format!("{{{word}}}"), value))
}

/// How long backups of this program keep what was deleted.
fn backups(config: &Config, ui: Ui) -> String {
    let backup = &config.backup;
    let days = (u64::from(backup.every_hours) * backup.keep as u64).div_ceil(24);
    match (&backup.dir, ui.english()) {
        (None, false) => "Das Programm selbst macht zurzeit keine.".into(),
        (None, true) => "The program itself makes none at present.".into(),
        (Some(_), false) => format!("Die des Programms werden nach etwa {days} Tagen gelöscht."),
        (Some(_), true) => format!("Those of the program are deleted after about {days} days."),
    }
}

/// A text of the settings as it is, whatever its characters mean in Markdown.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
