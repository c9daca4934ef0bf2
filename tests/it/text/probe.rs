//! Pairs of a query and a document that must meet: the acceptance criteria of the subject.

use std::collections::HashSet;

use mitmachbox::text::{Analyser, Form, grams};

/// Whether every word of the query is in the document by form, stem or parts.
fn matches(query: &str, document: &str) -> bool {
    let document = Analyser::bundled().analyse(document);
    let terms: HashSet<&str> =
        document.iter().flat_map(|word| word.parts.iter().map(|part| &*part.stem).chain([&*word.stem])).collect();
    let query = Analyser::bundled().analyse(query);
    query.iter().filter(|word| word.form == Form::Simple && word.weight >= 1.0 && !word.repeated).all(|word| {
        terms.contains(&*word.stem)
            || (!word.parts.is_empty() && word.parts.iter().all(|part| terms.contains(&*part.stem)))
    })
}

/// Share of the query's 4-grams that occur in the document.
fn gram_overlap(query: &str, document: &str) -> f32 {
    let collect = |text: &str| {
        let mut found = HashSet::new();
        for word in Analyser::bundled().analyse(text) {
            grams(&word.folded, &mut |gram| {
                found.insert(gram.to_owned());
            });
        }
        found
    };
    let (query, document) = (collect(query), collect(document));
    query.intersection(&document).count() as f32 / query.len() as f32
}

#[test]
fn word_field() {
    let table = [
        ("worldcafe", "World Café"),
        ("world cafe", "Worldcafé"),
        ("planungzelle", "Planungszelle"),
        ("zukunftwerkstatt", "Zukunftswerkstatt"),
        ("bürgerinnenrat", "Bürgerrat"),
        ("buergerinenrat", "Bürgerrat"),
        ("Bürger:innenrat", "Der Bürgerrat"),
        ("Bürger*innen", "Bürgerinnen und Bürger"),
        ("losverfahren", "Das Los entscheidet im Verfahren"),
        ("buergerhaushalt", "Bürgerhaushalt"),
        ("beteiligung", "Bürgerbeteiligungsverfahren"),
        ("Bürgerbeteiligungsverfahren", "Verfahren zur Beteiligung der Bürgerinnen und Bürger"),
        ("townhall", "Town Hall Meeting"),
        ("town hall meeting", "Townhall-Meeting"),
        ("21st century", "21st Century Town Meeting®"),
        ("6-3-5", "Methode 6-3-5"),
        ("openspace", "Open Space"),
        ("open space konferenz", "Open-Space-Konferenz"),
        ("bar camp", "BarCamp"),
        ("barcamp", "Bar-Camp"),
        ("maengelmelder", "Mängelmelder"),
        ("jugend", "Jugendparlament"),
        ("spaziergang", "Stadtspaziergang"),
        ("werkstatt", "Ideenwerkstätten"),
        ("nordwaerts", "nordwärts"),
        ("dipas", "DIPAS.org"),
        ("haustürgespräche", "Haustürgespräch"),
        ("runde tische", "Runder Tisch"),
        ("wunschbäume", "Wunschbaum"),
        ("§ 25 vwvfg", "nach §25 VwVfG"),
        ("vdi 7001", "VDI 7001"),
        ("stadtteil", "Stadtteilkonferenz"),
        ("beteiligungverfahren", "Beteiligungsverfahren"),
        ("entwicklung stadt", "Stadtentwicklungskonzept"),
        ("haushalt", "Bürgerhaushalt"),
        ("angemeldet", "bitte anmelden"),
        ("Themen", "Thema"),
        ("Museen", "Museum"),
        ("Cafe", "Café"),
        ("kinder beteiligen", "Kinderbeteiligung"),
        ("Oberbürgermeister", "Oberbürgermeisterin"),
        ("bürgermeister", "Oberbürgermeisterin"),
        ("schulhof", "Schulhofgestaltung"),
    ];
    for (query, document) in table {
        assert!(matches(query, document), "{query} → {document}");
    }
}

#[test]
fn no_match_where_none_is_meant() {
    let table = [
        ("halt", "Bürgerhaushalt"),
        ("statt", "Zukunftswerkstatt"),
        ("ration", "Moderation"),
        ("sport", "Transport"),
        ("form", "Plattform"),
        ("rinnen", "Bürgerinnenrat"),
        ("Zeit", "Zeitung"),
        ("bürgerentscheid", "Bürgerbegehren"),
        ("tisch", "systematisch"),
        ("einwohnerfragestunde", "Einwohnerantrag"),
        ("burg", "Burgund"),
    ];
    for (query, document) in table {
        assert!(!matches(query, document), "{query} → {document}");
    }
}

#[test]
fn typing_errors_keep_half_the_grams() {
    for (query, document) in [
        ("mitbestimung", "Mitbestimmung"),
        ("beteilgung", "Beteiligung"),
        ("zukunftswerkstat", "Zukunftswerkstatt"),
        ("planungszele", "Planungszelle"),
    ] {
        let overlap = gram_overlap(query, document);
        assert!(overlap >= 0.5, "{query} → {document}: {overlap}");
    }
}
