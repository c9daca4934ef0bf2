use mitmachbox::exchange::files::{FileError, name_of, parse, path_of, write};
use mitmachbox::exchange::{bundled, export, seed};
use mitmachbox::model::entry::Entry;
use mitmachbox::model::kind::Kind;
use mitmachbox::model::shape;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::curate::support::{now, open};

fn entry(content: &Value) -> Entry {
    shape::check(content).unwrap_or_else(|problems| panic!("{problems:?}"));
    Entry::from_checked(content).unwrap()
}

/// The text of the content and the content of that text.
fn round(content: &Value) -> (String, Entry) {
    let before = entry(content);
    let text = write(&before);
    let read = parse(before.kind(), &before.common.slug, &text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let after = entry(&read);
    assert_eq!(after, before, "\n{text}");
    assert_eq!(write(&after), text);
    (text, after)
}

#[test]
fn the_canonical_text() {
    let (text, _) = round(&json!({
        "kind": "format", "slug": "runde", "title": "Die \"Runde\"",
        "summary": "Zwei\nZeilen", "keywords": ["a", "b"], "featured": true, "reviewed_on": "2026-11-23",
        "fits_when": ["x".repeat(60), "y".repeat(60)],
        "participants_min": 5,
        "sources": [{ "title": "Eins", "accessed_on": "2026-01-02" }, { "title": "Zwei", "year": 2020 }],
        "invented": { "people": ["Frau X"], "year": -500 },
        "body": "Erster Absatz.\n\n## Zweiter\n",
    }));
    let expected = format!(
        r#"+++
title = "Die \"Runde\""
summary = """
Zwei
Zeilen"""
keywords = ["a", "b"]
featured = true
reviewed_on = 2026-11-23
participants_min = 5
fits_when = [
  "{}",
  "{}",
]

[[sources]]
title = "Eins"
accessed_on = 2026-01-02

[[sources]]
title = "Zwei"
year = 2020

[invented]
people = ["Frau X"]
year = -500
+++
Erster Absatz.

## Zweiter

"#,
        "x".repeat(60),
        "y".repeat(60)
    );
    assert_eq!(text, expected);
}

#[test]
fn awkward_texts_survive() {
    for text in [
        "",
        " ",
        "\\",
        "\"",
        "\"\"\"",
        "\n",
        "a\n",
        "\na",
        "a\n\"\"\"\n\"",
        "ends in a quote\n\"",
        "five \"\"\"\"\" quotes\n",
        "a\\\nb",
        "+++",
        "a\n+++\nb",
        "tab\tand\u{7f}\u{0}control\u{85}\n\r\nreturn",
        "„Bürger*innen“ – 20–30 €\u{202f}…\n",
    ] {
        for field in ["summary", "body", "accessibility_notes"] {
            let mut content = json!({ "kind": "format", "slug": "x", "title": "x" });
            content[field] = text.into();
            let (_, read) = round(&content);
            let found = read.to_json().get(field).and_then(Value::as_str).unwrap_or("").to_owned();
            assert_eq!(found, text, "{field}");
        }
    }
}

proptest! {
    #[test]
    fn any_text_survives(
        summary in "\\PC{0,40}|[\"\\\\\n+ a\t\r]{0,30}",
        body in "(\\PC|[\"\\\\\n+\r]){0,60}",
        keywords in prop::collection::vec("(\\PC|[\"\\\\\n]){1,60}", 0..5),
        lat in -90.0..90.0f64,
    ) {
        round(&json!({
            "kind": "best_practice", "slug": "x", "title": "x", "summary": summary, "body": body,
            "keywords": keywords, "location": { "lat": lat, "lon": 7 },
        }));
    }
}

#[test]
fn what_is_no_entry_is_refused_with_its_line() {
    let toml = |text: &str| match parse(Kind::Format, "x", text) {
        Err(FileError::Toml { line, .. }) => line,
        other => panic!("{other:?}"),
    };
    assert_eq!(toml("+++\ntitle = \"a\"\nsummary = b\n+++\n"), 3);
    assert_eq!(toml("+++\ntitle = \"a\"\n\ntitle = \"b\"\n+++\n"), 4);
    for (text, expected) in [
        ("", FileError::Fence { line: 1 }),
        ("title = 1\n", FileError::Fence { line: 1 }),
        ("+++\r\n+++\r\n", FileError::Fence { line: 1 }),
        ("+++\ntitle = \"a\"\n++++\n", FileError::Fence { line: 3 }),
        ("+++\nkind = \"format\"\n+++\n", FileError::Reserved("kind".into())),
        ("+++\nbody = \"x\"\n+++\n", FileError::Reserved("body".into())),
        ("+++\nreviewed_on = 2026-11-23T10:00:00Z\n+++\n", FileError::Value("reviewed_on".into())),
        ("+++\nlocation = { lat = nan }\n+++\n", FileError::Value("location".into())),
    ] {
        assert_eq!(parse(Kind::Format, "x", text), Err(expected), "{text:?}");
    }
    assert_eq!(parse(Kind::Format, "x", "+++\n+++"), Ok(json!({ "kind": "format", "slug": "x" })));
}

#[test]
fn the_path_says_kind_and_slug() {
    assert_eq!(name_of("best_practice/a-b.md"), Ok((Kind::BestPractice, "a-b".to_owned())));
    assert_eq!(path_of(Kind::BestPractice, "a-b"), "best_practice/a-b.md");
    for wrong in
        ["a.md", "format/a.txt", "formats/a.md", "format/A.md", "format/x/a.md", "../format/a.md", "format/.md"]
    {
        assert_eq!(name_of(wrong), Err(FileError::Path), "{wrong}");
    }
}

#[test]
fn the_shipped_collection_is_canonical_and_comes_out_as_it_went_in() {
    let dir = tempfile::tempdir().unwrap();
    let clock = mitmachbox::clock::Clock::fixed(now());
    let store = open(&dir.path().join("data"), clock.clone());
    seed::seed(&store, &clock, |_, _| {}).unwrap();
    let out = dir.path().join("out");
    let shipped = bundled::entries().unwrap();
    let report = export::folder(&store, export::Selection::Published, &out).unwrap();
    assert_eq!((report.written, report.unchanged), (shipped.len(), 0));
    let different: Vec<String> = shipped
        .iter()
        .map(|entry| (path_of(entry.kind, &entry.slug), &entry.text))
        .filter(|(path, text)| std::fs::read_to_string(out.join(path)).unwrap() != **text)
        .map(|(path, _)| path)
        .collect();
    assert!(
        different.is_empty(),
        "not canonical: {different:?}\nmitmachbox export --format files --out index-data/entries writes them anew"
    );
    let again = export::folder(&store, export::Selection::Published, &out).unwrap();
    assert_eq!((again.written, again.unchanged), (0, shipped.len()));
}
