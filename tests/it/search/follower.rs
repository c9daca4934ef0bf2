//! The follower: what is public is found, what is not is nowhere, and the index can be lost at any time.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use mitmachbox::curate::Saved;
use mitmachbox::follow::{Follower, FollowerOptions};
use mitmachbox::index::current::Current;
use mitmachbox::model::id::{EntryId, PublicSeq};
use mitmachbox::search::response::Lookup;
use mitmachbox::search::service::{Context, Search};
use mitmachbox::store::{Expect, Store};
use serde_json::{Value, json};

use super::desk::{Desk, content, desk, document, index_dir, run};
use super::support::{CORPUS, limits, now, open_store, request};
use crate::files::copy_dir;

#[test]
fn a_published_entry_is_found_after_one_step() {
    let mut desk = desk();
    let saved = desk.put(content("Zwiebelmarkt", "Ein Fest."));
    assert_eq!(desk.slugs("zwiebelmarkt"), [""; 0], "not yet");
    desk.step();
    assert_eq!(desk.slugs("zwiebelmarkt"), ["zwiebelmarkt"]);
    assert_eq!(desk.current.get().unwrap().seq, saved.change_seq.unwrap());
    desk.publish(&desk.patch(&saved, json!({ "title": "Kürbisfest" })));
    desk.step();
    assert_eq!(desk.slugs("kürbisfest"), ["zwiebelmarkt"]);
    assert_eq!(desk.slugs("zwiebelmarkt"), [""; 0], "what it was called before is forgotten");
}

/// Every way in which a reader could notice a word.
fn traces(desk: &Desk, word: &str) -> Vec<String> {
    let mut traces = Vec::new();
    let response = desk.find(word);
    traces.extend((response.total > 0).then(|| "search".to_owned()));
    traces.extend((!desk.suggest(&word[..4]).suggestions.is_empty()).then(|| "suggest".to_owned()));
    // A slip of it that only knowing it could mend.
    let slip = format!("{word}q");
    traces.extend((!desk.find(&slip).query.applied.corrections.is_empty()).then(|| "correction".to_owned()));
    traces.extend(desk.find(&slip).query.did_you_mean.map(|_| "did you mean".to_owned()));
    let everything = desk.find("");
    let facets = serde_json::to_string(&everything.facets).unwrap().to_lowercase();
    traces.extend(facets.contains(word).then(|| "facets".to_owned()));
    let hits = serde_json::to_string(&everything.hits).unwrap().to_lowercase();
    traces.extend(hits.contains(word).then(|| "hits".to_owned()));
    for id in desk.listed(100) {
        let Lookup::Found(view) = desk.lookup(&id.to_string()) else { panic!("{id} is listed") };
        let json = serde_json::to_string(&view.public).unwrap() + &serde_json::to_string(&view.relations).unwrap();
        traces.extend(json.to_lowercase().contains(word).then(|| "entry".to_owned()));
    }
    traces
}

#[test]
fn a_draft_leaves_no_trace() {
    let mut desk = desk();
    let public = desk.put(content("Garten", "Grün."));
    let mut secret = content("Zwiebelmarkt", "Zwiebelmarkt.");
    secret["keywords"] = json!(["zwiebelmarkt"]);
    secret["relations"] = json!([{ "type": "follows", "target": "garten" }]);
    let draft = desk.draft(secret);
    let edited = desk.patch(&public, json!({ "summary": "Mit Zwiebelmarkt.", "keywords": ["zwiebelmarkt"] }));
    desk.step();
    assert_eq!(traces(&desk, "zwiebelmarkt"), [""; 0]);
    assert!(matches!(desk.lookup(&draft.entry.record.slug), Lookup::Unknown));
    assert!(matches!(desk.lookup(&draft.entry.record.id.to_string()), Lookup::Unknown));

    desk.publish(&edited);
    desk.step();
    assert_eq!(traces(&desk, "zwiebelmarkt"), ["search", "correction", "facets", "hits", "entry"], "the test can see");
    desk.publish(&draft);
    desk.step();
    assert!(traces(&desk, "zwiebelmarkt").contains(&"suggest".to_owned()));
}

