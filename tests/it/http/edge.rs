//! Bounds, headers and problems around every request.

use std::net::SocketAddr;

use axum::{body::Body, extract::ConnectInfo, routing::get};
use hyper::{HeaderMap, Method, Request};
use mitmachbox::{
    auth::Role,
    config::{Config, Network, limits::Rate},
    http::{
        client::Client,
        openapi::openapi,
        routes::{Audience, ROUTES},
    },
};
use serde_json::Value;

use super::support::{House, shared};

#[track_caller]
fn check(path: &str, status: u16, code: &str) {
    let answer = shared().get(path);
    assert_eq!(answer.problem(), (status, code.to_owned()), "{path}: {}", answer.text());
    if code.is_empty() {
        return;
    }
    let body = answer.json();
    assert_eq!(body["status"], status);
    assert_eq!(body["type"], format!("urn:problem-type:mitmachbox:{code}"));
    assert_eq!(body["request_id"], answer.header("x-request-id"));
    for field in ["title", "title_en"] {
        assert!(!body[field].as_str().unwrap().is_empty(), "{path} {field}");
    }
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[test]
fn wrong_requests_get_problems() {
    check("/api/v1/search?topci=x", 400, "unknown_parameter");
    check("/api/v1/search?kind=formt", 400, "unknown_value");
    check("/api/v1/search?page=0", 400, "bad_parameter");
    check(&format!("/api/v1/search?q={}", "a".repeat(600)), 400, "query_too_long");
    check(&format!("/api/v1/search?{}", "a=1&".repeat(10_000)), 400, "too_many_parameters");
    check("/api/v1/serch", 404, "not_found");
    check("/api/v2/search", 404, "not_found");
    check("/api/v1/entries/gibt-es-nicht", 404, "not_found");
    check("/api/v1/entries/%ff", 404, "not_found");
    check("/api/v1/vocabularies/topic", 404, "not_found");
    check("/api/v1/search?min_seq=999999", 503, "not_yet");
    check("/api/v1/entries?limit=101", 400, "bad_parameter");
    check("/api/v1/staff/entries", 401, "unauthorized");
    check("/api/v1/search", 200, "");
    check(&format!("/api/v1/search?q={}", "(".repeat(400)), 200, "");
}

#[test]
fn the_nearest_route_is_named() {
    let detail = |path: &str| shared().get(path).json()["detail"].as_str().unwrap().to_owned();
    assert!(detail("/api/v1/serch").contains("/api/v1/search"));
    assert!(detail("/api/v1/entrys").contains("/api/v1/entries"));
    assert!(detail("/api/v1/zzzzzzzzzzzzzzzzzzzzzz").contains("openapi.json"));
    assert!(detail("/api/v1/vocabularies/topic").contains("topics"));
}

#[test]
fn problems_speak_the_language_of_the_request() {
    let body = shared().get("/api/v1/search?kind=formt&lang=en").json();
    assert_eq!(body["title"], body["title_en"]);
    assert_eq!(body["detail"], body["detail_en"]);
    let body = shared().get("/api/v1/search?kind=formt").json();
    assert_ne!(body["title"], body["title_en"]);
}

#[test]
fn other_methods_are_named_in_allow() {
    let answer = shared().send(Method::DELETE, "/api/v1/search", &[], "");
    assert_eq!(answer.problem(), (405, "method_not_allowed".into()));
    assert_eq!(answer.header("allow"), "GET,HEAD");
    let answer = shared().send(Method::HEAD, "/api/v1/search", &[], "");
    assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 0));
    assert!(!answer.header("etag").is_empty());
}

#[test]
fn large_bodies_are_refused_before_they_are_read() {
    let answer = shared().send(Method::POST, "/api/v1/staff/entries", &[("content-length", "10000000")], "");
    assert_eq!(answer.problem(), (413, "too_large".into()));
    assert_eq!(answer.header("connection"), "close");
}

/// Path of a route with its parts filled in.
fn filled(path: &str) -> String {
    path.replace("{id}", "00000000-0000-0000-0000-000000000000").replace("{name}", "topics")
}

#[test]
fn every_route_of_the_table_is_routed_and_no_other() {
    let document = openapi();
    let paths = document["paths"].as_object().unwrap();
    let mut described = 0;
    for (path, operations) in paths {
        for method in ["get", "post", "put", "patch", "delete"] {
            let method_name = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let answer = shared().send(method_name, &filled(path), &[], "");
            let routed = answer.status != 405;
            assert_eq!(routed, operations.get(method).is_some(), "{method} {path}: {}", answer.status);
            described += usize::from(operations.get(method).is_some());
            if routed && answer.status == 404 {
                let detail = answer.json()["detail"].as_str().unwrap_or_default().to_owned();
                assert!(!detail.contains("Diese Adresse gibt es nicht"), "{method} {path} is not routed");
            }
        }
    }
    assert_eq!(described, ROUTES.len());
}

