//! What the search page shows, worked out from request and answer.

mod why;

use self::why::why;
use super::{facts, filters::FilterView, format, links, links::Links};
use crate::{
    model::{
        facet::facet,
        kind::Kind,
        vocabulary::{Language, Vocabularies},
    },
    query::Notice,
    search::{
        request::{SearchRequest, Sort},
        response::{Hit, Mode, Offer, SearchResponse, Segment},
    },
};

/// Everything under the search field.
pub struct ResultsView {
    /// "12 Treffer für „Bürgerrat“".
    pub headline: String,
    /// What was done to the query, each with its undo link.
    pub done: Vec<Done>,
    /// A better query: text and address.
    pub did_you_mean: Option<(String, String)>,
    /// Filters for what the query says in numbers: words and address.
    pub offers: Vec<(String, String)>,
    /// Remarks on the query or the address.
    pub notices: Vec<String>,
    /// Active filters.
    pub chips: Vec<Chip>,
    /// Address without any filter.
    pub reset_url: String,
    /// The filters.
    pub filters: Vec<FilterView>,
    /// Filters that few people need.
    pub more_filters: Vec<FilterView>,
    /// Hits of this page.
    pub hits: Vec<HitView>,
    /// Where nothing was found: ways out.
    pub ways_out: Vec<(String, String)>,
    /// Orders: label, address, whether it is in force.
    pub orders: Vec<(&'static str, String, bool)>,
    /// Pages.
    pub pages: Vec<PageLink>,
    /// The page before and the page after.
    pub neighbours: (Option<String>, Option<String>),
}

/// One thing that was done to the query.
pub struct Done {
    /// What.
    pub text: String,
    /// How to have it otherwise: words and address.
    pub undo: Option<(&'static str, String)>,
}

/// An active filter.
pub struct Chip {
    /// Its parameter.
    pub parameter: &'static str,
    /// Heading of the filter.
    pub heading: String,
    /// Its value.
    pub label: String,
    /// The search without it.
    pub url: String,
}

/// A hit.
pub struct HitView {
    /// Label of the kind.
    pub kind: String,
    /// Address of the entry.
    pub url: String,
    /// Language, where it is not German.
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

/// A link to a page of hits; none stands for a gap.
pub struct PageLink {
    /// Number and address.
    pub page: Option<(u32, String)>,
    /// Whether it is this page.
    pub current: bool,
}

/// Works out the page.
pub fn results(
    request: &SearchRequest,
    response: &SearchResponse,
    vocabularies: &Vocabularies,
    links: &Links,
    notices: Vec<String>,
) -> ResultsView {
    let (filters, more_filters) = super::filters::filters(request, response, vocabularies);
    let chips = chips(request, response, vocabularies, links);
    let mut notices = notices;
    notices.extend(response.query.notices.iter().map(|notice| notice_text(notice, &request.q)));
    let ways_out = if response.total == 0 { ways_out(response, &chips, request, links) } else { Vec::new() };
    let page_url = |number: u32| links.search(&SearchRequest { page: number, ..request.clone() });
    let (number, last) = (response.page.number, response.page.pages);
    ResultsView {
        headline: headline(request, response),
        done: done(request, response, links),
        did_you_mean: response.query.did_you_mean.as_ref().map(|better| {
            (better.clone(), links.search(&links::changed(request, |request| request.q.clone_from(better))))
        }),
        offers: offers(request, response, links),
        notices,
        chips,
        reset_url: links.search(&links::changed(request, |request| request.filters = Default::default())),
        filters,
        more_filters,
        hits: response.hits.iter().map(|hit| hit_view(hit, response, vocabularies, links)).collect(),
        ways_out,
        orders: orders(request, links),
        pages: page_numbers(number, last)
            .into_iter()
            .map(|page| PageLink { page: page.map(|page| (page, page_url(page))), current: page == Some(number) })
            .collect(),
        neighbours: ((number > 1).then(|| page_url(number - 1)), (number < last).then(|| page_url(number + 1))),
    }
}

/// A hit as lists of hits show it, here and on other pages.
pub fn hit_view(hit: &Hit, response: &SearchResponse, vocabularies: &Vocabularies, links: &Links) -> HitView {
    let mut view = plain_hit(hit, vocabularies, links);
    view.why = why(hit);
    if response.mode == Mode::Relaxed && response.total_strict > 0 && !hit.strict {
        let part = "enthält nur einen Teil Ihrer Suche";
        view.why = Some(view.why.map_or_else(|| part.to_owned(), |why| format!("{part}; {why}")));
    }
    view
}

/// A hit without a search.
pub fn plain_hit(hit: &Hit, vocabularies: &Vocabularies, links: &Links) -> HitView {
    let snippet =
        if hit.snippet.is_empty() { vec![Segment::plain(hit.facts.summary.clone())] } else { hit.snippet.clone() };
    HitView {
        kind: kind_label(hit.kind, vocabularies),
        url: links.entry(&hit.slug),
        language: Some(hit.facts.language.clone())
            .filter(|language| !language.is_empty() && !language.starts_with("de")),
        title: hit.title.clone(),
        facts: facts::of_hit(hit, vocabularies),
        snippet,
        why: None,
    }
}

/// Short label of a kind.
pub fn kind_label(kind: Kind, vocabularies: &Vocabularies) -> String {
    let term = vocabularies.term(Kind::VOCABULARY, kind.id());
    let label =
        term.map(|term| if term.label_short.is_empty() { term.label(Language::German) } else { &term.label_short });
    label.unwrap_or(kind.id()).to_owned()
}

fn headline(request: &SearchRequest, response: &SearchResponse) -> String {
    let no_words = response.query.notices.iter().any(|notice| notice == Notice::NoWords.id());
    let q = if no_words { "" } else { request.q.trim() };
    let what = if q.is_empty() { String::new() } else { format!(" für {}", format::quoted(q)) };
    match (response.mode, response.total, response.total_strict) {
        (_, 0, _) => format!("Keine Treffer{what}"),
        (Mode::Relaxed, total, 0) => {
            let entries = format::count(total, "Eintrag enthält", "Einträge enthalten");
            format!("Keine Treffer{what} mit allen Wörtern. {entries} einen Teil davon:")
        }
        (Mode::Relaxed, total, strict) if strict < total => {
            let rest = format::count(total - strict, "weiterer enthält", "weitere enthalten");
            format!("{}{what}, {rest} nur einen Teil davon", format::count(strict, "Treffer", "Treffer"))
        }
        (_, total, _) if q.is_empty() => format::count(total, "Eintrag", "Einträge"),
        (_, total, _) => format!("{}{what}", format::count(total, "Treffer", "Treffer")),
    }
}

/// A remark on a query, in words.
fn notice_text(notice: &str, q: &str) -> String {
    let is = |known: Notice| known.id() == notice;
    if is(Notice::NoWords) {
        let q = format::quoted(q.trim());
        return format!("In {q} steht kein Wort, nach dem sich suchen lässt. Hier sind alle Einträge.");
    }
    let text = if is(Notice::UnpairedQuote) {
        "Ein Anführungszeichen steht allein. Es wurde nicht beachtet."
    } else if is(Notice::UnknownField) {
        "Vor einem Doppelpunkt versteht die Suche nur „titel“. Alles andere wurde als Wort gesucht."
    } else if is(Notice::OnlyExclusions) {
        "Ihre Suche sagt nur, was fehlen soll. Hier ist alles Übrige."
    } else {
        notice
    };
    text.to_owned()
}

/// The filters that say what the query says in numbers, as far as they leave anything.
fn offers(request: &SearchRequest, response: &SearchResponse, links: &Links) -> Vec<(String, String)> {
    let offers = response.query.offers.iter().filter(|offer| offer.count > 0);
    let link = |offer: &Offer| {
        let url = links.search(&links::changed(request, |request| {
            request.q.clone_from(&offer.q);
            for (name, values) in &offer.filters {
                if let Some((_, facet)) = facet(name) {
                    request.filters.terms.insert(facet.parameter, values.clone());
                }
            }
        }));
        let mut label = offer.label.chars();
        let label: String = label.next().map_or_else(String::new, |first| first.to_lowercase().chain(label).collect());
        (format!("Nur Formate {label} ({})", format::number(offer.count)), url)
    };
    offers.map(link).collect()
}

fn done(request: &SearchRequest, response: &SearchResponse, links: &Links) -> Vec<Done> {
    let applied = &response.query.applied;
    let mut done = Vec::new();
    let undo = |words: &'static str, change: fn(&mut SearchRequest)| {
        Some((words, links.search(&links::changed(request, change))))
    };
    if !applied.corrections.is_empty() {
        let pairs: Vec<String> = applied
            .corrections
            .iter()
            .map(|it| format!("{} statt {}", format::quoted(&it.to), format::quoted(&it.from)))
            .collect();
        done.push(Done {
            text: format!("Gesucht wurde {}.", format::listed(&pairs)),
            undo: undo("Nur so suchen, wie ich es geschrieben habe", |request| request.verbatim.corrections = true),
        });
    }
    if !applied.synonyms.is_empty() {
        let mut words: Vec<String> = applied.synonyms.iter().map(|it| format::quoted(&it.to)).collect();
        words.dedup();
        words.truncate(SHOWN_SYNONYMS);
        done.push(Done {
            text: format!("Auch gesucht: {}.", format::listed(&words)),
            undo: undo("Ohne ähnliche Begriffe suchen", |request| request.verbatim.synonyms = true),
        });
    }
    // The parts of a word that was replaced tell nobody anything.
    let replaced = |word: &str| applied.corrections.iter().any(|it| it.from == word);
    let parts: Vec<_> = applied.parts.iter().filter(|it| !replaced(&it.word)).collect();
    if !parts.is_empty() {
        let words: Vec<String> = parts.iter().map(|it| format::quoted(&it.word)).collect();
        done.push(Done {
            text: format!("Auch Teile gesucht von {}.", format::listed(&words)),
            undo: undo("Ohne Wortteile suchen", |request| request.verbatim.parts = true),
        });
    }
    if !applied.optional.is_empty() {
        let words: Vec<String> = applied.optional.iter().map(|it| format::quoted(it)).collect();
        let must = if words.len() > 1 { "müssen" } else { "muss" };
        done.push(Done {
            text: format!("{} {must} nicht im Text stehen.", format::listed(&words)),
            undo: undo("Nur Treffer mit allen Wörtern", |request| request.verbatim.relaxed = true),
        });
    }
    if applied.relaxed.is_some() && response.total_strict > 0 {
        done.push(Done {
            text: "Dabei sind auch Treffer, die nur einen Teil Ihrer Suche enthalten.".into(),
            undo: undo("Nur Treffer mit allen Wörtern", |request| request.verbatim.relaxed = true),
        });
    }
    let given = request.verbatim;
    if given.corrections || given.synonyms || given.parts || given.relaxed {
        done.push(Done {
            text: "Gesucht wurde genau so, wie Sie es geschrieben haben.".into(),
            undo: undo("Wieder mit Hilfe suchen", |request| request.verbatim = Default::default()),
        });
    }
    done
}

/// More similar words than this are a list nobody reads.
const SHOWN_SYNONYMS: usize = 4;

fn chips(request: &SearchRequest, response: &SearchResponse, vocabularies: &Vocabularies, links: &Links) -> Vec<Chip> {
    let mut chips = Vec::new();
    for (parameter, values) in &request.filters.terms {
        let heading = super::filters::heading(parameter, vocabularies);
        for value in values {
            let listed = response.facets.get(*parameter);
            let counted = listed.and_then(|values| values.iter().find(|known| known.value == *value));
            let label = match counted {
                Some(counted) => counted.label.clone(),
                None => super::filters::value_label(parameter, value, vocabularies),
            };
            let url = links.search(&links::without(request, parameter, Some(value)));
            chips.push(Chip { parameter, heading: heading.clone(), label, url });
        }
    }
    let years = [("year_from", "ab", request.filters.year_from), ("year_to", "bis", request.filters.year_to)];
    for (parameter, word, year) in years {
        if let Some(year) = year {
            let url = links.search(&links::without(request, parameter, None));
            chips.push(Chip { parameter, heading: "Jahr".into(), label: format!("{word} {year}"), url });
        }
    }
    if !request.filters.ids.is_empty() {
        let count = request.filters.ids.len() as u64;
        let url = links.search(&links::without(request, "ids", None));
        let label = format::count(count, "Eintrag", "Einträge");
        chips.push(Chip { parameter: "ids", heading: "Auswahl".into(), label, url });
    }
    chips
}

/// For each filter that alone shuts everything out: what there would be without it.
fn ways_out(
    response: &SearchResponse,
    chips: &[Chip],
    request: &SearchRequest,
    links: &Links,
) -> Vec<(String, String)> {
    let mut ways = Vec::new();
    for (parameter, total) in response.without.iter().filter(|(_, total)| **total > 0) {
        let url = links.search(&links::without(request, parameter, None));
        let labels: Vec<String> =
            chips.iter().filter(|chip| chip.parameter == parameter).map(|chip| format!("‚{}‘", chip.label)).collect();
        let (filter, shuts) = if labels.len() > 1 { ("Die Filter", "schließen") } else { ("Der Filter", "schließt") };
        let hits = match total {
            1 => "den einzigen Treffer".to_owned(),
            total => format!("alle {} Treffer", format::number(*total)),
        };
        let words = format!("{filter} {} {shuts} {hits} aus.", format::listed(&labels));
        ways.push((words, url));
    }
    ways
}

fn orders(request: &SearchRequest, links: &Links) -> Vec<(&'static str, String, bool)> {
    let labels = [
        ("Beste zuerst", Sort::Relevance),
        ("Neueste zuerst", Sort::Published),
        ("Zuletzt geändert", Sort::Updated),
        ("A bis Z", Sort::Title),
    ];
    labels
        .into_iter()
        // Without a query nothing is better than anything else.
        .filter(|(_, sort)| !request.q.trim().is_empty() || *sort != Sort::Relevance || request.sort == *sort)
        .map(|(label, sort)| {
            let url = links.search(&links::changed(request, |request| request.sort = sort));
            (label, url, request.sort == sort)
        })
        .collect()
}

/// The first, the last and those around this one; gaps as none.
pub fn page_numbers(number: u32, last: u32) -> Vec<Option<u32>> {
    if last <= 1 {
        return Vec::new();
    }
    let mut pages = Vec::new();
    let mut before = 0;
    for page in (1..=last).filter(|page| *page == 1 || *page == last || page.abs_diff(number) <= 2) {
        if page > before + 1 {
            pages.push(None);
        }
        pages.push(Some(page));
        before = page;
    }
    pages
}
