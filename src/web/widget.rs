//! The search on other people's pages: the element `<mitmachbox-suche>` as one script, and a page for an iframe where
//! foreign scripts are not allowed.
//!
//! The script is at two addresses: under its full version it never changes, so that a page can pin it by its hash
//! (subresource integrity); under the major version it moves on with the service.

use std::sync::LazyLock;

use askama::Template;
use axum::{
    extract::RawQuery,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hyper::{
    HeaderMap, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderValue,
        IF_NONE_MATCH,
    },
};
use sha2::{Digest, Sha384};

use super::{
    assets,
    page::{Frame, PageContext},
    script,
};
use crate::{
    config::Limits,
    http::{
        WIDGET, edge,
        etag::is_known,
        params::{Params, Reader},
        problem::{NOT_FOUND, Problem},
        routes::PathPart,
    },
    model::facet::FACETS,
};

/// Version of the program, and of the script with it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// What stays the same as long as pages need not change.
pub const MAJOR: &str = env!("CARGO_PKG_VERSION_MAJOR");

/// Attributes of the element that are no filters, as parameters of `/embed` and of the configurator.
pub const ATTRIBUTES: &[&str] = &["lang", "heading-level", "per-page", "facets"];

static SCRIPT: LazyLock<String> = LazyLock::new(|| {
    let head = format!("/* Mitmachbox {VERSION}, EUPL-1.2 */");
    let style = script::style_constant("STYLE", include_str!("assets/widget.css"));
    let modules = script::bundle(&[
        include_str!("assets/js/dom.js"),
        include_str!("assets/js/combobox.js"),
        include_str!("assets/js/address.js"),
        include_str!("assets/js/strings.js"),
        include_str!("assets/js/facts.js"),
        include_str!("assets/js/view.js"),
        include_str!("assets/js/widget.js"),
    ]);
    [head, style, modules].join("\n")
});

static INTEGRITY: LazyLock<String> =
    LazyLock::new(|| format!("sha384-{}", STANDARD.encode(Sha384::digest(SCRIPT.as_bytes()))));

/// The script's hash for the attribute `integrity`.
pub fn integrity() -> &'static str {
    &INTEGRITY
}

/// Path of the script that never changes.
pub fn pinned_path() -> String {
    format!("{WIDGET}{VERSION}/mitmachbox.js")
}

/// Path of the script that moves on with the service.
pub fn moving_path() -> String {
    format!("{WIDGET}{MAJOR}/mitmachbox.js")
}

/// `/widget/{version}/mitmachbox.js`.
///
/// # Errors
/// Where there is no such version.
pub async fn script(PathPart(version): PathPart, headers: HeaderMap) -> Result<Response, Problem> {
    let cache = match version.as_str() {
        VERSION => "public, max-age=31536000, immutable",
        MAJOR => "public, max-age=60, stale-while-revalidate=86400",
        _ => {
            return Err(Problem::new(&NOT_FOUND).detail(
                format!("Diese Fassung gibt es hier nicht. Es gibt {VERSION} und {MAJOR}."),
                format!("There is no such version here. There are {VERSION} and {MAJOR}."),
            ));
        }
    };
    // Weak, because the bytes on the wire depend on how they are compressed.
    let tag = format!("W/\"{}\"", &integrity()["sha384-".len()..][..24]);
    let shared = [
        (CACHE_CONTROL, cache),
        (ETAG, tag.as_str()),
        // For pages of any origin: with `crossorigin` for the hash, without for pages that isolate themselves.
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (edge::RESOURCE_POLICY, "cross-origin"),
    ];
    if is_known(headers.get_all(IF_NONE_MATCH), &tag) {
        return Ok((StatusCode::NOT_MODIFIED, shared).into_response());
    }
    Ok((shared, [(CONTENT_TYPE, assets::SCRIPT)], SCRIPT.as_str()).into_response())
}

/// The page inside an iframe.
#[derive(Template)]
#[template(path = "embed.html")]
struct EmbedPage {
    frame: Frame,
    attributes: Vec<(&'static str, String)>,
    script: String,
    height_script: String,
}

/// `/embed`: nothing but the widget, with its attributes as parameters; tells the page around how high it is.
///
/// # Errors
/// When there are too many parameters, or the page cannot be written.
pub async fn embed(page: PageContext, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let config = &page.state.config;
    let params = Params::parse(query.as_deref().unwrap_or_default(), &config.limits)?;
    let title = page.ui.say("Suche", "Search");
    let mut response = page.html(&EmbedPage {
        frame: page.frame(title, ""),
        attributes: attributes(&params, &config.limits),
        script: page.links.file(&pinned_path()),
        height_script: page.links.file(&assets::embed_path()),
    })?;
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, edge::page_policy(&config.site.embed_allowed.join(" ")));
    headers.insert(edge::RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    Ok(response)
}

/// The attributes of the element that these parameters ask for; what is none of them is left out.
pub(super) fn attributes(params: &Params, limits: &Limits) -> Vec<(&'static str, String)> {
    let mut reader = Reader::new(params, limits);
    let known = ATTRIBUTES.iter().copied().chain(FACETS.iter().map(|facet| facet.parameter));
    let values = known.map(|name| (name, reader.list(name, true).join(",")));
    values.filter(|(_, values)| !values.is_empty()).collect()
}
