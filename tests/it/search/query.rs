//! The query language: what is an operator, what is text, and that nothing is an error but too much.

use mitmachbox::query::{Notice, Query, QueryLimits, TooLong, parse, plain};
use proptest::prelude::*;

fn parsed(text: &str) -> (Query, Vec<Notice>) {
    parse(text, &QueryLimits::default()).unwrap_or_else(|error| panic!("{text:?}: {error:?}"))
}

fn texts(clauses: &[mitmachbox::query::Clause]) -> Vec<&str> {
    clauses.iter().map(|clause| clause.text.as_str()).collect()
}

/// Plain words, phrases, exclusions, words of the title.
type Expected<'a> = (&'a str, &'a [&'a str], &'a [&'a str], &'a [&'a str]);

fn check(text: &str, (words, phrases, excluded, in_title): Expected<'_>, notices: &[Notice]) {
    let (query, noticed) = parsed(text);
    assert_eq!(query.plain.split_whitespace().collect::<Vec<_>>().join(" "), words, "plain words of {text:?}");
    assert_eq!(texts(&query.phrases), phrases, "phrases of {text:?}");
    assert_eq!(texts(&query.excluded), excluded, "exclusions of {text:?}");
    assert_eq!(texts(&query.in_title), in_title, "title of {text:?}");
    assert_eq!(noticed, notices, "notices of {text:?}");
}

#[test]
fn words_and_phrases() {
    check("", ("", &[], &[], &[]), &[]);
    check("   ", ("", &[], &[], &[]), &[]);
    check("runder tisch", ("runder tisch", &[], &[], &[]), &[]);
    check("\"runder tisch\"", ("", &["runder tisch"], &[], &[]), &[]);
    for quoted in ["\"a b\"", "„a b“", "„a b”", "“a b”", "»a b«", "«a b»", "„a b\"", "\"a b“"] {
        check(&format!("vor {quoted} nach"), ("vor nach", &["a b"], &[], &[]), &[]);
    }
    check("\"a\"\"b\"", ("", &["a", "b"], &[], &[]), &[]);
    check("x\"a b\"y", ("x y", &["a b"], &[], &[]), &[]);
    check("\"\"", ("", &[], &[], &[]), &[]);
    check("\"  \" x", ("x", &[], &[], &[]), &[]);
    check("\"???\" x", ("x", &[], &[], &[]), &[]);
    check("\"§ 3\"", ("", &["§ 3"], &[], &[]), &[]);
}

#[test]
fn quotes_without_a_partner_are_text() {
    check("\"runder tisch", ("\"runder tisch", &[], &[], &[]), &[Notice::UnpairedQuote]);
    check("runder\" tisch", ("runder\" tisch", &[], &[], &[]), &[Notice::UnpairedQuote]);
    check("\"a b\" \"c", ("\"c", &["a b"], &[], &[]), &[Notice::UnpairedQuote]);
    check("Raum 5\" hoch", ("Raum 5\" hoch", &[], &[], &[]), &[Notice::UnpairedQuote]);
    check("‚a b‘", ("‚a b‘", &[], &[], &[]), &[]);
    check("wie geht's", ("wie geht's", &[], &[], &[]), &[]);
}

#[test]
fn exclusion() {
    check("rat -köln", ("rat", &[], &["köln"], &[]), &[]);
    check("rat -\"runder tisch\" x", ("rat x", &[], &["runder tisch"], &[]), &[]);
    check("rat -„runder tisch“", ("rat", &[], &["runder tisch"], &[]), &[]);
    check("-köln", ("", &[], &["köln"], &[]), &[Notice::OnlyExclusions]);
    check("-köln -bonn", ("", &[], &["köln", "bonn"], &[]), &[Notice::OnlyExclusions]);
    check("-köln \"a b\"", ("", &["a b"], &["köln"], &[]), &[]);
    check("-köln titel:rat", ("", &[], &["köln"], &["rat"]), &[]);
    // A hyphen that excludes nothing.
    for text in ["World-Café", "6-3-5", "1-2-4-all", "a - b", "a -- b", "-", "minus -30 Grad", "a- b", "-- x", "-(a"] {
        check(text, (text, &[], &[], &[]), &[]);
    }
}

