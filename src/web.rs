//! The pages: plain HTML that works without any script, on a phone and on paper.
//!
//! One module for each page, with its handler, what its template shows and how that is worked out; the templates are
//! in `templates/`. Builds on [`crate::http`] (parameters, problems, layers); the composition root hands [`site`] to
//! its router.

pub mod a_to_z;
pub mod assets;
pub mod compare;
pub mod configurator;
pub mod data_page;
pub mod developers;
pub mod discovery;
pub mod entry_page;
pub mod error_page;
pub mod facts;
pub mod feed;
pub mod finder_page;
pub mod format;
pub mod hits;
pub mod legal;
pub mod links;
pub mod markdown;
pub mod notice_page;
pub mod page;
pub mod process_page;
mod script;
pub mod search_page;
pub mod selection;
pub mod shortlist;
pub mod start;
pub mod terms;
pub mod ui;
pub mod widget;

use axum::{Router, routing::get};

use crate::{
    config::Config,
    http::{AppState, Site},
};

/// The pages of one installation.
///
/// # Errors
/// When a page that the operator provides cannot be read.
pub fn site(config: &Config) -> Result<Site, String> {
    let router = Router::<AppState>::new()
        .route("/", get(start::start))
        .route("/suche", get(search_page::search))
        .route("/suche.atom", get(feed::feed))
        .route("/eintrag/{slug}", get(entry_page::entry))
        .route("/finder", get(finder_page::finder))
        .route("/vergleich", get(compare::compare))
        .route("/merkliste", get(shortlist::shortlist))
        .route("/ablauf", get(process_page::process_page))
        .route("/a-z", get(a_to_z::a_to_z))
        .route("/daten", get(data_page::data))
        .route("/themen", get(terms::topics))
        .route("/themen/{vocabulary}", get(terms::vocabulary))
        .route("/themen/{vocabulary}/{term}", get(terms::term))
        .route("/api", get(developers::api))
        .route("/hinweis", get(notice_page::form).post(notice_page::submit))
        .route(notice_page::THANKS, get(notice_page::thanks))
        .route("/robots.txt", get(discovery::robots))
        .route("/sitemap.xml", get(discovery::sitemap))
        .route("/opensearch.xml", get(discovery::opensearch))
        .route("/assets/{file}", get(assets::asset))
        .route("/widget/{version}/mitmachbox.js", get(widget::script))
        .route("/embed", get(widget::embed))
        .route("/einbetten", get(configurator::configurator))
        .merge(legal::routes(config)?);
    Ok(Site { router, error_page: error_page::error_page })
}
