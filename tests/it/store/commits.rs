//! What a commit does, and every way it is refused.

use mitmachbox::model::id::{PublicSeq, RevisionNumber, StoreSeq};
use mitmachbox::model::record::State;
use mitmachbox::store::{CommitError, Head, PublicOp, ReadError, Subject, VALUE_BYTES_MAX, Write, sync_counts};
use serde_json::json;

use super::support::*;

#[test]
fn a_commit_is_read_back_and_survives_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let receipt = store.commit_blocking(published(1, "Bürgerrat")).unwrap();
    assert_eq!(
        (receipt.store_seq, receipt.public_seq, receipt.public_head),
        (StoreSeq(1), Some(PublicSeq(1)), PublicSeq(1))
    );
    let receipt = store.commit_blocking(draft(2, "Entwurf")).unwrap();
    assert_eq!((receipt.store_seq, receipt.public_seq, receipt.public_head), (StoreSeq(2), None, PublicSeq(1)));
    let receipt = store.commit_blocking(document("vocabulary/topics", 1, json!(["verkehr"]))).unwrap();
    assert_eq!(receipt.public_seq, Some(PublicSeq(2)));

    for restarted in [false, true] {
        let store = if restarted {
            store.close();
            assert_eq!(store.entry(id(1)), Err(ReadError::Closed));
            assert_eq!(store.commit_blocking(draft(9, "x")), Err(CommitError::Closed));
            open(dir.path())
        } else {
            store.clone()
        };
        assert_eq!(store.head(), Head { store_seq: StoreSeq(3), public_seq: PublicSeq(2) });
        let entry = store.entry(id(1)).unwrap().unwrap();
        assert_eq!((entry.slug.as_str(), entry.revision), ("entry-1", RevisionNumber(1)));
        assert_eq!(store.id_of_slug("entry-2").unwrap(), Some(id(2)));
        assert_eq!(store.content(id(1), RevisionNumber(1)).unwrap(), Some(json!({ "title": "Bürgerrat" })));
        assert_eq!(store.document("vocabulary/topics").unwrap().unwrap().content, json!(["verkehr"]));
        assert_eq!(store.documents().unwrap(), [("vocabulary/topics".to_owned(), RevisionNumber(1))]);
        let changes = store.public_changes(PublicSeq(0), 10).unwrap();
        let subjects: Vec<_> = changes.iter().map(|c| (c.seq.0, c.store_seq.0, c.subject.clone(), c.op)).collect();
        assert_eq!(
            subjects,
            [
                (1, 1, Subject::Entry(id(1)), PublicOp::Upsert),
                (2, 3, Subject::Document("vocabulary/topics".into()), PublicOp::Upsert)
            ]
        );
        assert_eq!(changes[0].slug.as_deref(), Some("entry-1"));
        assert!(store.public_changes(PublicSeq(2), 10).unwrap().is_empty());
        let (seq, entries) = store.published();
        let ids: Vec<_> = entries.map(|e| e.unwrap().record.id).collect();
        assert_eq!((seq, ids), (PublicSeq(2), vec![id(1)]));
        let audit = store.audit(None, None, 10).unwrap();
        assert_eq!(audit.iter().map(|r| r.seq.0).collect::<Vec<_>>(), [3, 2, 1]);
        assert_eq!(audit[0].prev_hash, audit[1].hash);
        assert_eq!(store.audit(Some(&Subject::Entry(id(2))), None, 10).unwrap().len(), 1);
        assert_eq!(store.verify_all().unwrap().entries, 2);
    }
}

