//! What a format is worth for a question: a verdict on each criterion asked for, and one number from all of them.
//!
//! ```text
//! score = Σ weight · value / Σ weight, over what was asked and what counts by itself
//!         · impossible, once for each criterion that is beyond all bounds
//! ```
//!
//! What was not asked does not count. A miss is worth nothing, so a further criterion that one format fits and another
//! misses never turns their order round to the disadvantage of the first.

use super::{
    Criterion, Question,
    weights::{Neighbours, Weights},
};
use crate::{
    index::{
        snapshot::Snapshot,
        traits::{Numbers, Span, Traits},
    },
    model::{
        facet,
        kind::{ConflictSuitability, MethodLevel},
        vocabulary::{Vocabularies, Vocabulary},
    },
};

/// How a format meets a criterion; the better first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It does.
    Fits,
    /// Not quite: in part, or nearly.
    Partly,
    /// It does not.
    Misses,
    /// Nobody stated it.
    Unstated,
}

/// The verdict on one criterion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    /// On what.
    pub criterion: Criterion,
    /// How.
    pub verdict: Verdict,
    /// What it is worth, 0 to 1.
    pub value: f32,
    /// Beyond all bounds: 200 people in a method for 12.
    pub impossible: bool,
}

/// A format as far as advice looks at it.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// What it states.
    pub traits: &'a Traits,
    /// Fewest and most people, `u32::MAX` for no limit.
    pub participants: Option<(u32, u32)>,
    /// Cases that made use of it.
    pub uses: u32,
}

impl<'a> Candidate<'a> {
    /// A format; in its range of people the first is larger than the second where nothing is stated.
    pub fn new(traits: &'a Traits, (low, high): (u32, u32), uses: u32) -> Self {
        Self { traits, participants: (low <= high).then_some((low, high)), uses }
    }
}

/// A question in the numbers of a snapshot.
pub(super) struct Prepared<'a> {
    /// What is asked, in the order of [`Criterion`].
    pub(super) demands: Vec<(Criterion, Demand<'a>)>,
    weights: &'a Weights,
    levels: &'a std::collections::BTreeMap<MethodLevel, f32>,
    /// What levels are worth by themselves; none where the question says how much of a say is wanted.
    say: Option<Vec<(u32, f32)>>,
    facet_of: &'a [u8],
}

/// What is asked of one criterion.
pub(super) enum Demand<'a> {
    Terms(Terms<'a>),
    People(u32),
    AtMost { vocabulary: &'a Vocabulary, class: usize, span: fn(&Numbers) -> Span },
    Conflict(ConflictSuitability),
}

/// Terms asked for.
pub(super) struct Terms<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) asked: Vec<Asked<'a>>,
    facet: u8,
    any: Option<u32>,
    /// Terms of the vocabulary, without the one that stands for all.
    size: usize,
}

/// A term asked for.
pub(super) struct Asked<'a> {
    /// Its id.
    pub(super) id: &'a str,
    number: Option<u32>,
    /// Neighbours and what they are worth.
    near: Vec<(u32, f32)>,
}

/// How a format states one term asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Match {
    pub(super) value: f32,
    pub(super) verdict: Verdict,
}

impl Terms<'_> {
    /// The terms asked for that are among those stated.
    pub(super) fn exact<'t>(&'t self, stated: &'t [u32]) -> impl Iterator<Item = &'t str> {
        let exact = self.asked.iter().filter(|asked| asked.number.is_some_and(|number| stated.contains(&number)));
        exact.map(|asked| asked.id)
    }

    /// The terms stated that are neighbours of one asked for.
    pub(super) fn neighbours(&self, stated: &[u32]) -> Vec<u32> {
        let near = |term: &u32| self.asked.iter().any(|asked| asked.near.iter().any(|(other, _)| other == term));
        stated.iter().copied().filter(near).collect()
    }

    /// Whether only the term that stands for all makes them fit.
    pub(super) fn all_by_any(&self, stated: &[u32]) -> bool {
        self.any.is_some_and(|any| stated.contains(&any)) && self.exact(stated).next().is_none()
    }
}

