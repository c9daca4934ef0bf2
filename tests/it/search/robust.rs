//! No query kills, none costs without bound.

use std::time::{Duration, Instant};

use mitmachbox::model::public::PublicEntry;
use mitmachbox::query::QueryLimits;
use mitmachbox::search::request::{SearchRequest, Verbatim};
use mitmachbox::search::service::{Context, SearchError};
use mitmachbox::search::{run::run, understand::understand};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::support::{CORPUS, limits, request, shelf, with_text};

/// A quarter of what a worker thread has: what does not recurse does not need more.
const STACK_BYTES: usize = 512 << 10;

fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(work).unwrap();
    thread.join().unwrap_or_else(|_| panic!("the thread panicked"));
}

/// Ways to say something nested, long or odd, as long as it is accepted.
fn nasty() -> Vec<String> {
    let fill = |unit: &str| unit.repeat(512 / unit.len());
    let mut all: Vec<String> = [
        "(",
        ")",
        "-(",
        "[",
        "{",
        "\"",
        "-",
        "--",
        "*",
        "?",
        "~",
        "^",
        "\\",
        "/",
        ":",
        "::",
        "'",
        "§",
        "„",
        "“",
        "»",
        "«",
        "titel:",
        "-\"",
        "a:",
        "a'",
        "a-",
        "ä",
        "\u{301}",
        "a\u{301}",
        "\u{ad}",
        "\u{200d}",
        "🎉",
        "👨‍👩‍👧",
        "ß",
        "ﬁ",
        "ñ",
        "\u{0}",
        "\u{202e}a",
        "中",
        "ب",
        "\u{fffd}",
        "in",
        ":innen",
        "*innen",
        "I",
        "ei",
        "rat",
        "bürger",
        "haushalt",
        "a/b/c/",
        "1-2-",
        "a.b.",
        "@",
        "\u{feff}",
        "\n",
        "\t",
    ]
    .into_iter()
    .map(fill)
    .collect();
    let words = |word: &str| vec![word; 32].join(" ");
    all.extend(["NOT x", "a AND (b", "a OR b", "(a", "-a", "titel:a", "bürger:in", "a-b-c-d", "§ 3"].map(|unit| {
        let most = 32 / unit.split(' ').count();
        vec![unit; most.min(512 / (unit.len() + 1))].join(" ")
    }));
    all.extend(
        ["werkstatt", "bürgr", "xq", "der", "beteiligen", "bürgerinenrat"]
            .map(words)
            .into_iter()
            .filter(|q| q.len() <= 512),
    );
    all.push("\"a b c d e f\" ".repeat(5));
    all.push(format!("{}\"{}\"", "x ".repeat(15), "rat ".repeat(16)));
    all
}

#[test]
fn a_kilobyte_of_brackets_is_refused_and_the_next_search_answers() {
    on_a_small_stack(|| {
        for unit in ["(", "-(", "NOT ", "\"", "a AND ("] {
            let answer = CORPUS.try_run(&request(&unit.repeat(1_000)));
            assert!(matches!(answer, Err(SearchError::QueryTooLong { .. })), "{unit}");
        }
        assert!(CORPUS.search("bürgerrat").total > 0);
    });
}

#[test]
fn nothing_accepted_kills_a_small_stack() {
    on_a_small_stack(|| {
        for text in nasty() {
            for verbatim in
                [Verbatim::default(), Verbatim { corrections: true, synonyms: true, parts: true, relaxed: true }]
            {
                for plain in [false, true] {
                    let answer = CORPUS.try_run(&SearchRequest { verbatim, plain, per_page: 5, ..request(&text) });
                    match answer {
                        Ok(response) => assert!(response.total_strict <= response.total, "{text}"),
                        Err(SearchError::QueryTooLong { detail, detail_en }) => {
                            assert!(detail.contains("höchstens") && detail_en.contains("at most"));
                        }
                        Err(other) => panic!("{text:?}: {other}"),
                    }
                }
            }
        }
    });
}