#[test]
fn revisions_append_and_state_changes_keep_the_content() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store.commit_blocking(draft(1, "eins")).unwrap();
    let mut entry = record(1, "entry-1", State::InReview);
    store.commit_blocking(write(&entry, 2, None, None)).unwrap();
    entry.state = State::Published;
    entry.published = Some(RevisionNumber(3));
    store.commit_blocking(write(&entry, 3, None, Some(PublicOp::Upsert))).unwrap();
    store.commit_blocking(write(&entry, 4, Some(json!({ "title": "vier" })), None)).unwrap();

    let content = |n| store.content(id(1), RevisionNumber(n)).unwrap().map(|c| c["title"].as_str().unwrap().to_owned());
    assert_eq!([1, 2, 3, 4].map(content), ["eins", "eins", "eins", "vier"].map(|s| Some(s.to_owned())));
    let page = store.revisions(id(1), None, 3).unwrap();
    assert_eq!(page.iter().map(|r| r.number.0).collect::<Vec<_>>(), [4, 3, 2]);
    let page = store.revisions(id(1), Some(RevisionNumber(2)), 3).unwrap();
    assert_eq!(page.iter().map(|r| r.number.0).collect::<Vec<_>>(), [1]);
    let (_, mut entries) = store.published();
    assert_eq!(entries.next().unwrap().unwrap().content, json!({ "title": "eins" }));

    entry.state = State::Archived;
    entry.published = None;
    let receipt = store.commit_blocking(write(&entry, 5, None, Some(PublicOp::Delete))).unwrap();
    assert_eq!(receipt.public_seq, Some(PublicSeq(2)));
    assert_eq!(store.published().1.count(), 0);
    assert_eq!(store.public_changes(PublicSeq(1), 9).unwrap()[0].op, PublicOp::Delete);
}

#[test]
fn a_stale_write_is_refused_with_what_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store.commit_blocking(draft(1, "eins")).unwrap();
    let entry = record(1, "entry-1", State::Draft);
    let stale = |error| match error {
        CommitError::Stale { current } => current.map(|c| c.revision.0),
        other => panic!("{other}"),
    };
    assert_eq!(stale(store.commit_blocking(draft(1, "zwei")).unwrap_err()), Some(1));
    assert_eq!(stale(store.commit_blocking(write(&entry, 3, None, None)).unwrap_err()), Some(1));
    assert_eq!(stale(store.commit_blocking(write(&record(2, "x", State::Draft), 2, None, None)).unwrap_err()), None);
    store.commit_blocking(document("d", 1, json!(1))).unwrap();
    assert_eq!(stale(store.commit_blocking(document("d", 1, json!(2))).unwrap_err()), None);
    assert_eq!(store.head().store_seq, StoreSeq(2));
    assert_eq!(store.content(id(1), RevisionNumber(1)).unwrap(), Some(json!({ "title": "eins" })));
}

#[test]
fn a_slug_belongs_to_one_entry_for_ever() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store.commit_blocking(published(1, "eins")).unwrap();
    let mut entry = record(1, "neu", State::Published);
    let forgotten = store.commit_blocking(write(&entry, 2, None, Some(PublicOp::Upsert))).unwrap_err();
    assert!(matches!(forgotten, CommitError::Invalid(_)), "{forgotten}");
    entry.old_slugs = vec!["entry-1".into()];
    store.commit_blocking(write(&entry, 2, None, Some(PublicOp::Upsert))).unwrap();
    assert_eq!(store.id_of_slug("entry-1").unwrap(), Some(id(1)));
    assert_eq!(store.id_of_slug("neu").unwrap(), Some(id(1)));
    for slug in ["neu", "entry-1"] {
        let taken = store.commit_blocking(write(&record(2, slug, State::Draft), 1, None, None)).unwrap_err();
        assert_eq!(taken, CommitError::SlugTaken { slug: slug.into(), by: id(1) });
    }
    let mut thief = record(2, "frei", State::Draft);
    thief.old_slugs = vec!["neu".into()];
    let taken = store.commit_blocking(write(&thief, 1, None, None)).unwrap_err();
    assert_eq!(taken, CommitError::SlugTaken { slug: "neu".into(), by: id(1) });
    assert_eq!(store.id_of_slug("frei").unwrap(), None);
    // Going back to an own old address is allowed.
    let mut back = record(1, "entry-1", State::Published);
    back.old_slugs = vec!["neu".into()];
    store.commit_blocking(write(&back, 3, None, Some(PublicOp::Upsert))).unwrap();
    store.verify_all().unwrap();
}

