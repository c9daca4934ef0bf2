//! What stands under the search field, worked out from request and answer.

use super::{
    done::{Done, done},
    filters::{FilterView, filters, heading, shown_label, value_label},
};
use crate::{
    model::{facet::facet, vocabulary::Vocabularies},
    query::Notice,
    search::{
        request::{SearchRequest, Sort},
        response::{Mode, Offer, SearchResponse},
    },
    web::{
        hits::{HitView, hit_view},
        links::{self, Links},
        ui::Ui,
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
    let (filters, more_filters) = filters(request, response, vocabularies, links.ui);
    let chips = chips(request, response, vocabularies, links);
    let ui = links.ui;
    let mut notices = notices;
    notices.extend(response.query.notices.iter().map(|notice| notice_text(notice, &request.q, ui)));
    let ways_out = if response.total == 0 { ways_out(response, &chips, request, links) } else { Vec::new() };
    let page_url = |number: u32| links.search(&SearchRequest { page: number, ..request.clone() });
    let (number, last) = (response.page.number, response.page.pages);
    ResultsView {
        headline: headline(request, response, ui),
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

fn headline(request: &SearchRequest, response: &SearchResponse, ui: Ui) -> String {
    let no_words = response.query.notices.iter().any(|notice| notice == Notice::NoWords.id());
    let q = if no_words { "" } else { request.q.trim() };
    let what = if q.is_empty() { String::new() } else { format!(" {} {}", ui.say("für", "for"), ui.quoted(q)) };
    let hits = |count| ui.count(count, ("Treffer", "Treffer"), ("hit", "hits"));
    let none = ui.say("Keine Treffer", "No hits");
    match (response.mode, response.total, response.total_strict) {
        (_, 0, _) => format!("{none}{what}"),
        (Mode::Relaxed, total, 0) => {
            let all = ui.say("mit allen Wörtern", "with all words");
            let have = ("Eintrag enthält einen Teil davon", "Einträge enthalten einen Teil davon");
            let have = ui.count(total, have, ("entry has part of it", "entries have part of it"));
            format!("{none}{what} {all}. {have}:")
        }
        (Mode::Relaxed, total, strict) if strict < total => {
            let rest = ("weiterer enthält nur einen Teil davon", "weitere enthalten nur einen Teil davon");
            let rest = ui.count(total - strict, rest, ("more has only part of it", "more have only part of it"));
            format!("{}{what}, {rest}", hits(strict))
        }
        (_, total, _) if q.is_empty() => ui.entries(total),
        (_, total, _) => format!("{}{what}", hits(total)),
    }
}

/// A remark on a query, in words.
fn notice_text(notice: &str, q: &str, ui: Ui) -> String {
    let is = |known: Notice| known.id() == notice;
    if is(Notice::NoWords) {
        let q = ui.quoted(q.trim());
        return if ui.english() {
            format!("There is no word in {q} to search for. Here are all entries.")
        } else {
            format!("In {q} steht kein Wort, nach dem sich suchen lässt. Hier sind alle Einträge.")
        };
    }
    let text = if is(Notice::UnpairedQuote) {
        ui.say(
            "Ein Anführungszeichen steht allein. Es wurde nicht beachtet.",
            "A quotation mark stands alone. It was ignored.",
        )
    } else if is(Notice::UnknownField) {
        ui.say(
            "Vor einem Doppelpunkt versteht die Suche nur „titel“. Alles andere wurde als Wort gesucht.",
            "Before a colon the search understands “titel” only. Everything else was searched as a word.",
        )
    } else if is(Notice::OnlyExclusions) {
        ui.say(
            "Ihre Suche sagt nur, was fehlen soll. Hier ist alles Übrige.",
            "Your search says only what to leave out. Here is everything else.",
        )
    } else {
        notice
    };
    text.to_owned()
}

/// The filters that say what the query says in numbers, as far as they leave anything.
fn offers(request: &SearchRequest, response: &SearchResponse, links: &Links) -> Vec<(String, String)> {
    let ui = links.ui;
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
        (format!("{} {label} ({})", ui.say("Nur Formate", "Only formats"), ui.number(offer.count)), url)
    };
    offers.map(link).collect()
}

fn chips(request: &SearchRequest, response: &SearchResponse, vocabularies: &Vocabularies, links: &Links) -> Vec<Chip> {
    let ui = links.ui;
    let mut chips = Vec::new();
    for (parameter, values) in &request.filters.terms {
        let heading = heading(parameter, vocabularies, ui);
        for value in values {
            let listed = response.facets.get(*parameter);
            let counted = listed.and_then(|values| values.iter().find(|known| known.value == *value));
            let label = match counted {
                Some(counted) => shown_label(parameter, value, &counted.label, vocabularies, ui),
                None => value_label(parameter, value, vocabularies, ui),
            };
            let url = links.search(&links::without(request, parameter, Some(value)));
            chips.push(Chip { parameter, heading: heading.clone(), label, url });
        }
    }
    let years = [
        ("year_from", ui.say("ab", "from"), request.filters.year_from),
        ("year_to", ui.say("bis", "to"), request.filters.year_to),
    ];
    for (parameter, word, year) in years {
        if let Some(year) = year {
            let url = links.search(&links::without(request, parameter, None));
            chips.push(Chip {
                parameter,
                heading: ui.say("Jahr", "Year").into(),
                label: format!("{word} {year}"),
                url,
            });
        }
    }
    if !request.filters.ids.is_empty() {
        let count = request.filters.ids.len() as u64;
        let url = links.search(&links::without(request, "ids", None));
        let label = ui.entries(count);
        chips.push(Chip { parameter: "ids", heading: ui.say("Auswahl", "Selection").into(), label, url });
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
    let ui = links.ui;
    let mut ways = Vec::new();
    for (parameter, total) in response.without.iter().filter(|(_, total)| **total > 0) {
        let url = links.search(&links::without(request, parameter, None));
        let chosen = chips.iter().filter(|chip| chip.parameter == parameter);
        let labels: Vec<String> = chosen.map(|chip| format!("‚{}‘", chip.label)).collect();
        let list = ui.listed(&labels);
        let words = if ui.english() {
            let (filter, shuts) = if labels.len() > 1 { ("filters", "shut") } else { ("filter", "shuts") };
            let hits = ui.count(*total, ("", ""), ("hit", "hits"));
            format!("The {filter} {list} {shuts} out {hits}.")
        } else {
            let (filter, shuts) =
                if labels.len() > 1 { ("Die Filter", "schließen") } else { ("Der Filter", "schließt") };
            let hits = match total {
                1 => "den einzigen Treffer".to_owned(),
                total => format!("alle {} Treffer", ui.number(*total)),
            };
            format!("{filter} {list} {shuts} {hits} aus.")
        };
        ways.push((words, url));
    }
    ways
}

fn orders(request: &SearchRequest, links: &Links) -> Vec<(&'static str, String, bool)> {
    let ui = links.ui;
    let labels = [
        (ui.say("Beste zuerst", "Best first"), Sort::Relevance),
        (ui.say("Neueste zuerst", "Newest first"), Sort::Published),
        (ui.say("Zuletzt geändert", "Last changed"), Sort::Updated),
        (ui.say("A bis Z", "A to Z"), Sort::Title),
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
