//! Formats one after another: a participation process with its phases, its sums, and what is known about the
//! combination. Pure; the caller brings the entries.

use super::response::{EntryView, ResolvedRelation};
use crate::model::{
    kind::{Kind, RelationType},
    profile::FormatProfile,
    vocabulary::{Vocabularies, Vocabulary},
};

/// Vocabulary of the phases, in the order in which they come.
const PHASES: &str = "phases";
/// Formats suggested in addition; more are a list nobody reads.
const SUGGESTED: usize = 5;

/// A process.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Process {
    /// One for each entry, in the order given.
    pub steps: Vec<Step>,
    /// Minutes of all events together.
    pub minutes: Sum,
    /// Euros of all formats together.
    pub cost_eur: Sum,
    /// The longest lead time, weeks: fewest and most; preparations overlap, so they are not added up.
    pub lead_time_weeks: Option<(u32, Option<u32>)>,
    /// Phases, by id, that none of the formats is made for.
    pub open_phases: Vec<String>,
    /// What is known about pairs of these formats.
    pub hints: Vec<Hint>,
    /// Formats that are known to go with these, the best known first.
    pub suggestions: Vec<ResolvedRelation>,
}

/// One format in a process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Phase it serves here, by id; none where the entry names no phase.
    pub phase: Option<String>,
    /// Whether all phases it is made for have passed at this point.
    pub late: bool,
}

/// A sum of ranges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Sum of the smallest values.
    pub min: u64,
    /// Sum of the largest values; none where one of them has no limit.
    pub max: Option<u64>,
    /// How many formats say nothing about it.
    pub unstated: usize,
}

/// What is known about two formats of a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The earlier one, by its place.
    pub first: usize,
    /// The later one.
    pub second: usize,
    /// What it is.
    pub kind: HintKind,
    /// Remark of the editors.
    pub note: Option<String>,
}

/// What is known about two formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HintKind {
    /// They are usually the other way round.
    WrongOrder,
    /// One can stand for the other.
    Alternatives,
    /// They go well together.
    Combine,
    /// The second usually follows the first.
    Follows,
}

/// The process that these entries make in this order. Only formats can be steps; callers leave the rest out.
pub fn process(entries: &[EntryView], vocabularies: &Vocabularies) -> Process {
    let Some(phases) = vocabularies.get(PHASES) else { return Process::default() };
    let formats: Vec<&FormatProfile> = entries.iter().filter_map(|view| view.public.entry.as_format()).collect();
    let open = phases
        .terms
        .iter()
        .filter(|term| entries.iter().all(|view| !view.public.entry.common.phases.contains(&term.id)));
    Process {
        steps: steps(entries, phases),
        minutes: sum(&formats, |it| (it.duration_minutes_min, it.duration_minutes_max)),
        cost_eur: sum(&formats, |it| (it.cost_eur_min, it.cost_eur_max)),
        lead_time_weeks: longest_lead_time(&formats),
        open_phases: open.map(|term| term.id.clone()).collect(),
        hints: hints(entries),
        suggestions: suggestions(entries),
    }
}

/// The places of these entries in the order of their phases: by the first phase each serves, then by its last.
pub fn by_phase(entries: &[EntryView], vocabularies: &Vocabularies) -> Vec<usize> {
    let rank = |view: &EntryView| {
        let phases = vocabularies.get(PHASES);
        let ranks = view.public.entry.common.phases.iter().filter_map(|phase| phases?.rank(phase));
        let ranks: Vec<usize> = ranks.collect();
        // What names no phase comes last, where it is in nobody's way.
        (ranks.iter().min().copied().unwrap_or(usize::MAX), ranks.iter().max().copied().unwrap_or(usize::MAX))
    };
    let mut places: Vec<usize> = (0..entries.len()).collect();
    places.sort_by_key(|place| rank(&entries[*place]));
    places
}

/// Gives each format the earliest of its phases that is not over yet.
fn steps(entries: &[EntryView], phases: &Vocabulary) -> Vec<Step> {
    let mut now = 0;
    let step = |view: &EntryView| {
        let mut ranks: Vec<usize> =
            view.public.entry.common.phases.iter().filter_map(|phase| phases.rank(phase)).collect();
        ranks.sort_unstable();
        let next = ranks.iter().find(|rank| **rank >= now).copied();
        let Some(rank) = next.or(ranks.last().copied()) else { return Step::default() };
        now = now.max(rank);
        Step { phase: Some(phases.terms[rank].id.clone()), late: next.is_none() }
    };
    entries.iter().map(step).collect()
}

fn sum(formats: &[&FormatProfile], range: fn(&FormatProfile) -> (Option<u32>, Option<u32>)) -> Sum {
    let mut sum = Sum { max: Some(0), ..Sum::default() };
    for format in formats {
        match range(format) {
            (None, None) => sum.unstated += 1,
            (min, max) => {
                sum.min += u64::from(min.unwrap_or(0));
                sum.max = sum.max.zip(max).map(|(sum, max)| sum + u64::from(max));
            }
        }
    }
    sum
}

fn longest_lead_time(formats: &[&FormatProfile]) -> Option<(u32, Option<u32>)> {
    let stated = formats.iter().filter_map(|it| match (it.lead_time_weeks_min, it.lead_time_weeks_max) {
        (None, None) => None,
        (min, max) => Some((min.or(max).unwrap_or(0), max)),
    });
    stated.reduce(|a, b| (a.0.max(b.0), a.1.zip(b.1).map(|(a, b)| a.max(b))))
}

fn hints(entries: &[EntryView]) -> Vec<Hint> {
    let mut hints = Vec::new();
    for (first, earlier) in entries.iter().enumerate() {
        for (second, later) in entries.iter().enumerate().skip(first + 1) {
            let known = earlier.relations.iter().filter(|relation| relation.target == later.public.id);
            let known = known.filter_map(|relation| Some((hint_kind(relation)?, relation.note.clone())));
            // The same pair may be known from both sides; the gravest says it, with a note where there is one.
            let best = known.min_by_key(|(kind, note)| (*kind, note.is_none()));
            hints.extend(best.map(|(kind, note)| Hint { first, second, kind, note }));
        }
    }
    hints
}

/// What a relation of the earlier format to the later one says about their order.
fn hint_kind(relation: &ResolvedRelation) -> Option<HintKind> {
    let is = |kind: RelationType| relation.relation == kind.id();
    if is(RelationType::Follows) {
        Some(HintKind::WrongOrder)
    } else if relation.relation == RelationType::Follows.inverse_id() {
        Some(HintKind::Follows)
    } else if is(RelationType::AlternativeTo) {
        Some(HintKind::Alternatives)
    } else if is(RelationType::CombinesWith) {
        Some(HintKind::Combine)
    } else {
        None
    }
}

fn suggestions(entries: &[EntryView]) -> Vec<ResolvedRelation> {
    let mut counted: Vec<(usize, ResolvedRelation)> = Vec::new();
    for relation in entries.iter().flat_map(|view| &view.relations) {
        let goes_with = matches!(hint_kind(relation), Some(HintKind::Combine | HintKind::Follows));
        let there = entries.iter().any(|view| view.public.id == relation.target);
        if relation.kind != Kind::Format || !goes_with || there {
            continue;
        }
        match counted.iter_mut().find(|(_, known)| known.target == relation.target) {
            Some((count, _)) => *count += 1,
            None => counted.push((1, relation.clone())),
        }
    }
    counted.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.title.cmp(&b.1.title)));
    counted.into_iter().take(SUGGESTED).map(|(_, relation)| relation).collect()
}
