//! Facts and text of each kind.

use super::{Content, Fact, Section, Words, fact, link, list, pair, prose, text};
use crate::{
    model::{
        kind::*,
        profile::{CaseProfile, ConceptProfile, DigitalTool, FormatProfile, GuideProfile, IdeaProfile, Known, Staff},
    },
    web::{format, markdown::paragraphs},
};

impl Words<'_> {
    pub(super) fn format_facts(&self, it: &FormatProfile) -> Vec<Fact> {
        let invented = it.invented.as_ref().map(|invented| {
            let who = format::listed(&invented.people);
            let when = invented.year.map(|year| year.to_string());
            [Some(who), when, invented.place.clone()]
                .into_iter()
                .flatten()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
        });
        let rights = it.usage_rights.map(|rights| self.label(UsageRights::VOCABULARY, rights.id()));
        let rights = [rights, it.usage_rights_note.clone()].into_iter().flatten().collect::<Vec<_>>().join(" – ");
        [
            text("Wie viele Menschen", format::people(it.participants_min, it.participants_max)),
            text("Dauer", format::duration(it.duration_minutes_min, it.duration_minutes_max)),
            text("Vorbereitung", format::weeks(it.lead_time_weeks_min, it.lead_time_weeks_max)),
            text("Kosten", format::euros(it.cost_eur_min, it.cost_eur_max)),
            self.word("Umfang", MethodLevel::VOCABULARY, it.method_level.map(MethodLevel::id)),
            self.word("Aufwand für Sie", Effort::VOCABULARY, it.organiser_effort.map(Effort::id)),
            self.word("Aufwand für Teilnehmende", Effort::VOCABULARY, it.participant_effort.map(Effort::id)),
            self.terms("Wie Menschen dazukommen", "recruitment", "recruitment", &it.recruitment),
            self.word("Wer darf mitmachen", Openness::VOCABULARY, it.openness.map(Openness::id)),
            self.word("Moderation", Facilitation::VOCABULARY, it.facilitation.map(Facilitation::id)),
            self.word("Vorkenntnisse", PriorKnowledge::VOCABULARY, it.prior_knowledge.map(PriorKnowledge::id)),
            self.word(
                "Bei Streit",
                ConflictSuitability::VOCABULARY,
                it.conflict_suitability.map(ConflictSuitability::id),
            ),
            self.word("Wie oft", Recurrence::VOCABULARY, it.recurrence.map(Recurrence::id)),
            self.word("Verbindlichkeit", Bindingness::VOCABULARY, it.bindingness.map(Bindingness::id)),
            self.word("Rechtlich", LegalCharacter::VOCABULARY, it.legal_character.map(LegalCharacter::id)),
            self.terms("Rechtsgrundlage", "legal_bases", "legal_basis", &it.legal_bases),
            self.terms("Was herauskommt", "outcome_forms", "outcome_form", &it.outcome_forms),
            text("Entstanden", invented.map(|parts| parts.join(", "))),
            text("Nutzung", Some(rights)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    pub(super) fn format_sections(&self, it: &FormatProfile) -> Vec<Section> {
        let steps: Vec<_> = it
            .steps
            .iter()
            .map(|step| (step.title.clone(), format::duration(step.minutes, step.minutes), paragraphs(&step.text)))
            .collect();
        let staff: Vec<String> = it.staff.iter().map(staff).collect();
        let tools: Vec<String> = it.digital_tools.iter().map(|tool| self.tool(tool)).collect();
        let mut accessible: Vec<String> = it.accessibility.iter().map(|id| self.label("accessibility", id)).collect();
        accessible.extend(it.accessibility_notes.iter().flat_map(|notes| paragraphs(notes)));
        [
            (!steps.is_empty()).then_some(Section {
                id: "ablauf",
                heading: "So geht’s",
                content: Content::Steps(steps),
            }),
            pair(
                "passt",
                "Wann es passt",
                &[("Passt, wenn", &it.fits_when), ("Passt nicht, wenn", &it.does_not_fit_when)],
            ),
            pair("abwaegen", "Stärken und Schwächen", &[("Stärken", &it.strengths), ("Schwächen", &it.weaknesses)]),
            pair("praxis", "Aus der Praxis", &[("Tipps", &it.tips), ("Stolpersteine", &it.pitfalls)]),
            pair(
                "braucht",
                "Was Sie brauchen",
                &[("Material", &it.materials), ("Raum", &it.rooms), ("Menschen", &staff)],
            ),
            pair("digital", "Digital oder gemischt", &[("Werkzeuge", &tools)]),
            list("varianten", "Varianten", &it.variants),
            list("barrierefrei", "Barrierefrei", &accessible),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn tool(&self, tool: &DigitalTool) -> String {
        let mut remarks = Vec::new();
        if tool.open_source == Some(true) {
            remarks.push("freie Software");
        }
        if tool.self_hostable == Some(true) {
            remarks.push("selbst zu betreiben");
        }
        let category = self.label("digital_tool_categories", &tool.category);
        let example = tool.example.as_ref().map(|name| format!(", zum Beispiel {name}")).unwrap_or_default();
        let remarks = if remarks.is_empty() { String::new() } else { format!(" ({})", remarks.join(", ")) };
        format!("{category}{example}{remarks}")
    }

    pub(super) fn case_facts(&self, it: &CaseProfile) -> Vec<Fact> {
        let people = |count: Option<u32>| count.map(|count| format::count(u64::from(count), "Person", "Personen"));
        let cost = it.cost_eur_actual.and_then(|cost| format::euros(Some(cost), Some(cost)));
        let cost = [cost, it.cost_note.clone()].into_iter().flatten().collect::<Vec<_>>().join(" – ");
        let town = it.municipality.iter().map(|town| (town.clone(), Some(self.links.filtered("municipality", town))));
        [
            fact("Ort", town.collect()),
            text("Dort", it.venue.clone()),
            text("Wann", period(it)),
            self.word("Stand", CaseStatus::VOCABULARY, it.status.map(CaseStatus::id)),
            text("Dabei waren", people(it.participants_actual)),
            text("Davon online", people(it.participants_online)),
            text("Eingeladen", people(it.invited_count)),
            self.terms("Wie Menschen dazukamen", "recruitment", "recruitment", &it.recruitment),
            text("Kosten", Some(cost)),
            text("Beauftragt von", it.commissioned_by.clone()),
            text("Durchgeführt von", Some(format::listed(&it.carried_out_by))),
            text("Gefördert von", Some(format::listed(&it.funding))),
            text("Ausgezeichnet", Some(format::listed(&it.awards))),
            link("Ratsvorlage", "Im Ratsinformationssystem lesen", it.council_document_url.as_ref()),
            fact(
                "Evaluation",
                it.evaluation.iter().map(|evaluation| (evaluation.kind.clone(), evaluation.url.clone())).collect(),
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    pub(super) fn case_sections(&self, it: &CaseProfile) -> Vec<Section> {
        [
            prose("anlass", "Anlass", it.occasion.as_ref()),
            prose("ziel", "Ziel", it.aim.as_ref()),
            prose("ablauf", "Wie es lief", it.process.as_ref()),
            prose("ergebnis", "Was herauskam", it.results.as_ref()),
            prose("umgang", "Was damit geschah", it.use_of_results.as_ref()),
            prose("wirkung", "Was sich geändert hat", it.impact.as_ref()),
            list("gelernt", "Was man daraus lernt", &it.lessons),
            prose("uebertragen", "Geht das auch anderswo?", it.transferability.as_ref()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    pub(super) fn guide_facts(&self, it: &GuideProfile) -> Vec<Fact> {
        let accessible = match it.pdf_accessible {
            Some(Known::Yes) => Some("ja".to_owned()),
            Some(Known::No) => Some("nein".to_owned()),
            Some(Known::Unknown) | None => None,
        };
        let doi = it.doi.iter().map(|doi| (doi.clone(), Some(format!("https://doi.org/{doi}"))));
        [
            link("Lesen", "Zum Text", it.full_text_url.as_ref()),
            self.word("Art", GuideType::VOCABULARY, it.guide_type.map(GuideType::id)),
            text("Geschrieben von", Some(format::listed(&it.authors))),
            text("Herausgegeben von", Some(format::listed(&it.publishers))),
            text("Jahr", it.year.map(|year| year.to_string())),
            text("Auflage", it.edition.clone()),
            text("Seiten", it.pages.map(|pages| format::number(u64::from(pages)))),
            self.word("Zugang", Access::VOCABULARY, it.access.map(Access::id)),
            text("Gilt für", it.applies_to.clone()),
            text("PDF barrierefrei", accessible),
            link("Leichte Sprache", "Fassung in Leichter Sprache", it.easy_language_url.as_ref()),
            link("Gebärdensprache", "Fassung in Gebärdensprache", it.sign_language_url.as_ref()),
            text("ISBN", it.isbn.clone()),
            fact("DOI", doi.collect()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    pub(super) fn guide_sections(&self, it: &GuideProfile) -> Vec<Section> {
        list("inhalt", "Was darin steht", &it.contents).into_iter().collect()
    }

    pub(super) fn concept_facts(&self, it: &ConceptProfile) -> Vec<Fact> {
        let resolution = it.resolution.as_ref().map(|it| {
            let date = it.date.as_deref().map(format::partial_date);
            let words =
                [it.body.clone(), date, it.document.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ");
            (words, it.url.clone())
        });
        [
            self.word("Stand", ImplementationState::VOCABULARY, it.implementation_state.map(ImplementationState::id)),
            fact("Beschluss", resolution.into_iter().filter(|(words, _)| !words.is_empty()).collect()),
            text("Zeitrahmen", it.time_frame.clone()),
            text("Zuständig", it.lead_office.clone()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    pub(super) fn concept_sections(&self, it: &ConceptProfile) -> Vec<Section> {
        [prose("ziel", "Ziel", it.aim.as_ref()), list("bausteine", "Bausteine", &it.building_blocks)]
            .into_iter()
            .flatten()
            .collect()
    }

    pub(super) fn idea_facts(&self, it: &IdeaProfile) -> Vec<Fact> {
        let wanted = it.wanted.iter().map(|wanted| (self.label(Wanted::VOCABULARY, wanted.id()), None));
        [
            self.word("Wie ausgereift", Maturity::VOCABULARY, it.maturity.map(Maturity::id)),
            fact("Was noch fehlt", wanted.collect()),
            self.word("Von wem", SubmittedByType::VOCABULARY, it.submitted_by_type.map(SubmittedByType::id)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    pub(super) fn idea_sections(&self, it: &IdeaProfile) -> Vec<Section> {
        [
            prose("problem", "Was heute nicht gut ist", it.problem.as_ref()),
            prose("vorschlag", "Der Vorschlag", it.proposal.as_ref()),
            prose("nutzen", "Was das bringt", it.benefit.as_ref()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

fn staff(staff: &Staff) -> String {
    match staff.count {
        Some(count) => format!("{}\u{202f}× {}", format::number(u64::from(count)), staff.role),
        None => staff.role.clone(),
    }
}

/// "Juni 2021", "2019–2021", "seit 2019".
fn period(it: &CaseProfile) -> Option<String> {
    let running = matches!(it.status, Some(CaseStatus::Running | CaseStatus::Established));
    match (&it.begins_on, &it.ends_on) {
        (Some(begin), Some(end)) if begin == end => Some(format::partial_date(begin)),
        (Some(begin), Some(end)) if begin.len() == 4 && end.len() == 4 => Some(format!("{begin}–{end}")),
        (Some(begin), Some(end)) => Some(format!("{} bis {}", format::partial_date(begin), format::partial_date(end))),
        (Some(begin), None) if running => Some(format!("seit {}", format::partial_date(begin))),
        (Some(begin), None) => Some(format::partial_date(begin)),
        (None, Some(end)) => Some(format!("bis {}", format::partial_date(end))),
        (None, None) => None,
    }
}
