//! Every weight of the format finder, from one table in `index-data/finder/weights.toml`.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use super::{Criterion, Question};
use crate::model::kind::{ConflictSuitability, FormatType, LegalCharacter, MethodLevel};

/// Weights of the format finder. What each does stands in the data file, beside its value.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// How much a criterion counts.
    pub weight: ByCriterion,
    /// What verdicts are worth.
    pub value: Values,
    /// What broad statements lose.
    pub specific: Specific,
    /// Whether several terms asked for have to be met together.
    pub cover: BTreeMap<Criterion, f32>,
    /// Where unsuitable becomes impossible.
    pub limit: Limit,
    /// What a method level is worth.
    pub occasion: Occasions,
    /// How much of a say a level is.
    pub say: BTreeMap<String, f32>,
    /// What is left of free choice, by legal character.
    pub character: BTreeMap<LegalCharacter, f32>,
    /// What a suitability is worth in a situation.
    pub conflict: BTreeMap<ConflictSuitability, BTreeMap<ConflictSuitability, f32>>,
    /// What another format type is worth.
    pub format_type: Neighbours,
    /// What neighbouring terms are worth.
    pub near: BTreeMap<Criterion, Neighbours>,
}

/// For a term asked for: terms that nearly mean it, with what they are worth.
pub type Neighbours = BTreeMap<String, BTreeMap<String, f32>>;

/// How much a criterion counts.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ByCriterion {
    /// How much the scale of a format counts.
    pub method_level: f32,
    /// How much counts that people have a say, where nobody said how much.
    pub say: f32,
    /// How much counts that whoever plans may choose a format freely.
    pub character: f32,
    /// How much counts that a format is described in full and used by others.
    pub standing: f32,
    /// The criteria that planners give.
    #[serde(flatten)]
    pub asked: BTreeMap<Criterion, f32>,
}

/// What verdicts are worth, 0 to 1.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Values {
    /// The term that stands for all.
    pub any: f32,
    /// Nothing is stated.
    pub unstated: f32,
    /// Next to what was asked for.
    pub near: f32,
    /// A range of group sizes without end.
    pub unlimited: f32,
    /// Fits at least, may go beyond.
    pub over: f32,
    /// From here on it is called fitting.
    pub fits_from: f32,
}

/// What broad statements lose.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Specific {
    /// Lost where all terms are stated.
    pub breadth: f32,
    /// Lost by a purpose that is not the first.
    pub main: f32,
    /// Lost by it for each further place.
    pub later: f32,
}

/// Where unsuitable becomes impossible.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// A group so many times too large or small is nearly right.
    pub group_near: f32,
    /// So many times is impossible.
    pub group_far: f32,
    /// So many classes above a limit are impossible.
    pub classes_far: usize,
    /// What an impossible criterion leaves of the score.
    pub impossible: f32,
}

/// What a method level is worth, by occasion.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Occasions {
    /// Longest durations that make it short.
    pub short_durations: Vec<String>,
    /// Phases that make it lasting, where nothing else is asked.
    pub lasting_phases: Vec<String>,
    /// People meet: what most planners look for.
    pub meeting: BTreeMap<MethodLevel, f32>,
    /// Everything happens online.
    pub online: BTreeMap<MethodLevel, f32>,
    /// There are two hours at most.
    pub short: BTreeMap<MethodLevel, f32>,
    /// It is to last.
    pub lasting: BTreeMap<MethodLevel, f32>,
}

impl Occasions {
    /// What method levels are worth for a question.
    pub(super) fn levels(&self, question: &Question) -> &BTreeMap<MethodLevel, f32> {
        let asked = |criterion| question.terms.get(&criterion).map(Vec::as_slice).unwrap_or_default();
        let among = |asked: &[String], these: &[String]| !asked.is_empty() && asked.iter().all(|id| these.contains(id));
        if among(asked(Criterion::DurationMax), &self.short_durations) {
            &self.short
        } else if among(asked(Criterion::Phase), &self.lasting_phases) {
            &self.lasting
        } else if among(asked(Criterion::FormatType), &[FormatType::Digital.id().to_owned()]) {
            &self.online
        } else {
            &self.meeting
        }
    }
}

/// The table as text.
pub const TABLE: &str = include_str!("../../../index-data/finder/weights.toml");

/// The table.
pub static WEIGHTS: LazyLock<Weights> =
    LazyLock::new(|| toml::from_str(TABLE).expect("index-data/finder/weights.toml is checked by a test"));
