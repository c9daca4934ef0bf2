//! Use cases of staff: create, edit, publish, archive; every write names the revision it is based on. And what
//! visitors tell the editors: [`notices`].
//!
//! An entry has one published revision and at most one draft; editing a published entry changes the draft only.
//! A draft may be incomplete, but what is there must make sense; publishing asks for everything a reader needs.
//! Revisions are append-only: a change of state alone is a revision without content.
//!
//! The slug: a new entry gets it from its title unless it brings one. While the public has never seen the entry, a
//! new slug holds at once; afterwards it is part of the draft and holds from publication on, and the earlier one
//! redirects. Content without `slug` keeps the one it has.

pub mod change;
pub mod content;
mod error;
pub mod lint;
pub mod merge_patch;
pub mod notices;
mod reading;
pub mod vocabularies;

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    auth::{Principal, Role},
    clock::Clock,
    model::{
        entry::Entry,
        id::{EntryId, PublicSeq, RevisionNumber, StoreSeq},
        problem::Problem,
        record::{EntryRecord, Origin, Revision},
        slug,
        validate::Strictness,
    },
    store::{CommitError, EntryWrite, Store},
};
use change::Stamp;
use content::Rules;
pub use error::CurateError;
use notices::NoticeLimits;
use reading::durable;
use vocabularies::VocabularySource;

/// Staff's door. Cheap to clone.
#[derive(Clone)]
pub struct Curate(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Clock,
    vocabularies: VocabularySource,
    limits: CurateLimits,
    /// Held while a notice is looked at and written, so that no write goes by what another has changed.
    notices: tokio::sync::Mutex<()>,
}

/// Bounds of the writing side.
#[derive(Clone, Debug)]
pub struct CurateLimits {
    /// Rows in one page of entries or revisions. Revisions carry up to 64 kB each, so a page stays below 7 MB.
    pub page_rows_max: usize,
    /// Characters of a note: a reason, not a letter.
    pub note_chars_max: usize,
    /// Numbers tried behind a slug made from a title; more entries of one title are a mistake.
    pub slug_numbers_max: u32,
    /// Bounds of visitors' notices.
    pub notices: NoticeLimits,
}

impl Default for CurateLimits {
    fn default() -> Self {
        Self { page_rows_max: 100, note_chars_max: 500, slug_numbers_max: 200, notices: NoticeLimits::default() }
    }
}

/// What staff see of an entry.
#[derive(Clone, Debug, Serialize)]
pub struct StaffEntry {
    /// State, revisions, dates.
    pub record: EntryRecord,
    /// Content that editors work on: the draft, or the published one where there is none.
    pub content: Value,
    /// Content that the public sees.
    pub published: Option<Value>,
}

/// A write that is on the disk.
#[derive(Clone, Debug, Serialize)]
pub struct Saved {
    /// The entry afterwards.
    pub entry: StaffEntry,
    /// Number of the commit.
    pub store_seq: StoreSeq,
    /// Number of the public change; wait for it with `min_seq`. Absent where the public view did not change.
    pub change_seq: Option<PublicSeq>,
}

impl Curate {
    /// Staff's door to this store; the vocabularies come from its documents.
    pub fn new(store: Store, clock: Clock, limits: CurateLimits) -> Self {
        let vocabularies = VocabularySource::new(store.clone());
        Self(Arc::new(Inner { store, clock, vocabularies, limits, notices: tokio::sync::Mutex::default() }))
    }

    /// The clock by which this room dates its writes.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Bounds of visitors' notices.
    pub fn notice_limits(&self) -> &NoticeLimits {
        &self.0.limits.notices
    }