#[test]
fn roles_hold_on_every_staff_route() {
    let house = shared();
    for route in ROUTES {
        let Audience::Staff(needed) = route.audience else { continue };
        let path = filled(route.path);
        let call = |headers: &[(&str, &str)]| house.send(route.method.clone(), &path, headers, "").status.as_u16();
        assert_eq!(call(&[]), 401, "anonymous {} {path}", route.method);
        assert_eq!(call(&[("authorization", "Bearer mb_0000")]), 401, "unknown token {} {path}", route.method);
        assert_eq!(call(&[("authorization", "Basic YTpi")]), 401, "other scheme {} {path}", route.method);
        for role in Role::ALL {
            let status = house.staff(*role, route.method.clone(), &path, &[], "").status.as_u16();
            assert_eq!(status == 403, *role < needed, "{role} {} {path}: {status}", route.method);
            assert_ne!(status, 401, "{role} {} {path}", route.method);
        }
    }
    let answer = house.get("/api/v1/staff/entries");
    assert!(answer.header("www-authenticate").starts_with("Bearer"));
}

#[test]
fn any_site_may_read_what_is_public_and_nothing_else() {
    for route in ROUTES {
        let answer = shared().send(route.method.clone(), &filled(route.path), &[("origin", "https://a.example")], "");
        let public = route.audience == Audience::Public && route.path.starts_with("/api/");
        let allowed = answer.header("access-control-allow-origin");
        assert_eq!(allowed, if public { "*" } else { "" }, "{} {}", route.method, route.path);
        assert!(!answer.headers.contains_key("access-control-allow-credentials"));
        assert!(!answer.headers.contains_key("set-cookie"));
        if matches!(route.audience, Audience::Staff(_)) {
            assert_eq!(answer.header("cache-control"), "no-store");
        }
    }
    let preflight = shared().send(Method::OPTIONS, "/api/v1/search", &[("access-control-request-method", "GET")], "");
    assert_eq!((preflight.status.as_u16(), preflight.header("access-control-allow-origin")), (204, "*"));
    let preflight = shared().send(Method::OPTIONS, "/api/v1/staff/entries", &[], "");
    assert!(!preflight.headers.contains_key("access-control-allow-origin"));
    // A wrong address is a mistake of a public reader, who must be able to read the hint.
    assert_eq!(shared().get("/api/v1/serch").header("access-control-allow-origin"), "*");
}

#[test]
fn every_answer_has_its_security_headers() {
    for path in ["/", "/suche", "/eintrag/buergerrat", "/nirgends", "/api/v1/search", "/api/v1/nirgends", "/livez"] {
        let answer = shared().get(path);
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        let page = answer.header("content-type").starts_with("text/html");
        assert_eq!(policy.contains("style-src 'self'"), page, "{path}: {policy}");
        assert_eq!(policy.contains("script-src 'self';"), page, "pages run their own scripts, all else none: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        for name in ["referrer-policy", "permissions-policy", "x-request-id"] {
            assert!(!answer.header(name).is_empty(), "{path} {name}");
        }
    }
}

