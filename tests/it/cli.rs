//! The command line: its definition, and the program as a process.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use clap::CommandFactory;
use mitmachbox::cli::Cli;
use serde_json::Value;

#[test]
fn the_definition_is_sound() {
    Cli::command().debug_assert();
}

/// Runs the program in a directory of its own, with `data` as data directory.
fn mitmachbox(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mitmachbox"))
        .args(args)
        .current_dir(dir)
        .env("MITMACHBOX__DATA__DIR", dir.join("data"))
        .output()
        .unwrap()
}

fn good(dir: &Path, args: &[&str]) -> String {
    let output = mitmachbox(dir, args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What it complained of.
fn bad(dir: &Path, args: &[&str]) -> String {
    let output = mitmachbox(dir, args);
    assert_eq!(output.status.code(), Some(1), "{args:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_collection_goes_out_and_in() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    good(dir, &["export", "--format", "files", "--out", "entries"]);
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("index-data/entries");
    let text = |root: &Path| fs::read_to_string(root.join("format/world-cafe.md")).unwrap();
    assert_eq!(text(&dir.join("entries")), text(&shipped));

    let lines = good(dir, &["export"]);
    let entries: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(entries.len() >= 60);
    good(dir, &["export", "--format", "json", "--out", "all.json"]);
    let array: Vec<Value> = serde_json::from_slice(&fs::read(dir.join("all.json")).unwrap()).unwrap();
    assert_eq!(array, entries);

    let answer = good(dir, &["import", "all.json", "--publish"]);
    assert_eq!(answer, format!("{0} records: 0 new, 0 updated, {0} unchanged\n", entries.len()));
    let answer = good(dir, &["import", "entries", "--data-dir", "other", "--without-seed", "--publish", "--dry-run"]);
    assert!(answer.starts_with(&format!("{0} records: {0} new", entries.len())), "{answer}");

    fs::write(dir.join("bad.ndjson"), "{\"kind\": \"format\", \"title\": \"x\", \"titel\": 1}\nnonsense\n").unwrap();
    let complaint = bad(dir, &["import", "bad.ndjson"]);
    assert!(complaint.contains("bad.ndjson: line 1: /titel: "), "{complaint}");
    assert!(complaint.contains("bad.ndjson: line 2: no JSON"), "{complaint}");
    assert!(bad(dir, &["import", "missing.ndjson", "--data-dir", "nowhere"]).contains("missing.ndjson"));
    assert!(!dir.join("nowhere").exists(), "a mistyped name makes no data directory");
    assert!(bad(dir, &["export", "--format", "files"]).contains("--out"));

    let answer = good(dir, &["reindex"]);
    assert!(answer.starts_with(&format!("The index holds {} entries", entries.len())), "{answer}");
    let answer = good(dir, &["check"]);
    assert!(answer.contains("store    good") && answer.contains("entries  good"), "{answer}");
}

#[test]
fn tokens_are_made_listed_and_revoked() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let secret = good(dir, &["token", "create", "--role", "editor", "--name", "Frau X", "--expires-in-days", "30"]);
    assert!(secret.starts_with("mb_") && secret.trim().len() == 67, "nothing but the secret: {secret}");
    let list = good(dir, &["token", "list"]);
    assert!(list.contains("Frau X") && list.contains("editor") && list.contains("until "), "{list}");
    assert!(!list.contains(secret.trim()));
    good(dir, &["token", "revoke", "Frau X"]);
    assert!(good(dir, &["token", "list"]).contains("revoked "));
    assert!(bad(dir, &["token", "revoke", "Frau X"]).contains("no token"));
    let output = mitmachbox(dir, &["token", "create", "--role", "king", "--name", "x"]);
    assert_eq!(output.status.code(), Some(2), "clap's own code for wrong usage");
}

#[test]
fn a_backup_restores_elsewhere() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    assert!(bad(dir, &["backup", "create", "copy"]).contains("there is no store"));
    good(dir, &["token", "create", "--role", "editor", "--name", "x"]);
    good(dir, &["backup", "create", "copy"]);
    assert!(good(dir, &["backup", "verify", "copy"]).contains("good"));
    good(dir, &["backup", "restore", "copy", "--data-dir", "other"]);
    assert_eq!(good(dir, &["export"]), good(dir, &["export", "--data-dir", "other"]));
    assert_eq!(good(dir, &["token", "list"]), good(dir, &["token", "list", "--data-dir", "other"]));
    assert!(bad(dir, &["backup", "restore", "copy", "--data-dir", "other"]).contains("exists"));
    let log = dir.join("copy/log.jsonl");
    let mut bytes = fs::read(&log).unwrap();
    bytes[100] ^= 1;
    fs::write(&log, bytes).unwrap();
    assert!(bad(dir, &["backup", "verify", "copy"]).contains("damaged"));
}

#[test]
fn who_needs_the_data_directory_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let store = crate::curate::support::open(&data, mitmachbox::clock::Clock::system());
    let complaint = bad(dir.path(), &["token", "list"]);
    assert!(complaint.contains("stop the server first") && complaint.contains("another process"), "{complaint}");
    store.close();
    good(dir.path(), &["token", "list"]);
}

