//! Words, their forms, numbers and signs.

use super::{folded, only, terms};
use mitmachbox::text::{Analyser, Form};

#[test]
fn umlauts_and_their_spellings_are_one() {
    let table = [
        &["Bürger", "Buerger", "Burger", "BÜRGER", "Bu\u{308}rger", "Bür\u{ad}ger", "bürger\u{200b}"][..],
        &["Café", "Cafe", "CAFÉ", "Cafe\u{301}"],
        &["Straße", "Strasse", "STRASSE", "STRAẞE"],
        &["öffentlich", "oeffentlich", "offentlich"],
        &["Mängel", "Maengel", "Mangel"],
        &["nordwärts", "nordwaerts"],
    ];
    for row in table {
        for spelling in row {
            assert_eq!(only(spelling).folded, only(row[0]).folded, "{spelling} and {}", row[0]);
        }
    }
    for (left, right) in [("neue", "nue"), ("Quelle", "Qulle"), ("Bauer", "Baur"), ("Treue", "Tru")] {
        assert_ne!(only(left).folded, only(right).folded);
    }
}

#[test]
fn the_exact_form_keeps_what_was_written() {
    for (word, exact) in [
        ("Bürger*innen", "bürgerinnen"),
        ("Buerger", "buerger"),
        ("CAFÉ", "café"),
        ("Stra\u{ad}ße", "straße"),
        ("schön", "schön"),
    ] {
        assert_eq!(only(word).exact, exact);
    }
}

#[test]
fn hyphen_slash_and_dot_split_and_join() {
    let table = [
        ("World-Café", "world [worldcafe] cafe"),
        ("World Café", "world cafe"),
        ("Worldcafé", "worldcafe"),
        ("Open-Space-Konferenz", "open [openspacekonferenz] space konferenz"),
        ("Kinder/Jugendliche", "kinder [kinderjugendliche] jugendliche"),
        ("DIPAS.org", "dipas [dipasorg] org"),
        ("Ende.Anfang", "ende anfang"),
        ("snake_case", "snake case"),
        ("Town Meeting®", "town meeting"),
        ("Polling®-Tag", "polling [pollingtag] tag"),
        ("Kinder- und Jugendrat", "kinder und jugendrat"),
        ("a–b", "a b"),
        ("Jane's Walk", "janes walk"),
        ("ﬁnden", "finden"),
    ];
    for (text, expected) in table {
        assert_eq!(folded(text), expected, "{text}");
    }
}

#[test]
fn numbers_and_signs_keep_their_meaning() {
    let table = [
        ("6-3-5", "6 [635] 3 5"),
        ("6-3-5-Methode", "6 [635methode] [635] 3 5 methode"),
        ("1-2-4-All", "1 [124all] [124] 2 4 all"),
        ("635", "635"),
        ("21st Century", "21st century"),
        ("§ 3 BauGB", "§ [§3] 3 baugb"),
        ("§3 BauGB", "§ [§3] 3 baugb"),
        ("§\u{a0}25 VwVfG", "§ [§25] 25 vwvfg"),
        ("§§ 3 und 4", "§ [§3] 3 und 4"),
        ("20.000 Personen", "20000 personen"),
        ("1.250.000", "1250000"),
        ("2,5 Stunden", "2,5 stunden"),
        ("20-30 Personen", "20 30 personen"),
        ("8.9.2020", "8 [892020] 9 2020"),
        ("VDI 7001", "vdi 7001"),
        ("pol.is", "pol [polis] is"),
    ];
    for (text, expected) in table {
        assert_eq!(folded(text), expected, "{text}");
    }
}

#[test]
fn a_joined_word_spans_all_and_shares_the_first_position() {
    let text = "Das World-Café heute";
    let words = Analyser::bundled().analyse(text);
    let joined = words.iter().find(|word| word.form == Form::Joined).expect("a joined word");
    assert_eq!(&text[joined.span.clone()], "World-Café");
    assert_eq!(joined.position, 1);
    assert_eq!(words.iter().map(|word| word.position).collect::<Vec<_>>(), [0, 1, 1, 2, 3]);
}

#[test]
fn joined_hyphenated_and_spaced_spellings_find_each_other() {
    let table = [
        ("Worldcafé", "World-Café"),
        ("World Café", "World-Café"),
        ("openspace", "Open-Space"),
        ("Open Space", "Open-Space"),
        ("townhall", "Town-Hall"),
        ("barcamp", "Bar Camp"),
        ("fishbowl", "Fish-Bowl"),
        ("Planungszelle", "Planungs-Zelle"),
        ("Onlinebeteiligung", "Online-Beteiligung"),
        ("Zukunftswerkstatt", "Zukunfts-Werkstatt"),
        ("635", "6-3-5"),
    ];
    for (query, document) in table {
        let document = terms(document);
        let words = Analyser::bundled().analyse(query);
        let found = words.iter().filter(|word| word.form == Form::Simple).all(|word| {
            document.contains(&word.stem)
                || (!word.parts.is_empty() && word.parts.iter().all(|part| document.contains(&part.stem.to_string())))
        });
        assert!(found, "{query} in {document:?}");
    }
}

#[test]
fn a_long_chain_is_no_word() {
    let chain = vec!["a"; 40].join("-");
    let words = Analyser::bundled().analyse(&chain);
    assert_eq!(words.len(), 40);
    assert!(words.iter().all(|word| word.form == Form::Simple));
}

#[test]
fn stop_words_weigh_less_and_stay() {
    for (word, light) in
        [("und", true), ("für", true), ("fuer", true), ("DER", true), ("§", true), ("Stadt", false), ("Kind", false)]
    {
        let weight = only(word).weight;
        assert_eq!(weight < 1.0, light, "{word}: {weight}");
        assert!(weight > 0.0);
    }
}

#[test]
fn other_scripts_are_cut_by_the_standard() {
    assert_eq!(folded("市民参加"), "市 民 参 加");
    assert_eq!(folded("Привет мир"), "привет мир");
    assert_eq!(folded("Bürger市民"), "burger 市 民");
    assert_eq!(folded("🙂 👍🏽"), "");
}

#[test]
fn a_term_has_at_most_eighty_bytes() {
    let long = "straße".repeat(100);
    let word = only(&long);
    assert_eq!(word.span, 0..long.len());
    for form in [&word.exact, &word.folded, &word.stem] {
        assert!((1..=80).contains(&form.len()), "{form}");
    }
}

#[test]
fn fold_gives_the_search_form_of_a_word() {
    for (word, expected) in
        [("Bürger:innenrat", "burgerrat"), ("World-Café", "worldcafe"), ("  Straße!", "strasse"), ("", ""), ("...", "")]
    {
        assert_eq!(Analyser::bundled().fold(word), expected);
    }
}

#[test]
fn the_fingerprint_changes_with_the_data() {
    use mitmachbox::text::LanguageData;
    let bundled = Analyser::bundled().fingerprint();
    assert_eq!(bundled.len(), 64);
    let mut data = LanguageData::bundled();
    assert_eq!(Analyser::new(&data).expect("bundled data").fingerprint(), bundled);
    data.stopwords = "und".into();
    assert_ne!(Analyser::new(&data).expect("fewer stop words").fingerprint(), bundled);
}
