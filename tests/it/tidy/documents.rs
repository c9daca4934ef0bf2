//! Documents that repeat what the code says are held against it.

use std::fs;

use mitmachbox::{config::settings, telemetry::METRICS};

use super::{report, root};

#[test]
fn the_reference_of_settings_is_that_of_the_program() {
    let document = fs::read_to_string(root().join("docs/SETTINGS.md")).expect("the document is there");
    let reference = settings::reference();
    assert!(document.ends_with(&reference), "docs/SETTINGS.md has to end with:\n{reference}");
}

#[test]
fn the_runbook_names_every_metric() {
    let runbook = fs::read_to_string(root().join("docs/OPERATIONS.md")).expect("the document is there");
    let missing: Vec<String> = METRICS
        .iter()
        .filter(|metric| !runbook.contains(&format!("`{}`", metric.name)))
        .map(|metric| metric.name.to_owned())
        .collect();
    report(&missing);
}
