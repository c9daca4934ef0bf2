//! Writes run to their end whoever listens, and the end of the program waits for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hyper::Method;
use mitmachbox::auth::Role;
use mitmachbox::config::Config;
use mitmachbox::http::{problem::Problem, writes::Writes};
use mitmachbox::model::id::EntryId;
use mitmachbox::model::record::Action;
use mitmachbox::store::{Commit, DocumentWrite, Expect, Write};
use serde_json::json;
use tokio::sync::oneshot;

use super::support::House;

const LONG: Duration = Duration::from_secs(30);
const SHORT: Duration = Duration::from_millis(50);

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn the_end_waits_for_a_write_whose_client_is_gone() {
    runtime().block_on(async {
        let writes = Writes::new(2);
        let (go_on, waits) = oneshot::channel::<()>();
        let write = writes
            .to_the_end(async move { waits.await.map_err(|_| Problem::new(&mitmachbox::http::problem::INTERNAL)) });
        assert!(tokio::time::timeout(SHORT, write).await.is_err(), "the client goes away");
        assert_eq!(writes.in_progress(), 1);
        let end = tokio::spawn({
            let writes = writes.clone();
            async move { writes.finished(LONG).await }
        });
        tokio::time::sleep(SHORT).await;
        assert!(!end.is_finished(), "the write is still in progress");
        let late = writes.to_the_end(async { Ok::<_, Problem>(()) }).await.unwrap_err();
        assert_eq!(late.kind.code, "overloaded", "nothing begins any more");
        go_on.send(()).unwrap();
        assert!(end.await.unwrap());
        assert_eq!(writes.in_progress(), 0);
    });
}

#[test]
fn the_end_does_not_wait_for_ever() {
    runtime().block_on(async {
        let writes = Writes::new(2);
        let write = writes.to_the_end(std::future::pending::<Result<(), Problem>>());
        assert!(tokio::time::timeout(SHORT, write).await.is_err());
        assert!(!writes.finished(SHORT).await);
        assert_eq!(writes.in_progress(), 1);
    });
}

#[test]
fn more_writes_than_places_are_refused_before_they_begin() {
    runtime().block_on(async {
        let writes = Writes::new(1);
        let first = writes.to_the_end(std::future::pending::<Result<(), Problem>>());
        assert!(tokio::time::timeout(SHORT, first).await.is_err());
        let second = writes.to_the_end(async { panic!("begun") as Result<(), Problem> }).await.unwrap_err();
        assert_eq!((second.kind.status.as_u16(), second.kind.code), (503, "overloaded"));
    });
}

/// Commits that keep the store's writer busy for a while.
fn many(round: usize) -> Vec<Commit> {
    let document = |number: usize| Commit {
        actor: "test".into(),
        action: Action::Edit,
        note: None,
        at: "2026-11-23T12:00:00Z".parse().unwrap(),
        write: Write::Document(DocumentWrite {
            name: format!("test/{round}-{number}"),
            content: json!({ "text": "Beteiligung ".repeat(100) }),
            expect: Expect::Absent,
        }),
    };
    (0..500).map(document).collect()
}

#[test]
fn a_write_of_staff_is_on_the_disk_when_the_wait_is_over() {
    let house = House::new(Config::default());
    let json = [("content-type", "application/json")];
    let content = r#"{"kind":"idea","title":"Brunnen"}"#;
    let created = house.staff(Role::Editor, Method::POST, "/api/v1/staff/entries", &json, content);
    let id: EntryId = created.json()["id"].as_str().unwrap().parse().unwrap();

    let enough = Arc::new(AtomicBool::new(false));
    let bulk = std::thread::spawn({
        let (store, enough) = (house.store.clone(), enough.clone());
        move || {
            for round in 0.. {
                assert!(store.commit_many_blocking(many(round)).into_iter().all(|result| result.is_ok()));
                if enough.load(Ordering::SeqCst) {
                    break;
                }
            }
        }
    });
    // Until one of them has begun and waits for the disk when its client goes away.
    let path = format!("/api/v1/staff/entries/{id}");
    let started = Instant::now();
    let revision = loop {
        assert!(started.elapsed() < LONG, "no write waits for the disk");
        let revision = house.store.entry(id).unwrap().unwrap().revision.0;
        let based_on = format!("\"{revision}\"");
        let headers = [("content-type", "application/merge-patch+json"), ("if-match", based_on.as_str())];
        let patch = format!("{{\"summary\":\"Mit Wasser {revision}.\"}}");
        let request = house.staff_request(Role::Editor, Method::PATCH, &path, &headers, &patch);
        let answered = house.call_and_leave(request, Duration::from_millis(5));
        if !answered
            && house.writes.in_progress() == 1
            && house.store.entry(id).unwrap().unwrap().revision.0 == revision
        {
            break revision;
        }
        while house.writes.in_progress() > 0 {
            std::thread::yield_now();
        }
    };
    assert!(house.block_on(house.writes.finished(LONG)));
    assert_eq!(house.store.entry(id).unwrap().unwrap().revision.0, revision + 1);
    enough.store(true, Ordering::SeqCst);
    bulk.join().unwrap();
}
