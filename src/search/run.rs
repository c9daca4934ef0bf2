//! One search, from the request to the answer. Everything that searches comes through here.

use std::{collections::BTreeMap, time::Instant};

use super::{
    hit::Marker,
    offers,
    request::{FacetChoice, Filters, SearchRequest, Sort},
    response::*,
    service::{Context, SearchError},
    understand::{Understood, understand},
};
use crate::{
    index::{
        collect::{self, Collected, Filter, Order, Pass, collect},
        execute::{ExecuteError, Found, Scored, execute},
        snapshot::Snapshot,
    },
    model::{
        facet::{self, FACETS, GROUP_EXAMPLES, Logic, NONE},
        vocabulary::Language,
    },
    query::{self, Notice},
};

/// Values listed for one facet; open ones (keywords, places) are cut.
const FACET_VALUES_MAX: usize = 64;

/// Runs a search against one snapshot.
///
/// # Errors
/// On a query over its bounds, a passed deadline, or an index that cannot be read.
pub fn run(context: &Context, snapshot: &Snapshot, request: &SearchRequest) -> Result<SearchResponse, SearchError> {
    let deadline = Instant::now() + context.limits.search_time_max;
    let (query, mut notices) = if request.plain {
        (query::plain(&request.q, &context.limits.query)?, Vec::new())
    } else {
        query::parse(&request.q, &context.limits.query)?
    };
    let mut understood = understand(snapshot, &query, request.verbatim, &context.weights)?;
    understood.plan.explain = request.explain;
    if understood.plan.is_empty() && !request.q.trim().is_empty() {
        notices.push(Notice::NoWords);
    }
    let found = execute(snapshot, &understood.plan, &context.weights, deadline)?;
    let mut filters = active_filters(snapshot, &request.filters)?;
    let mut offers = offers::offers(request, &query, &understood);
    filters.offered = offers::as_filters(snapshot, &offers)?;
    let order = order(request, &understood, &query);
    let (page, per_page) = (request.page.max(1), request.per_page.max(1));
    let skip = (page as usize - 1) * per_page as usize;
    let collected = collect(snapshot, &found, &filters, order, skip, request.per_page as usize);
    let counts = if understood.only_quantities && !offers.is_empty() {
        offers::count_alone(context, snapshot, request, &query, &filters, deadline)?
    } else {
        collected.offered.clone()
    };
    offers.iter_mut().zip(counts).for_each(|(offer, count)| offer.count = count);
    let marker = Marker::new(&understood.targets);
    let hits = collected
        .hits
        .iter()
        .map(|scored| hit(context, snapshot, &marker, *scored, &found))
        .collect::<Result<Vec<_>, _>>()?;
    let reachable = collected.total.min(context.limits.hits_reachable_max as u64);
    let (facets, more) = facets(snapshot, request, &collected);
    Ok(SearchResponse {
        query: QueryReport { offers, ..report(context, request, understood, &found, notices, collected.total_strict) },
        mode: if found.relaxed { Mode::Relaxed } else { Mode::Strict },
        total: collected.total,
        total_strict: collected.total_strict,
        without: collected.without.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect(),
        hits,
        facets,
        more,
        page: Page { number: page, per_page: request.per_page, pages: reachable.div_ceil(u64::from(per_page)) as u32 },
        index: IndexState { seq: snapshot.seq, generation: snapshot.shared.generation.clone() },
    })
}

/// The documents that a search finds, all of them, in its order.
///
/// # Errors
/// As [`run`].
pub fn all_hits(
    context: &Context,
    snapshot: &Snapshot,
    request: &SearchRequest,
    at_most: usize,
) -> Result<Vec<Scored>, SearchError> {
    let deadline = Instant::now() + context.limits.search_time_max;
    let query = if request.plain {
        query::plain(&request.q, &context.limits.query)?
    } else {
        query::parse(&request.q, &context.limits.query)?.0
    };
    let understood = understand(snapshot, &query, request.verbatim, &context.weights)?;
    let found = execute(snapshot, &understood.plan, &context.weights, deadline)?;
    let filters = active_filters(snapshot, &request.filters)?;
    Ok(collect(snapshot, &found, &filters, order(request, &understood, &query), 0, at_most).hits)
}

fn order(request: &SearchRequest, understood: &Understood, query: &query::Query) -> Order {
    match request.sort {
        Sort::Relevance if !request.filters.ids.is_empty() && query.is_empty() => Order::AsAsked,
        Sort::Relevance => Order::Relevance { strict_first: !understood.plan.is_question },
        Sort::Updated => Order::Updated,
        Sort::Published => Order::Published,
        Sort::Title => Order::Title,
    }
}

