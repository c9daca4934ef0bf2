//! Import: checks the whole source first and names every bad record, then writes in bounded batches.
//!
//! A record is an entry's content, as the API takes it or as an export wrote it: fields that the server derives are
//! passed over. It belongs to the entry with its `id`, else to the one with its `slug` (without one: the slug that
//! its title gives), else it is a new entry. What is there already is skipped, so an import can be repeated.
//! Relations may name records of the same source.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::Path;

use serde_json::Value;

use super::records::{Record, Records};
use crate::clock::Clock;
use crate::curate::change::{self, Stamp};
use crate::curate::content::{self, Rules};
use crate::curate::{self, CurateError, vocabularies};
use crate::model::entry::Entry;
use crate::model::id::EntryId;
use crate::model::kind::Kind;
use crate::model::problem::Problem;
use crate::model::record::{EntryRecord, Origin};
use crate::model::validate::Strictness;
use crate::model::vocabulary::Vocabularies;
use crate::model::{schema, shape, slug};
use crate::store::{Commit, EntryWrite, ReadError, Store, VALUE_BYTES_MAX};

/// Name of imports in the audit log.
const ACTOR: &str = "import";
/// Commits made at once: one transaction and one sync of the store, at worst 32 MB in memory.
const BATCH: usize = 512;
/// Bytes that the store adds to a revision (checksum, header), with room to spare.
const ENVELOPE_BYTES: usize = 64;
/// Records named as bad; behind more than these lies one mistake, not many.
const FAULTS_MAX: usize = 1_000;

/// How to import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// Check and count only.
    pub dry_run: bool,
    /// Make everything public at once, instead of drafts; asks for all that readers need.
    pub publish: bool,
}

/// What an import did, or would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Records read.
    pub records: usize,
    /// New entries.
    pub created: usize,
    /// Entries with new content, or newly public.
    pub updated: usize,
    /// Entries that were so already.
    pub unchanged: usize,
}

/// A bad record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where it stands.
    pub place: String,
    /// Field, as a JSON pointer; empty for the whole record.
    pub pointer: String,
    /// What is wrong.
    pub detail: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { place, pointer, detail } = self;
        if pointer.is_empty() { write!(f, "{place}: {detail}") } else { write!(f, "{place}: {pointer}: {detail}") }
    }
}

/// Why nothing, or not everything, was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The source could not be read.
    #[error("the source cannot be read: {0}")]
    Source(#[from] io::Error),
    /// Records are bad; nothing was written.
    #[error("{} problems, nothing was imported", .0.len())]
    Invalid(Vec<Fault>),
    /// The store could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store refused in the middle.
    #[error("stopped after {written} records: {place}: {reason}")]
    Stopped {
        /// Records that are imported for good.
        written: usize,
        /// Where the refused one stands.
        place: String,
        /// Why.
        reason: String,
    },
}

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Records checked, of how many.
    Checking(usize, usize),
    /// Records written or skipped, of how many.
    Writing(usize, usize),
}

/// Imports a file or folder into an open store. Blocking.
pub fn import(
    store: &Store,
    clock: &Clock,
    source: &Path,
    options: ImportOptions,
    mut progress: impl FnMut(Progress),
) -> Result<ImportReport, ImportError> {
    let mut faults = Vec::new();
    let identities = Identities::read(store, clock, source, &mut faults)?;
    let vocabularies = vocabularies::load(store)?;
    let stamp = Stamp { actor: ACTOR.into(), at: clock.now(), note: None };
    let plan = Plan { store, identities: &identities, vocabularies: &vocabularies, options, stamp };
    let total = identities.of_record.len();
    let mut report = ImportReport { records: total, ..ImportReport::default() };
    // Which records ask for a write; the second reading looks at no others.
    let mut wanted = vec![false; total];
    for (index, record) in Records::open(source)?.enumerate() {
        let Record { place, content } = record?;
        // What is no JSON, or has no identity, was named in the first pass.
        if let (Ok(content), Some(Some(identity))) = (content, identities.of_record.get(index)) {
            match plan.of(identity, &content)? {
                Ok(step) => wanted[index] = step.count(&mut report),
                Err(problems) => faults.extend(problems.into_iter().map(|problem| fault(&place, problem))),
            }
        }
        progress(Progress::Checking(index + 1, total));
    }
    if !faults.is_empty() {
        faults.truncate(FAULTS_MAX);
        return Err(ImportError::Invalid(faults));
    }
    if !options.dry_run && wanted.contains(&true) {
        write(&plan, source, &wanted, &mut progress)?;
    }
    Ok(report)
}

