//! Numbers with a unit: what is read in a query, what is offered for it, and that an offer keeps its word and never
//! stands in the way.

use mitmachbox::model::facet;
use mitmachbox::model::vocabulary::Language;
use mitmachbox::search::quantity::{Measure, Measure::*, quantities};

use mitmachbox::search::request::{SearchRequest, Verbatim};
use mitmachbox::search::response::{Hit, Offer};
use mitmachbox::text::Analyser;
use proptest::prelude::*;

use super::support::{CORPUS, idea, request, shelf, with_text};

fn read(text: &str) -> Vec<(Measure, String)> {
    let words = Analyser::bundled().analyse(text);
    quantities(text, &words).into_iter().map(|it| (it.measure, text[it.span].to_owned())).collect()
}

#[test]
fn quantities_are_read_with_the_words_that_belong_to_them() {
    let table: &[(&str, &[(Measure, &str)])] = &[
        // People.
        ("format für 200 Leute", &[(People(200), "für 200 Leute")]),
        ("200 leute", &[(People(200), "200 leute")]),
        ("20 Personen planung", &[(People(20), "20 Personen")]),
        ("ca. 30 Teilnehmende", &[(People(30), "ca. 30 Teilnehmende")]),
        ("etwa 30 Teilnehmer*innen online", &[(People(30), "etwa 30 Teilnehmer*innen")]),
        ("mit 500 Bürger:innen reden", &[(People(500), "mit 500 Bürger:innen")]),
        ("100 Bürgerinnen und Bürger auslosen", &[(People(100), "100 Bürgerinnen und Bürger")]),
        ("zwölf Gäste", &[(People(12), "zwölf Gäste")]),
        ("fuenfzig Menschen", &[(People(50), "fuenfzig Menschen")]),
        ("zweihundert Leute", &[(People(200), "zweihundert Leute")]),
        ("fünfundzwanzig Köpfe", &[(People(25), "fünfundzwanzig Köpfe")]),
        ("tausend Menschen", &[(People(1_000), "tausend Menschen")]),
        ("5.000 Leute", &[(People(5_000), "5.000 Leute")]),
        ("5000 Leute", &[(People(5_000), "5000 Leute")]),
        ("5 000 Leute", &[(People(5_000), "5 000 Leute")]),
        ("20-30 Leute", &[(People(25), "20-30 Leute")]),
        ("20 – 30 Leute", &[(People(25), "20 – 30 Leute")]),
        ("20 bis 30 Leute", &[(People(25), "20 bis 30 Leute")]),
        ("zwischen 20 und 40 Leuten", &[(People(30), "zwischen 20 und 40 Leuten")]),
        ("mehr als 100 Personen", &[(People(100), "mehr als 100 Personen")]),
        ("nicht mehr als 10 Personen", &[(People(10), "nicht mehr als 10 Personen")]),
        ("bis zu 15 Personen.", &[(People(15), "bis zu 15 Personen.")]),
        ("spiel für 30 Kinder", &[(People(30), "für 30")]),
        ("1 Person", &[(People(1), "1 Person")]),
        // Time.
        ("workshop ein Tag", &[(Minutes(480), "ein Tag")]),
        ("an einem Tag", &[(Minutes(480), "an einem Tag")]),
        ("in einem Tag machbar", &[(Minutes(480), "in einem Tag")]),
        ("halber Tag", &[(Minutes(240), "halber Tag")]),
        ("einen halben Tag", &[(Minutes(240), "einen halben Tag")]),
        ("höchstens 2 Stunden", &[(Minutes(120), "höchstens 2 Stunden")]),
        ("90min", &[(Minutes(90), "90min")]),
        ("45 Minuten methode", &[(Minutes(45), "45 Minuten")]),
        ("anderthalb Stunden", &[(Minutes(90), "anderthalb Stunden")]),
        ("2,5 Stunden", &[(Minutes(150), "2,5 Stunden")]),
        ("2-3 Tage", &[(Minutes(1_440), "2-3 Tage")]),
        ("ein Wochenende", &[(Minutes(960), "ein Wochenende")]),
        ("ein Abend mit nachbarn", &[(Minutes(180), "ein Abend")]),
        ("drei Wochen", &[(Minutes(7_200), "drei Wochen")]),
        ("eintägige Werkstatt", &[(Minutes(480), "eintägige")]),
        ("halbtägig", &[(Minutes(240), "halbtägig")]),
        ("2-tägig", &[(Minutes(960), "2-tägig")]),
        // Time to prepare.
        ("in zwei Wochen", &[(LeadWeeks(2), "in zwei Wochen")]),
        ("befragung in 3 Monaten", &[(LeadWeeks(13), "in 3 Monaten")]),
        ("innerhalb von 10 Tagen", &[(LeadWeeks(1), "innerhalb von 10 Tagen")]),
        ("4 Wochen Vorlauf", &[(LeadWeeks(4), "4 Wochen Vorlauf")]),
        ("Vorbereitung: 6 Wochen", &[(LeadWeeks(6), "Vorbereitung: 6 Wochen")]),
        ("in einem halben Jahr", &[(LeadWeeks(26), "in einem halben Jahr")]),
        ("etwas sofort", &[(LeadWeeks(0), "sofort")]),
        // Cost.
        ("unter 5.000 Euro", &[(Euros(5_000), "unter 5.000 Euro")]),
        ("für 500€", &[(Euros(500), "für 500€")]),
        ("500 € umfrage", &[(Euros(500), "500 €")]),
        ("€ 500 umfrage", &[(Euros(500), "€ 500")]),
        ("bis 2000 EUR", &[(Euros(2_000), "bis 2000 EUR")]),
        ("maximal 5 tausend Euro", &[(Euros(5_000), "maximal 5 tausend Euro")]),
        ("50 Tsd. Euro", &[(Euros(50_000), "50 Tsd. Euro")]),
        ("budget 5k", &[(Euros(5_000), "budget 5k")]),
        ("zehntausend Euro", &[(Euros(10_000), "zehntausend Euro")]),
        ("1.000 bis 3.000 Euro", &[(Euros(3_000), "1.000 bis 3.000 Euro")]),
        ("umfrage kostenlos", &[(Euros(0), "kostenlos")]),
        ("kostenlose umfrage", &[(Euros(0), "kostenlose")]),
        ("umsonst", &[(Euros(0), "umsonst")]),
        ("gratis", &[(Euros(0), "gratis")]),
        ("ideen ohne Budget", &[(Euros(0), "ohne Budget")]),
        // Several.
        ("200 leute ein tag", &[(People(200), "200 leute"), (Minutes(480), "ein tag")]),
        ("20 Leute, 2 Stunden, 500 €", &[(People(20), "20 Leute"), (Minutes(120), "2 Stunden"), (Euros(500), "500 €")]),
        ("tausend € 1.000", &[(Euros(1_000), "tausend €")]),
        ("500 € 20 Leute", &[(Euros(500), "500 €"), (People(20), "20 Leute")]),
    ];
    for (text, expected) in table {
        let expected: Vec<(Measure, String)> = expected.iter().map(|(it, span)| (*it, (*span).to_owned())).collect();
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn what_only_looks_like_a_quantity_is_text() {
    for text in [
        "",
        "???",
        "200",
        "leute",
        "ein Bürger",
        "eine Person",
        "zwei Kinder",
        "6-3-5",
        "6-3-5 Methode",
        "1-2-4-All",
        "§ 3 Tage",
        "§ 25 VwVfG",
        "VDI 7001",
        "21st century",
        "3. Tag",
        "16 Jahre",
        "ab 16 Jahren",
        "Tag der Nachbarn",
        "Tagesordnung",
        "20-Personen-Workshop",
        "Stadt-20 Leute",
        "Agenda 2030",
        "der Abend",
        "am Wochenende",
        "Kosten",
        "Bürgerbudget",
        "ab 5.000 Euro",
        "über zwei Tage",
        "kostenloses-x",
        "99999999999 Leute",
        "0 Leute",
        "30-20",
        "undundund Leute",
        "tausendtausendtausend",
        "Hundertwasser",
    ] {
        assert_eq!(read(text), [], "{text}");
    }
}

/// Queries with a quantity on the shipped entries: the entry meant, and within how many places from the top.
const MEANT: &[(&str, &str, usize)] = &[
    ("workshop ein tag", "workshop", 1),
    ("online umfrage kostenlos", "online-umfrage", 1),
    ("bürgerrat 30 personen", "buergerrat", 1),
    ("buergerrat sofort", "buergerrat", 1),
    ("ideen sammeln mit 20 Personen in 2 Stunden", "brainstorming", 5),
    ("befragung unter 5.000 Euro", "aktivierende-befragung", 3),
    ("zukunftswerkstatt ein wochenende", "zukunftswerkstatt", 1),
    ("diskussion halber tag", "podiumsdiskussion", 1),
    ("großgruppe 500 menschen", "zukunftskonferenz", 5),
    ("planspiel für 30 Kinder", "planspiel", 1),
    // Names that begin with "Dialog" stand first.
    ("dialog mit 100 Bürgerinnen und Bürgern", "buergerdialog", 10),
    ("konflikt nachbarn bis 15 Leute", "mediation", 3),
    ("world café 50-80 Teilnehmende", "world-cafe", 1),
    ("spielplatz 500 €", "spielplatz-bauwerkstatt", 3),
    ("einen abend mit nachbarn reden", "buergercafe", 5),
    ("fishbowl 40 leute 1 stunde", "fishbowl", 1),
    ("open space für 300 Menschen", "open-space", 1),
    ("jugendparlament 25 Jugendliche", "jugendparlament", 1),
    ("mediation höchstens 2.000 Euro", "mediation", 1),
    ("stadtspaziergang 2 Stunden gratis", "stadtspaziergang", 1),
    ("runder tisch 12 personen halbtägig", "runder-tisch", 1),
];

#[test]
fn quantities_do_not_stand_in_the_way_of_what_is_meant() {
    let mut wrong = Vec::new();
    for (query, slug, within) in MEANT {
        let found = CORPUS.slugs(query);
        let place = found.iter().position(|found| found == slug).map(|place| place + 1);
        if place.is_none_or(|place| place > *within) {
            let first: Vec<&String> = found.iter().take(5).collect();
            wrong.push(format!("{query:?}: {slug} at {place:?}, wanted within {within}; first are {first:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), MEANT.len(), wrong.join("\n"));
}

/// The request that taking an offer makes.
fn taken(request: &SearchRequest, offer: &Offer) -> SearchRequest {
    let mut request = SearchRequest { q: offer.q.clone(), ..request.clone() };
    for (name, values) in &offer.filters {
        let (_, facet) = facet::facet(name).expect("an offer names a parameter of the search");
        request.filters.terms.insert(facet.parameter, values.clone());
    }
    request
}

#[test]
fn an_offer_leaves_as_many_hits_as_it_says_and_nothing_is_applied_before() {
    let plain = MEANT.iter().map(|(query, ..)| *query);
    let others = [
        "format für 200 leute",
        "für 200 leute",
        "200 leute ein tag",
        "kostenlos",
        "-online 200 leute",
        "\"runder tisch\" 20 leute",
        "titel:rat 30 leute",
        "planungsz 20 leute",
        "werkstatt 20 leute oder 300 leute",
        "welt 20 leute cafe",
        "haushalt haushalt 50 personen",
    ];
    for query in plain.chain(others) {
        for filters in [&[][..], &[("participants", "60")], &[("cost_max", "k0"), ("kind", "format")]] {
            let mut asked = request(query);
            asked.per_page = 1;
            for (name, value) in filters {
                asked.filters.terms.insert(name, vec![(*value).to_owned()]);
            }
            let response = CORPUS.run(&asked);
            let offers = &response.query.offers;
            assert!(!offers.is_empty() || !filters.is_empty(), "{query}: nothing is offered");
            for offer in offers {
                let result = CORPUS.run(&taken(&asked, offer));
                assert_eq!(result.total, offer.count, "{query} {filters:?}: {offer:?}");
                assert!(!offer.q.contains(offer.words[0].as_str()), "{query}: {:?}", offer.q);
            }
            let rest = SearchRequest { q: offers.first().map_or_else(String::new, |it| it.q.clone()), ..asked.clone() };
            if offers.len() == 1 && !response.query.applied.optional.is_empty() {
                let rest = CORPUS.run(&rest);
                assert_eq!((rest.total, rest.total_strict), (response.total, response.total_strict), "{query}");
            }
        }
    }
}

#[test]
fn an_offer_says_what_its_filter_does() {
    for (query, filter, label, rest) in [
        ("format für 200 leute", "participants=200", "Für etwa 200 Menschen", "format"),
        ("rat 1.500 menschen", "participants=1500", "Für etwa 1.500 Menschen", "rat"),
        ("rat 20-30 leute", "participants=25", "Für etwa 25 Menschen", "rat"),
        ("spiel für 30 kinder", "participants=30", "Für etwa 30 Menschen", "spiel kinder"),
        ("rat unter 5.000 Euro", "cost_max=k1", "Unter 5.000 Euro", "rat"),
        ("rat bis 5000 €", "cost_max=k1", "Unter 5.000 Euro", "rat"),
        ("rat bis 3000 €", "cost_max=k1", "Unter 5.000 Euro", "rat"),
        ("rat 7k", "cost_max=k2", "Unter 10.000 Euro", "rat"),
        ("umfrage kostenlos", "cost_max=k0", "Unter 1.000 Euro", "umfrage"),
        ("rat 90 minuten", "duration_max=bis_2h", "Bis zu 2 Stunden", "rat"),
        ("rat halber tag", "duration_max=halbtag", "Bis zu einem halben Tag", "rat"),
        ("rat an einem tag", "duration_max=tag", "Bis zu einem Tag", "rat"),
        ("rat zwei tage", "duration_max=mehrere_tage", "Bis zu einer Woche", "rat"),
        ("rat drei wochen", "duration_max=wochen", "Bis zu 4 Wochen", "rat"),
        ("rat 2 monate", "duration_max=monate", "Bis zu einem Jahr", "rat"),
        ("rat in zwei wochen", "lead_time_max=bis_2_wochen", "Mit Vorbereitung bis zu 2 Wochen", "rat"),
        ("rat in zwei monaten", "lead_time_max=bis_2_monate", "Mit Vorbereitung bis zu 2 Monaten", "rat"),
        ("rat in einem halben jahr", "lead_time_max=bis_6_monate", "Mit Vorbereitung bis zu 6 Monaten", "rat"),
    ] {
        let response = CORPUS.search(query);
        let [offer] = response.query.offers.as_slice() else { panic!("{query}: {:?}", response.query.offers) };
        let filters: Vec<String> =
            offer.filters.iter().map(|(name, values)| format!("{name}={}", values.join(","))).collect();
        assert_eq!(
            (filters.join("&").as_str(), offer.label.as_str(), offer.q.as_str()),
            (filter, label, rest),
            "{query}"
        );
        assert_eq!(response.query.applied.optional, offer.words, "{query}");
    }
    let english = SearchRequest { language: Language::English, ..request("rat 1.500 menschen an einem tag") };
    let labels: Vec<String> = CORPUS.run(&english).query.offers.into_iter().map(|offer| offer.label).collect();
    assert_eq!(labels, ["For about 1,500 people", "Up to a day", "For about 1,500 people, up to a day"]);
}

#[test]
fn nothing_is_offered_where_nothing_could_be_filtered() {
    for query in ["rat 6-3-5", "rat zwei jahre", "rat 90.000 Euro", "bürgerrat", "200", "\"200 leute\" rat"] {
        assert_eq!(CORPUS.search(query).query.offers, [], "{query}");
    }
    // Entries that state no sizes: the words stay words.
    let shelf = shelf(&[with_text("a", "Rat", "Ein Rat für 200 Leute.", ""), idea("b", "Rat")]);
    let response = shelf.search("rat 200 leute");
    assert_eq!((response.query.offers.as_slice(), response.total_strict), ([].as_slice(), 1));
    // A filter that is set already is not offered again, and its words are still no demand.
    let mut asked = request("bürgerrat 30 personen");
    asked.filters.terms.insert("participants", vec!["30".into()]);
    let response = CORPUS.run(&asked);
    assert_eq!((response.query.offers.as_slice(), response.query.applied.optional.len()), ([].as_slice(), 1));
}

#[test]
fn whoever_asks_for_all_words_gets_all_words() {
    let verbatim = Verbatim { relaxed: true, ..Verbatim::default() };
    let asked = SearchRequest { verbatim, ..request("workshop ein tag") };
    let (all, helped) = (CORPUS.run(&asked), CORPUS.search("workshop ein tag"));
    assert_eq!(all.query.offers, []);
    assert!(all.total < helped.total, "{} of {}", all.total, helped.total);
}

#[test]
fn words_of_quantities_are_still_evidence() {
    let tied = CORPUS.search("workshop ein tag");
    let said = |hit: &Hit| hit.matched.iter().any(|found| found.word == "tag");
    assert!(tied.hits.iter().any(said), "no hit says that it has the word");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic_and_spans_are_in_order(
        text in "((ca\\.|bis|für|in|€|zwischen|und|-|§|ein|halber|5 000|1\\.000|20|2,5|k|tausend|Tsd\\.|Leute|Bürger:innen|Tage?|Wochen|Euro|sofort|ohne|Budget|ß|🎉)[ -]?){0,12}|\\PC{0,60}"
    ) {
        let words = Analyser::bundled().analyse(&text);
        let mut end = 0;
        for found in quantities(&text, &words) {
            prop_assert!(found.span.start >= end && found.span.end > found.span.start, "{:?} in {text:?}", found);
            prop_assert!(text.get(found.span.clone()).is_some(), "{:?} in {text:?}", found);
            end = found.span.end;
        }
    }
}
