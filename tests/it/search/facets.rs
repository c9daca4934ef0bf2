//! The one law: the count shown at a value is the total that ticking it gives.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use mitmachbox::index::execute::PASSES;
use mitmachbox::model::entry::{Common, Entry, Profile};
use mitmachbox::model::facet::FACETS;
use mitmachbox::model::kind::{Access, CaseStatus, FormatType, GuideType, MethodLevel};
use mitmachbox::model::profile::{CaseProfile, FormatProfile, GuideProfile};
use mitmachbox::model::public::PublicEntry;
use mitmachbox::search::request::{FacetChoice, Filters, SearchRequest};
use mitmachbox::search::response::SearchResponse;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::{Config, TestRunner};

use super::oracle::passes;
use super::support::{CORPUS, Shelf, VOCABULARIES, public, request, shelf, slugs};

/// Words without a common 4-gram, stem or part, so that who has a word is known without any index.
const WORDS: &[&str] = &["Wasser", "Kirche", "Baum", "Tisch"];

/// Values of numbers at, just below and just above the ends of classes and the listed group sizes.
const NUMBERS: &[u32] = &[0, 1, 9, 10, 11, 20, 24, 25, 26, 60, 61, 240, 480, 999, 1_000, 1_001, 5_000, 50_000];

const YEARS: std::ops::Range<i32> = 2015..2021;

