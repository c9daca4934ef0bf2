//! The pages: plain HTML that works without any script, on a phone and on paper.
//!
//! Builds on [`crate::http`] (parameters, problems, layers); the composition root hands [`site`] to its router.

pub mod entry_page;
pub mod facts;
pub mod filters;
pub mod format;
pub mod links;
pub mod markdown;
pub mod pages;
pub mod search_page;
pub mod templates;

use std::sync::LazyLock;

use axum::{
    Extension, Router,
    response::{IntoResponse, Response},
    routing::get,
};
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE};
use sha2::{Digest, Sha256};

use crate::{
    config::{Config, Page},
    http::{
        AppState, Site,
        problem::{NOT_FOUND, Problem},
        routes::PathPart,
    },
};

/// The pages of one installation.
///
/// # Errors
/// When a page that the operator provides cannot be read.
pub fn site(config: &Config) -> Result<Site, String> {
    let legal = pages::LegalPages::read(config)?;
    let router = Router::<AppState>::new()
        .route("/", get(pages::start))
        .route("/suche", get(pages::search))
        .route("/eintrag/{slug}", get(pages::entry))
        .route("/themen", get(pages::topics))
        .route("/api", get(pages::api))
        .route("/impressum", get(pages::imprint))
        .route("/datenschutz", get(pages::privacy))
        .route("/barrierefreiheit", get(pages::accessibility))
        .route("/assets/{file}", get(asset))
        .layer(Extension(legal));
    Ok(Site { router, error_page: pages::error_page })
}

/// A file that pages need: name with the hash of its content, so that caches may keep it for ever.
struct Asset {
    name: String,
    media_type: &'static str,
    content: &'static str,
}

static ASSETS: LazyLock<[Asset; 2]> = LazyLock::new(|| {
    [
        asset_of("site", "css", "text/css; charset=utf-8", include_str!("web/assets/site.css")),
        asset_of("icon", "svg", "image/svg+xml", include_str!("web/assets/icon.svg")),
    ]
});

/// Path of the style sheet.
pub fn style_path() -> String {
    format!("{}{}", crate::http::ASSETS, ASSETS[0].name)
}

/// Path of the icon.
pub fn icon_path() -> String {
    format!("{}{}", crate::http::ASSETS, ASSETS[1].name)
}

fn asset_of(stem: &str, extension: &str, media_type: &'static str, content: &'static str) -> Asset {
    let hash: String = Sha256::digest(content).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    Asset { name: format!("{stem}.{hash}.{extension}"), media_type, content }
}

async fn asset(PathPart(file): PathPart) -> Result<Response, Problem> {
    let asset = ASSETS.iter().find(|asset| asset.name == file).ok_or_else(|| Problem::new(&NOT_FOUND))?;
    let headers = [(CONTENT_TYPE, asset.media_type), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, asset.content).into_response())
}

/// Where a page of the operator stands, for the links at the foot.
fn page_url(page: Option<&Page>, own: String) -> String {
    match page {
        Some(Page::Address(url)) => url.clone(),
        _ => own,
    }
}
