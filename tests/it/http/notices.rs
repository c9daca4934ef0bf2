//! Notices to the editors, from the form to the desk.

use std::net::SocketAddr;
use std::num::NonZeroU32;

use axum::{body::Body, extract::ConnectInfo};
use hyper::{Method, Request};
use mitmachbox::{auth::Role, config::Config, http::params::encode, model::id::EntryId};
use serde_json::Value;

use super::support::{Answer, House};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const NOTICES: &str = "/api/v1/staff/notices";
/// Long ago, so that nobody has typed too quickly.
const SINCE: (&str, &str) = ("seit", "0");
const GOOD: &[(&str, &str)] = &[("art", "fehler"), ("text", "Hier fehlt ein Komma."), SINCE];

fn house() -> House {
    House::new(Config::default())
}

fn body(fields: &[(&str, &str)]) -> String {
    fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
}

fn post(house: &House, path: &str, fields: &[(&str, &str)]) -> Answer {
    house.send(Method::POST, path, &[FORM, ("sec-fetch-site", "same-origin")], &body(fields))
}

/// What staff see, newest first.
fn listed(house: &House, query: &str) -> Vec<Value> {
    let answer = house.staff(Role::Editor, Method::GET, &format!("{NOTICES}{query}"), &[], "");
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["notices"].as_array().unwrap().clone()
}

#[test]
fn a_notice_goes_from_the_form_to_the_desk() {
    let house = house();
    let form = house.get("/hinweis?eintrag=buergerrat&art=veraltet");
    assert_eq!((form.status.as_u16(), form.header("cache-control")), (200, "no-store"));
    for part in [
        "method=\"post\"",
        "action=\"/hinweis\"",
        "<a href=\"/eintrag/buergerrat\">Bürgerrat</a>",
        "name=\"eintrag\" value=\"buergerrat\"",
        "value=\"veraltet\" checked",
        "<legend>Worum geht es?</legend>",
        "<label for=\"text\">",
        "<label for=\"email\">",
        "autocomplete=\"email\"",
        "aria-describedby=\"email-hilfe\"",
        "spätestens nach 180 Tagen",
    ] {
        assert!(form.text().contains(part), "{part}\n{}", form.text());
    }
    let text = "<script>alert(1)</script> & „Zeile eins“\r\nZeile zwei";
    let fields = [("art", "veraltet"), ("text", text), ("email", "anna@example.org"), ("eintrag", "buergerrat"), SINCE];
    let sent = post(&house, "/hinweis", &fields);
    assert_eq!(
        (sent.status.as_u16(), sent.header("location")),
        (303, "/hinweis/danke?eintrag=buergerrat"),
        "{}",
        sent.text()
    );
    let thanks = house.get(sent.header("location"));
    assert!(thanks.text().contains("<h1>Danke für Ihren Hinweis</h1>"), "{}", thanks.text());
    assert!(thanks.text().contains("href=\"/eintrag/buergerrat\""));

    let [notice] = listed(&house, "").try_into().unwrap();
    assert_eq!(notice["text"], "<script>alert(1)</script> & „Zeile eins“\nZeile zwei");
    assert_eq!(
        (&notice["kind"], &notice["state"], &notice["language"]),
        (&"outdated".into(), &"open".into(), &"de".into())
    );
    assert_eq!(notice["email"], "anna@example.org");
    assert_eq!(notice["entry"]["slug"], "buergerrat");
    assert_eq!(notice["entry"]["id"], EntryId::of_seed("format", "buergerrat").to_string());

    let done = format!("{NOTICES}/{}/done", notice["id"].as_str().unwrap());
    let closed = house.staff(Role::Editor, Method::POST, &done, &[], "");
    assert_eq!(closed.status, 200, "{}", closed.text());
    assert_eq!((&closed.json()["state"], &closed.json()["done_by"]), (&"done".into(), &"editor".into()));
    assert!(!closed.text().contains("anna@example.org"));
    assert!(listed(&house, "?state=open").is_empty());
    let [notice] = listed(&house, "?state=done").try_into().unwrap();
    assert_eq!(notice.get("email"), None, "the address is gone");
    house.store.verify_all().unwrap();
}

