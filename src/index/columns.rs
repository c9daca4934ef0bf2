//! What filters, orders and completes, in memory: one set of columns a segment, read from the cards once.

use std::{collections::HashMap, sync::Arc};

use parking_lot::RwLock;

use super::{
    IndexError,
    docset::DocSet,
    document::{Card, CardName, NameKind},
    traits::Traits,
};
use crate::model::id::EntryId;

/// Numbers for the values of facets, given once and never changed, so that columns of all segments agree.
#[derive(Debug, Default)]
pub struct FacetSpace {
    inner: RwLock<Interned>,
}

#[derive(Debug, Default)]
struct Interned {
    /// By facet.
    numbers: HashMap<u8, HashMap<Arc<str>, u32>>,
    values: Vec<(u8, Arc<str>)>,
}

impl FacetSpace {
    /// Number of a value, where any entry ever had it.
    pub fn number(&self, facet: u8, value: &str) -> Option<u32> {
        self.inner.read().numbers.get(&facet)?.get(value).copied()
    }

    /// All values, by number.
    pub fn values(&self) -> Vec<(u8, Arc<str>)> {
        self.inner.read().values.clone()
    }

    /// A value by its number: its facet and the value itself.
    pub fn value(&self, number: u32) -> Option<(u8, Arc<str>)> {
        self.inner.read().values.get(number as usize).cloned()
    }

    pub(super) fn intern(&self, facet: u8, value: &str) -> u32 {
        if let Some(number) = self.number(facet, value) {
            return number;
        }
        let mut inner = self.inner.write();
        let next = u32::try_from(inner.values.len()).expect("fewer than 2^32 different values fit into any memory");
        let value: Arc<str> = Arc::from(value);
        let number = *inner.numbers.entry(facet).or_default().entry(value.clone()).or_insert(next);
        if number == next {
            inner.values.push((facet, value));
        }
        number
    }
}

/// Columns of one segment; the index is the segment's document number.
#[derive(Debug, Default)]
pub struct Columns {
    /// Identity.
    pub ids: Vec<EntryId>,
    /// No longer public.
    pub tombstones: Vec<bool>,
    /// Of the facet values those that only few documents have: they are counted hit by hit.
    rare: Lists,
    /// The others, each with the set of its documents: they are counted for all hits at once.
    frequent: Vec<(u32, DocSet)>,
    /// Fewest and most participants; (1, 0) where not stated.
    pub participants: Vec<(u32, u32)>,
    /// First and last year; (1, 0) where not stated.
    pub years: Vec<(i32, i32)>,
    /// Newest change, seconds since 1970.
    pub updated: Vec<i64>,
    /// First publication, seconds since 1970.
    pub published: Vec<i64>,
    /// Order of titles: folded, then as written.
    pub title_keys: Vec<Box<str>>,
    /// Place in the order of titles among the documents of the segment; equal titles have the same.
    pub title_ranks: Vec<u32>,
    /// Titles and other names, for completions.
    pub names: Names,
    /// What a format states; none for other entries. Boxed, since most entries of a large collection are none.
    pub traits: Vec<Option<Box<Traits>>>,
    /// Documents with a format that they made use of.
    pub uses: Vec<(u32, EntryId)>,
}

impl Columns {
    /// Columns from the cards of a segment, in the order of its documents.
    ///
    /// # Errors
    /// On a card that cannot be read.
    pub fn build(
        cards: impl Iterator<Item = Result<Card, IndexError>>,
        space: &FacetSpace,
    ) -> Result<Self, IndexError> {
        let mut columns = Self::default();
        let (mut names, mut facets) = (Vec::new(), Lists::default());
        for (document, card) in cards.enumerate() {
            let (document, card) = (document as u32, card?);
            columns.ids.push(card.id);
            columns.tombstones.push(card.tombstone);
            facets.push(card.facets.iter().map(|(facet, value)| space.intern(*facet, value)));
            columns.participants.push(card.participants.unwrap_or((1, 0)));
            columns.years.push(card.years.unwrap_or((1, 0)));
            columns.updated.push(card.updated);
            columns.published.push(card.published);
            columns.traits.push(card.traits.map(|traits| Box::new(traits.interned(space))));
            columns.uses.extend(card.uses.iter().map(|format| (document, *format)));
            let title = card.names.first();
            let key = title.map(|title| format!("{}\u{0}{}", title.folded, title.shown)).unwrap_or_default();
            columns.title_keys.push(key.into());
            if !card.tombstone {
                let of_document = |CardName { folded, shown, kind }| Name { folded, shown, kind, document };
                names.extend(card.names.into_iter().map(of_document));
            }
        }
        columns.names = Names::new(names);
        columns.title_ranks = ranks(&columns.title_keys);
        columns.split_facets(&facets);
        Ok(columns)
    }

