//! Export: the collection as JSON Lines, as a JSON array, or as a folder of files.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde_json::{Map, Value};

use super::files;
use crate::curate::vocabularies;
use crate::model::entry::Entry;
use crate::model::id::EntryId;
use crate::model::public::PublicEntry;
use crate::model::record::EntryRecord;
use crate::model::vocabulary::Vocabularies;
use crate::store::{ReadError, Store};

/// Entries read from the store at a time.
const PAGE: usize = 256;

/// Which entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// What the public sees.
    Published,
    /// Everything with its newest content, drafts and archived entries too.
    All,
}

/// How the stream is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An object a line.
    JsonLines,
    /// One array.
    JsonArray,
}

/// What a folder got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FilesReport {
    /// Files that are new or changed.
    pub written: usize,
    /// Files that had these bytes already.
    pub unchanged: usize,
}

/// Why an export failed.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The store could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The target could not be written.
    #[error("the export cannot be written: {0}")]
    Io(#[from] io::Error),
    /// A stored entry is not what this version writes.
    #[error("the entry {id} cannot be read: {problem}")]
    Content {
        /// Which.
        id: EntryId,
        /// Why.
        problem: String,
    },
}

/// Writes entries in the order of their ids; returns how many. Relations name ids.
pub fn stream(store: &Store, which: Selection, form: Form, out: &mut impl Write) -> Result<usize, ExportError> {
    let vocabularies = vocabularies::load(store)?;
    let mut count = 0;
    if form == Form::JsonArray {
        out.write_all(b"[")?;
    }
    for_each(store, which, |record, content| {
        let json = match which {
            Selection::Published => public_json(&record, &content, &vocabularies)?,
            Selection::All => staff_json(&record, content),
        };
        if form == Form::JsonArray {
            out.write_all(if count == 0 { b"\n" } else { b",\n" })?;
        }
        serde_json::to_writer(&mut *out, &json).map_err(io::Error::from)?;
        if form == Form::JsonLines {
            out.write_all(b"\n")?;
        }
        count += 1;
        Ok(())
    })?;
    if form == Form::JsonArray {
        out.write_all(b"\n]\n")?;
    }
    out.flush()?;
    Ok(count)
}

/// Writes a file for each entry below `root`; relations name slugs. Other files are left alone.
pub fn folder(store: &Store, which: Selection, root: &Path) -> Result<FilesReport, ExportError> {
    let mut report = FilesReport::default();
    let mut slugs = HashMap::new();
    for_each(store, which, |record, content| {
        let mut entry = read(&record, &content)?;
        entry.common.slug.clone_from(&record.slug);
        for relation in &mut entry.common.relations {
            if let Some(slug) = slug_of(store, &mut slugs, &relation.target)? {
                relation.target = slug;
            }
        }
        let path = root.join(files::path_of(entry.kind(), &entry.common.slug));
        let text = files::write(&entry);
        if fs::read(&path).is_ok_and(|bytes| bytes == text.as_bytes()) {
            report.unchanged += 1;
            return Ok(());
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, text)?;
        report.written += 1;
        Ok(())
    })?;
    Ok(report)
}

fn for_each(
    store: &Store,
    which: Selection,
    mut each: impl FnMut(EntryRecord, Value) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let mut after = None;
    loop {
        let page = store.entries(after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.id);
        for record in page {
            let revision = match which {
                Selection::Published => record.published,
                Selection::All => Some(record.revision),
            };
            let Some(revision) = revision else { continue };
            let missing = || ExportError::Content { id: record.id, problem: "it has no content".into() };
            let content = store.content(record.id, revision)?.ok_or_else(missing)?;
            each(record, content)?;
        }
    }
}

fn public_json(record: &EntryRecord, content: &Value, vocabularies: &Vocabularies) -> Result<Value, ExportError> {
    let revision = record.published.unwrap_or(record.revision);
    let public = PublicEntry::new(record, revision, read(record, content)?, vocabularies);
    Ok(serde_json::to_value(public).map_err(io::Error::from)?)
}

/// The content with what staff need to tell entries apart.
fn staff_json(record: &EntryRecord, content: Value) -> Value {
    let mut fields = Map::new();
    fields.insert("id".into(), record.id.to_string().into());
    if let Value::Object(content) = content {
        fields.extend(content);
    }
    // Which revision is a draft, which is public; without either it is archived. (`state` is a field of cases.)
    let state = [
        ("old_slugs", serde_json::to_value(&record.old_slugs)),
        ("revision", serde_json::to_value(record.revision)),
        ("draft", serde_json::to_value(record.draft)),
        ("published", serde_json::to_value(record.published)),
        ("origin", serde_json::to_value(record.origin)),
        ("created_at", serde_json::to_value(record.created_at)),
        ("updated_at", serde_json::to_value(record.updated_at)),
    ];
    for (name, value) in state {
        // Plain values always have a JSON form.
        fields.insert(name.into(), value.unwrap_or(Value::Null));
    }
    Value::Object(fields)
}

fn read(record: &EntryRecord, content: &Value) -> Result<Entry, ExportError> {
    Entry::from_checked(content).map_err(|e| ExportError::Content { id: record.id, problem: e.to_string() })
}

fn slug_of(
    store: &Store,
    known: &mut HashMap<EntryId, Option<String>>,
    target: &str,
) -> Result<Option<String>, ReadError> {
    let Ok(id) = target.parse::<EntryId>() else { return Ok(None) };
    if let Some(slug) = known.get(&id) {
        return Ok(slug.clone());
    }
    let slug = store.entry(id)?.map(|record| record.slug);
    known.insert(id, slug.clone());
    Ok(slug)
}
