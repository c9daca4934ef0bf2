//! From parameters to a search, and back to the one canonical address of it.

use std::{fmt::Write as _, sync::LazyLock};

use super::{FLAG, LANGUAGES, Param, ParamForm, Params, Reader, encode, facet_names};
use crate::{
    config::Limits,
    model::{
        facet::{FACETS, Facet, Logic, NONE},
        problem::Problem as Fault,
        shape::unknown_value,
        vocabulary::{Language, Vocabularies, Vocabulary},
    },
    search::request::{FacetChoice, Filters, SearchRequest, Sort, Verbatim},
};

/// Hits on a page where nothing is said.
pub const PER_PAGE: u32 = 20;
/// Years that a case or a guide can have.
const YEARS: (i64, i64) = (1500, 2200);
/// Most people that one can ask for.
pub(super) const PEOPLE_MAX: u32 = 10_000_000;

/// Parameters of a search.
pub fn search_params() -> &'static [Param] {
    static PARAMS: LazyLock<Vec<Param>> = LazyLock::new(|| {
        let limits = Limits::default();
        let mut params = filter_params();
        params.extend([
            Param::new("sort", ParamForm::One(SORTS), "Order of the hits; `-` begins with the newest."),
            Param::new("page", ParamForm::Number { min: 1, max: i64::from(limits.window) }, "Page, from 1."),
            Param::new(
                "per_page",
                ParamForm::Number { min: 1, max: i64::from(limits.per_page) },
                "Hits on a page, 20 where absent. `page` × `per_page` is at most 1,000; with `explain=1`, at most 10.",
            ),
            Param::new(
                "facets",
                ParamForm::Some(facet_names()),
                "Facets to count, all where absent; `none` counts none.",
            ),
            Param::new("explain", ParamForm::One(FLAG), "Say where each score comes from. Never cached."),
            Param::new("min_seq", ParamForm::Number { min: 0, max: i64::MAX }, MIN_SEQ_DOC),
            Param::new(
                "verbatim",
                ParamForm::Some(Verbatim::NAMES),
                "What the search must not do to the query; undoes what `query.applied` reports.",
            ),
            Param::new("lang", ParamForm::One(LANGUAGES), LANG_DOC),
        ]);
        params
    });
    &PARAMS
}

/// Parameters of an export: those of a search that choose entries and their order.
pub fn export_params() -> &'static [Param] {
    static PARAMS: LazyLock<Vec<Param>> = LazyLock::new(|| {
        let mut params = filter_params();
        params.push(Param::new("sort", ParamForm::One(SORTS), "Order of the entries; `-` begins with the newest."));
        params.push(Param::new(
            "verbatim",
            ParamForm::Some(Verbatim::NAMES),
            "What the search must not do to the query.",
        ));
        params.push(Param::new("lang", ParamForm::One(LANGUAGES), LANG_DOC));
        params
    });
    &PARAMS
}

/// What `lang` does.
pub const LANG_DOC: &str =
    "Language of labels and error texts. There is no negotiation by header, for the sake of caches.";
/// What `min_seq` does.
pub const MIN_SEQ_DOC: &str =
    "Wait until the index holds this public change (`change_seq` of a write); 503 `not_yet` when it takes too long.";

const SORTS: &[&str] = &["relevance", "-updated", "-published", "title"];

fn filter_params() -> Vec<Param> {
    let year = ParamForm::Number { min: YEARS.0, max: YEARS.1 };
    let mut params = vec![Param::new(
        "q",
        ParamForm::Text,
        "What the visitor typed: words, \"phrases\", -not. At most 512 bytes and 32 words. Without it, all entries.",
    )];
    params.extend(FACETS.iter().map(|facet| Param::new(facet.parameter, ParamForm::List, facet_doc(facet))));
    params.extend([
        Param::new("year_from", year, "First year of interest; cases and guides."),
        Param::new("year_to", year, "Last year of interest; cases and guides."),
        Param::new("ids", ParamForm::List, "Exactly these entries, in this order; ids or slugs, at most 100."),
    ]);
    params
}

