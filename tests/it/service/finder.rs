//! The format finder over HTTP: the API and the page.

use serde_json::Value;

use super::host::{Service, text};

fn reasons(advice: &Value, list: &str) -> Vec<(String, String)> {
    let reasons = advice[list].as_array().into_iter().flatten();
    reasons.map(|reason| (text(&reason["criterion"]), text(&reason["verdict"]))).collect()
}

#[test]
fn the_api_ranks_formats_with_reasons() {
    let service = Service::shared();
    let answer =
        service.json("/api/v1/finder?purpose=konflikt_bearbeiten&participants=20&conflict=escalated&cost_max=k0");
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results.len(), 12, "as many as somebody compares");
    assert!(answer["total"].as_u64().unwrap() > 200);
    assert_eq!(answer["query"]["participants"], serde_json::json!(["20"]));
    assert!(answer["index"]["seq"].is_u64());
    let names: Vec<String> = results.iter().take(3).map(|advice| text(&advice["slug"])).collect();
    assert!(
        names.iter().any(|slug| ["mediation", "runder-tisch", "konfliktmoderation"].contains(&slug.as_str())),
        "{names:?}"
    );
    for advice in results {
        assert_eq!(advice["kind"], "format");
        assert!(advice["title"][0]["t"].is_string() && advice["summary"].is_string() && advice["url"].is_string());
        let score = advice["score"].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&score), "{score}");
        let fits = reasons(advice, "fits");
        let misses = reasons(advice, "misses");
        assert!(fits.iter().all(|(_, verdict)| verdict == "fits"), "{advice}");
        assert!(misses.iter().all(|(_, verdict)| verdict == "partly" || verdict == "misses"), "{advice}");
        assert_eq!(fits.len() + misses.len() + reasons(advice, "unstated").len(), 4, "{advice}");
    }
}

#[test]
fn the_api_speaks_english_and_takes_a_limit() {
    let service = Service::shared();
    let answer = service.json("/api/v1/finder?topic=wohnen&limit=2&lang=en");
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results.len(), 2);
    let reason = text(&results[0]["fits"][0]["text"]);
    assert!(reason == "for any topic" || reason.starts_with("Topic: "), "{reason}");
    let all = service.json("/api/v1/finder?limit=500");
    assert_eq!(all["results"].as_array().unwrap().len() as u64, all["total"].as_u64().unwrap());
}

#[test]
fn what_the_finder_does_not_know_is_refused_with_the_nearest_right_thing() {
    let service = Service::shared();
    for (query, code, near) in [
        ("purpose=ideen_sameln", "unknown_value", "ideen_sammeln"),
        ("conflict=eskaliert", "unknown_value", "escalated"),
        ("participants=viele", "bad_number", "viele"),
        ("participants=0", "bad_number", "0"),
        ("purpose=none", "unknown_value", "none"),
        ("limit=501", "bad_number", "500"),
        ("porpose=informieren", "unknown_parameter", "purpose"),
    ] {
        let answer = service.get(&format!("/api/v1/finder?{query}"));
        assert_eq!(answer.status, 400, "{query}");
        let problem = answer.json();
        assert_eq!(problem["errors"][0]["code"], code, "{query}: {problem}");
        assert!(problem["errors"][0]["detail"].as_str().unwrap().contains(near), "{query}: {problem}");
    }
}

#[test]
fn the_same_question_has_one_validator() {
    let service = Service::shared();
    let tag = |query: &str| service.get(&format!("/api/v1/finder?{query}")).header("etag").unwrap().to_owned();
    let known = tag("purpose=informieren,aktivieren&participants=20");
    assert_eq!(tag("participants=20&purpose=aktivieren&purpose=informieren&limit=12&conflict=any"), known);
    assert_ne!(tag("purpose=informieren,aktivieren&participants=21"), known);
    let again =
        service.get_with("/api/v1/finder?purpose=informieren,aktivieren&participants=20", &[("if-none-match", &known)]);
    assert_eq!(again.status, 304);
}

#[test]
fn the_page_shows_the_same_list_in_words_without_a_script() {
    let service = Service::shared();
    let query = "purpose=konflikt_bearbeiten&audience=jugendliche&participants=25&format_type=digital&topic=wohnen";
    let page = service.get(&format!("/finder?{query}"));
    let html = page.text();
    let answer = service.json(&format!("/api/v1/finder?{query}"));
    let mut from = 0;
    for advice in answer["results"].as_array().unwrap() {
        let link = format!("/eintrag/{}\"", text(&advice["slug"]));
        from += html[from..].find(&link).unwrap_or_else(|| panic!("{link} comes in the order of the API"));
    }
    for words in [
        "<option value=\"konflikt_bearbeiten\" selected>",
        "<option value=\"jugendliche\" selected>",
        "value=\"25\"",
        "<details open>",
    ] {
        assert!(html.contains(words), "{words}");
    }
    let mut said = 0;
    for (list, verdict, words) in
        [("fits", "fits", "passt"), ("misses", "partly", "passt nicht ganz"), ("misses", "misses", "passt nicht")]
    {
        let with = |advice: &&Value| reasons(advice, list).iter().any(|(_, is)| is == verdict);
        let count = answer["results"].as_array().unwrap().iter().filter(with).count();
        assert_eq!(html.matches(&format!("<dt>{words}</dt>")).count(), count, "{words}");
        said += usize::from(count > 0);
    }
    assert_eq!(said, 3, "hardly anything fits a question like this wholly");
    assert!(html.contains("limit=2"), "the way to the whole list");
    assert!(html.contains("noindex"), "any number of questions lead here");
    let english = service.get(&format!("/finder?{query}&lang=en"));
    assert!(english.text().contains("Which format fits?") && english.text().contains("<dt>fits</dt>"));
}

#[test]
fn the_page_keeps_several_answers_and_forgives_wrong_ones() {
    let service = Service::shared();
    let several = service.get("/finder?audience=gewerbe,fachleute");
    assert!(several.text().contains("<option value=\"fachleute,gewerbe\" selected>"));
    let wrong = service.get("/finder?purpose=quatsch&participants=viele&utm_source=x");
    assert_eq!(wrong.status, 200);
    assert_eq!(wrong.text().matches("class=\"notice").count(), 3);
    let plain = service.get("/finder");
    assert!(!plain.text().contains("noindex"));
    assert_eq!(plain.text().matches("<h3").count(), 12, "never empty");
}
