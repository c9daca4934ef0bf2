//! From what shall happen to an entry to the write that makes it so; pure.

use jiff::Timestamp;
use serde_json::Value;

use crate::model::entry::Entry;
use crate::model::id::{EntryId, RevisionNumber};
use crate::model::record::{Action, EntryRecord, Origin, Revision, State};
use crate::store::{Commit, EntryWrite, Expect, PublicOp, Write};

/// Who does something, when and why.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// Name in the audit log.
    pub actor: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub note: Option<String>,
}

/// A new entry, as a draft or public at once. The content carries its slug.
pub fn create(id: EntryId, origin: Origin, entry: &Entry, publish: bool, stamp: &Stamp) -> EntryWrite {
    let first = RevisionNumber(1);
    let record = EntryRecord {
        id,
        kind: entry.kind(),
        slug: entry.common.slug.clone(),
        old_slugs: Vec::new(),
        state: State::Draft,
        revision: first,
        draft: Some(first),
        published: None,
        withdrawn: None,
        origin,
        created_at: stamp.at,
        updated_at: stamp.at,
        published_at: None,
        public_updated_at: None,
        seed: None,
    };
    if publish {
        let record = make_public(record, &entry.common.slug, stamp);
        write(record, Action::Publish, Some(entry.to_json()), Expect::Absent, stamp)
    } else {
        write(record, Action::Create, Some(entry.to_json()), Expect::Absent, stamp)
    }
}

/// New draft content. The slug in use changes at once only while the public has never seen the entry.
pub fn edit(record: &EntryRecord, entry: &Entry, stamp: &Stamp) -> EntryWrite {
    let mut next = following(record, stamp);
    next.state = State::Draft;
    next.draft = Some(next.revision);
    if next.published_at.is_none() {
        move_to(&mut next, &entry.common.slug);
    }
    write(next, Action::Edit, Some(entry.to_json()), Expect::Revision(record.revision), stamp)
}

/// Makes public what editors work on, with new content where there is some.
pub fn publish(record: &EntryRecord, slug: &str, content: Option<&Entry>, stamp: &Stamp) -> EntryWrite {
    let next = make_public(following(record, stamp), slug, stamp);
    write(next, Action::Publish, content.map(Entry::to_json), Expect::Revision(record.revision), stamp)
}

/// Takes the entry out of the public view; a draft stays.
pub fn archive(record: &EntryRecord, stamp: &Stamp) -> EntryWrite {
    let mut next = following(record, stamp);
    next.state = State::Archived;
    next.withdrawn = next.published.take();
    write(next, Action::Archive, None, Expect::Revision(record.revision), stamp)
}

/// The commit around a write.
pub fn commit(write: EntryWrite) -> Commit {
    Commit {
        actor: write.revision.actor.clone(),
        action: write.revision.action,
        note: write.revision.note.clone(),
        at: write.revision.at,
        write: Write::Entry(Box::new(write)),
    }
}

fn following(record: &EntryRecord, stamp: &Stamp) -> EntryRecord {
    EntryRecord {
        // The store refuses a number that does not follow, so an entry at the last number takes no more writes.
        revision: RevisionNumber(record.revision.0.saturating_add(1)),
        updated_at: stamp.at,
        ..record.clone()
    }
}

fn make_public(mut record: EntryRecord, slug: &str, stamp: &Stamp) -> EntryRecord {
    move_to(&mut record, slug);
    record.state = State::Published;
    record.draft = None;
    record.published = Some(record.revision);
    record.withdrawn = None;
    record.published_at.get_or_insert(stamp.at);
    record.public_updated_at = Some(stamp.at);
    record
}

fn move_to(record: &mut EntryRecord, slug: &str) {
    if record.slug != slug {
        record.old_slugs.retain(|old| old != slug);
        let given_up = std::mem::replace(&mut record.slug, slug.to_owned());
        // Old slugs are public. Those of a draft may tell what nobody shall know yet, and nobody has linked to them.
        if record.published_at.is_some() {
            record.old_slugs.push(given_up);
        }
    }
}

fn write(record: EntryRecord, action: Action, content: Option<Value>, expect: Expect, stamp: &Stamp) -> EntryWrite {
    let public = match action {
        Action::Publish => Some(PublicOp::Upsert),
        Action::Archive => Some(PublicOp::Delete),
        Action::Create | Action::Edit => None,
    };
    let revision = Revision {
        id: record.id,
        number: record.revision,
        action,
        content,
        actor: stamp.actor.clone(),
        at: stamp.at,
        note: stamp.note.clone(),
    };
    EntryWrite { record, revision, expect, public }
}
