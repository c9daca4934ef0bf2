//! Queries that citizens and staff type, with the entry they mean, on the shipped entries.

use super::support::CORPUS;

/// Query, places from the top within which it must be, slug.
const GOLD: &[(&str, usize, &str)] = &[
    // One word, two words, a hyphen; accents.
    ("worldcafe", 1, "world-cafe"),
    ("welt cafe", 1, "world-cafe"),
    ("Weltcafe", 1, "world-cafe"),
    ("World-Café", 1, "world-cafe"),
    ("online world cafe", 1, "online-world-cafe"),
    ("openspace", 1, "open-space"),
    ("open space konferenz", 1, "open-space"),
    ("Open-Space", 1, "open-space"),
    ("barcamp", 1, "barcamp"),
    ("bar camp", 1, "barcamp"),
    ("townhall", 1, "townhall"),
    ("town hall meeting", 1, "townhall"),
    ("town hall", 1, "townhall"),
    ("21st century", 1, "town-meeting-21"),
    // A linking s left out.
    ("planungzelle", 1, "planungszelle"),
    ("zukunftwerkstatt", 1, "zukunftswerkstatt"),
    // Gender forms, typing errors, another language.
    ("bürgerrat", 1, "buergerrat"),
    ("bürgerinnenrat", 1, "buergerrat"),
    ("Bürger:innenrat", 1, "buergerrat"),
    ("Bürger*innenrat", 1, "buergerrat"),
    ("BürgerInnenrat", 1, "buergerrat"),
    ("buergerinenrat", 1, "buergerrat"),
    ("citizens assembly", 1, "buergerrat"),
    ("Bürger:innenversammlung", 1, "buergerversammlung"),
    ("Bürger:innenhaushalt", 1, "buergerhaushalt"),
    // Drawing lots.
    ("losverfahren", 3, "melderegister-los"),
    ("auslosen", 3, "melderegister-los"),
    ("zufallsprinzip", 10, "melderegister-los"),
    ("losverfahren", 10, "planungszelle"),
    ("zufallsprinzip", 10, "planungszelle"),
    // Budgets.
    ("buergerhaushalt", 1, "buergerhaushalt"),
    ("participatory budgeting", 1, "buergerhaushalt"),
    ("beteiligungshaushalt", 1, "buergerhaushalt"),
    ("Haushalt", 3, "buergerhaushalt"),
    // Numbers, signs.
    ("6-3-5", 1, "methode-635"),
    ("635 methode", 1, "methode-635"),
    ("methode 635", 1, "methode-635"),
    ("1-2-4-all", 1, "eins-zwei-vier-alle"),
    ("§ 25 vwvfg", 1, "fruehe-oeffentlichkeit"),
    ("VDI 7001", 1, "vdi-7001"),
    // Another word for it.
    ("aquarium", 1, "fishbowl"),
    ("mängelmelder", 1, "maengelmelder"),
    ("maengelmelder", 1, "maengelmelder"),
    ("haustürgespräche", 1, "haustuergespraech"),
    ("runde tische", 1, "runder-tisch"),
    ("ideenkasten", 1, "ideenkasten"),
    // Related things that are not the same.
    ("bürgerbegehren", 1, "buergerbegehren"),
    ("bürgerbegehren", 10, "buergerentscheid"),
    ("bürgerentscheid", 1, "buergerentscheid"),
    ("einwohnerantrag", 1, "einwohnerantrag"),
    ("einwohnerfragestunde", 1, "einwohnerfragestunde"),
    ("bebauungsplan auslegung", 1, "oeffentliche-auslegung"),
    // What somebody has in mind.
    ("kinder beteiligen spielplatz", 3, "spielplatz-bauwerkstatt"),
    ("jugend", 10, "jugendparlament"),
    ("jugend", 10, "jugendforum"),
    ("jugend", 10, "jugendbudget"),
    ("konflikt nachbarn", 3, "mediation"),
    ("konflikt nachbarn", 10, "runder-tisch"),
    ("spaziergang", 1, "stadtspaziergang"),
    ("spaziergang", 12, "ortsbegehung"),
    ("werkstatt", 10, "zukunftswerkstatt"),
    ("werkstatt", 10, "ideenwerkstatt"),
    ("werkstatt", 10, "planungswerkstatt"),
    ("leichte sprache", 20, "leitfaden-inklusive-beteiligung-muenster"),
    ("gebärdensprache", 20, "leitfaden-inklusive-beteiligung-muenster"),
    ("ideen für meinen stadtteil", 10, "verfuegungsfonds"),
    // Cases.
    ("nordwärts", 1, "dortmund-nordwaerts"),
    ("nordwaerts", 1, "dortmund-nordwaerts"),
    ("dipas", 1, "hamburg-dipas"),
    ("consul", 10, "beteiligungsplattform"),
    ("seilbahn wuppertal", 1, "wuppertal-seilbahn"),
];

#[test]
fn gold_queries_find_what_is_meant() {
    let mut wrong = Vec::new();
    for (query, within, slug) in GOLD {
        let found = CORPUS.slugs(query);
        let place = found.iter().position(|found| found == slug).map(|place| place + 1);
        if place.is_none_or(|place| place > *within) {
            let first: Vec<&String> = found.iter().take(5).collect();
            wrong.push(format!("{query:?}: {slug} at {place:?}, wanted within {within}; first are {first:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), GOLD.len(), wrong.join("\n"));
}

#[test]
fn what_was_corrected_is_said() {
    for (typed, meant) in
        [("buergerinenrat", "Bürgerrat"), ("wuppertall seilbahn", "Wuppertal"), ("spaziehrgang", "Spaziergang")]
    {
        let response = CORPUS.search(typed);
        let corrections: Vec<&str> =
            response.query.applied.corrections.iter().map(|correction| correction.to.as_str()).collect();
        assert_eq!(corrections, [meant], "{typed}");
    }
    for right in ["bürgerrat", "Bürger:innenrat", "worldcafe", "planungszelle", "townhall"] {
        assert_eq!(CORPUS.search(right).query.applied.corrections, [], "{right}");
    }
}
