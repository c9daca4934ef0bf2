//! What a query asks for and what is done to help it: phrases, exclusion, relaxation, completion, correction; and that
//! each kind of help can be undone.

use mitmachbox::model::public::PublicEntry;
use mitmachbox::search::request::{SearchRequest, Verbatim};
use mitmachbox::search::response::{How, Mode, SearchResponse};

use super::support::{CORPUS, Shelf, idea, request, shelf, slugs, with_text};

fn sorted(mut slugs: Vec<String>) -> Vec<String> {
    slugs.sort();
    slugs
}

fn verbatim(shelf: &Shelf, q: &str, verbatim: Verbatim) -> SearchResponse {
    shelf.run(&SearchRequest { verbatim, ..request(q) })
}

#[test]
fn phrases_are_words_in_sequence_in_the_form_typed() {
    let shelf = shelf(&[
        with_text("together", "Eins", "Der runde Tisch tagt.", ""),
        with_text("apart", "Zwei", "Der Tisch ist rund, der runde alte Tisch.", ""),
        with_text("turned", "Drei", "Am Tisch: runde Sache.", ""),
        with_text("inflected", "Vier", "Die runden Tische tagen.", ""),
        with_text("hyphen", "Fünf", "Das Runde-Tisch-Verfahren.", ""),
        with_text("gender", "Sechs", "Alle Bürger:innen reden mit.", ""),
        with_text("gender-pair", "Sieben", "Alle Bürgerinnen reden mit.", ""),
    ]);
    for (query, expected) in [
        ("\"runde tisch\"", vec!["hyphen", "together"]),
        ("„Runde Tisch“", vec!["hyphen", "together"]),
        ("\"runde-tisch\"", vec!["hyphen", "together"]),
        ("\"der runde tisch tagt\"", vec!["together"]),
        ("\"tisch runde\"", vec!["turned"]),
        ("\"tisch\"", vec!["apart", "hyphen", "together", "turned"]),
        ("\"runde tische\"", vec![]),
        ("\"alle bürgerinnen reden\"", vec!["gender", "gender-pair"]),
        ("\"runde tisch\" \"tagt\"", vec!["together"]),
    ] {
        let response = shelf.search(query);
        assert_eq!(sorted(slugs(&response)), expected, "{query}");
    }
    assert_eq!(shelf.strict("\"runde tisch\" verfahren"), ["hyphen"]);
    let relaxed = sorted(shelf.slugs("\"runde tisch\" verfahren"));
    assert_eq!(relaxed, ["hyphen", "together"], "a relaxed hit has the phrase all the same");
}

#[test]
fn a_phrase_finds_other_spellings_of_the_same_form() {
    let shelf = shelf(&[
        with_text("umlaut", "Eins", "Der Bürgerrat in der Straße tagt.", ""),
        with_text("digraph", "Zwei", "Der Buergerrat in der Strasse tagt.", ""),
        with_text("capitals", "Drei", "DER BÜRGERRAT IN DER STRASSE TAGT.", ""),
        with_text("plain", "Vier", "Der Burgerrat in der Strase tagt.", ""),
        with_text("other", "Fünf", "Die Bürgerräte in den Straßen tagen.", ""),
        with_text("accent", "Sechs", "Ein Café, à la carte.", ""),
        with_text("new", "Sieben", "Neue Quellen in der Aue.", ""),
    ]);
    for (query, expected) in [
        ("\"buergerrat\"", vec!["capitals", "digraph", "umlaut"]),
        ("\"Bürgerrat\"", vec!["capitals", "digraph", "umlaut"]),
        ("\"burgerrat\"", vec!["plain"]),
        ("\"buergerrat in der strasse\"", vec!["capitals", "digraph", "umlaut"]),
        ("\"BÜRGERRAT IN DER STRAẞE\"", vec!["capitals", "digraph", "umlaut"]),
        ("\"buergerraete\"", vec!["other"]),
        ("\"cafe a la carte\"", vec!["accent"]),
        ("\"neue quellen\"", vec!["new"]),
        ("\"naue\"", vec![]),
        ("tagt -\"buergerrat in\"", vec!["other", "plain"]),
    ] {
        assert_eq!(sorted(shelf.strict(query)), expected, "{query}");
    }
    assert!(CORPUS.search("\"buergerrat\"").total > 10);
    assert_eq!(CORPUS.search("\"buergerrat\"").total, CORPUS.search("\"Bürgerrat\"").total);
}

