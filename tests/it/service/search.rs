//! What citizens type, and what they must find; filters and their counts.

use serde_json::Value;

use super::host::{Service, text, titles};

fn search(service: &Service, query: &str) -> Value {
    service.json(&format!("/api/v1/search?{query}"))
}

/// Titles of the best hits of a query in plain letters.
fn found(service: &Service, q: &str) -> Vec<String> {
    let encoded: String = q.bytes().map(|byte| format!("%{byte:02X}")).collect();
    titles(&search(service, &format!("q={encoded}&per_page=50")))
}

#[test]
fn citizens_find_what_they_mean() {
    let service = Service::shared();
    for (q, wanted, among) in [
        ("buergerinenrat", "Bürgerrat", 1),
        ("bürgerinenrat", "Bürgerrat", 1),
        ("Bürger:innenrat", "Bürgerrat", 1),
        ("Bürger*innenrat", "Bürgerrat", 1),
        ("BürgerInnenrat", "Bürgerrat", 1),
        ("bürgerinnenrat", "Bürgerrat", 1),
        ("Bürger:innenversammlung", "Bürgerversammlung", 3),
        ("Bürgerinnenversammlung", "Bürgerversammlung", 3),
        ("Bürger*innenhaushalt", "Bürgerhaushalt", 3),
        ("Weltcafe", "World Café", 3),
        ("Weltcafé", "World Café", 3),
        ("world cafe", "World Café", 1),
        ("spaziergang", "Stadtspaziergang", 3),
        ("Haushalt", "Bürgerhaushalt", 10),
        ("fisch bowl", "Fishbowl", 5),
        ("OPEN SPACE", "Open Space", 1),
        ("wissensmarkt", "Wissensmarktplatz", 3),
    ] {
        let titles = found(&service, q);
        let place = titles.iter().position(|title| title == wanted);
        assert!(place.is_some_and(|place| place < among), "{q}: {wanted} is at {place:?} of {titles:?}");
    }
}

#[test]
fn a_correction_is_named_and_can_be_undone() {
    let service = Service::shared();
    let answer = search(&service, "q=buergerinenrat");
    let applied = answer["query"]["applied"].to_string();
    assert!(applied.contains("rat"), "the answer says what it did: {applied}");
    assert_ne!(answer["query"]["applied"]["corrections"], serde_json::json!([]), "{applied}");
    let verbatim = search(&service, "q=buergerinenrat&verbatim=corrections");
    assert_eq!(verbatim["query"]["applied"]["corrections"], serde_json::json!([]));
}

#[test]
fn drawing_lots_finds_the_ways_to_draw_lots() {
    let service = Service::shared();
    let titles = found(&service, "losverfahren");
    assert!(titles.iter().take(10).any(|title| title.contains("Los") || title.contains("Zufall")), "{titles:?}");
}

#[test]
fn word_parts_rank_below_the_word_itself() {
    let service = Service::shared();
    let answer = search(&service, "q=Haushalt&per_page=50");
    let hits = answer["hits"].as_array().cloned().unwrap_or_default();
    let how = |hit: &Value| -> Vec<String> {
        hit["matched"].as_array().into_iter().flatten().map(|word| text(&word["how"])).collect()
    };
    let budget = hits.iter().find(|hit| hit["slug"] == "buergerhaushalt").unwrap();
    assert!(how(budget).iter().any(|how| how == "part" || how == "exact"), "{budget}");
}

#[test]
fn ticking_a_format_type_leaves_the_counts_of_the_others() {
    let service = Service::shared();
    for q in ["", "q=rat&", "q=beteiligung&topic=verkehr&"] {
        let all = search(&service, q);
        let ticked = search(&service, &format!("{q}format_type=digital"));
        let counts = |answer: &Value, facet: &str| -> Vec<(String, u64)> {
            let values = answer["facets"][facet].as_array().cloned().unwrap_or_default();
            values.iter().map(|value| (text(&value["value"]), value["count"].as_u64().unwrap_or(0))).collect()
        };
        assert_eq!(counts(&all, "format_type"), counts(&ticked, "format_type"), "{q}");
        let digital = counts(&all, "format_type").into_iter().find(|(value, _)| value == "digital");
        assert_eq!(digital.map(|(_, count)| count), ticked["total"].as_u64(), "{q}: the count is the total");
        assert_eq!(ticked["without"]["format_type"], all["total"], "{q}");
        assert_ne!(counts(&all, "topic"), counts(&ticked, "topic"), "{q}: the other facets do change");
    }
}

#[test]
fn every_facet_count_is_the_total_that_ticking_it_gives() {
    let service = Service::shared();
    let answer = search(&service, "q=planung&kind=format");
    let facets = answer["facets"].as_object().cloned().unwrap_or_default();
    assert!(facets.len() >= 8, "{:?}", facets.keys());
    let mut checked = 0;
    for (facet, values) in &facets {
        for value in values.as_array().into_iter().flatten().take(3) {
            let id = text(&value["value"]);
            let ticked = search(
                &service,
                &format!("q=planung&{}{facet}={id}", if facet == "kind" { "" } else { "kind=format&" }),
            );
            assert_eq!(ticked["total"], value["count"], "{facet}={id}");
            checked += 1;
        }
    }
    assert!(checked >= 20, "{checked}");
}

#[test]
fn pages_cut_one_list() {
    let service = Service::shared();
    let whole = found_ids(&search(&service, "q=beteiligung&per_page=60"));
    let mut cut = Vec::new();
    for page in 1..=6 {
        cut.extend(found_ids(&search(&service, &format!("q=beteiligung&per_page=10&page={page}"))));
    }
    assert_eq!(whole, cut);
    assert!(whole.len() > 20, "{}", whole.len());
}

fn found_ids(answer: &Value) -> Vec<String> {
    answer["hits"].as_array().into_iter().flatten().map(|hit| text(&hit["id"])).collect()
}

#[test]
fn suggestions_complete_titles() {
    let service = Service::shared();
    let answer = service.json("/api/v1/suggest?q=fish");
    let offered: Vec<String> =
        answer["suggestions"].as_array().into_iter().flatten().map(|suggestion| text(&suggestion["q"])).collect();
    assert!(offered.iter().any(|q| q.to_lowercase().contains("fishbowl")), "{offered:?}");
}

#[test]
fn related_entries_are_others() {
    let service = Service::shared();
    let answer = service.json("/api/v1/entries/fishbowl/related?limit=5");
    let related = answer["related"].as_array().cloned().unwrap_or_default();
    assert!((1..=5).contains(&related.len()), "{answer}");
    assert!(related.iter().all(|hit| hit["slug"] != "fishbowl"), "{answer}");
}
