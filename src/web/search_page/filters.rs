//! The filters beside the hits.

use crate::web::ui::Ui;
use crate::{
    model::{
        facet::{FACETS, Logic, NONE, facet},
        vocabulary::Vocabularies,
    },
    search::{request::SearchRequest, response::SearchResponse},
};

/// A filter.
pub struct FilterView {
    /// Parameter.
    pub parameter: &'static str,
    /// What it asks.
    pub heading: String,
    /// How one answers.
    pub control: Control,
    /// Its values.
    pub values: Vec<ValueView>,
    /// Values behind "weitere zeigen".
    pub rest: Vec<ValueView>,
    /// Whether it is unfolded.
    pub open: bool,
    /// Number typed in, for [`Control::Number`].
    pub number: String,
    /// Values that are not listed.
    pub more: u64,
}

/// How one answers a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// Several of a list.
    Boxes,
    /// At most one of a list.
    Radios,
    /// A number.
    Number,
}

/// One value of a filter.
pub struct ValueView {
    /// As in addresses.
    pub value: String,
    /// As people read it.
    pub label: String,
    /// Hits that ticking it gives.
    pub count: String,
    /// Whether it is ticked.
    pub selected: bool,
}

/// Filters that most people need, in this order; the rest is one step further.
const FIRST: &[&str] =
    &["format_type", "topic", "kind", "participants", "duration_max", "cost_max", "purpose", "level"];
/// How many of them are unfolded from the start.
const OPEN: usize = 3;
/// Values in sight; a list that is only a little longer is not worth a click.
const IN_SIGHT: usize = 8;
const WORTH_A_CLICK: usize = 3;

/// The filters, those that most people need and the rest. Values that lead nowhere are left out.
pub fn filters(
    request: &SearchRequest,
    response: &SearchResponse,
    vocabularies: &Vocabularies,
    ui: Ui,
) -> (Vec<FilterView>, Vec<FilterView>) {
    let rest = FACETS.iter().map(|facet| facet.parameter).filter(|parameter| !FIRST.contains(parameter));
    let view = |parameter| filter(parameter, request, response, vocabularies, ui);
    let mut first: Vec<FilterView> = FIRST.iter().copied().filter_map(view).collect();
    for filter in first.iter_mut().take(OPEN) {
        filter.open = true;
    }
    (first, rest.filter_map(view).collect())
}

/// What a filter asks.
pub fn heading(parameter: &str, vocabularies: &Vocabularies, ui: Ui) -> String {
    let vocabulary = vocabularies.iter().find(|vocabulary| vocabulary.parameter.as_deref() == Some(parameter));
    match (vocabulary, parameter) {
        (Some(vocabulary), _) => ui.say(&vocabulary.label, &vocabulary.label_en).to_owned(),
        (None, "participants") => ui.say("Wie viele Menschen?", "How many people?").into(),
        (None, "state") => ui.say("Bundesland oder Region", "State or region").into(),
        (None, "municipality") => ui.say("Ort", "Town").into(),
        (None, "language") => ui.say("Sprache des Textes", "Language of the text").into(),
        (None, "keyword") => ui.say("Schlagwort", "Keyword").into(),
        (None, other) => other.to_owned(),
    }
}

/// What people read for a value that has no hits, so that the answer does not name it.
pub fn value_label(parameter: &str, value: &str, vocabularies: &Vocabularies, ui: Ui) -> String {
    let Some((_, facet)) = facet(parameter) else { return value.to_owned() };
    match (facet.logic, facet.vocabulary) {
        _ if value == NONE => ui.say("keine Angabe", "not stated").into(),
        (Logic::Contains, _) => {
            let number = value.parse().map_or_else(|_| value.to_owned(), |number| ui.number(number));
            format!("{} {number} {}", ui.say("etwa", "about"), ui.say("Menschen", "people"))
        }
        (_, Some(vocabulary)) => {
            let label = vocabularies.label(vocabulary, value, ui.language);
            shown_label(parameter, value, label, vocabularies, ui)
        }
        (_, None) => value.to_owned(),
    }
}

/// The label of a value as a choice: a class of costs lets through what costs less as well, so its limit says it all.
pub fn shown_label(parameter: &str, value: &str, label: &str, vocabularies: &Vocabularies, ui: Ui) -> String {
    let term = vocabularies.term("costs", value).filter(|_| parameter == "cost_max");
    let upper = term.and_then(|term| u32::try_from(term.upper?).ok());
    ui.euros(None, upper).unwrap_or_else(|| label.to_owned())
}

fn filter(
    parameter: &'static str,
    request: &SearchRequest,
    response: &SearchResponse,
    vocabularies: &Vocabularies,
    ui: Ui,
) -> Option<FilterView> {
    let (_, facet) = facet(parameter)?;
    let selected = request.filters.terms.get(parameter).map(Vec::as_slice).unwrap_or_default();
    let listed = response.facets.get(parameter).map(Vec::as_slice).unwrap_or_default();
    let mut values: Vec<ValueView> = listed
        .iter()
        .filter(|value| value.count > 0 || value.selected)
        .map(|value| ValueView {
            value: value.value.clone(),
            label: shown_label(parameter, &value.value, &value.label, vocabularies, ui),
            count: ui.number(value.count),
            selected: value.selected,
        })
        .collect();
    for value in selected.iter().filter(|value| listed.iter().all(|known| known.value != **value)) {
        let label = value_label(parameter, value, vocabularies, ui);
        values.push(ValueView { value: value.clone(), label, count: "0".into(), selected: true });
    }
    // "Not stated" alone is no choice.
    if selected.is_empty() && values.iter().all(|value| value.value == NONE) {
        return None;
    }
    let control = match facet.logic {
        Logic::Terms => Control::Boxes,
        Logic::AtMost => Control::Radios,
        Logic::Contains => Control::Number,
    };
    let rest = folded(&mut values, control);
    let number = selected.first().filter(|value| control == Control::Number && *value != NONE).cloned();
    Some(FilterView {
        parameter,
        heading: heading(parameter, vocabularies, ui),
        control,
        values,
        rest,
        open: !selected.is_empty(),
        number: number.unwrap_or_default(),
        more: response.more.get(parameter).copied().unwrap_or(0),
    })
}

/// Takes the later values out of a long list; what is ticked stays in sight.
fn folded(values: &mut Vec<ValueView>, control: Control) -> Vec<ValueView> {
    if control != Control::Boxes || values.len() < IN_SIGHT + WORTH_A_CLICK {
        return Vec::new();
    }
    let mut in_sight = values.iter().filter(|value| value.selected).count();
    let mut rest = Vec::new();
    for value in std::mem::take(values) {
        if value.selected || in_sight < IN_SIGHT {
            in_sight += usize::from(!value.selected);
            values.push(value);
        } else {
            rest.push(value);
        }
    }
    rest
}