#[test]
fn a_panic_is_contained_and_says_nothing() {
    let house = House::with_pages(Config::default(), |router| {
        router.route("/knall", get(async || -> &'static str { panic!("geheim: {}", 42) }))
    });
    let answer = house.get("/knall");
    assert_eq!(answer.status, 500);
    assert!(!answer.text().contains("geheim"), "{}", answer.text());
    assert!(answer.text().contains(answer.header("x-request-id")));
    assert_eq!(house.get("/livez").status, 200);
}

fn from(address: &str, path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let peer: SocketAddr = address.parse().unwrap();
    request.extension(ConnectInfo(peer)).body(Body::empty()).unwrap()
}

#[test]
fn each_block_of_addresses_has_its_rate() {
    let mut config = Config { trusted_proxies: vec!["10.0.0.1".parse().unwrap()], ..Config::default() };
    config.limits.rate_reads = Rate::new(1, 3);
    let house = House::new(config);
    let status = |address: &str, headers: &[(&str, &str)]| {
        house.call(from(address, "/api/v1/vocabularies", headers)).status.as_u16()
    };
    assert_eq!([(); 4].map(|()| status("203.0.113.7:1", &[])), [200, 200, 200, 429]);
    assert_eq!(status("203.0.113.99:1", &[]), 429, "the same /24");
    assert_eq!(status("203.0.114.7:1", &[]), 200, "another /24");
    let proxied = |client: &'static str| status("10.0.0.1:1", &[("x-forwarded-for", client)]);
    assert_eq!(["198.51.100.1"; 4].map(proxied), [200, 200, 200, 429]);
    assert_eq!(proxied("198.51.101.1"), 200);
    assert_eq!(
        ["2001:db8:1::1", "2001:db8:1::2", "2001:db8:1:ffff::3", "2001:db8:1::4"].map(proxied),
        [200, 200, 200, 429]
    );
    assert_eq!([(); 9].map(|()| status("127.0.0.1:1", &[])), [200; 9], "an untrusted loopback peer speaks for many");
    let answer = house.call(from("203.0.113.7:1", "/api/v1/search", &[]));
    assert_eq!(answer.problem(), (429, "rate_limited".into()));
    assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert_eq!(answer.header("access-control-allow-origin"), "*", "a script must be able to read Retry-After");
    let page = house.call(from("203.0.113.7:1", "/suche", &[]));
    assert_eq!(page.status, 429);
    assert!(page.text().contains("<h1>"), "people get a page");
    assert_eq!(house.call(from("203.0.113.7:1", "/livez", &[])).status, 200);
}

#[test]
fn too_many_at_once_are_sent_away() {
    let mut config = Config::default();
    config.limits.in_flight = 0;
    let house = House::new(config);
    let answer = house.get("/api/v1/search");
    assert_eq!(answer.problem(), (503, "overloaded".into()));
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(house.get("/livez").status, 200, "health is always answered");
}

#[track_caller]
fn check_client(peer: &str, headers: &[(&'static str, &str)], address: &str, local: bool, limited: bool) {
    let trusted: Vec<Network> = ["10.0.0.0/8", "127.0.0.2"].map(|block| block.parse().unwrap()).to_vec();
    let headers: HeaderMap =
        headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
    let client = Client::of(peer.parse().unwrap(), &headers, &trusted);
    assert_eq!(client, Client { address: address.parse().unwrap(), local, limited }, "{peer} {headers:?}");
}

#[test]
fn only_trusted_proxies_are_believed() {
    let xff = "x-forwarded-for";
    check_client("203.0.113.7:1", &[], "203.0.113.7", false, true);
    check_client("203.0.113.7:1", &[(xff, "1.2.3.4")], "203.0.113.7", false, true);
    check_client("127.0.0.1:1", &[], "127.0.0.1", true, false);
    check_client("[::ffff:127.0.0.1]:1", &[], "127.0.0.1", true, false);
    check_client("127.0.0.1:1", &[(xff, "1.2.3.4")], "127.0.0.1", false, false);
    check_client("10.1.1.1:1", &[(xff, "1.2.3.4")], "1.2.3.4", false, true);
    check_client("127.0.0.2:1", &[(xff, "1.2.3.4")], "1.2.3.4", false, true);
    // What a client writes itself stands to the left and is not believed.
    check_client("10.1.1.1:1", &[(xff, "6.6.6.6, 1.2.3.4, 10.2.2.2")], "1.2.3.4", false, true);
    check_client("10.1.1.1:1", &[(xff, "6.6.6.6, quatsch, 10.2.2.2")], "10.2.2.2", false, false);
    check_client("10.1.1.1:1", &[(xff, "[2001:db8::1]:443")], "2001:db8::1", false, true);
    check_client("10.1.1.1:1", &[(xff, "1.2.3.4:5678")], "1.2.3.4", false, true);
    check_client("10.1.1.1:1", &[("forwarded", "for=\"[2001:db8::2]:1\";proto=https")], "2001:db8::2", false, true);
    check_client("10.1.1.1:1", &[("forwarded", "for=1.1.1.1, For=2.2.2.2")], "2.2.2.2", false, true);
    check_client("10.1.1.1:1", &[("forwarded", "for=unknown"), (xff, "1.2.3.4")], "10.1.1.1", false, false);
    check_client("10.1.1.1:1", &[], "10.1.1.1", false, false);
}

#[test]
fn metrics_are_for_the_operator() {
    let house = shared();
    let local = house.get("/metrics");
    assert_eq!(local.status, 200);
    assert!(local.text().contains("mitmachbox_http_requests_total") || local.text().is_empty());
    assert_eq!(house.call(from("203.0.113.7:1", "/metrics", &[])).status, 404);
    assert_eq!(house.call(from("127.0.0.1:1", "/metrics", &[("x-forwarded-for", "1.2.3.4")])).status, 404);
    let ready = house.get("/readyz").json();
    assert_eq!((ready["ready"].clone(), ready["lag"].clone()), (Value::Bool(true), 0.into()));
}

#[test]
fn the_service_lives_under_its_path_too() {
    let house = House::new(Config { base_path: "/beteiligung".into(), ..Config::default() });
    for path in ["/api/v1/search", "/beteiligung/api/v1/search", "/beteiligung", "/beteiligung/suche?q=rat", "/suche"] {
        assert_eq!(house.get(path).status, 200, "{path}");
    }
    assert_eq!(house.get("/beteiligungen/suche").status, 404);
    assert!(house.get("/beteiligung").text().contains("href=\"/beteiligung/suche"));
}
