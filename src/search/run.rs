//! One search, from the request to the answer. Everything that searches comes through here.

use std::time::Instant;

use super::{
    facets::facets,
    hit::Marker,
    offers,
    request::{Filters, SearchRequest, Sort},
    response::*,
    service::{Context, SearchError},
    understand::{Understood, understand},
};
use crate::{
    index::{
        collect::{self, Filter, Order, Pass, collect},
        execute::{ExecuteError, Found, Scored, execute},
        snapshot::Snapshot,
    },
    model::facet::{self, Logic, NONE},
    query::{self, Notice},
};

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
