//! Addresses of pages. Everything that a search page shows is in its address.

use crate::{
    config::Config,
    http::params::{encode, search::canonical},
    model::kind::Kind,
    search::request::SearchRequest,
};

/// Makes addresses for one installation.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// `base_path` of the settings.
    pub base: String,
}

impl Links {
    /// Addresses under the configured path.
    pub fn new(config: &Config) -> Self {
        Self { base: config.base_path.clone() }
    }

    /// A path of ours.
    pub fn to(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Page of an entry.
    pub fn entry(&self, slug: &str) -> String {
        self.to(&format!("/eintrag/{slug}"))
    }

    /// Page of a search.
    pub fn search(&self, request: &SearchRequest) -> String {
        let query = canonical(request);
        if query.is_empty() { self.to("/suche") } else { self.to(&format!("/suche?{query}")) }
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
