use mitmachbox::curate::{CurateError, numbered};
use serde_json::json;

use super::support::{content, desk, editor, publisher, run};

#[test]
fn a_slug_is_made_from_the_title_and_numbered() {
    let desk = desk();
    run(async {
        let mut slugs = Vec::new();
        for title in ["Bürger*innenrat", "Bürger*innenrat", "Bürger:innenrat", "★"] {
            slugs.push(desk.curate.create(&editor(), content("best_practice", title)).await.unwrap().entry.record.slug);
        }
        assert_eq!(slugs, ["buergerinnenrat", "buergerinnenrat-2", "buergerinnenrat-3", "best-practice"]);
    });
}

#[test]
fn numbers_fit_behind_the_longest_slug() {
    for (slug, number, expected) in [
        ("rat".to_owned(), 1, "rat".to_owned()),
        ("rat".to_owned(), 12, "rat-12".to_owned()),
        ("a".repeat(100), 2, format!("{}-2", "a".repeat(98))),
        (format!("{}-b", "a".repeat(97)), 2, format!("{}-2", "a".repeat(97))),
    ] {
        assert_eq!(numbered(&slug, number), expected);
    }
}

#[test]
fn a_slug_of_another_entry_is_refused() {
    let desk = desk();
    run(async {
        let first = desk.curate.create(&editor(), content("format", "Eins")).await.unwrap().entry.record;
        let mut wanted = content("format", "Zwei");
        wanted["slug"] = json!("eins");
        match desk.curate.create(&editor(), wanted.clone()).await {
            Err(CurateError::SlugTaken { slug, by }) => assert_eq!((slug.as_str(), by), ("eins", first.id)),
            other => panic!("{other:?}"),
        }
        let second = desk.curate.create(&editor(), content("format", "Zwei")).await.unwrap().entry.record;
        let answer = desk.curate.replace(&editor(), second.id, second.revision, wanted).await;
        assert!(matches!(answer, Err(CurateError::SlugTaken { .. })), "{answer:?}");
    });
}

#[test]
fn the_public_address_changes_on_publication_and_the_old_one_stays() {
    let desk = desk();
    run(async {
        let draft = desk.curate.create(&editor(), content("format", "Eins")).await.unwrap().entry.record;
        let public = desk.curate.publish(&publisher(), draft.id, draft.revision, None).await.unwrap().entry.record;
        let patch = json!({ "slug": "erste" });
        let edited = desk.curate.patch(&editor(), draft.id, public.revision, patch).await.unwrap().entry;
        assert_eq!(edited.record.slug, "eins", "the public still finds it there");
        assert_eq!(edited.content["slug"], "erste");
        let public = desk.curate.publish(&publisher(), draft.id, edited.record.revision, None).await.unwrap();
        assert_eq!(
            (public.entry.record.slug.as_str(), &public.entry.record.old_slugs),
            ("erste", &vec!["eins".into()])
        );
        assert_eq!(desk.store.id_of_slug("eins").unwrap(), Some(draft.id));

        // Back again: the address is the entry's own.
        let revision = public.entry.record.revision;
        let edited = desk.curate.patch(&editor(), draft.id, revision, json!({ "slug": "eins" })).await.unwrap().entry;
        let public = desk.curate.publish(&publisher(), draft.id, edited.record.revision, None).await.unwrap();
        assert_eq!(
            (public.entry.record.slug.as_str(), &public.entry.record.old_slugs),
            ("eins", &vec!["erste".into()])
        );
    });
}

#[test]
fn a_draft_nobody_has_seen_moves_at_once_and_keeps_its_slug_otherwise() {
    let desk = desk();
    run(async {
        let draft = desk.curate.create(&editor(), content("format", "Eins")).await.unwrap().entry.record;
        let saved = desk.curate.replace(&editor(), draft.id, draft.revision, content("format", "Zwei")).await.unwrap();
        assert_eq!(saved.entry.record.slug, "eins");
        assert_eq!(saved.entry.content["slug"], "eins");
        let revision = saved.entry.record.revision;
        let saved = desk.curate.patch(&editor(), draft.id, revision, json!({ "slug": "zwei" })).await.unwrap();
        assert_eq!(saved.entry.record.slug, "zwei");
        // Published, it would tell the public what the draft was called.
        assert_eq!(saved.entry.record.old_slugs, Vec::<String>::new());
        let other = desk.curate.create(&editor(), content("format", "Eins")).await.unwrap();
        assert_eq!(other.entry.record.slug, "eins");
    });
}