#[test]
fn faults_stand_beside_their_fields_and_nothing_typed_is_lost() {
    let house = house();
    let typed = "Text mit </textarea><b>Markup</b> & \"Zeichen\"";
    let fields = [("art", ""), ("text", typed), ("email", "anna@\"><i>"), ("eintrag", "buergerrat"), SINCE];
    let refused = post(&house, "/hinweis", &fields);
    assert_eq!((refused.status.as_u16(), refused.header("cache-control")), (422, "no-store"));
    for part in [
        "<title>Fehler: Hinweis an die Redaktion",
        "<a href=\"#art\">Bitte wählen Sie aus, worum es geht.</a>",
        "<a href=\"#email\">Das ist keine vollständige E-Mail-Adresse.",
        "id=\"art-fehler\">Fehler: Bitte wählen Sie aus, worum es geht.",
        "aria-describedby=\"email-hilfe email-fehler\" aria-invalid=\"true\"",
        "Text mit &#60;/textarea&#62;&#60;b&#62;Markup&#60;/b&#62; &#38; &#34;Zeichen&#34;</textarea>",
        "value=\"anna@&#34;&#62;&#60;i&#62;\"",
        "name=\"eintrag\" value=\"buergerrat\"",
        "id=\"art\"",
        "id=\"email\"",
    ] {
        assert!(refused.text().contains(part), "{part}\n{}", refused.text());
    }
    assert!(!refused.text().contains("<b>") && !refused.text().contains("<i>"));
    assert!(!refused.text().contains("text-fehler"), "the text has no fault");

    let empty = post(&house, "/hinweis?lang=en", &[("art", "barriere"), SINCE]);
    assert_eq!(empty.status, 422);
    for part in
        ["<html lang=\"en\">", "<title>Error: Tell the editors", "href=\"#text\">Please write what you noticed.</a>"]
    {
        assert!(empty.text().contains(part), "{part}\n{}", empty.text());
    }
    assert!(empty.text().contains("value=\"barriere\" checked"));
    let long = "ä".repeat(5_001);
    let long = post(&house, "/hinweis", &[("art", "fehler"), ("text", &long), SINCE]);
    assert_eq!(long.status, 422);
    assert!(long.text().contains("Ihr Text hat 5001 Zeichen."), "{}", &long.text()[..3_000]);
    assert!(listed(&house, "").is_empty(), "none of it was taken");
}

#[test]
fn programs_that_fill_in_everything_are_kept_off_and_people_are_told() {
    let house = house();
    let trapped = post(&house, "/hinweis", &[GOOD, &[("homepage", "https://spam.example")]].concat());
    assert_eq!(trapped.status, 422);
    assert!(trapped.text().contains("href=\"#homepage\">Bitte leeren Sie dieses Feld.</a>"), "{}", trapped.text());
    assert!(!trapped.text().contains("class=\"trap\""), "now it can be seen");

    let form = house.get("/hinweis");
    let shown_at = form.text().split("name=\"seit\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    for seit in [shown_at.as_str(), "", "gestern", "99999999999"] {
        let quick = post(&house, "/hinweis", &[("art", "fehler"), ("text", "Schnell"), ("seit", seit)]);
        assert_eq!(quick.status, 422, "{seit:?}");
        assert!(quick.text().contains("Das ging sehr schnell."), "{seit:?}: {}", quick.text());
        assert!(quick.text().contains("Schnell</textarea>"));
    }
    assert!(listed(&house, "").is_empty());
    assert_eq!(post(&house, "/hinweis", GOOD).status, 303);
}

#[test]
fn only_its_own_page_sends_the_form() {
    let config = Config { public_url: Some("https://stadt.example/beteiligung".into()), ..Config::default() };
    let house = House::new(Config { base_path: "/beteiligung".into(), ..config });
    let status = |headers: &[(&str, &str)]| {
        house.send(Method::POST, "/hinweis", &[&[FORM], headers].concat(), &body(GOOD)).status.as_u16()
    };
    let (site, origin, host) = ("sec-fetch-site", "origin", ("host", "127.0.0.1:8080"));
    for (headers, expected) in [
        (&[(site, "same-origin")][..], 303),
        (&[(site, "none")], 303),
        (&[(site, "cross-site")], 403),
        (&[(site, "same-site")], 403),
        (&[(site, "")], 403),
        (&[(site, "cross-site"), (origin, "https://stadt.example")], 403),
        (&[(origin, "https://stadt.example"), host], 303),
        (&[(origin, "https://STADT.example"), host], 303),
        (&[(origin, "http://127.0.0.1:8080"), host], 303),
        (&[(origin, "http://127.0.0.1:8081"), host], 403),
        (&[(origin, "https://stadt.example.evil.example"), host], 403),
        (&[(origin, "https://evil.example"), host], 403),
        (&[(origin, "null"), host], 403),
        (&[(origin, ""), host], 403),
        (&[], 303),
    ] {
        assert_eq!(status(headers), expected, "{headers:?}");
    }
    let refused = house.send(Method::POST, "/hinweis", &[FORM, (site, "cross-site")], &body(GOOD));
    assert!(refused.text().contains("<h1>Dieses Formular nimmt nur an, was von seiner eigenen Seite kommt.</h1>"));
    assert_eq!(house.send(Method::POST, "/hinweis", &[("content-type", "application/json")], "{}").status, 415);
    assert_eq!(house.send(Method::POST, "/hinweis", &[FORM], "text=%FF").status, 400);
    let many = vec![("x", "y"); 300];
    assert_eq!(post(&house, "/hinweis", &many).status, 400);
    assert!(house.get("/hinweis").text().contains("action=\"/beteiligung/hinweis\""));
}

