use std::fs;
use std::path::{Path, PathBuf};

use mitmachbox::exchange::export::{self, Form, Selection};
use mitmachbox::exchange::import::{ImportError, ImportOptions, ImportReport, import};
use mitmachbox::exchange::seed;
use mitmachbox::model::record::{Origin, State};
use mitmachbox::store::Store;
use serde_json::{Value, json};

use crate::curate::support::{Desk, content, desk, now, open};

const DRAFTS: ImportOptions = ImportOptions { dry_run: false, publish: false };
const PUBLISH: ImportOptions = ImportOptions { dry_run: false, publish: true };

fn file(desk_dir: &Path, text: &str) -> PathBuf {
    let path = desk_dir.join("import.ndjson");
    fs::write(&path, text).unwrap();
    path
}

fn run(desk: &Desk, text: &str, options: ImportOptions) -> Result<ImportReport, ImportError> {
    let dir = tempfile::tempdir().unwrap();
    import(&desk.store, &desk.clock, &file(dir.path(), text), options, |_| {})
}

fn faults(answer: Result<ImportReport, ImportError>) -> Vec<String> {
    match answer {
        Err(ImportError::Invalid(faults)) => faults.iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

fn lines(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

fn stream(store: &Store, which: Selection, form: Form) -> String {
    let mut out = Vec::new();
    export::stream(store, which, form, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn every_bad_line_is_named_and_nothing_is_written() {
    let desk = desk();
    let head = desk.store.head();
    let mut term = content("format", "Zwei");
    term["topics"] = json!(["verker"]);
    let text = format!(
        "{}\n\n{{\"kind\": \"format\", }}\n{}\n7\n{}\n{}\n{}\n",
        content("format", "Eins"),
        term,
        content("format", "eins"),
        json!({ "kind": "format" }),
        json!({ "kind": "format", "id": "x", "title": "y" }),
    );
    let found = faults(run(&desk, &text, DRAFTS));
    assert_eq!(
        found,
        [
            "line 3: no JSON: trailing comma (column 20)",
            "line 5: neither id nor slug nor a title to make a slug from",
            "line 6: the entry eins stands in the source twice",
            "line 7: neither id nor slug nor a title to make a slug from",
            "line 8: /id: the id is no UUID",
            "line 4: /topics/0: The vocabulary topics has no term \"verker\". Perhaps verkehr is meant.",
        ]
    );
    assert_eq!(desk.store.head(), head, "nothing was written");
}

#[test]
fn an_array_names_lines_too() {
    let desk = desk();
    let good = serde_json::to_string_pretty(&content("format", "Eins")).unwrap();
    let many_lines = good.lines().count();
    let text = format!("\u{feff}[\n{good},\n  {{\"kind\": \"nix\", \"title\": \"x\"}}\n]\n");
    let found = faults(run(&desk, &text, DRAFTS));
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with(&format!("line {}: /kind: ", many_lines + 2)), "{found:?}");
    for (text, expected) in [
        ("[\n{\"kind\": 1}\n{}]", "line 2: a comma or the end of the array is missing after it"),
        ("[\n{\"kind\": }]", "line 2: no JSON: expected value (column 10)"),
        ("[{}", "line 1: a comma or the end of the array is missing after it"),
        ("[", "line 1: the array does not end"),
        ("[] x", "line 1: something follows the array"),
    ] {
        let found = faults(run(&desk, text, DRAFTS));
        assert!(found.iter().any(|fault| fault == expected), "{text}: {found:?}");
    }
    assert_eq!(run(&desk, "[]", DRAFTS).unwrap(), ImportReport::default());
    assert_eq!(run(&desk, "", DRAFTS).unwrap(), ImportReport::default());
}

#[test]
fn an_import_can_be_repeated_and_updates() {
    let desk = desk();
    let text = lines(&[content("format", "Eins"), content("guide", "Zwei")]);
    let dry = ImportOptions { dry_run: true, publish: false };
    let expected = ImportReport { records: 2, created: 2, updated: 0, unchanged: 0 };
    let head = desk.store.head();
    assert_eq!(run(&desk, &text, dry).unwrap(), expected);
    assert_eq!(desk.store.head(), head, "a dry run writes nothing");
    assert_eq!(run(&desk, &text, DRAFTS).unwrap(), expected);
    let id = desk.store.id_of_slug("eins").unwrap().unwrap();
    let record = desk.store.entry(id).unwrap().unwrap();
    assert_eq!((record.state, record.origin), (State::Draft, Origin::Import));

    assert_eq!(run(&desk, &text, DRAFTS).unwrap().unchanged, 2);
    let mut changed = content("format", "Uno");
    changed["slug"] = json!("eins");
    let text = lines(&[changed.clone(), content("guide", "Zwei")]);
    let report = run(&desk, &text, DRAFTS).unwrap();
    assert_eq!(report, ImportReport { records: 2, created: 0, updated: 1, unchanged: 1 });

    let report = run(&desk, &text, PUBLISH).unwrap();
    assert_eq!(report, ImportReport { records: 2, created: 0, updated: 2, unchanged: 0 });
    assert_eq!(run(&desk, &text, PUBLISH).unwrap().unchanged, 2);
    let record = desk.store.entry(id).unwrap().unwrap();
    assert_eq!(record.state, State::Published);
    assert_eq!(desk.store.content(id, record.revision).unwrap().unwrap()["title"], "Uno");

    // As a draft over a published entry: the public keeps what it has.
    changed["title"] = json!("Due");
    run(&desk, &lines(&[changed]), DRAFTS).unwrap();
    let edited = desk.store.entry(id).unwrap().unwrap();
    assert_eq!((edited.published, edited.state), (record.published, State::Draft));
    desk.store.verify_all().unwrap();
}

#[test]
fn records_may_name_each_other_in_any_order() {
    let desk = desk();
    let mut first = content("format", "Eins");
    first["relations"] = json!([{ "type": "follows", "target": "zwei" }]);
    let mut alone = content("format", "Drei");
    alone["relations"] = json!([{ "type": "follows", "target": "vier" }]);
    let found = faults(run(&desk, &lines(&[first.clone(), content("format", "Zwei"), alone]), PUBLISH));
    assert_eq!(found, ["line 3: /relations/0/target: There is no entry \"vier\"."]);
    run(&desk, &lines(&[first, content("format", "Zwei")]), PUBLISH).unwrap();
    let one = desk.store.id_of_slug("eins").unwrap().unwrap();
    let two = desk.store.id_of_slug("zwei").unwrap().unwrap();
    let record = desk.store.entry(one).unwrap().unwrap();
    let stored = desk.store.content(one, record.revision).unwrap().unwrap();
    assert_eq!(stored["relations"][0]["target"], two.to_string());
}

#[test]
fn an_entry_that_the_store_would_refuse_is_named_before_anything_is_written() {
    let desk = desk();
    let mut large = content("best_practice", "Groß");
    large["body"] = json!("€".repeat(24_000));
    let found = faults(run(&desk, &lines(&[content("format", "Eins"), large]), DRAFTS));
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("line 2: the entry has 7"), "{found:?}");
}

#[test]
fn what_is_exported_imports_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let clock = mitmachbox::clock::Clock::fixed(now());
    let store = open(&dir.path().join("data"), clock.clone());
    seed::seed(&store, &clock, |_, _| {}).unwrap();
    let files = dir.path().join("files");
    export::folder(&store, Selection::Published, &files).unwrap();
    for (form, which) in [
        (Some(Form::JsonLines), Selection::Published),
        (Some(Form::JsonArray), Selection::Published),
        (Some(Form::JsonLines), Selection::All),
        (None, Selection::Published),
    ] {
        let desk = desk();
        let source = match form {
            Some(form) => file(dir.path(), &stream(&store, which, form)),
            None => files.clone(),
        };
        let report = import(&desk.store, &desk.clock, &source, PUBLISH, |_| {}).unwrap();
        assert_eq!(report.created, report.records);
        let exported = tempfile::tempdir().unwrap();
        export::folder(&desk.store, Selection::Published, exported.path()).unwrap();
        // Files name no ids, so they are what can be compared whatever the way.
        let report = export::folder(&store, Selection::Published, exported.path()).unwrap();
        assert_eq!(report.written, 0, "{form:?} {which:?}");
        if form.is_some() {
            let ids = |store: &Store| -> Vec<_> {
                store.entries(None, 1_000).unwrap().into_iter().map(|record| (record.id, record.slug)).collect()
            };
            assert_eq!(ids(&desk.store), ids(&store));
        }
    }
}

#[test]
fn progress_reaches_its_end() {
    use mitmachbox::exchange::import::Progress;
    let desk = desk();
    let dir = tempfile::tempdir().unwrap();
    let path = file(dir.path(), &lines(&[content("format", "Eins"), content("guide", "Zwei")]));
    let mut seen = Vec::new();
    import(&desk.store, &desk.clock, &path, DRAFTS, |progress| seen.push(progress)).unwrap();
    assert_eq!(seen, [Progress::Checking(1, 2), Progress::Checking(2, 2), Progress::Writing(2, 2)]);
}
