//! The first start: an empty data directory is filled with what the program ships.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

use super::bundled::{self, BundleError, ShippedEntry};
use crate::clock::Clock;
use crate::curate::change::{self, Stamp};
use crate::curate::content::{self, Rules};
use crate::curate::{CurateError, vocabularies};
use crate::model::entry::Entry;
use crate::model::id::EntryId;
use crate::model::record::{Action, Origin, SeedMark};
use crate::model::validate::Strictness;
use crate::model::vocabulary::{Vocabularies, Vocabulary};
use crate::store::{Commit, CommitError, DocumentWrite, Expect, ReadError, Store, Write};

/// Name of the program itself in the audit log.
pub const SYSTEM: &str = "system";

/// Commits made at once: one transaction and one sync of the store.
const BATCH: usize = 512;

/// What seeding did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeedReport {
    /// Vocabularies and synonyms written.
    pub documents: usize,
    /// Entries written.
    pub entries: usize,
    /// Whether the store held something of its own, so that nothing was done.
    pub skipped: bool,
}

/// Why seeding failed.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// A shipped file is wrong.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// Shipped entries are invalid; a line for each problem.
    #[error("entries that the program ships are invalid:\n{0}")]
    Invalid(String),
    /// The store could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store could not be written.
    #[error(transparent)]
    Commit(#[from] CommitError),
}

/// Fills a store in which nobody has written yet; one that a crash left half filled is filled up. Blocking.
///
/// `progress` is told how many of how many items are done.
pub fn seed(store: &Store, clock: &Clock, mut progress: impl FnMut(usize, usize)) -> Result<SeedReport, SeedError> {
    if !only_seeded(store)? {
        return Ok(SeedReport { skipped: true, ..SeedReport::default() });
    }
    let stamp = Stamp { actor: SYSTEM.into(), at: clock.now(), note: None };
    let vocabularies = bundled::vocabularies()?;
    let entries = bundled::entries()?;
    let present: HashSet<String> = store.documents()?.into_iter().map(|(name, _)| name).collect();
    let mut commits: Vec<Commit> = documents(&vocabularies, &stamp, &present);
    let mut report = SeedReport { documents: commits.len(), ..SeedReport::default() };
    let checked = check(&entries, &vocabularies.into_iter().collect())?;
    for (id, entry) in checked {
        if store.entry(id)?.is_none() {
            commits.push(commit(id, &entry, &stamp));
            report.entries += 1;
        }
    }
    let total = commits.len();
    let mut done = 0;
    while !commits.is_empty() {
        let rest = commits.split_off(commits.len().min(BATCH));
        let batch = std::mem::replace(&mut commits, rest);
        done += batch.len();
        for result in store.commit_many_blocking(batch) {
            result?;
        }
        progress(done, total);
    }
    Ok(report)
}

/// Gives a store the shipped vocabularies and synonyms that it lacks, and no entries. Blocking.
pub fn seed_vocabularies(store: &Store, clock: &Clock) -> Result<(), SeedError> {
    let stamp = Stamp { actor: SYSTEM.into(), at: clock.now(), note: None };
    let present: HashSet<String> = store.documents()?.into_iter().map(|(name, _)| name).collect();
    for result in store.commit_many_blocking(documents(&bundled::vocabularies()?, &stamp, &present)) {
        result?;
    }
    Ok(())
}

/// Checks shipped entries as if they were to be published, each with the id it has on every installation.
///
/// # Errors
/// Every problem of every entry, and of the collection as a whole: no title and no slug twice.
pub fn check(entries: &[ShippedEntry], vocabularies: &Vocabularies) -> Result<Vec<(EntryId, Entry)>, SeedError> {
    let ids: HashMap<&str, EntryId> =
        entries.iter().map(|entry| (entry.slug.as_str(), EntryId::of_seed(entry.kind.id(), &entry.slug))).collect();
    let resolve = |target: &str| Ok(ids.get(target).copied());
    let mut checked = Vec::with_capacity(entries.len());
    let mut problems = String::new();
    let mut titles: HashMap<String, &str> = HashMap::new();
    let mut slugs = HashSet::new();
    for shipped in entries {
        let path = super::files::path_of(shipped.kind, &shipped.slug);
        let mut note = |pointer: &str, text: &str| problems.push_str(&format!("{path} {pointer}: {text}\n"));
        let id = EntryId::of_seed(shipped.kind.id(), &shipped.slug);
        let rules = Rules { id, vocabularies, strictness: Strictness::Publish, resolve: &resolve };
        match content::admit(&shipped.content, &rules) {
            Ok(entry) => {
                if let Some(other) = titles.insert(entry.common.title.to_lowercase(), &shipped.slug) {
                    note("/title", &format!("the entry {other} has the same title"));
                }
                checked.push((id, entry));
            }
            Err(CurateError::Invalid(found)) => found.iter().for_each(|p| note(&p.pointer, &p.detail_en)),
            Err(other) => note("", &other.to_string()),
        }
        if !slugs.insert(shipped.slug.as_str()) {
            note("", "an entry of another kind has the same slug");
        }
    }
    if problems.is_empty() { Ok(checked) } else { Err(SeedError::Invalid(problems)) }
}

/// Whether nobody but the program has written into the store, and no more than it ships.
fn only_seeded(store: &Store) -> Result<bool, ReadError> {
    let mut before = None;
    loop {
        let page = store.audit(None, before, BATCH)?;
        if page.iter().any(|record| record.actor != SYSTEM) {
            return Ok(false);
        }
        match page.last() {
            Some(oldest) => before = Some(oldest.seq),
            None => return Ok(true),
        }
    }
}

fn documents(vocabularies: &[Vocabulary], stamp: &Stamp, present: &HashSet<String>) -> Vec<Commit> {
    let contents = vocabularies.iter().map(|vocabulary| {
        let json = serde_json::to_value(vocabulary).expect("a vocabulary has string keys and no floats");
        (vocabularies::document_name(&vocabulary.name), json)
    });
    let synonyms = (vocabularies::SYNONYMS.to_owned(), vocabularies::synonyms_document(bundled::SYNONYMS));
    let missing = contents.chain([synonyms]).filter(|(name, _)| !present.contains(name));
    missing
        .map(|(name, content)| Commit {
            actor: stamp.actor.clone(),
            action: Action::Publish,
            note: None,
            at: stamp.at,
            write: Write::Document(DocumentWrite { name, content, expect: Expect::Absent }),
        })
        .collect()
}

fn commit(id: EntryId, entry: &Entry, stamp: &Stamp) -> Commit {
    let mut write = change::create(id, Origin::Seed, entry, true, stamp);
    let json = serde_json::to_vec(&write.revision.content).unwrap_or_default();
    let content_sha256 = Sha256::digest(json).iter().map(|byte| format!("{byte:02x}")).collect();
    write.record.seed = Some(SeedMark { dataset_version: bundled::dataset_version().to_owned(), content_sha256 });
    change::commit(write)
}
