//! `/eintrag/{slug}`: all of an entry, what it is related to, and where it comes from.

mod profile;

use askama::Template;
use axum::{
    extract::RawQuery,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    facts,
    hits::{HitView, kind_label, plain_hit},
    links::Links,
    markdown::{paragraphs, to_html},
    page::{Frame, PageContext},
    ui::Ui,
};
use crate::{
    exchange::json_ld::{json_ld, script_safe},
    http::{
        api::entries::license_url,
        problem::{ARCHIVED, NOT_FOUND, Problem},
        routes::PathPart,
    },
    model::{
        entry::{Common, PlainLevel, Profile, Source},
        kind::Kind,
        vocabulary::Vocabularies,
    },
    search::response::{EntryView, Lookup, ResolvedRelation},
};

/// Similar entries on the page.
const SIMILAR: usize = 4;
/// Asks for a page that prints all of an entry instead of a card.
const IN_FULL: &str = "druck=alles";

/// The page.
#[derive(Template)]
#[template(path = "entry.html")]
pub struct EntryPage {
    /// Shared.
    pub frame: Frame,
    /// The entry.
    pub entry: EntryPageView,
    /// Entries like it.
    pub similar: Vec<HitView>,
    /// Whether all of it goes onto paper, not only the card.
    pub in_full: bool,
    /// Address of the page that prints all of it.
    pub full_url: String,
    /// Address for paper.
    pub short_url: String,
    /// Address of its data.
    pub data_url: String,
}

/// `/eintrag/{slug}`; an id or an old slug leads there.
///
/// # Errors
/// Where there is no such entry, or no longer.
pub async fn entry(
    page: PageContext,
    PathPart(slug): PathPart,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let (state, ui, links) = (&page.state, page.ui, &page.links);
    let view = match state.search.entry(&slug, ui.language)? {
        Lookup::Found(view) if view.public.entry.common.slug == slug => view,
        Lookup::Found(view) => {
            return Ok(Redirect::permanent(&links.entry(&view.public.entry.common.slug)).into_response());
        }
        Lookup::Moved { slug } => return Ok(Redirect::permanent(&links.entry(&slug)).into_response()),
        Lookup::Archived { title } => {
            return Err(Problem::new(&ARCHIVED).detail(
                format!("Der Eintrag „{title}“ ist nicht mehr öffentlich. Vielleicht hilft die Suche weiter."),
                format!("The entry “{title}” is no longer public. Perhaps the search helps."),
            ));
        }
        Lookup::Unknown => {
            return Err(Problem::new(&NOT_FOUND).detail(
                "Diesen Eintrag gibt es nicht. Vielleicht hilft die Suche weiter.",
                "There is no such entry. Perhaps the search helps.",
            ));
        }
    };
    let vocabularies = state.search.vocabularies()?;
    let linked: Vec<_> = view.relations.iter().map(|relation| relation.target).collect();
    // A page without "similar" is better than no page.
    let similar = state.search.related(view.public.id, SIMILAR + linked.len(), ui.language).await;
    let similar = similar.inspect_err(|error| tracing::warn!(%error, "similar entries are missing on a page"));
    let similar = similar.unwrap_or_default().into_iter().filter(|hit| !linked.contains(&hit.id)).take(SIMILAR);

    let common = &view.public.entry.common;
    let path = format!("/eintrag/{}", common.slug);
    let url = state.config.url(&path);
    let frame = page.frame(common.title.clone(), common.summary.clone()).at(&state.config, &path);
    page.html(&EntryPage {
        in_full: query.is_some_and(|query| query.split('&').any(|pair| pair == IN_FULL)),
        full_url: links.to(&format!("{path}?{IN_FULL}")),
        short_url: url.trim_start_matches("https://").trim_start_matches("http://").to_owned(),
        data_url: links.file(&format!("/api/v1/entries/{}", common.slug)),
        similar: similar.map(|hit| plain_hit(&hit, &vocabularies, links)).collect(),
        entry: entry_page(&view, &vocabularies, links),
        frame: Frame { json_ld: Some(script_safe(&json_ld(&view, &url, &vocabularies))), ..frame },
    })
}

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
    /// Last part of its address.
    pub slug: String,
    /// Language of its text, BCP 47.
    pub lang: String,
    /// Whether it can be compared and put into a process.
    pub comparable: bool,
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
    let ui = links.ui;
    let words = Words { vocabularies, links };
    let (mut facts, sections) = facts_and_sections(view, vocabularies, links);
    let more_facts = facts.split_off(facts.len().min(FIRST_FACTS));
    let more_facts = more_facts.into_iter().chain(words.late_facts(common)).collect();
    EntryPageView {
        kind: (kind_label(kind, vocabularies, ui), links.kind(kind)),
        title: common.title.clone(),
        subtitle: common.subtitle.clone(),
        also: Some(ui.listed(&common.alternative_titles)).filter(|names| !names.is_empty()),
        format_types: common.format_types.iter().map(|value| facts::marked(*value, vocabularies, ui)).collect(),
        slug: common.slug.clone(),
        lang: if common.language.is_empty() { "de".into() } else { common.language.clone() },
        comparable: kind == Kind::Format,
        plain: plain_language(common, ui),
        summary: common.summary.clone(),
        facts,
        more_facts,
        sections,
        relations: relations(&view.relations, kind, vocabularies, links),
        sources: common.sources.iter().map(|it| source(it, ui)).collect(),
        links: common.links.iter().map(|link| (link.title.clone(), link.url.clone(), link.language.clone())).collect(),
        license: (license_name(&common.license), license_url(&common.license)),
        reviewed: common.reviewed_on.map(|day| {
            let day = ui.date(day);
            if ui.english() {
                format!("This entry was reviewed on {day}.")
            } else {
                format!("Dieser Eintrag wurde am {day} geprüft.")
            }
        }),
        updated: ui.day_of(public.derived.updated_at),
        contact: common.contact.as_ref().map(|it| (it.office.clone(), it.email.clone(), it.url.clone())),
    }
}

