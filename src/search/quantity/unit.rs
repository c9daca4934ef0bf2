//! What numbers count: people, time, money.

use super::number::numeral;

/// A unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Unit {
    /// "Leute".
    People,
    /// "Kinder": people, and a word that says whom.
    Group,
    /// A time: minutes of work, and days until it has passed.
    Time { minutes: u32, days: f64 },
    /// "Euro".
    Euro,
    /// A thousand euros.
    Thousand,
}

const HOUR: u32 = 60;
const DAY: u32 = 480;
const WEEK: u32 = 5 * DAY;
/// A month has 52/12 weeks.
const MONTH: u32 = WEEK * 52 / 12;
/// A year of work.
pub(super) const YEAR: u32 = 52 * WEEK;

/// The unit that a folded word names.
pub(super) fn unit(word: &str) -> Option<Unit> {
    let time = |minutes, days| Some(Unit::Time { minutes, days });
    match word {
        "leute" | "leuten" | "person" | "personen" | "pers" | "mensch" | "menschen" | "teilnehmer" | "teilnehmern"
        | "teilnehmende" | "teilnehmenden" | "mitwirkende" | "mitwirkenden" | "beteiligte" | "beteiligten"
        | "burger" | "burgern" | "gast" | "gaste" | "gasten" | "kopf" | "kopfe" | "kopfen" | "besucher"
        | "besuchern" | "tn" => Some(Unit::People),
        "kinder" | "kindern" | "jugendliche" | "jugendlichen" | "schuler" | "schulern" | "frauen" | "senioren"
        | "anwohner" | "anwohnern" | "nachbarn" | "eltern" | "erwachsene" | "erwachsenen" | "studierende"
        | "studierenden" | "mitarbeitende" | "mitarbeitenden" | "mitarbeiter" | "mitarbeitern" => Some(Unit::Group),
        "euro" | "euros" | "eur" => Some(Unit::Euro),
        "min" | "minute" | "minuten" => time(1, 0.0),
        "h" | "std" | "stunde" | "stunden" => time(HOUR, 0.0),
        "abend" | "abende" | "abenden" => time(3 * HOUR, 0.0),
        "vormittag" | "vormittage" | "nachmittag" | "nachmittage" | "halbtag" | "halbtage" => time(DAY / 2, 0.0),
        "tag" | "tage" | "tagen" | "tagig" => time(DAY, 1.0),
        "wochenende" | "wochenenden" => time(2 * DAY, 2.0),
        "woche" | "wochen" => time(WEEK, 7.0),
        "monat" | "monate" | "monaten" => time(MONTH, 365.0 / 12.0),
        "jahr" | "jahre" | "jahren" => time(YEAR, 365.0),
        _ => None,
    }
}

/// Minutes of an adjective: "eintägig", "halbtägiger", "zweistündige".
pub(super) fn adjective(word: &str) -> Option<u32> {
    let word = uninflected(word);
    let units = [("minutig", 1), ("stundig", HOUR), ("tagig", DAY), ("wochig", WEEK), ("monatig", MONTH)];
    let (count, minutes) = units.iter().find_map(|(name, minutes)| Some((word.strip_suffix(name)?, *minutes)))?;
    match count {
        "halb" => Some(minutes / 2),
        "ganz" => Some(minutes),
        count => numeral(count).map(|count| count * minutes),
    }
}

/// An adjective without its ending.
pub(super) fn uninflected(word: &str) -> &str {
    let ending = ["em", "en", "er", "es", "e"].into_iter().find(|ending| word.ends_with(ending));
    ending.and_then(|ending| word.strip_suffix(ending)).unwrap_or(word)
}
