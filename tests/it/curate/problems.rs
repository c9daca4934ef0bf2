//! What is refused, and where the pointer points.

use mitmachbox::curate::CurateError;
use mitmachbox::model::problem::Problem;
use serde_json::{Value, json};

use super::support::{content, desk, editor, publisher, run};

/// Problems of a draft, as `pointer code`, sorted.
fn of_draft(kind: &str, change: Value) -> Vec<String> {
    let desk = desk();
    let mut fields = content(kind, "Runde");
    mitmachbox::curate::merge_patch::merge(&mut fields, &change);
    match run(desk.curate.create(&editor(), fields)) {
        Ok(_) => Vec::new(),
        Err(CurateError::Invalid(problems)) => list(&problems),
        Err(other) => panic!("{other:?}"),
    }
}

fn list(problems: &[Problem]) -> Vec<String> {
    for problem in problems {
        assert!(!problem.detail.is_empty() && !problem.detail_en.is_empty(), "{problem:?}");
    }
    let mut list: Vec<String> = problems.iter().map(|p| format!("{} {}", p.pointer, p.code)).collect();
    list.sort();
    list
}

#[test]
fn every_problem_has_its_pointer() {
    for (kind, change, expected) in [
        ("format", json!({}), &[][..]),
        ("format", json!({ "kind": null }), &["/kind kind_missing"]),
        ("format", json!({ "kind": "formta" }), &["/kind unknown_value"]),
        ("format", json!({ "titel": "x" }), &["/titel unknown_field"]),
        ("format", json!({ "title": null }), &["/title field_missing"]),
        ("format", json!({ "summary": "x".repeat(301) }), &["/summary too_long"]),
        ("format", json!({ "topics": ["verkehr", "verker"] }), &["/topics/1 unknown_term"]),
        ("format", json!({ "slug": "Ä" }), &["/slug wrong_form"]),
        ("format", json!({ "slug": "018f3b1e-7c1a-7d3e-8a4b-1234567890ab" }), &["/slug wrong_form"]),
        ("format", json!({ "participants_min": 0 }), &["/participants_min out_of_range"]),
        ("format", json!({ "participants_min": 9, "participants_max": 5 }), &["/participants_max range_reversed"]),
        ("format", json!({ "participants_min": "9" }), &["/participants_min wrong_type"]),
        ("format", json!({ "steps": [{ "text": "x" }] }), &["/steps/0/title field_missing"]),
        ("format", json!({ "digital_tools": [{ "category": "nix" }] }), &["/digital_tools/0/category unknown_term"]),
        ("format", json!({ "openness": "offen" }), &["/openness unknown_value"]),
        (
            "format",
            json!({ "plain_language": { "text": "x", "level": "leicht" } }),
            &["/plain_language/checked_by field_missing"],
        ),
        ("guide", json!({ "guide_type": "book" }), &["/guide_type unknown_value"]),
        ("guide", json!({ "year": 1200 }), &["/year out_of_range"]),
        ("guide", json!({ "full_text_url": "ftp://x" }), &["/full_text_url wrong_form"]),
        ("guide", json!({ "steps": [] }), &["/steps unknown_field"]),
        ("best_practice", json!({ "begins_on": "2021-13" }), &["/begins_on not_a_date"]),
        ("best_practice", json!({ "begins_on": "2021", "ends_on": "2020-05" }), &["/ends_on range_reversed"]),
        ("best_practice", json!({ "location": { "lat": 91, "lon": 7 } }), &["/location/lat out_of_range"]),
        ("best_practice", json!({ "ags": "123" }), &["/ags wrong_form"]),
        ("best_practice", json!({ "recruitment": ["los"] }), &["/recruitment/0 unknown_term"]),
        ("concept", json!({ "implementation_state": "done" }), &["/implementation_state unknown_value"]),
        ("concept", json!({ "resolution": { "date": "gestern" } }), &["/resolution/date wrong_form"]),
        ("idea", json!({ "wanted": ["people", "geld"] }), &["/wanted/1 unknown_value"]),
        ("idea", json!({ "submitted_by_type": "Frau X" }), &["/submitted_by_type unknown_value"]),
        ("idea", json!({ "contact": { "office": "Amt", "email": "x" } }), &["/contact/email wrong_form"]),
    ] {
        assert_eq!(of_draft(kind, change.clone()), expected, "{kind} {change}");
    }
}

