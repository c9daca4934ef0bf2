//! The readers' door: everything the public can ask, bounded and cached.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use moka::sync::Cache;
use tokio::sync::Semaphore;

use super::{
    catalogue::{self, Listed},
    finder::{self, FinderResponse, Question},
    hit::Marker,
    lookup, related,
    request::SearchRequest,
    response::*,
    run::{self, run},
    suggest,
};
use crate::{
    index::{
        IndexError,
        current::Current,
        ranking::{WEIGHTS, Weights},
        sheet::Sheet,
        snapshot::{Doc, Snapshot},
    },
    model::{
        facet,
        id::{EntryId, PublicSeq},
        vocabulary::{Language, Vocabularies},
    },
    query::QueryLimits,
};

/// Bounds of searching.
#[derive(Clone, Debug)]
pub struct SearchLimits {
    /// Bounds of a query.
    pub query: QueryLimits,
    /// Longest time for one search; then it is given up.
    pub search_time_max: Duration,
    /// Hits that paging reaches. Nobody reads the thousandth hit; a filter helps more.
    pub hits_reachable_max: usize,
    /// Searches that run at once; one a core.
    pub running_max: usize,
    /// Searches that wait for their turn; beyond it they are refused at once.
    pub waiting_max: usize,
    /// Memory for finished answers, bytes.
    pub answers_bytes_max: u64,
    /// Memory for the sheets of entries that were shown, bytes: some thousand of them.
    pub sheets_bytes_max: u64,
    /// Entries in one export.
    pub export_max: usize,
    /// Suggestions in one answer.
    pub suggestions_max: usize,
}

impl Default for SearchLimits {
    fn default() -> Self {
        Self {
            query: QueryLimits::default(),
            search_time_max: Duration::from_millis(300),
            hits_reachable_max: 1_000,
            running_max: std::thread::available_parallelism().map_or(2, usize::from),
            waiting_max: 64,
            answers_bytes_max: 16 << 20,
            sheets_bytes_max: 24 << 20,
            export_max: 200_000,
            suggestions_max: 10,
        }
    }
}

/// Who is told what was searched; for counting without personal data.
pub type SearchSink = Arc<dyn Fn(&str, u64) + Send + Sync>;

/// Answers readers. Cheap to clone.
#[derive(Clone)]
pub struct Search(Arc<Inner>);

struct Inner {
    current: Current,
    context: Context,
    turns: Semaphore,
    waiting: AtomicUsize,
    answers: Cache<AnswerKey, Arc<[u8]>>,
    sink: SearchSink,
}

/// `min_seq` and the like are no part of it: the sequence number says what the answer was made from.
type AnswerKey = (PublicSeq, Arc<str>, SearchRequest);

/// What searching needs beside the snapshot.
pub struct Context {
    /// Bounds.
    pub limits: SearchLimits,
    /// Weights of the ranking.
    pub weights: Weights,
    /// Weights of the format finder.
    pub finder: finder::weights::Weights,
    base: String,
    sheets: Cache<(u128, Doc), Arc<Sheet>>,
}

impl Context {
    /// Nothing cached yet; `base` is the address of the site without the slash at its end, and may be empty.
    pub fn new(limits: SearchLimits, base: &str) -> Self {
        let sheets = Cache::builder()
            .max_capacity(limits.sheets_bytes_max)
            .weigher(|_, sheet: &Arc<Sheet>| sheet.size())
            .build();
        Self {
            limits,
            weights: WEIGHTS.clone(),
            finder: finder::weights::WEIGHTS.clone(),
            base: base.trim_end_matches('/').to_owned(),
            sheets,
        }
    }

    /// Address of an entry's page.
    pub fn entry_url(&self, slug: &str) -> String {
        format!("{}/eintrag/{slug}", self.base)
    }

    /// What the hit list needs of a document.
    ///
    /// # Errors
    /// Where the stored document cannot be read.
    pub fn sheet(&self, snapshot: &Snapshot, doc: Doc) -> Result<Arc<Sheet>, IndexError> {
        let (segment, local) = snapshot.locate(doc);
        let key = (segment.number, local);
        if let Some(sheet) = self.sheets.get(&key) {
            return Ok(sheet);
        }
        let sheet = Arc::new(snapshot.sheet(doc)?);
        self.sheets.insert(key, sheet.clone());
        Ok(sheet)
    }
}

