//! `/themen` and below: the controlled vocabularies as ways into the collection, each term with what it means.

use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    facts,
    hits::{HitView, plain_hit},
    links::Links,
    page::{Frame, PageContext},
};
use crate::{
    http::problem::{NOT_FOUND, Problem},
    model::{
        facet::{FACETS, Facet, Logic},
        kind::FormatType,
        vocabulary::{Term, Vocabularies, Vocabulary},
    },
    search::{
        request::{FacetChoice, SearchRequest},
        response::{FacetValue, SearchResponse},
    },
};

/// Entries shown on the page of a term; the search has the rest.
const ENTRIES: u32 = 10;

/// A way into the collection.
pub struct WayIn {
    /// What people read.
    pub label: String,
    /// What it means; empty where nobody wrote it in the language of the page.
    pub definition: String,
    /// Address.
    pub url: String,
    /// How many entries.
    pub count: String,
}

/// `/themen`.
#[derive(Template)]
#[template(path = "topics.html")]
pub struct TopicsPage {
    /// Shared.
    pub frame: Frame,
    /// Topics.
    pub topics: Vec<WayIn>,
    /// Purposes.
    pub purposes: Vec<WayIn>,
    /// Audiences.
    pub audiences: Vec<WayIn>,
    /// All vocabularies with a page of their own: heading and address.
    pub vocabularies: Vec<(String, String)>,
}

/// `/themen/{vocabulary}`.
#[derive(Template)]
#[template(path = "vocabulary.html")]
pub struct VocabularyPage {
    /// Shared.
    pub frame: Frame,
    /// What the list is for.
    pub definition: String,
    /// Language of the definitions, where it is not that of the page.
    pub language: Option<String>,
    /// Its terms.
    pub terms: Vec<WayIn>,
}

/// `/themen/{vocabulary}/{term}`.
#[derive(Template)]
#[template(path = "term.html")]
pub struct TermPage {
    /// Shared.
    pub frame: Frame,
    /// The list it belongs to: heading and address.
    pub vocabulary: (String, String),
    /// What it means.
    pub definition: String,
    /// Other words for it.
    pub synonyms: String,
    /// Language of both, where it is not that of the page.
    pub language: Option<String>,
    /// "229 Einträge" and the search that lists them.
    pub all: (String, String),
    /// The first of them.
    pub entries: Vec<HitView>,
}

/// `/themen`.
///
/// # Errors
/// When the search cannot answer.
pub async fn topics(page: PageContext) -> Result<Response, Problem> {
    let vocabularies = page.state.search.vocabularies()?;
    let response = counted(&page, vec!["audience", "purpose", "topic"]).await?;
    let ui = page.ui;
    let ways = |parameter, vocabulary| ways_in(parameter, vocabulary, &response, &vocabularies, &page.links);
    let lists = FACETS.iter().filter_map(|facet| vocabulary_of(facet, &vocabularies)).map(|vocabulary| {
        (ui.say(&vocabulary.label, &vocabulary.label_en).to_owned(), page.links.to(&vocabulary_path(&vocabulary.name)))
    });
    let description = ui.say(
        "Alle Themen, Zwecke und Zielgruppen der Sammlung.",
        "All topics, purposes and audiences of the collection.",
    );
    page.html(&TopicsPage {
        topics: ways("topic", "topics"),
        purposes: ways("purpose", "purposes"),
        audiences: ways("audience", "audiences"),
        vocabularies: lists.collect(),
        frame: page.frame(ui.say("Themen", "Topics"), description).at(&page.state.config, "/themen"),
    })
}

/// `/themen/{vocabulary}`.
///
/// # Errors
/// Where there is no such vocabulary among the filters.
pub async fn vocabulary(page: PageContext, Path(name): Path<String>) -> Result<Response, Problem> {
    let vocabularies = page.state.search.vocabularies()?;
    let (facet, vocabulary) = filter_list(&name, &vocabularies).ok_or_else(|| Problem::new(&NOT_FOUND))?;
    let response = counted(&page, vec![facet.parameter]).await?;
    let ui = page.ui;
    let counts = response.facets.get(facet.parameter).map(Vec::as_slice).unwrap_or_default();
    let terms = vocabulary.terms.iter().filter(|term| term.deprecated_by.is_none()).map(|term| WayIn {
        label: way_label(vocabulary, term, &vocabularies, &page.links),
        definition: term.definition.clone(),
        url: page.links.to(&format!("{}/{}", vocabulary_path(&vocabulary.name), term.id)),
        count: ui.number(count_of(counts, &term.id)),
    });
    let heading = ui.say(&vocabulary.label, &vocabulary.label_en);
    page.html(&VocabularyPage {
        terms: terms.collect(),
        definition: vocabulary.definition.clone(),
        language: ui.foreign("de"),
        frame: page
            .frame(heading, vocabulary.definition.clone())
            .at(&page.state.config, &vocabulary_path(&vocabulary.name)),
    })
}