#[test]
fn all_problems_come_at_once() {
    let change = json!({
        "title": 7,
        "summary": "x".repeat(301),
        "topics": ["verker"],
        "participants_min": 9,
        "participants_max": 5,
        "nonsense": true,
        "relations": [{ "type": "combines_with", "target": "x" }, { "type": "combines" }],
    });
    assert_eq!(
        of_draft("format", change),
        [
            "/nonsense unknown_field",
            "/participants_max range_reversed",
            "/relations/1/target field_missing",
            "/relations/1/type unknown_value",
            "/summary too_long",
            "/title wrong_type",
            "/topics/0 unknown_term",
        ]
    );
}

#[test]
fn fields_of_the_server_are_refused_not_ignored() {
    for field in mitmachbox::model::shape::SERVER_OWNED {
        assert_eq!(of_draft("format", json!({ *field: "x" })), [format!("/{field} server_owned")]);
    }
    // A merge patch that removes one of them has nothing to remove, and is refused all the same.
    let desk = desk();
    run(async {
        let draft = desk.curate.create(&editor(), content("format", "Runde")).await.unwrap().entry.record;
        let patch = json!({ "revision": null, "nonsense": null, "subtitle": null, "topics": ["verker"] });
        match desk.curate.patch(&editor(), draft.id, draft.revision, patch).await {
            Err(CurateError::Invalid(problems)) => assert_eq!(
                list(&problems),
                ["/nonsense unknown_field", "/revision server_owned", "/topics/0 unknown_term"]
            ),
            other => panic!("{other:?}"),
        }
        match desk.curate.patch(&editor(), draft.id, draft.revision, json!({ "revision": null })).await {
            Err(CurateError::Invalid(problems)) => assert_eq!(list(&problems), ["/revision server_owned"]),
            other => panic!("{other:?}"),
        }
        assert_eq!(desk.store.entry(draft.id).unwrap().unwrap(), draft, "nothing was written");
        let answer = desk.curate.patch(&editor(), draft.id, draft.revision, json!([])).await;
        assert!(matches!(answer, Err(CurateError::Invalid(_))), "a patch that is no object: {answer:?}");
    });
}

