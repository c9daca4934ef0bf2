//! What a hit shows: which words matched where and how, and texts in segments that are the texts.

use mitmachbox::model::texts::{terms, texts};
use mitmachbox::search::request::SearchRequest;
use mitmachbox::search::response::{How, Segment};

use super::support::{CORPUS, VOCABULARIES, id, idea, request, shelf, with_text};

fn joined(segments: &[Segment]) -> String {
    segments.iter().map(|segment| segment.t.as_str()).collect()
}

fn marked(segments: &[Segment]) -> Vec<&str> {
    segments.iter().filter(|segment| segment.m == Some(1)).map(|segment| segment.t.as_str()).collect()
}

#[test]
fn what_matched_is_said_for_each_word() {
    let shelf = shelf(&[
        with_text("a", "Die Werkstatt", "Ein Bürgerhaushalt für alle.", "Mit Spaziergängen.\n\nUnd Fishbowl."),
        idea("b", "Brunnen"),
    ]);
    for (query, word, found, field, how) in [
        ("werkstatt", "werkstatt", "Werkstatt", "title", How::Exact),
        ("WERKSTATT", "WERKSTATT", "Werkstatt", "title", How::Exact),
        ("werkstätten", "werkstätten", "Werkstatt", "title", How::Stem),
        ("haushalt", "haushalt", "haushalt", "summary", How::Part),
        ("bürgerhaushalt", "bürgerhaushalt", "Bürgerhaushalt", "summary", How::Exact),
        ("buergerhaushalt", "buergerhaushalt", "Bürgerhaushalt", "summary", How::Stem),
        ("spaziergang", "spaziergang", "Spaziergängen", "body", How::Stem),
        ("aquarium", "aquarium", "Fishbowl", "body", How::Synonym),
        ("werkstat", "werkstat", "Werkstatt", "title", How::Prefix),
        ("werckstatt", "werckstatt", "Werkstatt", "title", How::Correction),
        ("werkst", "werkst", "Werkstatt", "title", How::Prefix),
    ] {
        let hit = shelf.hit(query, "a");
        let best = hit.matched.first().unwrap_or_else(|| panic!("{query}: nothing matched"));
        assert_eq!(
            (best.word.as_str(), best.found.as_str(), best.field.as_str(), best.how),
            (word, found, field, how),
            "{query}"
        );
        let shown = if field == "title" { &hit.title } else { &hit.snippet };
        assert!(marked(shown).contains(&found), "{query}: {found} is marked in {shown:?}");
    }
    let hit = shelf.hit("werkstatt haushalt brunnen", "a");
    let words: Vec<&str> = hit.matched.iter().map(|found| found.word.as_str()).collect();
    assert_eq!(words, ["werkstatt", "haushalt"], "one each, and nothing for the word it does not have");
}

#[test]
fn the_field_is_named_as_in_the_entry() {
    let hit = CORPUS.hit("beteiligungshaushalt", "buergerhaushalt");
    assert!(hit.matched.iter().any(|found| found.field == "alternative_titles"), "{:?}", hit.matched);
    let fields = serde_json::to_value(CORPUS.snapshot.entry(0).unwrap()).unwrap();
    assert!(fields.get("alternative_titles").is_some() || fields.get("title").is_some());
}

/// Everything that a citizen may type, from the gold queries.
const QUERIES: &[&str] = &[
    "bürgerrat",
    "buergerinenrat",
    "Bürger:innenversammlung",
    "haushalt",
    "spaziergang",
    "§ 25 vwvfg",
    "6-3-5",
    "world café",
    "kinder beteiligen spielplatz",
    "ideen für meinen stadtteil",
    "online",
    "los",
    "konflikt nachbarn",
    "runde tische",
    "der die das",
    "beteil",
    "wuppertal seilbahn",
    "participatory budgeting",
    "leichte sprache",
    "straße",
];

#[test]
fn segments_are_the_texts_of_the_entry() {
    for query in QUERIES {
        let response = CORPUS.search(query);
        assert!(response.total > 0, "{query}");
        for hit in &response.hits {
            let public = CORPUS.snapshot.entry(CORPUS.snapshot.by_id(hit.id).unwrap().unwrap()).unwrap();
            let entry = &public.entry;
            let place = format!("{query}: {}", hit.slug);
            assert_eq!(joined(&hit.title), entry.common.title, "{place}");
            let snippet = joined(&hit.snippet);
            let core = snippet.strip_prefix("… ").unwrap_or(&snippet);
            let core = core.strip_suffix(" …").unwrap_or(core);
            assert!(texts(entry).iter().any(|text| text.text.contains(core)), "{place}: {snippet:?} is in no text");
            assert!(snippet.chars().count() <= 320, "{place}: {} characters", snippet.chars().count());
            for segment in hit.title.iter().chain(&hit.snippet) {
                assert!(!segment.t.is_empty(), "{place}: an empty segment");
                assert!(segment.m.is_none() || segment.m == Some(1));
            }
            for found in &hit.matched {
                let read = texts(entry).into_iter().map(|text| (text.field, text.text));
                let labels = terms(entry, &VOCABULARIES).into_iter().map(|(field, term)| (field, term.label.as_str()));
                let mut said = read.chain(labels).filter(|(field, _)| *field == found.field);
                assert!(said.any(|(_, text)| text.contains(&found.found)), "{place}: {found:?}");
            }
        }
    }
}