/// `/themen/{vocabulary}/{term}`.
///
/// # Errors
/// Where there is no such term.
pub async fn term(page: PageContext, Path((name, id)): Path<(String, String)>) -> Result<Response, Problem> {
    let vocabularies = page.state.search.vocabularies()?;
    let not_found = || Problem::new(&NOT_FOUND);
    let (facet, vocabulary) = filter_list(&name, &vocabularies).ok_or_else(not_found)?;
    let term = vocabulary.term(&id).ok_or_else(not_found)?;
    let path = format!("{}/{id}", vocabulary_path(&vocabulary.name));
    if let Some(successor) = &term.deprecated_by {
        let to = format!("{}/{successor}", vocabulary_path(&vocabulary.name));
        return Ok(Redirect::permanent(&page.links.to(&to)).into_response());
    }
    let ui = page.ui;
    let mut request = SearchRequest {
        page: 1,
        per_page: ENTRIES,
        facets: FacetChoice::Only(Vec::new()),
        language: ui.language,
        ..SearchRequest::default()
    };
    request.filters.terms.insert(facet.parameter, vec![id.clone()]);
    let response = page.state.search.search(request).await?;
    page.html(&TermPage {
        vocabulary: (
            ui.say(&vocabulary.label, &vocabulary.label_en).to_owned(),
            page.links.to(&vocabulary_path(&vocabulary.name)),
        ),
        definition: term.definition.clone(),
        synonyms: term.synonyms.join(", "),
        language: ui.foreign("de"),
        all: (ui.entries(response.total), page.links.filtered(facet.parameter, &id)),
        entries: response.hits.iter().map(|hit| plain_hit(hit, &vocabularies, &page.links)).collect(),
        frame: page
            .frame(way_label(vocabulary, term, &vocabularies, &page.links), term.definition.clone())
            .at(&page.state.config, &path),
    })
}

/// Terms with entries, in the order of the vocabulary.
pub fn ways_in(
    parameter: &'static str,
    vocabulary: &str,
    response: &SearchResponse,
    vocabularies: &Vocabularies,
    links: &Links,
) -> Vec<WayIn> {
    let counts = response.facets.get(parameter).map(Vec::as_slice).unwrap_or_default();
    let Some(vocabulary) = vocabularies.get(vocabulary) else { return Vec::new() };
    vocabulary
        .terms
        .iter()
        // What fits all of them is no way to any of them.
        .filter(|term| Some(&term.id) != vocabulary.any.as_ref() && count_of(counts, &term.id) > 0)
        .map(|term| WayIn {
            label: way_label(vocabulary, term, vocabularies, links),
            definition: if links.ui.english() { String::new() } else { term.definition.clone() },
            url: links.filtered(parameter, &term.id),
            count: links.ui.number(count_of(counts, &term.id)),
        })
        .collect()
}

/// All entries, counted by these facets.
async fn counted(page: &PageContext, facets: Vec<&'static str>) -> Result<SearchResponse, Problem> {
    let request = SearchRequest {
        page: 1,
        per_page: 1,
        facets: FacetChoice::Only(facets),
        language: page.ui.language,
        ..SearchRequest::default()
    };
    Ok(page.state.search.search(request).await?)
}

fn count_of(counts: &[FacetValue], id: &str) -> u64 {
    counts.iter().find(|value| value.value == id).map_or(0, |value| value.count)
}

fn vocabulary_path(name: &str) -> String {
    format!("/themen/{name}")
}

/// The list of terms behind a facet, where ticking one of them says something about its meaning.
fn vocabulary_of<'a>(facet: &Facet, vocabularies: &'a Vocabularies) -> Option<&'a Vocabulary> {
    let name = facet.vocabulary.filter(|_| facet.logic == Logic::Terms)?;
    vocabularies.get(name).map(|vocabulary| &**vocabulary)
}

fn filter_list<'a>(name: &str, vocabularies: &'a Vocabularies) -> Option<(&'static Facet, &'a Vocabulary)> {
    let facet = FACETS.iter().find(|facet| facet.vocabulary == Some(name))?;
    Some((facet, vocabulary_of(facet, vocabularies)?))
}

fn way_label(vocabulary: &Vocabulary, term: &Term, vocabularies: &Vocabularies, links: &Links) -> String {
    if let Some(format_type) = FormatType::from_id(&term.id).filter(|_| vocabulary.name == FormatType::VOCABULARY) {
        return facts::marked(format_type, vocabularies, links.ui);
    }
    let plural = term.label_plural.clone().filter(|_| !links.ui.english());
    plural.unwrap_or_else(|| term.label(links.ui.language).to_owned())
}
