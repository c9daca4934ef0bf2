//! What the page of an entry shows, worked out from the entry.

use super::{
    facts, format,
    links::Links,
    markdown::{paragraphs, to_html},
    search_page::kind_label,
};
use crate::{
    http::api::entries::license_url,
    model::{
        entry::{Common, Entry, PlainLevel, Profile, Source},
        kind::Kind,
        vocabulary::{Language, Vocabularies},
    },
    search::response::{EntryView, ResolvedRelation},
};

mod profile;

/// The page of an entry.
pub struct EntryPageView {
    /// Label of the kind, and all entries of that kind.
    pub kind: (String, String),
    /// Title.
    pub title: String,
    /// Second line.
    pub subtitle: Option<String>,
    /// Other names.
    pub also: Option<String>,
    /// Format types with their shapes.
    pub format_types: Vec<String>,
    /// Language, where it is not German.
    pub language: Option<String>,
    /// "Kurz erklärt": heading, paragraphs, remark.
    pub plain: Option<(&'static str, Vec<String>, Option<String>)>,
    /// One or two sentences.
    pub summary: String,
    /// Facts that people ask for first.
    pub facts: Vec<Fact>,
    /// The others.
    pub more_facts: Vec<Fact>,
    /// Text.
    pub sections: Vec<Section>,
    /// Relations by heading.
    pub relations: Vec<(String, Vec<RelationView>)>,
    /// Sources.
    pub sources: Vec<SourceView>,
    /// Where to read on: title, address, language.
    pub links: Vec<(String, String, Option<String>)>,
    /// Licence: name and address.
    pub license: (String, Option<&'static str>),
    /// "Dieser Eintrag wurde am 3. März 2026 geprüft."
    pub reviewed: Option<String>,
    /// Day of the newest change.
    pub updated: String,
    /// Office, mailbox, page.
    pub contact: Option<(String, Option<String>, Option<String>)>,
}

/// A fact: its name and values, each perhaps with an address.
#[derive(Debug)]
pub struct Fact {
    /// Name.
    pub name: &'static str,
    /// Values.
    pub values: Vec<(String, Option<String>)>,
}

/// A part of the text.
#[derive(Debug)]
pub struct Section {
    /// Anchor.
    pub id: &'static str,
    /// Heading.
    pub heading: &'static str,
    /// What is in it.
    pub content: Content,
}

/// What a part of the text consists of.
#[derive(Debug)]
pub enum Content {
    /// Safe HTML.
    Html(String),
    /// Paragraphs.
    Text(Vec<String>),
    /// A list.
    List(Vec<String>),
    /// Numbered steps: title, time, paragraphs.
    Steps(Vec<(String, Option<String>, Vec<String>)>),
    /// Lists side by side, each with its heading.
    Pair(Vec<(&'static str, Vec<String>)>),
}

/// A related entry.
pub struct RelationView {
    /// Title.
    pub title: String,
    /// Address.
    pub url: String,
    /// Label of the kind.
    pub kind: String,
    /// Remark of the editors, or the summary.
    pub text: String,
}

/// A source in the order in which libraries cite.
pub struct SourceView {
    /// Title.
    pub title: String,
    /// Address.
    pub url: Option<String>,
    /// Publisher, year, day of reading.
    pub rest: String,
}

/// So many facts are read at a glance.
const FIRST_FACTS: usize = 6;
/// Sections that belong on the printed card.
const ON_PAPER: &[&str] = &["ablauf", "passt", "praxis", "ergebnis", "gelernt", "ziel", "vorschlag", "inhalt"];

impl Section {
    /// Whether it belongs on the printed card.
    pub fn on_paper(&self) -> bool {
        ON_PAPER.contains(&self.id)
    }
}

/// Works out the page.
pub fn entry_page(view: &EntryView, vocabularies: &Vocabularies, links: &Links) -> EntryPageView {
    let public = &view.public;
    let common = &public.entry.common;
    let kind = public.entry.kind();
    let words = Words { vocabularies, links };
    let mut facts = words.shared_facts(common);
    let mut sections = Vec::new();
    if !common.body.trim().is_empty() {
        sections.push(Section { id: "worum", heading: "Worum es geht", content: Content::Html(to_html(&common.body)) });
    }
    match &public.entry.profile {
        Profile::Format(format) => {
            facts.extend(words.format_facts(format));
            sections.extend(words.format_sections(format));
        }
        Profile::BestPractice(case) => {
            facts.extend(words.case_facts(case));
            sections.extend(words.case_sections(case));
        }
        Profile::Guide(guide) => {
            facts.extend(words.guide_facts(guide));
            sections.extend(words.guide_sections(guide));
        }
        Profile::Concept(concept) => {
            facts.extend(words.concept_facts(concept));
            sections.extend(words.concept_sections(concept));
        }
        Profile::Idea(idea) => {
            facts.extend(words.idea_facts(idea));
            sections.extend(words.idea_sections(idea));
        }
    }
    let more_facts = facts.split_off(facts.len().min(FIRST_FACTS));
    let more_facts = more_facts.into_iter().chain(words.late_facts(common)).collect();
    EntryPageView {
        kind: (kind_label(kind, vocabularies), links.kind(kind)),
        title: common.title.clone(),
        subtitle: common.subtitle.clone(),
        also: Some(format::listed(&common.alternative_titles)).filter(|names| !names.is_empty()),
        format_types: common.format_types.iter().map(|value| facts::marked(*value, vocabularies)).collect(),
        language: Some(common.language.clone()).filter(|tag| !tag.is_empty() && !tag.starts_with("de")),
        plain: plain_language(common),
        summary: common.summary.clone(),
        facts,
        more_facts,
        sections,
        relations: relations(&view.relations, kind, vocabularies, links),
        sources: common.sources.iter().map(source).collect(),
        links: common.links.iter().map(|link| (link.title.clone(), link.url.clone(), link.language.clone())).collect(),
        license: (license_name(&common.license), license_url(&common.license)),
        reviewed: common.reviewed_on.map(|day| format!("Dieser Eintrag wurde am {} geprüft.", format::date(day))),
        updated: format::day_of(public.derived.updated_at),
        contact: common.contact.as_ref().map(|it| (it.office.clone(), it.email.clone(), it.url.clone())),
    }
}

/// Description for search engines: the summary.
pub fn description(entry: &Entry) -> &str {
    &entry.common.summary
}

/// Turns values into words and links.
struct Words<'a> {
    vocabularies: &'a Vocabularies,
    links: &'a Links,
}

impl Words<'_> {
    fn label(&self, vocabulary: &str, id: &str) -> String {
        self.vocabularies.label(vocabulary, id, Language::German).to_owned()
    }

    /// Terms with links to all entries that have them.
    fn terms(&self, name: &'static str, vocabulary: &str, parameter: &str, ids: &[String]) -> Option<Fact> {
        let values = ids.iter().map(|id| (self.label(vocabulary, id), Some(self.links.filtered(parameter, id))));
        fact(name, values.collect())
    }

    /// A value of a closed set, as a word.
    fn word(&self, name: &'static str, vocabulary: &str, id: Option<&str>) -> Option<Fact> {
        text(name, id.map(|id| self.label(vocabulary, id)))
    }

    fn shared_facts(&self, common: &Common) -> Vec<Fact> {
        let places = common.format_types.iter().map(|value| {
            (facts::marked(*value, self.vocabularies), Some(self.links.filtered("format_type", value.id())))
        });
        fact("Wo", places.collect()).into_iter().collect()
    }

    fn late_facts(&self, common: &Common) -> Vec<Fact> {
        [
            self.terms("Thema", "topics", "topic", &common.topics),
            self.terms("Wozu", "purposes", "purpose", &common.purposes),
            self.terms("Wie viel Mitsprache", "levels", "level", &common.levels),
            self.terms("Wann im Ablauf", "phases", "phase", &common.phases),
            self.terms("Für wen", "audiences", "audience", &common.audiences),
            self.terms("Für welches Gebiet", "scopes", "scope", &common.scopes),
            self.terms("Stadtbezirk", "districts", "district", &common.districts),
            fact(
                "Schlagwörter",
                common.keywords.iter().map(|word| (word.clone(), Some(self.links.filtered("keyword", word)))).collect(),
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

fn fact(name: &'static str, values: Vec<(String, Option<String>)>) -> Option<Fact> {
    (!values.is_empty()).then_some(Fact { name, values })
}

fn text(name: &'static str, value: Option<String>) -> Option<Fact> {
    fact(name, value.filter(|value| !value.is_empty()).map(|value| (value, None)).into_iter().collect())
}

fn link(name: &'static str, label: &str, url: Option<&String>) -> Option<Fact> {
    fact(name, url.map(|url| (label.to_owned(), Some(url.clone()))).into_iter().collect())
}

fn prose(id: &'static str, heading: &'static str, text: Option<&String>) -> Option<Section> {
    let paragraphs = text.map(|text| paragraphs(text)).unwrap_or_default();
    (!paragraphs.is_empty()).then_some(Section { id, heading, content: Content::Text(paragraphs) })
}

fn list(id: &'static str, heading: &'static str, items: &[String]) -> Option<Section> {
    (!items.is_empty()).then(|| Section { id, heading, content: Content::List(items.to_vec()) })
}

fn pair(id: &'static str, heading: &'static str, lists: &[(&'static str, &[String])]) -> Option<Section> {
    let lists: Vec<_> =
        lists.iter().filter(|(_, items)| !items.is_empty()).map(|(name, items)| (*name, items.to_vec())).collect();
    (!lists.is_empty()).then_some(Section { id, heading, content: Content::Pair(lists) })
}

fn plain_language(common: &Common) -> Option<(&'static str, Vec<String>, Option<String>)> {
    let plain = common.plain_language.as_ref()?;
    // Only a text that somebody checked may be called Leichte Sprache.
    let (heading, checked) = match (&plain.level, &plain.checked_by) {
        (PlainLevel::Leicht, Some(by)) => ("In Leichter Sprache", Some(format!("Geprüft von {by}."))),
        _ => ("Kurz erklärt", None),
    };
    Some((heading, paragraphs(&plain.text), checked))
}

/// Cases first ("So haben es andere gemacht"), then guides, then the rest by the kind of relation.
fn relations(
    relations: &[ResolvedRelation],
    of: Kind,
    vocabularies: &Vocabularies,
    links: &Links,
) -> Vec<(String, Vec<RelationView>)> {
    let mut groups: Vec<(u8, String, Vec<RelationView>)> = Vec::new();
    for relation in relations {
        let (rank, heading) = match relation.kind {
            Kind::BestPractice if of == Kind::Format => (0, "So haben es andere gemacht".to_owned()),
            Kind::Guide if of == Kind::Format => (1, "Dazu gelesen".to_owned()),
            _ => (2, relation.label.clone()),
        };
        let item = RelationView {
            title: relation.title.clone(),
            url: links.entry(&relation.slug),
            kind: kind_label(relation.kind, vocabularies),
            text: relation.note.clone().unwrap_or_else(|| relation.summary.clone()),
        };
        match groups.iter_mut().find(|(_, known, _)| *known == heading) {
            Some((_, _, items)) => items.push(item),
            None => groups.push((rank, heading, vec![item])),
        }
    }
    groups.sort_by_key(|(rank, _, _)| *rank);
    groups.into_iter().map(|(_, heading, items)| (heading, items)).collect()
}

fn source(source: &Source) -> SourceView {
    let mut rest: Vec<String> = source.publisher.iter().cloned().collect();
    rest.extend(source.year.map(|year| year.to_string()));
    rest.extend(source.accessed_on.map(|day| format!("gelesen am {}", format::date(day))));
    SourceView { title: source.title.clone(), url: source.url.clone(), rest: rest.join(", ") }
}

fn license_name(spdx: &str) -> String {
    match spdx {
        "CC-BY-4.0" => "Creative Commons Namensnennung 4.0".into(),
        "CC-BY-SA-4.0" => "Creative Commons Namensnennung, Weitergabe unter gleichen Bedingungen 4.0".into(),
        "CC0-1.0" => "Creative Commons Zero 1.0".into(),
        "DL-DE-BY-2.0" => "Datenlizenz Deutschland – Namensnennung 2.0".into(),
        "DL-DE-ZERO-2.0" => "Datenlizenz Deutschland – Zero 2.0".into(),
        other => other.into(),
    }
}
