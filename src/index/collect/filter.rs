//! Which hits of a segment pass one filter.

use super::{Filter, Pass};
use crate::index::{docset::DocSet, snapshot::Segment};

/// Those of `hits`, documents of the segment, that pass.
pub(super) fn passing(filter: &Filter, segment: &Segment, hits: &DocSet) -> DocSet {
    let columns = &segment.columns;
    let such = |passes: &dyn Fn(usize) -> bool| {
        let mut passing = DocSet::new(segment.docs.len());
        hits.iter().filter(|doc| passes(*doc as usize)).for_each(|doc| passing.insert(doc));
        passing
    };
    match &filter.pass {
        Pass::Values(values) => with_value(values, segment, hits),
        Pass::Participants { numbers, none } => such(&|doc| {
            let (low, high) = columns.participants[doc];
            if low > high { *none } else { numbers.iter().any(|number| (low..=high).contains(number)) }
        }),
        Pass::YearFrom(year) => such(&|doc| {
            let (first, last) = columns.years[doc];
            first <= last && last >= *year
        }),
        Pass::YearTo(year) => such(&|doc| {
            let (first, last) = columns.years[doc];
            first <= last && first <= *year
        }),
        Pass::Docs(docs) => {
            let mut passing = DocSet::new(segment.docs.len());
            let of_segment = docs.iter().filter(|doc| segment.docs.contains(doc));
            of_segment.for_each(|doc| passing.insert(doc - segment.docs.start));
            passing.retain_all(hits);
            passing
        }
    }
}

/// Those of `hits` that are found at any of these facet values.
fn with_value(values: &[u32], segment: &Segment, hits: &DocSet) -> DocSet {
    let columns = &segment.columns;
    let mut passing = DocSet::new(segment.docs.len());
    let mut rare: Vec<u32> = Vec::new();
    for value in values {
        match columns.frequent_facet(*value) {
            Some(docs) => passing.insert_all(docs),
            None => rare.push(*value),
        }
    }
    passing.retain_all(hits);
    if !rare.is_empty() {
        let found = |doc: &u32| columns.rare_facets(*doc).iter().any(|value| rare.contains(value));
        hits.iter().filter(found).for_each(|doc| passing.insert(doc));
    }
    passing
}
