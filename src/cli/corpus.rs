//! `check --corpus`: the lint of a collection and a page about it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;

use super::output;
use crate::curate::lint::{self, Finding, Severity, report, style::HouseStyle};
use crate::exchange::{bundled, corpus};

/// Notes of one rule that are printed; the rest is counted.
const NOTES_MAX: usize = 5;

/// Lints the shipped entries or a folder of files.
pub(super) fn check(folder: Option<&Path>) -> anyhow::Result<ExitCode> {
    let drafts = match folder {
        Some(folder) => corpus::folder(folder).with_context(|| folder.display().to_string())?,
        None => corpus::shipped()?,
    };
    anyhow::ensure!(!drafts.is_empty(), "there are no files <kind>/<slug>.md");
    let vocabularies = bundled::vocabularies()?.into_iter().collect();
    let (corpus, findings) = lint::lint(&drafts, &vocabularies, &HouseStyle::parse(corpus::STYLE)?);
    let (errors, notes): (Vec<Finding>, Vec<Finding>) =
        findings.into_iter().partition(|finding| finding.severity == Severity::Error);
    for error in &errors {
        output::say(error)?;
    }
    say_notes(&notes)?;
    output::say(format_args!("\n{}", report::report(&corpus, &vocabularies)))?;
    output::say(format_args!("{} errors, {} notes in {} files", errors.len(), notes.len(), drafts.len()))?;
    Ok(if errors.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn say_notes(notes: &[Finding]) -> anyhow::Result<()> {
    let mut by_rule: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for note in notes {
        by_rule.entry(note.rule).or_default().push(note);
    }
    for (rule, notes) in by_rule {
        for note in notes.iter().take(NOTES_MAX) {
            output::say(note)?;
        }
        if notes.len() > NOTES_MAX {
            output::say(format_args!("note … and {} more like these [{rule}]", notes.len() - NOTES_MAX))?;
        }
    }
    Ok(())
}
