//! The named query set, and queries that nobody asks twice.

use mitmachbox::{
    model::{entry::Entry, facet, texts::texts},
    search::request::{Filters, SearchRequest},
};

use crate::corpus::Rng;

/// The set, one query a line; see the head of the file.
const SET: &str = include_str!("queries-de.tsv");

/// Hits on a page, as the API gives them where nobody asks for more.
const PER_PAGE: u32 = 20;

/// One query of the set.
#[derive(Clone, Debug)]
pub(crate) struct NamedQuery {
    /// What sort of query it is.
    pub(crate) group: &'static str,
    /// What is special about it.
    pub(crate) name: &'static str,
    /// As typed.
    pub(crate) q: &'static str,
    /// Filters as in an address.
    pub(crate) filters: &'static str,
}

/// The whole set.
pub(crate) fn set() -> anyhow::Result<Vec<NamedQuery>> {
    let lines = SET.lines().filter(|line| !line.starts_with('#'));
    let queries = lines.map(|line| match line.split('\t').collect::<Vec<_>>().as_slice() {
        [group, name, q, filters] => Ok(NamedQuery { group, name, q, filters }),
        _ => anyhow::bail!("queries-de.tsv: four columns expected in {line:?}"),
    });
    queries.collect()
}

impl NamedQuery {
    /// The query as a request with every facet counted.
    pub(crate) fn request(&self) -> anyhow::Result<SearchRequest> {
        Ok(SearchRequest { filters: filters(self.filters)?, ..request(self.q) })
    }
}

/// A search for `q` without filters, first page, all facets.
pub(crate) fn request(q: &str) -> SearchRequest {
    SearchRequest { q: q.to_owned(), page: 1, per_page: PER_PAGE, ..SearchRequest::default() }
}

fn filters(address: &str) -> anyhow::Result<Filters> {
    let mut filters = Filters::default();
    for (name, value) in address.split('&').filter_map(|pair| pair.split_once('=')) {
        match name {
            "year_from" => filters.year_from = Some(value.parse()?),
            "year_to" => filters.year_to = Some(value.parse()?),
            _ => {
                let (_, facet) = facet::facet(name).ok_or_else(|| anyhow::anyhow!("no facet {name}"))?;
                let mut values: Vec<String> = value.split(',').map(str::to_owned).collect();
                values.sort_unstable();
                filters.terms.insert(facet.parameter, values);
            }
        }
    }
    Ok(filters)
}

/// A query of one to three words of an entry, none of them short; some with a slip of the finger.
///
/// Made for searches that are never repeated: no cache of results can know them.
pub(crate) fn query_about(entry: &Entry, rng: &mut Rng) -> String {
    let texts = texts(entry);
    let mut words: Vec<String> = Vec::new();
    for _ in 0..1 + rng.below(3) {
        let Some(text) = rng.pick(&texts) else { continue };
        let candidates: Vec<&str> =
            text.text.split(|letter: char| !letter.is_alphabetic()).filter(|word| word.chars().count() > 4).collect();
        words.extend(rng.pick(&candidates).map(|word| word.to_lowercase()));
    }
    if let Some(word) = words.first_mut()
        && rng.chance(0.1)
        && let Some((at, _)) = word.char_indices().nth(3)
    {
        word.remove(at);
    }
    words.join(" ")
}