#[test]
fn the_slug_of_a_draft_is_free_again_once_it_is_given_up() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store.commit_blocking(draft(1, "eins")).unwrap();
    store.commit_blocking(draft(2, "zwei")).unwrap();
    let moved = |slug: &str| write(&record(1, slug, State::Draft), 2, None, None);
    let taken = store.commit_blocking(moved("entry-2")).unwrap_err();
    assert!(matches!(taken, CommitError::SlugTaken { .. }), "{taken}");
    assert_eq!(store.id_of_slug("entry-1").unwrap(), Some(id(1)), "a refused commit leaves everything");
    store.commit_blocking(moved("neu")).unwrap();
    assert_eq!(store.id_of_slug("entry-1").unwrap(), None);
    store.commit_blocking(write(&record(3, "entry-1", State::Draft), 1, None, None)).unwrap();
    assert_eq!(store.id_of_slug("entry-1").unwrap(), Some(id(3)));
    store.verify_all().unwrap();
}

#[test]
fn large_values_are_refused_and_the_largest_never_go_to_blob_files() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let too_large = |commit| matches!(store.commit_blocking(commit).unwrap_err(), CommitError::TooLarge { .. });
    assert!(too_large(published(1, &text(1, VALUE_BYTES_MAX))));
    assert!(too_large(document("d", 1, json!(text(1, VALUE_BYTES_MAX)))));
    let mut noted = published(1, "x");
    noted.note = Some(text(1, 2_001));
    assert!(too_large(noted));
    assert!(store.token_write_blocking("t", Some(&json!(text(1, VALUE_BYTES_MAX)))).is_err());
    assert_eq!(store.head(), Head::default());

    // Overwriting makes sled write whole nodes of up to 17 values at once; random ids make it merge and split them.
    for round in 1..=3 {
        let commits = (0..60).map(|n| {
            let mut entry = record(n, &format!("entry-{n}"), State::Published);
            entry.published = Some(RevisionNumber(round));
            write(&entry, round, Some(json!(text(n + 1, VALUE_BYTES_MAX - 400))), Some(PublicOp::Upsert))
        });
        for result in store.commit_many_blocking(commits.collect()) {
            result.unwrap();
        }
        for n in 0..40 {
            let value = json!(text(n + 7, VALUE_BYTES_MAX - 100));
            store.token_write_blocking(&format!("t{n}"), Some(&value)).unwrap();
        }
    }
    store.verify_all().unwrap();
    store.close();
    let blobs = std::fs::read_dir(dir.path().join("store/gen-000001/blobs")).unwrap().count();
    assert_eq!(blobs, 0, "sled wrote values to files that it never syncs");
}

#[test]
fn contradictions_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let spoil = |spoil: fn(&mut mitmachbox::store::EntryWrite)| {
        let mut commit = published(1, "x");
        let Write::Entry(write) = &mut commit.write else { unreachable!() };
        spoil(write);
        store.commit_blocking(commit)
    };
    let cases: [fn(&mut mitmachbox::store::EntryWrite); 6] = [
        |w| w.revision.id = id(2),
        |w| w.revision.number = RevisionNumber(2),
        |w| w.record.revision = RevisionNumber(2),
        |w| w.record.published = None,
        |w| w.public = Some(PublicOp::Delete),
        |w| w.record.slug.clear(),
    ];
    for (n, case) in cases.into_iter().enumerate() {
        assert!(matches!(spoil(case), Err(CommitError::Invalid(_))), "case {n}");
    }
    spoil(|_| ()).unwrap();
}

#[test]
fn of_fifty_writers_with_one_expected_revision_one_wins() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store.commit_blocking(published(1, "eins")).unwrap();
    let before = sync_counts();
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..50)
            .map(|n| {
                let store = &store;
                scope.spawn(move || {
                    let entry = record(1, "entry-1", State::Published);
                    store.commit_blocking(write(&entry, 2, Some(json!({ "title": n })), Some(PublicOp::Upsert)))
                })
            })
            .collect();
        writers.into_iter().map(|w| w.join().unwrap()).collect()
    });
    let won = outcomes.iter().filter(|o| o.is_ok()).count();
    let stale = outcomes
        .iter()
        .filter(|o| matches!(o, Err(CommitError::Stale { current: Some(c) }) if c.revision.0 == 2))
        .count();
    assert_eq!((won, stale), (1, 49));
    assert_eq!(store.head().store_seq, StoreSeq(2));
    assert!(sync_counts().data > before.data);
}

