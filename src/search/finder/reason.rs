//! Verdicts in words, German and English: short enough to stand in a row, true enough to be read alone.

use super::{
    Criterion,
    score::{Candidate, Demand, Judgement, Match, Prepared, Terms, Verdict, classes},
};
use crate::{
    index::{
        snapshot::Snapshot,
        traits::{Numbers, Span},
    },
    model::{
        kind::ConflictSuitability,
        vocabulary::{Language, Vocabulary},
    },
};

/// Terms of an entry that are named where it is for something else.
const OTHERS_MAX: usize = 3;

/// Says why a format fits or does not.
pub(super) struct Speaker<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) prepared: &'a Prepared<'a>,
    pub(super) candidate: Candidate<'a>,
    pub(super) language: Language,
}

impl Speaker<'_> {
    /// A verdict in words.
    pub(super) fn text(&self, judgement: &Judgement, demand: &Demand<'_>) -> String {
        let criterion = judgement.criterion;
        if judgement.verdict == Verdict::Unstated {
            return format!("{}: {}", self.heading(criterion), self.say("keine Angabe", "not stated"));
        }
        match demand {
            Demand::Terms(terms) => self.terms(judgement, terms),
            Demand::People(people) => self.people(judgement.verdict, *people),
            Demand::AtMost { vocabulary, class, span } => {
                self.at_most(criterion, vocabulary, *class, span(&self.candidate.traits.numbers))
            }
            Demand::Conflict(situation) => self.conflict(judgement.verdict, *situation).to_owned(),
        }
    }

    fn say<'t>(&self, german: &'t str, english: &'t str) -> &'t str {
        self.language.say(german, english)
    }

    fn heading(&self, criterion: Criterion) -> &'static str {
        match criterion {
            Criterion::Purpose => self.say("Zweck", "Purpose"),
            Criterion::Phase => self.say("Phase", "Phase"),
            Criterion::Audience => self.say("Zielgruppe", "Audience"),
            Criterion::Participants => self.say("Gruppengröße", "Group size"),
            Criterion::FormatType => self.say("Ort", "Place"),
            Criterion::Level => self.say("Mitsprache", "Level"),
            Criterion::Topic => self.say("Thema", "Topic"),
            Criterion::CostMax => self.say("Kosten", "Cost"),
            Criterion::DurationMax => self.say("Dauer", "Duration"),
            Criterion::LeadTimeMax => self.say("Vorbereitung", "Preparation"),
            Criterion::Conflict => self.say("Streit", "Conflict"),
            Criterion::Recruitment => self.say("Einladung", "Recruitment"),
        }
    }

    fn terms(&self, judgement: &Judgement, terms: &Terms<'_>) -> String {
        let Judgement { criterion, verdict, .. } = *judgement;
        let label = |id: &str| {
            terms.vocabulary.term(id).map_or_else(|| id.to_owned(), |term| term.label(self.language).to_owned())
        };
        let traits = self.candidate.traits;
        let found = |asked| self.prepared.term(criterion, terms, asked, traits);
        let of = |verdict: Verdict| -> Vec<String> {
            let asked =
                terms.asked.iter().filter(|asked| found(asked).is_some_and(|Match { verdict: is, .. }| is == verdict));
            asked.map(|asked| label(asked.id)).collect()
        };
        let heading = self.heading(criterion);
        let named = |ids: &[u32]| ids.iter().filter_map(|id| self.value(*id)).map(|id| label(&id)).collect::<Vec<_>>();
        let stated: Vec<u32> = self.prepared.stated(traits, terms).collect();
        let (fitting, near, missed) = (of(Verdict::Fits), of(Verdict::Partly), of(Verdict::Misses));
        match verdict {
            Verdict::Fits if terms.all_by_any(&stated) => self.any(criterion).to_owned(),
            Verdict::Fits => {
                // What the entry says: its neighbour of a term asked for, where it does not have the term itself.
                let mut said: Vec<String> = terms.exact(&stated).map(label).collect();
                if said.is_empty() {
                    said = named(&terms.neighbours(&stated));
                }
                if criterion == Criterion::FormatType {
                    said.join(", ")
                } else {
                    format!("{heading}: {}", said.join(", "))
                }
            }
            Verdict::Partly if !fitting.is_empty() => {
                let missing = [near, missed].concat().join(", ");
                let (fitting, not) = (fitting.join(", "), self.say("nicht", "not"));
                format!("{heading} {}: {fitting}, {not} {missing}", self.say("zum Teil", "in part"))
            }
            Verdict::Partly => {
                let neighbours = shortened(named(&terms.neighbours(&stated)));
                format!("{heading} {}: {neighbours}", self.say("ähnlich", "similar"))
            }
            _ => format!("{heading} {}: {}", self.say("anders", "differs"), shortened(named(&stated))),
        }
    }

    fn any(&self, criterion: Criterion) -> &'static str {
        match criterion {
            Criterion::Topic => self.say("für jedes Thema", "for any topic"),
            _ => self.say("für alle Zielgruppen", "for every audience"),
        }
    }

    fn value(&self, number: u32) -> Option<String> {
        self.snapshot.shared.space.value(number).map(|(_, value)| value.to_string())
    }

    fn people(&self, verdict: Verdict, people: u32) -> String {
        let (low, high) = self.candidate.participants.unwrap_or((1, u32::MAX));
        let (number, unit) = (|number: u32| self.number(number), self.say("Personen", "people"));
        let range = match (low, high) {
            (0..=1, u32::MAX) => self.say("beliebig viele Personen", "any number of people").to_owned(),
            (low, u32::MAX) => format!("{} {} {unit}", self.say("ab", "from"), number(low)),
            (0..=1, high) => format!("{} {} {unit}", self.say("bis", "up to"), number(high)),
            (low, high) if low == high => format!("{} {unit}", number(low)),
            (low, high) => format!("{}–{} {unit}", number(low), number(high)),
        };
        let too = match (verdict, people > high) {
            (Verdict::Partly, true) => self.say("Gruppe etwas zu groß: ", "group slightly too large: "),
            (Verdict::Partly, false) => self.say("Gruppe etwas zu klein: ", "group slightly too small: "),
            (Verdict::Misses, true) => self.say("Gruppe zu groß: ", "group too large: "),
            (Verdict::Misses, false) => self.say("Gruppe zu klein: ", "group too small: "),
            _ => "",
        };
        format!("{too}{range}")
    }

    fn number(&self, number: u32) -> String {
        self.language.number(u64::from(number))
    }

    fn at_most(&self, criterion: Criterion, vocabulary: &Vocabulary, class: usize, span: Span) -> String {
        let Some((first, last)) = classes(vocabulary, span) else { return self.heading(criterion).to_owned() };
        let label = |class: usize| vocabulary.terms.get(class).map_or("", |term| term.label(self.language));
        let beyond = first.saturating_sub(class);
        let (what, higher) = match criterion {
            Criterion::CostMax => (self.heading(criterion), self.say("höher", "higher")),
            Criterion::DurationMax => (self.say("dauert", "takes"), self.say("länger", "longer")),
            _ => (self.heading(criterion), self.say("länger", "longer")),
        };
        let least = if criterion == Criterion::CostMax {
            self.euros((span.0.or(span.1), None))
        } else {
            label(first).to_owned()
        };
        match beyond {
            0 if criterion == Criterion::CostMax => self.cost_within(span, last > class),
            0 => self.within(criterion, label(first), label(last)),
            1 => format!("{what} {} {higher} ({least})", self.say("eine Stufe", "one step")),
            steps => format!("{what} {steps} {} {higher} ({least})", self.say("Stufen", "steps")),
        }
    }

    /// What a format that keeps to a limit takes.
    fn within(&self, criterion: Criterion, first: &str, last: &str) -> String {
        let also =
            if first == last { first.to_owned() } else { format!("{first}, {} {last}", self.say("auch", "also")) };
        if criterion == Criterion::DurationMax { also } else { format!("{} {also}", self.heading(criterion)) }
    }

    /// What a format that can be had for the money costs, and what it can cost beyond.
    fn cost_within(&self, (low, high): Span, beyond: bool) -> String {
        match high {
            Some(high) if beyond => {
                let (from, to) = (self.euros((low.or(Some(0)), None)), self.euros((None, Some(high))));
                format!("{from}, {} {to}", self.say("auch", "also"))
            }
            _ => self.euros((low, high)),
        }
    }

    fn euros(&self, (low, high): Span) -> String {
        let amount = |euros: u32| {
            if self.language == Language::English {
                format!("€{}", self.number(euros))
            } else {
                format!("{} €", self.number(euros))
            }
        };
        match (low, high) {
            (Some(0), None | Some(0)) => self.say("ohne Kosten", "free of charge").to_owned(),
            (None | Some(0), Some(high)) => format!("{} {}", self.say("bis", "up to"), amount(high)),
            (Some(low), Some(high)) if low < high && self.language == Language::English => {
                format!("€{}–{}", self.number(low), self.number(high))
            }
            (Some(low), Some(high)) if low < high => format!("{}–{}", self.number(low), amount(high)),
            (Some(low), _) => format!("{} {}", self.say("ab", "from"), amount(low)),
            (None, None) => self.heading(Criterion::CostMax).to_owned(),
        }
    }

    fn conflict(&self, verdict: Verdict, situation: ConflictSuitability) -> &'static str {
        use ConflictSuitability::*;
        let Numbers { conflict, .. } = self.candidate.traits.numbers;
        match (conflict.unwrap_or(Any), verdict) {
            (Any, _) => self.say("passt, ob es Streit gibt oder nicht", "suits with or without conflict"),
            (Consensus, Verdict::Fits) => self.say("passt bei weitgehender Einigkeit", "suits where most agree"),
            (Consensus, _) => self.say("nur bei weitgehender Einigkeit", "only where most agree"),
            (Controversial, Verdict::Fits) if situation == Consensus => {
                self.say("passt auch bei strittigen Themen", "suits controversial matters as well")
            }
            (Controversial, Verdict::Fits) => self.say("für strittige Themen geeignet", "suits controversial matters"),
            (Controversial, _) => self.say(
                "für strittige Themen, nicht für verhärteten Streit",
                "for controversial matters, not for deadlock",
            ),
            (Escalated, Verdict::Fits) => {
                self.say("auch für verhärteten Streit geeignet", "suits even deadlocked conflict")
            }
            (Escalated, _) => self.say("eher für verhärteten Streit", "rather for deadlocked conflict"),
        }
    }
}

fn shortened(mut labels: Vec<String>) -> String {
    let more = labels.len() > OTHERS_MAX;
    labels.truncate(OTHERS_MAX);
    let dots = if more { " …" } else { "" };
    labels.join(", ") + dots
}
