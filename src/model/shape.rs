//! Checks a JSON value against the generated schema and names everything that is wrong with it at once.
//!
//! It understands exactly the part of JSON Schema that [`super::schema`] writes; a test holds it against a full
//! implementation.

use std::{collections::HashMap, sync::OnceLock};

use serde_json::{Map, Value};

use super::{
    kind::Kind,
    problem::{Problem, nearest, pointer_step},
    schema,
};

/// More problems than this help nobody; the rest is cut.
const MAX_PROBLEMS: usize = 200;

/// Fields that the server alone writes, with the reason people are told.
pub const SERVER_OWNED: &[&str] = &[
    "id",
    "old_slugs",
    "origin",
    "state",
    "revision",
    "draft",
    "published",
    "created_at",
    "updated_at",
    "published_at",
    "completeness",
    "classes",
    "change_seq",
    "url",
];

/// Checks the content of an entry: its kind, its fields, their types and bounds.
///
/// # Errors
/// Every problem found, in the order of the document, at most 200.
pub fn check(content: &Value) -> Result<Kind, Vec<Problem>> {
    let Value::Object(fields) = content else {
        return Err(vec![Problem::new(
            "",
            "not_an_object",
            "Ein Eintrag ist ein JSON-Objekt.",
            "An entry is a JSON object.",
        )]);
    };
    let kind = kind_of(fields).map_err(|problem| vec![problem])?;
    let mut checker = Checker { problems: Vec::new() };
    checker.object(schema::of_kind(kind), fields, "");
    if checker.problems.is_empty() { Ok(kind) } else { Err(checker.problems) }
}

fn kind_of(fields: &Map<String, Value>) -> Result<Kind, Problem> {
    let ids = || Kind::ALL.iter().map(|kind| kind.id());
    match fields.get("kind") {
        Some(Value::String(id)) => {
            Kind::from_id(id).ok_or_else(|| unknown_value("/kind", id, &ids().collect::<Vec<_>>()))
        }
        _ => {
            let list = ids().collect::<Vec<_>>().join(", ");
            Err(Problem::new(
                "/kind",
                "kind_missing",
                format!("Das Feld kind fehlt. Möglich sind: {list}."),
                format!("The field kind is missing. Possible: {list}."),
            ))
        }
    }
}

struct Checker {
    problems: Vec<Problem>,
}

impl Checker {
    fn add(&mut self, problem: Problem) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }

    fn value(&mut self, schema: &Value, value: &Value, pointer: &str) {
        if let Some(Value::Array(branches)) = schema.get("anyOf").or_else(|| schema.get("oneOf")) {
            return self.branches(schema, branches, value, pointer);
        }
        if let Some(constant) = schema.get("const") {
            if constant != value {
                self.add(unknown_value(pointer, &text_of(value), &[&text_of(constant)]));
            }
            return;
        }
        if let Some(Value::Array(allowed)) = schema.get("enum") {
            if !allowed.contains(value) {
                let allowed: Vec<String> = allowed.iter().filter(|value| !value.is_null()).map(text_of).collect();
                self.add(unknown_value(
                    pointer,
                    &text_of(value),
                    &allowed.iter().map(String::as_str).collect::<Vec<_>>(),
                ));
            }
            return;
        }
        if !type_fits(schema, value) {
            let (de, en) = type_names(schema);
            return self.add(Problem::new(
                pointer,
                "wrong_type",
                format!("Hier wird {de} erwartet."),
                format!("Expected {en} here."),
            ));
        }
        match value {
            Value::String(text) => self.text(schema, text, pointer),
            Value::Number(number) => self.number(schema, number.as_f64().unwrap_or(f64::NAN), pointer),
            Value::Array(items) => self.array(schema, items, pointer),
            Value::Object(fields) => self.object(schema, fields, pointer),
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// `Option<T>` and enums with documented values arrive as branches.
    fn branches(&mut self, whole: &Value, branches: &[Value], value: &Value, pointer: &str) {
        if branches.iter().all(|branch| branch.get("const").is_some()) {
            if branches.iter().all(|branch| branch["const"] != *value) {
                let allowed: Vec<String> = branches.iter().map(|branch| text_of(&branch["const"])).collect();
                self.add(unknown_value(
                    pointer,
                    &text_of(value),
                    &allowed.iter().map(String::as_str).collect::<Vec<_>>(),
                ));
            }
            return;
        }
        if value.is_null() && branches.iter().any(|branch| branch.get("type") == Some(&Value::String("null".into()))) {
            return;
        }
        debug_assert!(!branches.is_empty(), "a schema with branches has one: {whole}");
        if let Some(branch) = branches.iter().find(|branch| branch.get("type") != Some(&Value::String("null".into()))) {
            self.value(branch, value, pointer);
        }
    }

    fn object(&mut self, schema: &Value, fields: &Map<String, Value>, pointer: &str) {
        let empty = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
        for (name, value) in fields {
            let here = format!("{pointer}/{}", pointer_step(name));
            match properties.get(name) {
                Some(property) => self.value(property, value, &here),
                None => self.add(unknown_field(&here, name, properties.keys().map(String::as_str))),
            }
        }
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            if !fields.contains_key(name) {
                self.add(Problem::new(
                    format!("{pointer}/{}", pointer_step(name)),
                    "field_missing",
                    format!("Das Feld {name} fehlt."),
                    format!("The field {name} is missing."),
                ));
            }
        }
    }

    fn array(&mut self, schema: &Value, items: &[Value], pointer: &str) {
        if let Some(max) = schema.get("maxItems").and_then(Value::as_u64)
            && items.len() as u64 > max
        {
            self.add(Problem::new(
                pointer,
                "too_many",
                format!("Höchstens {max} Angaben, hier sind es {}.", items.len()),
                format!("At most {max} items, here are {}.", items.len()),
            ));
            return;
        }
        if let Some(item_schema) = schema.get("items") {
            for (index, item) in items.iter().enumerate() {
                self.value(item_schema, item, &format!("{pointer}/{index}"));
            }
        }
    }

    fn text(&mut self, schema: &Value, text: &str, pointer: &str) {
        let length = text.chars().count() as u64;
        if let Some(max) = schema.get("maxLength").and_then(Value::as_u64)
            && length > max
        {
            self.add(Problem::new(
                pointer,
                "too_long",
                format!("Höchstens {max} Zeichen, hier sind es {length}."),
                format!("At most {max} characters, here are {length}."),
            ));
        }
        if schema.get("minLength").and_then(Value::as_u64).is_some_and(|min| length < min) {
            self.add(Problem::new(pointer, "empty", "Dieser Text ist leer.", "This text is empty."));
        }
        if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
            && !matches_pattern(pattern, text)
        {
            self.add(Problem::new(
                pointer,
                "wrong_form",
                format!("„{text}“ hat nicht die erwartete Form ({pattern})."),
                format!("\"{text}\" is not of the expected form ({pattern})."),
            ));
        }
        if schema.get("format").and_then(Value::as_str) == Some("date") && !is_date(text) {
            self.add(Problem::new(
                pointer,
                "not_a_date",
                format!("„{text}“ ist kein Datum der Form 2026-11-23."),
                format!("\"{text}\" is not a date of the form 2026-11-23."),
            ));
        }
    }

    fn number(&mut self, schema: &Value, number: f64, pointer: &str) {
        let min = schema.get("minimum").and_then(Value::as_f64);
        let max = schema.get("maximum").and_then(Value::as_f64);
        if min.is_some_and(|min| number < min) || max.is_some_and(|max| number > max) {
            let (low, high) = (min.unwrap_or(f64::NEG_INFINITY), max.unwrap_or(f64::INFINITY));
            self.add(Problem::new(
                pointer,
                "out_of_range",
                format!("Die Zahl liegt nicht zwischen {low} und {high}."),
                format!("The number is not between {low} and {high}."),
            ));
        }
    }
}