fn write(
    plan: &Plan<'_>,
    source: &Path,
    wanted: &[bool],
    progress: &mut impl FnMut(Progress),
) -> Result<(), ImportError> {
    let total = wanted.len();
    let mut written = 0;
    let mut batch: Vec<(String, Commit)> = Vec::new();
    let changed = |place: &str, written| ImportError::Stopped {
        written,
        place: place.to_owned(),
        reason: "the source changed while it was imported".into(),
    };
    for (index, record) in Records::open(source)?.enumerate() {
        let Record { place, content } = record?;
        if wanted.get(index).copied().unwrap_or(true) {
            let identity = plan.identities.of_record.get(index).and_then(Option::as_ref);
            let (Ok(content), Some(identity)) = (content, identity) else { return Err(changed(&place, written)) };
            match plan.of(identity, &content)? {
                Ok(Step::Skip) => {}
                Ok(Step::Create(write) | Step::Update(write)) => batch.push((place, change::commit(*write))),
                Err(_) => return Err(changed(&place, written)),
            }
        }
        if batch.len() == BATCH || index + 1 == total {
            written += commit(plan.store, std::mem::take(&mut batch), written)?;
            progress(Progress::Writing(index + 1, total));
        }
    }
    Ok(())
}

fn commit(store: &Store, batch: Vec<(String, Commit)>, before: usize) -> Result<usize, ImportError> {
    let (places, commits): (Vec<String>, Vec<Commit>) = batch.into_iter().unzip();
    let results = store.commit_many_blocking(commits);
    let written = results.iter().filter(|result| result.is_ok()).count();
    for (place, result) in places.into_iter().zip(results) {
        if let Err(error) = result {
            return Err(ImportError::Stopped { written: before + written, place, reason: error.to_string() });
        }
    }
    Ok(written)
}

/// Which entry a record is about.
#[derive(Clone, Debug)]
struct Identity {
    id: EntryId,
    slug: String,
}

/// Which entries the records are about, in their order; 150 bytes each.
struct Identities {
    of_record: Vec<Option<Identity>>,
    by_slug: HashMap<String, EntryId>,
    ids: HashSet<EntryId>,
}

impl Identities {
    fn read(store: &Store, clock: &Clock, source: &Path, faults: &mut Vec<Fault>) -> Result<Self, ImportError> {
        let mut all = Self { of_record: Vec::new(), by_slug: HashMap::new(), ids: HashSet::new() };
        for record in Records::open(source)? {
            let Record { place, content } = record?;
            let identity = match content {
                Ok(content) => all.identify(store, clock, &content)?,
                Err(detail) => Err(Problem::new("", "no_json", detail.clone(), detail)),
            };
            match identity {
                Ok(identity) => {
                    all.by_slug.insert(identity.slug.clone(), identity.id);
                    all.ids.insert(identity.id);
                    all.of_record.push(Some(identity));
                }
                Err(problem) => {
                    faults.push(fault(&place, problem));
                    all.of_record.push(None);
                }
            }
        }
        Ok(all)
    }

    fn identify(&self, store: &Store, clock: &Clock, content: &Value) -> Result<Result<Identity, Problem>, ReadError> {
        let text = |name: &str| content.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let given = match text("id").map(str::parse::<EntryId>) {
            Some(Ok(id)) => Some(id),
            Some(Err(_)) => return Ok(Err(problem("/id", "the id is no UUID"))),
            None => None,
        };
        let stored = given.map(|id| store.entry(id)).transpose()?.flatten();
        let slug = match (text("slug"), &stored, text("title").map(slug::from_title)) {
            (Some(slug), _, _) => slug.to_owned(),
            (None, Some(record), _) => record.slug.clone(),
            (None, None, Some(slug)) if !slug.is_empty() => slug,
            _ => return Ok(Err(problem("", "neither id nor slug nor a title to make a slug from"))),
        };
        let owner = store.id_of_slug(&slug)?;
        let id = given.or(owner).unwrap_or_else(|| EntryId(curate::new_id(clock)));
        if owner.is_some_and(|owner| owner != id) {
            return Ok(Err(problem("/slug", &format!("the slug {slug} belongs to another entry"))));
        }
        if self.ids.contains(&id) || self.by_slug.contains_key(&slug) {
            return Ok(Err(problem("", &format!("the entry {slug} stands in the source twice"))));
        }
        Ok(Ok(Identity { id, slug }))
    }
}

enum Step {
    Skip,
    Create(Box<EntryWrite>),
    Update(Box<EntryWrite>),
}