    /// Creates a draft.
    pub async fn create(&self, who: &Principal, content: Value) -> Result<Saved, CurateError> {
        require(who, Role::Editor)?;
        let stamp = self.stamp(who, None)?;
        let id = EntryId(new_id(&self.0.clock));
        let mut entry = self.admit(id, &content, Strictness::Draft)?;
        let wanted = match entry.common.slug.as_str() {
            "" if entry.common.title.trim().is_empty() => return Err(CurateError::Invalid(vec![nameless()])),
            "" => None,
            slug => Some(slug.to_owned()),
        };
        let from_title = slug_of(&entry);
        for number in 1..=self.0.limits.slug_numbers_max {
            let slug = wanted.clone().unwrap_or_else(|| numbered(&from_title, number));
            if let Some(by) = self.0.store.id_of_slug(&slug)? {
                if wanted.is_some() {
                    return Err(CurateError::SlugTaken { slug, by });
                }
                continue;
            }
            entry.common.slug = slug;
            let write = change::create(id, Origin::Staff, &entry, false, &stamp);
            match self.commit(write, Value::Null).await {
                // Somebody took it between the look and the commit.
                Err(CurateError::SlugTaken { .. }) if wanted.is_none() => {}
                done => return done,
            }
        }
        Err(CurateError::Conflict(
            format!("Zu viele Einträge heißen „{}“; bitte ein slug angeben.", entry.common.title),
            format!("Too many entries are called \"{}\"; give a slug.", entry.common.title),
        ))
    }

    /// Reads draft and published version.
    pub async fn read(&self, who: &Principal, id: EntryId) -> Result<StaffEntry, CurateError> {
        require(who, Role::Reader)?;
        let read = || {
            let record = self.record(id)?;
            let content = self.content(id, record.revision)?;
            let published = record.published.map(|number| self.content(id, number)).transpose()?;
            Ok(StaffEntry { record, content, published })
        };
        durable(&self.0.store, read).await
    }

    /// Replaces the draft.
    pub async fn replace(
        &self,
        who: &Principal,
        id: EntryId,
        based_on: RevisionNumber,
        content: Value,
    ) -> Result<Saved, CurateError> {
        require(who, Role::Editor)?;
        let record = self.record_at(id, based_on).await?;
        let current = self.content(id, record.revision)?;
        self.save_draft(who, &record, &current, &content, Vec::new()).await
    }

    /// Changes the draft by a JSON merge patch (RFC 7396).
    pub async fn patch(
        &self,
        who: &Principal,
        id: EntryId,
        based_on: RevisionNumber,
        patch: Value,
    ) -> Result<Saved, CurateError> {
        require(who, Role::Editor)?;
        let record = self.record_at(id, based_on).await?;
        let current = self.content(id, record.revision)?;
        let hidden = content::problems_of_patch(record.kind, &patch);
        let mut content = current.clone();
        merge_patch::merge(&mut content, &patch);
        self.save_draft(who, &record, &current, &content, hidden).await
    }

    /// Makes the draft public, or an archived entry public again.
    ///
    /// # Errors
    /// [`CurateError::Conflict`] where the public sees the newest content already.
    pub async fn publish(
        &self,
        who: &Principal,
        id: EntryId,
        based_on: RevisionNumber,
        note: Option<String>,
    ) -> Result<Saved, CurateError> {
        require(who, Role::Publisher)?;
        let stamp = self.stamp(who, note)?;
        let record = self.record_at(id, based_on).await?;
        if record.published.is_some() && record.draft.is_none() {
            return Err(CurateError::Conflict(
                "Der Eintrag ist schon öffentlich, und es gibt keinen Entwurf.".into(),
                "The entry is public already and there is no draft.".into(),
            ));
        }
        let stored = self.content(id, record.revision)?;
        let entry = self.admit(id, &stored, Strictness::Publish)?;
        let slug = if entry.common.slug.is_empty() { &record.slug } else { &entry.common.slug };
        self.free_for(id, slug)?;
        // Links that were not known when the draft was saved may be known now.
        let changed = entry.to_json() != stored;
        let write = change::publish(&record, slug, changed.then_some(&entry), &stamp);
        self.commit(write, stored).await
    }

