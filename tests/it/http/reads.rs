//! The public reads, against their own description.

use std::sync::LazyLock;

use hyper::Method;
use mitmachbox::{
    exchange::{csv, json_ld},
    http::{openapi::openapi, schemas::schemas},
};
use serde_json::{Value, json};

use super::support::shared;

#[test]
fn the_document_is_always_the_same_and_refers_to_what_is_there() {
    let document = openapi();
    assert_eq!(document.to_string(), openapi().to_string());
    assert_eq!(document["openapi"], "3.1.0");
    let mut references = Vec::new();
    collect_references(&document, &mut references);
    assert!(references.len() > 50);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} leads outside"));
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        jsonschema::meta::validate(schema).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    assert_eq!(shared().get("/api/v1/openapi.json").json(), document);
}

fn collect_references(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            references.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| collect_references(value, references));
        }
        Value::Array(items) => items.iter().for_each(|value| collect_references(value, references)),
        _ => {}
    }
}

/// The document with one of its schemas at the root, so that references within it hold.
fn described(path: &str, status: u16, media_type: &str) -> Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(openapi);
    let response = &DOCUMENT["paths"][path]["get"]["responses"][status.to_string()];
    let schema = &response["content"][media_type]["schema"];
    assert!(schema.is_object(), "{path} {status} {media_type} is not described");
    json!({ "allOf": [schema], "components": DOCUMENT["components"] })
}

