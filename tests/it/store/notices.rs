//! Notices: durable, off the log, guarded by count and digest, in backups.

use mitmachbox::model::notice::{Notice, NoticeState};
use mitmachbox::store::backup::{self, BackupError};
use mitmachbox::store::{CommitError, Head, Store};
use serde_json::{Value, json};

use super::support::*;

fn put(store: &Store, notice: &Notice) {
    runtime().block_on(store.notice_put(notice)).unwrap();
}

fn all(store: &Store) -> Vec<Notice> {
    store.notices(None, 100, |_| true).unwrap()
}

#[test]
fn notices_survive_a_restart_and_stay_off_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let [first, second, third] = [0, 1, 2].map(|n| notice(n, &format!("Nummer {n}")));
    for notice in [&second, &first, &third] {
        put(&store, notice);
    }
    let done = Notice { state: NoticeState::Done, email: None, ..second.clone() };
    put(&store, &done);
    runtime().block_on(store.notice_delete(first.id)).unwrap();
    store.close();

    let store = open(dir.path());
    assert_eq!(store.head(), Head::default(), "nothing of it is in the log or the feed");
    assert_eq!(all(&store), [third.clone(), done.clone()], "newest first");
    assert_eq!(store.notice(second.id).unwrap(), Some(done.clone()));
    assert_eq!(store.notice(first.id).unwrap(), None);
    assert_eq!(store.notice_count().unwrap(), 2);
    assert_eq!(store.notices(Some(third.id), 10, |_| true).unwrap(), std::slice::from_ref(&done));
    assert_eq!(store.notices(None, 10, |notice| notice.state == NoticeState::Done).unwrap(), [done]);
    assert_eq!(store.notices(None, 1, |_| true).unwrap(), [third]);
    assert_eq!(store.verify_all().unwrap().notices, 2);
    let too_large = Notice { text: "x".repeat(70_000), ..notice(9, "") };
    let refused = runtime().block_on(store.notice_put(&too_large));
    assert!(matches!(refused, Err(CommitError::TooLarge { what: "notices", .. })), "{refused:?}");
}

#[test]
fn a_lost_notice_is_noticed_though_notices_have_no_log() {
    let dir = tempfile::tempdir().unwrap();
    let (data, old) = (dir.path().join("data"), dir.path().join("old"));
    let store = open(&data);
    put(&store, &notice(0, "eins"));
    store.close();
    copy(&data, &old);
    let store = open(&data);
    put(&store, &notice(1, "zwei"));
    store.close();
    std::fs::copy(data.join("store/HEAD"), old.join("store/HEAD")).unwrap();
    let error = try_open(&old).err().expect("a notice is gone").to_string();
    assert!(error.contains("notices"), "{error}");
}

#[test]
fn a_row_means_something_else_in_the_other_side_tree() {
    let dir = tempfile::tempdir().unwrap();
    let (a, b) = (dir.path().join("a"), dir.path().join("b"));
    let (store, target) = (open(&a), dir.path().join("backup"));
    put(&store, &notice(0, "eins"));
    backup::create(&store, &target).unwrap();
    // Somebody moves the notice among the tokens and makes the manifest agree.
    let (tokens, notices) = (target.join("tokens.jsonl"), target.join("notices.jsonl"));
    std::fs::rename(&notices, &tokens).unwrap();
    std::fs::write(&notices, "").unwrap();
    let mut manifest = manifest(&target);
    let parts = manifest["files"].as_array_mut().unwrap();
    let (from, to) = (part(parts, "notices.jsonl"), part(parts, "tokens.jsonl"));
    for field in ["lines", "bytes", "sha256"] {
        let moved = parts[from][field].take();
        parts[from][field] = std::mem::replace(&mut parts[to][field], moved);
    }
    write_manifest(&target, &manifest);
    let (_, report) = backup::restore(&target, &b).unwrap();
    assert_eq!((report.tokens, report.notices), (1, 0));
    // It opens no door: the notice is no token, and its digest is another one than that of the origin.
    std::fs::copy(a.join("store/HEAD"), b.join("store/HEAD")).unwrap();
    assert!(try_open(&b).is_err(), "the digest tells the trees apart");
}

#[test]
fn a_backup_of_the_time_before_notices_restores_and_one_of_the_future_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let (store, target) = (open(&dir.path().join("a")), dir.path().join("backup"));
    store.commit_blocking(published(1, "eins")).unwrap();
    store.token_write_blocking("user/a", Some(&json!(1))).unwrap();
    backup::create(&store, &target).unwrap();
    std::fs::remove_file(target.join("notices.jsonl")).unwrap();
    let mut manifest = manifest(&target);
    let parts = manifest["files"].as_array_mut().unwrap();
    let gone = part(parts, "notices.jsonl");
    parts.remove(gone);
    write_manifest(&target, &manifest);
    let refused = backup::verify(&target);
    assert!(matches!(refused, Err(BackupError::Damaged(_))), "one of today must have the file: {refused:?}");

    manifest["format_version"] = 3.into();
    write_manifest(&target, &manifest);
    assert!(matches!(backup::verify(&target), Err(BackupError::Newer(3))));

    manifest["format_version"] = 1.into();
    write_manifest(&target, &manifest);
    let restored = dir.path().join("b");
    let (_, report) = backup::restore(&target, &restored).unwrap();
    assert_eq!((report.entries, report.tokens, report.notices), (1, 1, 0));
    let store = open(&restored);
    put(&store, &notice(0, "eins"));
    assert_eq!(store.verify_all().unwrap().notices, 1);
}

fn manifest(backup: &std::path::Path) -> Value {
    serde_json::from_slice(&std::fs::read(backup.join("manifest.json")).unwrap()).unwrap()
}

fn write_manifest(backup: &std::path::Path, manifest: &Value) {
    std::fs::write(backup.join("manifest.json"), manifest.to_string()).unwrap();
}

fn part(parts: &[Value], name: &str) -> usize {
    parts.iter().position(|part| part["name"] == name).unwrap()
}