#[test]
fn an_archived_entry_leaves_a_tombstone_only() {
    let mut desk = desk();
    let other = desk.put(content("Garten", "Grün."));
    let mut gone = content("Zwiebelmarkt", "Zwiebelmarkt.");
    gone["keywords"] = json!(["zwiebelmarkt"]);
    gone["relations"] = json!([{ "type": "follows", "target": "garten" }]);
    let gone = desk.put(gone);
    desk.step();
    assert!(!traces(&desk, "zwiebelmarkt").is_empty());
    let archived = desk.archive(&gone);
    desk.step();
    assert_eq!(traces(&desk, "zwiebelmarkt"), [""; 0]);
    let title = |lookup: Lookup| match lookup {
        Lookup::Archived { title } => title,
        other => panic!("{other:?}"),
    };
    assert_eq!(title(desk.lookup("zwiebelmarkt")), "Zwiebelmarkt");
    let mut only = request("");
    only.filters.ids = vec!["zwiebelmarkt".into(), other.entry.record.id.to_string()];
    assert_eq!(desk.run(only).total, 1);

    // A new draft of it is nobody's business, before and after a rebuild, and whenever the follower gets to see it.
    let draft = desk.patch(&archived, json!({ "title": "Geheim", "slug": "geheim" }));
    desk.step();
    assert_eq!(title(desk.lookup("zwiebelmarkt")), "Zwiebelmarkt");
    delete_index(&desk);
    desk.step();
    assert_eq!(title(desk.lookup("zwiebelmarkt")), "Zwiebelmarkt");
    assert_eq!((traces(&desk, "geheim"), traces(&desk, "zwiebelmarkt")), (vec![], vec![]));
    assert!(matches!(desk.lookup("geheim"), Lookup::Unknown));

    desk.publish(&draft);
    desk.step();
    assert!(matches!(desk.lookup("zwiebelmarkt"), Lookup::Moved { slug } if slug == "geheim"));
    assert_eq!(desk.slugs("geheim"), ["geheim"]);
}

#[test]
fn an_entry_archived_and_edited_before_the_follower_looks_is_gone() {
    let mut desk = desk();
    let saved = desk.put(content("Zwiebelmarkt", "Ein Fest."));
    desk.step();
    desk.patch(&desk.archive(&saved), json!({ "summary": "Neuer Versuch." }));
    desk.step();
    assert_eq!(desk.slugs("zwiebelmarkt"), [""; 0]);
    assert!(matches!(desk.lookup("zwiebelmarkt"), Lookup::Archived { .. }));
}

#[test]
fn a_changed_vocabulary_or_synonym_list_makes_a_new_generation() {
    let mut desk = desk();
    let mut entry = content("Garten", "Grün.");
    entry["topics"] = json!(["verkehr"]);
    desk.put(entry);
    desk.put(content("Brunnen", "Blau."));
    desk.step();
    let generation = |desk: &Desk| desk.search.state().unwrap().generation;
    let before = generation(&desk);

    let name = "vocabulary/topics";
    let mut topics = desk.store.document(name).unwrap().unwrap().content;
    for term in topics["terms"].as_array_mut().unwrap() {
        if term["id"] == "verkehr" {
            term["label"] = "Karussell".into();
        }
    }
    assert_eq!(desk.slugs("karussell"), [""; 0]);
    desk.store.commit_blocking(document(name, topics, Expect::Revision(desk.version_of(name)))).unwrap();
    desk.step();
    let after = generation(&desk);
    assert_ne!(before, after);
    assert_eq!(desk.slugs("karussell"), ["garten"], "labels are searched");
    let labels: Vec<String> = desk.find("").facets["topic"].iter().map(|value| value.label.clone()).collect();
    assert!(labels.contains(&"Karussell".to_owned()), "{labels:?}");

    let toml = "[[rule]]\nboth = [\"Brunnen\", \"Wasserspeier\"]\n";
    let expect = Expect::Revision(desk.version_of("synonyms"));
    desk.store.commit_blocking(document("synonyms", json!({ "toml": toml }), expect)).unwrap();
    assert_eq!(desk.slugs("wasserspeier"), [""; 0]);
    desk.step();
    assert_eq!(desk.slugs("wasserspeier"), ["brunnen"]);
    assert_ne!(generation(&desk), after);
    assert_eq!(generations(desk.dir.path()).len(), 1, "the old ones are removed");
}

/// Ids and scores of the hits of each query, with what a filter counts.
type Answers = BTreeMap<String, (Vec<(EntryId, f32)>, String)>;

