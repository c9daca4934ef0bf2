//! JSON Schemas (draft 2020-12) of an entry's content, one per kind, generated from the Rust types.

use std::sync::LazyLock;

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::{entry::Common, kind::Kind, profile::*};

/// Schema of the content of an entry of this kind: shared fields and those of the kind, nothing else.
pub fn of_kind(kind: Kind) -> &'static Value {
    &SCHEMAS[kind as usize]
}

/// Names of all fields that an entry of this kind can have.
pub fn fields(kind: Kind) -> impl Iterator<Item = &'static str> {
    of_kind(kind)["properties"].as_object().into_iter().flat_map(|properties| properties.keys().map(String::as_str))
}

/// One schema for any entry: one of the five.
pub fn any_kind() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Entry",
        "description": "Content of an entry; `kind` says which fields it can have.",
        "oneOf": Kind::ALL.iter().map(|kind| of_kind(*kind).clone()).collect::<Vec<_>>(),
    })
}

static SCHEMAS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    Kind::ALL
        .iter()
        .map(|kind| match kind {
            Kind::Format => merged::<FormatProfile>(*kind),
            Kind::Guide => merged::<GuideProfile>(*kind),
            Kind::BestPractice => merged::<CaseProfile>(*kind),
            Kind::Concept => merged::<ConceptProfile>(*kind),
            Kind::Idea => merged::<IdeaProfile>(*kind),
        })
        .collect()
});

fn merged<P: JsonSchema>(kind: Kind) -> Value {
    let mut properties = Map::new();
    properties.insert("kind".into(), json!({ "const": kind.id(), "description": "What the entry is about." }));
    for part in [inlined::<Common>(), inlined::<P>()] {
        if let Some(Value::Object(fields)) = part.get("properties") {
            properties.extend(fields.clone());
        }
    }
    json!({
        "title": kind.id(),
        "type": "object",
        "properties": properties,
        "required": ["kind"],
        "additionalProperties": false,
    })
}

/// Schema without references: it is small, and whoever reads it (a person, [`super::shape`]) needs no second look.
fn inlined<T: JsonSchema>() -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    settings.meta_schema = None;
    settings.into_generator().into_root_schema_for::<T>().to_value()
}
