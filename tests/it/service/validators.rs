//! An ETag names one state of one index, for ever: a client that kept an answer is never told that it still holds
//! when it does not.

use std::fs;

use super::host::{Service, content};
use crate::files::copy_dir;

const PATHS: &[&str] =
    &["/api/v1/search?q=rat", "/api/v1/entries?limit=2", "/api/v1/changes?since=1", "/api/v1/vocabularies/topics"];

fn tags(service: &Service) -> Vec<String> {
    let tag = |path: &&str| service.get(path).header("etag").unwrap_or_else(|| panic!("{path}")).to_owned();
    PATHS.iter().map(tag).collect()
}

fn check(service: &Service, known: &[String], when: &str, expected: u16) {
    for (path, tag) in PATHS.iter().zip(known) {
        let status = service.get_with(path, &[("if-none-match", tag)]).status;
        assert_eq!(status, expected, "{path} {when}");
    }
}

#[test]
fn an_etag_outlives_a_restart_but_not_its_index() {
    let mut service = Service::with(|_| {});
    let first = tags(&service);
    service.restart(|_| {});
    assert_eq!(tags(&service), first, "the same generation and change");
    check(&service, &first, "after a restart", 304);

    let state = |service: &Service| service.json("/readyz")["index"].clone();
    let before = state(&service);
    service.restart(|dir| fs::remove_dir_all(dir.join("index")).unwrap());
    let after = state(&service);
    assert_eq!(before["seq"], after["seq"]);
    assert_ne!(before["generation"], after["generation"], "no two generations have one name");
    check(&service, &first, "after the index was deleted", 200);
}

#[test]
fn an_etag_of_the_time_after_a_backup_means_nothing_once_it_is_restored() {
    let mut service = Service::with(|_| {});
    let copy = tempfile::tempdir().unwrap();
    service.restart(|dir| copy_dir(&dir.join("store"), copy.path()));
    let publish = |service: &Service, title: &str| {
        let (id, slug) = service.create(&content(title));
        (service.act(&id, 1, "publish"), slug)
    };
    let (seq, _) = publish(&service, "Vor dem Schaden");
    let known = tags(&service);
    service.restart(|dir| {
        fs::remove_dir_all(dir.join("store")).unwrap();
        copy_dir(copy.path(), &dir.join("store"));
    });
    let (again, slug) = publish(&service, "Nach dem Schaden");
    assert_eq!(seq, again, "the number comes again");
    check(&service, &known, "after an older store was put back", 200);
    assert_eq!(service.get(&format!("/api/v1/entries/{slug}")).status, 200);
}