#[test]
fn signs_without_a_word_show_everything_and_say_so() {
    let all = CORPUS.search("").total;
    for q in ["???", "!", "...", "🎉", "( )", "\"???\"", "\"\" ?", "*", "- -"] {
        let response = CORPUS.search(q);
        assert_eq!((response.total, response.query.notices.as_slice()), (all, &["no_words".to_owned()][..]), "{q}");
    }
    for q in ["", "  "] {
        assert_eq!(CORPUS.search(q).query.notices, [""; 0], "{q:?}");
    }
    assert_eq!(slugs(&CORPUS.search("fishbowl ???")), slugs(&CORPUS.search("fishbowl")));
    assert_eq!(slugs(&CORPUS.search("fishbowl \"!\"")), slugs(&CORPUS.search("fishbowl ")));
}

#[test]
fn a_word_typed_twice_counts_once() {
    for (again, once) in [
        ("haushalt haushalt", "haushalt"),
        ("haushalt, Haushalt! HAUSHALT", "haushalt"),
        ("bürgerrat köln Buergerrat", "bürgerrat köln"),
        ("spaziergang der der der stadt spaziergang", "spaziergang der stadt"),
        ("planungsz planungsz", "planungsz"),
        ("gartrn gartrn", "gartrn"),
    ] {
        let (twice, single) = (CORPUS.search(again), CORPUS.search(once));
        let scored = |response: &SearchResponse| -> Vec<(String, f32)> {
            response.hits.iter().map(|hit| (hit.slug.clone(), hit.score)).collect()
        };
        assert_eq!(scored(&twice), scored(&single), "{again}");
        assert_eq!((twice.total, twice.query.applied), (single.total, single.query.applied), "{again}");
    }
    // In a name, a word may come twice.
    let shelf = shelf(&[idea("twice", "Stadt, Land, Stadt"), idea("once", "Stadt Land"), idea("numbers", "6-3-6")]);
    assert_eq!(shelf.slugs("stadt land stadt")[0], "twice");
    assert_eq!(shelf.slugs("stadt land")[0], "once");
    assert_eq!(shelf.strict("6-3-6"), ["numbers"]);
}

#[test]
fn a_phrase_does_not_reach_from_one_text_into_the_next() {
    let mut keywords = with_text("keywords", "Anfang World-Café", "Morgen wird geplant", "Ende");
    keywords.entry.common.keywords = vec!["rot".into(), "gelb".into(), "6-3-5".into(), "blau".into()];
    let shelf = shelf(&[keywords]);
    for (inside, across) in [
        ("wird geplant", "geplant rot"),
        ("anfang world", "café morgen"),
        ("world café", "world morgen"),
        ("6 3 5", "5 blau"),
        ("rot", "rot gelb"),
        ("gelb", "gelb 6"),
        ("3 5", "3 blau"),
        ("geplant", "geplant ende"),
    ] {
        assert_eq!(shelf.slugs(&format!("\"{inside}\"")), ["keywords"], "{inside}");
        assert_eq!(shelf.slugs(&format!("\"{across}\"")), [""; 0], "{across}");
    }
}

#[test]
fn exclusion_takes_away_the_word_in_all_its_forms() {
    let shelf = shelf(&[
        with_text("word", "Rat in Köln", "", ""),
        with_text("forms", "Rat und Werkstätten", "", ""),
        with_text("phrase", "Rat am runden Tisch", "", ""),
        with_text("words", "Rat, Tisch am runden Platz", "", ""),
        with_text("people", "Rat der Bürgerinnen", "", ""),
        with_text("compound", "Rat und Kölnmesse", "", ""),
    ]);
    let all = ["compound", "forms", "people", "phrase", "word", "words"];
    let without = |gone: &[&str]| -> Vec<String> {
        all.iter().filter(|slug| !gone.contains(slug)).map(|slug| (*slug).to_owned()).collect()
    };
    for (query, gone) in [
        ("rat", vec![]),
        ("rat -köln", vec!["word"]),
        ("rat -koeln", vec!["word"]),
        ("rat -werkstatt", vec!["forms"]),
        ("rat -\"runden tisch\"", vec!["phrase"]),
        ("rat -bürger:innen", vec!["people"]),
        ("rat -köln -werkstatt", vec!["word", "forms"]),
        ("rat -gibtesnicht", vec![]),
        ("-köln", vec!["word"]),
        ("-rat", all.to_vec()),
    ] {
        assert_eq!(sorted(shelf.slugs(query)), without(&gone), "{query}");
    }
    assert_eq!(shelf.search("-köln").query.notices, ["only_exclusions"]);
}

#[test]
fn excluded_words_tied_by_a_hyphen_are_excluded_as_one() {
    let shelf =
        shelf(&[idea("tied", "Rat im World-Café"), idea("one", "Rat im Worldcafé"), idea("other", "Rat im Café")]);
    assert_eq!(sorted(shelf.slugs("rat -world-café")), ["other"]);
}

