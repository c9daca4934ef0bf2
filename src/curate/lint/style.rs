//! The house style: people as `index-data/style/gender.toml` writes them, and German typography.

mod gender;
mod typography;

use std::collections::HashMap;

use serde::Deserialize;

use super::prose::Role;
use super::{Findings, Item};

/// How the house writes people.
#[derive(Clone, Debug, Default)]
pub struct HouseStyle {
    /// What to write for a masculine plural.
    forms: HashMap<String, String>,
    /// Phrases that stay as they are.
    allowed: Vec<String>,
}

/// The table is wrong.
#[derive(Debug, thiserror::Error)]
#[error("gender.toml: {0}")]
pub struct StyleError(#[from] toml::de::Error);

impl HouseStyle {
    /// Reads a table like `index-data/style/gender.toml`.
    ///
    /// # Errors
    /// On text that is no such table.
    pub fn parse(table: &str) -> Result<Self, StyleError> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Table {
            forms: HashMap<String, Vec<String>>,
            #[serde(default)]
            allowed: Vec<Allowed>,
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Allowed {
            phrase: String,
            #[serde(rename = "reason")]
            _reason: String,
        }
        let Table { forms, allowed } = toml::from_str(table)?;
        let pairs =
            forms.into_iter().flat_map(|(write, forms)| forms.into_iter().map(move |form| (form, write.clone())));
        Ok(Self { forms: pairs.collect(), allowed: allowed.into_iter().map(|allowed| allowed.phrase).collect() })
    }
}

pub(super) fn check(item: &Item, style: &HouseStyle, findings: &mut Findings) {
    if !item.entry.common.language.starts_with("de") {
        return;
    }
    for prose in &item.prose {
        let mut report = |rule, details: Vec<String>| {
            details.into_iter().for_each(|detail| findings.error(&item.place, &prose.pointer, rule, detail));
        };
        report("typography", typography::check(&prose.text));
        if prose.role != Role::Name {
            report("gender", gender::check(&prose.text, style));
        }
    }
}
