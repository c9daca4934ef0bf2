//! Synonyms.

use mitmachbox::text::{Analyser, SynonymSet};

fn expand<'s>(set: &'s SynonymSet, query: &str) -> Vec<(&'s str, f32)> {
    set.expand(&Analyser::bundled().analyse(query)).into_iter().map(|synonym| (synonym.text, synonym.weight)).collect()
}

fn leads(query: &str, synonym: &str) -> bool {
    expand(SynonymSet::bundled(), query).iter().any(|(text, _)| *text == synonym)
}

#[test]
fn what_means_the_same_is_found() {
    let table = [
        ("losen", "Zufallsauswahl"),
        ("ausgeloste", "Losverfahren"),
        ("losverfahren", "Bürgerrat"),
        ("Zufallsprinzip", "auslosen"),
        ("Bürgergutachten", "Planungszelle"),
        ("planungzelle", "Bürgergutachten"),
        ("Planungs-Zelle", "Bürgergutachten"),
        ("citizens assembly", "Bürgerrat"),
        ("citizens' assemblies", "Bürgerrat"),
        ("Bürger:innenrat", "Citizens' Assembly"),
        ("participatory budgeting", "Bürgerhaushalt"),
        ("beteiligungshaushalt", "Bürgerhaushalt"),
        ("Bürger*innenhaushalte", "Participatory Budgeting"),
        ("buergerhaushalt", "Beteiligungshaushalt"),
        ("aquarium", "Fishbowl"),
        ("Fish Bowl", "Aquarium"),
        ("online", "digital"),
        ("Präsenz", "vor Ort"),
        ("vor ort", "analog"),
        ("junge Menschen", "Jugendliche"),
        ("jugendlichen", "junge Menschen"),
        ("rad", "Fahrrad"),
        ("Flyern", "Infomaterial"),
        ("leute", "Personen"),
        ("200 menschen", "Leute"),
        ("Bürger", "Einwohner"),
        ("weltcafé", "World Café"),
        ("world-cafe", "Weltcafé"),
        ("worldcafe", "Weltkaffee"),
        ("welt cafe", "World Café"),
        ("runde tische", "Round Table"),
        ("635 methode", "Brainwriting"),
        ("6-3-5-Methode", "Brainwriting"),
        ("rathausgespräche", "Townhall"),
        ("town hall", "Rathausgespräch"),
        ("konflikt nachbarn", "Mediation"),
        ("§ 3", "Paragraph"),
    ];
    for (query, synonym) in table {
        assert!(leads(query, synonym), "{query} → {synonym}: {:?}", expand(SynonymSet::bundled(), query));
    }
}

#[test]
fn traps_stay_apart() {
    let table = [
        ("Bürgerbegehren", "Bürgerentscheid"),
        ("Bürgerentscheid", "Bürgerbegehren"),
        ("Bürgerhaushalt", "Bürgerbudget"),
        ("Bürgerbudget", "Bürgerhaushalt"),
        ("Einwohnerantrag", "Einwohnerfragestunde"),
        ("Einwohnerfragestunde", "Einwohnerantrag"),
        ("Konsensuskonferenz", "Bürgerkonferenz"),
        ("Bürgerrat", "Losverfahren"),
        ("Beteiligungsmobil", "Mobilität"),
        ("Einwohnerantrag", "Bürgerantrag"),
        ("Bürgerhaushalt", "Einwohner"),
    ];
    for (query, synonym) in table {
        assert!(!leads(query, synonym), "{query} → {synonym}");
    }
}

#[test]
fn weak_relations_weigh_less() {
    let weight = |query: &str, synonym: &str| {
        expand(SynonymSet::bundled(), query).into_iter().find(|(text, _)| *text == synonym).map(|(_, weight)| weight)
    };
    assert!(weight("Bürger", "Einwohner") < weight("Bürgergutachten", "Planungszelle"));
    assert!(weight("losen", "Bürgerrat") < weight("losen", "Zufallsauswahl"));
}

#[test]
fn the_synonym_names_the_words_it_stands_for() {
    let analyser = Analyser::bundled();
    let set = SynonymSet::parse("[[rule]]\nfrom = ['junge Menschen']\nto = ['Jugendliche']\nweight = 0.3", analyser)
        .expect("valid");
    let words = analyser.analyse("viele junge Menschen hier");
    let found = set.expand(&words);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].words.clone(), found[0].text, found[0].weight), (1..3, "Jugendliche", 0.3));
    assert_eq!(found[0].target[0].stem, analyser.analyse("Jugendliche")[0].stem);
    assert!(expand(&set, "Jugendliche").is_empty(), "one way only");
}

#[test]
fn faulty_lists_are_refused() {
    let table = [
        "nonsense",
        "[[rule]]",
        "[[rule]]\nboth = ['a']",
        "[[rule]]\nfrom = ['a']",
        "[[rule]]\nboth = ['a', '...']",
        "[[rule]]\nboth = ['a', 'b']\nweight = 0.0",
        "[[rule]]\nboth = ['a', 'b']\nweight = 2.0",
        "[[rule]]\nboth = ['a', 'b']\ncolour = 'red'",
        "[[rule]]\nboth = ['a', 'b c d e f g h']",
    ];
    for list in table {
        let error = SynonymSet::parse(list, Analyser::bundled()).expect_err(list).to_string();
        assert!(error.starts_with("synonyms"), "{error}");
    }
}
