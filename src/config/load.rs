//! From as typed to as meant.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use toml::de::{DeTable, DeValue};

use super::{
    Config, Flags,
    settings::{SETTINGS, Setting, Value, setting, wants},
};
use crate::model::problem::nearest;

/// File that is read where none is named and this one exists.
pub const DEFAULT_FILE: &str = "/etc/mitmachbox/config.toml";

/// Everything that is wrong with the settings, each with the place where it was typed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConfigErrors(pub Vec<String>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

/// Reads all settings: file, then environment, then flags.
pub(super) fn load(flags: &Flags, environment: impl Iterator<Item = (String, String)>) -> Result<Config, ConfigErrors> {
    let file = flags.config.clone().or_else(|| Some(PathBuf::from(DEFAULT_FILE)).filter(|file| file.exists()));
    let file = match file {
        Some(path) => match std::fs::read_to_string(&path) {
            Ok(text) => Some((path, text)),
            Err(error) => return Err(ConfigErrors(vec![format!("{}: {error}", path.display())])),
        },
        None => None,
    };
    from_sources(file.as_ref().map(|(path, text)| (path.as_path(), text.as_str())), environment, flags)
}

/// The settings that these texts mean; pure, for tests and for `config check` of a file.
///
/// # Errors
/// Everything that is wrong, each with the place where it was typed.
pub fn from_sources(
    file: Option<(&Path, &str)>,
    environment: impl Iterator<Item = (String, String)>,
    flags: &Flags,
) -> Result<Config, ConfigErrors> {
    let mut typed = Typed { config: Config::default(), errors: Vec::new() };
    if let Some((path, text)) = file {
        typed.file(path, text);
    }
    let mut variables: Vec<_> = environment.filter(|(name, _)| name.starts_with("MITMACHBOX__")).collect();
    variables.sort();
    for (name, value) in variables {
        let key = name["MITMACHBOX__".len()..].to_lowercase().replace("__", ".");
        typed.text(&key, &value, &name);
    }
    for (key, value) in &flags.values {
        let place = match setting(key).and_then(|setting| setting.flag) {
            Some(flag) => format!("--{flag}"),
            None => format!("--set {key}"),
        };
        typed.text(key, value, &place);
    }
    typed.settle();
    if typed.errors.is_empty() { Ok(typed.config) } else { Err(ConfigErrors(typed.errors)) }
}

struct Typed {
    config: Config,
    errors: Vec<String>,
}

impl Typed {
    fn file(&mut self, path: &Path, text: &str) {
        let line_of = |at: usize| text.get(..at).map_or(1, |before| before.matches('\n').count() + 1);
        let place = |at: usize| format!("{}:{}", path.display(), line_of(at));
        let tables = match DeTable::parse(text) {
            Ok(tables) => tables,
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                return self.errors.push(format!("{}: {}", place(at), error.message()));
            }
        };
        for (table, content) in tables.get_ref() {
            let DeValue::Table(content) = content.get_ref() else {
                self.errors.push(unknown(&place(table.span().start), table.get_ref()));
                continue;
            };
            for (name, value) in content {
                let key = format!("{}.{}", table.get_ref(), name.get_ref());
                let place = place(name.span().start);
                match setting(&key) {
                    Some(setting) => match value_of(value.get_ref()) {
                        Some(value) => self.put(setting, &value, &place),
                        None => self.errors.push(format!("{place}: {key}: {}", wants(setting.form))),
                    },
                    None => self.errors.push(unknown(&place, &key)),
                }
            }
        }
    }

    fn text(&mut self, key: &str, text: &str, place: &str) {
        match setting(key) {
            Some(setting) => match setting.read(text) {
                Ok(value) => self.put(setting, &value, place),
                Err(error) => self.errors.push(format!("{place}: {key}: {error}")),
            },
            None => self.errors.push(unknown(place, key)),
        }
    }

    fn put(&mut self, setting: &Setting, value: &Value, place: &str) {
        if let Err(error) = (setting.set)(&mut self.config, value) {
            self.errors.push(format!("{place}: {}: {error}", setting.key));
        }
    }

    /// Rules over several settings.
    fn settle(&mut self) {
        let config = &mut self.config;
        if let Some(url) = &config.public_url {
            let host_and_path = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
            let path = host_and_path.find('/').map_or("", |at| &host_and_path[at..]).to_owned();
            if config.base_path.is_empty() {
                config.base_path = path;
            } else if config.base_path != path {
                self.errors.push(format!(
                    "server.base_path is {} but server.public_url ends in \"{path}\": they must be the same",
                    config.base_path
                ));
            }
        }
        if config.metrics_listen == Some(config.listen) {
            self.errors.push("server.metrics_listen is the same as server.listen: give it a port of its own".into());
        }
    }
}

fn unknown(place: &str, key: &str) -> String {
    let near = nearest(key, SETTINGS.iter().map(|setting| setting.key));
    let hint = near.map(|near| format!(", perhaps {near} is meant")).unwrap_or_default();
    format!("{place}: there is no setting {key}{hint}")
}

fn value_of(value: &DeValue<'_>) -> Option<Value> {
    match value {
        DeValue::String(text) => Some(Value::Text(text.to_string())),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok().map(Value::Number),
        DeValue::Boolean(switch) => Some(Value::Switch(*switch)),
        DeValue::Array(items) => {
            items.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect::<Option<_>>().map(Value::List)
        }
        _ => None,
    }
}