#[test]
fn counts_are_the_totals_that_ticking_gives() {
    let cases = prop::collection::vec(entry(), 0..40).prop_flat_map(|entries| {
        let slugs = entries.len();
        (Just(entries), prop::collection::vec(wanted(slugs), 1..6))
    });
    TestRunner::new(Config { cases: 64, failure_persistence: None, ..Config::default() })
        .run(&cases, |(entries, requests)| {
            let entries: Vec<PublicEntry> = entries
                .into_iter()
                .enumerate()
                .map(|(number, mut entry)| {
                    entry.common.slug = format!("e{number}");
                    public(entry)
                })
                .collect();
            let shelf = shelf(&entries);
            for request in requests {
                check(&shelf, &entries, &request)?;
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn the_law_holds_on_the_shipped_entries() {
    let entries: Vec<PublicEntry> = (0..CORPUS.snapshot.doc_count())
        .map(|doc| CORPUS.snapshot.entry(u32::try_from(doc).unwrap()).unwrap())
        .collect();
    for (q, ticked) in [
        ("", vec![]),
        ("", vec![("format_type", "digital")]),
        ("beteiligung", vec![("format_type", "digital"), ("topic", "verkehr")]),
        ("werkstatt", vec![("participants", "25"), ("cost_max", "k1")]),
        ("bürger", vec![("kind", "format"), ("duration_max", "tag"), ("audience", "kinder")]),
        ("buergerinenrat", vec![("recruitment", "zufallsauswahl")]),
        ("ideen für meinen stadtteil", vec![("kind", "idea"), ("level", "none")]),
    ] {
        let mut wanted = request(q);
        for (name, value) in ticked {
            wanted.filters.terms.entry(name).or_default().push(value.to_owned());
        }
        check(&CORPUS, &entries, &wanted).unwrap_or_else(|error| panic!("{q}: {error}"));
    }
}

#[test]
fn ticking_a_format_type_leaves_the_counts_of_the_others() {
    let before = CORPUS.search("bürger");
    for ticked in FormatType::ALL {
        let mut wanted = request("bürger");
        wanted.filters.terms.insert("format_type", vec![ticked.id().into()]);
        let after = CORPUS.run(&wanted);
        let counts = |response: &SearchResponse| -> Vec<(String, u64)> {
            response.facets["format_type"].iter().map(|value| (value.value.clone(), value.count)).collect()
        };
        assert_eq!(counts(&before), counts(&after), "{ticked}");
        assert!(counts(&before).iter().filter(|(_, count)| *count > 0).count() >= 3, "else nothing was shown");
        assert_eq!(after.without["format_type"], before.total);
        assert!(after.total < before.total, "{ticked} filters");
    }
}

#[test]
fn a_closed_facet_lists_its_values_in_the_order_of_the_vocabulary() {
    let response = CORPUS.search("");
    for facet in FACETS {
        let values = &response.facets[facet.parameter];
        assert!(values.len() <= 64, "{} has {} values", facet.parameter, values.len());
        if let Some(vocabulary) = facet.vocabulary.and_then(|name| VOCABULARIES.get(name)) {
            let ranks: Vec<usize> =
                values.iter().map(|value| vocabulary.rank(&value.value).unwrap_or(usize::MAX)).collect();
            assert!(ranks.is_sorted(), "{}: {values:?}", facet.parameter);
        }
    }
    assert!(response.facets["keyword"].len() == 64 && response.more["keyword"] > 0, "open words are cut");
}

#[test]
fn a_ticked_value_is_shown_although_it_is_cut_or_finds_nothing() {
    let rare = {
        let mut counted: BTreeMap<String, u64> = BTreeMap::new();
        for doc in 0..CORPUS.snapshot.doc_count() {
            for keyword in CORPUS.snapshot.entry(u32::try_from(doc).unwrap()).unwrap().entry.common.keywords {
                *counted.entry(keyword).or_default() += 1;
            }
        }
        let shown = CORPUS.search("");
        let listed = |keyword: &String| shown.facets["keyword"].iter().any(|value| value.value == *keyword);
        counted.into_keys().find(|keyword| !listed(keyword)).expect("more keywords than are listed")
    };
    for (value, count) in [(rare.as_str(), 1), ("gibt es nicht", 0)] {
        let mut wanted = request("");
        wanted.filters.terms.insert("keyword", vec![value.into()]);
        let response = CORPUS.run(&wanted);
        let shown = response.facets["keyword"].iter().find(|shown| shown.value == value);
        let shown = shown.unwrap_or_else(|| panic!("{value} is not shown"));
        assert!(shown.selected);
        assert_eq!((shown.count, response.total), (count, count), "{value}");
    }
}

#[test]
fn only_the_facets_asked_for_are_counted() {
    let mut wanted = request("bürger");
    wanted.facets = FacetChoice::Only(vec!["topic", "kind"]);
    let some = CORPUS.run(&wanted);
    let all = CORPUS.search("bürger");
    assert_eq!(some.facets.keys().collect::<Vec<_>>(), ["kind", "topic"]);
    assert_eq!((&some.facets["topic"], some.total), (&all.facets["topic"], all.total));
}

/// The counter is one for the whole process, so this test runs itself in a process of its own.
#[test]
fn one_search_is_one_pass() {
    const ALONE: &str = "MITMACHBOX_TEST_ALONE";
    if std::env::var_os(ALONE).is_none() {
        let name = "search::facets::one_search_is_one_pass";
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        let output = child.args(["--exact", name, "--nocapture"]).env(ALONE, "1").output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    let mut filtered = request("bürger");
    filtered.filters.terms.insert("format_type", vec!["digital".into(), "analog".into()]);
    filtered.filters.terms.insert("topic", vec!["verkehr".into()]);
    filtered.filters.terms.insert("participants", vec!["30".into()]);
    filtered.filters.year_from = Some(2000);
    for wanted in [request(""), request("bürgerinenrat -köln"), request("ideen für meinen stadtteil"), filtered] {
        let corpus = &*CORPUS;
        let before = PASSES.load(Ordering::Relaxed);
        let response = corpus.run(&wanted);
        assert_eq!(PASSES.load(Ordering::Relaxed) - before, 1, "{}: with all facets and counts", wanted.q);
        assert_eq!(response.facets.len(), FACETS.len());
    }
}

/// Compares everything that is counted in the answer with brute force.
fn check(shelf: &Shelf, entries: &[PublicEntry], wanted: &SearchRequest) -> Result<(), TestCaseError> {
    let hits = unfiltered(shelf, entries, wanted);
    let total = |filters: &Filters, without: Option<&str>| {
        hits.iter().filter(|hit| passes(&hit.entry, &hit.entry.common.slug, filters, without)).count() as u64
    };
    let response = shelf.run(wanted);
    prop_assert_eq!(response.total, total(&wanted.filters, None), "total of {:?}", wanted);
    prop_assert_eq!(response.hits.len() as u64, response.total.min(u64::from(wanted.per_page)));
    let names = wanted.filters.terms.keys().copied();
    let more = [("year_from", wanted.filters.year_from.is_some()), ("year_to", wanted.filters.year_to.is_some())];
    let more = more.into_iter().chain([("ids", !wanted.filters.ids.is_empty())]);
    let active: Vec<&str> = names.chain(more.filter(|(_, on)| *on).map(|(name, _)| name)).collect();
    let without: BTreeMap<String, u64> =
        active.iter().map(|name| ((*name).to_owned(), total(&wanted.filters, Some(name)))).collect();
    prop_assert_eq!(&response.without, &without, "without, of {:?}", wanted);
    for facet in FACETS {
        let ticked = wanted.filters.terms.get(facet.parameter).cloned().unwrap_or_default();
        for value in &response.facets[facet.parameter] {
            prop_assert_eq!(value.selected, ticked.contains(&value.value), "{}={}", facet.parameter, value.value);
            let mut instead = wanted.filters.clone();
            instead.terms.insert(facet.parameter, vec![value.value.clone()]);
            let expected = total(&instead, None);
            prop_assert_eq!(value.count, expected, "{}={} of {:?}", facet.parameter, &value.value, wanted);
            prop_assert!(value.count > 0 || value.selected, "{}={} is shown for nothing", facet.parameter, value.value);
        }
        // The other direction: nothing that would find something is missing from a list that was not cut.
        if let (false, Some(name)) = (response.more.contains_key(facet.parameter), facet.vocabulary) {
            let ids = VOCABULARIES.get(name).unwrap().terms.iter().map(|term| term.id.clone()).chain(["none".into()]);
            for id in ids.filter(|id| !response.facets[facet.parameter].iter().any(|value| value.value == *id)) {
                let mut instead = wanted.filters.clone();
                instead.terms.insert(facet.parameter, vec![id.clone()]);
                prop_assert_eq!(total(&instead, None), 0, "{}={} is not shown", facet.parameter, id);
            }
        }
    }
    really_tick(shelf, wanted, &response)
}

/// Ticks a few of the values and looks at the total.
fn really_tick(shelf: &Shelf, wanted: &SearchRequest, response: &SearchResponse) -> Result<(), TestCaseError> {
    let shown =
        FACETS.iter().flat_map(|facet| response.facets[facet.parameter].iter().map(move |value| (facet, value)));
    for (facet, value) in shown.step_by(17) {
        let mut instead = wanted.clone();
        instead.filters.terms.insert(facet.parameter, vec![value.value.clone()]);
        instead.facets = FacetChoice::Only(Vec::new());
        let ticked = shelf.run(&instead);
        prop_assert_eq!(value.count, ticked.total, "{}={} of {:?}", facet.parameter, &value.value, wanted);
        prop_assert_eq!(ticked.mode, response.mode, "ticking a box never changes the mode");
    }
    Ok(())
}

/// Entries that the query finds without any filter. For a query of one of [`WORDS`] it is known from the titles; for
/// others it is what the search itself says, for the query alone decides it.
fn unfiltered<'a>(shelf: &Shelf, entries: &'a [PublicEntry], wanted: &SearchRequest) -> Vec<&'a PublicEntry> {
    let bare = SearchRequest {
        filters: Filters::default(),
        facets: FacetChoice::Only(Vec::new()),
        per_page: 1_000,
        ..wanted.clone()
    };
    let response = shelf.run(&bare);
    let found = slugs(&response);
    let hits: Vec<&PublicEntry> = entries.iter().filter(|entry| found.contains(&entry.entry.common.slug)).collect();
    assert_eq!(hits.len() as u64, response.total, "each hit is an entry");
    let has = |entry: &PublicEntry, word: &str| entry.entry.common.title.contains(word);
    let words: Vec<&str> = wanted.q.split_whitespace().collect();
    let expected: Option<Vec<&PublicEntry>> = match words.as_slice() {
        [] => Some(entries.iter().collect()),
        [word] if WORDS.contains(word) => Some(entries.iter().filter(|entry| has(entry, word)).collect()),
        [word, not] if WORDS.contains(word) && not.starts_with('-') => {
            Some(entries.iter().filter(|entry| has(entry, word) && !has(entry, &not[1..])).collect())
        }
        _ => None,
    };
    if let Some(expected) = expected {
        assert_eq!(hits, expected, "hits of {:?}", wanted.q);
    }
    hits
}

fn ids(vocabulary: &str, take: usize) -> Vec<String> {
    VOCABULARIES.get(vocabulary).unwrap().terms.iter().map(|term| term.id.clone()).take(take).collect()
}

/// Some of the first terms of a vocabulary, rarely the one that stands for all.
fn terms(vocabulary: &'static str) -> impl Strategy<Value = Vec<String>> {
    let any = VOCABULARIES.get(vocabulary).unwrap().any.clone();
    let ids: Vec<String> = ids(vocabulary, 4).into_iter().filter(|id| Some(id) != any.as_ref()).collect();
    let most = ids.len();
    (subsequence(ids, 0..=most), prop::bool::weighted(0.15)).prop_map(move |(mut terms, all)| {
        terms.extend(any.clone().filter(|_| all));
        terms
    })
}

fn number() -> impl Strategy<Value = Option<u32>> {
    prop::option::of(select(NUMBERS))
}

/// Range whose ends, where both are there, are in order.
fn range() -> impl Strategy<Value = (Option<u32>, Option<u32>)> {
    (number(), number()).prop_map(|(low, high)| match (low, high) {
        (Some(a), Some(b)) => (Some(a.min(b)), Some(a.max(b))),
        other => other,
    })
}

fn common() -> impl Strategy<Value = Common> {
    let words = (subsequence(WORDS.to_vec(), 0..=3), subsequence(vec!["hell", "bunt", "laut"], 0..=3));
    let lists = (
        terms("topics"),
        terms("purposes"),
        terms("phases"),
        terms("levels"),
        terms("audiences"),
        terms("scopes"),
        terms("districts"),
    );
    (words, lists, subsequence(FormatType::ALL.to_vec(), 0..=3), select(vec!["", "de", "en"])).prop_map(
        |(
            (title, keywords),
            (topics, purposes, phases, levels, audiences, scopes, districts),
            format_types,
            language,
        )| {
            Common {
                title: title.join(" "),
                keywords: keywords.into_iter().map(String::from).collect(),
                topics,
                purposes,
                phases,
                levels,
                audiences,
                scopes,
                districts,
                format_types,
                language: language.into(),
                ..Common::default()
            }
        },
    )
}

fn profile() -> impl Strategy<Value = Profile> {
    let format = (
        (range(), number(), number(), number()),
        (terms("recruitment"), terms("accessibility"), terms("outcome_forms"), terms("legal_bases")),
        prop::option::of(select(MethodLevel::ALL)),
    );
    let format = format.prop_map(|((people, minutes, weeks, euros), lists, method_level)| {
        Profile::Format(Box::new(FormatProfile {
            // A group has at least one member; the other numbers may be 0.
            participants_min: people.0.map(|number| number.max(1)),
            participants_max: people.1.map(|number| number.max(1)),
            duration_minutes_min: minutes,
            lead_time_weeks_min: weeks,
            cost_eur_min: euros,
            recruitment: lists.0,
            accessibility: lists.1,
            outcome_forms: lists.2,
            legal_bases: lists.3,
            method_level,
            ..FormatProfile::default()
        }))
    });
    let guide =
        (prop::option::of(YEARS), prop::option::of(select(GuideType::ALL)), prop::option::of(select(Access::ALL)))
            .prop_map(|(year, guide_type, access)| {
                Profile::Guide(Box::new(GuideProfile { year, guide_type, access, ..GuideProfile::default() }))
            });
    let dates = (prop::option::of(YEARS), prop::option::of(0..3), prop::option::of(select(CaseStatus::ALL)));
    let place = (prop::option::of(select(vec!["DE-NW", "DE-BE"])), prop::option::of(select(vec!["Bonn", "Köln"])));
    let case =
        (dates, place, terms("recruitment")).prop_map(|((begins, lasts, status), (state, town), recruitment)| {
            let ends: Option<i32> = match (begins, lasts) {
                (Some(begins), Some(lasts)) => Some(begins + lasts),
                (None, Some(lasts)) => Some(YEARS.start + lasts),
                _ => None,
            };
            Profile::BestPractice(Box::new(CaseProfile {
                begins_on: begins.map(|year| format!("{year}-05")),
                ends_on: ends.map(|year| year.to_string()),
                status,
                state: state.map(String::from),
                municipality: town.map(String::from),
                recruitment,
                ..CaseProfile::default()
            }))
        });
    prop_oneof![
        4 => format,
        1 => guide,
        2 => case,
        1 => Just(Profile::Concept(Box::default())),
        1 => Just(Profile::Idea(Box::default())),
    ]
}

fn entry() -> impl Strategy<Value = Entry> {
    (common(), profile()).prop_map(|(common, profile)| Entry { common, profile })
}

/// A request with up to four filters.
fn wanted(entries: usize) -> impl Strategy<Value = SearchRequest> {
    let query =
        select(vec!["", "Wasser", "Kirche", "Wasser -Baum", "Baum Tisch", "Tisch Kirche Wasser", "Wassar", "nichts"]);
    let filter = (0..FACETS.len()).prop_flat_map(|number| {
        let facet = &FACETS[number];
        let values = match facet.parameter {
            "participants" => ["none", "7", "10", "25", "100", "1000", "70000"].map(String::from).to_vec(),
            "keyword" => ["none", "hell", "bunt", "fehlt"].map(String::from).to_vec(),
            "language" => ["none", "de", "en"].map(String::from).to_vec(),
            "state" => ["none", "DE-NW", "DE-BE"].map(String::from).to_vec(),
            "municipality" => ["none", "Bonn", "Köln", "Ulm"].map(String::from).to_vec(),
            _ => ids(facet.vocabulary.unwrap(), 5).into_iter().chain(["none".to_owned()]).collect(),
        };
        let most = values.len().min(3);
        subsequence(values, 1..=most).prop_map(move |values| (facet.parameter, values))
    });
    let years = (prop::option::weighted(0.15, YEARS), prop::option::weighted(0.15, YEARS));
    let ids = prop::option::weighted(0.1, prop::collection::vec(0..entries.max(1), 1..5));
    (query, prop::collection::vec(filter, 0..4), years, ids).prop_map(|(q, terms, (year_from, year_to), ids)| {
        let mut wanted = request(q);
        let ids = ids.unwrap_or_default().into_iter().map(|number| format!("e{number}")).collect();
        wanted.filters = Filters { terms: terms.into_iter().collect(), year_from, year_to, ids };
        wanted
    })
}
