//! The page of hits: what is offered, what is remarked, and why a hit is there.

use mitmachbox::search::response::{How, Match, Offer};

use super::web::{answer, contains, hit, page, request};

#[test]
fn numbers_in_a_query_are_offered_as_links() {
    let mut response = answer(12, vec![hit("rat", true)]);
    let offer = |label: &str, name: &str, value: &str, count| Offer {
        words: vec!["200 Leute".into()],
        filters: [(name.to_owned(), vec![value.to_owned()])].into(),
        label: label.into(),
        q: "rat".into(),
        count,
    };
    response.query.offers = vec![
        offer("Für etwa 200 Menschen", "participants", "200", 1_200),
        offer("Unter 5.000 Euro", "cost_max", "k1", 0),
    ];
    response.query.applied.optional = vec!["200 Leute".into()];
    let mut request = request("rat 200 Leute");
    request.filters.terms.insert("participants", vec!["60".into()]);
    request.filters.terms.insert("kind", vec!["format".into()]);
    request.page = 3;
    let html = page(&request, &response);
    contains(
        &html,
        &[
            "<a href=\"/suche?q=rat&#38;kind=format&#38;participants=200\">Nur Formate für etwa 200 Menschen (1.200)</a>",
            "„200 Leute“ muss nicht im Text stehen.",
            "verbatim=relaxed\">Nur Treffer mit allen Wörtern</a>",
        ],
    );
    assert!(!html.contains("5.000 Euro"), "what leads nowhere is not offered");
    response.query.offers.clear();
    assert!(!page(&request, &response).contains("class=\"offers\""));
}

#[test]
fn remarks_on_a_query_are_sentences() {
    for (notice, said) in [
        ("unpaired_quote", "Ein Anführungszeichen steht allein."),
        ("unknown_field", "nur „titel“"),
        ("only_exclusions", "was fehlen soll"),
        ("no_words", "In „???“ steht kein Wort, nach dem sich suchen lässt. Hier sind alle Einträge."),
    ] {
        let mut response = answer(12, vec![hit("rat", true)]);
        response.query.notices = vec![notice.into()];
        let html = page(&request("???"), &response);
        contains(&html, &[said]);
        assert!(!html.contains(notice), "{notice} is no German");
        assert_eq!(html.contains("<strong>12 Einträge</strong>"), notice == "no_words", "{notice}");
    }
}

#[test]
fn a_word_that_the_list_does_not_show_is_said_to_be_elsewhere() {
    let matched = |word: &str, found: &str, field: &str, how| Match {
        word: word.into(),
        found: found.into(),
        field: field.into(),
        how,
    };
    let rat = || matched("rat", "rat", "title", How::Part);
    for (all, said) in [
        (vec![matched("verkehr", "Verkehr", "topics", How::Exact)], Some("gefunden unter Thema: „Verkehr“")),
        (
            vec![matched("x", "Weltcafé", "alternative_titles", How::Stem)],
            Some("gefunden unter anderen Namen: „Weltcafé“"),
        ),
        (vec![matched("jugend", "Jugend", "audiences", How::Part)], Some("gefunden als Wortteil: „Jugend“")),
        (
            vec![matched("rat", "rat", "title", How::Exact), matched("online", "Digital", "format_types", How::Stem)],
            Some("gefunden unter vor Ort oder digital: „Digital“"),
        ),
        // In sight: marked in the title, or in the text that the list shows.
        (vec![matched("rat", "rat", "keywords", How::Exact)], None),
        (vec![matched("x", "steht", "body", How::Exact)], None),
        (vec![rat()], None),
    ] {
        let mut response = answer(1, vec![hit("rat", true)]);
        response.hits[0].matched = all;
        let html = page(&request("rat"), &response);
        match said {
            Some(said) => contains(&html, &[said]),
            None => assert!(!html.contains("gefunden"), "{:?}", response.hits[0].matched),
        }
    }
}