#[test]
fn words_of_the_title_are_looked_for_there_only() {
    let shelf = shelf(&[
        idea("title", "Spielplatz planen"),
        with_text("body", "Etwas", "Spielplatz", "Spielplatz"),
        idea("compound", "Abenteuerspielplatz"),
    ]);
    assert_eq!(sorted(shelf.slugs("titel:spielplatz")), ["compound", "title"]);
    assert_eq!(sorted(shelf.strict("title:spielplätze planen")), ["title"]);
    assert_eq!(sorted(shelf.slugs("spielplatz")), ["body", "compound", "title"]);
}

fn relaxable() -> Shelf {
    shelf(&[
        with_text("both", "Garten und Brunnen", "", ""),
        with_text("garden", "Garten am Hang", "", ""),
        with_text("well", "Brunnen am Hang", "", ""),
        with_text("none", "Etwas ganz anderes", "", ""),
    ])
}

#[test]
fn relaxed_hits_are_labelled_and_come_after_strict_ones() {
    let shelf = relaxable();
    let response = shelf.search("garten brunnen");
    assert_eq!(response.mode, Mode::Relaxed);
    assert_eq!((response.total, response.total_strict), (3, 1));
    let relaxed = response.query.applied.relaxed.expect("labelled");
    assert_eq!((relaxed.at_least, relaxed.of), (1, 2));
    let shown: Vec<(&str, bool)> = response.hits.iter().map(|hit| (hit.slug.as_str(), hit.strict)).collect();
    assert_eq!(shown[0], ("both", true));
    assert!(shown[1..].iter().all(|(_, strict)| !strict), "{shown:?}");

    let strict = verbatim(&shelf, "garten brunnen", Verbatim { relaxed: true, ..Verbatim::default() });
    assert_eq!((strict.mode, strict.total, strict.total_strict), (Mode::Strict, 1, 1));
    assert_eq!(strict.query.applied.relaxed, None);
}

#[test]
fn enough_strict_hits_are_not_relaxed() {
    let mut entries: Vec<PublicEntry> =
        (0..10).map(|number| idea(&format!("both-{number}"), "Garten und Brunnen")).collect();
    entries.push(idea("garden", "Garten am Hang"));
    let response = shelf(&entries).search("garten brunnen");
    assert_eq!((response.mode, response.total, response.total_strict), (Mode::Strict, 10, 10));
    assert_eq!(response.query.applied.relaxed, None);
    assert!(response.hits.iter().all(|hit| hit.strict));
}

#[test]
fn a_filter_never_changes_the_mode_of_a_search() {
    // A dozen strict hits of which a filter leaves one: still strict, and no relaxed hit slips in.
    let mut entries: Vec<PublicEntry> =
        (0..12).map(|number| idea(&format!("both-{number}"), "Garten und Brunnen")).collect();
    entries.push(idea("garden", "Garten am Hang"));
    entries[0].entry.common.keywords = vec!["rar".into()];
    entries[12].entry.common.keywords = vec!["rar".into()];
    let shelf = shelf(&entries);
    let mut wanted = request("garten brunnen");
    wanted.filters.terms.insert("keyword", vec!["rar".into()]);
    let response = shelf.run(&wanted);
    assert_eq!((response.mode, response.total), (Mode::Strict, 1));

    // And a relaxed one stays relaxed, although what is left is strict.
    let shelf = relaxable();
    let mut wanted = request("garten brunnen");
    wanted.filters.ids = vec!["both".into()];
    let response = shelf.run(&wanted);
    assert_eq!((response.mode, response.total, response.total_strict), (Mode::Relaxed, 1, 1));
}

#[test]
fn without_help_a_search_for_nothing_there_finds_nothing() {
    let shelf = relaxable();
    for q in ["xyzzyq", "\"ganz garten\"", "titel:xyzzyq", "garten \"xyzzyq\""] {
        let response = shelf.search(q);
        assert_eq!((response.total, response.mode), (0, Mode::Strict), "{q}");
        assert_eq!(response.query.applied.relaxed, None, "{q}");
    }
}

#[test]
fn the_last_word_may_be_unfinished() {
    let shelf = shelf(&[
        idea("planning", "Planungszelle"),
        idea("garden", "Garten"),
        with_text("both", "Garten der Planungszelle", "", ""),
    ]);
    assert_eq!(sorted(shelf.strict("planungsz")), ["both", "planning"]);
    assert_eq!(sorted(shelf.strict("garten planungsz")), ["both"]);
    assert_eq!(sorted(shelf.strict("planungsz garten")), [""; 0], "only the last");
    assert_eq!(sorted(shelf.strict("planungsz ")), [""; 0], "a space ends the word");
    assert_eq!(sorted(shelf.strict("\"planungsz\"")), [""; 0]);
    let hit = shelf.hit("planungsz", "planning");
    assert_eq!((hit.matched[0].found.as_str(), hit.matched[0].how), ("Planungszelle", How::Prefix));
}