#[test]
fn each_block_of_addresses_has_so_many_an_hour() {
    let mut config = Config::default();
    config.limits.notices_per_hour = NonZeroU32::new(2).unwrap();
    let house = House::new(config);
    let send = |address: &str, fields: &[(&str, &str)]| {
        let peer: SocketAddr = address.parse().unwrap();
        let request = Request::post("/hinweis").header(FORM.0, FORM.1).extension(ConnectInfo(peer));
        house.call(request.body(Body::from(body(fields))).unwrap())
    };
    for _ in 0..5 {
        assert_eq!(send("203.0.113.7:1", &[SINCE]).status, 422, "who corrects a mistake loses nothing");
    }
    assert_eq!(send("203.0.113.7:1", GOOD).status, 303);
    assert_eq!(send("203.0.113.8:1", GOOD).status, 303);
    let refused = send("203.0.113.9:1", GOOD);
    assert_eq!(refused.status, 429);
    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 600, "{}", refused.header("retry-after"));
    assert!(refused.text().contains("Aus Ihrem Netz kamen in der letzten Stunde sehr viele Hinweise."));
    assert!(refused.text().contains("Hier fehlt ein Komma.</textarea>"), "what was typed is still there");
    assert_eq!(send("203.0.114.7:1", GOOD).status, 303, "another block");
    assert_eq!(listed(&house, "").len(), 3);
}

#[test]
fn a_full_desk_says_so_and_loses_nothing() {
    let mut config = Config::default();
    config.limits.notices_stored = 1;
    config.site.feedback_email = Some("redaktion@stadt.example".into());
    let house = House::new(config);
    assert_eq!(post(&house, "/hinweis", GOOD).status, 303);
    let refused = post(&house, "/hinweis?lang=en", GOOD);
    assert_eq!(refused.status, 503);
    assert!(!refused.header("retry-after").is_empty());
    for part in [
        "We cannot take any more notices at the moment.",
        "Hier fehlt ein Komma.</textarea>",
        "mailto:redaktion@stadt.example",
    ] {
        assert!(refused.text().contains(part), "{part}\n{}", refused.text());
    }
    assert_eq!(listed(&house, "").len(), 1);
}

#[test]
fn staff_read_page_after_page_and_nobody_else_does() {
    let house = house();
    let before = house.store.head();
    for n in 0..3 {
        let text = format!("Nummer {n}");
        assert_eq!(post(&house, "/hinweis", &[("art", "sonstiges"), ("text", &text), SINCE]).status, 303);
    }
    let first = house.staff(Role::Editor, Method::GET, &format!("{NOTICES}?limit=2"), &[], "").json();
    assert_eq!(first["notices"].as_array().unwrap().len(), 2);
    let next = first["next"].as_str().unwrap();
    let second = house.staff(Role::Publisher, Method::GET, &format!("{NOTICES}?limit=2&after={next}"), &[], "").json();
    assert_eq!((second["notices"].as_array().unwrap().len(), &second["next"]), (1, &Value::Null));
    let problem = |role, path: &str, method| house.staff(role, method, path, &[], "").problem();
    assert_eq!(problem(Role::Reader, NOTICES, Method::GET), (403, "forbidden".into()));
    assert_eq!(problem(Role::Editor, &format!("{NOTICES}?state=closed"), Method::GET), (400, "unknown_value".into()));
    assert_eq!(problem(Role::Editor, &format!("{NOTICES}?after=x"), Method::GET), (400, "bad_parameter".into()));
    for id in ["x", "01900000-0000-7000-8000-000000000000"] {
        let path = format!("{NOTICES}/{id}/done");
        assert_eq!(problem(Role::Editor, &path, Method::POST), (404, "not_found".into()));
    }
    // Public doors know nothing of it.
    assert_eq!(house.store.head(), before, "no commit, no change of the public view");
    for path in ["/api/v1/search?q=Nummer", "/api/v1/changes", "/api/v1/export.json", "/suche?q=Nummer"] {
        let answer = house.get(path);
        for n in 0..3 {
            assert!(!answer.text().contains(&format!("Nummer {n}")), "{path}");
        }
    }
}

#[test]
fn entries_and_feet_of_pages_lead_to_the_form() {
    let house = house();
    assert!(house.get("/eintrag/buergerrat").text().contains("href=\"/hinweis?eintrag=buergerrat\""));
    assert!(house.get("/suche?lang=en").text().contains("href=\"/hinweis?lang=en\""));
    let english = house.get("/hinweis?eintrag=buergerrat&lang=en");
    for part in
        ["<h1>Tell the editors</h1>", "action=\"/hinweis?lang=en\"", "lang=\"de\">Bürgerrat</a>", "at the latest"]
    {
        assert!(english.text().contains(part), "{part}\n{}", english.text());
    }
    let sent = post(&house, "/hinweis?lang=en", GOOD);
    assert_eq!(sent.header("location"), "/hinweis/danke?lang=en");
    assert_eq!(listed(&house, "")[0]["language"], "en");
    // An entry that is not there, or not public, is no entry.
    for eintrag in ["gibt-es-nicht", "\"><script>", "%00"] {
        let form = house.get(&format!("/hinweis?eintrag={}", encode(eintrag)));
        assert_eq!(form.status, 200, "{eintrag}");
        assert!(!form.text().contains("name=\"eintrag\"") && !form.text().contains("<script>"), "{eintrag}");
    }
}
