//! The facets of an answer: which values are listed, with their counts.

use std::{cmp::Ordering, collections::BTreeMap};

use super::{
    request::{FacetChoice, SearchRequest},
    response::FacetValue,
};
use crate::{
    index::{collect::Collected, snapshot::Snapshot},
    model::{
        facet::{FACETS, Facet, GROUP_EXAMPLES, Logic, NONE},
        vocabulary::{Language, Vocabulary},
    },
};

/// Values listed for one facet; open ones (keywords, places) are cut.
const FACET_VALUES_MAX: usize = 64;

/// By facet, its values, and how many more there are than are listed.
pub(super) type Facets = (BTreeMap<String, Vec<FacetValue>>, BTreeMap<String, u64>);

/// The facets that a request asks for.
pub(super) fn facets(snapshot: &Snapshot, request: &SearchRequest, collected: &Collected) -> Facets {
    let (mut facets, mut more) = (BTreeMap::new(), BTreeMap::new());
    let mut open = open_values(snapshot, collected);
    for (number, facet) in FACETS.iter().enumerate() {
        if let FacetChoice::Only(names) = &request.facets
            && !names.contains(&facet.parameter)
        {
            continue;
        }
        let ticked = request.filters.terms.get(facet.parameter).map(Vec::as_slice).unwrap_or_default();
        let number = number as u8;
        let mut list =
            List { snapshot, collected, facet, number, language: request.language, ticked, values: Vec::new() };
        let mut listed = 0;
        match (facet.vocabulary.and_then(|name| snapshot.reference.vocabularies.get(name)), facet.logic) {
            (Some(vocabulary), _) => list.terms(vocabulary),
            (None, Logic::Contains) => list.group_sizes(),
            (None, _) => listed = list.open(open.remove(&number).unwrap_or_default()),
        }
        let mut values = list.values;
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

/// By facet without vocabulary: its most frequent values.
fn open_values(snapshot: &Snapshot, collected: &Collected) -> BTreeMap<u8, Frequent> {
    let is_open = |facet: &Facet| facet.vocabulary.is_none() && facet.logic != Logic::Contains;
    let mut open: Vec<Option<Frequent>> = FACETS.iter().map(|it| is_open(it).then(Frequent::default)).collect();
    for number in collected.counts.counted() {
        if let Some(frequent) = &mut open[usize::from(snapshot.value_facets[*number as usize])] {
            frequent.add(collected.counts.of(*number), snapshot.facet_place(*number));
        }
    }
    (0..).zip(open).filter_map(|(facet, frequent)| Some((facet, frequent?))).collect()
}

/// The most frequent values of a facet, each with its count and its place among all; ties by the place.
#[derive(Default)]
struct Frequent {
    values: Vec<(u64, usize)>,
    /// How many values any hit has.
    listed: usize,
    /// The last that would be listed when it was last looked for.
    limit: Option<(u64, usize)>,
}

impl Frequent {
    fn add(&mut self, count: u64, place: usize) {
        self.listed += 1;
        if self.limit.is_some_and(|limit| Self::order(&(count, place), &limit).is_gt()) {
            return;
        }
        self.values.push((count, place));
        if self.values.len() == 2 * FACET_VALUES_MAX {
            self.values.select_nth_unstable_by(FACET_VALUES_MAX - 1, Self::order);
            self.values.truncate(FACET_VALUES_MAX);
            self.limit = self.values.last().copied();
        }
    }

    /// Those that are listed, in order.
    fn finish(mut self) -> Vec<(u64, usize)> {
        self.values.sort_unstable_by(Self::order);
        self.values.truncate(FACET_VALUES_MAX);
        self.values
    }

    fn order(a: &(u64, usize), b: &(u64, usize)) -> Ordering {
        b.0.cmp(&a.0).then(a.1.cmp(&b.1))
    }
}

/// The values of one facet, as they are put together.
struct List<'a> {
    snapshot: &'a Snapshot,
    collected: &'a Collected,
    facet: &'static Facet,
    number: u8,
    language: Language,
    ticked: &'a [String],
    values: Vec<FacetValue>,
}

impl List<'_> {
    /// Lists a value that any hit has, or that is ticked.
    fn push(&mut self, value: &str, label: Option<&str>, count: u64) {
        let selected = self.ticked.iter().any(|ticked| ticked == value);
        if count > 0 || selected {
            let label = label.map_or_else(|| unlisted(self.facet, value, self.language), str::to_owned);
            self.values.push(FacetValue { value: value.to_owned(), label, count, selected });
        }
    }

    fn count(&self, value: &str) -> u64 {
        self.snapshot.facet_number(self.number, value).map_or(0, |number| self.collected.counts.of(number))
    }

    fn terms(&mut self, vocabulary: &Vocabulary) {
        for (term, number) in vocabulary.terms.iter().zip(self.snapshot.term_numbers(self.number)) {
            let count = number.map_or(0, |number| self.collected.counts.of(number));
            self.push(&term.id, Some(term.label(self.language)), count);
        }
        self.push(NONE, None, self.count(NONE));
    }

    fn group_sizes(&mut self) {
        let mut numbers: Vec<u32> = GROUP_EXAMPLES.to_vec();
        numbers.extend(self.ticked.iter().filter_map(|value| value.parse::<u32>().ok()));
        numbers.sort_unstable();
        numbers.dedup();
        for number in numbers {
            let value = number.to_string();
            let asked = || self.collected.participants.get(&number).copied().unwrap_or(0);
            let count = if GROUP_EXAMPLES.contains(&number) { self.count(&value) } else { asked() };
            self.push(&value, None, count);
        }
        self.push(NONE, None, self.count(NONE));
    }

    /// Lists the most frequent of these values; gives how many there are.
    fn open(&mut self, frequent: Frequent) -> usize {
        let all = self.snapshot.facet_values(self.number);
        let listed = frequent.listed;
        let open = frequent.finish();
        for (count, at) in &open {
            self.push(&all[*at].1, None, *count);
        }
        // A ticked value is shown even where it is rare or nobody has it: it is why the list is short.
        for value in self.ticked {
            if !open.iter().any(|(_, at)| *all[*at].1 == **value) {
                self.push(value, None, self.count(value));
            }
        }
        listed
    }
}

/// How people read a value that no vocabulary lists.
fn unlisted(facet: &Facet, value: &str, language: Language) -> String {
    match (facet.logic, value.parse()) {
        _ if value == NONE => language.say("keine Angabe", "not stated").to_owned(),
        (Logic::Contains, Ok(number)) => {
            let (about, people) = (language.say("etwa", "about"), language.say("Menschen", "people"));
            format!("{about} {} {people}", language.number(number))
        }
        _ => value.to_owned(),
    }
}