#[test]
fn no_acknowledgement_without_a_sync_and_groups_share_one() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    // One at a time: each acknowledgement has its own sync of data and HEAD. Other tests only add to the counts.
    for n in 0..20 {
        let before = sync_counts();
        store.commit_blocking(draft(n, "x")).unwrap();
        let after = sync_counts();
        assert!(after.data > before.data && after.head > before.head, "commit {n} was acknowledged without a sync");
    }
    let groups = store.stats().groups;
    assert_eq!(groups, 20);
    std::thread::scope(|scope| {
        for n in 0..40 {
            let store = &store;
            scope.spawn(move || store.commit_blocking(draft(100 + n, "x")).unwrap());
        }
    });
    let shared = store.stats().groups - groups;
    assert!((1..40).contains(&shared), "40 writers at once needed {shared} syncs");
    assert_eq!(store.head().store_seq, StoreSeq(60));
}

#[test]
fn a_batch_checks_each_commit_alone() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let commits = vec![
        published(1, "eins"),
        published(1, "doppelt"),
        published(2, &text(1, VALUE_BYTES_MAX)),
        published(3, "drei"),
        write(&record(4, "entry-3", State::Draft), 1, None, None),
    ];
    let results = store.commit_many_blocking(commits);
    assert_eq!(results[0].as_ref().unwrap().store_seq, StoreSeq(1));
    assert!(matches!(results[1], Err(CommitError::Stale { .. })));
    assert!(matches!(results[2], Err(CommitError::TooLarge { .. })));
    assert_eq!(results[3].as_ref().unwrap().store_seq, StoreSeq(2));
    assert!(matches!(results[4], Err(CommitError::SlugTaken { .. })));
    assert_eq!(store.stats().groups, 1);
    store.verify_all().unwrap();
}

#[test]
fn a_full_queue_says_busy() {
    let dir = tempfile::tempdir().unwrap();
    let mut options = options(dir.path());
    options.limits.queue_max = 2;
    let store = mitmachbox::store::Store::open(options, mitmachbox::clock::Clock::fixed(now())).unwrap().0;
    let busy: usize = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..200_u64)
            .map(|n| {
                let store = &store;
                scope.spawn(move || store.commit_blocking(draft(n, "x")))
            })
            .collect();
        writers.into_iter().filter(|_| true).map(|w| usize::from(w.join().unwrap() == Err(CommitError::Busy))).sum()
    });
    assert!(busy > 0, "200 writers fitted into a queue of 2");
    assert_eq!(store.head().store_seq.0, 200 - busy as u64);
}

#[test]
fn tokens_are_durable_and_off_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for (key, value) in [
        ("session/a", json!(1)),
        ("session/b", json!(2)),
        ("user/a", json!({ "role": "editor" })),
        ("session/a", json!(3)),
    ] {
        store.token_write_blocking(key, Some(&value)).unwrap();
    }
    store.token_write_blocking("session/b", None).unwrap();
    store.token_write_blocking("session/c", None).unwrap();
    store.close();
    let store = open(dir.path());
    assert_eq!(store.head(), Head::default());
    assert_eq!(store.token_get("user/a").unwrap(), Some(json!({ "role": "editor" })));
    assert_eq!(store.tokens("session/", None, 10).unwrap(), [("session/a".to_owned(), json!(3))]);
    assert_eq!(store.tokens("", Some("session/a"), 10).unwrap().len(), 1);
    assert_eq!(store.verify_all().unwrap().tokens, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_feed_is_watched_and_only_durable_changes_show() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let mut watch = store.watch();
    assert_eq!(*watch.borrow_and_update(), Head::default());
    let receipt = store.commit(published(1, "eins")).await.unwrap();
    watch.changed().await.unwrap();
    assert_eq!(watch.borrow_and_update().public_seq, receipt.public_head);
    store.token_put("t", &json!(1)).await.unwrap();
    store.token_delete("t").await.unwrap();
    let results = store.commit_many((2..12).map(|n| published(n, "x")).collect()).await;
    assert!(results.iter().all(Result::is_ok));
    watch.changed().await.unwrap();
    let changes = store.public_changes(PublicSeq(1), 4).unwrap();
    assert_eq!(changes.iter().map(|c| c.seq.0).collect::<Vec<_>>(), [2, 3, 4, 5]);
}
