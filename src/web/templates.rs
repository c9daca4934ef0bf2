//! The templates, checked when the program is built; whatever is written into them is escaped.

use askama::Template;

use super::{
    entry_page::{Content, EntryPageView},
    filters::Control,
    links::Links,
    search_page::{HitView, ResultsView},
};
use crate::{config::Config, http::problem::ProblemType};

/// What all pages share.
pub struct Frame {
    /// Title of the page without the name of the service.
    pub title: String,
    /// One or two sentences for search engines.
    pub description: String,
    /// The one address of this content.
    pub canonical: Option<String>,
    /// Whether search engines should leave it out.
    pub hidden: bool,
    /// Name of the service.
    pub site: String,
    /// Who runs it.
    pub operator: String,
    /// Mailbox of the editors.
    pub feedback: Option<String>,
    /// Makes addresses.
    pub links: Links,
    /// Style sheet.
    pub style: String,
    /// Icon.
    pub icon: String,
    /// Imprint, privacy notice, accessibility statement.
    pub legal: [(&'static str, String); 3],
    /// What stands in the search field.
    pub q: String,
    /// JSON-LD, safe for a script block.
    pub json_ld: Option<String>,
}

impl Frame {
    /// The frame of a page.
    pub fn new(config: &Config, title: impl Into<String>, description: impl Into<String>) -> Self {
        let links = Links::new(config);
        let site = &config.site;
        let legal = [
            ("Impressum", super::page_url(site.imprint.as_ref(), links.to("/impressum"))),
            ("Datenschutz", super::page_url(site.privacy.as_ref(), links.to("/datenschutz"))),
            ("Barrierefreiheit", super::page_url(site.accessibility.as_ref(), links.to("/barrierefreiheit"))),
        ];
        Self {
            title: title.into(),
            description: description.into(),
            canonical: None,
            hidden: false,
            site: site.name.clone(),
            operator: site.operator.clone(),
            feedback: site.feedback_email.clone(),
            style: links.to(&super::style_path()),
            icon: links.to(&super::icon_path()),
            links,
            legal,
            q: String::new(),
            json_ld: None,
        }
    }
}

/// A way into the collection.
pub struct WayIn {
    /// What people read.
    pub label: String,
    /// Shape before it, for format types.
    pub definition: String,
    /// Address.
    pub url: String,
    /// How many entries.
    pub count: String,
}

/// `/`.
#[derive(Template)]
#[template(path = "start.html")]
pub struct StartPage {
    /// Shared.
    pub frame: Frame,
    /// "121 Einträge".
    pub total: String,
    /// By format type.
    pub format_types: Vec<WayIn>,
    /// By kind.
    pub kinds: Vec<WayIn>,
    /// By topic.
    pub topics: Vec<WayIn>,
    /// Newest entries.
    pub newest: Vec<HitView>,
}

/// `/suche`.
#[derive(Template)]
#[template(path = "search.html")]
pub struct SearchPage {
    /// Shared.
    pub frame: Frame,
    /// Hidden fields of the form: what is neither query nor filter.
    pub kept: Vec<(&'static str, String)>,
    /// First and last year.
    pub years: (String, String),
    /// Number of active filters.
    pub active: usize,
    /// The rest.
    pub results: ResultsView,
}

/// `/eintrag/{slug}`.
#[derive(Template)]
#[template(path = "entry.html")]
pub struct EntryPage {
    /// Shared.
    pub frame: Frame,
    /// The entry.
    pub entry: EntryPageView,
    /// Entries like it.
    pub similar: Vec<HitView>,
    /// Address for paper.
    pub short_url: String,
    /// Address of its data.
    pub data_url: String,
}

/// `/themen`.
#[derive(Template)]
#[template(path = "topics.html")]
pub struct TopicsPage {
    /// Shared.
    pub frame: Frame,
    /// Topics.
    pub topics: Vec<WayIn>,
    /// Purposes.
    pub purposes: Vec<WayIn>,
    /// Audiences.
    pub audiences: Vec<WayIn>,
}

/// `/api`.
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

/// A page of text.
#[derive(Template)]
#[template(path = "text.html")]
pub struct TextPage {
    /// Shared.
    pub frame: Frame,
    /// Safe HTML.
    pub html: String,
}

/// Something went wrong.
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