/// Why a search was not answered.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The query is longer or deeper than allowed; the text says how.
    #[error("{detail_en}")]
    QueryTooLong {
        /// In German.
        detail: String,
        /// In English.
        detail_en: String,
    },
    /// Too many searches wait already.
    #[error("too many searches at once")]
    Busy,
    /// It took longer than allowed.
    #[error("the search took too long")]
    Timeout,
    /// There is no index yet.
    #[error("the index is being built")]
    NotReady,
    /// Something broke; the text is for the log.
    #[error("search failed: {0}")]
    Internal(String),
}

impl Search {
    /// Answers from the snapshots of `current`. `base` is the address of the site, without a slash at its end.
    pub fn new(current: Current, limits: SearchLimits, base: &str, sink: SearchSink) -> Self {
        let answers = Cache::builder()
            .max_capacity(limits.answers_bytes_max)
            .weigher(|(_, _, request): &AnswerKey, answer: &Arc<[u8]>| {
                u32::try_from(answer.len() + request.q.len() + 512).unwrap_or(u32::MAX)
            })
            .build();
        Self(Arc::new(Inner {
            current,
            turns: Semaphore::new(limits.running_max),
            waiting: AtomicUsize::new(0),
            answers,
            context: Context::new(limits, base),
            sink,
        }))
    }

    /// State of the index now; none before the first generation is there.
    pub fn state(&self) -> Option<IndexState> {
        self.0.current.get().map(|snapshot| state_of(&snapshot))
    }

    /// Waits until the index holds this change; false when it takes longer.
    pub async fn wait_for(&self, seq: PublicSeq, at_most: Duration) -> bool {
        let mut seen = self.0.current.watch();
        let there = seen.wait_for(|now| now.is_some_and(|now| now >= seq));
        matches!(tokio::time::timeout(at_most, there).await, Ok(Ok(_)))
    }

    /// The answer as serialised JSON ([`SearchResponse`]), from the cache where it is there.
    ///
    /// # Errors
    /// See [`SearchError`].
    pub async fn search_json(&self, request: SearchRequest) -> Result<Arc<[u8]>, SearchError> {
        let snapshot = self.snapshot()?;
        let key = (snapshot.seq, Arc::from(snapshot.shared.generation.as_str()), request);
        if let Some(answer) = self.0.answers.get(&key) {
            return Ok(answer);
        }
        let this = self.clone();
        self.turn(move || {
            let response = run(&this.0.context, &snapshot, &key.2)?;
            (this.0.sink)(&key.2.q, response.total);
            let answer: Arc<[u8]> =
                serde_json::to_vec(&response).map_err(|error| SearchError::Internal(error.to_string()))?.into();
            if !key.2.explain {
                this.0.answers.insert(key, answer.clone());
            }
            Ok(answer)
        })
        .await
    }

    /// The answer itself, for pages.
    ///
    /// # Errors
    /// See [`SearchError`].
    pub async fn search(&self, request: SearchRequest) -> Result<SearchResponse, SearchError> {
        let snapshot = self.snapshot()?;
        let this = self.clone();
        self.turn(move || {
            let response = run(&this.0.context, &snapshot, &request)?;
            (this.0.sink)(&request.q, response.total);
            Ok(response)
        })
        .await
    }

    /// Completions of what is being typed.
    ///
    /// # Errors
    /// See [`SearchError`].
    pub async fn suggest(&self, q: String, language: Language) -> Result<Suggestions, SearchError> {
        let snapshot = self.snapshot()?;
        let this = self.clone();
        self.turn(move || suggest::suggest(&this.0.context, &snapshot, &q, language)).await
    }

    /// The entry with this id or slug.
    ///
    /// # Errors
    /// See [`SearchError`].
    pub fn entry(&self, id_or_slug: &str, language: Language) -> Result<Lookup, SearchError> {
        lookup::entry(&self.0.context, &*self.snapshot()?, id_or_slug, language)
    }

    /// The public entry with this id or slug, also where it was renamed; none where there is none any more.
    ///
    /// # Errors
    /// See [`SearchError`].
    pub fn public_entry(&self, id_or_slug: &str, language: Language) -> Result<Option<Box<EntryView>>, SearchError> {
        let found = match self.entry(id_or_slug, language)? {
            Lookup::Moved { slug } => self.entry(&slug, language)?,
            found => found,
        };
        Ok(if let Lookup::Found(view) = found { Some(view) } else { None })
    }

    /// Entries by id, after `after`.
    ///
    /// # Errors
    /// See [`SearchError`].
    pub fn entries(&self, after: Option<EntryId>, limit: usize, language: Language) -> Result<EntryPage, SearchError> {
        lookup::entries(&self.0.context, &*self.snapshot()?, after, limit, language)
    }