impl Step {
    /// Counts it; true if it is a write.
    fn count(&self, report: &mut ImportReport) -> bool {
        match self {
            Self::Skip => report.unchanged += 1,
            Self::Create(_) => report.created += 1,
            Self::Update(_) => report.updated += 1,
        }
        !matches!(self, Self::Skip)
    }
}

struct Plan<'a> {
    store: &'a Store,
    identities: &'a Identities,
    vocabularies: &'a Vocabularies,
    options: ImportOptions,
    stamp: Stamp,
}

impl Plan<'_> {
    /// What the record asks for, or everything that is wrong with it.
    fn of(&self, identity: &Identity, content: &Value) -> Result<Result<Step, Vec<Problem>>, ReadError> {
        let record = self.store.entry(identity.id)?;
        let mut entry = match self.admit(identity.id, &without_derived(content)) {
            Ok(entry) => entry,
            Err(CurateError::Invalid(problems)) => return Ok(Err(problems)),
            Err(other) => return Err(ReadError::Io(other.to_string())),
        };
        entry.common.slug.clone_from(&identity.slug);
        if !slug::is_valid(&entry.common.slug) {
            return Ok(Err(vec![problem("/slug", "a slug has lower-case letters, digits and single hyphens")]));
        }
        let step = match &record {
            None => {
                let mut write = change::create(identity.id, Origin::Import, &entry, self.options.publish, &self.stamp);
                write.record.old_slugs = old_slugs(content, &entry.common.slug);
                Step::Create(Box::new(write))
            }
            Some(record) if record.kind != entry.kind() => {
                return Ok(Err(vec![problem("/kind", &format!("the entry is a {} already", record.kind))]));
            }
            Some(record) => self.update(record, &entry)?,
        };
        if let Step::Create(write) | Step::Update(write) = &step {
            let bytes = serde_json::to_vec(&write.revision).map_or(usize::MAX, |json| json.len());
            if bytes > VALUE_BYTES_MAX - ENVELOPE_BYTES {
                let detail = format!("the entry has {bytes} bytes, at most {VALUE_BYTES_MAX} are stored");
                return Ok(Err(vec![problem("", &detail)]));
            }
        }
        Ok(Ok(step))
    }

    fn update(&self, record: &EntryRecord, entry: &Entry) -> Result<Step, ReadError> {
        let same = self.store.content(record.id, record.revision)? == Some(entry.to_json());
        let public = record.published.is_some() && record.draft.is_none();
        let write = match (same, self.options.publish) {
            (true, false) => return Ok(Step::Skip),
            (true, true) if public => return Ok(Step::Skip),
            (_, true) => change::publish(record, &entry.common.slug, (!same).then_some(entry), &self.stamp),
            (false, false) => change::edit(record, entry, &self.stamp),
        };
        Ok(Step::Update(Box::new(write)))
    }

    fn admit(&self, id: EntryId, content: &Value) -> Result<Entry, CurateError> {
        let strictness = if self.options.publish { Strictness::Publish } else { Strictness::Draft };
        let resolve = |target: &str| {
            let named = target.parse().ok().filter(|id| self.identities.ids.contains(id));
            match named.or_else(|| self.identities.by_slug.get(target).copied()) {
                Some(id) => Ok(Some(id)),
                None => curate::find(self.store, target),
            }
        };
        content::admit(content, &Rules { id, vocabularies: self.vocabularies, strictness, resolve: &resolve })
    }
}

/// What an export adds is passed over; a field that nobody knows stays and is refused.
///
/// The kind's own fields stay whatever their name: `state` of a case is where it took place.
fn without_derived(content: &Value) -> Value {
    let Value::Object(fields) = content else { return content.clone() };
    let kind = content.get("kind").and_then(Value::as_str).and_then(Kind::from_id);
    let own = |name: &str| kind.is_some_and(|kind| schema::fields(kind).any(|field| field == name));
    let kept = fields.iter().filter(|(name, _)| own(name) || !shape::SERVER_OWNED.contains(&name.as_str()));
    Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
}

fn old_slugs(content: &Value, current: &str) -> Vec<String> {
    let given = content.get("old_slugs").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    given.filter(|old| slug::is_valid(old) && *old != current).map(str::to_owned).collect()
}

fn problem(pointer: &str, detail: &str) -> Problem {
    Problem::new(pointer, "import", detail, detail)
}

fn fault(place: &str, problem: Problem) -> Fault {
    Fault { place: place.to_owned(), pointer: problem.pointer, detail: problem.detail_en }
}
