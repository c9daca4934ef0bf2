//! The pages: whole, German, with nothing inline.

use super::host::{Service, content};

#[test]
fn pages_are_whole_and_have_nothing_inline() {
    let service = Service::shared();
    for path in [
        "/",
        "/suche",
        "/suche?q=rat&format_type=digital",
        "/suche?q=%22%3Cscript%3E",
        "/eintrag/buergerrat",
        "/themen",
        "/finder",
        "/finder?purpose=diskutieren&participants=40",
        "/api",
    ] {
        let answer = service.get(path);
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
        let html = answer.text();
        assert!(html.contains("<html lang=\"de\""), "{path}");
        assert!(html.trim_end().ends_with("</html>"), "{path} is cut");
        let scripts = html.matches("<script").count();
        let data = html.matches("<script type=\"application/ld+json\">").count();
        let files = html.matches("<script type=\"module\" src=\"/assets/site.").count();
        assert_eq!((scripts, files), (data + 1, 1), "{path} has another script than that of the pages");
        assert_eq!(html.matches("<h1").count(), 1, "{path} has one heading");
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert!(!html.contains(" style=\"") && !html.contains(" onclick="), "{path}");
    }
    assert!(service.get("/eintrag/buergerrat").text().contains("application/ld+json"));
}

#[test]
fn every_link_of_the_start_page_leads_somewhere() {
    let service = Service::shared();
    for page in ["/", "/suche?q=rat", "/eintrag/buergerrat"] {
        let html = service.get(page).text();
        let links: std::collections::BTreeSet<&str> = html
            .split(" href=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .filter(|link| link.starts_with('/'))
            .collect();
        assert!(links.len() >= 5, "{page}: {links:?}");
        for link in links {
            let path = link.split('#').next().unwrap_or_default().replace("&amp;", "&").replace("&#38;", "&");
            let status = service.get(&path).status;
            assert!([200, 308].contains(&status), "{page} links to {path}: {status}");
        }
    }
}

#[test]
fn pages_forgive_what_the_api_refuses() {
    let service = Service::shared();
    for query in ["topci=verkehr", "format_type=digitl", "page=abc", "utm_source=x&fbclid=y"] {
        let answer = service.get(&format!("/suche?{query}"));
        assert_eq!(answer.status, 200, "{query}");
    }
}

#[test]
fn what_is_missing_is_a_page_as_well() {
    let service = Service::shared();
    for (path, status) in [("/gibt-es-nicht", 404), ("/eintrag/gibt-es-nicht", 404), ("/eintrag/%FF", 404)] {
        let answer = service.get(path);
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.text().contains("<html lang=\"de\""), "{path}: {}", answer.text());
    }
}

#[test]
fn texts_of_entries_cannot_become_markup() {
    let service = Service::written();
    let mut body = content("<script>alert(1)</script> & \"Markup\"");
    body["summary"] = "</title><img src=x onerror=alert(1)>".into();
    body["body"] = "<script>alert(2)</script>\n\n[x](javascript:alert(3)) <b onclick=\"x\">y</b>".into();
    let (id, slug) = service.create(&body);
    service.act(&id, 1, "publish");
    for path in [format!("/eintrag/{slug}"), "/suche?q=markup".to_owned(), "/".to_owned()] {
        let html = service.get(&path).text();
        for bad in ["<script>", "<img src=x", "href=\"javascript:", "<b onclick"] {
            assert!(!html.contains(bad), "{path}: {bad}");
        }
    }
    let data = service.get(&format!("/eintrag/{slug}")).text();
    let data =
        data.split("application/ld+json\">").nth(1).and_then(|rest| rest.split("</script>").next()).map(str::to_owned);
    let data: serde_json::Value = serde_json::from_str(&data.unwrap()).unwrap();
    assert!(data.to_string().contains("alert(1)"), "the data block is whole: {data}");
    service.act(&id, 2, "archive");
}