#[test]
fn a_hit_says_why_it_is_one() {
    let mut silent = Vec::new();
    for query in QUERIES {
        for hit in CORPUS.search(query).hits {
            if hit.matched.is_empty() {
                silent.push(format!("{query}: {}", hit.slug));
            }
        }
    }
    assert!(silent.is_empty(), "{} hits without a reason:\n{}", silent.len(), silent.join("\n"));
}

#[test]
fn a_term_that_matched_is_named_by_its_label() {
    let mut entry = idea("a", "Garten");
    entry.entry.common.topics = vec!["verkehr".into()];
    let shelf = shelf(&[entry, idea("b", "Brunnen")]);
    let label = &VOCABULARIES.term("topics", "verkehr").unwrap().label;
    for (query, found) in [("mobilität", "Mobilität"), ("fahrrad", label.as_str())] {
        let matched = shelf.hit(query, "a").matched;
        let said: Vec<(&str, &str)> = matched.iter().map(|it| (it.field.as_str(), it.found.as_str())).collect();
        assert_eq!(said, [("topics", found)], "{query}");
    }
}

#[test]
fn a_spelling_that_is_never_shown_is_a_reason_too() {
    let mut entry = idea("a", "Hitzekarte");
    entry.entry.common.spelling_variants = vec!["Wärmebild".into()];
    let shelf = shelf(&[entry, idea("b", "Brunnen")]);
    let matched = shelf.hit("wärmebild", "a").matched;
    let said: Vec<_> = matched.iter().map(|it| (it.field.as_str(), it.found.as_str(), it.how)).collect();
    assert_eq!(said, [("title", "Hitzekarte", How::Similar)]);
}

#[test]
fn a_hit_by_a_label_says_so_whatever_the_label() {
    let mut silent = Vec::new();
    for vocabulary in VOCABULARIES.iter() {
        // Each shows a hundred hits; a part of them suffices.
        for term in vocabulary.terms.iter().step_by(4) {
            for text in std::iter::once(&term.label).chain(&term.synonyms) {
                let wanted = SearchRequest { per_page: 100, ..request(&format!("{text} ")) };
                let hits = CORPUS.run(&wanted).hits;
                let without = hits.into_iter().filter(|hit| hit.strict && hit.matched.is_empty());
                silent.extend(without.map(|hit| format!("{text}: {}", hit.slug)));
            }
        }
    }
    assert!(silent.is_empty(), "{} hits without a reason:\n{}", silent.len(), silent.join("\n"));
}

#[test]
fn a_match_far_down_is_in_the_snippet() {
    let long =
        format!("{}Hier steht der Brunnen. {}", "Vorher viel anderes. ".repeat(200), "Danach noch mehr. ".repeat(200));
    let shelf = shelf(&[with_text("long", "Titel", "Zusammenfassung.", &long), idea("other", "Anderes")]);
    let hit = shelf.hit("brunnen", "long");
    assert_eq!(marked(&hit.snippet), ["Brunnen"]);
    let text = joined(&hit.snippet);
    assert!(text.starts_with("… ") && text.ends_with(" …"), "{text}");
    assert_eq!(
        joined(&shelf.search("").hits.iter().find(|hit| hit.slug == "long").unwrap().snippet),
        "Zusammenfassung."
    );
}

#[test]
fn marks_lie_on_letters_of_any_length() {
    let shelf = shelf(&[with_text(
        "odd",
        "Straße 🎉 Bürger*innen\u{ad}rat",
        "Ma\u{308}ngel\u{ad}melder, ẞtraße, ﬁsh, İstanbul, Café́.",
        "",
    )]);
    for (query, expected) in
        [("strasse", "Straße"), ("mängelmelder", "Ma\u{308}ngel\u{ad}melder"), ("istanbul", "İstanbul")]
    {
        let hit = shelf.hit(query, "odd");
        let all = [marked(&hit.title), marked(&hit.snippet)].concat();
        assert!(all.contains(&expected), "{query}: {all:?}");
        assert_eq!(hit.id, id("odd"));
    }
}

#[test]
fn an_explained_score_is_the_sum_of_its_parts() {
    let mut wanted = request("bürgerrat losverfahren");
    wanted.explain = true;
    for hit in CORPUS.run(&wanted).hits {
        let parts = hit.explanation.expect("asked for");
        let sum: f32 = parts.iter().map(|part| part.value).sum();
        assert!((sum - hit.score).abs() <= 1e-4 * hit.score.abs().max(1.0), "{}: {sum} of {}", hit.slug, hit.score);
    }
    assert!(CORPUS.search("bürgerrat").hits.iter().all(|hit| hit.explanation.is_none()));
}
