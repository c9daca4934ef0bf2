use mitmachbox::auth::Role;
use mitmachbox::curate::CurateError;
use mitmachbox::model::id::{EntryId, RevisionNumber};
use serde_json::json;

use super::notices::notice;
use super::support::{content, desk, publisher, run, who};

/// Which role is the least that may do it; every use case has a row.
const MATRIX: &[(&str, Role)] = &[
    ("create", Role::Editor),
    ("read", Role::Reader),
    ("replace", Role::Editor),
    ("patch", Role::Editor),
    ("publish", Role::Publisher),
    ("archive", Role::Publisher),
    ("revisions", Role::Reader),
    ("list", Role::Reader),
    ("list notices", Role::Editor),
    ("close a notice", Role::Editor),
];

#[test]
fn roles_hold() {
    for (use_case, least) in MATRIX {
        for role in Role::ALL {
            let desk = desk();
            let somebody = who(*role);
            let answer = run(async {
                let new = desk.curate.create(&publisher(), content("format", "Runde")).await.unwrap();
                let (id, revision) = (new.entry.record.id, new.entry.record.revision);
                match *use_case {
                    "create" => desk.curate.create(&somebody, content("format", "Zwei")).await.map(drop),
                    "read" => desk.curate.read(&somebody, id).await.map(drop),
                    "replace" => {
                        desk.curate.replace(&somebody, id, revision, content("format", "Zwei")).await.map(drop)
                    }
                    "patch" => desk.curate.patch(&somebody, id, revision, json!({ "title": "Zwei" })).await.map(drop),
                    "publish" => desk.curate.publish(&somebody, id, revision, None).await.map(drop),
                    "archive" => {
                        let public = desk.curate.publish(&publisher(), id, revision, None).await.unwrap();
                        desk.curate.archive(&somebody, id, public.entry.record.revision, None).await.map(drop)
                    }
                    "revisions" => desk.curate.revisions(&somebody, id, None, 10).await.map(drop),
                    "list" => desk.curate.list(&somebody, None, 10).await.map(drop),
                    "list notices" => desk.curate.notices(&somebody, None, None, 10).await.map(drop),
                    "close a notice" => {
                        let notice = desk.curate.submit_notice(notice("Tippfehler")).await.unwrap();
                        desk.curate.close_notice(&somebody, notice.id).await.map(drop)
                    }
                    other => panic!("no such use case: {other}"),
                }
            });
            match answer {
                Ok(()) => assert!(role >= least, "{role} may {use_case}"),
                Err(CurateError::Forbidden) => assert!(role < least, "{role} may not {use_case}"),
                Err(other) => panic!("{use_case} as {role}: {other}"),
            }
        }
    }
}

#[test]
fn who_may_not_learns_nothing_of_what_is_there() {
    let desk = desk();
    let unknown = EntryId::of_seed("format", "there-is-none");
    let answer = run(desk.curate.publish(&who(Role::Editor), unknown, RevisionNumber(1), None));
    assert!(matches!(answer, Err(CurateError::Forbidden)));
}
