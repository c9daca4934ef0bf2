//! From hits to an answer: filters, totals, all facets, and the best of the hits.
//!
//! A facet is counted as if its own filter were absent: a hit that only one filter refuses counts for the facet of that
//! filter and for no other. Hits and filters are sets of documents, a bit each, so that 64 hits are filtered in one step.

mod best;
mod counts;
mod filter;

use std::collections::BTreeMap;

use self::{best::Best, filter::passing};
use super::{
    docset::DocSet,
    execute::{Found, Scored},
    snapshot::{Doc, Segment, Snapshot},
};

pub use counts::Counts;

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

/// What is left of the hits.
#[derive(Debug, Default)]
pub struct Collected {
    /// Hits that pass all filters.
    pub total: u64,
    /// Strict ones among them.
    pub total_strict: u64,
    /// For each active filter: hits if it alone were absent.
    pub without: Vec<(&'static str, u64)>,
    /// Count of each facet value, by its number in the facet space.
    pub counts: Counts,
    /// Count of each number of participants that is asked for.
    pub participants: BTreeMap<u32, u64>,
    /// For each offered set: hits with it.
    pub offered: Vec<u64>,
    /// The hits asked for, in order.
    pub hits: Vec<Scored>,
}

/// Filters and counts the hits, and puts the best in order.
pub fn collect(
    snapshot: &Snapshot,
    found: &Found,
    filters: &Filters,
    order: Order,
    skip: usize,
    take: usize,
) -> Collected {
    let mut collected = Collected {
        counts: Counts::new(snapshot.value_facets.len()),
        offered: vec![0; filters.offered.len()],
        ..Collected::default()
    };
    let mut alone = vec![0; filters.active.len()];
    let mut best = Best::new(snapshot, filters, order, skip, take);
    let mut left = found.hits.as_slice();
    for segment in &snapshot.segments {
        let (hits, rest) = left.split_at(left.partition_point(|hit| hit.doc < segment.docs.end));
        left = rest;
        let of_segment = Hits::new(segment, hits, filters);
        of_segment.count(snapshot, filters, &mut collected);
        for (count, refused) in alone.iter_mut().zip(&of_segment.refused) {
            *count += refused.count();
        }
        for hit in hits.iter().filter(|hit| of_segment.passed.contains(hit.doc - segment.docs.start)) {
            collected.total += 1;
            collected.total_strict += u64::from(hit.strict);
            best.add(*hit);
        }
    }
    let total = collected.total;
    collected.without = filters.active.iter().zip(alone).map(|(filter, alone)| (filter.name, alone + total)).collect();
    collected.hits = best.finish();
    collected
}

/// The hits of one segment, told apart by the filters.
struct Hits<'a> {
    segment: &'a Segment,
    all: DocSet,
    /// For each active filter: those that pass it.
    passing: Vec<DocSet>,
    /// Those that pass all of them.
    passed: DocSet,
    /// For each active filter: those that it alone refuses.
    refused: Vec<DocSet>,
}

impl<'a> Hits<'a> {
    fn new(segment: &'a Segment, hits: &[Scored], filters: &Filters) -> Self {
        let mut all = DocSet::new(segment.docs.len());
        hits.iter().for_each(|hit| all.insert(hit.doc - segment.docs.start));
        let passing: Vec<DocSet> = filters.active.iter().map(|filter| passing(filter, segment, &all)).collect();
        // Those that any filter refuses, and those that a second one refuses as well.
        let (mut any, mut several) = (DocSet::new(segment.docs.len()), DocSet::new(segment.docs.len()));
        for passing in &passing {
            let mut refused = all.clone();
            refused.remove_all(passing);
            let mut again = refused.clone();
            again.retain_all(&any);
            several.insert_all(&again);
            any.insert_all(&refused);
        }
        let refused = passing.iter().map(|passing| {
            let mut refused = all.clone();
            refused.remove_all(passing);
            refused.remove_all(&several);
            refused
        });
        let refused = refused.collect();
        let mut passed = all.clone();
        passed.remove_all(&any);
        Self { segment, all, passing, passed, refused }
    }

    /// Counts facet values, participants asked for, and what is offered.
    fn count(&self, snapshot: &Snapshot, filters: &Filters, collected: &mut Collected) {
        let columns = &self.segment.columns;
        let facets = &snapshot.value_facets;
        let Collected { counts, participants, offered, .. } = collected;
        for doc in self.passed.iter() {
            columns.rare_facets(doc).iter().for_each(|value| counts.add(*value, 1));
        }
        for (filter, refused) in filters.active.iter().zip(&self.refused) {
            let Some(facet) = filter.facet else { continue };
            for doc in refused.iter() {
                let of_facet = columns.rare_facets(doc).iter().filter(|value| facets[**value as usize] == facet);
                of_facet.for_each(|value| counts.add(*value, 1));
            }
        }
        for (value, docs) in columns.frequent_facets() {
            let facet = facets[*value as usize];
            let own = filters.active.iter().position(|filter| filter.facet == Some(facet));
            let alone = own.map_or(0, |number| self.refused[number].count_common(docs));
            counts.add(*value, (self.passed.count_common(docs) + alone) as u32);
        }
        if let Some((number, numbers)) = asked_participants(filters) {
            for doc in self.passed.iter().chain(self.refused[number].iter()) {
                let (low, high) = columns.participants[doc as usize];
                for number in numbers.iter().filter(|number| (low..=high).contains(number)) {
                    *participants.entry(*number).or_default() += 1;
                }
            }
        }
        for (set, count) in filters.offered.iter().zip(offered) {
            *count += self.with(set, filters).count();
        }
    }

    /// Those that pass a set of filters in place of the active ones of the same names.
    fn with(&self, set: &[Filter], filters: &Filters) -> DocSet {
        let mut left = self.all.clone();
        for (filter, passing) in filters.active.iter().zip(&self.passing) {
            if set.iter().all(|offered| offered.name != filter.name) {
                left.retain_all(passing);
            }
        }
        set.iter().for_each(|filter| left = passing(filter, self.segment, &left));
        left
    }
}

/// The filter by participants and the numbers it asks for.
fn asked_participants(filters: &Filters) -> Option<(usize, &[u32])> {
    filters.active.iter().enumerate().find_map(|(number, filter)| match &filter.pass {
        Pass::Participants { numbers, .. } => Some((number, numbers.as_slice())),
        _ => None,
    })
}
