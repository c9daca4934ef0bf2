//! The texts of an entry that people read and search, each with the name of its field.

use super::{
    entry::{Entry, Profile},
    kind::{FormatType, Kind},
    vocabulary::{Term, Vocabularies},
};

/// Where a text stands in an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Title and other names.
    Title,
    /// Summary and keywords.
    Lead,
    /// Everything else.
    Body,
}

/// One text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text<'a> {
    /// Field, as in JSON.
    pub field: &'static str,
    /// Where.
    pub place: Place,
    /// The text.
    pub text: &'a str,
}

/// All texts of an entry, in the order in which a reader meets them.
///
/// Spelling variants are not among them: they are searched, not read.
pub fn texts(entry: &Entry) -> Vec<Text<'_>> {
    let mut list = List(Vec::with_capacity(64));
    let common = &entry.common;
    list.one(Place::Title, "title", &common.title);
    list.many(Place::Title, "alternative_titles", &common.alternative_titles);
    list.maybe(Place::Lead, "subtitle", &common.subtitle);
    list.one(Place::Lead, "summary", &common.summary);
    list.many(Place::Lead, "keywords", &common.keywords);
    if let Some(plain) = &common.plain_language {
        list.one(Place::Body, "plain_language", &plain.text);
    }
    list.one(Place::Body, "body", &common.body);
    match &entry.profile {
        Profile::Format(profile) => format(&mut list, profile),
        Profile::BestPractice(profile) => case(&mut list, profile),
        Profile::Guide(profile) => {
            list.many(Place::Lead, "authors", &profile.authors);
            list.many(Place::Lead, "publishers", &profile.publishers);
            list.maybe(Place::Body, "applies_to", &profile.applies_to);
            list.many(Place::Body, "contents", &profile.contents);
        }
        Profile::Concept(profile) => {
            list.maybe(Place::Body, "aim", &profile.aim);
            list.many(Place::Body, "building_blocks", &profile.building_blocks);
            list.maybe(Place::Body, "time_frame", &profile.time_frame);
            list.maybe(Place::Body, "lead_office", &profile.lead_office);
        }
        Profile::Idea(profile) => {
            list.maybe(Place::Body, "problem", &profile.problem);
            list.maybe(Place::Body, "proposal", &profile.proposal);
            list.maybe(Place::Body, "benefit", &profile.benefit);
        }
    }
    for relation in &common.relations {
        list.maybe(Place::Body, "relations", &relation.note);
    }
    for source in &common.sources {
        list.one(Place::Body, "sources", &source.title);
    }
    for link in &common.links {
        list.one(Place::Body, "links", &link.title);
    }
    list.0
}

/// Terms that an entry carries and is found by, each with the name of its field.
pub fn terms<'a>(entry: &Entry, vocabularies: &'a Vocabularies) -> Vec<(&'static str, &'a Term)> {
    let common = &entry.common;
    let mut terms = Vec::new();
    let mut carry = |field: &'static str, vocabulary: &str, id: &str| {
        terms.extend(vocabularies.term(vocabulary, id).map(|term| (field, term)));
    };
    carry("kind", Kind::VOCABULARY, entry.kind().id());
    common.format_types.iter().for_each(|value| carry("format_types", FormatType::VOCABULARY, value.id()));
    // Fields that have the name of their vocabulary.
    let mut lists = vec![
        ("levels", &common.levels),
        ("purposes", &common.purposes),
        ("phases", &common.phases),
        ("topics", &common.topics),
        ("audiences", &common.audiences),
        ("scopes", &common.scopes),
        ("districts", &common.districts),
    ];
    if let Some(profile) = entry.as_format() {
        lists.extend([
            ("recruitment", &profile.recruitment),
            ("accessibility", &profile.accessibility),
            ("legal_bases", &profile.legal_bases),
            ("outcome_forms", &profile.outcome_forms),
        ]);
        profile.digital_tools.iter().for_each(|tool| carry("digital_tools", "digital_tool_categories", &tool.category));
    }
    for (name, ids) in lists {
        ids.iter().for_each(|id| carry(name, name, id));
    }
    terms
}

struct List<'a>(Vec<Text<'a>>);

impl<'a> List<'a> {
    fn one(&mut self, place: Place, field: &'static str, text: &'a str) {
        if !text.is_empty() {
            self.0.push(Text { field, place, text });
        }
    }

    fn maybe(&mut self, place: Place, field: &'static str, text: &'a Option<String>) {
        if let Some(text) = text {
            self.one(place, field, text);
        }
    }

    fn many(&mut self, place: Place, field: &'static str, texts: &'a [String]) {
        for text in texts {
            self.one(place, field, text);
        }
    }
}

fn format<'a>(list: &mut List<'a>, profile: &'a super::profile::FormatProfile) {
    for step in &profile.steps {
        list.one(Place::Body, "steps", &step.title);
        list.one(Place::Body, "steps", &step.text);
    }
    list.many(Place::Body, "fits_when", &profile.fits_when);
    list.many(Place::Body, "does_not_fit_when", &profile.does_not_fit_when);
    list.many(Place::Body, "strengths", &profile.strengths);
    list.many(Place::Body, "weaknesses", &profile.weaknesses);
    list.many(Place::Body, "tips", &profile.tips);
    list.many(Place::Body, "pitfalls", &profile.pitfalls);
    list.many(Place::Body, "variants", &profile.variants);
    list.many(Place::Body, "materials", &profile.materials);
    list.many(Place::Body, "rooms", &profile.rooms);
    for staff in &profile.staff {
        list.one(Place::Body, "staff", &staff.role);
    }
    for tool in &profile.digital_tools {
        list.maybe(Place::Body, "digital_tools", &tool.example);
    }
    list.maybe(Place::Body, "accessibility_notes", &profile.accessibility_notes);
    if let Some(invented) = &profile.invented {
        list.many(Place::Body, "invented", &invented.people);
        list.maybe(Place::Body, "invented", &invented.place);
    }
    list.maybe(Place::Body, "usage_rights_note", &profile.usage_rights_note);
}

fn case<'a>(list: &mut List<'a>, profile: &'a super::profile::CaseProfile) {
    list.maybe(Place::Lead, "municipality", &profile.municipality);
    list.maybe(Place::Lead, "venue", &profile.venue);
    list.maybe(Place::Body, "occasion", &profile.occasion);
    list.maybe(Place::Body, "aim", &profile.aim);
    list.maybe(Place::Body, "process", &profile.process);
    list.maybe(Place::Body, "results", &profile.results);
    list.maybe(Place::Body, "use_of_results", &profile.use_of_results);
    list.maybe(Place::Body, "impact", &profile.impact);
    list.many(Place::Body, "lessons", &profile.lessons);
    list.maybe(Place::Body, "transferability", &profile.transferability);
    list.maybe(Place::Body, "cost_note", &profile.cost_note);
    list.maybe(Place::Body, "commissioned_by", &profile.commissioned_by);
    list.many(Place::Body, "carried_out_by", &profile.carried_out_by);
    list.many(Place::Body, "funding", &profile.funding);
    list.many(Place::Body, "awards", &profile.awards);
}