fn report(
    context: &Context,
    request: &SearchRequest,
    understood: Understood,
    found: &Found,
    notices: Vec<query::Notice>,
    strict: u64,
) -> QueryReport {
    let mut applied = understood.applied;
    applied.relaxed = found.relaxed.then(|| Relaxed {
        at_least: found.at_least,
        of: understood.plan.words.iter().filter(|word| word.required).count() as u32,
    });
    let corrected = !applied.corrections.is_empty();
    let instead = |(span, word): (std::ops::Range<usize>, String)| {
        let (before, after) = (request.q.get(..span.start)?, request.q.get(span.end..)?);
        Some(format!("{before}{word}{after}"))
    };
    QueryReport {
        q: request.q.clone(),
        did_you_mean: understood
            .alternative
            .filter(|_| !corrected && !request.plain && strict < context.weights.handful)
            .and_then(instead),
        applied,
        offers: Vec::new(),
        notices: notices.into_iter().map(|notice| notice.id().to_owned()).collect(),
    }
}

/// Filters in the numbers of a snapshot.
///
/// # Errors
/// Where the index cannot be read.
pub(super) fn active_filters(snapshot: &Snapshot, wanted: &Filters) -> Result<collect::Filters, SearchError> {
    let mut active = Vec::new();
    for (parameter, values) in &wanted.terms {
        let Some((number, facet)) = facet::facet(parameter) else { continue };
        let pass = match facet.logic {
            Logic::Contains => Pass::Participants {
                numbers: values.iter().filter_map(|value| value.parse().ok()).collect(),
                none: values.iter().any(|value| value == NONE),
            },
            Logic::Terms | Logic::AtMost => {
                Pass::Values(values.iter().filter_map(|value| snapshot.facet_number(number as u8, value)).collect())
            }
        };
        active.push(Filter { name: facet.parameter, facet: Some(number as u8), pass });
    }
    if let Some(year) = wanted.year_from {
        active.push(Filter { name: "year_from", facet: None, pass: Pass::YearFrom(year) });
    }
    if let Some(year) = wanted.year_to {
        active.push(Filter { name: "year_to", facet: None, pass: Pass::YearTo(year) });
    }
    if !wanted.ids.is_empty() {
        let mut docs = Vec::with_capacity(wanted.ids.len());
        for id in &wanted.ids {
            let doc = match id.parse() {
                Ok(id) => snapshot.by_id(id)?,
                Err(_) => snapshot.by_slug(id)?,
            };
            docs.extend(doc);
        }
        active.push(Filter { name: "ids", facet: None, pass: Pass::Docs(docs) });
    }
    Ok(collect::Filters { active, offered: Vec::new() })
}

type Facets = (BTreeMap<String, Vec<FacetValue>>, BTreeMap<String, u64>);

