//! `/finder`: one sentence with gaps, and formats in the order in which they fit, each with its reasons.

use askama::Template;
use axum::{extract::RawQuery, response::Response};

use super::{
    facts,
    hits::short_label,
    links::Links,
    page::{Frame, PageContext},
    search_page::{filters, notices},
    ui::Ui,
};
use crate::{
    http::{
        params::{
            Params,
            finder::{FinderRequest, LIMIT, canonical, finder_params, read},
        },
        problem::Problem,
    },
    model::vocabulary::{Language, Vocabularies, Vocabulary},
    search::{
        finder::{Advice, Criterion, FinderResponse, Question, Reason, score::Verdict},
        response::Segment,
    },
};

/// Gaps of the sentence; everything else is on demand.
const SENTENCE: &[Criterion] = &[Criterion::Purpose, Criterion::Phase, Criterion::Audience];
/// What one can say beyond the sentence.
const MORE: &[Criterion] = &[
    Criterion::FormatType,
    Criterion::CostMax,
    Criterion::LeadTimeMax,
    Criterion::DurationMax,
    Criterion::Conflict,
    Criterion::Recruitment,
    Criterion::Level,
    Criterion::Topic,
];

/// The page.
#[derive(Template)]
#[template(path = "finder.html")]
pub struct FinderPage {
    /// Shared.
    pub frame: Frame,
    /// Remarks on an address that nobody typed by hand.
    pub notices: Vec<String>,
    /// Gaps of the sentence: purpose, phase, audience.
    pub sentence: Vec<Gap>,
    /// How many people.
    pub participants: String,
    /// What one can say beyond the sentence.
    pub more: Vec<Gap>,
    /// Answers beyond the sentence.
    pub more_count: usize,
    /// The question as text, for paper.
    pub said: Vec<String>,
    /// Whether anything was asked.
    pub asked: bool,
    /// "12 von 208 Formaten …".
    pub headline: String,
    /// The formats.
    pub results: Vec<AdviceView>,
    /// Words and address of the longer or shorter list.
    pub other_length: Option<(String, String)>,
    /// Address to share.
    pub share_url: String,
}

/// A choice.
pub struct Gap {
    /// Parameter.
    pub parameter: &'static str,
    /// What it asks.
    pub heading: String,
    /// What stands there while nothing is chosen.
    pub empty: &'static str,
    /// Value, label, whether it is chosen.
    pub options: Vec<(String, String, bool)>,
}

