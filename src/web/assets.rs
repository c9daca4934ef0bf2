//! Files that pages need: each name has the hash of its content, so that caches may keep it for ever.

use std::{borrow::Cow, sync::LazyLock};

use axum::response::{IntoResponse, Response};
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE};
use sha2::{Digest, Sha256};

use super::script;
use crate::http::{
    self,
    problem::{NOT_FOUND, Problem},
    routes::PathPart,
};

struct Asset {
    name: String,
    media_type: &'static str,
    content: Cow<'static, str>,
}

static ASSETS: LazyLock<[Asset; 4]> = LazyLock::new(|| {
    let site = script::bundle(&[
        include_str!("assets/js/dom.js"),
        include_str!("assets/js/combobox.js"),
        include_str!("assets/js/site.js"),
    ]);
    let embed = script::bundle(&[include_str!("assets/js/embed.js")]);
    [
        asset_of("site", "css", "text/css; charset=utf-8", include_str!("assets/site.css")),
        asset_of("icon", "svg", "image/svg+xml", include_str!("assets/icon.svg")),
        asset_of("site", "js", SCRIPT, site),
        asset_of("embed", "js", SCRIPT, embed),
    ]
});

/// Media type of scripts.
pub(super) const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Path of the style sheet.
pub fn style_path() -> String {
    format!("{}{}", http::ASSETS, ASSETS[0].name)
}

/// Path of the icon.
pub fn icon_path() -> String {
    format!("{}{}", http::ASSETS, ASSETS[1].name)
}

/// Path of the script of the pages, which all work without it.
pub fn script_path() -> String {
    format!("{}{}", http::ASSETS, ASSETS[2].name)
}

/// Path of the script that tells the page around an iframe how high its content is.
pub fn embed_path() -> String {
    format!("{}{}", http::ASSETS, ASSETS[3].name)
}

/// `/assets/{file}`.
///
/// # Errors
/// Where there is no such file.
pub async fn asset(PathPart(file): PathPart) -> Result<Response, Problem> {
    let asset = ASSETS.iter().find(|asset| asset.name == file).ok_or_else(|| Problem::new(&NOT_FOUND))?;
    let headers = [(CONTENT_TYPE, asset.media_type), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, &*asset.content).into_response())
}

fn asset_of(stem: &str, extension: &str, media_type: &'static str, content: impl Into<Cow<'static, str>>) -> Asset {
    let content = content.into();
    let hash: String = Sha256::digest(content.as_bytes()).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    Asset { name: format!("{stem}.{hash}.{extension}"), media_type, content }
}
