//! Staff write, and the public sees exactly what was published.

use serde_json::{Value, json};

use super::host::{Service, content, text, titles};

#[test]
fn an_edit_is_visible_once_it_is_published() {
    let service = Service::written();
    let (id, slug) = service.create(&content("Quastenflosserforum"));
    let public = |min_seq: u64| {
        service
            .json(&format!("/api/v1/search?q=quastenflosserforum&verbatim=corrections,relaxed,parts&min_seq={min_seq}"))
    };
    assert_eq!(public(0)["total"], 0);
    let seq = service.act(&id, 1, "publish");
    assert_eq!(titles(&public(seq)), ["Quastenflosserforum"]);
    assert!(public(seq)["index"]["seq"].as_u64() >= Some(seq));

    let mut edited = content("Quastenflosserforum");
    edited["summary"] = "Jetzt mit Kuchen.".into();
    let saved = service.write("PUT", &format!("/{id}"), Some(2), &edited);
    assert_eq!((saved.status, saved.header("etag")), (200, Some("\"3\"")), "{}", saved.text());
    assert_eq!(saved.json()["change_seq"], Value::Null, "a draft moves nothing that is public");
    assert_eq!(public(seq)["hits"][0]["summary"], "Worum es geht.");
    let newer = service.act(&id, 3, "publish");
    assert!(newer > seq);
    assert_eq!(public(newer)["hits"][0]["summary"], "Jetzt mit Kuchen.");

    let gone = service.act(&id, 4, "archive");
    assert_eq!(public(gone)["total"], 0);
    for path in [format!("/api/v1/entries/{slug}"), format!("/api/v1/entries/{id}"), format!("/eintrag/{slug}")] {
        assert_eq!(service.get(&path).status, 410, "{path}");
    }
}

#[test]
fn a_write_names_the_revision_it_is_based_on() {
    let service = Service::written();
    let (id, _) = service.create(&content("Quittungsrunde"));
    let body = content("Quittungsrunde");
    for (method, path) in [("PUT", ""), ("POST", "/publish"), ("POST", "/archive")] {
        let path = format!("/{id}{path}");
        let answer = service.write(method, &path, None, &body);
        assert_eq!((answer.status, &answer.json()["code"]), (428, &json!("revision_required")), "{method} {path}");
        let answer = service.write(method, &path, Some(7), if method == "PUT" { &body } else { &Value::Null });
        assert_eq!((answer.status, &answer.json()["code"]), (412, &json!("stale_revision")), "{method} {path}");
        assert_eq!(answer.header("etag"), Some("\"1\""), "{method} {path} says where the entry is");
        assert_eq!(answer.json()["current"]["revision"], 1, "{method} {path}");
    }
    for tag in ["*", "W/\"1\"", "1", "\"1\", \"2\"", "\"-1\"", "\"99999999999\""] {
        let headers = [("content-type", "application/json"), ("if-match", tag)];
        let path = format!("/api/v1/staff/entries/{id}");
        let answer = service.staff().send("PUT", &path, &headers, body.to_string().as_bytes()).unwrap();
        assert_eq!((answer.status, &answer.json()["code"]), (400, &json!("bad_header")), "{tag}");
    }
    let unchanged = service.staff().get(&format!("/api/v1/staff/entries/{id}")).unwrap();
    assert_eq!(unchanged.json()["revision"], 1);
}

#[test]
fn of_writers_with_one_revision_one_wins() {
    let service = Service::written();
    let (id, _) = service.create(&content("Wettlauf"));
    let path = format!("/{id}");
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..50)
            .map(|n| {
                let (service, path) = (&service, &path);
                scope.spawn(move || service.write("PUT", path, Some(1), &content(&format!("Wettlauf {n}"))).status)
            })
            .collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    statuses.sort_unstable();
    assert_eq!((statuses[0], statuses[1], statuses[49]), (200, 412, 412), "{statuses:?}");
}

#[test]
fn what_the_server_owns_is_refused() {
    let service = Service::written();
    for field in ["id", "revision", "state", "published", "published_at", "updated_at", "origin", "author", "unfug"] {
        let mut body = content("Eigentum");
        body[field] = json!(1);
        let answer = service.write("POST", "", None, &body);
        assert_eq!((answer.status, &answer.json()["code"]), (422, &json!("invalid_entry")), "{field}");
        assert_eq!(answer.json()["errors"][0]["pointer"], format!("/{field}"), "{}", answer.text());
    }
    let answer = service.write(
        "POST",
        "",
        None,
        &json!({ "kind": "format", "title": "Falsch", "topics": ["nix"], "levels": ["nix"] }),
    );
    assert_eq!(answer.status, 422);
    assert!(answer.json()["errors"].as_array().is_some_and(|errors| errors.len() >= 2), "{}", answer.text());
}

/// Everything an anonymous reader can ask for that might give a word away.
fn public_texts(service: &Service, word: &str, id: &str, slug: &str) -> Vec<(String, String)> {
    let paths = [
        format!("/api/v1/search?q={word}"),
        format!("/api/v1/search?ids={id}"),
        format!("/api/v1/suggest?q={}", &word[..6]),
        "/api/v1/entries?limit=100".to_owned(),
        format!("/api/v1/entries/{id}"),
        format!("/api/v1/entries/{slug}"),
        format!("/api/v1/entries/{id}/related"),
        "/api/v1/changes".to_owned(),
        "/api/v1/export.ndjson".to_owned(),
        "/api/v1/export.csv".to_owned(),
        "/".to_owned(),
        format!("/suche?q={word}"),
        format!("/eintrag/{slug}"),
    ];
    paths.into_iter().map(|path| (path.clone(), service.get(&path).text())).collect()
}