impl<'a> Prepared<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, question: &'a Question, weights: &'a Weights) -> Self {
        let vocabularies: &Vocabularies = &snapshot.reference.vocabularies;
        let mut demands = Vec::new();
        for criterion in Criterion::ALL {
            let demand = match criterion {
                Criterion::Participants => question.participants.map(Demand::People),
                Criterion::CostMax => at_most(vocabularies, *criterion, question, |numbers| numbers.euros),
                Criterion::DurationMax => at_most(vocabularies, *criterion, question, |numbers| numbers.minutes),
                Criterion::LeadTimeMax => at_most(vocabularies, *criterion, question, |numbers| numbers.weeks),
                Criterion::Conflict => question.situation().map(Demand::Conflict),
                _ => terms(snapshot, *criterion, question, weights).map(Demand::Terms),
            };
            demands.extend(demand.map(|demand| (*criterion, demand)));
        }
        let said =
            [Criterion::Purpose, Criterion::Level].iter().any(|criterion| question.terms.contains_key(criterion));
        let level = facet::facet(Criterion::Level.id()).map_or(0, |(number, _)| number as u8);
        let worth = weights.say.iter().filter_map(|(id, worth)| Some((snapshot.facet_number(level, id)?, *worth)));
        Self {
            demands,
            weights,
            levels: weights.occasion.levels(question),
            say: (!said).then(|| worth.collect()),
            facet_of: &snapshot.value_facets,
        }
    }

    /// The verdicts on a format, one for each criterion asked for.
    pub(super) fn judge(&self, candidate: Candidate<'_>) -> Vec<Judgement> {
        let judge = |(criterion, demand): &(Criterion, Demand<'_>)| {
            let (verdict, value, impossible) = match demand {
                Demand::Terms(terms) => self.terms(*criterion, terms, candidate.traits),
                Demand::People(people) => self.people(*people, candidate.participants),
                Demand::AtMost { vocabulary, class, span } => {
                    self.at_most(vocabulary, *class, span(&candidate.traits.numbers))
                }
                Demand::Conflict(situation) => self.conflict(*situation, candidate.traits.numbers.conflict),
            };
            Judgement { criterion: *criterion, verdict, value, impossible }
        };
        self.demands.iter().map(judge).collect()
    }

    /// One number from the verdicts, 0 to 1.
    pub(super) fn score(&self, candidate: Candidate<'_>, judgements: &[Judgement]) -> f32 {
        let Weights { weight, value, character, .. } = self.weights;
        let Numbers { method_level, legal_character, completeness, .. } = candidate.traits.numbers;
        let level = method_level.and_then(|level| self.levels.get(&level).copied()).unwrap_or(value.unstated);
        let free = legal_character.and_then(|of| character.get(&of).copied()).unwrap_or(1.0);
        // The first cases say more than the tenth.
        let used = candidate.uses as f32 / (candidate.uses as f32 + 2.0);
        let standing = 0.5 * f32::from(completeness) / 100.0 + 0.5 * used;
        let mut sum = weight.method_level * level + weight.character * free + weight.standing * standing;
        let mut total = weight.method_level + weight.character + weight.standing;
        if let Some(say) = &self.say {
            let stated = |number: &u32| candidate.traits.terms.contains(number);
            let most = say.iter().filter(|(number, _)| stated(number)).map(|(_, worth)| *worth).reduce(f32::max);
            sum += weight.say * most.unwrap_or(value.unstated);
            total += weight.say;
        }
        let mut left = 1.0;
        for judgement in judgements {
            let weight = weight.asked.get(&judgement.criterion).copied().unwrap_or_default();
            sum += weight * judgement.value;
            total += weight;
            if judgement.impossible {
                left *= self.weights.limit.impossible;
            }
        }
        left * sum / total
    }

    /// Numbers of the terms of a facet that a format states.
    pub(super) fn stated<'t>(&'t self, traits: &'t Traits, terms: &'t Terms<'_>) -> impl Iterator<Item = u32> + 't {
        traits.terms.iter().copied().filter(|term| self.facet_of.get(*term as usize) == Some(&terms.facet))
    }

    /// How a format states one term asked for; none where it states nothing at all.
    pub(super) fn term(
        &self,
        criterion: Criterion,
        terms: &Terms<'_>,
        asked: &Asked<'_>,
        traits: &Traits,
    ) -> Option<Match> {
        let Weights { value, specific, .. } = self.weights;
        let (mut place, mut named, mut any, mut near) = (None, 0_usize, false, 0.0_f32);
        for term in self.stated(traits, terms) {
            if Some(term) == terms.any {
                any = true;
                continue;
            }
            if Some(term) == asked.number {
                place = Some(named);
            }
            near =
                asked.near.iter().filter(|(other, _)| *other == term).fold(near, |near, (_, worth)| near.max(*worth));
            named += 1;
        }
        if named == 0 && !any {
            return None;
        }
        Some(if let Some(place) = place {
            let breadth = (named - 1) as f32 / (terms.size.max(2) - 1) as f32;
            let later = match place.checked_sub(1) {
                Some(further) if criterion == Criterion::Purpose => specific.main + specific.later * further as f32,
                _ => 0.0,
            };
            Match { value: (1.0 - specific.breadth * breadth - later).max(value.near), verdict: Verdict::Fits }
        } else if any {
            Match { value: value.any, verdict: Verdict::Fits }
        } else {
            let verdict = self.verdict(near);
            Match { value: near, verdict }
        })
    }

    fn terms(&self, criterion: Criterion, terms: &Terms<'_>, traits: &Traits) -> (Verdict, f32, bool) {
        let matches: Option<Vec<Match>> =
            terms.asked.iter().map(|asked| self.term(criterion, terms, asked, traits)).collect();
        let Some(matches) = matches else { return (Verdict::Unstated, self.weights.value.unstated, false) };
        let cover = self.weights.cover.get(&criterion).copied().unwrap_or_default();
        let best = matches.iter().map(|found| found.value).fold(0.0, f32::max);
        let mean = matches.iter().map(|found| found.value).sum::<f32>() / matches.len().max(1) as f32;
        let first = matches.iter().map(|found| found.verdict).min().unwrap_or(Verdict::Misses);
        let last = matches.iter().map(|found| found.verdict).max().unwrap_or(Verdict::Misses);
        let verdict = match (first, last) {
            (Verdict::Fits, last) if cover == 0.0 || last == Verdict::Fits => Verdict::Fits,
            (Verdict::Misses, _) => Verdict::Misses,
            _ => Verdict::Partly,
        };
        // Nobody can come to a room who was asked to a screen, nor the other way round.
        let impossible = criterion == Criterion::FormatType && verdict == Verdict::Misses;
        (verdict, cover * mean + (1.0 - cover) * best, impossible)
    }

    fn people(&self, people: u32, range: Option<(u32, u32)>) -> (Verdict, f32, bool) {
        let Weights { value, limit, .. } = self.weights;
        let Some((low, high)) = range else { return (Verdict::Unstated, value.unstated, false) };
        let ratio = |a: u32, b: u32| a.max(1) as f32 / b.max(1) as f32;
        let beyond = ratio(people, high).max(ratio(low, people));
        if beyond <= 1.0 {
            // Three powers of ten are as good as no limit.
            let width = if high == u32::MAX { 1.0 } else { (ratio(high, low).log10() / 3.0).clamp(0.0, 1.0) };
            return (Verdict::Fits, 1.0 - (1.0 - value.unlimited) * width, false);
        }
        if beyond <= limit.group_near {
            return (Verdict::Partly, value.near, false);
        }
        (Verdict::Misses, 0.0, beyond >= limit.group_far)
    }

    fn at_most(&self, vocabulary: &Vocabulary, class: usize, (low, high): Span) -> (Verdict, f32, bool) {
        let Weights { value, limit, .. } = self.weights;
        let Some((first, last)) = classes(vocabulary, (low, high)) else {
            return (Verdict::Unstated, value.unstated, false);
        };
        if last <= class {
            return (Verdict::Fits, 1.0, false);
        }
        if first <= class {
            let beyond = (last - class) as f32 / (last - first) as f32;
            return (Verdict::Fits, 1.0 - (1.0 - value.over) * beyond, false);
        }
        if first == class + 1 {
            return (Verdict::Partly, value.near, false);
        }
        (Verdict::Misses, 0.0, first - class >= limit.classes_far)
    }

    fn conflict(
        &self,
        situation: ConflictSuitability,
        suitability: Option<ConflictSuitability>,
    ) -> (Verdict, f32, bool) {
        let Some(suitability) = suitability else { return (Verdict::Unstated, self.weights.value.unstated, false) };
        let worth = self.weights.conflict.get(&situation).and_then(|row| row.get(&suitability)).copied();
        let value = worth.unwrap_or_default();
        let impossible = value == 0.0 && situation == ConflictSuitability::Escalated;
        (self.verdict(value), value, impossible)
    }

    fn verdict(&self, value: f32) -> Verdict {
        match value {
            value if value >= self.weights.value.fits_from => Verdict::Fits,
            value if value > 0.0 => Verdict::Partly,
            _ => Verdict::Misses,
        }
    }
}