/// A format with its reasons.
pub struct AdviceView {
    /// Address of the entry.
    pub url: String,
    /// Language of its text, where it is not that of the page.
    pub language: Option<String>,
    /// Title.
    pub title: String,
    /// Facts.
    pub facts: Vec<String>,
    /// One or two sentences.
    pub summary: String,
    /// "passt", "passt nicht ganz" …, each with its reasons.
    pub verdicts: Vec<(&'static str, Vec<String>)>,
}

/// `/finder`: the API's parameters, but what is wrong with them is a notice, not an error.
///
/// # Errors
/// When the search cannot answer.
pub async fn finder(page: PageContext, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let (state, ui) = (&page.state, page.ui);
    let limits = &state.config.limits;
    let vocabularies = state.search.vocabularies()?;
    let params = Params::parse(query.as_deref().unwrap_or_default(), limits)?;
    let (request, faults) = read(&params, &vocabularies, limits);
    let answer = state.search.finder(request.question.clone(), request.limit, ui.language).await?;
    let path = address(&request.question, request.limit);
    let title = ui.say("Welches Format passt?", "Which format fits?");
    let description = ui.say(
        "In einem Satz sagen, was Sie vorhaben, und passende Beteiligungsformate mit Gründen dafür und dagegen bekommen.",
        "Say in one sentence what you plan and get participation formats that fit, with reasons for and against.",
    );
    let mut frame = page.frame(title, description).at(&state.config, &path);
    // Any number of questions lead here; search engines find the page itself and the entries.
    let asked = request.question != Question::default();
    frame.hidden = asked || request.limit != LIMIT;
    let more = MORE.iter().filter_map(|criterion| gap(*criterion, &request.question, &vocabularies, ui));
    let more_count = MORE.iter().filter(|criterion| chosen(**criterion, &request.question).is_some()).count();
    page.html(&FinderPage {
        notices: notices(&params, finder_params(), &faults, ui),
        sentence: SENTENCE
            .iter()
            .filter_map(|criterion| gap(*criterion, &request.question, &vocabularies, ui))
            .collect(),
        participants: request.question.participants.map(|people| people.to_string()).unwrap_or_default(),
        more: more.collect(),
        more_count,
        said: said(&request.question, &vocabularies, ui),
        asked,
        headline: headline(&answer, asked, ui),
        results: answer.results.iter().map(|advice| view(advice, &vocabularies, &page.links)).collect(),
        other_length: other_length(&request, &answer, limits.finder, &page.links),
        share_url: state.config.url(&page.links.path(&path)),
        frame,
    })
}

/// The one address of a question, without the language.
fn address(question: &Question, limit: usize) -> String {
    let query = canonical(&FinderRequest { question: question.clone(), limit, language: Language::default() });
    if query.is_empty() { "/finder".into() } else { format!("/finder?{query}") }
}

/// The value of a criterion as in the address.
fn chosen(criterion: Criterion, question: &Question) -> Option<String> {
    question.answers().remove(criterion.id()).map(|values| values.join(","))
}

fn gap(criterion: Criterion, question: &Question, vocabularies: &Vocabularies, ui: Ui) -> Option<Gap> {
    let vocabulary = vocabularies.get(criterion.vocabulary()?)?;
    let chosen = chosen(criterion, question);
    let mut options: Vec<(String, String, bool)> = vocabulary
        .terms
        .iter()
        .filter(|term| term.deprecated_by.is_none() && vocabulary.any.as_ref() != Some(&term.id))
        .map(|term| {
            // A class of costs stands for everything up to its end here.
            let upper = term.upper.filter(|_| criterion == Criterion::CostMax).and_then(|upper| upper.try_into().ok());
            let label = ui.euros(None, upper).unwrap_or_else(|| label(vocabulary, &term.id, ui));
            (term.id.clone(), label, chosen.as_ref() == Some(&term.id))
        })
        .collect();
    // An address can name several terms at once; a choice of one keeps them together.
    if let Some(several) = chosen.filter(|chosen| chosen.contains(',')) {
        let labels: Vec<String> = several.split(',').map(|id| label(vocabulary, id, ui)).collect();
        options.insert(0, (several, labels.join(", "), true));
    }
    let empty = match criterion {
        Criterion::Purpose => ui.say("etwas erreichen", "achieve something"),
        Criterion::Phase => ui.say("egal welche", "any"),
        Criterion::Audience => ui.say("allen", "everybody"),
        _ => ui.say("egal", "any"),
    };
    let heading = match criterion {
        Criterion::Conflict => ui.say(&vocabulary.label, &vocabulary.label_en).to_owned(),
        _ => filters::heading(criterion.id(), vocabularies, ui),
    };
    Some(Gap { parameter: criterion.id(), heading, empty, options })
}

fn label(vocabulary: &Vocabulary, id: &str, ui: Ui) -> String {
    short_label(vocabulary.term(id), id, ui)
}

/// The question in words: "Was möchten Sie erreichen? Ideen sammeln".
fn said(question: &Question, vocabularies: &Vocabularies, ui: Ui) -> Vec<String> {
    let answers = question.answers();
    let words = |criterion: &Criterion| {
        let values = answers.get(criterion.id())?;
        if let Some(vocabulary) = criterion.vocabulary().and_then(|name| vocabularies.get(name)) {
            let labels: Vec<String> = values.iter().map(|id| label(vocabulary, id, ui)).collect();
            return Some(format!("{} {}", ui.say(&vocabulary.label, &vocabulary.label_en), labels.join(", ")));
        }
        Some(filters::value_label(criterion.id(), values.first()?, vocabularies, ui))
    };
    Criterion::ALL.iter().filter_map(words).collect()
}

fn headline(answer: &FinderResponse, asked: bool, ui: Ui) -> String {
    let (shown, total) = (answer.results.len() as u64, ui.number(answer.total));
    let shown = ui.number(shown);
    match (asked, ui.english()) {
        (true, false) => format!("{shown} von {total} Formaten, das passendste zuerst"),
        (true, true) => format!("{shown} of {total} formats, the best fit first"),
        (false, false) => format!("{shown} bewährte von {total} Formaten"),
        (false, true) => format!("{shown} well-tried formats of {total}"),
    }
}

fn other_length(
    request: &FinderRequest,
    answer: &FinderResponse,
    most: usize,
    links: &Links,
) -> Option<(String, String)> {
    let ui = links.ui;
    let total = usize::try_from(answer.total).unwrap_or(most).min(most);
    let to = |limit| links.to(&address(&request.question, limit));
    if answer.results.len() < total {
        let number = ui.number(total as u64);
        let words = if ui.english() {
            format!("All {number} formats in this order")
        } else {
            format!("Alle {number} Formate in dieser Reihenfolge")
        };
        return Some((words, to(total)));
    }
    (answer.results.len() > LIMIT)
        .then(|| (ui.say("Nur die ersten zwölf", "Only the first twelve").to_owned(), to(LIMIT)))
}

fn view(advice: &Advice, vocabularies: &Vocabularies, links: &Links) -> AdviceView {
    let ui = links.ui;
    let texts = |reasons: &[Reason], verdict: Verdict| -> Vec<String> {
        reasons.iter().filter(|reason| reason.verdict == verdict).map(|reason| reason.text.clone()).collect()
    };
    let verdicts = [
        (ui.say("passt", "fits"), texts(&advice.fits, Verdict::Fits)),
        (ui.say("passt nicht ganz", "fits not quite"), texts(&advice.misses, Verdict::Partly)),
        (ui.say("passt nicht", "does not fit"), texts(&advice.misses, Verdict::Misses)),
        (ui.say("nicht bekannt", "not known"), texts(&advice.unstated, Verdict::Unstated)),
    ];
    AdviceView {
        url: links.entry(&advice.slug),
        language: ui.foreign(&advice.facts.language),
        title: Segment::text_of(&advice.title),
        facts: facts::of(&advice.facts, vocabularies, ui),
        summary: advice.facts.summary.clone(),
        verdicts: verdicts.into_iter().filter(|(_, texts)| !texts.is_empty()).collect(),
    }
}
