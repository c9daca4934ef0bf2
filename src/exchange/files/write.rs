//! The canonical text of an entry.

use serde_json::{Map, Value};

use super::FENCE;
use crate::model::entry::Entry;
use crate::model::schema;

/// A list that would be longer than this on one line gets a line for each item.
const LINE_CHARS_MAX: usize = 120;

/// Writes an entry as a file: the same content gives the same bytes.
pub fn write(entry: &Entry) -> String {
    let content = entry.to_json();
    let empty = Map::new();
    let fields = content.as_object().unwrap_or(&empty);
    let properties = &schema::of_kind(entry.kind())["properties"];
    let mut text = format!("{FENCE}\n");
    let front = schema::fields(entry.kind()).filter(|name| !matches!(*name, "kind" | "slug" | "body"));
    let present: Vec<(&str, &Value)> = front.filter_map(|name| Some((name, fields.get(name)?))).collect();
    for (name, value) in present.iter().filter(|(_, value)| !is_table(value)) {
        line(&mut text, name, value, &properties[*name]);
    }
    for (name, value) in present.iter().filter(|(_, value)| is_table(value)) {
        let property = &properties[*name];
        match value {
            Value::Array(items) => {
                for item in items {
                    table(&mut text, &format!("[[{name}]]"), item, &property["items"]);
                }
            }
            one => table(&mut text, &format!("[{name}]"), one, property),
        }
    }
    text.push_str(FENCE);
    text.push('\n');
    if !entry.common.body.is_empty() {
        text.push_str(&entry.common.body);
        text.push('\n');
    }
    text
}

/// Whether TOML says it below a header of its own.
fn is_table(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::Array(items) => items.first().is_some_and(Value::is_object),
        _ => false,
    }
}

fn table(text: &mut String, header: &str, value: &Value, schema: &Value) {
    text.push('\n');
    text.push_str(header);
    text.push('\n');
    let properties = &object_schema(schema)["properties"];
    for (name, value) in value.as_object().into_iter().flatten() {
        line(text, name, value, &properties[name]);
    }
}

/// `Option<T>` arrives as one of two schemas.
fn object_schema(schema: &Value) -> &Value {
    let branches = schema.get("anyOf").and_then(Value::as_array);
    branches.and_then(|branches| branches.iter().find(|branch| branch["type"] == "object")).unwrap_or(schema)
}

fn line(text: &mut String, name: &str, value: &Value, schema: &Value) {
    text.push_str(name);
    text.push_str(" = ");
    match value {
        Value::String(day) if is_date(schema) && is_plain_date(day) => text.push_str(day),
        Value::String(long) if long.contains('\n') && !long.lines().any(|line| line == FENCE) => many_lines(text, long),
        Value::Array(items) => list(text, name, items),
        other => scalar(text, other),
    }
    text.push('\n');
}

fn is_date(schema: &Value) -> bool {
    schema.get("format").and_then(Value::as_str) == Some("date")
}

/// TOML dates have four digits of a year; others stay text.
fn is_plain_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() })
}

fn list(text: &mut String, name: &str, items: &[Value]) {
    let mut items_text: Vec<String> = Vec::with_capacity(items.len());
    for item in items {
        let mut one = String::new();
        scalar(&mut one, item);
        items_text.push(one);
    }
    let on_one_line = format!("[{}]", items_text.join(", "));
    if name.len() + " = ".len() + on_one_line.chars().count() <= LINE_CHARS_MAX {
        text.push_str(&on_one_line);
        return;
    }
    text.push_str("[\n");
    for item in items_text {
        text.push_str("  ");
        text.push_str(&item);
        text.push_str(",\n");
    }
    text.push(']');
}

fn scalar(text: &mut String, value: &Value) {
    match value {
        Value::String(string) => {
            text.push('"');
            for letter in string.chars() {
                match letter {
                    '"' => text.push_str("\\\""),
                    '\n' => text.push_str("\\n"),
                    other => escaped(text, other),
                }
            }
            text.push('"');
        }
        // Lists of lists and lists of tables of lists do not occur in entries; numbers and truth are the same in TOML.
        other => text.push_str(&other.to_string()),
    }
}

fn many_lines(text: &mut String, string: &str) {
    text.push_str("\"\"\"\n");
    let last = string.chars().count() - 1;
    let mut quotes = 0;
    for (at, letter) in string.chars().enumerate() {
        quotes = if letter == '"' { quotes + 1 } else { 0 };
        match letter {
            // The third in a row, or one before the closing three, would end the text.
            '"' if quotes == 3 || at == last => {
                text.push_str("\\\"");
                quotes = 0;
            }
            '"' | '\n' => text.push(letter),
            other => escaped(text, other),
        }
    }
    text.push_str("\"\"\"");
}

fn escaped(text: &mut String, letter: char) {
    match letter {
        '\\' => text.push_str("\\\\"),
        '\t' => text.push_str("\\t"),
        '\r' => text.push_str("\\r"),
        control if control.is_control() => text.push_str(&format!("\\u{:04X}", u32::from(control))),
        other => text.push(other),
    }
}