/// First and last class of a range; an absent upper end is the lower one, which is how classes are derived everywhere.
pub(super) fn classes(vocabulary: &Vocabulary, (low, high): Span) -> Option<(usize, usize)> {
    let low = low.or(high)?;
    let first = vocabulary.class_of(u64::from(low))?;
    let last = vocabulary.class_of(u64::from(high.unwrap_or(low)))?;
    Some((first, last.max(first)))
}

fn at_most<'a>(
    vocabularies: &'a Vocabularies,
    criterion: Criterion,
    question: &Question,
    span: fn(&Numbers) -> Span,
) -> Option<Demand<'a>> {
    let vocabulary = vocabularies.get(criterion.vocabulary()?)?;
    let class = question.terms.get(&criterion)?.iter().filter_map(|id| vocabulary.rank(id)).max()?;
    Some(Demand::AtMost { vocabulary, class, span })
}

fn terms<'a>(
    snapshot: &'a Snapshot,
    criterion: Criterion,
    question: &'a Question,
    weights: &Weights,
) -> Option<Terms<'a>> {
    let asked = question.terms.get(&criterion)?;
    let vocabulary = snapshot.reference.vocabularies.get(criterion.vocabulary()?)?;
    let (facet, _) = facet::facet(criterion.id())?;
    let facet = facet as u8;
    let number = |id: &str| snapshot.facet_number(facet, id);
    let listed =
        if criterion == Criterion::FormatType { Some(&weights.format_type) } else { weights.near.get(&criterion) };
    let asked = asked.iter().map(|id| {
        let near = neighbours(vocabulary, id, listed, weights.value.near);
        let near = near.into_iter().filter_map(|(id, worth)| Some((number(id)?, worth))).collect();
        Asked { id, number: number(id), near }
    });
    let any = vocabulary.any.as_deref();
    Some(Terms {
        vocabulary,
        asked: asked.collect(),
        facet,
        any: any.and_then(number),
        size: vocabulary.terms.len() - usize::from(any.is_some()),
    })
}

/// Terms that nearly mean this one: those that the table lists, or those beside it where the order carries meaning.
fn neighbours<'a>(
    vocabulary: &'a Vocabulary,
    id: &str,
    listed: Option<&'a Neighbours>,
    near: f32,
) -> Vec<(&'a str, f32)> {
    if let Some(listed) = listed {
        let of_term = listed.get(id).into_iter().flatten();
        return of_term.map(|(other, worth)| (other.as_str(), *worth)).collect();
    }
    let Some(rank) = vocabulary.rank(id).filter(|_| vocabulary.ordinal) else { return Vec::new() };
    let beside = [rank.checked_sub(1), Some(rank + 1)];
    beside.into_iter().flatten().filter_map(|rank| Some((vocabulary.terms.get(rank)?.id.as_str(), near))).collect()
}
