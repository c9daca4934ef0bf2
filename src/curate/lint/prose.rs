//! The texts of an entry with their JSON pointers. A field that nobody named here is running text, so that a new one
//! is checked from its first day.

use serde_json::Value;

use crate::model::entry::Entry;
use crate::model::kind::Kind;
use crate::model::problem::pointer_step;

/// What a text is for a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A name that somebody gave: titles, offices, works, addresses. Ours to copy, not to mend.
    Name,
    /// The summary.
    Summary,
    /// "Kurz erklärt".
    Plain,
    /// Everything else that people read.
    Running,
}

/// One text.
#[derive(Clone, Debug)]
pub(super) struct Prose {
    pub(super) pointer: String,
    pub(super) text: String,
    pub(super) role: Role,
}

/// Fields that are never shown, or are no language: what people type, and addresses.
const UNREAD: &[&str] = &["slug", "kind", "spelling_variants", "url", "license", "language", "type", "target"];

/// Fields that hold names.
const NAMES: &[&str] = &[
    "title",
    "alternative_titles",
    "authors",
    "publishers",
    "municipality",
    "venue",
    "commissioned_by",
    "carried_out_by",
    "funding",
    "awards",
    "invented",
    "digital_tools",
    "sources",
    "links",
    "edition",
    "resolution",
    "lead_office",
    "contact",
    "image",
    "attachments",
];

/// All texts of an entry that people read.
pub(super) fn of(entry: &Entry) -> Vec<Prose> {
    let mut prose = Vec::with_capacity(64);
    for (field, value) in entry.to_json().as_object().into_iter().flatten() {
        if UNREAD.contains(&field.as_str()) || field.ends_with("_url") {
            continue;
        }
        let role = match field.as_str() {
            "summary" => Role::Summary,
            "plain_language" => Role::Plain,
            // The second line of a book's title.
            "subtitle" if entry.kind() == Kind::Guide => Role::Name,
            name if NAMES.contains(&name) => Role::Name,
            _ => Role::Running,
        };
        collect(value, format!("/{}", pointer_step(field)), role, &mut prose);
    }
    prose
}

fn collect(value: &Value, pointer: String, role: Role, prose: &mut Vec<Prose>) {
    match value {
        Value::String(text) => prose.push(Prose { pointer, text: text.clone(), role }),
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                collect(item, format!("{pointer}/{at}"), role, prose);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields.iter().filter(|(name, _)| !UNREAD.contains(&name.as_str())) {
                collect(value, format!("{pointer}/{}", pointer_step(name)), role, prose);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