const QUERIES: &[&str] = &[
    "",
    "bürger",
    "bürgerrat",
    "ideen für den stadtteil",
    "werkstatt",
    "beteil",
    "bürgerratt",
    "auslosen",
    "\"die stadt\"",
    "kinder -jugend",
    "planung haushalt spielplatz",
    "titel:stadt",
];

pub(super) fn answers(search: &Search) -> Answers {
    QUERIES
        .iter()
        .map(|q| {
            let response = run(search.search(request(q))).unwrap();
            let hits = response.hits.iter().map(|hit| (hit.id, hit.score)).collect();
            let counts = serde_json::to_string(&(&response.facets, response.total, &response.query)).unwrap();
            ((*q).to_owned(), (hits, counts))
        })
        .collect()
}

pub(super) fn assert_same(left: &Answers, right: &Answers) {
    for (q, (hits, counts)) in left {
        let (others, other_counts) = &right[q];
        let ids = |hits: &[(EntryId, f32)]| hits.iter().map(|(id, _)| *id).collect::<Vec<_>>();
        assert_eq!(ids(hits), ids(others), "order of {q:?}");
        assert_eq!(counts, other_counts, "counts of {q:?}");
        for ((id, score), (_, other)) in hits.iter().zip(others) {
            assert!((score - other).abs() <= 1e-6 * score.abs().max(1.0), "{q:?}, {id}: {score} or {other}");
        }
    }
}

/// Words of the shipped summaries, for entries of our own.
pub(super) fn words() -> Vec<String> {
    let doc = |doc: usize| CORPUS.snapshot.entry(u32::try_from(doc).unwrap()).unwrap().entry;
    (0..CORPUS.snapshot.doc_count())
        .flat_map(|number| doc(number).common.summary.split(' ').map(str::to_owned).collect::<Vec<_>>())
        .filter(|word| word.len() > 1)
        .collect()
}

pub(super) fn made(words: &[String], number: usize, salt: usize) -> Value {
    let some = |from: usize, count: usize| -> String {
        let word = |n: usize| words[(from * 37 + salt * 101 + n * n * 3 + n) % words.len()].as_str();
        (0..count).map(word).collect::<Vec<_>>().join(" ")
    };
    let mut content = content(&format!("{} {number}", some(number, 2)), &some(number * 3, 6));
    content["slug"] = format!("entry-{number}").into();
    content["body"] = some(number * 7, 25).into();
    let topic = ["verkehr", "wohnen", "themenoffen"][number % 3];
    content["topics"] = json!([topic]);
    content
}

#[test]
fn an_index_that_grew_answers_like_one_built_at_once() {
    let mut desk = desk();
    let words = words();
    let mut alive: Vec<Saved> = Vec::new();
    for number in 0..24 {
        alive.push(desk.put(made(&words, number, 0)));
        desk.step();
        if number % 4 == 3 {
            let edited = desk.patch(&alive[number / 2], made(&words, number / 2, number));
            alive[number / 2] = desk.publish(&edited);
            desk.step();
        }
        if number % 6 == 5 {
            desk.archive(&desk.put(made(&words, 100 + number, 0)));
            let again = desk.patch(&alive[number - 1], json!({ "subtitle": "Neu" }));
            alive[number - 1] = desk.publish(&again);
            desk.step();
        }
    }
    let grown = answers(&desk.search);
    assert!(
        grown.values().filter(|(hits, _)| !hits.is_empty()).count() >= QUERIES.len() / 2,
        "the queries find things"
    );

    let dir = tempfile::tempdir().unwrap();
    let (search, _follower) = follow_into(&desk.store, dir.path());
    assert_same(&grown, &answers(&search));
    let segments = |current: &Current| current.get().unwrap().segments.len();
    assert!(segments(&desk.current) > 1, "else nothing grew");
}

pub(super) fn follow_into(store: &Store, dir: &Path) -> (Search, Follower) {
    let current = Current::default();
    let mut follower = Follower::new(store.clone(), current.clone(), FollowerOptions::new(dir));
    follower.step().unwrap();
    (Search::new(current, limits(), "", std::sync::Arc::new(|_, _| {})), follower)
}

pub(super) fn filled() -> Desk {
    let mut desk = desk();
    let words = words();
    for number in 0..12 {
        desk.put(made(&words, number, 1));
    }
    desk.archive(&desk.put(made(&words, 12, 1)));
    desk.step();
    desk
}

