//! Entries that a visitor has put together. They live in the address and nowhere else: no account, no cookie, nothing
//! stored; whoever has the link has the list.

use crate::{
    http::{
        params::{Params, Reader},
        problem::Problem,
    },
    model::{kind::Kind, vocabulary::Vocabularies},
    search::{
        request::{FacetChoice, SearchRequest},
        response::{EntryView, ResolvedRelation, Segment},
    },
    web::{hits::kind_label, links::Links, page::PageContext, ui::Ui},
};

/// Entries offered to be added by one search.
const OFFERED: u32 = 8;

/// The entries of an address.
pub struct Selection {
    /// Those that are there, in the order of the address, each once.
    pub entries: Vec<EntryView>,
    /// Remarks: what is not there any more, what was too much.
    pub notices: Vec<String>,
    /// What the visitor searches to add.
    pub q: String,
    path: &'static str,
}

/// An entry of a selection, and what can be done with its place.
pub struct Chosen {
    /// Title.
    pub title: String,
    /// Language of its text.
    pub lang: String,
    /// Its page.
    pub url: String,
    /// One or two sentences.
    pub summary: String,
    /// The selection without it.
    pub without_url: String,
    /// The selection with it one place earlier.
    pub earlier_url: Option<String>,
    /// The selection with it one place later.
    pub later_url: Option<String>,
}

/// A form that adds entries to a selection; its field shows what the frame says was searched.
pub struct Picker {
    /// Path it leads to.
    pub action: String,
    /// The entries there are, separated by commas.
    pub ids: String,
    /// What was found, or goes with what is there.
    pub offers: Vec<Offer>,
    /// What the offers are.
    pub heading: String,
}

/// An entry that can be added.
pub struct Offer {
    /// Title.
    pub title: String,
    /// Its page.
    pub url: String,
    /// Label of the kind.
    pub kind: String,
    /// One or two sentences.
    pub text: String,
    /// The selection with it.
    pub add_url: String,
}

impl Selection {
    /// Reads `ids` and `q`; at most `max` entries, of one kind where one is named.
    ///
    /// # Errors
    /// When the address is beyond all bounds, or the index cannot answer.
    pub fn read(
        page: &PageContext,
        path: &'static str,
        query: &str,
        only: Option<Kind>,
        max: usize,
    ) -> Result<Self, Problem> {
        let limits = &page.state.config.limits;
        let params = Params::parse(query, limits)?;
        let mut reader = Reader::new(&params, limits);
        let q = reader.text("q").unwrap_or_default();
        let mut selection = Self { entries: Vec::new(), notices: Vec::new(), q, path };
        let (mut gone, mut other) = (0, 0);
        for id in reader.list("ids", true) {
            let Some(view) = page.state.search.public_entry(&id, page.ui.language)? else {
                gone += 1;
                continue;
            };
            if only.is_some_and(|kind| view.public.entry.kind() != kind) {
                other += 1;
            } else if selection.entries.iter().all(|known| known.public.id != view.public.id) {
                selection.entries.push(*view);
            }
        }
        let over = selection.entries.len().saturating_sub(max);
        selection.entries.truncate(max);
        selection.notices = notices(page.ui, gone, other, over);
        Ok(selection)
    }

    /// Slugs of the entries.
    pub fn slugs(&self) -> Vec<&str> {
        self.entries.iter().map(|view| view.public.entry.common.slug.as_str()).collect()
    }

    /// The entries with what can be done with each.
    pub fn chosen(&self, links: &Links) -> Vec<Chosen> {
        let chosen = |(place, view): (usize, &EntryView)| {
            let common = &view.public.entry.common;
            Chosen {
                title: common.title.clone(),
                lang: common.language.clone(),
                url: links.entry(&common.slug),
                summary: common.summary.clone(),
                without_url: self.without(place, links),
                earlier_url: place.checked_sub(1).and_then(|with| self.swapped(place, with, links)),
                later_url: self.swapped(place, place + 1, links),
            }
        };
        self.entries.iter().enumerate().map(chosen).collect()
    }

    /// The selection without the entry at this place.
    fn without(&self, place: usize, links: &Links) -> String {
        let rest = self.slugs().into_iter().enumerate().filter(|(at, _)| *at != place);
        selection_url(self.path, &rest.map(|(_, slug)| slug).collect::<Vec<_>>(), links)
    }