#[track_caller]
fn holds(template: &str, path: &str, status: u16) -> Value {
    let answer = shared().get(path);
    assert_eq!(answer.status, status, "{path}: {}", answer.text());
    let media_type = answer.header("content-type");
    let validator =
        jsonschema::options().should_validate_formats(true).build(&described(template, status, media_type)).unwrap();
    let body = answer.json();
    let faults: Vec<String> =
        validator.iter_errors(&body).map(|fault| format!("{} {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{path}: {faults:#?}");
    body
}

#[test]
fn answers_are_as_described() {
    holds("/api/v1/search", "/api/v1/search?q=buergerrat", 200);
    holds("/api/v1/search", "/api/v1/search?q=rat&explain=1&lang=en", 200);
    holds("/api/v1/search", "/api/v1/search?q=rat&topci=1", 400);
    holds("/api/v1/suggest", "/api/v1/suggest?q=b%C3%BC", 200);
    holds("/api/v1/entries", "/api/v1/entries?limit=3", 200);
    for slug in [
        "buergerrat",
        "aachen-buergerrat",
        "kommunale-buergerraete-organisieren",
        "mitwirkung-2-0",
        "baenke-fuer-den-stadtteil",
    ] {
        holds("/api/v1/entries/{id}", &format!("/api/v1/entries/{slug}"), 200);
    }
    holds("/api/v1/entries/{id}", "/api/v1/entries/nein", 404);
    holds("/api/v1/entries/{id}/related", "/api/v1/entries/fishbowl/related?limit=3", 200);
    holds("/api/v1/vocabularies", "/api/v1/vocabularies", 200);
    holds("/api/v1/vocabularies/{name}", "/api/v1/vocabularies/topics", 200);
    holds("/api/v1/changes", "/api/v1/changes?since=3&limit=5", 200);
    holds("/api/v1/export.json", "/api/v1/export.json?kind=format", 200);
    holds("/livez", "/livez", 200);
    holds("/readyz", "/readyz", 200);
}

#[test]
fn the_schema_files_are_schemas() {
    for (name, schema) in schemas() {
        jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn an_answer_that_is_known_is_not_sent_again() {
    for path in [
        "/api/v1/search?q=rat",
        "/api/v1/suggest?q=r",
        "/api/v1/entries",
        "/api/v1/entries/fishbowl",
        "/api/v1/entries/fishbowl/related",
        "/api/v1/vocabularies",
        "/api/v1/vocabularies/topics",
        "/api/v1/changes",
        "/api/v1/export.csv",
        "/",
        "/suche?q=rat",
        "/eintrag/fishbowl",
    ] {
        let first = shared().get(path);
        let tag = first.header("etag");
        assert!(tag.starts_with("W/\""), "{path}: {tag}");
        assert!(first.header("cache-control").starts_with("public, max-age=60, stale-while-revalidate"), "{path}");
        for known in [tag.to_owned(), format!("\"x\", {tag}")] {
            let again = shared().send(Method::GET, path, &[("if-none-match", &known)], "");
            assert_eq!((again.status.as_u16(), again.body.len(), again.header("etag")), (304, 0, tag), "{path}");
        }
        let other = shared().send(Method::GET, path, &[("if-none-match", "W/\"anders\"")], "");
        assert_eq!(other.status, 200, "{path}");
    }
}

#[test]
fn the_validator_names_the_search_and_nothing_else() {
    let tag = |path: &str| shared().get(path).header("etag").to_owned();
    let base = tag("/api/v1/search?q=rat&kind=format,guide");
    assert_eq!(base, tag("/api/v1/search?kind=guide&kind=format&q=rat&page=1&lang=de"));
    assert_eq!(base, tag("/api/v1/search?q=rat&kind=format,guide&min_seq=1"), "min_seq waits, it does not name");
    for other in ["q=rat", "q=rat&kind=format", "q=rat&kind=format,guide&lang=en", "q=rat&kind=format,guide&page=2"] {
        assert_ne!(base, tag(&format!("/api/v1/search?{other}")), "{other}");
    }
    let explained = shared().get("/api/v1/search?q=rat&explain=1");
    assert_eq!((explained.header("cache-control"), explained.header("etag")), ("no-store", ""));
    assert!(explained.json()["hits"][0]["explanation"].is_array());
}

#[test]
fn pages_of_entries_lead_through_all_of_them() {
    let (mut path, mut seen) = ("/api/v1/entries?limit=3".to_owned(), Vec::new());
    for _ in 0..10 {
        let answer = shared().get(&path);
        let body = answer.json();
        seen.extend(body["entries"].as_array().unwrap().iter().map(|entry| entry["slug"].as_str().unwrap().to_owned()));
        match body["next"].as_str() {
            Some(next) => {
                assert!(answer.header("link").contains("rel=\"next\""));
                path = format!("/api/v1/entries?limit=3&cursor={next}");
            }
            None => break,
        }
    }
    assert_eq!(seen.len(), 8);
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 8, "each once");
}

#[test]
fn a_cursor_that_no_page_gave_does_not_begin_the_listing_anew() {
    let first = shared().get("/api/v1/entries?limit=2").json();
    let next = first["next"].as_str().unwrap().to_owned();
    let cut = &next[..next.len() - 1];
    for cursor in ["x", "2", "fishbowl", cut, &format!("{next}0"), "%00", "../1"] {
        let answer = shared().get(&format!("/api/v1/entries?limit=2&cursor={cursor}"));
        assert_eq!(answer.problem(), (400, "invalid_cursor".to_owned()), "{cursor}: {}", answer.text());
        assert_eq!(answer.json()["errors"][0]["pointer"], "/cursor");
        assert_eq!(answer.header("etag"), "");
    }
    // One that is a page's, of whatever time: the entry may be gone, the order of ids is not.
    let unknown = "ffffffff-ffff-7fff-bfff-ffffffffffff";
    for (cursor, count) in [(next.as_str(), 2), (unknown, 0)] {
        let answer = shared().get(&format!("/api/v1/entries?limit=2&cursor={cursor}"));
        let page = answer.json();
        assert_eq!((answer.status.as_u16(), page["entries"].as_array().unwrap().len()), (200, count), "{cursor}");
        assert_ne!(page["entries"], first["entries"]);
    }
}

#[test]
fn linked_data_by_accept_or_by_parameter() {
    let ask = |accept: &str, path: &str| shared().send(Method::GET, path, &[("accept", accept)], "");
    let path = "/api/v1/entries/fishbowl";
    for (accept, expected) in [
        ("application/ld+json", "application/ld+json"),
        ("application/json", "application/json"),
        ("*/*", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("application/ld+json;q=0.5, application/json", "application/json"),
        ("text/html", "application/problem+json"),
        ("application/json;q=0", "application/problem+json"),
    ] {
        assert_eq!(ask(accept, path).header("content-type"), expected, "{accept}");
    }
    assert_eq!(ask("text/html", path).problem(), (406, "not_acceptable".into()));
    let how_to = shared().get("/api/v1/entries/fishbowl?format=jsonld").json();
    assert_eq!((how_to["@type"].as_str(), how_to["name"].as_str()), (Some("HowTo"), Some("Fishbowl")));
    assert!(how_to["step"].as_array().unwrap().len() > 2);
    let event = shared().get("/api/v1/entries/aachen-buergerrat?format=jsonld").json();
    assert_eq!(event["@type"], "Event");
    assert!(shared().get(path).header("link").contains("rel=\"license\""));
}

#[test]
fn relations_are_resolved_in_both_directions() {
    let digital = shared().get("/api/v1/entries/online-fishbowl").json();
    let analog = shared().get("/api/v1/entries/fishbowl").json();
    let find = |entry: &Value, slug: &str| {
        let relations = entry["relations"].as_array().unwrap().clone();
        relations.into_iter().find(|relation| relation["slug"] == slug)
    };
    assert!(find(&digital, "fishbowl").is_some(), "{}", digital["relations"]);
    assert!(find(&analog, "online-fishbowl").is_some(), "{}", analog["relations"]);
    assert_eq!(analog["url"], "/eintrag/fishbowl");
}

#[test]
fn exports_hold_what_the_search_finds() {
    let total = shared().get("/api/v1/search?kind=format").json()["total"].as_u64().unwrap();
    assert_eq!(total, 4);
    let lines = shared().get("/api/v1/export.ndjson?kind=format");
    let slugs: Vec<Value> =
        lines.text().lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["slug"].clone()).collect();
    assert_eq!(slugs.len(), 4);
    let document = shared().get("/api/v1/export.json?kind=format").json();
    assert_eq!(document["entries"].as_array().unwrap().len(), 4);
    let table = shared().get("/api/v1/export.csv?kind=format");
    assert!(table.body.starts_with(b"\xef\xbb\xbfid;kind;"), "a BOM and semicolons");
    assert_eq!(table.header("content-disposition"), "attachment; filename=\"mitmachbox.csv\"");
    let rows = ::csv::ReaderBuilder::new().delimiter(b';').from_reader(&table.body[3..]).into_records().count();
    assert_eq!(rows, 4);
    for answer in [lines, table] {
        assert!(answer.header("link").contains("rel=\"license\""));
    }
}

#[test]
fn no_cell_is_a_formula() {
    for (cell, expected) in [
        ("=1+1", "'=1+1"),
        ("+49 231", "'+49 231"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1", "'＝1"),
        ("World Café", "World Café"),
        ("a=b", "a=b"),
        ("", ""),
    ] {
        assert_eq!(csv::harmless(cell.into()), expected);
    }
}

#[test]
fn json_in_a_page_cannot_end_its_block() {
    let json = json!({ "name": "</script><script>alert(1)</script><!-- & \u{2028}" });
    let text = json_ld::script_safe(&json);
    assert!(!text.contains(['<', '>', '&', '\u{2028}']), "{text}");
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), json);
}
