//! Entries in lists: of a search, of related entries, of a selection.

mod why;

use self::why::why;
use super::{facts, links::Links};
use crate::{
    model::{
        kind::Kind,
        vocabulary::{Term, Vocabularies},
    },
    search::response::{Hit, Mode, SearchResponse, Segment},
    web::ui::Ui,
};

/// An entry in a list.
pub struct HitView {
    /// Label of the kind.
    pub kind: String,
    /// Last part of its address.
    pub slug: String,
    /// Address of the entry.
    pub url: String,
    /// Language of its text, where it is not that of the page.
    pub language: Option<String>,
    /// Title in segments.
    pub title: Vec<Segment>,
    /// Facts.
    pub facts: Vec<String>,
    /// Text around the matches.
    pub snippet: Vec<Segment>,
    /// Why it is here, when that is not obvious.
    pub why: Option<String>,
}

impl HitView {
    /// The title without marks.
    pub fn plain_title(&self) -> String {
        Segment::text_of(&self.title)
    }
}

/// A hit of a search.
pub fn hit_view(hit: &Hit, response: &SearchResponse, vocabularies: &Vocabularies, links: &Links) -> HitView {
    let mut view = plain_hit(hit, vocabularies, links);
    view.why = why(hit, links.ui);
    if response.mode == Mode::Relaxed && response.total_strict > 0 && !hit.strict {
        let part = links.ui.say("enthält nur einen Teil Ihrer Suche", "has only part of your search");
        view.why = Some(view.why.map_or_else(|| part.to_owned(), |why| format!("{part}; {why}")));
    }
    view
}

/// A hit without a search.
pub fn plain_hit(hit: &Hit, vocabularies: &Vocabularies, links: &Links) -> HitView {
    let snippet =
        if hit.snippet.is_empty() { vec![Segment::plain(hit.facts.summary.clone())] } else { hit.snippet.clone() };
    HitView {
        kind: kind_label(hit.kind, vocabularies, links.ui),
        slug: hit.slug.clone(),
        url: links.entry(&hit.slug),
        language: links.ui.foreign(&hit.facts.language),
        title: hit.title.clone(),
        facts: facts::of(&hit.facts, vocabularies, links.ui),
        snippet,
        why: None,
    }
}

/// Short label of a kind.
pub fn kind_label(kind: Kind, vocabularies: &Vocabularies, ui: Ui) -> String {
    short_label(vocabularies.term(Kind::VOCABULARY, kind.id()), kind.id(), ui)
}

/// Label of a term for narrow places; the id where there is no term.
pub fn short_label(term: Option<&Term>, id: &str, ui: Ui) -> String {
    match term {
        Some(term) if !ui.english() && !term.label_short.is_empty() => term.label_short.clone(),
        Some(term) => term.label(ui.language).to_owned(),
        None => id.to_owned(),
    }
}
