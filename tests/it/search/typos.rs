//! Slips of people who type on a phone, against the words of the shipped entries.

use mitmachbox::model::slug::from_title;

use super::support::{CORPUS, request};

/// Typed, meant. On a phone: neighbouring keys, letters left out or twice or swapped, by ear, umlauts dropped.
const TYPOS: &[(&str, &str)] = &[
    // Neighbouring keys.
    ("bürgerhaushslt", "Bürgerhaushalt"),
    ("beteiligubg", "Beteiligung"),
    ("umfrsge", "Umfrage"),
    ("werkstart", "Werkstatt"),
    ("spielplstz", "Spielplatz"),
    ("nachbarschafr", "Nachbarschaft"),
    ("modetation", "Moderation"),
    ("jugendparlamrnt", "Jugendparlament"),
    ("vekehr", "Verkehr"),
    ("verkejr", "Verkehr"),
    ("stadtteul", "Stadtteil"),
    ("zukunfrswerkstatt", "Zukunftswerkstatt"),
    ("inklusuon", "Inklusion"),
    ("bürherrat", "Bürgerrat"),
    ("plsnungszelle", "Planungszelle"),
    ("befraging", "Befragung"),
    // Left out.
    ("beteilgung", "Beteiligung"),
    ("bürgebegehren", "Bürgerbegehren"),
    ("verantaltung", "Veranstaltung"),
    ("verwltung", "Verwaltung"),
    ("spaziegang", "Spaziergang"),
    ("konfernz", "Konferenz"),
    ("einwohnerantag", "Einwohnerantrag"),
    // Twice, or one of two.
    ("komune", "Kommune"),
    ("parrlament", "Parlament"),
    ("kommision", "Kommission"),
    ("workshopp", "Workshop"),
    ("protokol", "Protokoll"),
    // Swapped.
    ("budnestag", "Bundestag"),
    ("fihsbowl", "Fishbowl"),
    ("jungedliche", "Jugendliche"),
    ("mediaiton", "Mediation"),
    ("abstimmugn", "Abstimmung"),
    // By ear.
    ("partizipazion", "Partizipation"),
    ("podiumsdiskusion", "Podiumsdiskussion"),
    ("deligierte", "Delegierte"),
    ("standart", "Standard"),
    ("seniohren", "Senioren"),
    ("haustürgespreche", "Haustürgespräche"),
    ("resonans", "Resonanz"),
    ("mengelmelder", "Mängelmelder"),
];

#[test]
fn slips_of_a_thumb_are_understood() {
    let mut wrong = Vec::new();
    for (typed, meant) in TYPOS {
        // The space ends the word, so that it is no beginning of another.
        let response = CORPUS.run(&request(&format!("{typed} ")));
        // Some slips are so frequent that editors noted them at the entry.
        let noted = response.hits.first().is_some_and(|hit| hit.strict && hit.slug == from_title(meant));
        let report = response.query;
        let asked = report.did_you_mean.as_deref().map(str::trim);
        let to = report.applied.corrections.first().map(|correction| correction.to.as_str()).or(asked);
        let same_word = to.is_some_and(|to| stem(to) == stem(meant));
        if !same_word && !noted && stem(typed) != stem(meant) {
            wrong.push(format!("{typed}: {to:?}, meant {meant}"));
        }
    }
    let right = TYPOS.len() - wrong.len();
    assert!(wrong.len() * 10 <= TYPOS.len(), "{right} of {}:\n{}", TYPOS.len(), wrong.join("\n"));
    eprintln!("{right} of {} slips understood; not: {wrong:?}", TYPOS.len());
}

fn stem(word: &str) -> String {
    CORPUS.snapshot.shared.analyser.analyse(word).into_iter().next().map(|word| word.stem).unwrap_or_default()
}
