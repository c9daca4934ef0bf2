//! From hits to an answer: filters, totals, all facets, and the best of the hits, in one walk over them.
//!
//! A facet is counted as if its own filter were absent: a hit that only one filter refuses counts for the facet of that
//! filter and for no other.

use std::{cmp::Ordering, collections::BTreeMap};

use super::{
    columns::DocSet,
    execute::{Found, Scored},
    snapshot::{Doc, Segment, Snapshot},
};

/// Filters in the numbers of a snapshot.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    /// Active filters; a hit must pass each.
    pub active: Vec<Filter>,
    /// Filters to count with, each set in place of the active ones of the same names.
    pub offered: Vec<Vec<Filter>>,
}

/// One active filter.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Parameter.
    pub name: &'static str,
    /// Facet it belongs to, by number in `FACETS`.
    pub facet: Option<u8>,
    /// What passes.
    pub pass: Pass,
}

/// What passes a filter.
#[derive(Clone, Debug)]
pub enum Pass {
    /// Documents at which any of these facet values is found.
    Values(Vec<u32>),
    /// Documents whose range of participants contains any of these numbers; or that state none.
    Participants {
        /// The numbers.
        numbers: Vec<u32>,
        /// Whether "not stated" passes too.
        none: bool,
    },
    /// Documents that speak of this year or a later one.
    YearFrom(i32),
    /// Documents that speak of this year or an earlier one.
    YearTo(i32),
    /// These documents.
    Docs(Vec<Doc>),
}

/// Order of hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Best first; without a query, by title.
    Relevance {
        /// Strict hits before relaxed ones.
        strict_first: bool,
    },
    /// Last changed first.
    Updated,
    /// Last published first.
    Published,
    /// By title.
    Title,
    /// In the order of the documents asked for.
    AsAsked,
}

/// What the walk gives.
#[derive(Debug, Default)]
pub struct Collected {
    /// Hits that pass all filters.
    pub total: u64,
    /// Strict ones among them.
    pub total_strict: u64,
    /// For each active filter: hits if it alone were absent.
    pub without: Vec<(&'static str, u64)>,
    /// Count of each facet value, by its number in the facet space.
    pub counts: Vec<u64>,
    /// Count of each number of participants that is asked for.
    pub participants: BTreeMap<u32, u64>,
    /// For each offered set: hits with it.
    pub offered: Vec<u64>,
    /// The hits asked for, in order.
    pub hits: Vec<Scored>,
}

/// Walks over the hits once.
pub fn collect(
    snapshot: &Snapshot,
    found: &Found,
    filters: &Filters,
    order: Order,
    skip: usize,
    take: usize,
) -> Collected {
    let value_facets = &snapshot.value_facets;
    let mut counts = vec![0_u64; value_facets.len()];
    let mut without = vec![0_u64; filters.active.len()];
    let mut passed: Vec<Scored> = Vec::new();
    let mut participants = BTreeMap::new();
    let selected = Selected::new(&filters.active, value_facets.len());
    let mut offered: Vec<Offered<'_>> =
        filters.offered.iter().map(|set| Offered::new(set, &filters.active, value_facets.len())).collect();
    let mut segment_number = 0;
    // By segment: the hits that pass all filters, and for each filter those that fail it alone.
    let no_docs = |segment: &Segment| vec![DocSet::new(segment.docs.len()); 1 + filters.active.len()];
    let mut sets: Vec<Vec<DocSet>> = snapshot.segments.iter().map(no_docs).collect();
    for hit in &found.hits {
        while snapshot.segments[segment_number].docs.end <= hit.doc {
            segment_number += 1;
        }
        let segment = &snapshot.segments[segment_number];
        let local = hit.doc - segment.docs.start;
        let facets = segment.columns.facets(local);
        for offered in &mut offered {
            offered.count += u64::from(offered.passes(filters, &selected, hit.doc, local, segment, facets));
        }
        let mut failed = None;
        let mut failures = 0;
        for (number, filter) in filters.active.iter().enumerate() {
            if !selected.passes(number, filter, hit.doc, local, segment, facets) {
                failed = Some(number);
                failures += 1;
                if failures > 1 {
                    break;
                }
            }
        }
        if let Some((number, numbers)) = asked_participants(filters)
            && (failures == 0 || failures == 1 && failed == Some(number))
        {
            let (low, high) = segment.columns.participants[local as usize];
            numbers
                .iter()
                .filter(|number| (low..=high).contains(number))
                .for_each(|number| *participants.entry(*number).or_default() += 1);
        }
        match (failures, failed) {
            (0, _) => {
                passed.push(*hit);
                sets[segment_number][0].insert(local);
                segment.columns.rare_facets(local).iter().for_each(|value| counts[*value as usize] += 1);
            }
            (1, Some(number)) => {
                without[number] += 1;
                if let Some(facet) = filters.active[number].facet {
                    sets[segment_number][1 + number].insert(local);
                    let rare = segment.columns.rare_facets(local).iter();
                    let of_facet = rare.filter(|value| value_facets[**value as usize] == facet);
                    of_facet.for_each(|value| counts[*value as usize] += 1);
                }
            }
            _ => {}
        }
    }
    for (segment, sets) in snapshot.segments.iter().zip(&sets) {
        for (value, docs) in segment.columns.frequent_facets() {
            let facet = value_facets[*value as usize];
            let own = filters.active.iter().position(|filter| filter.facet == Some(facet));
            let alone = own.map_or(0, |number| sets[1 + number].count_common(docs));
            counts[*value as usize] += sets[0].count_common(docs) + alone;
        }
    }
    let total = passed.len() as u64;
    Collected {
        total,
        total_strict: passed.iter().filter(|hit| hit.strict).count() as u64,
        without: filters.active.iter().zip(without).map(|(filter, count)| (filter.name, count + total)).collect(),
        counts,
        participants,
        offered: offered.into_iter().map(|offered| offered.count).collect(),
        hits: best(snapshot, passed, filters, order, skip, take),
    }
}

/// The filter by participants and the numbers it asks for.
fn asked_participants(filters: &Filters) -> Option<(usize, &[u32])> {
    filters.active.iter().enumerate().find_map(|(number, filter)| match &filter.pass {
        Pass::Participants { numbers, .. } => Some((number, numbers.as_slice())),
        _ => None,
    })
}

/// Which values are ticked, by filter, for a look-up without search.
struct Selected {
    flags: Vec<Vec<bool>>,
}

impl Selected {
    fn new(filters: &[Filter], value_count: usize) -> Self {
        let flags = filters.iter().map(|filter| match &filter.pass {
            Pass::Values(numbers) => {
                let mut flags = vec![false; value_count];
                numbers.iter().for_each(|number| flags[*number as usize] = true);
                flags
            }
            _ => Vec::new(),
        });
        Self { flags: flags.collect() }
    }

