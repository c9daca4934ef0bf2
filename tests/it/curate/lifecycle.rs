use std::sync::Arc;

use jiff::ToSpan;
use mitmachbox::curate::{CurateError, Saved};
use mitmachbox::follow::{Follower, FollowerOptions};
use mitmachbox::index::current::Current;
use mitmachbox::model::id::{EntryId, PublicSeq, RevisionNumber};
use mitmachbox::model::record::{Action, State};
use serde_json::{Value, json};

use super::support::{Desk, content, desk, editor, now, publisher, run};

async fn create(desk: &Desk, title: &str) -> Saved {
    desk.curate.create(&editor(), content("format", title)).await.unwrap()
}

async fn publish(desk: &Desk, saved: &Saved) -> Saved {
    let record = &saved.entry.record;
    desk.curate.publish(&publisher(), record.id, record.revision, None).await.unwrap()
}

async fn patch(desk: &Desk, saved: &Saved, patch: Value) -> Result<Saved, CurateError> {
    let record = &saved.entry.record;
    desk.curate.patch(&editor(), record.id, record.revision, patch).await
}

#[test]
fn an_entry_lives() {
    let desk = desk();
    let seq = desk.store.head().public_seq.0;
    run(async {
        let draft = create(&desk, "Runde").await;
        assert_eq!((draft.entry.record.state, draft.change_seq), (State::Draft, None));
        assert_eq!(draft.entry.published, None);
        assert_eq!(desk.store.head().public_seq.0, seq, "drafts never move the public number");

        desk.clock.set(now() + 1.hour());
        let public = publish(&desk, &draft).await;
        let record = &public.entry.record;
        assert_eq!((record.state, record.draft, record.published), (State::Published, None, Some(record.revision)));
        assert_eq!(record.published_at, Some(now() + 1.hour()));
        assert_eq!(public.change_seq, Some(PublicSeq(seq + 1)));
        assert_eq!(public.entry.published.as_ref(), Some(&public.entry.content));

        desk.clock.set(now() + 2.hours());
        let edited = patch(&desk, &public, json!({ "title": "Neue Runde" })).await.unwrap();
        assert_eq!(edited.change_seq, None, "the public sees no difference");
        assert_eq!(edited.entry.record.published, Some(RevisionNumber(2)));
        assert_eq!(edited.entry.published.as_ref().unwrap()["title"], "Runde");
        assert_eq!(edited.entry.content["title"], "Neue Runde");

        let again = publish(&desk, &edited).await;
        assert_eq!(again.entry.record.published_at, Some(now() + 1.hour()), "the first publication");
        assert_eq!(again.entry.record.public_updated_at, Some(now() + 2.hours()));
        assert_eq!(again.entry.published.as_ref().unwrap()["title"], "Neue Runde");

        let record = &again.entry.record;
        let note = Some("veraltet".to_owned());
        let gone = desk.curate.archive(&publisher(), record.id, record.revision, note).await.unwrap();
        assert_eq!((gone.entry.record.state, gone.entry.record.published), (State::Archived, None));
        assert_eq!(gone.change_seq, Some(PublicSeq(seq + 3)));
        assert_eq!(gone.entry.published, None);

        let back = publish(&desk, &gone).await;
        assert_eq!(back.entry.record.state, State::Published);
        assert_eq!(back.entry.content["title"], "Neue Runde");

        let log: Vec<(u32, Action, bool)> = desk
            .curate
            .revisions(&editor(), record.id, None, 100)
            .await
            .unwrap()
            .into_iter()
            .map(|revision| (revision.number.0, revision.action, revision.content.is_some()))
            .collect();
        assert_eq!(
            log,
            [
                (6, Action::Publish, false),
                (5, Action::Archive, false),
                (4, Action::Publish, false),
                (3, Action::Edit, true),
                (2, Action::Publish, false),
                (1, Action::Create, true),
            ]
        );
        let read = desk.curate.read(&editor(), record.id).await.unwrap();
        assert_eq!(read.record, back.entry.record);
        assert_eq!(read.content, back.entry.content);
        assert_eq!(read.published, back.entry.published);
    });
    desk.store.verify_all().unwrap();
}

