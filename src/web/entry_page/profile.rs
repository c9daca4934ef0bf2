//! Facts and text of each kind.

use super::{Content, Fact, Section, Words, fact, link, list, pair, prose, text};
use crate::{
    model::{
        kind::*,
        profile::{CaseProfile, ConceptProfile, DigitalTool, FormatProfile, GuideProfile, IdeaProfile, Known, Staff},
    },
    web::{markdown::paragraphs, ui::Ui},
};

impl Words<'_> {
    pub(super) fn format_facts(&self, it: &FormatProfile) -> Vec<Fact> {
        let ui = self.links.ui;
        let invented = it.invented.as_ref().map(|invented| {
            let who = ui.listed(&invented.people);
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
            text(ui.say("Wie viele Menschen", "How many people"), ui.people(it.participants_min, it.participants_max)),
            text(ui.say("Dauer", "Duration"), ui.duration(it.duration_minutes_min, it.duration_minutes_max)),
            text(ui.say("Vorbereitung", "Lead time"), ui.weeks(it.lead_time_weeks_min, it.lead_time_weeks_max)),
            text(ui.say("Kosten", "Cost"), ui.euros(it.cost_eur_min, it.cost_eur_max)),
            self.word(ui.say("Umfang", "Scale"), MethodLevel::VOCABULARY, it.method_level.map(MethodLevel::id)),
            self.word(
                ui.say("Aufwand für Sie", "Effort for you"),
                Effort::VOCABULARY,
                it.organiser_effort.map(Effort::id),
            ),
            self.word(
                ui.say("Aufwand für Teilnehmende", "Effort for participants"),
                Effort::VOCABULARY,
                it.participant_effort.map(Effort::id),
            ),
            self.terms(
                ui.say("Wie Menschen dazukommen", "How people join"),
                "recruitment",
                "recruitment",
                &it.recruitment,
            ),
            self.word(
                ui.say("Wer darf mitmachen", "Who may take part"),
                Openness::VOCABULARY,
                it.openness.map(Openness::id),
            ),
            self.word(
                ui.say("Moderation", "Facilitation"),
                Facilitation::VOCABULARY,
                it.facilitation.map(Facilitation::id),
            ),
            self.word(
                ui.say("Vorkenntnisse", "Prior knowledge"),
                PriorKnowledge::VOCABULARY,
                it.prior_knowledge.map(PriorKnowledge::id),
            ),
            self.word(
                ui.say("Bei Streit", "In conflicts"),
                ConflictSuitability::VOCABULARY,
                it.conflict_suitability.map(ConflictSuitability::id),
            ),
            self.word(ui.say("Wie oft", "How often"), Recurrence::VOCABULARY, it.recurrence.map(Recurrence::id)),
            self.word(
                ui.say("Verbindlichkeit", "Bindingness"),
                Bindingness::VOCABULARY,
                it.bindingness.map(Bindingness::id),
            ),
            self.word(
                ui.say("Rechtlich", "Legal character"),
                LegalCharacter::VOCABULARY,
                it.legal_character.map(LegalCharacter::id),
            ),
            self.terms(ui.say("Rechtsgrundlage", "Legal basis"), "legal_bases", "legal_basis", &it.legal_bases),
            self.terms(ui.say("Was herauskommt", "Outcome"), "outcome_forms", "outcome_form", &it.outcome_forms),
            text(ui.say("Entstanden", "Origin"), invented.map(|parts| parts.join(", "))),
            text(ui.say("Nutzung", "Rights of use"), Some(rights)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    pub(super) fn format_sections(&self, it: &FormatProfile) -> Vec<Section> {
        let ui = self.links.ui;
        let steps: Vec<_> = it
            .steps
            .iter()
            .map(|step| (step.title.clone(), ui.duration(step.minutes, step.minutes), paragraphs(&step.text)))
            .collect();
        let staff: Vec<String> = it.staff.iter().map(|staff| self.staff(staff)).collect();
        let tools: Vec<String> = it.digital_tools.iter().map(|tool| self.tool(tool)).collect();
        let mut accessible: Vec<String> = it.accessibility.iter().map(|id| self.label("accessibility", id)).collect();
        accessible.extend(it.accessibility_notes.iter().flat_map(|notes| paragraphs(notes)));
        [
            (!steps.is_empty()).then_some(Section {
                id: "ablauf",
                heading: ui.say("So geht’s", "How it works"),
                content: Content::Steps(steps),
            }),
            pair(
                "passt",
                ui.say("Wann es passt", "When it fits"),
                &[
                    (ui.say("Passt, wenn", "Fits when"), &it.fits_when),
                    (ui.say("Passt nicht, wenn", "Does not fit when"), &it.does_not_fit_when),
                ],
            ),
            pair(
                "abwaegen",
                ui.say("Stärken und Schwächen", "Strengths and weaknesses"),
                &[(ui.say("Stärken", "Strengths"), &it.strengths), (ui.say("Schwächen", "Weaknesses"), &it.weaknesses)],
            ),
            pair(
                "praxis",
                ui.say("Aus der Praxis", "From practice"),
                &[(ui.say("Tipps", "Tips"), &it.tips), (ui.say("Stolpersteine", "Pitfalls"), &it.pitfalls)],
            ),
            pair(
                "braucht",
                ui.say("Was Sie brauchen", "What you need"),
                &[
                    (ui.say("Material", "Material"), &it.materials),
                    (ui.say("Raum", "Room"), &it.rooms),
                    (ui.say("Menschen", "People"), &staff),
                ],
            ),
            pair(
                "digital",
                ui.say("Digital oder gemischt", "Digital or mixed"),
                &[(ui.say("Werkzeuge", "Tools"), &tools)],
            ),
            list("varianten", ui.say("Varianten", "Variants"), &it.variants),
            list("barrierefrei", ui.say("Barrierefrei", "Accessibility"), &accessible),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn tool(&self, tool: &DigitalTool) -> String {
        let mut remarks = Vec::new();
        if tool.open_source == Some(true) {
            remarks.push(self.links.ui.say("freie Software", "free software"));
        }
        if tool.self_hostable == Some(true) {
            remarks.push(self.links.ui.say("selbst zu betreiben", "can be self-hosted"));
        }
        let category = self.label("digital_tool_categories", &tool.category);
        let example = tool
            .example
            .as_ref()
            .map(|name| format!(", {} {name}", self.links.ui.say("zum Beispiel", "for example")))
            .unwrap_or_default();
        let remarks = if remarks.is_empty() { String::new() } else { format!(" ({})", remarks.join(", ")) };
        format!("{category}{example}{remarks}")
    }

    fn staff(&self, staff: &Staff) -> String {
        match staff.count {
            Some(count) => format!("{}\u{202f}× {}", self.links.ui.number(u64::from(count)), staff.role),
            None => staff.role.clone(),
        }
    }

    pub(super) fn case_facts(&self, it: &CaseProfile) -> Vec<Fact> {
        let ui = self.links.ui;
        let people = |count: Option<u32>| {
            count.map(|count| ui.count(u64::from(count), ("Person", "Personen"), ("person", "people")))
        };
        let cost = it.cost_eur_actual.and_then(|cost| ui.euros(Some(cost), Some(cost)));
        let cost = [cost, it.cost_note.clone()].into_iter().flatten().collect::<Vec<_>>().join(" – ");
        let town = it.municipality.iter().map(|town| (town.clone(), Some(self.links.filtered("municipality", town))));
        [
            fact(ui.say("Ort", "Place"), town.collect()),
            text(ui.say("Dort", "Venue"), it.venue.clone()),
            text(ui.say("Wann", "When"), period(it, ui)),
            self.word(ui.say("Stand", "Status"), CaseStatus::VOCABULARY, it.status.map(CaseStatus::id)),
            text(ui.say("Dabei waren", "Took part"), people(it.participants_actual)),
            text(ui.say("Davon online", "Of these online"), people(it.participants_online)),
            text(ui.say("Eingeladen", "Invited"), people(it.invited_count)),
            self.terms(
                ui.say("Wie Menschen dazukamen", "How people joined"),
                "recruitment",
                "recruitment",
                &it.recruitment,
            ),
            text(ui.say("Kosten", "Cost"), Some(cost)),
            text(ui.say("Beauftragt von", "Commissioned by"), it.commissioned_by.clone()),
            text(ui.say("Durchgeführt von", "Carried out by"), Some(ui.listed(&it.carried_out_by))),
            text(ui.say("Gefördert von", "Funded by"), Some(ui.listed(&it.funding))),
            text(ui.say("Ausgezeichnet", "Awards"), Some(ui.listed(&it.awards))),
            link(
                ui.say("Ratsvorlage", "Council document"),
                ui.say("Im Ratsinformationssystem lesen", "Read in the council information system"),
                it.council_document_url.as_ref(),
            ),
            fact(
                ui.say("Evaluation", "Evaluation"),
                it.evaluation.iter().map(|evaluation| (evaluation.kind.clone(), evaluation.url.clone())).collect(),
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    pub(super) fn case_sections(&self, it: &CaseProfile) -> Vec<Section> {
        let ui = self.links.ui;
        [
            prose("anlass", ui.say("Anlass", "Occasion"), it.occasion.as_ref()),
            prose("ziel", ui.say("Ziel", "Aim"), it.aim.as_ref()),
            prose("ablauf", ui.say("Wie es lief", "How it went"), it.process.as_ref()),
            prose("ergebnis", ui.say("Was herauskam", "What came of it"), it.results.as_ref()),
            prose("umgang", ui.say("Was damit geschah", "What was done with it"), it.use_of_results.as_ref()),
            prose("wirkung", ui.say("Was sich geändert hat", "What changed"), it.impact.as_ref()),
            list("gelernt", ui.say("Was man daraus lernt", "What can be learned"), &it.lessons),
            prose(
                "uebertragen",
                ui.say("Geht das auch anderswo?", "Would it work elsewhere?"),
                it.transferability.as_ref(),
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    pub(super) fn guide_facts(&self, it: &GuideProfile) -> Vec<Fact> {
        let ui = self.links.ui;
        let accessible = match it.pdf_accessible {
            Some(Known::Yes) => Some(ui.say("ja", "yes").to_owned()),
            Some(Known::No) => Some(ui.say("nein", "no").to_owned()),
            Some(Known::Unknown) | None => None,
        };
        let doi = it.doi.iter().map(|doi| (doi.clone(), Some(format!("https://doi.org/{doi}"))));
        [
            link(ui.say("Lesen", "Read"), ui.say("Zum Text", "To the text"), it.full_text_url.as_ref()),
            self.word(ui.say("Art", "Type"), GuideType::VOCABULARY, it.guide_type.map(GuideType::id)),
            text(ui.say("Geschrieben von", "Written by"), Some(ui.listed(&it.authors))),
            text(ui.say("Herausgegeben von", "Published by"), Some(ui.listed(&it.publishers))),
            text(ui.say("Jahr", "Year"), it.year.map(|year| year.to_string())),
            text(ui.say("Auflage", "Edition"), it.edition.clone()),
            text(ui.say("Seiten", "Pages"), it.pages.map(|pages| ui.number(u64::from(pages)))),
            self.word(ui.say("Zugang", "Access"), Access::VOCABULARY, it.access.map(Access::id)),
            text(ui.say("Gilt für", "Applies to"), it.applies_to.clone()),
            text(ui.say("PDF barrierefrei", "Accessible PDF"), accessible),
            link(
                ui.say("Leichte Sprache", "Easy language"),
                ui.say("Fassung in Leichter Sprache", "Version in easy language"),
                it.easy_language_url.as_ref(),
            ),
            link(
                ui.say("Gebärdensprache", "Sign language"),
                ui.say("Fassung in Gebärdensprache", "Version in sign language"),
                it.sign_language_url.as_ref(),
            ),
            text("ISBN", it.isbn.clone()),
            fact("DOI", doi.collect()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    pub(super) fn guide_sections(&self, it: &GuideProfile) -> Vec<Section> {
        let ui = self.links.ui;
        list("inhalt", ui.say("Was darin steht", "Contents"), &it.contents).into_iter().collect()
    }

    pub(super) fn concept_facts(&self, it: &ConceptProfile) -> Vec<Fact> {
        let ui = self.links.ui;
        let resolution = it.resolution.as_ref().map(|it| {
            let date = it.date.as_deref().map(|date| ui.partial_date(date));
            let words =
                [it.body.clone(), date, it.document.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ");
            (words, it.url.clone())
        });
        [
            self.word(
                ui.say("Stand", "Status"),
                ImplementationState::VOCABULARY,
                it.implementation_state.map(ImplementationState::id),
            ),
            fact(
                ui.say("Beschluss", "Resolution"),
                resolution.into_iter().filter(|(words, _)| !words.is_empty()).collect(),
            ),
            text(ui.say("Zeitrahmen", "Time frame"), it.time_frame.clone()),
            text(ui.say("Zuständig", "Lead office"), it.lead_office.clone()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    pub(super) fn concept_sections(&self, it: &ConceptProfile) -> Vec<Section> {
        let ui = self.links.ui;
        [
            prose("ziel", ui.say("Ziel", "Aim"), it.aim.as_ref()),
            list("bausteine", ui.say("Bausteine", "Building blocks"), &it.building_blocks),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    pub(super) fn idea_facts(&self, it: &IdeaProfile) -> Vec<Fact> {
        let ui = self.links.ui;
        let wanted = it.wanted.iter().map(|wanted| (self.label(Wanted::VOCABULARY, wanted.id()), None));
        [
            self.word(ui.say("Wie ausgereift", "Maturity"), Maturity::VOCABULARY, it.maturity.map(Maturity::id)),
            fact(ui.say("Was noch fehlt", "Still wanted"), wanted.collect()),
            self.word(
                ui.say("Von wem", "From"),
                SubmittedByType::VOCABULARY,
                it.submitted_by_type.map(SubmittedByType::id),
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    pub(super) fn idea_sections(&self, it: &IdeaProfile) -> Vec<Section> {
        let ui = self.links.ui;
        [
            prose("problem", ui.say("Was heute nicht gut ist", "What is not good today"), it.problem.as_ref()),
            prose("vorschlag", ui.say("Der Vorschlag", "The proposal"), it.proposal.as_ref()),
            prose("nutzen", ui.say("Was das bringt", "What it would bring"), it.benefit.as_ref()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// "Juni 2021", "2019–2021", "seit 2019".
fn period(it: &CaseProfile, ui: Ui) -> Option<String> {
    let running = matches!(it.status, Some(CaseStatus::Running | CaseStatus::Established));
    match (&it.begins_on, &it.ends_on) {
        (Some(begin), Some(end)) if begin == end => Some(ui.partial_date(begin)),
        (Some(begin), Some(end)) if begin.len() == 4 && end.len() == 4 => Some(format!("{begin}–{end}")),
        (Some(begin), Some(end)) => {
            Some(format!("{} {} {}", ui.partial_date(begin), ui.say("bis", "to"), ui.partial_date(end)))
        }
        (Some(begin), None) if running => Some(format!("{} {}", ui.say("seit", "since"), ui.partial_date(begin))),
        (Some(begin), None) => Some(ui.partial_date(begin)),
        (None, Some(end)) => Some(format!("{} {}", ui.say("bis", "until"), ui.partial_date(end))),
        (None, None) => None,
    }
}