#[test]
fn words_of_the_title() {
    check("titel:rat", ("", &[], &[], &["rat"]), &[]);
    check("title:rat köln", ("köln", &[], &[], &["rat"]), &[]);
    check("TITEL:\"runder tisch\" köln", ("köln", &[], &[], &["runder tisch"]), &[]);
    check("Titel:Bürger:innenrat", ("", &[], &[], &["Bürger:innenrat"]), &[]);
    check("titel: rat", ("titel: rat", &[], &[], &[]), &[]);
    check("titel:", ("titel:", &[], &[], &[]), &[]);
    check("untertitel:rat", ("untertitel:rat", &[], &[], &[]), &[Notice::UnknownField]);
    check("xtitel:rat", ("xtitel:rat", &[], &[], &[]), &[Notice::UnknownField]);
}

#[test]
fn other_colons_are_text() {
    check("thema:verkehr", ("thema:verkehr", &[], &[], &[]), &[Notice::UnknownField]);
    check("format_type:digital x:y", ("format_type:digital x:y", &[], &[], &[]), &[Notice::UnknownField]);
    for text in [
        "Bürger:innenrat",
        "bürger:innen",
        "mitarbeiter:in",
        "teilnehmer:innen",
        "jede:r",
        "keine:n",
        "Achtung: Baustelle",
        "10:30 Uhr",
        "Anteil 1:3",
        ":",
        "::",
        "a:",
        ":a",
    ] {
        check(text, (text, &[], &[], &[]), &[]);
    }
}

#[test]
fn what_other_engines_take_as_operators_is_text() {
    for text in [
        "a AND b",
        "a OR (b",
        "NOT x",
        "a* b?",
        "a~2",
        "a^3",
        "+a",
        "[a TO b]",
        "a && b || !c",
        "body.x",
        "/a.*/",
        "\\",
    ] {
        check(text, (text, &[], &[], &[]), &[]);
    }
}

#[test]
fn too_much_is_refused_and_never_cut() {
    let limits = QueryLimits::default();
    let refused = |text: &str, max: usize| {
        let error = parse(text, &limits).expect_err(text);
        assert_eq!(error.max, max, "{text}");
    };
    assert!(parse(&"a".repeat(512), &limits).is_ok());
    refused(&"a".repeat(513), 512);
    refused(&"ä".repeat(257), 512);
    refused(&"(".repeat(1_000), 512);
    assert!(parse(&"a ".repeat(32), &limits).is_ok());
    refused(&"a ".repeat(33), 32);
    assert!(parse(&"\"a b\" ".repeat(5), &limits).is_ok());
    refused(&"\"a b\" ".repeat(6), 5);
    refused(&format!("\"{}\"", "a ".repeat(17)), 16);
    refused(&format!("-\"{}\"", "a ".repeat(17)), 16);
    assert!(parse(&format!("\"{}\"", "a ".repeat(16)), &limits).is_ok());
    assert!(matches!(plain(&"a ".repeat(33), &limits), Err(TooLong { max: 32, .. })));
}

#[test]
fn exclusions_in_quotes_are_phrases_too() {
    let limits = QueryLimits::default();
    // Each reads positions, whichever side it stands on.
    assert!(parse(&"-\"a b\" ".repeat(6), &limits).is_err(), "six quoted exclusions");
    assert!(parse(&"titel:\"a b\" ".repeat(6), &limits).is_err(), "six quoted titles");
}

#[test]
fn taken_as_plain_text_nothing_is_an_operator() {
    let text = "-a \"b c\" titel:d";
    let query = plain(text, &QueryLimits::default()).unwrap();
    assert_eq!(query, Query { plain: text.into(), ..Query::default() });
}

proptest! {
    #[test]
    fn nothing_panics_and_every_piece_is_where_it_says(
        text in prop_oneof![
            "[-\"„“”»«:() atielüß\u{301}]{0,40}",
            "(titel:|title:|-|\"|„|“|[a-zäöü]{1,4}| |:){0,30}",
            any::<String>(),
        ]
    ) {
        let Ok((query, _)) = parse(&text, &QueryLimits { query_bytes_max: 1 << 20, ..QueryLimits::default() }) else {
            return Ok(());
        };
        prop_assert_eq!(query.plain.len(), text.len(), "offsets stay");
        let mut clauses: Vec<_> = query.phrases.iter().chain(&query.excluded).chain(&query.in_title).collect();
        clauses.sort_by_key(|clause| clause.span.start);
        for clause in &clauses {
            prop_assert_eq!(text.get(clause.span.clone()), Some(clause.text.as_str()));
            prop_assert!(query.plain[clause.span.clone()].chars().all(|letter| letter == ' '), "said once only");
        }
        prop_assert!(clauses.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "no overlap");
        for (at, letter) in query.plain.char_indices().filter(|(_, letter)| *letter != ' ') {
            prop_assert!(text[at..].starts_with(letter), "plain text is text as typed");
        }
    }
}
