//! The checked-in schemas, and our check against a full implementation of JSON Schema.

use std::path::Path;

use mitmachbox::cli::schema::files;
use mitmachbox::exchange::bundled;
use mitmachbox::model::kind::Kind;
use mitmachbox::model::{schema, shape};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

#[test]
fn the_checked_in_schemas_are_the_generated_ones() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    let files = files();
    for (name, text) in &files {
        let found = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(found == *text, "schemas/{name} is not up to date: mitmachbox schema");
    }
    let mut names: Vec<String> = files.into_iter().map(|(name, _)| name).collect();
    names.sort();
    let found = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut found: Vec<String> = found.collect();
    found.sort();
    assert_eq!(found, names, "schemas/ holds the generated files and no others");
}

#[test]
fn every_schema_is_a_schema() {
    for (name, text) in files() {
        // OpenAPI is a form of its own; its schemas are the same as those beside it.
        if name.ends_with(".schema.json") {
            let schema: Value = serde_json::from_str(&text).unwrap();
            jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }
}

fn validators() -> &'static [jsonschema::Validator] {
    static ALL: std::sync::LazyLock<Vec<jsonschema::Validator>> = std::sync::LazyLock::new(|| {
        let build =
            |kind: &Kind| jsonschema::options().should_validate_formats(true).build(schema::of_kind(*kind)).unwrap();
        Kind::ALL.iter().map(build).collect()
    });
    &ALL
}

/// Whether a whole number is written with a fraction: an integer for JSON Schema, none for us (and for serde).
fn has_whole_fraction(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64() && number.as_f64().is_some_and(|number| number.fract() == 0.0),
        Value::Array(items) => items.iter().any(has_whole_fraction),
        Value::Object(fields) => fields.values().any(has_whole_fraction),
        _ => false,
    }
}

/// Both verdicts are the same.
fn agree(content: &Value) -> Result<(), String> {
    if has_whole_fraction(content) {
        return Ok(());
    }
    let kind = content.get("kind").and_then(Value::as_str).and_then(Kind::from_id);
    // Which of the five schemas to use is decided by `kind` alone.
    let Some(kind) = kind else {
        return shape::check(content).map(|_| ()).map_or(Ok(()), |()| Err("no kind, but no problem".into()));
    };
    let validator = &validators()[kind as usize];
    match (shape::check(content), validator.is_valid(content)) {
        (Ok(_), true) | (Err(_), false) => Ok(()),
        (Ok(_), false) => {
            let errors: Vec<String> =
                validator.iter_errors(content).map(|e| format!("{}: {e}", e.instance_path())).collect();
            Err(format!("we accept what the schema refuses: {errors:?}\n{content}"))
        }
        (Err(problems), true) => Err(format!("we refuse what the schema accepts: {problems:?}\n{content}")),
    }
}

#[test]
fn every_shipped_entry_fits_its_schema() {
    for entry in bundled::entries().unwrap() {
        assert!(shape::check(&entry.content).is_ok(), "{}", entry.slug);
        agree(&entry.content).unwrap();
    }
}