fn facet_doc(facet: &Facet) -> String {
    match (facet.logic, facet.vocabulary) {
        (Logic::Contains, _) => "Number of people; the entry's range contains it. `none`: not stated.".to_owned(),
        (Logic::AtMost, Some(vocabulary)) => format!(
            "Term of the vocabulary `{vocabulary}`; the entry's smallest value is in this class or below. `none`: not stated."
        ),
        (_, Some(vocabulary)) => format!(
            "Terms of the vocabulary `{vocabulary}`, separated by commas: one of them suffices. `none`: not stated."
        ),
        (_, None) => "Values, separated by commas: one of them suffices. A comma within a value is written `%2C`. \
                      `none`: not stated."
            .to_owned(),
    }
}

/// The search that the parameters ask for, without the parts that are wrong, and what is wrong with those.
pub fn read(params: &Params, vocabularies: &Vocabularies, limits: &Limits) -> (SearchRequest, Vec<Fault>) {
    let mut reader = Reader::new(params, limits);
    let explain = reader.flag("explain");
    let per_page_max = if explain { limits.per_page_explained } else { limits.per_page };
    let per_page = reader.number("per_page", 1, i64::from(per_page_max)).and_then(|number| u32::try_from(number).ok());
    let per_page = per_page.unwrap_or(PER_PAGE.min(per_page_max));
    let request = SearchRequest {
        q: reader.text("q").unwrap_or_default(),
        filters: filters(&mut reader, vocabularies),
        sort: sort(&mut reader),
        page: page(&mut reader, per_page, limits.window),
        per_page,
        facets: facet_choice(&mut reader),
        language: reader.language(),
        explain,
        verbatim: verbatim(&mut reader),
        plain: false,
    };
    (request, reader.faults)
}

fn filters(reader: &mut Reader<'_>, vocabularies: &Vocabularies) -> Filters {
    let mut filters = Filters::default();
    for facet in FACETS {
        let values = facet_values(reader, facet, vocabularies);
        if !values.is_empty() {
            filters.terms.insert(facet.parameter, values);
        }
    }
    let mut year = |name| reader.number(name, YEARS.0, YEARS.1).and_then(|year| i32::try_from(year).ok());
    filters.year_from = year("year_from");
    filters.year_to = year("year_to");
    filters.ids = reader.list("ids", true);
    filters
}

fn facet_values(reader: &mut Reader<'_>, facet: &'static Facet, vocabularies: &Vocabularies) -> Vec<String> {
    let name = facet.parameter;
    let ids_only = facet.vocabulary.is_some() || facet.logic == Logic::Contains;
    let mut values = Vec::new();
    for value in reader.list(name, ids_only) {
        match known_value(facet, value, vocabularies) {
            Ok(value) => values.push(value),
            Err(fault) => reader.faults.push(fault),
        }
    }
    values.sort_unstable();
    values.dedup();
    values
}

/// The value as the search knows it.
fn known_value(facet: &Facet, value: String, vocabularies: &Vocabularies) -> Result<String, Fault> {
    if value == NONE {
        return Ok(value);
    }
    if facet.logic == Logic::Contains {
        let number: Option<u32> = value.parse().ok().filter(|number| (1..=PEOPLE_MAX).contains(number));
        return number.map(|number| number.to_string()).ok_or_else(|| {
            Fault::new(
                format!("/{}", facet.parameter),
                "bad_number",
                format!("{} ist eine Zahl von 1 bis {PEOPLE_MAX}, nicht „{value}“.", facet.parameter),
                format!("{} is a number from 1 to {PEOPLE_MAX}, not \"{value}\".", facet.parameter),
            )
        });
    }
    let Some(vocabulary) = facet.vocabulary.and_then(|name| vocabularies.get(name)) else { return Ok(value) };
    known_term(facet.parameter, vocabulary, value)
}

