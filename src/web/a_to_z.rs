//! `/a-z`: all titles and other names, by their first letter.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use unicode_normalization::UnicodeNormalization;

use super::{
    hits::kind_label,
    page::{Frame, PageContext},
};
use crate::{http::problem::Problem, search::catalogue::Listed};

/// Entries on the page; beyond it a search helps more than a list.
const LISTED_MAX: usize = 3_000;

/// The page.
#[derive(Template)]
#[template(path = "a_to_z.html")]
pub struct AToZPage {
    /// Shared.
    pub frame: Frame,
    /// Letters, each with its names.
    pub letters: Vec<(char, Vec<Name>)>,
}

/// A name in the list.
pub struct Name {
    /// Title or other name.
    pub name: String,
    /// The entry's page.
    pub url: String,
    /// Label of the kind, or the title where this is another name.
    pub kind: String,
    /// The title it stands for.
    pub see: Option<String>,
    /// Language of the name.
    pub lang: String,
}

/// `/a-z`.
///
/// # Errors
/// When the index cannot answer.
pub async fn a_to_z(page: PageContext) -> Result<Response, Problem> {
    let vocabularies = page.state.search.vocabularies()?;
    let mut letters: BTreeMap<char, Vec<(String, Name)>> = BTreeMap::new();
    let mut put = |name: Name| letters.entry(letter(&name.name)).or_default().push((sort_key(&name.name), name));
    for Listed { face, other_names } in page.state.search.catalogue(LISTED_MAX).await? {
        let name = |name: &String, see| Name {
            name: name.clone(),
            url: page.links.entry(&face.slug),
            kind: kind_label(face.kind, &vocabularies, page.ui),
            see,
            lang: face.facts.language.clone(),
        };
        for other in &other_names {
            put(name(other, Some(face.title.clone())));
        }
        put(name(&face.title, None));
    }
    let letters = letters.into_iter().map(|(letter, mut names)| {
        names.sort_by(|a, b| a.0.cmp(&b.0));
        (letter, names.into_iter().map(|(_, name)| name).collect())
    });
    let description = page
        .ui
        .say("Alle Einträge und ihre anderen Namen von A bis Z.", "All entries and their other names from A to Z.");
    page.html(&AToZPage {
        letters: letters.collect(),
        frame: page.frame(page.ui.say("Von A bis Z", "From A to Z"), description).at(&page.state.config, "/a-z"),
    })
}

/// The letter under which people look; `#` for everything that begins with none.
fn letter(name: &str) -> char {
    let first = name.nfd().find(|character| character.is_alphanumeric()).unwrap_or('#');
    let upper = first.to_uppercase().next().unwrap_or(first);
    if upper.is_ascii_alphabetic() { upper } else { '#' }
}

/// Order after DIN 5007-1: umlauts as their base letters, ß as ss, case and punctuation ignored.
fn sort_key(name: &str) -> String {
    name.nfd()
        .flat_map(char::to_lowercase)
        .flat_map(|character| if character == 'ß' { ['s', 's'].to_vec() } else { vec![character] })
        .filter(|character| character.is_alphanumeric())
        .collect()
}
