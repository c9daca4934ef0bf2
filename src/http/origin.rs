//! Whether a form comes from its own page, and not from another site that uses a visitor's browser to send it.
//!
//! There are no cookies, so no visitor's rights could be misused; what is kept off is a foreign page that makes its
//! visitors write to the editors. `Sec-Fetch-Site` (Fetch Metadata) says it in all browsers since 2023, but only over
//! HTTPS; `Origin` says it everywhere. What sends neither is no browser, and no page can make it send anything.

use hyper::{
    HeaderMap,
    header::{HOST, HeaderName, ORIGIN},
};

use super::problem::{CROSS_SITE, Problem};
use crate::config::Config;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses what another site sends.
///
/// # Errors
/// 403 where the headers name another site.
pub fn from_own_page(headers: &HeaderMap, config: &Config) -> Result<(), Problem> {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let own = match (text(&SEC_FETCH_SITE), text(&ORIGIN)) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => is_own(origin, text(&HOST), config),
        (None, None) => true,
    };
    if own {
        return Ok(());
    }
    Err(Problem::new(&CROSS_SITE).detail(
        "Bitte öffnen Sie das Formular auf dieser Seite und senden Sie es von dort ab.",
        "Please open the form on this site and send it from there.",
    ))
}

/// Whether an origin is the service's: by the host that was asked, or by the public address where a proxy changes it.
fn is_own(origin: &str, host: Option<&str>, config: &Config) -> bool {
    let authority = |url: &str| {
        let rest = url.split_once("://")?.1;
        rest.split('/').next().map(str::to_ascii_lowercase)
    };
    let Some(origin) = authority(origin) else { return false };
    host.is_some_and(|host| host.eq_ignore_ascii_case(&origin))
        || config.public_url.as_deref().and_then(authority).is_some_and(|own| own == origin)
}
