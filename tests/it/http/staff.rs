//! Staff's writes over HTTP: every one names the revision it is based on.

use hyper::Method;
use mitmachbox::{auth::Role, config::Config};
use serde_json::{Value, json};

use super::support::{Answer, House};

const ENTRIES: &str = "/api/v1/staff/entries";
const JSON: (&str, &str) = ("content-type", "application/json");
const PATCH: (&str, &str) = ("content-type", "application/merge-patch+json");

fn draft() -> Value {
    json!({
        "kind": "format", "title": "Bürger*innenfrühstück <b>", "summary": "Alle frühstücken zusammen.",
        "format_types": ["analog"], "levels": ["information"], "purposes": ["vernetzen"], "topics": ["wohnen"],
        "audiences": ["alle"], "sources": [{ "title": "Redaktion" }], "license": "CC-BY-4.0", "language": "de",
        "reviewed_on": "2026-11-23", "body": "Ein *Frühstück* <script>alert(1)</script>.",
    })
}

fn create(house: &House, content: &Value) -> Answer {
    house.staff(Role::Editor, Method::POST, ENTRIES, &[JSON], &content.to_string())
}

#[test]
fn from_draft_to_archive() {
    let house = House::new(Config::default());
    let created = create(&house, &draft());
    assert_eq!(created.status, 201, "{}", created.text());
    let body = created.json();
    let id = body["id"].as_str().unwrap().to_owned();
    let path = format!("{ENTRIES}/{id}");
    assert_eq!(created.header("etag"), "\"1\"");
    assert_eq!(created.header("location"), format!("entries/{id}"));
    assert_eq!((body["state"].as_str(), body["change_seq"].clone()), (Some("draft"), Value::Null));
    let slug = body["slug"].as_str().unwrap().to_owned();
    assert_eq!(house.get(&format!("/api/v1/entries/{slug}")).status, 404, "a draft is not public");

    let patch = json!({ "subtitle": "Mit Brötchen" }).to_string();
    let patched = house.staff(Role::Editor, Method::PATCH, &path, &[PATCH, ("if-match", "\"1\"")], &patch);
    assert_eq!((patched.status.as_u16(), patched.header("etag")), (200, "\"2\""), "{}", patched.text());
    assert_eq!(patched.json()["content"]["subtitle"], "Mit Brötchen");

    let stale = house.staff(Role::Editor, Method::PATCH, &path, &[PATCH, ("if-match", "\"1\"")], &patch);
    assert_eq!(stale.problem(), (412, "stale_revision".into()));
    assert_eq!((stale.header("etag"), stale.json()["current"]["revision"].clone()), ("\"2\"", 2.into()));

    let publish = format!("{path}/publish");
    let published =
        house.staff(Role::Publisher, Method::POST, &publish, &[JSON, ("if-match", "\"2\"")], "{\"note\":\"geprüft\"}");
    assert_eq!(published.status, 200, "{}", published.text());
    let seq = published.json()["change_seq"].as_u64().unwrap();
    let found = house.get(&format!("/api/v1/search?q=frühstück&min_seq={seq}").replace('ü', "%C3%BC")).json();
    assert_eq!(found["hits"][0]["slug"], slug.as_str(), "the change can be waited for");
    let page = house.get(&format!("/eintrag/{slug}"));
    assert!(page.text().contains("<h1 lang=\"de\">Bürger*innenfrühstück &#60;b&#62;</h1>"), "text stays text");
    assert!(!page.text().contains("<script>alert"), "a text can do nothing");

    let revision = published.header("etag").to_owned();
    let archived =
        house.staff(Role::Publisher, Method::POST, &format!("{path}/archive"), &[("if-match", &revision)], "");
    assert_eq!(archived.status, 200, "{}", archived.text());
    let seq = archived.json()["change_seq"].as_u64().unwrap();
    let gone = house.get(&format!("/api/v1/entries/{slug}?min_seq={seq}"));
    assert_eq!(gone.problem(), (410, "archived".into()));
    let page = house.get(&format!("/eintrag/{slug}"));
    assert_eq!(page.status, 410);
    assert!(page.text().contains("name=\"q\""), "the page helps on");

    let revisions = house.staff(Role::Reader, Method::GET, &format!("{path}/revisions?limit=2"), &[], "").json();
    assert_eq!(revisions["revisions"].as_array().unwrap().len(), 2);
    assert!(revisions["next"].is_number());
    let changes = house.get("/api/v1/changes?since=0").json();
    let last = changes["changes"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((last["op"].as_str(), last["id"].as_str()), (Some("delete"), Some(id.as_str())));
}

#[test]
fn writes_that_are_refused() {
    let house = House::new(Config::default());
    let id = create(&house, &draft()).json()["id"].as_str().unwrap().to_owned();
    let path = format!("{ENTRIES}/{id}");
    let text = draft().to_string();
    let deep = format!("{}1{}", "[".repeat(40), "]".repeat(40));
    let owned = json!({ "kind": "format", "title": "x", "state": "published" }).to_string();
    let put =
        |headers: &[(&str, &str)], body: &str| house.staff(Role::Editor, Method::PUT, &path, headers, body).problem();
    let first = ("if-match", "\"1\"");
    for (headers, body, status, code) in [
        (&[JSON][..], text.as_str(), 428, "revision_required"),
        (&[JSON, ("if-match", "1")], &text, 400, "bad_header"),
        (&[JSON, ("if-match", "*")], &text, 400, "bad_header"),
        (&[JSON, ("if-match", "\"7\"")], &text, 412, "stale_revision"),
        (&[first], &text, 415, "unsupported_media_type"),
        (&[PATCH, first], &text, 415, "unsupported_media_type"),
        (&[JSON, first], "{", 400, "bad_json"),
        (&[JSON, first], "", 400, "bad_json"),
        (&[JSON, first], &deep, 400, "bad_json"),
        (&[JSON, first], "[]", 422, "invalid_entry"),
        (&[JSON, first], &owned, 422, "invalid_entry"),
    ] {
        assert_eq!(put(headers, body), (status, code.to_owned()), "{headers:?} {body:.60}");
    }
    let answer = house.staff(Role::Editor, Method::PUT, &path, &[JSON, first], &owned);
    assert_eq!(answer.json()["errors"][0]["pointer"], "/state");
    let answer = house.staff(Role::Editor, Method::PATCH, &path, &[JSON, first], "{}");
    assert_eq!(answer.header("accept-patch"), "application/merge-patch+json");
    for wrong in ["{\"nte\":\"x\"}".to_owned(), json!({ "note": "x".repeat(2_000) }).to_string()] {
        let answer = house.staff(Role::Publisher, Method::POST, &format!("{path}/publish"), &[JSON, first], &wrong);
        assert_eq!(answer.status, 400, "{wrong:.40}: {}", answer.text());
    }
    let unknown = house.staff(Role::Reader, Method::GET, &format!("{ENTRIES}/fishbowl"), &[], "");
    assert_eq!(unknown.problem(), (404, "not_found".into()));
    let mut taken = draft();
    taken["slug"] = "fishbowl".into();
    assert_eq!(create(&house, &taken).problem(), (409, "slug_taken".into()));
    assert_eq!(house.staff(Role::Reader, Method::GET, &path, &[], "").header("etag"), "\"1\"", "nothing was written");
}

#[test]
fn of_many_writes_on_one_revision_one_wins() {
    let house = House::new(Config::default());
    let id = create(&house, &draft()).json()["id"].as_str().unwrap().to_owned();
    let path = format!("{ENTRIES}/{id}");
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let house = &house;
        let path = &path;
        let write = |n: usize| {
            let patch = json!({ "subtitle": format!("Fassung {n}") }).to_string();
            let answer = house.staff(Role::Editor, Method::PATCH, path, &[PATCH, ("if-match", "\"1\"")], &patch);
            answer.status.as_u16()
        };
        let threads: Vec<_> = (0..20).map(|n| scope.spawn(move || write(n))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 412).count(), 19, "{statuses:?}");
}

#[test]
fn lists_have_drafts_and_pages() {
    let house = House::new(Config::default());
    create(&house, &draft());
    let (mut path, mut count) = (format!("{ENTRIES}?limit=4"), 0);
    loop {
        let page = house.staff(Role::Reader, Method::GET, &path, &[], "").json();
        count += page["entries"].as_array().unwrap().len();
        let Some(next) = page["next"].as_str() else { break };
        path = format!("{ENTRIES}?limit=4&after={next}");
    }
    assert_eq!(count, 9);
    let wrong = house.staff(Role::Reader, Method::GET, &format!("{ENTRIES}?after=x"), &[], "");
    assert_eq!(wrong.problem(), (400, "bad_parameter".into()));
}
