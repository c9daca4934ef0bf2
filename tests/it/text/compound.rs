//! Compounds.

use super::parts;
use mitmachbox::text::compound::{Exceptions, build_lexicon};

const LEXICON_TSV: &str = include_str!("../../../index-data/language/lexicon.tsv");
const LEXICON_FST: &[u8] = include_bytes!("../../../index-data/language/lexicon.fst");

#[test]
fn the_committed_lexicon_is_built_from_its_table() {
    let built = build_lexicon(LEXICON_TSV).expect("the table is valid");
    assert!(
        built == LEXICON_FST,
        "run the lexicon build: {} bytes built, {} committed",
        built.len(),
        LEXICON_FST.len()
    );
}

#[test]
fn our_subject_is_cut_right() {
    let table = [
        "bürger|haushalt",
        "stadt|spaziergang",
        "los|verfahren",
        "zukunft(s)|werkstatt",
        "planung(s)|zelle",
        "planung|zelle",
        "mängel|melder",
        "bürger|beteiligung(s)|verfahren",
        "stadt|entwicklung(s)|konzept",
        "jugend|parlament",
        "ideen|wettbewerb",
        "bürger|begehren",
        "bürger|entscheid",
        "einwohner|antrag",
        "einwohner|frage|stunde",
        "beteiligung(s)|plattform",
        "konflikt|moderation",
        "verkehrs|versuch",
        "quartiers|rat",
        "kinder|parlament",
        "senioren|beirat",
        "integration(s)|rat",
        "haus|tür|gespräch",
        "wissens|markt|platz",
        "melde|register",
        "bürger|jury",
        "stadt|teil|fest",
        "bürger|panel",
        "erzähl|café",
        "ombuds|stelle",
        "ober|bürgermeister",
        "klima|anpassung(s)|konzept",
        "straßen|verkehrs|ordnung",
        "bürger|gutachten",
        "dorf|moderation",
        "transport|planung",
        "wohn|zimmer|gespräch",
        "kinder|tages|stätte",
        "rind|fleisch|etikettierungs|überwachung(s)|aufgaben|übertragung(s)|gesetz",
        "donau|dampf|schifffahrt(s)|gesellschaft(s)|kapitän",
        "los|verfahrens",
        "town|hall|meeting",
        "informations|freiheit(s)|gesetz",
        "gebärden|sprache",
        "umwelt|verträglichkeit(s)|prüfung",
        "sport|halle",
        "feuchte|schutz",
        "wahl|beteiligung",
        "nachbarschaft(s)|konflikt",
        "öffentlichkeit(s)|beteiligung",
        "schul|hof",
        "förder|programm",
        "öl|heizung",
        "oliven|öl",
        "glücks|falls",
    ];
    let mut wrong = Vec::new();
    for pattern in table {
        let word = pattern.replace(['|', '(', ')'], "");
        let mut expected = String::new();
        let mut in_link = false;
        for c in pattern.chars() {
            in_link = (in_link || c == '(') && c != ')';
            if !in_link && c != ')' {
                expected.push(c);
            }
        }
        if parts(&word) != expected {
            wrong.push((expected, parts(&word)));
        }
    }
    assert!(wrong.is_empty(), "expected and found: {wrong:#?}");
}

#[test]
fn simple_words_stay_whole() {
    let table = [
        "Haushalt",
        "Werkstatt",
        "Moderation",
        "Transport",
        "Beteiligung",
        "Verwaltung",
        "Petition",
        "Initiative",
        "Partizipation",
        "Mediation",
        "Wirtschaft",
        "Gesellschaft",
        "Landschaft",
        "Nachbarschaft",
        "Zeitung",
        "Sammlung",
        "Wohnung",
        "Lösung",
        "Kapitel",
        "Testament",
        "Abenteuer",
        "Diamant",
        "Orchester",
        "Elefant",
        "Terrorist",
        "Gastronomie",
        "Laborant",
        "Festival",
        "Protest",
        "Apparat",
        "Manifest",
        "Uniform",
        "Universum",
        "Turnier",
        "Kloster",
        "Register",
        "Semester",
        "Automat",
        "Parameter",
        "Plattform",
        "Buchstabe",
        "Vorteil",
        "Urteil",
        "Generation",
        "Innovation",
        "Kombination",
        "Konferenz",
        "Organisation",
        "Demokratie",
        "Minister",
        "Student",
        "Patient",
        "Agentur",
        "Charakter",
        "Spaziergang",
        "thematisch",
        "systematisch",
        "amerikanisch",
        "identisch",
        "bestellen",
        "unterstützen",
        "wiederholen",
        "verbrauchen",
        "gehören",
        "Gehälter",
        "Weihnachten",
        "Verbrauch",
        "Experiment",
        "Dokument",
        "Instrument",
        "Argument",
        "Temperatur",
        "Karriere",
        "Barriere",
        "Material",
        "Politiker",
        "Techniker",
        "Musiker",
        "Präsident",
        "Direktor",
        "Kommission",
        "Diskussion",
    ];
    let wrong: Vec<String> = table.iter().map(|word| parts(word)).filter(|parts| parts.contains('|')).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn exceptions_hold_inside_words_and_under_inflection() {
    let exceptions =
        Exceptions::parse("keep Haushalt  # whole\ncut bar|camp tag(es)|ordnung\n\n# nothing\n").expect("valid");
    assert!(exceptions.keeps("haushalt") && exceptions.keeps("haushaltes") && !exceptions.keeps("haus"));
    assert_eq!(exceptions.cut("barcamps"), Some(vec![0..3, 3..8]));
    assert_eq!(exceptions.cut("tagesordnung"), Some(vec![0..3, 5..12]));
    assert_eq!(exceptions.cut("camp"), None);
    assert_eq!(Exceptions::parse("keep a\ndrop b").expect_err("no such word").line, 2);
    assert_eq!(parts("Bürgerhaushalte"), "bürger|haushalte");
    assert_eq!(parts("Haushaltsplanung"), "haushalts|planung");
}

#[test]
fn the_lexicon_build_folds_merges_and_refuses() {
    let plain = build_lexicon("strasse\t10\t20\t30\n").expect("valid");
    assert_eq!(build_lexicon("# a comment\nStraße\t10\t0\t30\nstrasse\t15\t20\t5\n").expect("valid"), plain);
    for faulty in ["a", "a\t1\t2", "a\t1\t2\t3\t4", "a\t1\t2\t256", "\t1\t2\t3", "a\tx\t2\t3"] {
        let error = build_lexicon(&format!("b\t1\t1\t1\n{faulty}\n")).expect_err(faulty).to_string();
        assert!(error.contains("line 2"), "{error}");
    }
}