#[test]
fn a_kind_does_not_change() {
    let desk = desk();
    run(async {
        let draft = desk.curate.create(&editor(), content("format", "Runde")).await.unwrap().entry.record;
        match desk.curate.replace(&editor(), draft.id, draft.revision, content("guide", "Runde")).await {
            Err(CurateError::Invalid(problems)) => assert_eq!(list(&problems), ["/kind kind_fixed"]),
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn publishing_asks_for_what_readers_need() {
    for (kind, expected) in [
        ("format", &["format_types", "language", "levels", "license", "purposes", "reviewed_on", "sources"][..]),
        ("best_practice", &["format_types", "language", "levels", "license", "reviewed_on", "sources"]),
        ("guide", &["language", "license", "reviewed_on", "sources"]),
        ("concept", &["language", "license", "reviewed_on", "sources"]),
        ("idea", &["language", "license", "reviewed_on", "sources"]),
    ] {
        let desk = desk();
        run(async {
            let bare = json!({ "kind": kind, "title": "Runde" });
            let draft = desk.curate.create(&editor(), bare).await.unwrap().entry.record;
            let answer = desk.curate.publish(&publisher(), draft.id, draft.revision, None).await;
            let Err(CurateError::Invalid(problems)) = answer else { panic!("{answer:?}") };
            let mut missing: Vec<String> = expected.iter().map(|name| format!("/{name} required_to_publish")).collect();
            missing.extend(["/summary required_to_publish".into(), "/topics required_to_publish".into()]);
            missing.sort();
            assert_eq!(list(&problems), missing, "{kind}");
        });
    }
}

#[test]
fn relations_lead_to_entries_that_exist() {
    let desk = desk();
    run(async {
        let mut fields = content("format", "Eins");
        fields["relations"] = json!([
            { "type": "follows", "target": "zwei" },
            { "type": "follows", "target": "018f3b1e-7c1a-7d3e-8a4b-1234567890ab" },
        ]);
        let draft = desk.curate.create(&editor(), fields.clone()).await.unwrap().entry;
        assert_eq!(draft.content["relations"][0]["target"], "zwei", "a draft may be ahead of the others");
        let (id, revision) = (draft.record.id, draft.record.revision);
        match desk.curate.publish(&publisher(), id, revision, None).await {
            Err(CurateError::Invalid(problems)) => {
                assert_eq!(list(&problems), ["/relations/0/target unknown_entry", "/relations/1/target unknown_entry"]);
            }
            other => panic!("{other:?}"),
        }
        let two = desk.curate.create(&editor(), content("format", "Zwei")).await.unwrap().entry.record;
        fields["relations"] = json!([{ "type": "follows", "target": "zwei" }]);
        let saved = desk.curate.replace(&editor(), id, revision, fields.clone()).await.unwrap().entry;
        assert_eq!(saved.content["relations"][0]["target"], two.id.to_string());

        for own in ["eins".to_owned(), id.to_string()] {
            fields["relations"] = json!([{ "type": "follows", "target": own }]);
            match desk.curate.replace(&editor(), id, saved.record.revision, fields.clone()).await {
                Err(CurateError::Invalid(problems)) => {
                    assert_eq!(list(&problems), ["/relations/0/target relation_to_itself"]);
                }
                other => panic!("{other:?}"),
            }
        }
        let mut own = content("format", "Drei");
        own["slug"] = json!("drei");
        own["relations"] = json!([{ "type": "follows", "target": "drei" }]);
        let answer = desk.curate.create(&editor(), own).await;
        assert!(matches!(answer, Err(CurateError::Invalid(_))), "before it exists: {answer:?}");
    });
}

#[test]
fn a_link_that_was_open_is_tied_on_publication() {
    let desk = desk();
    run(async {
        let mut fields = content("format", "Eins");
        fields["relations"] = json!([{ "type": "follows", "target": "zwei" }]);
        let draft = desk.curate.create(&editor(), fields).await.unwrap().entry.record;
        let two = desk.curate.create(&editor(), content("format", "Zwei")).await.unwrap().entry.record;
        let public = desk.curate.publish(&publisher(), draft.id, draft.revision, None).await.unwrap().entry;
        assert_eq!(public.published.unwrap()["relations"][0]["target"], two.id.to_string());
        let read = desk.curate.read(&editor(), draft.id).await.unwrap();
        assert_eq!(read.published.unwrap()["relations"][0]["target"], two.id.to_string());
    });
}

#[test]
fn a_term_added_to_a_vocabulary_counts_from_then_on() {
    use mitmachbox::model::id::RevisionNumber;
    use mitmachbox::model::record::Action;
    use mitmachbox::store::{Commit, DocumentWrite, Expect, Write};
    let desk = desk();
    let mut fields = content("format", "Eins");
    fields["topics"] = json!(["mondfahrt"]);
    assert!(matches!(run(desk.curate.create(&editor(), fields.clone())), Err(CurateError::Invalid(_))));
    let mut topics = desk.store.document("vocabulary/topics").unwrap().unwrap().content;
    topics["terms"].as_array_mut().unwrap().push(json!({ "id": "mondfahrt", "label": "Mondfahrt" }));
    let write = DocumentWrite {
        name: "vocabulary/topics".into(),
        content: topics,
        expect: Expect::Revision(RevisionNumber(1)),
    };
    let commit = Commit {
        actor: "test".into(),
        action: Action::Edit,
        note: None,
        at: desk.clock.now(),
        write: Write::Document(write),
    };
    desk.store.commit_blocking(commit).unwrap();
    run(desk.curate.create(&editor(), fields)).unwrap();
}

#[test]
fn a_note_is_a_reason_and_no_letter() {
    let desk = desk();
    run(async {
        let draft = desk.curate.create(&editor(), content("format", "Runde")).await.unwrap().entry.record;
        let note = Some("x".repeat(501));
        match desk.curate.publish(&publisher(), draft.id, draft.revision, note).await {
            Err(CurateError::Invalid(problems)) => assert_eq!(list(&problems), ["/note too_long"]),
            other => panic!("{other:?}"),
        }
    });
}
