//! From what somebody sent to content that may be stored: shape, sense, terms, links; every problem at once.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::CurateError;
use crate::model::entry::Entry;
use crate::model::id::EntryId;
use crate::model::kind::Kind;
use crate::model::problem::Problem;
use crate::model::validate::{self, Strictness};
use crate::model::vocabulary::Vocabularies;
use crate::model::{schema, shape};

/// Finds the entry that a relation names by id or slug, if there is one.
pub type Resolve<'a> = &'a dyn Fn(&str) -> Result<Option<EntryId>, CurateError>;

/// What the content is checked against.
pub struct Rules<'a> {
    /// The entry it belongs to; a relation to itself is refused.
    pub id: EntryId,
    /// Terms that exist.
    pub vocabularies: &'a Vocabularies,
    /// A draft may be incomplete and name entries that do not exist yet.
    pub strictness: Strictness,
    /// Finds other entries.
    pub resolve: Resolve<'a>,
}

/// Checks content and brings it into the form in which it is stored: fields in the order of the schema, empty ones
/// left out, relations by id where the other entry exists.
///
/// # Errors
/// [`CurateError::Invalid`] with every problem, each with its JSON pointer; or what `resolve` failed with.
pub fn admit(content: &Value, rules: &Rules<'_>) -> Result<Entry, CurateError> {
    let (mut entry, mut problems) = match shape::check(content) {
        Ok(_) => (read(content)?, Vec::new()),
        Err(problems) => {
            // What is wrong in form is set aside, so that the rest can be judged in the same answer.
            let Some(rest) = without_misshapen(content, &problems) else { return Err(CurateError::Invalid(problems)) };
            (read(&rest)?, problems)
        }
    };
    let misshapen: BTreeSet<String> = problems.iter().map(|problem| top_field(&problem.pointer).to_owned()).collect();
    if let Err(more) = validate::check(&entry, rules.vocabularies, rules.strictness) {
        problems.extend(more.into_iter().filter(|problem| !misshapen.contains(top_field(&problem.pointer))));
    }
    link(&mut entry, rules, &mut problems)?;
    if problems.is_empty() { Ok(entry) } else { Err(CurateError::Invalid(problems)) }
}

/// Problems of a merge patch that merging would hide: `null` for a field that does not exist or is the server's.
pub fn problems_of_patch(kind: Kind, patch: &Value) -> Vec<Problem> {
    let Value::Object(changes) = patch else { return Vec::new() };
    let unknown =
        changes.iter().filter(|(name, change)| change.is_null() && !schema::fields(kind).any(|field| field == *name));
    let mut probe: Map<String, Value> = unknown.map(|(name, _)| (name.clone(), Value::Null)).collect();
    probe.insert("kind".into(), kind.id().into());
    shape::check(&Value::Object(probe)).err().unwrap_or_default()
}

fn link(entry: &mut Entry, rules: &Rules<'_>, problems: &mut Vec<Problem>) -> Result<(), CurateError> {
    let own_slug = entry.common.slug.clone();
    for (index, relation) in entry.common.relations.iter_mut().enumerate() {
        let pointer = || format!("/relations/{index}/target");
        match (rules.resolve)(&relation.target)? {
            Some(id) if id != rules.id => relation.target = id.to_string(),
            None if relation.target != own_slug && relation.target != rules.id.to_string() => {
                if rules.strictness == Strictness::Publish {
                    problems.push(Problem::new(
                        pointer(),
                        "unknown_entry",
                        format!("Einen Eintrag „{}“ gibt es nicht.", relation.target),
                        format!("There is no entry \"{}\".", relation.target),
                    ));
                }
            }
            Some(_) | None => problems.push(Problem::new(
                pointer(),
                "relation_to_itself",
                "Ein Eintrag kann nicht auf sich selbst verweisen.",
                "An entry cannot relate to itself.",
            )),
        }
    }
    Ok(())
}

fn read(content: &Value) -> Result<Entry, CurateError> {
    Entry::from_checked(&without_empty(content)).map_err(|error| {
        CurateError::Invalid(vec![Problem::new(
            "",
            "unreadable",
            format!("Der Eintrag ist nicht lesbar: {error}."),
            format!("The entry cannot be read: {error}."),
        )])
    })
}

/// An empty text in a field says the same as its absence.
fn without_empty(content: &Value) -> Value {
    let Value::Object(fields) = content else { return content.clone() };
    let kept = fields.iter().filter(|(_, value)| !value.is_null() && value.as_str() != Some(""));
    Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// The content without the fields that have problems; none if it is the kind or the whole that is wrong.
fn without_misshapen(content: &Value, problems: &[Problem]) -> Option<Value> {
    let mut fields = content.as_object()?.clone();
    for problem in problems {
        let name = top_field(&problem.pointer);
        if name.is_empty() || name == "kind" {
            return None;
        }
        fields.shift_remove(&name.replace("~1", "/").replace("~0", "~"));
    }
    let rest = Value::Object(fields);
    shape::check(&rest).is_ok().then_some(rest)
}

fn top_field(pointer: &str) -> &str {
    pointer.strip_prefix('/').map_or("", |rest| rest.split('/').next().unwrap_or(rest))
}