#[test]
fn an_index_deleted_while_in_use_is_missed_by_nobody() {
    let mut desk = filled();
    let before = answers(&desk.search);
    let snapshot = desk.current.get().unwrap();
    delete_index(&desk);
    assert_same(&before, &answers(&desk.search));
    desk.step();
    assert!(!generations(desk.dir.path()).is_empty(), "built anew");
    assert_same(&before, &answers(&desk.search));
    // Whoever began before goes on with what it has.
    let context = Context::new(limits(), "");
    let old = mitmachbox::search::run::run(&context, &snapshot, &request("bürger")).unwrap();
    assert_eq!(old.hits.iter().map(|hit| (hit.id, hit.score)).collect::<Vec<_>>(), before["bürger"].0);
    // And changes go on being followed.
    desk.put(content("Zwiebelmarkt", "Ein Fest."));
    desk.step();
    assert_eq!(desk.slugs("zwiebelmarkt"), ["zwiebelmarkt"]);
}

#[test]
fn a_restart_goes_on_where_the_index_stands() {
    let desk = filled();
    let before = answers(&desk.search);
    let generation = desk.search.state().unwrap().generation;
    desk.put(content("Zwiebelmarkt", "Ein Fest."));
    let mut desk = desk.restarted();
    desk.step();
    assert_eq!(desk.search.state().unwrap().generation, generation, "replayed, not built anew");
    assert_eq!(desk.slugs("zwiebelmarkt"), ["zwiebelmarkt"]);
    assert_eq!(answers(&desk.search).len(), before.len());
}

#[test]
fn an_index_of_another_store_is_not_believed() {
    let desk = filled();
    let seq = desk.current.get().unwrap().seq;
    desk.store.close();
    drop(desk.follower);
    let dir = desk.dir;
    fs::remove_dir_all(dir.path().join("store")).unwrap();
    let store = open_store(dir.path());
    store
        .commit_blocking(document("synonyms", json!({ "toml": "" }), Expect::Absent))
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(store.head().public_seq < seq, "the index is ahead");
    let (search, _follower) = follow_into(&store, &index_dir(dir.path()));
    assert_eq!(search.state().unwrap().seq, PublicSeq(1));
    assert_eq!(run(search.search(request(""))).unwrap().total, 0);
    store.close();
}

#[test]
fn an_index_ahead_of_its_store_is_built_anew() {
    // The same reference data, so that only the number tells.
    let desk = filled();
    let before = answers(&desk.search);
    let copy = tempfile::tempdir().unwrap();
    let (copied, original) = (copy.path().join("store"), desk.dir.path().join("store"));
    desk.store.close();
    copy_dir(&original, &copied);
    let store = open_store(desk.dir.path());
    let curate =
        mitmachbox::curate::Curate::new(store.clone(), mitmachbox::clock::Clock::fixed(now()), Default::default());
    let who = mitmachbox::auth::Principal { name: "x".into(), role: mitmachbox::auth::Role::Publisher };
    let saved = run(curate.create(&who, content("Zwiebelmarkt", "Ein Fest."))).unwrap();
    run(curate.publish(&who, saved.entry.record.id, saved.entry.record.revision, None)).unwrap();
    let index = index_dir(desk.dir.path());
    drop(desk.follower);
    let (search, follower) = follow_into(&store, &index);
    let _ = &search;
    let mut follower = follower;
    follower.step().unwrap();
    assert_eq!(run(search.search(request("zwiebelmarkt"))).unwrap().total, 1);
    drop(follower);
    store.close();
    // Back to the copy of before.
    fs::remove_dir_all(&original).unwrap();
    copy_dir(&copied, &original);
    let store = open_store(desk.dir.path());
    let (search, _follower) = follow_into(&store, &index);
    assert_eq!(search.state().unwrap().seq, store.head().public_seq);
    assert_same(&before, &answers(&search));
    store.close();
}