#[test]
fn states_that_do_not_allow_it_answer_with_a_conflict() {
    let desk = desk();
    run(async {
        let draft = create(&desk, "Runde").await;
        let record = &draft.entry.record;
        let answer = desk.curate.archive(&publisher(), record.id, record.revision, None).await;
        assert!(matches!(answer, Err(CurateError::Conflict(..))), "a draft was never public: {answer:?}");
        let public = publish(&desk, &draft).await;
        let record = &public.entry.record;
        let answer = desk.curate.publish(&publisher(), record.id, record.revision, None).await;
        assert!(matches!(answer, Err(CurateError::Conflict(..))), "nothing to publish: {answer:?}");
        let gone = desk.curate.archive(&publisher(), record.id, record.revision, None).await.unwrap();
        let record = &gone.entry.record;
        let answer = desk.curate.archive(&publisher(), record.id, record.revision, None).await;
        assert!(matches!(answer, Err(CurateError::Conflict(..))), "archived already: {answer:?}");
    });
}

#[test]
fn an_archived_entry_with_a_draft_keeps_the_draft() {
    let desk = desk();
    run(async {
        let public = publish(&desk, &create(&desk, "Runde").await).await;
        let edited = patch(&desk, &public, json!({ "title": "Neu" })).await.unwrap();
        let record = &edited.entry.record;
        let gone = desk.curate.archive(&publisher(), record.id, record.revision, None).await.unwrap();
        assert_eq!(gone.entry.content["title"], "Neu");
        assert_eq!(
            gone.entry.record.withdrawn,
            Some(public.entry.record.revision),
            "what the public saw, not the draft"
        );
        let edited = patch(&desk, &gone, json!({ "subtitle": "Anders" })).await.unwrap();
        assert_eq!((edited.entry.record.state, edited.change_seq), (State::Draft, None));
        assert_eq!(
            edited.entry.record.withdrawn, gone.entry.record.withdrawn,
            "its address still says that it is gone"
        );
        let back = publish(&desk, &edited).await;
        assert_eq!(back.entry.published.as_ref().unwrap()["title"], "Neu");
        assert_eq!(back.entry.record.withdrawn, None);
    });
}

#[test]
fn a_write_based_on_an_old_revision_gets_the_current_one() {
    let desk = desk();
    run(async {
        let draft = create(&desk, "Runde").await;
        let edited = patch(&desk, &draft, json!({ "title": "Neu" })).await.unwrap();
        let (id, old) = (draft.entry.record.id, draft.entry.record.revision);
        for answer in [
            desk.curate.replace(&editor(), id, old, content("format", "Alt")).await,
            // Whether the patch makes sense is not even looked at.
            desk.curate.patch(&editor(), id, old, json!({ "title": 7 })).await,
            desk.curate.publish(&publisher(), id, old, None).await,
            desk.curate.archive(&publisher(), id, old, None).await,
        ] {
            match answer {
                Err(CurateError::Stale(current)) => assert_eq!(*current, edited.entry.record),
                other => panic!("{other:?}"),
            }
        }
    });
}

#[test]
fn of_fifty_writers_with_one_revision_one_wins() {
    let desk = Arc::new(desk());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    let draft = runtime.block_on(create(&desk, "Runde"));
    let (id, revision) = (draft.entry.record.id, draft.entry.record.revision);
    let writers: Vec<_> = (0..50)
        .map(|writer| {
            let desk = Arc::clone(&desk);
            runtime.spawn(async move {
                desk.curate.replace(&editor(), id, revision, content("format", &format!("Runde {writer}"))).await
            })
        })
        .collect();
    let answers: Vec<_> = writers.into_iter().map(|writer| runtime.block_on(writer).unwrap()).collect();
    let won: Vec<&Saved> = answers.iter().filter_map(|answer| answer.as_ref().ok()).collect();
    let [winner] = won.as_slice() else { panic!("{} won", won.len()) };
    for answer in &answers {
        if let Err(error) = answer {
            let CurateError::Stale(current) = error else { panic!("{error:?}") };
            assert_eq!(**current, winner.entry.record);
        }
    }
    let stored = runtime.block_on(desk.curate.read(&editor(), id)).unwrap();
    assert_eq!(stored.content, winner.entry.content);
    assert_eq!(stored.record.revision, RevisionNumber(2));
}

#[test]
fn a_patch_changes_what_it_names() {
    for (change, field, expected) in [
        (json!({ "title": "Neu" }), "/title", json!("Neu")),
        (json!({ "subtitle": "Zweite Zeile" }), "/subtitle", json!("Zweite Zeile")),
        (json!({ "keywords": ["a", "b"] }), "/keywords", json!(["a", "b"])),
        (json!({ "plain_language": { "text": "Kurz." } }), "/plain_language/text", json!("Kurz.")),
        (json!({ "plain_language": { "text": "Kurz." } }), "/plain_language/level", json!("einfach")),
        (json!({ "plain_language": null }), "/plain_language", Value::Null),
        (json!({ "keywords": null, "topics": [] }), "/topics", Value::Null),
        (json!({}), "/title", json!("Runde")),
    ] {
        let desk = desk();
        let saved = run(async {
            let mut start = content("format", "Runde");
            start["plain_language"] = json!({ "text": "Lang.", "level": "einfach" });
            let draft = desk.curate.create(&editor(), start).await.unwrap();
            patch(&desk, &draft, change.clone()).await.unwrap()
        });
        let found = saved.entry.content.pointer(field).cloned().unwrap_or(Value::Null);
        assert_eq!(found, expected, "{change}");
    }
}

