//! Addresses of pages. Everything that a page shows is in its address, its language too.

use super::ui::Ui;
use crate::{
    config::Config,
    http::params::{encode, search::canonical},
    model::{kind::Kind, vocabulary::Language},
    search::request::SearchRequest,
};

/// Makes addresses for one installation in one language.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// `base_path` of the settings.
    base: String,
    /// Language of the pages it leads to.
    pub ui: Ui,
}

impl Links {
    /// Addresses under the configured path.
    pub fn new(config: &Config, ui: Ui) -> Self {
        Self { base: config.base_path.clone(), ui }
    }

    /// A path of ours, which may have a query and a fragment, in the language of the page.
    pub fn to(&self, path: &str) -> String {
        format!("{}{}", self.base, self.path(path))
    }

    /// Like [`Links::to`] without the path under which the service lives.
    pub fn path(&self, path: &str) -> String {
        if self.ui.language == Language::default() {
            return path.to_owned();
        }
        let (path, fragment) = path.find('#').map_or((path, ""), |at| path.split_at(at));
        let separator = if path.contains('?') { '&' } else { '?' };
        format!("{path}{separator}lang={}{fragment}", self.ui.language.tag())
    }

    /// A file of ours, which speaks no language.
    pub fn file(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Page of an entry.
    pub fn entry(&self, slug: &str) -> String {
        self.to(&format!("/eintrag/{slug}"))
    }

    /// Page of a search.
    pub fn search(&self, request: &SearchRequest) -> String {
        self.searched("/suche", request)
    }

    /// A path of ours that takes the parameters of a search.
    pub fn searched(&self, path: &str, request: &SearchRequest) -> String {
        format!("{}{}", self.base, self.searched_path(path, request))
    }

    /// Like [`Links::searched`] without the path under which the service lives.
    pub fn searched_path(&self, path: &str, request: &SearchRequest) -> String {
        self.path(&search_path(path, request))
    }

    /// All entries with one value of a facet.
    pub fn filtered(&self, parameter: &str, value: &str) -> String {
        self.to(&format!("/suche?{parameter}={}", encode(value)))
    }

    /// All entries of a kind.
    pub fn kind(&self, kind: Kind) -> String {
        self.filtered("kind", kind.id())
    }
}

/// A path with the parameters of a search, without the language.
pub fn search_path(path: &str, request: &SearchRequest) -> String {
    let query = canonical(&SearchRequest { language: Language::default(), ..request.clone() });
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// The same search from its first page, changed.
pub fn changed(request: &SearchRequest, change: impl FnOnce(&mut SearchRequest)) -> SearchRequest {
    let mut request = request.clone();
    request.page = 1;
    change(&mut request);
    request
}

/// The same search without one value of a filter; without the whole filter where none is named.
pub fn without(request: &SearchRequest, parameter: &str, value: Option<&str>) -> SearchRequest {
    changed(request, |request| {
        let filters = &mut request.filters;
        match parameter {
            "year_from" => filters.year_from = None,
            "year_to" => filters.year_to = None,
            "ids" => filters.ids.clear(),
            _ => {
                let Some((name, values)) = filters.terms.iter_mut().find(|(name, _)| **name == parameter) else {
                    return;
                };
                let name = *name;
                match value {
                    Some(value) => values.retain(|known| known != value),
                    None => values.clear(),
                }
                if values.is_empty() {
                    filters.terms.remove(name);
                }
            }
        }
    })
}
