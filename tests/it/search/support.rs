//! Snapshots to search: the shipped entries, indexed once, and small shelves of made entries.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use jiff::Timestamp;
use mitmachbox::clock::Clock;
use mitmachbox::exchange::{bundled, seed::seed};
use mitmachbox::follow::{Follower, FollowerOptions};
use mitmachbox::index::current::Current;
use mitmachbox::index::document::Public;
use mitmachbox::index::generation::{Generation, Mark};
use mitmachbox::index::snapshot::{Reference, Snapshot};
use mitmachbox::index::writer::Writer;
use mitmachbox::model::entry::{Common, Entry, Profile};
use mitmachbox::model::id::{EntryId, PublicSeq, RevisionNumber};
use mitmachbox::model::public::{Derived, PublicEntry, classes, completeness};
use mitmachbox::model::record::Origin;
use mitmachbox::model::vocabulary::Vocabularies;
use mitmachbox::search::request::SearchRequest;
use mitmachbox::search::response::{Hit, SearchResponse};
use mitmachbox::search::run::run;
use mitmachbox::search::service::{Context, Search, SearchError, SearchLimits};
use mitmachbox::store::{Store, StoreOptions};
use mitmachbox::text::{Analyser, SynonymSet};

pub(crate) fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// Bounds with a deadline that a debug build on a busy machine does not pass.
pub(crate) fn limits() -> SearchLimits {
    SearchLimits { search_time_max: Duration::from_secs(60), ..SearchLimits::default() }
}

/// A store without a reserve file and without a demand on free space, so that tests run anywhere.
pub(crate) fn open_store(dir: &std::path::Path) -> Store {
    let mut options = StoreOptions::new(dir);
    options.limits.reserve_bytes = 0;
    options.limits.free_bytes_min = 0;
    Store::open(options, Clock::fixed(now())).unwrap_or_else(|e| panic!("{e}")).0
}

/// Something to search.
pub(crate) struct Shelf {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) context: Context,
    pub(crate) search: Search,
}

fn on(current: &Current) -> Shelf {
    let search = Search::new(current.clone(), limits(), "", Arc::new(|_, _| {}));
    Shelf { snapshot: current.get().unwrap(), context: Context::new(limits(), ""), search }
}

/// The shipped entries, as a first start indexes them. The files are gone as soon as it is made: a snapshot lives on
/// without them.
pub(crate) static CORPUS: LazyLock<Shelf> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let store = open_store(dir.path());
    seed(&store, &Clock::fixed(now()), |_, _| {}).unwrap_or_else(|e| panic!("{e}"));
    let current = Current::default();
    let mut follower = Follower::new(store.clone(), current.clone(), FollowerOptions::new(dir.path().join("index")));
    follower.step().unwrap();
    store.close();
    on(&current)
});

/// The shipped vocabularies.
pub(crate) static VOCABULARIES: LazyLock<Arc<Vocabularies>> =
    LazyLock::new(|| Arc::new(bundled::vocabularies().unwrap().into_iter().collect()));

/// The shipped synonyms.
pub(crate) static SYNONYMS: LazyLock<Arc<SynonymSet>> =
    LazyLock::new(|| Arc::new(SynonymSet::parse(bundled::SYNONYMS, Analyser::bundled()).unwrap()));

pub(crate) fn reference() -> Reference {
    Reference { vocabularies: VOCABULARIES.clone(), synonyms: SYNONYMS.clone() }
}

/// Entries on a shelf of their own, with the shipped vocabularies and synonyms.
pub(crate) fn shelf(entries: &[PublicEntry]) -> Shelf {
    shelf_with(entries, reference())
}

pub(crate) fn shelf_with(entries: &[PublicEntry], reference: Reference) -> Shelf {
    let dir = tempfile::tempdir().unwrap();
    let generation = Arc::new(Generation::create(dir.path(), Analyser::bundled(), reference, "test").unwrap());
    let mut writer = Writer::open(generation.clone()).unwrap();
    for entry in entries {
        writer.insert(&Public::Entry(Box::new(entry.clone()))).unwrap();
    }
    writer.commit(&Mark { seq: PublicSeq(1), log_hash: String::new() }).unwrap();
    writer.close().unwrap();
    let current = Current::default();
    current.publish(generation.snapshot(PublicSeq(1)).unwrap());
    on(&current)
}

/// An idea with a title; its slug is its identity.
pub(crate) fn idea(slug: &str, title: &str) -> PublicEntry {
    with_text(slug, title, "", "")
}

pub(crate) fn with_text(slug: &str, title: &str, summary: &str, body: &str) -> PublicEntry {
    let common = Common {
        slug: slug.into(),
        title: title.into(),
        summary: summary.into(),
        body: body.into(),
        language: "de".into(),
        ..Common::default()
    };
    public(Entry { common, profile: Profile::Idea(Box::default()) })
}

/// The public view of an entry, published now.
pub(crate) fn public(entry: Entry) -> PublicEntry {
    let derived = Derived {
        classes: classes(&entry, &VOCABULARIES),
        completeness: completeness(&entry),
        origin: Origin::Staff,
        revision: RevisionNumber(1),
        created_at: now(),
        updated_at: now(),
        published_at: now(),
    };
    PublicEntry { id: id(&entry.common.slug), entry, old_slugs: Vec::new(), derived }
}

pub(crate) fn id(slug: &str) -> EntryId {
    EntryId::of_seed("test", slug)
}

/// A request for the first hundred hits of a query.
pub(crate) fn request(q: &str) -> SearchRequest {
    SearchRequest { q: q.into(), page: 1, per_page: 100, ..SearchRequest::default() }
}

impl Shelf {
    pub(crate) fn try_run(&self, request: &SearchRequest) -> Result<SearchResponse, SearchError> {
        run(&self.context, &self.snapshot, request)
    }

    pub(crate) fn run(&self, request: &SearchRequest) -> SearchResponse {
        self.try_run(request).unwrap_or_else(|error| panic!("{:?}: {error}", request.q))
    }

    pub(crate) fn search(&self, q: &str) -> SearchResponse {
        self.run(&request(q))
    }

    /// Slugs of the hits, best first.
    pub(crate) fn slugs(&self, q: &str) -> Vec<String> {
        slugs(&self.search(q))
    }

    /// Slugs of the hits that have all words, best first.
    pub(crate) fn strict(&self, q: &str) -> Vec<String> {
        self.search(q).hits.into_iter().filter(|hit| hit.strict).map(|hit| hit.slug).collect()
    }

    pub(crate) fn hit(&self, q: &str, slug: &str) -> Hit {
        let response = self.search(q);
        let shown = slugs(&response);
        response.hits.into_iter().find(|hit| hit.slug == slug).unwrap_or_else(|| panic!("{q}: {slug} not in {shown:?}"))
    }
}

pub(crate) fn slugs(response: &SearchResponse) -> Vec<String> {
    response.hits.iter().map(|hit| hit.slug.clone()).collect()
}
