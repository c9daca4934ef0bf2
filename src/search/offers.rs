//! Quantities in a query as filters that the visitor may take: "200 Leute" offers `participants=200`.
//!
//! Nothing is applied silently. What is only offered must not stand in the way either: where a query has other words
//! with content, those of its quantities are no demand on a hit any more, only weak evidence. So the hits of the query
//! are those of the query without these words, and what an offer leaves is counted in the same walk over them
//! ([`collect`]). Where a query is nothing but quantities it is searched as typed; what the offer leaves of *all*
//! entries is then counted in one more walk, which reads no posting list.
//!
//! Whoever asks for all words (`verbatim=relaxed`) gets all words, and no offers.

use std::{collections::BTreeMap, ops::Range, time::Instant};

use super::{
    quantity::{Measure, quantities},
    request::{SearchRequest, Verbatim},
    response::Offer,
    run::active_filters,
    service::{Context, SearchError},
    understand::{Understood, understand},
};
use crate::{
    index::{
        collect::{Filter, Filters, Order, collect},
        execute::execute,
        snapshot::Snapshot,
    },
    model::{
        facet::{self, FACETS, NONE},
        vocabulary::{Language, Vocabulary},
    },
    query::Query,
    text::OwnedWord,
};

/// A class that ends so near below a number stands for it: 4,999 for "bis 5.000 Euro".
const NEAR: f64 = 0.9;

/// A quantity with the filter that says the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Recognised {
    /// Bytes of the query.
    pub span: Range<usize>,
    /// Parameter of the filter.
    pub parameter: &'static str,
    /// Its value.
    pub value: String,
    /// What the filter lets through: a number of people, or the upper bound of a class.
    bound: u64,
}

/// The quantities in the plain words of a query for which this collection has a filter.
pub(super) fn recognised(snapshot: &Snapshot, plain: &str, words: &[OwnedWord], verbatim: Verbatim) -> Vec<Recognised> {
    if verbatim.relaxed {
        return Vec::new();
    }
    let found = quantities(plain, words).into_iter();
    found.filter_map(|quantity| filter_for(snapshot, quantity.measure, quantity.span)).collect()
}

/// What is offered for a request, without the counts.
pub(super) fn offers(request: &SearchRequest, query: &Query, understood: &Understood) -> Vec<Offer> {
    let all = understood.quantities.as_slice();
    let mut sets: Vec<&[Recognised]> = Vec::new();
    if !understood.only_quantities {
        sets.extend(all.chunks(1));
    }
    if all.len() > 1 || understood.only_quantities && !all.is_empty() {
        sets.push(all);
    }
    let offers = sets.into_iter().map(|set| Offer {
        words: set.iter().filter_map(|it| request.q.get(it.span.clone())).map(str::to_owned).collect(),
        filters: filters_of(set),
        label: label(set, request.language),
        q: if understood.only_quantities { without_words(&request.q, &query.plain) } else { without(&request.q, set) },
        count: 0,
    });
    offers.filter(|offer| !is_active(offer, request)).collect()
}

/// Counts what the offers for a query of nothing but quantities leave: one walk over what is left of the query.
///
/// # Errors
/// As [`super::run::run`].
pub(super) fn count_alone(
    context: &Context,
    snapshot: &Snapshot,
    request: &SearchRequest,
    query: &Query,
    filters: &Filters,
    deadline: Instant,
) -> Result<Vec<u64>, SearchError> {
    let rest = Query { plain: String::new(), ..query.clone() };
    let understood = understand(snapshot, &rest, request.verbatim, &context.weights)?;
    let found = execute(snapshot, &understood.plan, &context.weights, deadline)?;
    Ok(collect(snapshot, &found, filters, Order::Title, 0, 0).offered)
}

/// The filters of offers in the numbers of a snapshot.
///
/// # Errors
/// Where the index cannot be read.
pub(super) fn as_filters(snapshot: &Snapshot, offers: &[Offer]) -> Result<Vec<Vec<Filter>>, SearchError> {
    let terms = |offer: &Offer| {
        let known = offer.filters.iter().filter_map(|(name, values)| {
            let (_, facet) = facet::facet(name)?;
            Some((facet.parameter, values.clone()))
        });
        super::request::Filters { terms: known.collect(), ..Default::default() }
    };
    offers.iter().map(|offer| Ok(active_filters(snapshot, &terms(offer))?.active)).collect()
}

/// The text with the bytes of these spans turned into spaces, so that offsets stay.
pub(super) fn blanked(text: &str, spans: impl Iterator<Item = Range<usize>>) -> String {
    let mut text = text.to_owned();
    for span in spans {
        text.replace_range(span.clone(), &" ".repeat(span.len()));
    }
    text
}