    /// The first `limit` entries by title, with their other names.
    ///
    /// # Errors
    /// See [`SearchError`].
    pub async fn catalogue(&self, limit: usize) -> Result<Vec<Listed>, SearchError> {
        let snapshot = self.snapshot()?;
        let this = self.clone();
        self.turn(move || catalogue::catalogue(&this.0.context, &snapshot, limit)).await
    }

    /// Entries like this one, related ones first.
    ///
    /// # Errors
    /// See [`SearchError`].
    pub async fn related(&self, id: EntryId, limit: usize, language: Language) -> Result<Vec<Hit>, SearchError> {
        let snapshot = self.snapshot()?;
        let this = self.clone();
        self.turn(move || related::related(&this.0.context, &snapshot, id, limit, language)).await
    }

    /// Formats for a planner's question, best first, with reasons.
    ///
    /// # Errors
    /// See [`SearchError`].
    pub async fn finder(
        &self,
        question: Question,
        limit: usize,
        language: Language,
    ) -> Result<FinderResponse, SearchError> {
        let snapshot = self.snapshot()?;
        let this = self.clone();
        self.turn(move || finder::finder(&this.0.context, &snapshot, &question, limit, language)).await
    }

    /// All entries that a search finds (not only a page), in its order, for exports; bounded by [`SearchLimits::export_max`].
    ///
    /// # Errors
    /// See [`SearchError`].
    pub async fn export(&self, request: SearchRequest) -> Result<Vec<EntryView>, SearchError> {
        let snapshot = self.snapshot()?;
        let this = self.clone();
        self.turn(move || {
            let hits = run::all_hits(&this.0.context, &snapshot, &request, this.0.context.limits.export_max)?;
            hits.into_iter().map(|hit| lookup::view(&this.0.context, &snapshot, hit.doc, request.language)).collect()
        })
        .await
    }

    /// The vocabularies of the index that answers.
    ///
    /// # Errors
    /// Before the first generation is there.
    pub fn vocabularies(&self) -> Result<Arc<Vocabularies>, SearchError> {
        Ok(self.snapshot()?.reference.vocabularies.clone())
    }

    /// Values of a facet that exist, for naming the nearest to a wrong one; open vocabularies only as far as entries use them.
    ///
    /// # Errors
    /// Before the first generation is there.
    pub fn facet_values(&self, parameter: &str) -> Result<Vec<String>, SearchError> {
        let snapshot = self.snapshot()?;
        let Some((number, facet)) = facet::facet(parameter) else { return Ok(Vec::new()) };
        let mut values: Vec<String> = match facet.vocabulary.and_then(|name| snapshot.reference.vocabularies.get(name))
        {
            Some(vocabulary) => vocabulary.terms.iter().map(|term| term.id.clone()).collect(),
            None => snapshot.facet_values(number as u8).iter().map(|(_, value)| value.to_string()).collect(),
        };
        if !values.iter().any(|value| value == facet::NONE) {
            values.push(facet::NONE.to_owned());
        }
        Ok(values)
    }

    fn snapshot(&self) -> Result<Arc<Snapshot>, SearchError> {
        self.0.current.get().ok_or(SearchError::NotReady)
    }

    /// Runs work on a thread of its own when it is its turn; refuses when too many wait.
    async fn turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, SearchError> + Send + 'static,
    ) -> Result<T, SearchError> {
        let waiting =
            Waiting::enter(&self.0.waiting, self.0.context.limits.waiting_max + self.0.context.limits.running_max)?;
        let turn = self.0.turns.acquire().await.map_err(|closed| SearchError::Internal(closed.to_string()))?;
        let done = tokio::task::spawn_blocking(work).await;
        drop((turn, waiting));
        // Its place is in the log; its text may quote what somebody typed.
        done.map_err(|_| SearchError::Internal("the search panicked".into()))?
    }
}

/// A place in the queue, given back when dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn enter(count: &'a AtomicUsize, at_most: usize) -> Result<Self, SearchError> {
        let before = count.fetch_add(1, Ordering::Relaxed);
        let place = Self(count);
        if before >= at_most { Err(SearchError::Busy) } else { Ok(place) }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// State of the index that a snapshot stands for.
pub(super) fn state_of(snapshot: &Snapshot) -> IndexState {
    IndexState { seq: snapshot.seq, generation: snapshot.shared.generation.clone() }
}

/// A marker that marks nothing.
pub(super) fn no_marks() -> Marker {
    Marker::new(&[])
}
