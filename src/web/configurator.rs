//! `/einbetten`: makes the lines that a city pastes into its own pages, and shows what they do.

use askama::Template;
use axum::{extract::RawQuery, response::Response};

use super::{
    page::{Frame, PageContext},
    search_page::filters::heading,
    widget,
};
use crate::{
    config::Config,
    exchange::atom::escaped,
    http::{
        params::{Params, Reader, encode},
        problem::Problem,
    },
    model::{facet::facet, vocabulary::Vocabularies},
};

/// Filters that somebody would preset for a page; every other works as an attribute too.
const PRESETS: &[&str] = &["kind", "format_type", "topic", "audience", "district"];
/// How many of them are unfolded from the start.
const OPEN: usize = 2;
/// Levels of headings, the usual one first.
const LEVELS: &[&str] = &["2", "3", "4", "5"];
/// Hits on a page, the usual number first.
const PER_PAGE: &[&str] = &["10", "5", "20"];
/// Languages of the widget, the usual one first.
const LANGUAGES: &[(&str, &str)] = &[("de", "Deutsch"), ("en", "English"), ("de-x-einfach", "Einfaches Deutsch")];
/// Where the service lives, for as long as nobody has said it.
const EXAMPLE: &str = "https://beteiligung.example.de";

/// The page.
#[derive(Template)]
#[template(path = "configurator.html")]
pub struct ConfiguratorPage {
    /// Shared.
    pub frame: Frame,
    /// Filters to choose.
    pub presets: Vec<Preset>,
    /// Languages of the widget.
    pub languages: Vec<Choice>,
    /// Levels of its heading.
    pub levels: Vec<Choice>,
    /// Hits on a page.
    pub per_page: Vec<Choice>,
    /// Whether the address of the service had to be made up.
    pub address_unknown: bool,
    /// Beginning of all addresses.
    pub root: String,
    /// The lines, most capable first.
    pub snippets: Snippets,
    /// Attributes of the widget that is shown.
    pub shown: Vec<(&'static str, String)>,
    /// Path of its script.
    pub script: String,
}

/// A filter to choose.
pub struct Preset {
    /// Its parameter.
    pub parameter: &'static str,
    /// What it asks.
    pub heading: String,
    /// Whether it is unfolded.
    pub open: bool,
    /// Its values.
    pub choices: Vec<Choice>,
}

/// One of several.
pub struct Choice {
    /// As in addresses.
    pub value: String,
    /// As people read it.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// What a city pastes.
pub struct Snippets {
    /// The element with its script, held to a hash.
    pub pinned: String,
    /// The line of the script that moves on with the service.
    pub moving: String,
    /// A frame.
    pub frame: String,
    /// A link.
    pub link: String,
}

/// `/einbetten`.
///
/// # Errors
/// When there is no index yet, or the page cannot be written.
pub async fn configurator(page: PageContext, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let config = &page.state.config;
    let vocabularies = page.state.search.vocabularies()?;
    let params = Params::parse(query.as_deref().unwrap_or_default(), &config.limits)?;
    let mut reader = Reader::new(&params, &config.limits);
    let presets: Vec<Preset> = PRESETS
        .iter()
        .enumerate()
        .map(|(at, name)| preset(name, at < OPEN, &mut reader, &vocabularies, &page))
        .collect();
    let languages = choices("widget-lang", LANGUAGES, &mut reader);
    let plain = |values: &[&'static str]| values.iter().map(|value| (*value, *value)).collect::<Vec<_>>();
    let levels = choices("heading-level", &plain(LEVELS), &mut reader);
    let per_page = choices("per-page", &plain(PER_PAGE), &mut reader);

    let mut attributes: Vec<(&'static str, String)> = presets
        .iter()
        .map(|preset| (preset.parameter, chosen(&preset.choices).collect::<Vec<_>>().join(",")))
        .filter(|(_, values)| !values.is_empty())
        .collect();
    for (name, choices) in [("lang", &languages), ("heading-level", &levels), ("per-page", &per_page)] {
        // The usual ones, which come first, need no words.
        attributes.extend(chosen(choices).filter(|value| *value != choices[0].value).map(|it| (name, it.to_owned())));
    }
    let root = config.public_url.clone().unwrap_or_else(|| format!("{EXAMPLE}{}", config.base_path));
    // The heading stands below one of this page, whatever level it will have elsewhere.
    let shown = attributes.iter().filter(|(name, _)| *name != "heading-level").cloned();
    let description = page.ui.say(
        "Die Suche in die eigene Webseite holen: als Element, als Rahmen oder als Link.",
        "Put the search into your own website: as an element, as a frame or as a link.",
    );
    page.html(&ConfiguratorPage {
        snippets: snippets(&root, &attributes, config),
        address_unknown: config.public_url.is_none(),
        shown: shown.chain([("heading-level", "3".into())]).collect(),
        script: page.links.file(&widget::pinned_path()),
        frame: page.frame(page.ui.say("Suche einbetten", "Embed the search"), description).at(config, "/einbetten"),
        presets,
        languages,
        levels,
        per_page,
        root,
    })
}

/// A filter with its terms; what nobody knows is not chosen.
fn preset(
    parameter: &'static str,
    open: bool,
    reader: &mut Reader<'_>,
    vocabularies: &Vocabularies,
    page: &PageContext,
) -> Preset {
    let wanted = reader.list(parameter, true);
    let vocabulary = facet(parameter).and_then(|(_, facet)| vocabularies.get(facet.vocabulary?));
    let terms = vocabulary.map(|vocabulary| vocabulary.terms.as_slice()).unwrap_or_default();
    let choices: Vec<Choice> = terms
        .iter()
        .filter(|term| term.deprecated_by.is_none())
        .map(|term| Choice {
            value: term.id.clone(),
            label: term.label(page.ui.language).to_owned(),
            chosen: wanted.contains(&term.id),
        })
        .collect();
    let open = open || choices.iter().any(|choice| choice.chosen);
    Preset { parameter, heading: heading(parameter, vocabularies, page.ui), open, choices }
}

/// Values and their labels, of which one is chosen: the wanted one, or the first.
fn choices(name: &'static str, values: &[(&'static str, &'static str)], reader: &mut Reader<'_>) -> Vec<Choice> {
    let wanted = reader.list(name, true);
    let chosen = values.iter().position(|(value, _)| wanted.iter().any(|wanted| wanted == value)).unwrap_or_default();
    let choice = |(at, (value, label)): (usize, &(&str, &str))| Choice {
        value: (*value).to_owned(),
        label: (*label).to_owned(),
        chosen: at == chosen,
    };
    values.iter().enumerate().map(choice).collect()
}

fn chosen(choices: &[Choice]) -> impl Iterator<Item = &str> {
    choices.iter().filter(|choice| choice.chosen).map(|choice| choice.value.as_str())
}

/// The lines with these attributes, whose values are known words, so that only the name of the service needs escaping.
fn snippets(root: &str, attributes: &[(&'static str, String)], config: &Config) -> Snippets {
    let language = attributes.iter().find(|(name, _)| *name == "lang").map_or("de", |(_, value)| value.as_str());
    let (label, button, search_in) = if language == "en" {
        ("Search ways to take part", "Search", "Search of")
    } else {
        ("Beteiligungsformate durchsuchen", "Suchen", "Suche der")
    };
    let written: String = attributes.iter().map(|(name, value)| format!(" {name}=\"{value}\"")).collect();
    // One field for each value: a comma that a form or address encodes would be part of a value.
    let presets: Vec<(&str, &str)> = attributes
        .iter()
        .filter(|(name, _)| PRESETS.contains(name))
        .flat_map(|(name, values)| values.split(',').map(|value| (*name, value)))
        .collect();
    let hidden: String = presets
        .iter()
        .map(|(name, value)| format!("    <input type=\"hidden\" name=\"{name}\" value=\"{value}\">\n"))
        .collect();
    let others = attributes.iter().filter(|(name, _)| !PRESETS.contains(name)).map(|(name, value)| (*name, &**value));
    let framed = query(presets.iter().copied().chain(others));
    let linked = query(presets.iter().copied());
    let element = format!(
        "<mitmachbox-suche api=\"{root}/\"{written}>\n  \
           <form action=\"{root}/suche\" method=\"get\" role=\"search\">\n    \
             <label for=\"mb\">{label}</label>\n    \
             <input id=\"mb\" name=\"q\" type=\"search\"> <button>{button}</button>\n{hidden}  \
           </form>\n</mitmachbox-suche>\n"
    );
    let script = |path: String, hash: String| {
        format!("<script type=\"module\" src=\"{root}{path}\"{hash} crossorigin=\"anonymous\"></script>")
    };
    let name = escaped(&config.site.name);
    Snippets {
        pinned: element + &script(widget::pinned_path(), format!(" integrity=\"{}\"", widget::integrity())),
        moving: script(widget::moving_path(), String::new()),
        frame: format!(
            "<iframe src=\"{root}/embed{framed}\" title=\"{search_in} {name}\" width=\"100%\" height=\"800\" loading=\"lazy\"></iframe>"
        ),
        link: format!("<a href=\"{root}/suche{linked}\">{label}</a>"),
    }
}

/// The query part of an address for an attribute of HTML.
fn query<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let pairs: Vec<String> = pairs.map(|(name, value)| format!("{name}={}", encode(value))).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&amp;")) }
}
