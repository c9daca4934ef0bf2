//! Which format fits? A planner says what she wants, for whom and with how many people; she gets formats in order, each
//! with reasons for and against it.
//!
//! Nothing is filtered: every format has its place in the list, so it is never empty. How the place comes about stands
//! in [`score`]; the table of weights is data ([`weights`]), and so are the situations that it is measured by.
//! For editors: docs/FORMATFINDER.md.

mod reason;
pub mod score;
pub mod weights;

use std::collections::{BTreeMap, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::{
    score::{Candidate, Judgement, Prepared, Verdict},
    weights::Weights,
};
use super::{
    response::{IndexState, Segment},
    service::{Context, SearchError, state_of},
};
use crate::{
    index::{
        sheet::Facts,
        snapshot::{Doc, Snapshot},
    },
    model::{
        facet,
        id::EntryId,
        kind::{ConflictSuitability, Kind},
        vocabulary::Language,
    },
};

/// What a planner can say, in the order of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// What for.
    Purpose,
    /// At which point of a project.
    Phase,
    /// Who takes part.
    Audience,
    /// How many people.
    Participants,
    /// On site or online.
    FormatType,
    /// How much say.
    Level,
    /// What about.
    Topic,
    /// Highest cost.
    CostMax,
    /// Longest duration.
    DurationMax,
    /// Time until it begins.
    LeadTimeMax,
    /// How heated the matter is.
    Conflict,
    /// How people come to take part.
    Recruitment,
}

impl Criterion {
    /// All, in the order of the page.
    pub const ALL: &'static [Self] = &[
        Self::Purpose,
        Self::Phase,
        Self::Audience,
        Self::Participants,
        Self::FormatType,
        Self::Level,
        Self::Topic,
        Self::CostMax,
        Self::DurationMax,
        Self::LeadTimeMax,
        Self::Conflict,
        Self::Recruitment,
    ];

    /// Name, as in addresses; for all but `conflict` that of the facet.
    pub fn id(self) -> &'static str {
        match self {
            Self::Purpose => "purpose",
            Self::Phase => "phase",
            Self::Audience => "audience",
            Self::Participants => "participants",
            Self::FormatType => "format_type",
            Self::Level => "level",
            Self::Topic => "topic",
            Self::CostMax => "cost_max",
            Self::DurationMax => "duration_max",
            Self::LeadTimeMax => "lead_time_max",
            Self::Conflict => "conflict",
            Self::Recruitment => "recruitment",
        }
    }

    /// Vocabulary of its answers; none for a number.
    pub fn vocabulary(self) -> Option<&'static str> {
        match self {
            Self::Conflict => Some(ConflictSuitability::VOCABULARY),
            _ => facet::facet(self.id()).and_then(|(_, facet)| facet.vocabulary),
        }
    }
}

/// What a planner said. What is not there was not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Question {
    /// Terms by criterion; for limits the highest of them holds. Sorted, each once.
    pub terms: BTreeMap<Criterion, Vec<String>>,
    /// How many people.
    pub participants: Option<u32>,
    /// How heated the matter is.
    pub conflict: Option<ConflictSuitability>,
}

impl Question {
    /// How heated the matter is; "in any situation" is no answer.
    fn situation(&self) -> Option<ConflictSuitability> {
        self.conflict.filter(|conflict| *conflict != ConflictSuitability::Any)
    }

    /// The answers by parameter, as in addresses.
    pub fn answers(&self) -> BTreeMap<&'static str, Vec<String>> {
        let terms = self.terms.iter().map(|(criterion, ids)| (criterion.id(), ids.clone()));
        let participants = self.participants.map(|people| (Criterion::Participants.id(), vec![people.to_string()]));
        let conflict = self.situation().map(|conflict| (Criterion::Conflict.id(), vec![conflict.id().to_owned()]));
        terms.chain(participants).chain(conflict).collect()
    }
}

/// Answer of the format finder.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FinderResponse {
    /// What was asked, by parameter.
    pub query: BTreeMap<&'static str, Vec<String>>,
    /// Formats, best first; never empty where there are formats.
    pub results: Vec<Advice>,
    /// Formats that there are; `limit` cuts the list.
    pub total: u64,
    /// State of the index that answered.
    pub index: IndexState,
}

/// One format with the reasons for its place.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Advice {
    /// Identity.
    pub id: EntryId,
    /// Last part of its address.
    pub slug: String,
    /// Kind: always `format`.
    pub kind: Kind,
    /// Title in segments, as in a search; nothing is marked.
    pub title: Vec<Segment>,
    /// Address of its page.
    pub url: String,
    /// What a reader chooses by.
    #[serde(flatten)]
    pub facts: Facts,
    /// How well it fits, 0 to 1.
    pub score: f32,
    /// What fits.
    pub fits: Vec<Reason>,
    /// What fits not quite, or not at all; the nearest first.
    pub misses: Vec<Reason>,
    /// What nobody stated.
    pub unstated: Vec<Reason>,
}