/// The term as entries know it: one that was replaced leads to its successor.
pub(super) fn known_term(parameter: &str, vocabulary: &Vocabulary, value: String) -> Result<String, Fault> {
    match vocabulary.term(&value) {
        Some(term) => Ok(term.deprecated_by.clone().unwrap_or(value)),
        None => {
            let ids: Vec<&str> = vocabulary.terms.iter().map(|term| term.id.as_str()).collect();
            Err(unknown_value(&format!("/{parameter}"), &value, &ids))
        }
    }
}

fn sort(reader: &mut Reader<'_>) -> Sort {
    let name = reader.one("sort", SORTS);
    Sort::ALL.iter().find(|(id, _)| Some(*id) == name).map(|(_, sort)| *sort).unwrap_or_default()
}

fn page(reader: &mut Reader<'_>, per_page: u32, window: u32) -> u32 {
    let last = (window / per_page).max(1);
    reader.number("page", 1, i64::from(last)).and_then(|page| u32::try_from(page).ok()).unwrap_or(1)
}

fn facet_choice(reader: &mut Reader<'_>) -> FacetChoice {
    let names = reader.some("facets", facet_names());
    if names.is_empty() {
        return FacetChoice::All;
    }
    FacetChoice::Only(names.into_iter().filter(|name| *name != NONE).collect())
}

fn verbatim(reader: &mut Reader<'_>) -> Verbatim {
    let names = reader.some("verbatim", Verbatim::NAMES);
    Verbatim {
        corrections: names.contains(&"corrections"),
        synonyms: names.contains(&"synonyms"),
        parts: names.contains(&"parts"),
        relaxed: names.contains(&"relaxed"),
    }
}

/// The one address of a search: defaults left out, everything in one order. Two requests with the same answer have the
/// same one, so that links, caches and ETags agree.
pub fn canonical(request: &SearchRequest) -> String {
    let mut query = String::new();
    let mut put = |name: &str, value: &str| {
        let _ = write!(query, "{}{name}={value}", if query.is_empty() { "" } else { "&" });
    };
    if !request.q.is_empty() {
        put("q", &encode(&request.q));
    }
    for facet in FACETS {
        if let Some(values) = request.filters.terms.get(facet.parameter) {
            put(facet.parameter, &joined(values));
        }
    }
    for (name, year) in [("year_from", request.filters.year_from), ("year_to", request.filters.year_to)] {
        if let Some(year) = year {
            put(name, &year.to_string());
        }
    }
    if !request.filters.ids.is_empty() {
        put("ids", &joined(&request.filters.ids));
    }
    if request.sort != Sort::default() {
        put("sort", request.sort.id());
    }
    if request.page > 1 {
        put("page", &request.page.to_string());
    }
    if request.per_page != PER_PAGE && request.per_page != 0 {
        put("per_page", &request.per_page.to_string());
    }
    if let FacetChoice::Only(names) = &request.facets {
        put("facets", &if names.is_empty() { NONE.to_owned() } else { names.join(",") });
    }
    let names = undone(request.verbatim);
    if !names.is_empty() {
        put("verbatim", &names.join(","));
    }
    if request.language != Language::default() {
        put("lang", request.language.tag());
    }
    if request.explain {
        put("explain", "1");
    }
    query
}

fn undone(verbatim: Verbatim) -> Vec<&'static str> {
    let switches = [verbatim.corrections, verbatim.synonyms, verbatim.parts, verbatim.relaxed];
    Verbatim::NAMES.iter().zip(switches).filter(|(_, on)| *on).map(|(name, _)| *name).collect()
}

pub(super) fn joined(values: &[String]) -> String {
    values.iter().map(|value| encode(value)).collect::<Vec<_>>().join(",")
}