fn filter_for(snapshot: &Snapshot, measure: Measure, span: Range<usize>) -> Option<Recognised> {
    let (parameter, number) = match measure {
        Measure::People(number) => ("participants", number),
        Measure::Minutes(number) => ("duration_max", number),
        Measure::Euros(number) => ("cost_max", number),
        Measure::LeadWeeks(number) => ("lead_time_max", number),
    };
    let (place, facet) = facet::facet(parameter)?;
    let (value, bound) = match facet.vocabulary {
        // A collection that states no group sizes has nothing to offer.
        None => {
            let stated = snapshot.facet_values(place as u8).iter().any(|(_, value)| &**value != NONE);
            stated.then(|| (number.to_string(), u64::from(number)))?
        }
        Some(name) => {
            let (id, upper) = class(snapshot.reference.vocabularies.get(name)?, u64::from(number))?;
            snapshot.facet_number(place as u8, id)?;
            (id.to_owned(), upper)
        }
    };
    Some(Recognised { span, parameter: FACETS[place].parameter, value, bound })
}

/// The class that "at most so much" means, and its bound; none for the last, which lets everything through.
fn class(vocabulary: &Vocabulary, number: u64) -> Option<(&str, u64)> {
    let holding = vocabulary.class_of(number)?;
    let below = holding.checked_sub(1).map(|below| &vocabulary.terms[below]);
    let near = below.filter(|term| term.upper.is_some_and(|upper| upper as f64 >= NEAR * number as f64));
    let term = near.unwrap_or(&vocabulary.terms[holding]);
    Some((&term.id, term.upper?))
}

fn filters_of(set: &[Recognised]) -> BTreeMap<String, Vec<String>> {
    let mut filters: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for it in set {
        filters.entry(it.parameter.to_owned()).or_default().push(it.value.clone());
    }
    for values in filters.values_mut() {
        values.sort_unstable();
        values.dedup();
    }
    filters
}

fn is_active(offer: &Offer, request: &SearchRequest) -> bool {
    offer.filters.iter().all(|(name, values)| request.filters.terms.get(name.as_str()) == Some(values))
}

/// The query without the words of quantities.
fn without(q: &str, set: &[Recognised]) -> String {
    let rest = blanked(q, set.iter().map(|it| it.span.clone()));
    rest.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The query without any of its plain words: phrases and exclusions.
fn without_words(q: &str, plain: &str) -> String {
    let words = plain.char_indices().filter(|(_, letter)| !letter.is_whitespace());
    let rest = blanked(q, words.map(|(at, letter)| at..at + letter.len_utf8()));
    rest.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// "Für etwa 200 Menschen, bis zu einem Tag".
fn label(set: &[Recognised], language: Language) -> String {
    let english = language == Language::English;
    let labels: Vec<String> = set.iter().map(|it| if english { it.english() } else { it.german() }).collect();
    let text = labels.join(", ");
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl Recognised {
    fn german(&self) -> String {
        let number = |number| Language::German.number(number);
        match self.parameter {
            "participants" if self.bound == 1 => "für eine Person".to_owned(),
            "participants" => format!("für etwa {} Menschen", number(self.bound)),
            "cost_max" => format!("unter {} Euro", number(self.bound + 1)),
            "duration_max" => format!("bis zu {}", duration(self.bound).0),
            _ => format!("mit Vorbereitung bis zu {}", weeks(self.bound).0),
        }
    }

    fn english(&self) -> String {
        let number = |number| Language::English.number(number);
        match self.parameter {
            "participants" if self.bound == 1 => "for one person".to_owned(),
            "participants" => format!("for about {} people", number(self.bound)),
            "cost_max" => format!("under {} euros", number(self.bound + 1)),
            "duration_max" => format!("up to {}", duration(self.bound).1),
            _ => format!("with a preparation of up to {}", weeks(self.bound).1),
        }
    }
}

/// Minutes of work in words, after "bis zu", and in English.
fn duration(minutes: u64) -> (String, String) {
    match minutes {
        0..60 => (format!("{minutes} Minuten"), format!("{minutes} minutes")),
        60..=120 => counted(minutes.div_ceil(60), ("einer Stunde", "Stunden"), ("an hour", "hours")),
        121..=360 => ("einem halben Tag".into(), "half a day".into()),
        361..2_400 => counted((minutes / 480).max(1), ("einem Tag", "Tagen"), ("a day", "days")),
        _ => weeks(minutes / 2_400),
    }
}

/// Weeks in words, after "bis zu", and in English. A month has 52/12 of them.
fn weeks(weeks: u64) -> (String, String) {
    match weeks {
        0..=8 => counted(weeks, ("einer Woche", "Wochen"), ("a week", "weeks")),
        9..52 => counted(weeks * 12 / 52, ("einem Monat", "Monaten"), ("a month", "months")),
        _ => counted(weeks / 52, ("einem Jahr", "Jahren"), ("a year", "years")),
    }
}

fn counted(count: u64, german: (&str, &str), english: (&str, &str)) -> (String, String) {
    match count {
        1 => (german.0.to_owned(), english.0.to_owned()),
        _ => (format!("{count} {}", german.1), format!("{count} {}", english.1)),
    }
}
