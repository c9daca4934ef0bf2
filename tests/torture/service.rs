//! The real program on a scratch directory, written to and searched over HTTP while it is killed, robbed of its index,
//! raced, and starved of space.

#[path = "../support/client.rs"]
mod client;
mod host;
mod index;
mod killed;
mod ledger;
mod load;
mod race;
mod space;
mod verify;

use serde_json::{Value, json};

use crate::{Tally, Verdict};

/// SIGKILL at random times.
pub(crate) fn killed(tally: &mut Tally) {
    killed::run(tally);
}

/// The index is deleted under the running program.
pub(crate) fn index(tally: &mut Tally) {
    tally.add("served-index", verdict(index::run()));
}

/// Many writers with one revision.
pub(crate) fn race(tally: &mut Tally) {
    tally.add("served-race", verdict(race::run()));
}

/// A disk that is full.
pub(crate) fn space(tally: &mut Tally) {
    space::run(tally);
}

fn verdict(outcome: Result<String, String>) -> Verdict {
    outcome.map_or_else(Verdict::Failed, Verdict::Passed)
}

/// Content that can be published; summary and body repeat the title, so that a mixture of two would be noticed.
pub(crate) fn content(title: &str) -> Value {
    json!({
        "kind": "format",
        "title": title,
        "summary": format!("Zusammenfassung von {title}."),
        "body": format!("Anfang von {title}.\n\n{}\n\nEnde von {title}.", "Viele reden mit. ".repeat(40)),
        "format_types": ["analog"],
        "levels": ["konsultation"],
        "purposes": ["diskutieren"],
        "topics": ["verkehr"],
        "sources": [{ "title": "Redaktion Mitmachbox" }],
        "license": "CC-BY-4.0",
        "language": "de",
        "reviewed_on": "2026-11-23",
    })
}

/// The value at this place of sorted figures, such as 0.99.
fn percentile(sorted: &[u64], share: f64) -> u64 {
    let place = (sorted.len() as f64 * share) as usize;
    sorted.get(place.min(sorted.len().saturating_sub(1))).copied().unwrap_or(0)
}