    /// Takes the entry out of the public view; a draft stays.
    ///
    /// # Errors
    /// [`CurateError::Conflict`] where it is not public.
    pub async fn archive(
        &self,
        who: &Principal,
        id: EntryId,
        based_on: RevisionNumber,
        note: Option<String>,
    ) -> Result<Saved, CurateError> {
        require(who, Role::Publisher)?;
        let stamp = self.stamp(who, note)?;
        let record = self.record_at(id, based_on).await?;
        if record.published.is_none() {
            return Err(CurateError::Conflict(
                "Nur ein öffentlicher Eintrag lässt sich archivieren.".into(),
                "Only a public entry can be archived.".into(),
            ));
        }
        let current = self.content(id, record.revision)?;
        self.commit(change::archive(&record, &stamp), current).await
    }

    /// Revisions, newest first.
    pub async fn revisions(
        &self,
        who: &Principal,
        id: EntryId,
        before: Option<RevisionNumber>,
        limit: usize,
    ) -> Result<Vec<Revision>, CurateError> {
        require(who, Role::Reader)?;
        let limit = limit.min(self.0.limits.page_rows_max);
        let read = || self.record(id).and_then(|_| Ok(self.0.store.revisions(id, before, limit)?));
        durable(&self.0.store, read).await
    }

    /// Entries by id, drafts included.
    pub async fn list(
        &self,
        who: &Principal,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<Vec<EntryRecord>, CurateError> {
        require(who, Role::Reader)?;
        let limit = limit.min(self.0.limits.page_rows_max);
        durable(&self.0.store, || Ok(self.0.store.entries(after, limit)?)).await
    }

    async fn save_draft(
        &self,
        who: &Principal,
        record: &EntryRecord,
        current: &Value,
        content: &Value,
        mut problems: Vec<Problem>,
    ) -> Result<Saved, CurateError> {
        let stamp = self.stamp(who, None)?;
        let mut entry = match self.admit(record.id, content, Strictness::Draft) {
            Ok(entry) if problems.is_empty() => entry,
            Ok(_) => return Err(CurateError::Invalid(problems)),
            Err(CurateError::Invalid(more)) => {
                problems.extend(more);
                return Err(CurateError::Invalid(problems));
            }
            Err(other) => return Err(other),
        };
        if entry.kind() != record.kind {
            return Err(CurateError::Invalid(vec![kind_fixed(record)]));
        }
        if entry.common.slug.is_empty() {
            let kept = current.get("slug").and_then(Value::as_str).unwrap_or(&record.slug);
            entry.common.slug = kept.to_owned();
        }
        self.free_for(record.id, &entry.common.slug)?;
        self.commit(change::edit(record, &entry, &stamp), Value::Null).await
    }

    fn admit(&self, id: EntryId, content: &Value, strictness: Strictness) -> Result<Entry, CurateError> {
        let vocabularies = self.0.vocabularies.current()?;
        let resolve = |target: &str| find(&self.0.store, target);
        content::admit(content, &Rules { id, vocabularies: &vocabularies, strictness, resolve: &resolve })
    }

    /// Commits a write; `content` is what is in force if the write brings none.
    async fn commit(&self, write: EntryWrite, content: Value) -> Result<Saved, CurateError> {
        let record = write.record.clone();
        let content = write.revision.content.clone().unwrap_or(content);
        let receipt = match self.0.store.commit(change::commit(write)).await {
            Ok(receipt) => receipt,
            // The store names the current record; one that vanished cannot be, entries are never deleted.
            Err(CommitError::Stale { current: Some(current) }) => return Err(CurateError::Stale(current)),
            Err(other) => return Err(other.into()),
        };
        let published = match record.published {
            Some(number) if number == record.revision => Some(content.clone()),
            Some(number) => Some(self.content(record.id, number)?),
            None => None,
        };
        let entry = StaffEntry { record, content, published };
        Ok(Saved { entry, store_seq: receipt.store_seq, change_seq: receipt.public_seq })
    }

    fn record(&self, id: EntryId) -> Result<EntryRecord, CurateError> {
        self.0.store.entry(id)?.ok_or(CurateError::Unknown)
    }

    /// The record that a write is based on. The store checks the revision again when it commits, so that only the
    /// answer to those who come too late has to wait until it is durable.
    async fn record_at(&self, id: EntryId, based_on: RevisionNumber) -> Result<EntryRecord, CurateError> {
        let record = self.record(id)?;
        if record.revision == based_on {
            return Ok(record);
        }
        let record = durable(&self.0.store, || self.record(id)).await?;
        if record.revision == based_on { Ok(record) } else { Err(CurateError::Stale(Box::new(record))) }
    }

    fn content(&self, id: EntryId, at: RevisionNumber) -> Result<Value, CurateError> {
        let content = self.0.store.content(id, at)?;
        content.ok_or_else(|| CurateError::Internal(format!("entry {id} has no content at revision {at}")))
    }

    fn free_for(&self, id: EntryId, slug: &str) -> Result<(), CurateError> {
        match self.0.store.id_of_slug(slug)? {
            Some(by) if by != id => Err(CurateError::SlugTaken { slug: slug.to_owned(), by }),
            _ => Ok(()),
        }
    }

    fn stamp(&self, who: &Principal, note: Option<String>) -> Result<Stamp, CurateError> {
        let max = self.0.limits.note_chars_max;
        if let Some(note) = &note
            && note.chars().count() > max
        {
            return Err(CurateError::Invalid(vec![Problem::new(
                "/note",
                "too_long",
                format!("Höchstens {max} Zeichen."),
                format!("At most {max} characters."),
            )]));
        }
        let note = note.filter(|note| !note.trim().is_empty());
        Ok(Stamp { actor: who.name.clone(), at: self.0.clock.now(), note })
    }
}

/// The entry that an id or a slug, also an old one, belongs to.
pub fn find(store: &Store, id_or_slug: &str) -> Result<Option<EntryId>, CurateError> {
    match id_or_slug.parse::<EntryId>() {
        Ok(id) => Ok(store.entry(id)?.map(|record| record.id)),
        Err(_) => Ok(store.id_of_slug(id_or_slug)?),
    }
}

/// A new id, by time.
pub fn new_id(clock: &Clock) -> Uuid {
    let now = clock.now();
    let seconds = u64::try_from(now.as_second()).unwrap_or(0);
    let nanos = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
    Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanos))
}

