//! Why a hit is here, where its title and its text in the list do not show it.

use crate::{
    search::response::{Hit, How, Match},
    web::format,
};

/// Fields that the list of hits does not show, and what readers call them. The text of an entry is not among them: the
/// list shows the piece that matched.
const UNSEEN: &[(&str, &str)] = &[
    ("alternative_titles", "anderen Namen"),
    ("keywords", "Schlagwort"),
    ("topics", "Thema"),
    ("purposes", "Ziel"),
    ("phases", "Phase"),
    ("levels", "Mitsprache"),
    ("audiences", "Zielgruppe"),
    ("scopes", "Gebiet"),
    ("districts", "Stadtbezirk"),
    ("format_types", "vor Ort oder digital"),
    ("recruitment", "Zugang"),
    ("accessibility", "Hilfen beim Mitmachen"),
    ("legal_bases", "Rechtsgrundlage"),
    ("outcome_forms", "Ergebnis"),
    ("digital_tools", "digitale Werkzeuge"),
    ("kind", "Art des Eintrags"),
];

/// The reason in words; none where it is in sight.
pub(super) fn why(hit: &Hit) -> Option<String> {
    // A correction is said above the hits already.
    let plain = |word: &str| {
        let hidden = |how| matches!(how, How::Part | How::Synonym | How::Similar);
        hit.matched.iter().any(|it| it.word == word && !hidden(it.how))
    };
    let Some(hidden) = hit.matched.iter().filter(|it| !plain(&it.word)).min_by_key(|it| it.how) else {
        return elsewhere(hit);
    };
    let found = format::quoted(&hidden.found);
    match hidden.how {
        How::Part if in_sight(hit, hidden) => None,
        How::Part => Some(format!("gefunden als Wortteil: {found}")),
        How::Synonym => Some(format!("gefunden als ähnlicher Begriff: {found}")),
        How::Similar => Some(format!("gefunden wegen ähnlicher Schreibweise: {found}")),
        How::Exact | How::Stem | How::Prefix | How::Correction => None,
    }
}

/// Where a word is that the list shows nowhere.
fn elsewhere(hit: &Hit) -> Option<String> {
    let shown = |word: &str| {
        let unseen = |field: &str| UNSEEN.iter().any(|(name, _)| *name == field);
        hit.matched.iter().any(|it| it.word == word && (!unseen(&it.field) || in_sight(hit, it)))
    };
    let hidden = hit.matched.iter().find(|it| !shown(&it.word))?;
    let (_, name) = UNSEEN.iter().find(|(field, _)| *field == hidden.field)?;
    Some(format!("gefunden unter {name}: {}", format::quoted(&hidden.found)))
}

/// Whether title or snippet have it marked.
fn in_sight(hit: &Hit, matched: &Match) -> bool {
    let found = matched.found.to_lowercase();
    hit.title.iter().chain(&hit.snippet).any(|segment| segment.m.is_some() && segment.t.to_lowercase() == found)
}
