//! Why a hit is here, where its title and its text in the list do not show it.

use crate::{
    search::response::{Hit, How, Match},
    web::ui::Ui,
};

/// Fields that the list of hits does not show, and what readers call them. The text of an entry is not among them: the
/// list shows the piece that matched.
const UNSEEN: &[(&str, &str, &str)] = &[
    ("alternative_titles", "anderen Namen", "other names"),
    ("keywords", "Schlagwort", "keyword"),
    ("topics", "Thema", "topic"),
    ("purposes", "Ziel", "purpose"),
    ("phases", "Phase", "phase"),
    ("levels", "Mitsprache", "level of say"),
    ("audiences", "Zielgruppe", "audience"),
    ("scopes", "Gebiet", "area"),
    ("districts", "Stadtbezirk", "district"),
    ("format_types", "vor Ort oder digital", "on site or digital"),
    ("recruitment", "Zugang", "recruitment"),
    ("accessibility", "Hilfen beim Mitmachen", "accessibility"),
    ("legal_bases", "Rechtsgrundlage", "legal basis"),
    ("outcome_forms", "Ergebnis", "outcome"),
    ("digital_tools", "digitale Werkzeuge", "digital tools"),
    ("kind", "Art des Eintrags", "kind of entry"),
];

/// The reason in words; none where it is in sight.
pub(super) fn why(hit: &Hit, ui: Ui) -> Option<String> {
    // A correction is said above the hits already.
    let plain = |word: &str| {
        let hidden = |how| matches!(how, How::Part | How::Synonym | How::Similar);
        hit.matched.iter().any(|it| it.word == word && !hidden(it.how))
    };
    let Some(hidden) = hit.matched.iter().filter(|it| !plain(&it.word)).min_by_key(|it| it.how) else {
        return elsewhere(hit, ui);
    };
    let found = ui.quoted(&hidden.found);
    match hidden.how {
        How::Part if in_sight(hit, hidden) => None,
        How::Part => Some(format!("{}: {found}", ui.say("gefunden als Wortteil", "found as part of a word"))),
        How::Synonym => {
            Some(format!("{}: {found}", ui.say("gefunden als ähnlicher Begriff", "found as a similar term")))
        }
        How::Similar => {
            Some(format!("{}: {found}", ui.say("gefunden wegen ähnlicher Schreibweise", "found by similar spelling")))
        }
        How::Exact | How::Stem | How::Prefix | How::Correction => None,
    }
}

/// Where a word is that the list shows nowhere.
fn elsewhere(hit: &Hit, ui: Ui) -> Option<String> {
    let shown = |word: &str| {
        let unseen = |field: &str| UNSEEN.iter().any(|(name, ..)| *name == field);
        hit.matched.iter().any(|it| it.word == word && (!unseen(&it.field) || in_sight(hit, it)))
    };
    let hidden = hit.matched.iter().find(|it| !shown(&it.word))?;
    let (_, german, english) = UNSEEN.iter().find(|(field, ..)| *field == hidden.field)?;
    Some(format!(
        "{} {}: {}",
        ui.say("gefunden unter", "found under"),
        ui.say(german, english),
        ui.quoted(&hidden.found)
    ))
}

/// Whether title or snippet have it marked.
fn in_sight(hit: &Hit, matched: &Match) -> bool {
    let found = matched.found.to_lowercase();
    hit.title.iter().chain(&hit.snippet).any(|segment| segment.m.is_some() && segment.t.to_lowercase() == found)
}