/// Slug that a title gives; the kind where the title has no letter.
pub fn slug_of(entry: &Entry) -> String {
    let slug = slug::from_title(&entry.common.title);
    if slug.is_empty() { entry.kind().id().replace('_', "-") } else { slug }
}

/// The slug, from the second entry of this title on with a number behind it.
pub fn numbered(slug: &str, number: u32) -> String {
    if number < 2 {
        return slug.to_owned();
    }
    let end = format!("-{number}");
    let room = slug::SLUG_CHARS_MAX - end.len();
    let cut = &slug[..slug.len().min(room)];
    format!("{}{end}", cut.trim_end_matches('-'))
}

fn require(who: &Principal, needed: Role) -> Result<(), CurateError> {
    if who.role.includes(needed) { Ok(()) } else { Err(CurateError::Forbidden) }
}

fn nameless() -> Problem {
    Problem::new(
        "/title",
        "field_missing",
        "Auch ein Entwurf braucht einen Titel, aus dem seine Adresse entsteht, oder ein slug.",
        "Even a draft needs a title, from which its address is made, or a slug.",
    )
}

fn kind_fixed(record: &EntryRecord) -> Problem {
    Problem::new(
        "/kind",
        "kind_fixed",
        format!("Die Art eines Eintrags bleibt, wie sie ist: {}.", record.kind),
        format!("The kind of an entry does not change: {}.", record.kind),
    )
}
