//! Completions of what is being typed.

use mitmachbox::model::public::PublicEntry;
use mitmachbox::model::vocabulary::Language;
use mitmachbox::search::request::SearchRequest;
use mitmachbox::search::response::{Segment, Suggestion, SuggestionKind};

use super::desk::run;
use super::support::{CORPUS, Shelf, idea, request, shelf, slugs};

fn suggest(shelf: &Shelf, q: &str) -> Vec<Suggestion> {
    let suggestions = run(shelf.search.suggest(q.into(), Language::German)).unwrap();
    assert_eq!(suggestions.q, q);
    assert!(suggestions.suggestions.len() <= 10);
    suggestions.suggestions
}

fn shown(suggestion: &Suggestion) -> String {
    suggestion.text.iter().map(|segment| segment.t.as_str()).collect()
}

fn searched(shelf: &Shelf, q: &str) -> Vec<String> {
    suggest(shelf, q).into_iter().map(|suggestion| suggestion.q).collect()
}

/// Those of them that are names of entries.
fn titles(shelf: &Shelf, q: &str) -> Vec<String> {
    let titles = suggest(shelf, q).into_iter().filter(|suggestion| suggestion.kind == SuggestionKind::Title);
    titles.map(|suggestion| suggestion.q).collect()
}

fn first(q: &str, expected: &str) {
    let found = searched(&CORPUS, q);
    assert_eq!(found.first().map(String::as_str), Some(expected), "{q}: {found:?}");
}

fn among(q: &str, expected: &str) {
    let found = searched(&CORPUS, q);
    assert!(found.iter().any(|found| found == expected), "{q}: {expected} is not among {found:?}");
}

#[test]
fn titles_are_completed_from_the_beginning_of_any_word() {
    first("worl", "World Café");
    first("World C", "World Café");
    first("fishb", "Fishbowl");
    first("planungsz", "Planungszelle");
    among("café", "World Café");
    among("bürgerr", "Bürgerrat");
    first("meldereg", "Zufallsauswahl aus dem Melderegister");
    for q in ["b", "w", "ö", "bü", "p"] {
        assert!(!suggest(&CORPUS, q).is_empty(), "one or two letters suffice: {q}");
    }
}

#[test]
fn umlauts_may_be_typed_in_any_way() {
    for q in ["mängelm", "maengelm", "mangelm", "MÄNGELM", "ma\u{308}ngelm"] {
        first(q, "Mängelmelder");
    }
    for q in ["bü", "bue", "buer", "bür", "bürger:", "bürger:innenr"] {
        among(q, "Bürgerrat");
    }
}

#[test]
fn other_names_lead_to_the_title_and_spellings_are_not_shown() {
    let mut entry = idea("a", "Fishbowl");
    entry.entry.common.alternative_titles = vec!["Innenkreis-Gespräch".into()];
    entry.entry.common.spelling_variants = vec!["Fischschüssel".into()];
    let shelf = shelf(&[entry, idea("b", "Brunnen")]);
    for (q, text) in [("fishb", "Fishbowl"), ("innenk", "Fishbowl – Innenkreis-Gespräch"), ("fischsch", "Fishbowl")]
    {
        let mut found = suggest(&shelf, q);
        found.retain(|found| found.kind == SuggestionKind::Title);
        assert_eq!(found.len(), 1, "{q}: {found:?}");
        assert_eq!(shown(&found[0]), text, "{q}");
        assert_eq!((found[0].q.as_str(), found[0].kind), ("Fishbowl", SuggestionKind::Title));
        assert_eq!(found[0].url.as_deref(), Some("/eintrag/a"));
    }
}

#[test]
fn the_typed_beginning_is_marked() {
    for (q, title, marks) in [
        ("worl", "World Café", vec!["Worl"]),
        ("world ca", "World Café", vec!["World", "Ca"]),
        ("maengelm", "Mängelmelder", vec!["Mängelm"]),
    ] {
        let found = suggest(&CORPUS, q);
        let found = found.iter().find(|found| found.q == title).unwrap_or_else(|| panic!("{q}: {found:?}"));
        let marked: Vec<&str> =
            found.text.iter().filter(|segment| segment.m == Some(1)).map(|segment| segment.t.as_str()).collect();
        assert_eq!(marked, marks, "{q}: {:?}", found.text);
    }
}