#[test]
fn content_is_stored_in_one_form() {
    let desk = desk();
    run(async {
        let other = create(&desk, "Andere").await.entry.record;
        let mut untidy = content("format", "Runde");
        untidy["relations"] = json!([{ "type": "combines_with", "target": "andere", "note": "danach" }]);
        untidy["subtitle"] = json!("");
        untidy["image"] = Value::Null;
        untidy["keywords"] = json!([]);
        let saved = desk.curate.create(&editor(), untidy).await.unwrap();
        let fields: Vec<&str> = saved.entry.content.as_object().unwrap().keys().map(String::as_str).collect();
        assert!(!fields.iter().any(|field| ["subtitle", "image", "keywords"].contains(field)), "{fields:?}");
        assert_eq!(&fields[..3], ["slug", "title", "summary"], "in the order of the schema");
        assert_eq!(saved.entry.content["relations"][0]["target"], other.id.to_string());
        // What comes out goes in again.
        let record = saved.entry.record;
        let same = desk.curate.replace(&editor(), record.id, record.revision, saved.entry.content.clone()).await;
        assert_eq!(same.unwrap().entry.content, saved.entry.content);
    });
}

#[test]
fn pages_are_bounded_and_in_order() {
    let desk = desk();
    run(async {
        for number in 0..5 {
            create(&desk, &format!("Runde {number}")).await;
        }
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = desk.curate.list(&editor(), after, 2).await.unwrap();
            assert!(page.len() <= 2);
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            seen.extend(page.iter().map(|record| record.slug.clone()));
        }
        seen.sort();
        assert_eq!(seen, ["runde-0", "runde-1", "runde-2", "runde-3", "runde-4"]);
        assert_eq!(desk.curate.list(&editor(), None, usize::MAX).await.unwrap().len(), 5);
        let unknown = EntryId::of_seed("format", "there-is-none");
        assert!(matches!(desk.curate.revisions(&editor(), unknown, None, 9).await, Err(CurateError::Unknown)));
        assert!(matches!(desk.curate.read(&editor(), unknown).await, Err(CurateError::Unknown)));
    });
}

#[test]
fn an_entry_that_is_too_large_is_refused_whole() {
    let desk = desk();
    let seq = desk.store.head();
    let mut large = content("best_practice", "Groß");
    large["body"] = json!("ß".repeat(24_000));
    for field in ["process", "results"] {
        large[field] = json!("€".repeat(4_000));
    }
    match run(desk.curate.create(&editor(), large)) {
        Err(CurateError::TooLarge { max }) => assert_eq!(max, 65_536),
        other => panic!("{other:?}"),
    }
    assert_eq!(desk.store.head(), seq);
}

/// What the index knows of an archived entry, built anew from the store.
fn tombstone(desk: &Desk, slug: &str) -> Option<String> {
    let dir = tempfile::tempdir().unwrap();
    let current = Current::default();
    let mut follower = Follower::new(desk.store.clone(), current.clone(), FollowerOptions::new(dir.path()));
    follower.step().unwrap();
    let snapshot = current.get().unwrap();
    let doc = snapshot.by_slug(slug).unwrap()?;
    snapshot.is_tombstone(doc).then(|| snapshot.tombstone_title(doc))
}

#[test]
fn of_an_archived_entry_only_what_the_public_saw_is_named() {
    let desk = desk();
    run(async {
        let public = publish(&desk, &create(&desk, "Runde").await).await;
        assert_eq!(tombstone(&desk, "runde"), None, "it is public");
        let edited = patch(&desk, &public, json!({ "title": "Geheim" })).await.unwrap();
        let record = &edited.entry.record;
        let gone = desk.curate.archive(&publisher(), record.id, record.revision, None).await.unwrap();
        assert_eq!(tombstone(&desk, "runde").as_deref(), Some("Runde"), "not the draft's title");
        let edited = patch(&desk, &gone, json!({ "title": "Noch geheimer" })).await.unwrap();
        assert_eq!(tombstone(&desk, "runde").as_deref(), Some("Runde"), "also while it is being rewritten");
        publish(&desk, &edited).await;
        assert_eq!(tombstone(&desk, "runde"), None);
    });
}
