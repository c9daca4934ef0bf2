//! Entries as files: TOML front matter and Markdown, `<kind>/<slug>.md`. One content has one text, byte for byte.
//!
//! ```text
//! +++
//! title = "World Café"          plain fields first, in the order of the schema
//! reviewed_on = 2026-11-23
//!
//! [plain_language]              then tables, likewise
//! text = "…"
//! +++
//! Markdown body
//! ```
//!
//! The text between the second `+++` and the last line end is the body as it is; kind and slug are the path.

mod write;

use std::path::{Component, Path};

use serde_json::{Map, Value};

use crate::model::kind::Kind;
use crate::model::slug;

pub use write::write;

/// The line around the front matter.
const FENCE: &str = "+++";
/// Ending of the files.
pub const EXTENSION: &str = "md";

/// Why a file is no entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Its path does not say kind and slug.
    #[error("the path is not <kind>/<slug>.md with one of the kinds format, guide, best_practice, concept, idea")]
    Path,
    /// The fences are not where they belong.
    #[error("line {line}: the front matter stands between two lines +++, the first of which opens the file")]
    Fence {
        /// From 1.
        line: usize,
    },
    /// The front matter is no TOML.
    #[error("line {line}: {problem}")]
    Toml {
        /// From 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// A field that the file says in another way.
    #[error("the field {0} is not part of the front matter: kind and slug are the path, the body is the text below")]
    Reserved(String),
    /// A value that JSON does not have.
    #[error("the field {0} holds a time or a number that an entry cannot hold")]
    Value(String),
}

/// Path of an entry below the folder of the collection.
pub fn path_of(kind: Kind, slug: &str) -> String {
    format!("{kind}/{slug}.{EXTENSION}")
}

/// Kind and slug of a path below the folder of the collection.
pub fn name_of(path: &str) -> Result<(Kind, String), FileError> {
    let mut parts = Path::new(path).components();
    let (Some(Component::Normal(kind)), Some(Component::Normal(file)), None) =
        (parts.next(), parts.next(), parts.next())
    else {
        return Err(FileError::Path);
    };
    let kind = kind.to_str().and_then(Kind::from_id).ok_or(FileError::Path)?;
    let slug = file.to_str().and_then(|file| file.strip_suffix(".md")).ok_or(FileError::Path)?;
    if slug::is_valid(slug) { Ok((kind, slug.to_owned())) } else { Err(FileError::Path) }
}

/// Reads a file into content, in the form in which the API takes it. Whether it makes sense is checked elsewhere.
pub fn parse(kind: Kind, slug: &str, text: &str) -> Result<Value, FileError> {
    let rest = text.strip_prefix("+++\n").ok_or(FileError::Fence { line: 1 })?;
    // An empty front matter has its second fence at once.
    let (front, after) = match rest.strip_prefix(FENCE) {
        Some(after) if after.is_empty() || after.starts_with('\n') => ("", after),
        _ => {
            let end = fence(rest).ok_or_else(|| FileError::Fence { line: text.lines().count() })?;
            (&rest[..=end], &rest[end + 1 + FENCE.len()..])
        }
    };
    let table: toml::Table = front.parse().map_err(|error: toml::de::Error| toml_error(front, &error))?;
    let mut content = Map::new();
    content.insert("kind".into(), kind.id().into());
    content.insert("slug".into(), slug.into());
    for (name, value) in table {
        if matches!(name.as_str(), "kind" | "slug" | "body") {
            return Err(FileError::Reserved(name));
        }
        let value = json(value).ok_or_else(|| FileError::Value(name.clone()))?;
        content.insert(name, value);
    }
    let body = after.strip_prefix('\n').unwrap_or(after);
    let body = body.strip_suffix('\n').unwrap_or(body);
    if !body.is_empty() {
        content.insert("body".into(), body.into());
    }
    Ok(Value::Object(content))
}

/// Where the line end before the closing fence stands.
fn fence(rest: &str) -> Option<usize> {
    rest.match_indices("\n+++").map(|(at, _)| at).find(|at| {
        let after = &rest[at + 1 + FENCE.len()..];
        after.is_empty() || after.starts_with('\n')
    })
}

fn toml_error(front: &str, error: &toml::de::Error) -> FileError {
    let at = error.span().map_or(0, |span| span.start.min(front.len()));
    let line = 2 + front.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count();
    FileError::Toml { line, problem: error.message().to_owned() }
}

fn json(value: toml::Value) -> Option<Value> {
    Some(match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => serde_json::Number::from_f64(number)?.into(),
        toml::Value::Boolean(truth) => truth.into(),
        toml::Value::Datetime(moment) => match moment {
            toml::value::Datetime { date: Some(_), time: None, offset: None } => moment.to_string().into(),
            _ => return None,
        },
        toml::Value::Array(items) => items.into_iter().map(json).collect::<Option<Vec<_>>>()?.into(),
        toml::Value::Table(table) => {
            let fields = table.into_iter().map(|(name, value)| Some((name, json(value)?)));
            Value::Object(fields.collect::<Option<Map<_, _>>>()?)
        }
    })
}
