//! `/ablauf`: formats one after another, by phase, with sums and hints ("Kombinationsangebote").

use askama::Template;
use axum::{extract::RawQuery, response::Response};

use super::{
    facts,
    page::{Frame, PageContext},
    selection::{Chosen, Picker, Selection, selection_url},
};
use crate::{
    http::problem::Problem,
    index::sheet::Face,
    model::{kind::Kind, vocabulary::Vocabularies},
    search::{
        process::{self, Hint, HintKind, Process, Sum},
        response::EntryView,
    },
    web::ui::Ui,
};

/// Formats in one process; more is a programme of years, not one process.
const STEPS_MAX: usize = 12;

/// The page.
#[derive(Template)]
#[template(path = "process.html")]
pub struct ProcessPage {
    /// Shared.
    pub frame: Frame,
    /// Remarks on the address.
    pub notices: Vec<String>,
    /// The formats in their order.
    pub steps: Vec<StepView>,
    /// Sums: what, how much, what they leave out.
    pub sums: Vec<(&'static str, String, Option<String>)>,
    /// What is known about combinations.
    pub hints: Vec<HintView>,
    /// Phases without a format: label and where to find one.
    pub open_phases: Vec<(String, String)>,
    /// The same formats in the order of their phases, where that is another one.
    pub by_phase_url: Option<String>,
    /// Address to share.
    pub share_url: String,
    /// The same formats as a list, and compared.
    pub elsewhere: (String, String),
    /// Adds another one.
    pub picker: Picker,
}

/// A format in the process.
pub struct StepView {
    /// The format.
    pub entry: Chosen,
    /// Label of the phase, where it is another one than that before.
    pub phase: Option<String>,
    /// Facts.
    pub facts: Vec<String>,
    /// Whether all phases it is made for have passed.
    pub late: bool,
}

/// A hint.
pub struct HintView {
    /// What is known.
    pub text: String,
    /// Remark of the editors.
    pub note: Option<String>,
    /// Whether something should be changed.
    pub warns: bool,
}

/// `/ablauf?ids=a,b`.
///
/// # Errors
/// When the index cannot answer.
pub async fn process_page(page: PageContext, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let vocabularies = page.state.search.vocabularies()?;
    let query = query.unwrap_or_default();
    let selection = Selection::read(&page, "/ablauf", &query, Some(Kind::Format), STEPS_MAX)?;
    let (ui, links) = (page.ui, &page.links);
    let process = process::process(&selection.entries, &vocabularies);
    let order = process::by_phase(&selection.entries, &vocabularies);
    let slugs = selection.slugs();
    let ordered: Vec<&str> = order.iter().map(|place| slugs[*place]).collect();
    let phase = |id: &String| vocabularies.label("phases", id, ui.language).to_owned();
    let open = process.open_phases.iter().map(|id| (phase(id), links.to(&format!("/finder?phase={id}"))));
    let path = selection.path();
    let description = ui.say(
        "Beteiligungsformate zu einem Ablauf verbinden, mit Zeit, Kosten und Hinweisen.",
        "Put participation formats together, with time, cost and hints.",
    );
    let mut frame =
        page.frame(ui.say("Ablauf planen", "Plan a process"), description).at(&page.state.config, "/ablauf");
    frame.hidden = !slugs.is_empty();
    frame.q.clone_from(&selection.q);
    let picker = selection.picker(&page, &vocabularies, Some(Kind::Format), &process.suggestions).await?;
    page.html(&ProcessPage {
        steps: steps(&selection, &process, &vocabularies, &page),
        sums: if slugs.is_empty() { Vec::new() } else { sums(&process, ui) },
        hints: process.hints.iter().map(|hint| hint_view(hint, &selection.entries, ui)).collect(),
        open_phases: if slugs.is_empty() { Vec::new() } else { open.collect() },
        by_phase_url: (ordered != slugs).then(|| selection_url("/ablauf", &ordered, links)),
        share_url: page.state.config.url(&links.path(&path)),
        elsewhere: (selection.elsewhere("/merkliste", links), selection.elsewhere("/vergleich", links)),
        notices: selection.notices.clone(),
        picker,
        frame,
    })
}

fn steps(selection: &Selection, process: &Process, vocabularies: &Vocabularies, page: &PageContext) -> Vec<StepView> {
    let (ui, links) = (page.ui, &page.links);
    let mut before = None;
    let step = |((entry, view), step): ((Chosen, &EntryView), &process::Step)| {
        let label = step.phase.as_ref().map(|id| vocabularies.label("phases", id, ui.language).to_owned());
        let phase = label.clone().filter(|_| before != label);
        before = label;
        let facts = facts::of(&Face::of(&view.public).facts, vocabularies, ui);
        StepView { entry, phase, facts, late: step.late }
    };
    selection.chosen(links).into_iter().zip(&selection.entries).zip(&process.steps).map(step).collect()
}

fn sums(process: &Process, ui: Ui) -> Vec<(&'static str, String, Option<String>)> {
    let steps = process.steps.len();
    let number = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let range = |sum: &Sum| (sum.unstated < steps).then(|| (Some(number(sum.min)), sum.max.map(number)));
    let left_out = |sum: &Sum| {
        let formats = ("Format ohne Angabe ist nicht mitgezählt.", "Formate ohne Angabe sind nicht mitgezählt.");
        let english = ("format that states nothing is left out.", "formats that state nothing are left out.");
        (sum.unstated > 0).then(|| ui.count(sum.unstated as u64, formats, english))
    };
    let unstated = || ui.say("keine Angabe", "not stated").to_owned();
    let minutes = range(&process.minutes).and_then(|(min, max)| ui.duration(min, max));
    let cost = range(&process.cost_eur).and_then(|(min, max)| ui.euros(min, max));
    let lead = process.lead_time_weeks.and_then(|(min, max)| ui.weeks(Some(min), max));
    vec![
        (
            ui.say("Zeit für alle Termine", "Time for all events"),
            minutes.unwrap_or_else(unstated),
            left_out(&process.minutes),
        ),
        (ui.say("Kosten zusammen", "Cost in total"), cost.unwrap_or_else(unstated), left_out(&process.cost_eur)),
        (ui.say("Längste Vorbereitung", "Longest lead time"), lead.unwrap_or_else(unstated), None),
    ]
}

fn hint_view(hint: &Hint, entries: &[EntryView], ui: Ui) -> HintView {
    let title = |place: usize| ui.quoted(&entries[place].public.entry.common.title);
    let (first, second) = (title(hint.first), title(hint.second));
    let text = match (hint.kind, ui.english()) {
        (HintKind::WrongOrder, false) => format!("{first} folgt üblicherweise auf {second}: Tauschen Sie die beiden."),
        (HintKind::WrongOrder, true) => format!("{first} usually follows {second}: swap the two."),
        (HintKind::Alternatives, false) => {
            format!("{first} und {second} leisten Ähnliches: Meist genügt eines von beiden.")
        }
        (HintKind::Alternatives, true) => {
            format!("{first} and {second} do similar things: one of them usually suffices.")
        }
        (HintKind::Combine, false) => format!("{first} und {second} lassen sich gut verbinden."),
        (HintKind::Combine, true) => format!("{first} and {second} go well together."),
        (HintKind::Follows, false) => format!("{second} folgt gut auf {first}."),
        (HintKind::Follows, true) => format!("{second} follows {first} well."),
    };
    let warns = matches!(hint.kind, HintKind::WrongOrder | HintKind::Alternatives);
    HintView { text, note: hint.note.clone(), warns }
}
