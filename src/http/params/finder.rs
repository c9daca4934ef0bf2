//! From parameters to a planner's question, and back to the one canonical address of it.

use std::{fmt::Write as _, sync::LazyLock};

use super::{
    LANGUAGES, Param, ParamForm, Params, Reader,
    search::{LANG_DOC, MIN_SEQ_DOC, PEOPLE_MAX, joined, known_term},
};
use crate::{
    config::Limits,
    model::{
        facet::{Logic, facet},
        kind::ConflictSuitability,
        problem::Problem as Fault,
        vocabulary::{Language, Vocabularies},
    },
    search::finder::{Criterion, Question},
};

/// Formats shown where nothing is said: as many as somebody compares in one sitting.
pub const LIMIT: usize = 12;

/// A question and how much of the answer is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinderRequest {
    /// What the planner said.
    pub question: Question,
    /// At most so many formats.
    pub limit: usize,
    /// Language of labels and reasons.
    pub language: Language,
}

/// Parameters of the format finder.
pub fn finder_params() -> &'static [Param] {
    static PARAMS: LazyLock<Vec<Param>> = LazyLock::new(|| {
        let most = i64::try_from(Limits::default().finder).unwrap_or(i64::MAX);
        let mut params: Vec<Param> = Criterion::ALL.iter().map(|criterion| param(*criterion)).collect();
        params.extend([
            Param::new("limit", ParamForm::Number { min: 1, max: most }, "At most so many formats, 12 where absent."),
            Param::new("lang", ParamForm::One(LANGUAGES), LANG_DOC),
            Param::new("min_seq", ParamForm::Number { min: 0, max: i64::MAX }, MIN_SEQ_DOC),
        ]);
        params
    });
    &PARAMS
}

fn param(criterion: Criterion) -> Param {
    let id = criterion.id();
    let (form, doc) = match (criterion, criterion.vocabulary()) {
        (Criterion::Participants, _) | (_, None) => {
            (ParamForm::Number { min: 1, max: i64::from(PEOPLE_MAX) }, "About so many people take part.".to_owned())
        }
        (Criterion::Conflict, Some(vocabulary)) => {
            (ParamForm::Text, format!("How heated the matter is: a term of the vocabulary `{vocabulary}`."))
        }
        (_, Some(vocabulary)) if is_limit(criterion) => (
            ParamForm::List,
            format!("At most: a term of the vocabulary `{vocabulary}`. Of several the highest holds."),
        ),
        (_, Some(vocabulary)) => {
            (ParamForm::List, format!("Terms of the vocabulary `{vocabulary}`, separated by commas."))
        }
    };
    Param::new(id, form, doc)
}

fn is_limit(criterion: Criterion) -> bool {
    facet(criterion.id()).is_some_and(|(_, facet)| facet.logic == Logic::AtMost)
}

/// The question that the parameters ask, without the parts that are wrong, and what is wrong with those.
pub fn read(params: &Params, vocabularies: &Vocabularies, limits: &Limits) -> (FinderRequest, Vec<Fault>) {
    let mut reader = Reader::new(params, limits);
    let mut question = Question::default();
    for criterion in Criterion::ALL.iter().copied() {
        match criterion {
            Criterion::Participants => {
                let people = reader.number(criterion.id(), 1, i64::from(PEOPLE_MAX));
                question.participants = people.and_then(|people| u32::try_from(people).ok());
            }
            Criterion::Conflict => {
                let situation = terms(&mut reader, criterion, vocabularies).first().cloned();
                let situation = situation.and_then(|id| ConflictSuitability::from_id(&id));
                question.conflict = situation.filter(|situation| *situation != ConflictSuitability::Any);
            }
            _ => {
                let terms = terms(&mut reader, criterion, vocabularies);
                if !terms.is_empty() {
                    question.terms.insert(criterion, terms);
                }
            }
        }
    }
    let most = i64::try_from(limits.finder).unwrap_or(i64::MAX);
    let limit = reader.number("limit", 1, most).and_then(|limit| usize::try_from(limit).ok()).unwrap_or(LIMIT);
    let language = reader.language();
    (FinderRequest { question, limit, language }, reader.faults)
}

fn terms(reader: &mut Reader<'_>, criterion: Criterion, vocabularies: &Vocabularies) -> Vec<String> {
    let Some(vocabulary) = criterion.vocabulary().and_then(|name| vocabularies.get(name)) else { return Vec::new() };
    let mut terms = Vec::new();
    for value in reader.list(criterion.id(), true) {
        match known_term(criterion.id(), vocabulary, value) {
            Ok(term) => terms.push(term),
            Err(fault) => reader.faults.push(fault),
        }
    }
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// The one address of a question: defaults left out, everything in one order.
pub fn canonical(request: &FinderRequest) -> String {
    let mut query = String::new();
    let mut put = |name: &str, value: &str| {
        let _ = write!(query, "{}{name}={value}", if query.is_empty() { "" } else { "&" });
    };
    let answers = request.question.answers();
    for criterion in Criterion::ALL {
        if let Some(values) = answers.get(criterion.id()) {
            put(criterion.id(), &joined(values));
        }
    }
    if request.limit != LIMIT {
        put("limit", &request.limit.to_string());
    }
    if request.language != Language::default() {
        put("lang", request.language.tag());
    }
    query
}