#[test]
fn both_checks_see_the_same_in_samples() {
    let disagreements: Vec<String> = [
        json!({ "title": null }),
        json!({ "subtitle": null }),
        json!({ "title": "x".repeat(160) }),
        json!({ "title": "ü".repeat(161) }),
        json!({ "topics": ["a", "a"] }),
        json!({ "topics": [""] }),
        json!({ "keywords": vec!["x"; 25] }),
        json!({ "participants_min": 1.5 }),
        json!({ "participants_min": -1 }),
        json!({ "participants_min": 4_294_967_296_u64 }),
        json!({ "kind": "best_practice", "participants_actual": 4_294_967_296_u64 }),
        json!({ "kind": "best_practice", "cost_eur_actual": 4_294_967_296_u64 }),
        json!({ "kind": "best_practice", "participants_online": i64::MAX }),
        json!({ "kind": "best_practice", "invited_count": -1 }),
        json!({ "kind": "best_practice", "state": "DE-NW" }),
        json!({ "reviewed_on": "2026-02-30" }),
        json!({ "reviewed_on": "2026-2-3" }),
        json!({ "reviewed_on": "20260203" }),
        json!({ "reviewed_on": "+002026-02-03" }),
        json!({ "reviewed_on": "2026-02-03T00:00" }),
        json!({ "reviewed_on": " 2026-02-03" }),
        json!({ "openness": null }),
        json!({ "openness": "open" }),
        json!({ "openness": 1 }),
        json!({ "invented": {} }),
        json!({ "invented": { "year": 2201 } }),
        json!({ "invented": { "who": "x" } }),
        json!({ "plain_language": { "text": "x" } }),
        json!({ "attachments": [{ "bytes": -1 }] }),
        json!({ "image": [] }),
        json!({ "relations": [{ "type": "follows", "target": "" }] }),
        json!({ "kind": "format", "nonsense": 1 }),
        json!({ "featured": "yes" }),
        json!({ "contact": { "office": "x", "email": "a b@c.de" } }),
    ]
    .iter()
    .filter_map(|change| {
        let mut content = json!({ "kind": "format", "title": "Runde" });
        content.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        agree(&content).err()
    })
    .collect();
    assert!(disagreements.is_empty(), "{disagreements:#?}");
}

/// Places in a value, deepest last.
fn pointers(value: &Value, here: String, all: &mut Vec<String>) {
    all.push(here.clone());
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, format!("{here}/{index}"), all);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                pointers(field, format!("{here}/{name}"), all);
            }
        }
        _ => {}
    }
}

fn mutation() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u32>().prop_map(Value::from),
        (0u32..30).prop_map(Value::from),
        (-100.0..3000.0f64).prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        "[a-z0-9-]{0,12}".prop_map(Value::from),
        "https?://[a-z]{1,5}".prop_map(Value::from),
        "[12][0-9]{3}(-[01][0-9](-[0-3][0-9])?)?".prop_map(Value::from),
        "[a-z]{290,310}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        prop::collection::vec("[a-z]{0,3}", 0..30).prop_map(Value::from),
        Just(json!([{ "title": "x" }])),
        Just(json!({ "title": "x", "url": "http://x" })),
        prop::sample::select(vec!["open", "none", "format", "analog", "follows", "leicht", "yes"])
            .prop_map(Value::from),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// Real entries with one to three places changed: replaced, removed, or given a further field.
    #[test]
    fn both_checks_see_the_same_in_mutants(
        which in any::<Index>(),
        changes in prop::collection::vec((any::<Index>(), mutation(), 0..4u8, any::<Index>()), 1..4),
    ) {
        static ENTRIES: std::sync::LazyLock<Vec<Value>> = std::sync::LazyLock::new(|| {
            bundled::entries().unwrap().into_iter().map(|entry| entry.content).collect()
        });
        let mut content = which.get(&ENTRIES).clone();
        for (place, value, how, field) in changes {
            let mut all = Vec::new();
            pointers(&content, String::new(), &mut all);
            let pointer = place.get(&all).clone();
            match content.pointer_mut(&pointer) {
                Some(Value::Object(fields)) if how == 0 => {
                    let name = fields.keys().nth(field.index(fields.len().max(1))).cloned();
                    if let Some(name) = name {
                        fields.remove(&name);
                    }
                }
                Some(Value::Object(fields)) if how < 3 => {
                    let kind = *field.get(Kind::ALL);
                    let names: Vec<&str> = schema::fields(kind).collect();
                    fields.insert((*field.get(&names)).to_owned(), value);
                }
                Some(target) => *target = value,
                None => {}
            }
        }
        prop_assert_eq!(agree(&content), Ok(()));
    }
}
