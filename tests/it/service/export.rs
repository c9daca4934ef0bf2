//! The data as other systems take it: exports, the list of entries, vocabularies, the description of the API.

use std::collections::BTreeSet;

use serde_json::Value;

use super::host::{Service, text};

fn ids<'a>(entries: impl IntoIterator<Item = &'a Value>) -> BTreeSet<String> {
    entries.into_iter().map(|entry| text(&entry["id"])).collect()
}

#[test]
fn three_forms_of_one_export() {
    let service = Service::shared();
    for query in ["", "?kind=guide", "?q=jugend&format_type=analog", "?q=zzzzzz&verbatim=relaxed"] {
        let lines = service.get(&format!("/api/v1/export.ndjson{query}"));
        assert_eq!(lines.header("content-type"), Some("application/x-ndjson"), "{query}");
        let entries: Vec<Value> = lines
            .text()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
            .collect();
        let json = service.json(&format!("/api/v1/export.json{query}"));
        assert_eq!(json["entries"].as_array(), Some(&entries), "{query}");
        assert!(text(&json["license"]).contains("creativecommons.org"), "{query}");

        let table = service.get(&format!("/api/v1/export.csv{query}"));
        assert!(table.header("content-type").is_some_and(|media_type| media_type.starts_with("text/csv")), "{query}");
        assert!(table.body.starts_with("\u{feff}".as_bytes()), "{query}: spreadsheets need the mark");
        let text_of_table = table.text();
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(b';')
            .from_reader(text_of_table.trim_start_matches('\u{feff}').as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), entries.len(), "{query}");

        let mut filters = query.replacen('?', "&", 1);
        filters.insert_str(0, "per_page=1&facets=none");
        let total = service.json(&format!("/api/v1/search?{filters}"))["total"].as_u64();
        assert_eq!(total, Some(entries.len() as u64), "{query}");
    }
}

#[test]
fn the_list_of_entries_is_whole_and_without_repeats() {
    let service = Service::shared();
    let (mut seen, mut count, mut path) = (BTreeSet::new(), 0, "/api/v1/entries?limit=17".to_owned());
    loop {
        let page = service.json(&path);
        let entries = page["entries"].as_array().cloned().unwrap_or_default();
        count += entries.len();
        seen.append(&mut ids(&entries));
        let Some(next) = page["next"].as_str() else { break };
        assert!(count < 10_000, "the list does not end");
        path = format!("/api/v1/entries?limit=17&cursor={next}");
    }
    assert_eq!(seen.len(), count);
    let export = service.json("/api/v1/export.json");
    assert_eq!(ids(export["entries"].as_array().into_iter().flatten()), seen);
}

#[test]
fn an_entry_is_the_same_by_id_by_slug_and_in_the_export() {
    let service = Service::shared();
    let by_slug = service.json("/api/v1/entries/buergerrat");
    let by_id = service.json(&format!("/api/v1/entries/{}", text(&by_slug["id"])));
    let export = service.json("/api/v1/export.json?ids=buergerrat");
    assert_eq!(by_slug, by_id);
    assert_eq!(by_slug, export["entries"][0]);
    let linked = service.get_with("/api/v1/entries/buergerrat", &[("accept", "application/ld+json")]);
    assert_eq!(linked.header("content-type"), Some("application/ld+json"));
    assert!(linked.json()["@context"].is_string() || linked.json()["@context"].is_object(), "{}", linked.text());
    let refused = service.get_with("/api/v1/entries/buergerrat", &[("accept", "image/png")]);
    assert_eq!(refused.status, 406);
}

#[test]
fn filters_take_terms_of_the_vocabularies() {
    let service = Service::shared();
    let vocabularies = service.json("/api/v1/vocabularies");
    let mut asked = 0;
    for vocabulary in vocabularies["vocabularies"].as_array().into_iter().flatten() {
        let whole = service.json(&format!("/api/v1/vocabularies/{}", text(&vocabulary["name"])));
        let terms = whole["terms"].as_array().cloned().unwrap_or_default();
        assert_eq!(Some(terms.len() as u64), vocabulary["terms"].as_u64(), "{}", vocabulary["name"]);
        let (Some(parameter), Some(term)) = (vocabulary["parameter"].as_str(), terms.first()) else { continue };
        // This one takes a number of people; its terms are for reading.
        if parameter == "participants" {
            continue;
        }
        service.json(&format!("/api/v1/search?facets=none&per_page=1&{parameter}={}", text(&term["id"])));
        asked += 1;
    }
    assert!(asked >= 5, "{asked} vocabularies have a facet");
    let problem = service.get("/api/v1/vocabularies/topic").json();
    assert!(text(&problem["detail"]).contains("topics"), "{problem}");
}

#[test]
fn the_description_of_the_api_names_what_it_answers() {
    let service = Service::shared();
    let document = service.json("/api/v1/openapi.json");
    assert!(text(&document["openapi"]).starts_with("3.1"));
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        if !methods.as_object().is_some_and(|methods| methods.contains_key("get")) {
            continue;
        }
        let path = path.replace("{id}", "buergerrat").replace("{name}", "topics");
        let status = service.get(&path).status;
        let expected: &[u16] = if path.contains("/staff/") { &[401] } else { &[200] };
        assert!(expected.contains(&status), "{path}: {status}");
    }
}