    fn passes(&self, number: usize, filter: &Filter, doc: Doc, local: u32, segment: &Segment, facets: &[u32]) -> bool {
        let columns = &segment.columns;
        match &filter.pass {
            Pass::Values(_) => facets.iter().any(|value| self.flags[number][*value as usize]),
            Pass::Participants { numbers, none } => {
                let (low, high) = columns.participants[local as usize];
                if low > high { *none } else { numbers.iter().any(|number| (low..=high).contains(number)) }
            }
            Pass::YearFrom(year) => {
                let (first, last) = columns.years[local as usize];
                first <= last && last >= *year
            }
            Pass::YearTo(year) => {
                let (first, last) = columns.years[local as usize];
                first <= last && first <= *year
            }
            Pass::Docs(docs) => docs.contains(&doc),
        }
    }
}

/// A set of filters in place of the active ones of the same names, and how many hits pass.
struct Offered<'a> {
    set: &'a [Filter],
    selected: Selected,
    /// The active filters that stay, by number.
    kept: Vec<usize>,
    count: u64,
}

impl<'a> Offered<'a> {
    fn new(set: &'a [Filter], active: &[Filter], value_count: usize) -> Self {
        let kept = |filter: &Filter| set.iter().all(|offered| offered.name != filter.name);
        Self {
            set,
            selected: Selected::new(set, value_count),
            kept: (0..active.len()).filter(|number| kept(&active[*number])).collect(),
            count: 0,
        }
    }

    fn passes(
        &self,
        filters: &Filters,
        active: &Selected,
        doc: Doc,
        local: u32,
        segment: &Segment,
        facets: &[u32],
    ) -> bool {
        let of =
            |selected: &Selected, number: usize, filter| selected.passes(number, filter, doc, local, segment, facets);
        self.kept.iter().all(|number| of(active, *number, &filters.active[*number]))
            && self.set.iter().enumerate().all(|(number, filter)| of(&self.selected, number, filter))
    }
}

/// The hits `skip..skip + take` of the order; ties are stable by id.
fn best(
    snapshot: &Snapshot,
    mut hits: Vec<Scored>,
    filters: &Filters,
    order: Order,
    skip: usize,
    take: usize,
) -> Vec<Scored> {
    let wanted = skip.saturating_add(take);
    if take == 0 || skip >= hits.len() {
        return Vec::new();
    }
    let asked = filters.active.iter().find_map(|filter| match &filter.pass {
        Pass::Docs(docs) => Some(docs.as_slice()),
        _ => None,
    });
    let compare = |a: &Scored, b: &Scored| compare(snapshot, order, asked.unwrap_or_default(), a, b);
    if wanted < hits.len() {
        hits.select_nth_unstable_by(wanted - 1, compare);
        hits.truncate(wanted);
    }
    hits.sort_unstable_by(compare);
    hits.drain(..skip);
    hits
}

fn compare(snapshot: &Snapshot, order: Order, asked: &[Doc], a: &Scored, b: &Scored) -> Ordering {
    let first = match order {
        Order::Relevance { strict_first } => {
            let strict = if strict_first { b.strict.cmp(&a.strict) } else { Ordering::Equal };
            strict
                .then(b.score.total_cmp(&a.score))
                .then_with(|| if a.score == 0.0 { title(snapshot, a).cmp(title(snapshot, b)) } else { Ordering::Equal })
        }
        Order::Updated => of(snapshot, b, |columns| &columns.updated).cmp(&of(snapshot, a, |columns| &columns.updated)),
        Order::Published => {
            of(snapshot, b, |columns| &columns.published).cmp(&of(snapshot, a, |columns| &columns.published))
        }
        Order::Title => title(snapshot, a).cmp(title(snapshot, b)),
        Order::AsAsked => {
            let place = |hit: &Scored| asked.iter().position(|doc| *doc == hit.doc);
            place(a).cmp(&place(b))
        }
    };
    first.then_with(|| snapshot.id(a.doc).cmp(&snapshot.id(b.doc)))
}

fn of(snapshot: &Snapshot, hit: &Scored, column: fn(&super::columns::Columns) -> &Vec<i64>) -> i64 {
    let (segment, local) = snapshot.locate(hit.doc);
    column(&segment.columns)[local as usize]
}

fn title<'a>(snapshot: &'a Snapshot, hit: &Scored) -> &'a str {
    let (segment, local) = snapshot.locate(hit.doc);
    &segment.columns.title_keys[local as usize]
}
