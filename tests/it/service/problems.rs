//! Errors and the other small print of the contract: problem details, validators, CORS, compression, `HEAD`.

use serde_json::{Value, json};

use super::host::{Service, text};

/// What a problem must always carry.
fn problem(service: &Service, path: &str, status: u16, code: &str) -> Value {
    let answer = service.get(path);
    let problem = answer.json();
    assert_eq!((answer.status, problem["code"].as_str()), (status, Some(code)), "{path}: {}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
    assert_eq!(problem["status"], status, "{path}");
    assert_eq!(problem["type"], format!("urn:problem-type:mitmachbox:{code}"), "{path}");
    assert_eq!(answer.header("x-request-id"), problem["request_id"].as_str(), "{path}");
    assert!(!text(&problem["request_id"]).is_empty(), "{path}");
    assert!(!text(&problem["title"]).is_empty() && !text(&problem["title_en"]).is_empty(), "{path}");
    problem
}

#[test]
fn mistakes_name_the_nearest_that_is_right() {
    let service = Service::shared();
    for (query, code, pointer, near) in [
        ("topci=verkehr", "unknown_parameter", "/topci", "topic"),
        ("Topic=verkehr", "unknown_parameter", "/Topic", "topic"),
        ("perpage=5", "unknown_parameter", "/perpage", "per_page"),
        ("format_type=digitl", "unknown_value", "/format_type", "digital"),
        ("kind=guides", "unknown_value", "/kind", "guide"),
        ("sort=relevanz", "unknown_value", "/sort", "relevance"),
        ("facets=topics", "unknown_value", "/facets", "topic"),
        ("lang=dee", "unknown_value", "/lang", "de"),
    ] {
        let problem = problem(&service, &format!("/api/v1/search?{query}"), 400, code);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{query}: {problem}");
        for language in ["detail", "detail_en"] {
            let detail = text(&problem["errors"][0][language]);
            assert!(detail.contains(near), "{query}: {detail}");
        }
    }
}

#[test]
fn all_mistakes_are_named_at_once() {
    let service = Service::shared();
    let problem =
        problem(&service, "/api/v1/search?kind=guides&format_type=digitl&year_from=abc", 400, "unknown_value");
    let mut pointers: Vec<String> =
        problem["errors"].as_array().into_iter().flatten().map(|fault| text(&fault["pointer"])).collect();
    pointers.sort();
    assert_eq!(pointers, ["/format_type", "/kind", "/year_from"]);
}

#[test]
fn problems_speak_german_and_english() {
    let service = Service::shared();
    for path in ["/api/v1/nothing", "/api/v1/entries/gibt-es-nicht", "/api/v1/search?topci=1"] {
        let (status, code) = if path.contains('?') { (400, "unknown_parameter") } else { (404, "not_found") };
        let mark = if path.contains('?') { '&' } else { '?' };
        let german = problem(&service, path, status, code);
        let english = problem(&service, &format!("{path}{mark}lang=en"), status, code);
        assert_ne!(german["title"], english["title"], "{path}");
        assert_ne!(german["detail"], english["detail"], "{path}");
        assert_eq!(german["title_en"], english["title"], "{path}");
        assert_eq!(german["detail_en"], english["detail"], "{path}");
    }
    let problem = problem(&service, "/api/v1/serach", 404, "not_found");
    assert!(text(&problem["detail"]).contains("/api/v1/search"), "{problem}");
}

#[test]
fn methods_that_a_path_does_not_have_are_named() {
    let service = Service::shared();
    let answer = service.client().send("DELETE", "/api/v1/search", &[], b"").unwrap();
    assert_eq!((answer.status, answer.json()["code"].as_str()), (405, Some("method_not_allowed")));
    assert!(answer.header("allow").is_some_and(|allow| allow.contains("GET")), "{:?}", answer.headers);
}

#[test]
fn staff_routes_are_closed_to_strangers() {
    let service = Service::shared();
    for (method, path) in [
        ("GET", "/api/v1/staff/entries"),
        ("POST", "/api/v1/staff/entries"),
        ("GET", "/api/v1/staff/entries/00000000-0000-0000-0000-000000000000"),
        ("PUT", "/api/v1/staff/entries/00000000-0000-0000-0000-000000000000"),
        ("PATCH", "/api/v1/staff/entries/00000000-0000-0000-0000-000000000000"),
        ("POST", "/api/v1/staff/entries/00000000-0000-0000-0000-000000000000/publish"),
        ("POST", "/api/v1/staff/entries/00000000-0000-0000-0000-000000000000/archive"),
        ("GET", "/api/v1/staff/entries/00000000-0000-0000-0000-000000000000/revisions"),
    ] {
        for authorization in ["", "Bearer ", "Bearer mb_00", "Basic dGVzdA==", "Bearer mb_0000000000000000"] {
            let headers = [("authorization", authorization), ("content-type", "application/json")];
            let answer = service.client().send(method, path, &headers, b"{}").unwrap();
            assert_eq!(answer.status, 401, "{method} {path} {authorization:?}: {}", answer.text());
            assert!(answer.header("www-authenticate").is_some_and(|scheme| scheme.starts_with("Bearer")));
            assert_eq!(answer.header("access-control-allow-origin"), None, "{method} {path}");
        }
    }
}

#[test]
fn an_answer_that_the_client_has_is_not_sent_again() {
    let service = Service::shared();
    for path in [
        "/api/v1/search?q=workshop",
        "/api/v1/suggest?q=work",
        "/api/v1/entries?limit=3",
        "/api/v1/entries/workshop",
        "/api/v1/vocabularies",
        "/api/v1/vocabularies/topics",
        "/api/v1/changes?limit=5",
        "/api/v1/export.ndjson?kind=idea",
        "/eintrag/workshop",
        "/suche?q=workshop",
    ] {
        let first = service.get(path);
        assert_eq!(first.status, 200, "{path}: {}", first.text());
        let tag = first.header("etag").unwrap_or_else(|| panic!("{path} has no ETag")).to_owned();
        let again = service.get_with(path, &[("if-none-match", &tag)]);
        assert_eq!((again.status, again.header("etag")), (304, Some(tag.as_str())), "{path}");
        let other = service.get_with(path, &[("if-none-match", "W/\"something else\"")]);
        assert_eq!((other.status, &other.body), (200, &first.body), "{path}");
    }
}

#[test]
fn one_search_has_one_validator() {
    let service = Service::shared();
    let tag = |path: &str| service.get(path).header("etag").map(str::to_owned);
    let plain = tag("/api/v1/search?q=rat&topic=verkehr,digitales");
    assert!(plain.is_some());
    assert_eq!(plain, tag("/api/v1/search?topic=digitales,verkehr&page=1&q=rat&lang=de&per_page=20"));
    assert_ne!(plain, tag("/api/v1/search?q=rat&topic=verkehr"));
    assert_ne!(plain, tag("/api/v1/search?q=rat&topic=verkehr,digitales&lang=en"));
}

#[test]
fn head_is_get_without_a_body() {
    let service = Service::shared();
    for path in ["/api/v1/search?q=rat", "/api/v1/entries/buergerrat", "/", "/suche", "/api/v1/nothing", "/livez"] {
        let get = service.get(path);
        let mut client = service.client();
        let head = client.send("HEAD", path, &[], b"").unwrap();
        assert_eq!(head.status, get.status, "{path}");
        for name in ["content-type", "etag", "cache-control", "content-length"] {
            assert_eq!(head.header(name).is_some(), get.header(name).is_some(), "{path} {name}");
        }
        // Had there been a body, the next answer on this connection would not be one.
        assert_eq!(client.get("/livez").unwrap().json()["alive"], true, "{path}");
    }
}

#[test]
fn any_site_may_read_and_none_may_write() {
    let service = Service::shared();
    let origin = [("origin", "https://stadt.example"), ("access-control-request-method", "GET")];
    let answer = service.get_with("/api/v1/search?q=rat", &origin[..1]);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    let preflight = service.client().send("OPTIONS", "/api/v1/search", &origin, b"").unwrap();
    assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, Some("*")));
    assert!(preflight.header("access-control-allow-methods").is_some_and(|methods| !methods.contains("POST")));
    let staff = service.client().send("OPTIONS", "/api/v1/staff/entries", &origin, b"").unwrap();
    assert_eq!(staff.header("access-control-allow-origin"), None, "{}", staff.status);
}

#[test]
fn answers_are_compressed_for_those_who_ask() {
    let service = Service::shared();
    let path = "/api/v1/export.json";
    let plain = service.get(path);
    assert_eq!(plain.header("content-encoding"), None);
    for encoding in ["gzip", "br"] {
        let small = service.get_with(path, &[("accept-encoding", encoding)]);
        assert_eq!(small.header("content-encoding"), Some(encoding));
        assert!(small.header("vary").is_some_and(|vary| vary.to_ascii_lowercase().contains("accept-encoding")));
        assert!(small.body.len() * 3 < plain.body.len(), "{} of {}", small.body.len(), plain.body.len());
    }
}

#[test]
fn health_tells_what_it_knows() {
    let service = Service::shared();
    assert_eq!(service.json("/livez")["alive"], json!(true));
    let ready = service.json("/readyz");
    assert_eq!(ready["ready"], json!(true));
    assert!(ready["index"]["seq"].as_u64() > Some(0), "{ready}");
    let metrics = service.get("/metrics");
    assert_eq!(metrics.status, 200);
    let through_proxy = service.get_with("/metrics", &[("x-forwarded-for", "203.0.113.7")]);
    assert_eq!(through_proxy.status, 404, "metrics are for this machine only");
}