#[test]
fn an_index_that_a_restored_store_outgrew_is_not_believed() {
    // The same reference data and a higher number, so that only the log tells.
    let desk = filled();
    desk.store.close();
    drop(desk.follower);
    let dir = desk.dir;
    let store_dir = dir.path().join("store");
    let backup = tempfile::tempdir().unwrap();
    copy_dir(&store_dir, backup.path());
    let write = |store: &Store, titles: &[&str]| {
        let clock = mitmachbox::clock::Clock::fixed(now());
        let curate = mitmachbox::curate::Curate::new(store.clone(), clock, Default::default());
        let who = mitmachbox::auth::Principal { name: "x".into(), role: mitmachbox::auth::Role::Publisher };
        for title in titles {
            let saved = run(curate.create(&who, content(title, "Ein Fest."))).unwrap();
            run(curate.publish(&who, saved.entry.record.id, saved.entry.record.revision, None)).unwrap();
        }
    };
    let index = index_dir(dir.path());
    let store = open_store(dir.path());
    write(&store, &["Zwiebelmarkt"]);
    let (search, mut follower) = follow_into(&store, &index);
    follower.step().unwrap();
    drop(follower);
    assert_eq!(run(search.search(request("zwiebelmarkt"))).unwrap().total, 1);
    store.close();

    fs::remove_dir_all(&store_dir).unwrap();
    copy_dir(backup.path(), &store_dir);
    let store = open_store(dir.path());
    write(&store, &["Kürbisfest", "Spargelmarkt"]);
    let (search, _follower) = follow_into(&store, &index);
    assert_eq!(search.state().unwrap().seq, store.head().public_seq);
    assert_eq!(run(search.search(request("zwiebelmarkt"))).unwrap().total_strict, 0, "the store does not have it");
    assert_eq!(run(search.search(request("kürbisfest"))).unwrap().total_strict, 1);
    store.close();
}

#[test]
fn a_damaged_index_is_built_anew() {
    type Damage = (&'static str, fn(&Path));
    let damage: &[Damage] = &[
        ("meta.json is garbage", |dir| fs::write(dir.join("meta.json"), "{ \"oops\"").unwrap()),
        ("meta.json is empty", |dir| fs::write(dir.join("meta.json"), "").unwrap()),
        ("meta.json is gone", |dir| fs::remove_file(dir.join("meta.json")).unwrap()),
        ("a term dictionary is gone", |dir| fs::remove_file(ending(dir, "term")).unwrap()),
        ("a store is gone", |dir| fs::remove_file(ending(dir, "store")).unwrap()),
        ("a store is cut", |dir| cut(&ending(dir, "store"))),
        ("postings are cut", |dir| cut(&ending(dir, "idx"))),
        ("a store is overwritten", |dir| overwrite(&ending(dir, "store"))),
        ("all is empty", |dir| {
            for file in fs::read_dir(dir).unwrap() {
                fs::write(file.unwrap().path(), "").unwrap();
            }
        }),
    ];
    let mut wrong = Vec::new();
    let mut desk = filled();
    let before = answers(&desk.search);
    for (what, damage) in damage {
        desk = desk.restarted();
        damage(&generations(desk.dir.path())[0]);
        // The first step may fail where the second does what is needed.
        if let Err(error) = desk.follower.step()
            && desk.follower.step().is_err()
        {
            wrong.push(format!("{what}: {error}, again and again"));
            delete_index(&desk);
            continue;
        }
        assert_eq!(desk.current.get().unwrap().seq, desk.store.head().public_seq, "{what}");
        assert_same(&before, &answers(&desk.search));
        let there = generations(desk.dir.path());
        assert_eq!(there.len(), 1, "{what}: {there:?}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Deletes the whole index. A merge in the background may put a file where one was just deleted.
fn delete_index(desk: &Desk) {
    while fs::remove_dir_all(index_dir(desk.dir.path()))
        .is_err_and(|error| error.kind() != std::io::ErrorKind::NotFound)
    {
        std::thread::yield_now();
    }
}

fn generations(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(index_dir(dir)).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_dir()).collect()
}

fn ending(dir: &Path, end: &str) -> PathBuf {
    let mut files = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    files.find(|path| path.extension().is_some_and(|extension| extension == end)).unwrap_or_else(|| panic!("no {end}"))
}

fn cut(file: &Path) {
    let bytes = fs::read(file).unwrap();
    fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
}

/// Bytes in the middle; length and footer stay.
fn overwrite(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    let end = (middle + 40).min(bytes.len());
    bytes[4..end.min(middle)].fill(0xa5);
    fs::write(file, bytes).unwrap();
}
