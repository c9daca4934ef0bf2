//! The line of facts under a hit: "● Vor Ort · 12–30 Personen · halber Tag · ab 500 €".

use super::{hits::short_label, ui::Ui};
use crate::{
    index::sheet::Facts,
    model::{kind::FormatType, vocabulary::Vocabularies},
};

/// Facts of an entry in the order in which planners ask for them.
pub fn of(entry: &Facts, vocabularies: &Vocabularies, ui: Ui) -> Vec<String> {
    let mut facts: Vec<String> =
        entry.format_types.iter().map(|format_type| marked(*format_type, vocabularies, ui)).collect();
    let pair = |range: &[Option<u32>]| match range {
        [low, high, ..] => (*low, *high),
        _ => (None, None),
    };
    let (low, high) = pair(&entry.participants);
    facts.extend(ui.people(low, high));
    let (low, high) = pair(&entry.duration_minutes);
    facts.extend(ui.duration(low, high));
    let (low, high) = pair(&entry.cost_eur);
    facts.extend(ui.euros(low, high));
    facts.extend(entry.municipality.clone());
    facts.extend(years(&entry.years, ui));
    facts
}

/// A format type with its shape, so that colour or position is never needed to tell them apart.
pub fn marked(format_type: FormatType, vocabularies: &Vocabularies, ui: Ui) -> String {
    let shape = match format_type {
        FormatType::Analog => '●',
        FormatType::Digital => '◆',
        FormatType::Hybrid => '◐',
    };
    let label = short_label(vocabularies.term(FormatType::VOCABULARY, format_type.id()), format_type.id(), ui);
    format!("{shape}\u{202f}{label}")
}

/// "2019", "2019–2021", "seit 2019".
fn years(years: &[i32], ui: Ui) -> Option<String> {
    match years {
        [first, last, ..] if *last == i32::MAX => Some(format!("{} {first}", ui.say("seit", "since"))),
        [first, last, ..] if first != last => Some(format!("{first}–{last}")),
        [first, ..] => Some(first.to_string()),
        [] => None,
    }
}
