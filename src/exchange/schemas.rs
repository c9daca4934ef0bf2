//! The JSON Schemas that `schemas/` holds, generated from the Rust types.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;

use crate::model::kind::Kind;
use crate::model::problem::Problem;
use crate::model::schema;
use crate::model::vocabulary::Vocabulary;

/// Every file of `schemas/` that the model gives: name and content.
pub fn of_model() -> Vec<(String, Value)> {
    let mut all = vec![("entry.schema.json".to_owned(), schema::any_kind())];
    all.extend(Kind::ALL.iter().map(|kind| {
        let mut schema = schema::of_kind(*kind).clone();
        if let Value::Object(fields) = &mut schema {
            let dialect = Value::from("https://json-schema.org/draft/2020-12/schema");
            fields.shift_insert(0, "$schema".into(), dialect);
        }
        (format!("{}.schema.json", kind.id().replace('_', "-")), schema)
    }));
    all.push(("vocabulary.schema.json".into(), of::<Vocabulary>()));
    all.push(("problem.schema.json".into(), of::<Problem>()));
    all
}

fn of<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().to_value()
}