#[test]
fn nothing_typed_kills_a_small_stack() {
    on_a_small_stack(|| {
        let texts = prop_oneof![
            "[-\"„“”»«:()*'/.§ a-eäöüßst\u{301}\u{ad}]{0,80}",
            "((titel:|-|\"|„|“)?(bürger|rat|haushalt|spazier|werkstatt|inen|:innen|xq|los|§|6-3-5)[ -]?){0,14}",
            any::<String>(),
        ];
        TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() })
            .run(&texts, |text| match CORPUS.try_run(&SearchRequest { per_page: 3, ..request(&text) }) {
                Ok(_) | Err(SearchError::QueryTooLong { .. }) => Ok(()),
                Err(other) => Err(TestCaseError::fail(format!("{text:?}: {other}"))),
            })
            .unwrap_or_else(|error| panic!("{error}"));
    });
}

#[test]
fn a_passed_deadline_gives_up() {
    let context =
        Context::new(mitmachbox::search::service::SearchLimits { search_time_max: Duration::ZERO, ..limits() }, "");
    let answer = run(&context, &CORPUS.snapshot, &request("bürgerrat"));
    assert!(matches!(answer, Err(SearchError::Timeout)), "{answer:?}");
}

#[test]
fn what_a_word_may_stand_for_is_bounded() {
    let weights = CORPUS.context.weights.clone();
    for text in nasty() {
        let Ok((query, _)) = mitmachbox::query::parse(&text, &QueryLimits::default()) else { continue };
        let understood = understand(&CORPUS.snapshot, &query, Verbatim::default(), &weights).unwrap();
        assert!(understood.plan.words.len() <= 32, "{text}: {} words", understood.plan.words.len());
        for word in &understood.plan.words {
            let ways = word.ways.iter().chain(&word.loose_ways);
            let stems: usize = ways.flat_map(|way| &way.all).map(|concept| concept.stems.len()).sum();
            assert!(stems <= 128, "{text}: {stems} stems for one word");
        }
        assert!(understood.applied.corrections.len() <= 3, "{text}");
    }
}

/// Prints what the dearest query costs; how long it may take depends on the machine, so nothing is asserted of time
/// beyond the deadline, which the product's own is far below in a release build.
#[test]
fn the_worst_query_is_far_from_the_deadline() {
    let words: Vec<String> = (0..CORPUS.snapshot.doc_count())
        .flat_map(|doc| {
            let entry = CORPUS.snapshot.entry(u32::try_from(doc).unwrap()).unwrap().entry;
            entry.common.summary.split(' ').map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    let text = |from: usize, count: usize| -> String {
        (0..count)
            .map(|number| words[(from * 31 + number * number + number) % words.len()].as_str())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let entries: Vec<PublicEntry> = (0..2_000)
        .map(|number| with_text(&format!("e{number}"), &text(number, 3), &text(number * 7, 12), &text(number * 13, 30)))
        .collect();
    let shelf = shelf(&entries);
    let mut worst = (Duration::ZERO, String::new());
    let frequent = ["bürger", "beteiligung", "stadt", "menschen", "kommune", "verfahren", "ideen", "planung"];
    let mut queries = nasty();
    queries.push(frequent.map(|word| format!("{word} {word}en {word}s")).join(" "));
    queries.push(frequent.map(|word| format!("-{word}x")).join(" ") + " bürger");
    for text in queries {
        let started = Instant::now();
        if shelf.try_run(&SearchRequest { per_page: 20, ..request(&text) }).is_ok() && started.elapsed() > worst.0 {
            worst = (started.elapsed(), text);
        }
    }
    eprintln!("worst of all queries at {} entries, this build: {:?}: {:.60}", entries.len(), worst.0, worst.1);
    assert!(worst.0 > Duration::ZERO && worst.0 < limits().search_time_max);
}
