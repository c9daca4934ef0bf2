//! The line of facts under a hit: "● Vor Ort · 12–30 Personen · halber Tag · ab 500 €".

use super::format;
use crate::{
    model::{
        kind::FormatType,
        vocabulary::{Language, Vocabularies},
    },
    search::response::Hit,
};

/// Facts of a hit in the order in which planners ask for them.
pub fn of_hit(hit: &Hit, vocabularies: &Vocabularies) -> Vec<String> {
    let mut facts: Vec<String> =
        hit.facts.format_types.iter().map(|format_type| marked(*format_type, vocabularies)).collect();
    let pair = |range: &[Option<u32>]| match range {
        [low, high, ..] => (*low, *high),
        _ => (None, None),
    };
    let (low, high) = pair(&hit.facts.participants);
    facts.extend(format::people(low, high));
    let (low, high) = pair(&hit.facts.duration_minutes);
    facts.extend(format::duration(low, high));
    let (low, high) = pair(&hit.facts.cost_eur);
    facts.extend(format::euros(low, high));
    facts.extend(hit.facts.municipality.clone());
    facts.extend(years(&hit.facts.years));
    facts
}

/// A format type with its shape, so that colour or position is never needed to tell them apart.
pub fn marked(format_type: FormatType, vocabularies: &Vocabularies) -> String {
    let shape = match format_type {
        FormatType::Analog => '●',
        FormatType::Digital => '◆',
        FormatType::Hybrid => '◐',
    };
    let label = vocabularies
        .term(FormatType::VOCABULARY, format_type.id())
        .map(|term| if term.label_short.is_empty() { term.label(Language::German) } else { &term.label_short })
        .unwrap_or(format_type.id());
    format!("{shape}\u{202f}{label}")
}

/// "2019", "2019–2021", "seit 2019".
fn years(years: &[i32]) -> Option<String> {
    match years {
        [first, last, ..] if *last == i32::MAX => Some(format!("seit {first}")),
        [first, last, ..] if first != last => Some(format!("{first}–{last}")),
        [first, ..] => Some(first.to_string()),
        [] => None,
    }
}
