//! What search engines and browsers ask for: `robots.txt`, `sitemap.xml`, `opensearch.xml`.

use std::fmt::Write as _;

use axum::response::{IntoResponse, Response};
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName};

use super::page::PageContext;
use crate::{exchange::atom::escaped, http::problem::Problem, search::catalogue::Listed};

/// Addresses in one sitemap, <https://www.sitemaps.org/protocol.html>.
const ADDRESSES_MAX: usize = 50_000;
/// Pages that are worth finding besides the entries.
const PAGES: &[&str] = &["/", "/finder", "/themen", "/a-z", "/ablauf", "/vergleich", "/daten", "/einbetten", "/api"];

/// `/robots.txt`: everything may be read, except any number of filtered lists of the same entries.
///
/// # Errors
/// Never.
pub async fn robots(page: PageContext) -> Result<Response, Problem> {
    let base = &page.state.config.base_path;
    let mut text = String::from("User-agent: *\n");
    for path in ["/suche?", "/merkliste", "/embed", "/hinweis", "/api/"] {
        let _ = writeln!(text, "Disallow: {base}{path}");
    }
    // A sitemap has to name the host.
    if page.state.config.public_url.is_some() {
        let _ = writeln!(text, "Sitemap: {}", page.state.config.url("/sitemap.xml"));
    }
    Ok(file("text/plain; charset=utf-8", text))
}

/// `/sitemap.xml`: all entries with the day of their newest change.
///
/// # Errors
/// When the index cannot answer.
pub async fn sitemap(page: PageContext) -> Result<Response, Problem> {
    let config = &page.state.config;
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for path in PAGES {
        let _ = writeln!(xml, "<url><loc>{}</loc></url>", escaped(&config.url(path)));
    }
    for Listed { face, .. } in page.state.search.catalogue(ADDRESSES_MAX - PAGES.len()).await? {
        let url = config.url(&format!("/eintrag/{}", face.slug));
        let day = face.facts.updated_at.strftime("%Y-%m-%d");
        let _ = writeln!(xml, "<url><loc>{}</loc><lastmod>{day}</lastmod></url>", escaped(&url));
    }
    xml.push_str("</urlset>\n");
    Ok(file("application/xml; charset=utf-8", xml))
}

/// `/opensearch.xml`: lets a browser search here from its address bar (OpenSearch 1.1).
///
/// # Errors
/// Never.
pub async fn opensearch(page: PageContext) -> Result<Response, Problem> {
    let config = &page.state.config;
    let name: String = config.site.name.chars().take(16).collect();
    let url = |path: &str| escaped(&config.url(path));
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n\
         <ShortName>{}</ShortName>\n\
         <Description>{}</Description>\n\
         <InputEncoding>UTF-8</InputEncoding>\n\
         <Language>de</Language>\n\
         <Url type=\"text/html\" template=\"{}?q={{searchTerms}}\"/>\n\
         <Url type=\"application/atom+xml\" template=\"{}?q={{searchTerms}}\"/>\n\
         </OpenSearchDescription>\n",
        escaped(&name),
        escaped(page.ui.say("Beteiligungsformate suchen", "Search participation formats")),
        url("/suche"),
        url("/suche.atom"),
    );
    Ok(file("application/opensearchdescription+xml; charset=utf-8", xml))
}

fn file(media_type: &'static str, text: String) -> Response {
    let headers: [(HeaderName, &str); 2] = [(CONTENT_TYPE, media_type), (CACHE_CONTROL, "public, max-age=3600")];
    (headers, text).into_response()
}