#[test]
fn titles_that_begin_with_it_come_before_those_with_a_word_that_does() {
    let shelf = shelf(&[idea("a", "Der Garten"), idea("b", "Gartenfest"), idea("c", "Garten"), idea("d", "Tor")]);
    assert_eq!(titles(&shelf, "gart"), ["Garten", "Gartenfest", "Der Garten"]);
}

#[test]
fn an_entry_is_suggested_once() {
    let mut entry = idea("a", "Garten Garten");
    entry.entry.common.alternative_titles = vec!["Gartenfest".into(), "Garten am Tor".into()];
    assert_eq!(titles(&shelf(&[entry]), "gart"), ["Garten Garten"]);
}

#[test]
fn terms_are_suggested_by_label_and_by_synonym() {
    for (q, label) in [("verkeh", "Mobilität und Verkehr"), ("jugendl", "Jugendliche")] {
        let found = suggest(&CORPUS, q);
        let term = found.iter().find(|found| found.kind == SuggestionKind::Term);
        let term = term.unwrap_or_else(|| panic!("{q}: {found:?}"));
        assert_eq!((term.q.as_str(), term.url.as_deref()), (label, None), "{q}");
    }
}

#[test]
fn a_slip_gets_a_better_spelling() {
    for (q, better) in
        [("fisbowl", "Fishbowl"), ("planungszele", "Planungszelle"), ("großer bürgerratt", "großer Bürgerrat")]
    {
        let found = suggest(&CORPUS, q);
        let spelling = found.iter().find(|found| found.kind == SuggestionKind::Spelling);
        let spelling = spelling.unwrap_or_else(|| panic!("{q}: {found:?}"));
        assert_eq!(spelling.q, better, "{q}");
        assert_eq!(shown(spelling), spelling.q);
        assert!(spelling.text.contains(&Segment::marked(better.rsplit(' ').next().unwrap())));
    }
    assert!(suggest(&CORPUS, "fishbowl").iter().all(|found| found.kind != SuggestionKind::Spelling));
}

#[test]
fn nothing_typed_gives_nothing_and_nothing_odd_panics() {
    for q in ["", " ", "-", "\"", "(((", "🎉", "\u{301}", "a\u{0}b", "§", "\u{ad}"] {
        let found = suggest(&CORPUS, q);
        assert!(q.chars().any(char::is_alphanumeric) || q == "§" || found.is_empty(), "{q:?}: {found:?}");
    }
    assert!(run(CORPUS.search.suggest("a".repeat(600), Language::German)).is_err(), "bounded like a query");
}

#[test]
fn a_suggested_title_finds_its_entry_first() {
    for doc in 0..CORPUS.snapshot.doc_count() {
        let entry = CORPUS.snapshot.entry(u32::try_from(doc).unwrap()).unwrap().entry;
        let wanted = SearchRequest { per_page: 3, ..request(&entry.common.title) };
        let found = slugs(&CORPUS.run(&wanted));
        assert_eq!(found.first(), Some(&entry.common.slug), "{}: {:?}", entry.common.title, found);
    }
}

#[test]
fn many_entries_with_one_beginning_are_cut() {
    let entries: Vec<PublicEntry> = (0..40).map(|n| idea(&format!("e{n}"), &format!("Garten Nummer {n}"))).collect();
    assert_eq!(suggest(&shelf(&entries), "g").len(), 10);
}

#[test]
fn the_beginning_of_a_known_word_is_no_slip() {
    for q in ["meldereg", "planungsz", "kinder- und jugendb"] {
        let spelling = suggest(&CORPUS, q).into_iter().find(|found| found.kind == SuggestionKind::Spelling);
        assert_eq!(spelling, None, "{q}");
    }
}