    /// The selection with two entries in each other's place; none where one of the places does not exist.
    fn swapped(&self, place: usize, with: usize, links: &Links) -> Option<String> {
        let mut slugs = self.slugs();
        (place < slugs.len() && with < slugs.len()).then(|| {
            slugs.swap(place, with);
            selection_url(self.path, &slugs, links)
        })
    }

    /// Its path, without the language.
    pub fn path(&self) -> String {
        selection_path(self.path, &self.slugs())
    }

    /// The same entries on another page.
    pub fn elsewhere(&self, path: &str, links: &Links) -> String {
        selection_url(path, &self.slugs(), links)
    }

    /// A form to add more: what the visitor searched, or else what goes with what is there.
    ///
    /// # Errors
    /// When the search cannot answer.
    pub async fn picker(
        &self,
        page: &PageContext,
        vocabularies: &Vocabularies,
        only: Option<Kind>,
        related: &[ResolvedRelation],
    ) -> Result<Picker, Problem> {
        let (ui, links) = (page.ui, &page.links);
        let add = |slug: &str| {
            let mut slugs = self.slugs();
            slugs.push(slug);
            selection_url(self.path, &slugs, links)
        };
        let mut offers = Vec::new();
        if !self.q.trim().is_empty() {
            let mut request = SearchRequest {
                page: 1,
                per_page: OFFERED,
                facets: FacetChoice::Only(Vec::new()),
                language: ui.language,
                ..SearchRequest::default()
            };
            if let Some(kind) = only {
                request.filters.terms.insert("kind", vec![kind.id().to_owned()]);
            }
            let response = page.state.search.search(request).await?;
            let new = response.hits.iter().filter(|hit| self.entries.iter().all(|view| view.public.id != hit.id));
            offers.extend(new.map(|hit| Offer {
                title: Segment::text_of(&hit.title),
                url: links.entry(&hit.slug),
                kind: kind_label(hit.kind, vocabularies, ui),
                text: hit.facts.summary.clone(),
                add_url: add(&hit.slug),
            }));
        }
        let heading = match (self.q.trim(), offers.is_empty()) {
            ("", _) => ui.say("Das passt dazu", "These go with it").to_owned(),
            (q, false) => format!("{} {}", ui.say("Gefunden für", "Found for"), ui.quoted(q)),
            (q, true) => format!("{} {}", ui.say("Nichts gefunden für", "Nothing found for"), ui.quoted(q)),
        };
        if self.q.trim().is_empty() {
            offers.extend(related.iter().map(|relation| Offer {
                title: relation.title.clone(),
                url: links.entry(&relation.slug),
                kind: relation.label.clone(),
                text: relation.note.clone().unwrap_or_else(|| relation.summary.clone()),
                add_url: add(&relation.slug),
            }));
        }
        Ok(Picker { action: links.file(self.path), ids: self.slugs().join(","), offers, heading })
    }
}

/// Address of a page with these entries.
pub fn selection_url(path: &str, slugs: &[&str], links: &Links) -> String {
    links.to(&selection_path(path, slugs))
}

/// The same without the language and the path under which the service lives.
fn selection_path(path: &str, slugs: &[&str]) -> String {
    if slugs.is_empty() { path.to_owned() } else { format!("{path}?ids={}", slugs.join(",")) }
}

fn notices(ui: Ui, gone: u64, other: u64, over: usize) -> Vec<String> {
    let mut notices = Vec::new();
    if gone > 0 {
        notices.push(ui.count(
            gone,
            ("Eintrag dieser Liste gibt es nicht mehr.", "Einträge dieser Liste gibt es nicht mehr."),
            ("entry of this list is no longer there.", "entries of this list are no longer there."),
        ));
    }
    if other > 0 {
        notices.push(ui.count(
            other,
            ("Eintrag ist kein Format und fehlt deshalb hier.", "Einträge sind keine Formate und fehlen deshalb hier."),
            ("entry is no format and is left out here.", "entries are no formats and are left out here."),
        ));
    }
    if over > 0 {
        notices.push(ui.count(
            over as u64,
            ("Eintrag ist hier zu viel und fehlt deshalb.", "Einträge sind hier zu viel und fehlen deshalb."),
            ("entry is too many here and is left out.", "entries are too many here and are left out."),
        ));
    }
    notices
}