/// RFC 3339, "full-date", and nothing else that a parser of dates would take.
fn is_date(text: &str) -> bool {
    text.len() == "2026-11-23".len()
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
        && text.parse::<jiff::civil::Date>().is_ok()
}

fn unknown_field<'a>(pointer: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Problem {
    if SERVER_OWNED.contains(&name) {
        return Problem::new(
            pointer,
            "server_owned",
            format!("Das Feld {name} schreibt nur der Server. Bitte weglassen."),
            format!("The field {name} is written by the server alone. Leave it out."),
        );
    }
    let (hint, hint_en) = match nearest(name, known) {
        Some(near) => (format!(" Gemeint ist vielleicht {near}."), format!(" Perhaps {near} is meant.")),
        None => Default::default(),
    };
    Problem::new(
        pointer,
        "unknown_field",
        format!("Das Feld {name} gibt es hier nicht.{hint}"),
        format!("There is no field {name} here.{hint_en}"),
    )
}

/// A value that is not in a closed list; names the nearest that is.
pub fn unknown_value(pointer: &str, value: &str, allowed: &[&str]) -> Problem {
    let list = if allowed.len() <= 12 { allowed.join(", ") } else { format!("{} …", allowed[..12].join(", ")) };
    let (hint, hint_en) = match nearest(value, allowed.iter().copied()) {
        Some(near) => (format!(" Gemeint ist vielleicht {near}."), format!(" Perhaps {near} is meant.")),
        None => Default::default(),
    };
    Problem::new(
        pointer,
        "unknown_value",
        format!("Den Wert „{value}“ gibt es hier nicht.{hint} Möglich: {list}."),
        format!("There is no value \"{value}\" here.{hint_en} Possible: {list}."),
    )
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn type_fits(schema: &Value, value: &Value) -> bool {
    let types = types(schema);
    types.is_empty()
        || types.iter().any(|name| match (*name, value) {
            ("null", Value::Null)
            | ("boolean", Value::Bool(_))
            | ("string", Value::String(_))
            | ("array", Value::Array(_))
            | ("object", Value::Object(_))
            | ("number", Value::Number(_)) => true,
            ("integer", Value::Number(number)) => match schema.get("format").and_then(Value::as_str) {
                Some("uint32") => number.as_u64().is_some_and(|number| u32::try_from(number).is_ok()),
                Some("int32") => number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
                Some("uint64") => number.is_u64(),
                _ => number.is_i64() || number.is_u64(),
            },
            _ => false,
        })
}

fn type_names(schema: &Value) -> (&'static str, &'static str) {
    match types(schema).first().copied() {
        Some("string") => ("ein Text", "a text"),
        Some("integer") => ("eine ganze Zahl (nicht negativ, wo nichts anderes steht)", "a whole number"),
        Some("number") => ("eine Zahl", "a number"),
        Some("boolean") => ("true oder false", "true or false"),
        Some("array") => ("eine Liste", "a list"),
        _ => ("ein Objekt", "an object"),
    }
}

/// Patterns are ours, few and compiled once.
fn matches_pattern(pattern: &str, text: &str) -> bool {
    static COMPILED: OnceLock<parking_lot::RwLock<HashMap<String, regex::Regex>>> = OnceLock::new();
    let compiled = COMPILED.get_or_init(Default::default);
    if let Some(regex) = compiled.read().get(pattern) {
        return regex.is_match(text);
    }
    let Ok(regex) = regex::Regex::new(pattern) else { return false };
    let fits = regex.is_match(text);
    compiled.write().insert(pattern.to_owned(), regex);
    fits
}
