//! From the text of an address to a search and back.

use mitmachbox::{
    config::Limits,
    http::{
        params::{
            Params, decode, encode,
            search::{canonical, read, search_params},
        },
        problem::Problem,
    },
};
use proptest::prelude::*;

use super::support::vocabularies;

fn understood(query: &str) -> Result<String, Problem> {
    let limits = Limits::default();
    let params = Params::parse(query, &limits)?;
    let mut faults = params.unknown(search_params());
    let (request, more) = read(&params, vocabularies(), &limits);
    faults.extend(more);
    if faults.is_empty() { Ok(canonical(&request)) } else { Err(Problem::of_parameters(faults)) }
}

#[track_caller]
fn check(query: &str, expected: &str) {
    let found =
        understood(query).unwrap_or_else(|problem| panic!("{query}: {} {}", problem.kind.code, problem.detail_en));
    assert_eq!(found, expected, "{query}");
}

#[track_caller]
fn refused(query: &str, code: &str, named: &str) {
    let problem = understood(query).expect_err(query);
    assert_eq!(problem.kind.code, code, "{query}: {}", problem.detail_en);
    assert!(problem.detail_en.contains(named), "{query}: {} does not name {named}", problem.detail_en);
    assert!(problem.detail.contains(named), "{query}: {} does not name {named}", problem.detail);
}

#[test]
fn a_search_has_one_address() {
    check("", "");
    check("q=", "");
    check("topic=&kind=,,", "");
    check("q=B%C3%BCrger+rat", "q=B%C3%BCrger+rat");
    check("q=B%C3%BCrger%20rat", "q=B%C3%BCrger+rat");
    check("kind=guide,format", "kind=format,guide");
    check("kind=guide%2Cformat", "kind=format,guide");
    check("kind=guide&kind=format&kind=guide", "kind=format,guide");
    check("kind=format&topic=wohnen&q=x", "q=x&topic=wohnen&kind=format");
    check("topic=none", "topic=none");
    check("participants=025", "participants=25");
    check("cost_max=k2&duration_max=tag", "duration_max=tag&cost_max=k2");
    check("year_from=2015&year_to=2020", "year_from=2015&year_to=2020");
    check("sort=relevance&page=1&per_page=20", "");
    check("sort=-updated&page=3&per_page=50", "sort=-updated&page=3&per_page=50");
    check("facets=topic,kind", "facets=kind,topic");
    check("facets=none", "facets=none");
    check("verbatim=relaxed,corrections", "verbatim=corrections,relaxed");
    check("lang=de", "");
    check("lang=en", "lang=en");
    check("explain=1", "per_page=10&explain=1");
    check("explain=0", "");
    check("ids=fishbowl,world-cafe", "ids=fishbowl,world-cafe");
    // Open words have commas of their own.
    check("keyword=Rat%2C+Tat,Los", "keyword=Los,Rat%2C+Tat");
    check("municipality=Dortmund", "municipality=Dortmund");
    check("q=a%zz", "q=a%25zz");
    check("q=a&q=a", "q=a");
}

#[test]
fn what_is_wrong_is_named_with_the_nearest_that_is_right() {
    refused("topci=x", "unknown_parameter", "topic");
    refused("format=digital", "unknown_parameter", "format_type");
    refused("zebra=1", "unknown_parameter", "zebra");
    refused("kind=formt", "unknown_value", "format");
    refused("topic=wohnne", "unknown_value", "wohnen");
    refused("format_type=online", "unknown_value", "digital");
    refused("cost_max=k9", "unknown_value", "k0");
    refused("sort=relevanz", "unknown_value", "relevance");
    refused("facets=topics", "unknown_value", "topic");
    refused("verbatim=synonym", "unknown_value", "synonyms");
    refused("lang=fr", "unknown_value", "de");
    refused("explain=ja", "unknown_value", "true");
    refused("participants=viele", "bad_parameter", "participants");
    refused("participants=0", "bad_parameter", "participants");
    refused("page=0", "bad_parameter", "page");
    refused("page=51", "bad_parameter", "50");
    refused("page=11&per_page=100", "bad_parameter", "10");
    refused("per_page=101", "bad_parameter", "100");
    refused("per_page=11&explain=1", "bad_parameter", "10");
    refused("year_from=20x5", "bad_parameter", "year_from");
    refused("q=a&q=b", "bad_parameter", "q");
    refused("q=%ff", "bad_parameter", "UTF-8");
    refused(&format!("keyword={}", "x".repeat(201)), "bad_parameter", "200");
}

#[test]
fn all_faults_are_named_at_once() {
    let problem = understood("topci=x&kind=formt&page=0").unwrap_err();
    let found: Vec<_> = problem.errors.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
    assert_eq!(found, [("/topci", "unknown_parameter"), ("/kind", "unknown_value"), ("/page", "bad_number")]);
    assert_eq!(problem.kind.code, "unknown_parameter", "the first one gives its name");
}

#[test]
fn the_number_of_parameters_is_bounded() {
    let many = (0..10_000).map(|n| format!("p{n}=1")).collect::<Vec<_>>().join("&");
    assert_eq!(understood(&many).unwrap_err().kind.code, "too_many_parameters");
    let values = format!("keyword={}", vec!["a"; 500].join(","));
    assert_eq!(understood(&values).unwrap_err().errors[0].code, "too_many");
}

proptest! {
    #[test]
    fn encoding_loses_nothing(text in any::<String>()) {
        prop_assert_eq!(decode(&encode(&text)), Some(text));
    }

    #[test]
    fn no_address_is_too_strange(query in "[ -~äß%&=,+]{0,200}") {
        let _ = understood(&query);
    }

    #[test]
    fn the_canonical_address_is_canonical(
        q in "[a-zäöü&=,%+ \"-]{0,20}",
        kinds in proptest::sample::subsequence(vec!["format", "guide", "idea", "none"], 0..4),
        words in proptest::collection::vec("[A-Za-zÄ, ]{1,12}", 0..4),
        page in 1..40u32,
        lang in proptest::sample::select(vec!["de", "en", "de-x-einfach"]),
    ) {
        let words: Vec<String> = words.iter().map(|word| encode(word.trim())).collect();
        let query = format!(
            "lang={lang}&page={page}&keyword={}&kind={}&q={}",
            words.join(","), kinds.join(","), encode(&q),
        );
        let once = understood(&query).unwrap();
        prop_assert_eq!(understood(&once).unwrap(), once);
    }
}