/// Facts and text of an entry, without what all kinds share at the end.
pub fn facts_and_sections(view: &EntryView, vocabularies: &Vocabularies, links: &Links) -> (Vec<Fact>, Vec<Section>) {
    let (public, ui) = (&view.public, links.ui);
    let common = &public.entry.common;
    let words = Words { vocabularies, links };
    let mut facts = words.shared_facts(common);
    let mut sections = Vec::new();
    if !common.body.trim().is_empty() {
        sections.push(Section {
            id: "worum",
            heading: ui.say("Worum es geht", "What it is about"),
            content: Content::Html(to_html(&common.body)),
        });
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
    (facts, sections)
}

/// Turns values into words and links.
struct Words<'a> {
    vocabularies: &'a Vocabularies,
    links: &'a Links,
}

impl Words<'_> {
    fn label(&self, vocabulary: &str, id: &str) -> String {
        self.vocabularies.label(vocabulary, id, self.links.ui.language).to_owned()
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
            (
                facts::marked(*value, self.vocabularies, self.links.ui),
                Some(self.links.filtered("format_type", value.id())),
            )
        });
        fact(self.links.ui.say("Wo", "Where"), places.collect()).into_iter().collect()
    }

    fn late_facts(&self, common: &Common) -> Vec<Fact> {
        let ui = self.links.ui;
        [
            self.terms(ui.say("Thema", "Topic"), "topics", "topic", &common.topics),
            self.terms(ui.say("Wozu", "Purpose"), "purposes", "purpose", &common.purposes),
            self.terms(ui.say("Wie viel Mitsprache", "Level of say"), "levels", "level", &common.levels),
            self.terms(ui.say("Wann im Ablauf", "Phase"), "phases", "phase", &common.phases),
            self.terms(ui.say("Für wen", "Audience"), "audiences", "audience", &common.audiences),
            self.terms(ui.say("Für welches Gebiet", "Area"), "scopes", "scope", &common.scopes),
            self.terms(ui.say("Stadtbezirk", "District"), "districts", "district", &common.districts),
            fact(
                ui.say("Schlagwörter", "Keywords"),
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

fn plain_language(common: &Common, ui: Ui) -> Option<(&'static str, Vec<String>, Option<String>)> {
    let plain = common.plain_language.as_ref()?;
    // Only a text that somebody checked may be called Leichte Sprache.
    let (heading, checked) = match (&plain.level, &plain.checked_by) {
        (PlainLevel::Leicht, Some(by)) => (
            ui.say("In Leichter Sprache", "In easy language"),
            Some(format!("{} {by}.", ui.say("Geprüft von", "Checked by"))),
        ),
        _ => (ui.say("Kurz erklärt", "In brief"), None),
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
    let ui = links.ui;
    let mut groups: Vec<(u8, String, Vec<RelationView>)> = Vec::new();
    for relation in relations {
        let (rank, heading) = match relation.kind {
            Kind::BestPractice if of == Kind::Format => {
                (0, ui.say("So haben es andere gemacht", "How others did it").to_owned())
            }
            Kind::Guide if of == Kind::Format => (1, ui.say("Dazu gelesen", "Read about it").to_owned()),
            _ => (2, relation.label.clone()),
        };
        let item = RelationView {
            title: relation.title.clone(),
            url: links.entry(&relation.slug),
            kind: kind_label(relation.kind, vocabularies, ui),
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

fn source(source: &Source, ui: Ui) -> SourceView {
    let mut rest: Vec<String> = source.publisher.iter().cloned().collect();
    rest.extend(source.year.map(|year| year.to_string()));
    rest.extend(source.accessed_on.map(|day| format!("{} {}", ui.say("gelesen am", "read on"), ui.date(day))));
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