fn facets(snapshot: &Snapshot, request: &SearchRequest, collected: &Collected) -> Facets {
    let (mut facets, mut more) = (BTreeMap::new(), BTreeMap::new());
    for (number, facet) in FACETS.iter().enumerate() {
        if let FacetChoice::Only(names) = &request.facets
            && !names.contains(&facet.parameter)
        {
            continue;
        }
        let ticked = request.filters.terms.get(facet.parameter).map(Vec::as_slice).unwrap_or_default();
        let count = |value: &str| {
            snapshot.facet_number(number as u8, value).map_or(0, |number| collected.counts[number as usize])
        };
        let mut values: Vec<FacetValue> = Vec::new();
        let mut listed = 0;
        let mut push = |value: &str, label: Option<&str>, count: u64| {
            let selected = ticked.iter().any(|ticked| ticked == value);
            if count > 0 || selected {
                let label = label.map_or_else(|| unlisted(facet, value, request.language), str::to_owned);
                values.push(FacetValue { value: value.to_owned(), label, count, selected });
            }
        };
        match (facet.vocabulary.and_then(|name| snapshot.reference.vocabularies.get(name)), facet.logic) {
            (Some(vocabulary), _) => {
                for term in &vocabulary.terms {
                    push(&term.id, Some(term.label(request.language)), count(&term.id));
                }
                push(NONE, None, count(NONE));
            }
            (None, Logic::Contains) => {
                let mut numbers: Vec<u32> = GROUP_EXAMPLES.to_vec();
                numbers.extend(ticked.iter().filter_map(|value| value.parse::<u32>().ok()));
                numbers.sort_unstable();
                numbers.dedup();
                for example in numbers {
                    let value = example.to_string();
                    let known = GROUP_EXAMPLES.contains(&example);
                    let count =
                        if known { count(&value) } else { collected.participants.get(&example).copied().unwrap_or(0) };
                    push(&value, None, count);
                }
                push(NONE, None, count(NONE));
            }
            (None, _) => {
                let all = snapshot.facet_values(number as u8);
                let counts = all.iter().enumerate().map(|(at, (number, _))| (collected.counts[*number as usize], at));
                let mut open: Vec<(u64, usize)> = counts.filter(|(count, _)| *count > 0).collect();
                listed = open.len();
                best_first(&mut open, FACET_VALUES_MAX);
                let open: Vec<(u64, &str)> = open.into_iter().map(|(count, at)| (count, &*all[at].1)).collect();
                // A ticked value is shown even where it is rare or nobody has it: it is why the list is short.
                let ticked = ticked.iter().filter(|ticked| !open.iter().any(|(_, value)| value == ticked));
                let ticked: Vec<&String> = ticked.collect();
                open.iter().for_each(|(count, value)| push(value, None, *count));
                ticked.into_iter().for_each(|value| push(value, None, count(value)));
            }
        }
        let listed = listed.max(values.len());
        if listed > FACET_VALUES_MAX {
            more.insert(facet.parameter.to_owned(), (listed - FACET_VALUES_MAX) as u64);
            values.sort_by_key(|value| !value.selected);
            values.truncate(FACET_VALUES_MAX);
        }
        facets.insert(facet.parameter.to_owned(), values);
    }
    (facets, more)
}

/// Leaves the `at_most` most frequent, in order, ties by the place of the value; the rest need no order.
fn best_first(values: &mut Vec<(u64, usize)>, at_most: usize) {
    let order = |a: &(u64, usize), b: &(u64, usize)| b.0.cmp(&a.0).then(a.1.cmp(&b.1));
    if values.len() > at_most {
        values.select_nth_unstable_by(at_most, order);
        values.truncate(at_most);
    }
    values.sort_unstable_by(order);
}

/// How people read a value that no vocabulary lists.
fn unlisted(facet: &facet::Facet, value: &str, language: Language) -> String {
    let english = language == Language::English;
    match facet.logic {
        _ if value == NONE => if english { "not stated" } else { "keine Angabe" }.to_owned(),
        Logic::Contains => {
            let number = grouped(value, if english { ',' } else { '.' });
            if english { format!("about {number} people") } else { format!("etwa {number} Menschen") }
        }
        _ => value.to_owned(),
    }
}

/// Digits in groups of three.
pub(super) fn grouped(digits: &str, separator: char) -> String {
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// What the list shows of one document.
pub(super) fn hit(
    context: &Context,
    snapshot: &Snapshot,
    marker: &Marker,
    scored: Scored,
    found: &Found,
) -> Result<Hit, SearchError> {
    let sheet = context.sheet(snapshot, scored.doc)?;
    let shown = marker.show(&sheet, scored.strict);
    let face = sheet.face.clone();
    Ok(Hit {
        id: face.id,
        url: context.entry_url(&face.slug),
        slug: face.slug,
        kind: face.kind,
        title: shown.title,
        snippet: shown.snippet,
        strict: scored.strict,
        score: scored.score,
        matched: shown.matched,
        facts: face.facts,
        explanation: (!found.addends.is_empty()).then(|| explanation(found, scored)),
    })
}

fn explanation(found: &Found, scored: Scored) -> Vec<ScorePart> {
    let addends =
        found.addends.iter().map(|(name, values)| ScorePart { name: name.clone(), value: values[scored.doc as usize] });
    addends.filter(|part| part.value != 0.0).collect()
}

impl From<ExecuteError> for SearchError {
    fn from(error: ExecuteError) -> Self {
        match error {
            ExecuteError::Deadline => Self::Timeout,
            ExecuteError::Index(error) => Self::Internal(error.to_string()),
        }
    }
}

impl From<crate::index::IndexError> for SearchError {
    fn from(error: crate::index::IndexError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<query::TooLong> for SearchError {
    fn from(error: query::TooLong) -> Self {
        let (de, en) = error.of;
        Self::QueryTooLong {
            detail: format!("Die Suche ist zu lang: höchstens {} {de}.", error.max),
            detail_en: format!("The query is too long: at most {} {en}.", error.max),
        }
    }
}