    /// Numbers of the facet values at which the document is found, so far as few documents have them; the others are in
    /// [`Self::frequent_facets`].
    pub fn rare_facets(&self, document: u32) -> &[u32] {
        self.rare.of(document)
    }

    /// The values that many documents have, with these documents.
    pub fn frequent_facets(&self) -> &[(u32, DocSet)] {
        &self.frequent
    }

    /// The documents at which a value is found that many have.
    pub fn frequent_facet(&self, value: u32) -> Option<&DocSet> {
        let at = self.frequent.binary_search_by_key(&value, |(value, _)| *value).ok()?;
        Some(&self.frequent[at].1)
    }

    fn split_facets(&mut self, facets: &Lists) {
        let documents = self.ids.len();
        let mut counts: HashMap<u32, usize> = HashMap::new();
        for value in &facets.values {
            *counts.entry(*value).or_default() += 1;
        }
        // Intersecting two sets costs a step for 64 documents.
        counts.retain(|_, count| *count * 64 >= documents);
        let mut frequent: HashMap<u32, DocSet> =
            counts.into_keys().map(|value| (value, DocSet::new(documents))).collect();
        for document in 0..documents as u32 {
            for value in facets.of(document) {
                if let Some(set) = frequent.get_mut(value) {
                    set.insert(document);
                }
            }
            self.rare.push(facets.of(document).iter().copied().filter(|value| !frequent.contains_key(value)));
        }
        self.frequent = frequent.into_iter().collect();
        self.frequent.sort_unstable_by_key(|(value, _)| *value);
    }
}

fn ranks(keys: &[Box<str>]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..keys.len() as u32).collect();
    let key = |document: u32| &keys[document as usize];
    order.sort_unstable_by(|a, b| key(*a).cmp(key(*b)));
    let mut ranks = vec![0; keys.len()];
    for (number, same) in order.chunk_by(|a, b| key(*a) == key(*b)).enumerate() {
        same.iter().for_each(|document| ranks[*document as usize] = number as u32);
    }
    ranks
}

/// A list for each document.
#[derive(Debug, Default)]
struct Lists {
    ends: Vec<u32>,
    values: Vec<u32>,
}

impl Lists {
    fn push(&mut self, values: impl Iterator<Item = u32>) {
        self.values.extend(values);
        self.ends.push(self.values.len() as u32);
    }

    fn of(&self, document: u32) -> &[u32] {
        let document = document as usize;
        let start = if document == 0 { 0 } else { self.ends[document - 1] as usize };
        &self.values[start..self.ends[document] as usize]
    }
}

/// A title or other name of a document.
#[derive(Debug)]
pub struct Name {
    /// Folded words.
    pub folded: Box<str>,
    /// As written.
    pub shown: Box<str>,
    /// What it is.
    pub kind: NameKind,
    /// Document within the segment.
    pub document: u32,
}

/// Names, findable by the beginning of any of their words.
#[derive(Debug, Default)]
pub struct Names {
    names: Vec<Name>,
    /// Name and byte offset of a word in it, sorted by the text from there on.
    starts: Vec<(u32, u16)>,
}

impl Names {
    /// Sorts the names.
    pub fn new(names: Vec<Name>) -> Self {
        let mut starts = Vec::with_capacity(names.len() * 2);
        for (number, name) in names.iter().enumerate() {
            let words = std::iter::once(0).chain(name.folded.match_indices(' ').map(|(at, _)| at + 1));
            starts.extend(words.filter_map(|at| Some((number as u32, u16::try_from(at).ok()?))));
        }
        starts.sort_unstable_by(|a, b| tail(&names, *a).cmp(tail(&names, *b)).then(a.cmp(b)));
        Self { names, starts }
    }

    /// All names, in the order of their documents.
    pub fn iter(&self) -> impl Iterator<Item = &Name> {
        self.names.iter()
    }

    /// Names with a word at which the folded text begins, and the offset of that word; in the order of the text.
    pub fn starting_with<'a>(&'a self, folded: &'a str) -> impl Iterator<Item = (&'a Name, usize)> {
        let first = self.starts.partition_point(|start| tail(&self.names, *start) < folded);
        self.starts[first..]
            .iter()
            .take_while(move |start| tail(&self.names, **start).starts_with(folded))
            .map(|(name, at)| (&self.names[*name as usize], *at as usize))
    }
}

fn tail(names: &[Name], (name, at): (u32, u16)) -> &str {
    &names[name as usize].folded[at as usize..]
}
