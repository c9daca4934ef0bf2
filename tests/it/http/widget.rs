//! The script for other people's pages: how it is served, how big it is, and that it knows the filters.

use base64::{Engine, engine::general_purpose::STANDARD};
use mitmachbox::{
    config::{Config, Flags},
    model::facet::FACETS,
    web::widget::{MAJOR, VERSION, integrity, moving_path, pinned_path},
};
use sha2::{Digest, Sha384};

use super::support::{House, shared};
use hyper::Method;

/// What the script may weigh compressed: people load it on phones, on somebody else's page.
const GZIP_BYTES_MAX: usize = 10_000;

#[test]
fn the_script_is_small() {
    let answer = shared().send(Method::GET, &pinned_path(), &[("accept-encoding", "gzip")], "");
    assert_eq!(answer.header("content-encoding"), "gzip");
    let bytes = answer.body.len();
    assert!(bytes > 1_000, "{bytes} bytes cannot be all of it");
    assert!(bytes <= GZIP_BYTES_MAX, "{bytes} bytes with gzip, at most {GZIP_BYTES_MAX}");
}

#[test]
fn the_script_is_for_every_site_and_has_the_hash_it_says() {
    assert_eq!(pinned_path(), format!("/widget/{VERSION}/mitmachbox.js"));
    for (path, cache) in [
        (pinned_path(), "public, max-age=31536000, immutable"),
        (moving_path(), "public, max-age=60, stale-while-revalidate=86400"),
    ] {
        let answer = shared().get(&path);
        assert_eq!(answer.status, 200, "{path}");
        for (name, value) in [
            ("content-type", "text/javascript; charset=utf-8"),
            ("cache-control", cache),
            ("access-control-allow-origin", "*"),
            ("cross-origin-resource-policy", "cross-origin"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(answer.header(name), value, "{path} {name}");
        }
        assert_eq!(integrity(), format!("sha384-{}", STANDARD.encode(Sha384::digest(&answer.body))), "{path}");
        let again = shared().send(Method::GET, &path, &[("if-none-match", answer.header("etag"))], "");
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{path}");
    }
}

#[test]
fn other_versions_are_a_problem_for_programs() {
    for version in ["0.0.1", "99", "latest", "%FF"] {
        let answer = shared().get(&format!("/widget/{version}/mitmachbox.js"));
        assert_eq!(answer.problem(), (404, "not_found".into()), "{version}");
    }
    let detail = shared().get("/widget/99/mitmachbox.js").json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains(VERSION) && detail.contains(MAJOR), "{detail}");
}

#[test]
fn the_script_knows_the_filters_of_the_program() {
    let script = shared().get(&pinned_path());
    let (_, list) = script.text().split_once("FILTERS=[").expect("the list of filters");
    let (list, _) = list.split_once(']').unwrap();
    let mut known: Vec<&str> =
        list.split(',').map(|name| name.trim_matches('"')).filter(|name| !name.is_empty()).collect();
    let mut facets: Vec<&str> = FACETS.iter().map(|facet| facet.parameter).collect();
    known.sort_unstable();
    facets.sort_unstable();
    assert_eq!(known, facets);
}

#[test]
fn the_page_for_frames_takes_attributes_and_says_who_may_frame_it() {
    let answer = shared().get("/embed?kind=guide,format&heading-level=3&onclick=x&topic=%22%3E%3Cb%3E");
    let html = answer.text();
    assert!(html.contains(" kind=\"guide,format\""), "{html}");
    assert!(html.contains(" heading-level=\"3\""), "{html}");
    assert!(!html.contains("onclick") && !html.contains("<b>"), "{html}");
    let policy = answer.header("content-security-policy");
    assert!(policy.ends_with("frame-ancestors *") && policy.contains("script-src 'self'"), "{policy}");
    assert!(shared().get("/").header("content-security-policy").ends_with("frame-ancestors 'self'"));
}

#[test]
fn the_operator_chooses_who_may_frame() {
    let mut config = Config::default();
    config.site.embed_allowed = vec!["https://www.example.de".into(), "'self'".into()];
    let policy = House::new(config).get("/embed");
    let policy = policy.header("content-security-policy");
    assert!(policy.ends_with("frame-ancestors https://www.example.de 'self'"), "{policy}");
}

#[test]
fn who_may_frame_is_a_list_of_origins_and_nothing_else() {
    let read = |value: &str| {
        let values = [("site.embed_allowed".to_owned(), value.to_owned())].into();
        let flags = Flags { values, ..Flags::default() };
        Config::load(&flags).map(|config| config.site.embed_allowed)
    };
    assert_eq!(read("https://www.example.de, 'self'").unwrap(), ["https://www.example.de", "'self'"]);
    for wrong in ["www.example.de", "https://a.de; script-src *", "https://a.de/pfad", ""] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn the_lines_for_other_pages_carry_what_was_chosen() {
    let mut config = Config { public_url: Some("https://b.example".into()), ..Config::default() };
    config.site.name = "Mitmachbox <&\"".into();
    let house = House::new(config);
    let html = house
        .get("/einbetten?kind=format&kind=guide&topic=gibt-es-nicht&widget-lang=en&heading-level=99")
        .text()
        .to_owned();
    let text = html.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#38;", "&");
    for expected in [
        "<mitmachbox-suche api=\"https://b.example/\" kind=\"format,guide\" lang=\"en\">",
        "<form action=\"https://b.example/suche\" method=\"get\" role=\"search\">",
        "<input type=\"hidden\" name=\"kind\" value=\"format\">\n    <input type=\"hidden\" name=\"kind\" value=\"guide\">",
        &format!("src=\"https://b.example{}\" integrity=\"{}\" crossorigin", pinned_path(), integrity()),
        &format!("src=\"https://b.example{}\" crossorigin", moving_path()),
        "<iframe src=\"https://b.example/embed?kind=format&amp;kind=guide&amp;lang=en\" title=\"Search of Mitmachbox &lt;&amp;&quot;\"",
        "<a href=\"https://b.example/suche?kind=format&amp;kind=guide\">Search ways to take part</a>",
    ] {
        assert!(text.contains(expected), "{expected}\nis not in\n{text}");
    }
    let (_, lines) = text.split_once("id=\"zeilen\"").unwrap();
    let (lines, _) = lines.split_once("<footer").unwrap();
    assert!(!lines.contains("gibt-es-nicht") && !lines.contains("99"), "{lines}");
    // What the link says is what the search does.
    let found = house.get("/suche?kind=format&kind=guide");
    assert!(found.text().contains("value=\"format\" checked") && found.text().contains("value=\"guide\" checked"));
}