/// The verdict on one criterion, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Reason {
    /// On what.
    pub criterion: Criterion,
    /// How.
    pub verdict: Verdict,
    /// In words, in the language of the answer.
    pub text: String,
}

/// A place in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// The format.
    pub doc: Doc,
    /// How well it fits, 0 to 1.
    pub score: f32,
    /// The verdicts on what was asked.
    pub judgements: Vec<Judgement>,
}

/// All formats, best first. Ties: the fuller description, then the id.
pub fn rank(snapshot: &Snapshot, question: &Question, weights: &Weights) -> Vec<Ranked> {
    ranked(snapshot, &Prepared::new(snapshot, question, weights))
}

fn ranked(snapshot: &Snapshot, prepared: &Prepared<'_>) -> Vec<Ranked> {
    let uses = uses(snapshot);
    let mut ranked = Vec::new();
    for (doc, candidate) in candidates(snapshot, &uses) {
        let judgements = prepared.judge(candidate);
        let score = prepared.score(candidate, &judgements);
        ranked.push((candidate.traits.numbers.completeness, Ranked { doc, score, judgements }));
    }
    ranked.sort_by(|(a_full, a), (b_full, b)| {
        let by_score = b.score.total_cmp(&a.score).then(b_full.cmp(a_full));
        by_score.then_with(|| snapshot.id(a.doc).cmp(&snapshot.id(b.doc)))
    });
    ranked.into_iter().map(|(_, ranked)| ranked).collect()
}

/// The best `limit` formats for a question, with reasons.
pub(super) fn finder(
    context: &Context,
    snapshot: &Snapshot,
    question: &Question,
    limit: usize,
    language: Language,
) -> Result<FinderResponse, SearchError> {
    let prepared = Prepared::new(snapshot, question, &context.finder);
    let mut ranked = ranked(snapshot, &prepared);
    let total = ranked.len() as u64;
    ranked.truncate(limit);
    let results = ranked.into_iter().map(|ranked| advice(context, snapshot, &prepared, ranked, language));
    Ok(FinderResponse {
        query: question.answers(),
        results: results.collect::<Result<_, _>>()?,
        total,
        index: state_of(snapshot),
    })
}

/// How often cases made use of each format.
fn uses(snapshot: &Snapshot) -> HashMap<EntryId, u32> {
    let mut uses = HashMap::new();
    for segment in &snapshot.segments {
        for (document, format) in &segment.columns.uses {
            if segment.live[*document as usize] {
                *uses.entry(*format).or_default() += 1;
            }
        }
    }
    uses
}

fn candidates<'a>(snapshot: &'a Snapshot, uses: &HashMap<EntryId, u32>) -> Vec<(Doc, Candidate<'a>)> {
    let mut candidates = Vec::new();
    for segment in &snapshot.segments {
        let columns = &segment.columns;
        for (local, traits) in columns.traits.iter().enumerate().filter(|(local, _)| segment.live[*local]) {
            if let Some(traits) = traits.as_deref() {
                let uses = uses.get(&columns.ids[local]).copied().unwrap_or_default();
                let candidate = Candidate::new(traits, columns.participants[local], uses);
                candidates.push((segment.docs.start + local as Doc, candidate));
            }
        }
    }
    candidates
}

fn advice(
    context: &Context,
    snapshot: &Snapshot,
    prepared: &Prepared<'_>,
    ranked: Ranked,
    language: Language,
) -> Result<Advice, SearchError> {
    let face = context.sheet(snapshot, ranked.doc)?.face.clone();
    let (segment, local) = snapshot.locate(ranked.doc);
    let (traits, range) = (&segment.columns.traits[local as usize], segment.columns.participants[local as usize]);
    let mut reasons: Vec<Reason> = Vec::with_capacity(ranked.judgements.len());
    if let Some(traits) = traits.as_deref() {
        let candidate = Candidate::new(traits, range, 0);
        let speaker = reason::Speaker { snapshot, prepared, candidate, language };
        reasons.extend(ranked.judgements.iter().zip(&prepared.demands).map(|(judgement, (_, demand))| Reason {
            criterion: judgement.criterion,
            verdict: judgement.verdict,
            text: speaker.text(judgement, demand),
        }));
    }
    let mut of = |verdicts: &[Verdict]| -> Vec<Reason> {
        reasons.extract_if(.., |reason| verdicts.contains(&reason.verdict)).collect()
    };
    let (fits, mut misses, unstated) =
        (of(&[Verdict::Fits]), of(&[Verdict::Partly, Verdict::Misses]), of(&[Verdict::Unstated]));
    misses.sort_by_key(|reason| reason.verdict);
    Ok(Advice {
        id: face.id,
        url: context.entry_url(&face.slug),
        slug: face.slug,
        kind: face.kind,
        title: vec![Segment::plain(face.title)],
        facts: face.facts,
        score: ranked.score,
        fits,
        misses,
        unstated,
    })
}
