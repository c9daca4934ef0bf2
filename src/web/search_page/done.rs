//! What was done to a query, in words, each with a way to have it otherwise.

use crate::{
    search::{request::SearchRequest, response::SearchResponse},
    web::links::{self, Links},
};

/// More similar words than this are a list nobody reads.
const SHOWN_SYNONYMS: usize = 4;

/// One thing that was done to the query.
pub struct Done {
    /// What.
    pub text: String,
    /// How to have it otherwise: words and address.
    pub undo: Option<(&'static str, String)>,
}

/// What was done to the query of a search.
pub(super) fn done(request: &SearchRequest, response: &SearchResponse, links: &Links) -> Vec<Done> {
    let applied = &response.query.applied;
    let ui = links.ui;
    let mut done = Vec::new();
    let undo = |words: &'static str, change: fn(&mut SearchRequest)| {
        Some((words, links.search(&links::changed(request, change))))
    };
    if !applied.corrections.is_empty() {
        let pairs: Vec<String> = applied
            .corrections
            .iter()
            .map(|it| format!("{} {} {}", ui.quoted(&it.to), ui.say("statt", "instead of"), ui.quoted(&it.from)))
            .collect();
        done.push(Done {
            text: format!("{} {}.", ui.say("Gesucht wurde", "Searched for"), ui.listed(&pairs)),
            undo: undo(ui.say("Nur so suchen, wie ich es geschrieben habe", "Search only what I typed"), |request| {
                request.verbatim.corrections = true
            }),
        });
    }
    if !applied.synonyms.is_empty() {
        let mut words: Vec<String> = applied.synonyms.iter().map(|it| ui.quoted(&it.to)).collect();
        words.dedup();
        words.truncate(SHOWN_SYNONYMS);
        done.push(Done {
            text: format!("{}: {}.", ui.say("Auch gesucht", "Also searched"), ui.listed(&words)),
            undo: undo(ui.say("Ohne ähnliche Begriffe suchen", "Search without similar terms"), |request| {
                request.verbatim.synonyms = true
            }),
        });
    }
    // The parts of a word that was replaced tell nobody anything.
    let replaced = |word: &str| applied.corrections.iter().any(|it| it.from == word);
    let parts: Vec<_> = applied.parts.iter().filter(|it| !replaced(&it.word)).collect();
    if !parts.is_empty() {
        let words: Vec<String> = parts.iter().map(|it| ui.quoted(&it.word)).collect();
        done.push(Done {
            text: format!("{} {}.", ui.say("Auch Teile gesucht von", "Also searched for parts of"), ui.listed(&words)),
            undo: undo(ui.say("Ohne Wortteile suchen", "Search without parts of words"), |request| {
                request.verbatim.parts = true
            }),
        });
    }
    if !applied.optional.is_empty() {
        let words: Vec<String> = applied.optional.iter().map(|it| ui.quoted(it)).collect();
        let must = if words.len() > 1 { "müssen" } else { "muss" };
        let not_needed =
            if ui.english() { "need not be in the text".into() } else { format!("{must} nicht im Text stehen") };
        done.push(Done {
            text: format!("{} {not_needed}.", ui.listed(&words)),
            undo: undo(ui.say("Nur Treffer mit allen Wörtern", "Only hits with all words"), |request| {
                request.verbatim.relaxed = true
            }),
        });
    }
    if applied.relaxed.is_some() && response.total_strict > 0 {
        done.push(Done {
            text: ui
                .say(
                    "Dabei sind auch Treffer, die nur einen Teil Ihrer Suche enthalten.",
                    "Among them are hits that have only part of your search.",
                )
                .into(),
            undo: undo(ui.say("Nur Treffer mit allen Wörtern", "Only hits with all words"), |request| {
                request.verbatim.relaxed = true
            }),
        });
    }
    let given = request.verbatim;
    if given.corrections || given.synonyms || given.parts || given.relaxed {
        done.push(Done {
            text: ui
                .say("Gesucht wurde genau so, wie Sie es geschrieben haben.", "Searched exactly as you typed it.")
                .into(),
            undo: undo(ui.say("Wieder mit Hilfe suchen", "Search with help again"), |request| {
                request.verbatim = Default::default()
            }),
        });
    }
    done
}