#[test]
fn each_kind_of_help_can_be_undone() {
    // A correction.
    let shelf = shelf(&[idea("rat", "Bürgerrat"), idea("other", "Brunnen")]);
    let helped = shelf.search("bürgerratt");
    assert_eq!(helped.query.applied.corrections.len(), 1);
    assert_eq!(helped.total_strict, 1);
    let plain = verbatim(&shelf, "bürgerratt", Verbatim { corrections: true, ..Verbatim::default() });
    assert_eq!((plain.query.applied.corrections.as_slice(), plain.total_strict), ([].as_slice(), 0));

    // A synonym.
    let helped = CORPUS.search("aquarium");
    assert!(helped.query.applied.synonyms.iter().any(|synonym| synonym.to == "Fishbowl"), "{:?}", helped.query);
    assert_eq!(helped.hits[0].slug, "fishbowl");
    let plain = verbatim(&CORPUS, "aquarium", Verbatim { synonyms: true, ..Verbatim::default() });
    assert_eq!(plain.query.applied.synonyms, []);
    assert!(plain.hits.iter().all(|hit| hit.matched.iter().all(|found| found.how != How::Synonym)));

    // Word parts.
    let helped = CORPUS.search("spaziergang");
    assert!(slugs(&helped).contains(&"stadtspaziergang".to_owned()));
    let undo = Verbatim { parts: true, synonyms: true, relaxed: true, ..Verbatim::default() };
    let plain = verbatim(&CORPUS, "spaziergang", undo);
    assert!(plain.total < helped.total);
    assert!(plain.hits.iter().all(|hit| hit.matched.iter().all(|found| found.how != How::Part)), "{:?}", slugs(&plain));

    let helped = CORPUS.search("Kinderspielplatz");
    assert_eq!(helped.query.applied.parts[0].parts, ["kinder", "spiel", "platz"]);
    let plain = verbatim(&CORPUS, "Kinderspielplatz", Verbatim { parts: true, ..Verbatim::default() });
    assert_eq!(plain.query.applied.parts, []);
}

#[test]
fn a_rare_word_beside_a_frequent_one_is_asked_about() {
    let mut entries: Vec<PublicEntry> =
        (0..12).map(|number| idea(&format!("church-{number}"), &format!("Kirche {number}"))).collect();
    entries.push(idea("slip", "Kirhce"));
    let shelf = shelf(&entries);
    let response = shelf.search("kirhce");
    assert_eq!(response.hits[0].slug, "slip");
    assert_eq!(response.query.did_you_mean.as_deref(), Some("Kirche"));
    assert_eq!(response.query.applied.corrections, [], "it is a word of the entries");
    assert_eq!(shelf.search("kirche").query.did_you_mean, None);
    let corrected = shelf.search("kirxhe");
    assert_eq!(corrected.query.did_you_mean, None, "already corrected");
    assert_eq!(corrected.query.applied.corrections[0].to, "Kirche");
    let within = shelf.search("neuer kirhce bitte");
    assert_eq!(within.query.did_you_mean.as_deref(), Some("neuer Kirche bitte"), "the rest stays as typed");
    let within = shelf.search("kirhce -köln \"neue ideen\"");
    assert_eq!(within.query.did_you_mean.as_deref(), Some("Kirche -köln \"neue ideen\""), "operators, too");
}

#[test]
fn what_stands_in_quotes_is_meant_as_typed() {
    let shelf = shelf(&[idea("garden", "Garten am Fishbowl"), idea("other", "Brunnen")]);
    for q in ["\"gartrn\"", "titel:gartrn", "\"aquarium\"", "garten \"am aquarium\""] {
        let response = shelf.search(q);
        let applied = response.query.applied;
        assert_eq!((response.total, applied.corrections, applied.synonyms), (0, vec![], vec![]), "{q}");
    }
}

#[test]
fn at_most_three_words_are_corrected_and_none_that_is_known() {
    let shelf = shelf(&[idea("many", "Garten Brunnen Spielplatz Kirche Bahnhof Werkstatt")]);
    let response = shelf.search("gartrn brunnem spielplats kirhce bahnhif werkstadt");
    assert_eq!(response.query.applied.corrections.len(), 3, "{:?}", response.query.applied.corrections);
    assert_eq!(shelf.search("garten brunnen").query.applied.corrections, []);
    for (word, allowed) in [
        ("bru", false),
        ("brumnen", true),
        ("burnnen", true),
        ("brmnem", false),
        ("spilplazt", true),
        ("splplzt", false),
    ] {
        let corrected =
            !verbatim(&shelf, &format!("{word} x"), Verbatim::default()).query.applied.corrections.is_empty();
        assert_eq!(corrected, allowed, "{word}: one error from four letters on, two from eight");
    }
}