#[test]
fn settings_are_checked_and_printed() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    good(dir, &["config", "check"]);
    assert!(good(dir, &["config", "print", "--effective", "--listen", "127.0.0.1:9"]).contains("127.0.0.1:9"));
    fs::write(dir.join("bad.toml"), "[server]\nlisten = \"127.0.0.1:1\"\nlistne = 1\n").unwrap();
    assert!(bad(dir, &["config", "check", "--config", "bad.toml"]).contains("bad.toml:3"));
    assert!(!dir.join("data").exists(), "neither opens the store");
}

#[test]
fn schemas_are_written_and_checked() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    assert!(bad(dir, &["schema", "--check"]).contains("not up to date"));
    assert!(good(dir, &["schema"]).contains("openapi.json"));
    good(dir, &["schema", "--check"]);
}

#[test]
fn judged_entries_are_measured_and_two_runs_compared() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let entries =
        ["Bürgerrat", "Bürgerhaushalt"].map(|title| format!("{}\n", crate::curate::support::content("idea", title)));
    fs::write(dir.join("entries.ndjson"), entries.concat()).unwrap();
    fs::create_dir(dir.join("judged")).unwrap();
    fs::write(dir.join("judged/queries.tsv"), "1\tBürger:innenrat\n").unwrap();
    fs::write(dir.join("judged/qrels.txt"), "1 0 buergerrat 1\n").unwrap();
    assert!(bad(dir, &["eval", "judged"]).contains("docs.jsonl"));
    let measured = good(dir, &["eval", "judged", "--entries", "entries.ndjson", "--baseline", "--json", "a.json"]);
    assert!(measured.contains("judged") && measured.contains("Lucene-like baseline"), "{measured}");
    let report: Value = serde_json::from_slice(&fs::read(dir.join("a.json")).unwrap()).unwrap();
    assert_eq!(report["collections"][0]["by_query"]["1"]["ndcg_10"], 1.0);
    assert_eq!(report["collections"][0]["documents"], 2);
    let compared = good(dir, &["eval", "--compare", "a.json", "a.json"]);
    assert!(compared.contains("1.0000 ->  1.0000 +0.0000 [+0.0000, +0.0000]"), "{compared}");
    fs::write(dir.join("judged/cuts.tsv"), "Rathaus Rat|Haus").unwrap();
    let complaint =
        bad(dir, &["eval", "judged", "--entries", "entries.ndjson", "--perturb", "--compounds", "judged/cuts.tsv"]);
    assert!(complaint.contains("cuts.tsv") && complaint.contains("line 1"), "{complaint}");
}

#[test]
fn a_collection_is_linted() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let answer = good(dir, &["check", "--corpus"]);
    assert!(answer.contains("The collection: ") && answer.contains("\n0 errors, "), "{answer}");
    fs::create_dir_all(dir.join("entries/idea")).unwrap();
    fs::write(dir.join("entries/idea/a.md"), "+++\ntitle = \"Geht's\"\n+++\n").unwrap();
    fs::write(dir.join("entries/idea/b.md"), "nothing").unwrap();
    let output = mitmachbox(dir, &["check", "--corpus", "entries"]);
    let answer = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{answer}");
    assert!(answer.contains("error idea/a.md: /summary ") && answer.contains("error idea/b.md: "), "{answer}");
    assert!(bad(dir, &["check", "--corpus", "nowhere"]).contains("nowhere"));
    assert!(!dir.join("data").exists(), "the lint opens no store");
}

#[test]
fn licences_name_the_three_works() {
    let text = good(tempfile::tempdir().unwrap().path(), &["licences"]);
    for part in ["EUPL-1.2", "CC BY 4.0", "Attribution-ShareAlike 4.0"] {
        assert!(text.contains(part), "{text}");
    }
}
