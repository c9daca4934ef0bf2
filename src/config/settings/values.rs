//! Reads single values and writes them back.

use std::{fmt, num::NonZeroU32, ops::RangeInclusive, path::PathBuf, str::FromStr};

use super::{Form, Value, wants};
use crate::config::{Page, limits::Rate};

pub(super) fn text(value: &Value) -> Result<String, String> {
    match value {
        Value::Text(text) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
        Value::Text(_) => Err("is empty".into()),
        _ => Err(wants(Form::Text)),
    }
}

/// Empty text unsets a setting that a file or variable below has set.
pub(super) fn optional<T>(value: &Value, read: fn(&Value) -> Result<T, String>) -> Result<Option<T>, String> {
    match value {
        Value::Text(text) if text.trim().is_empty() => Ok(None),
        _ => read(value).map(Some),
    }
}

pub(super) fn parse<T: FromStr<Err: fmt::Display>>(value: &Value) -> Result<T, String> {
    text(value)?.parse().map_err(|error| format!("{error}"))
}

pub(super) fn list<T: FromStr<Err = String>>(value: &Value) -> Result<Vec<T>, String> {
    match value {
        Value::List(texts) => texts.iter().map(|text| text.parse()).collect(),
        _ => Err(wants(Form::List)),
    }
}

pub(super) fn number<T: TryFrom<i64> + PartialOrd + fmt::Display>(
    value: &Value,
    range: RangeInclusive<T>,
) -> Result<T, String> {
    let Value::Number(number) = value else { return Err(wants(Form::Number)) };
    T::try_from(*number)
        .ok()
        .filter(|number| range.contains(number))
        .ok_or_else(|| format!("expected a number from {} to {}", range.start(), range.end()))
}

/// Least size of a reserve: sled rewrites the tail of an 8 MB segment when it opens, and its snapshot file.
const RESERVE_BYTES_MIN: u64 = 16 << 20;

pub(super) fn reserve(value: &Value) -> Result<u64, String> {
    if *value == Value::Number(0) {
        return Ok(0);
    }
    number(value, RESERVE_BYTES_MIN..=1 << 40).map_err(|error| format!("{error}, or 0 for none"))
}

/// How many seconds of the rate a burst holds.
const BURST_SECONDS: u32 = 5;

pub(super) fn rate(value: &Value) -> Result<Rate, String> {
    number(value, 1..=1_000_000_u32).map(|per_second| Rate::new(per_second, per_second.saturating_mul(BURST_SECONDS)))
}

pub(super) fn per_hour(value: &Value) -> Result<NonZeroU32, String> {
    number(value, 1..=1_000_000_u32).map(|count| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN))
}

pub(super) fn one_of(value: &Value, allowed: &[&'static str]) -> Result<&'static str, String> {
    let text = text(value)?;
    allowed
        .iter()
        .copied()
        .find(|allowed| *allowed == text)
        .ok_or_else(|| format!("expected one of {}", allowed.join(", ")))
}

pub(super) fn web_address(value: &Value) -> Result<String, String> {
    let url = text(value)?;
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['?', '#', ' ', '"', '<']) => {
            Ok(url.trim_end_matches('/').to_owned())
        }
        _ => Err("expected an address such as https://beteiligung.example.de".into()),
    }
}

/// Origins as a policy of the browser names them; they go into a header, so nothing else may stand among them.
pub(super) fn origins(value: &Value) -> Result<Vec<String>, String> {
    let Value::List(origins) = value else { return Err(wants(Form::List)) };
    if origins.is_empty() {
        return Err("is empty; 'self' stands for none but the service".into());
    }
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'*' | b'[' | b']');
    let origin = |text: &String| {
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        match host {
            _ if text == "*" || text == "'self'" => Ok(text.clone()),
            Some(host) if !host.is_empty() && host.bytes().all(legal) => Ok(text.clone()),
            _ => Err(format!("expected an origin such as https://www.example.de, * or 'self', not {text}")),
        }
    };
    origins.iter().map(origin).collect()
}

pub(super) fn base_path(value: &Value) -> Result<String, String> {
    let Value::Text(path) = value else { return Err(wants(Form::Text)) };
    let path = path.trim().trim_end_matches('/');
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.');
    if path.is_empty() || path.starts_with('/') && !path.contains("//") && path.bytes().all(legal) {
        Ok(path.to_owned())
    } else {
        Err("expected a path such as /beteiligung".into())
    }
}

pub(super) fn page(value: &Value) -> Result<Page, String> {
    let text = text(value)?;
    if text.starts_with("https://") || text.starts_with("http://") {
        web_address(value).map(Page::Address)
    } else {
        Ok(Page::File(PathBuf::from(text)))
    }
}

pub(super) fn quoted(value: impl fmt::Display) -> Option<String> {
    Some(toml::Value::String(value.to_string()).to_string())
}

pub(super) fn shown_list(values: &[impl fmt::Display]) -> String {
    let values: Vec<String> = values.iter().filter_map(quoted).collect();
    format!("[{}]", values.join(", "))
}

pub(super) fn shown_page(page: Option<&Page>) -> Option<String> {
    match page? {
        Page::Address(url) => quoted(url),
        Page::File(path) => quoted(path.display()),
    }
}