/// The word is nowhere, beside where the visitor's own words are repeated.
fn nowhere(service: &Service, word: &str, id: &str, slug: &str, when: &str) {
    for (path, body) in public_texts(service, word, id, slug) {
        let body = body.to_lowercase();
        let repeated = path.contains(word);
        let told = if repeated { body.contains("geheimnisse der verwaltung") } else { body.contains(word) };
        assert!(!told, "{when}: {path} tells of a draft");
    }
}

#[test]
fn drafts_are_never_public() {
    let service = Service::written();
    let mut secret = content("Xylophonklausur");
    secret["summary"] = "Geheimnisse der Verwaltung.".into();
    let (id, slug) = service.create(&secret);
    nowhere(&service, "xylophonklausur", &id, &slug, "a new draft");
    assert_eq!(service.get(&format!("/api/v1/entries/{id}")).status, 404);

    let mut open = content("Offene Klausur");
    open["slug"] = "offene-klausur-7".into();
    service.write("PUT", &format!("/{id}"), Some(1), &open);
    service.act(&id, 2, "publish");
    secret["slug"] = "offene-klausur-7".into();
    let saved = service.write("PUT", &format!("/{id}"), Some(3), &secret);
    assert_eq!(saved.status, 200, "{}", saved.text());
    nowhere(&service, "xylophonklausur", &id, "offene-klausur-7", "a draft of a public entry");

    // The draft stays when the entry is archived; the public is told the title that it knew.
    service.act(&id, 4, "archive");
    nowhere(&service, "xylophonklausur", &id, "offene-klausur-7", "an archived entry with a draft");
    let gone = service.get("/api/v1/entries/offene-klausur-7");
    assert_eq!(gone.status, 410);
    assert!(text(&gone.json()["detail"]).contains("Offene Klausur"), "{}", gone.text());
}

#[test]
fn earlier_addresses_lead_to_the_entry() {
    let service = Service::written();
    let mut body = content("Zebrastreifentag");
    let (id, slug) = service.create(&body);
    service.act(&id, 1, "publish");
    body["slug"] = "zebrastreifenwoche".into();
    service.write("PUT", &format!("/{id}"), Some(2), &body);
    assert_eq!(service.get(&format!("/api/v1/entries/{slug}")).status, 200, "the draft's slug does not hold yet");
    assert_eq!(service.get("/api/v1/entries/zebrastreifenwoche").status, 404);
    service.act(&id, 3, "publish");
    let moved = service.get(&format!("/api/v1/entries/{slug}?lang=en"));
    assert_eq!((moved.status, moved.header("location")), (308, Some("zebrastreifenwoche?lang=en")));
    let page = service.get(&format!("/eintrag/{slug}"));
    assert_eq!((page.status, page.header("location")), (308, Some("/eintrag/zebrastreifenwoche")));
    assert_eq!(service.json("/api/v1/entries/zebrastreifenwoche")["id"], id.as_str());
    let taken = service.write("POST", "", None, &{
        let mut other = content("Anderes");
        other["slug"] = slug.clone().into();
        other
    });
    assert_eq!((taken.status, &taken.json()["code"]), (409, &json!("slug_taken")));
    service.act(&id, 4, "archive");
    for slug in [slug.as_str(), "zebrastreifenwoche"] {
        assert_eq!(service.get(&format!("/api/v1/entries/{slug}")).status, 410, "{slug}");
    }
}

#[test]
fn the_change_feed_has_no_gaps() {
    let service = Service::written();
    let before = service.json("/api/v1/changes?since=0&limit=1")["head"].as_u64().unwrap();
    let (id, _) = service.create(&content("Wandelgang"));
    let upsert = service.act(&id, 1, "publish");
    let delete = service.act(&id, 2, "archive");
    assert!(before < upsert && upsert < delete);
    let (mut since, mut seen, mut own) = (0, 0, Vec::new());
    loop {
        let page = service.json(&format!("/api/v1/changes?since={since}&limit=40"));
        let changes = page["changes"].as_array().cloned().unwrap_or_default();
        for change in &changes {
            seen += 1;
            assert_eq!(change["seq"], seen, "a gap");
            if change["id"] == id.as_str() {
                own.push((seen, text(&change["op"])));
            }
        }
        since = page["next_since"].as_u64().unwrap();
        if changes.is_empty() {
            break;
        }
    }
    assert_eq!(own, [(upsert, "upsert".to_owned()), (delete, "delete".to_owned())]);
    assert!(since >= delete);
}

#[test]
fn waiting_for_what_never_comes_ends() {
    let service = Service::written();
    let problem = service.get("/api/v1/search?q=a&min_seq=999999999");
    assert_eq!((problem.status, &problem.json()["code"]), (503, &json!("not_yet")));
    assert!(problem.header("retry-after").is_some());
}
