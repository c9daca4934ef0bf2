//! Sources and addresses: a reader can follow them.

use super::prose::Role;
use super::{Findings, Item};

pub(super) fn check(item: &Item, findings: &mut Findings) {
    for (at, source) in item.entry.common.sources.iter().enumerate() {
        let pointer = format!("/sources/{at}");
        if source.url.is_none() && source.publisher.is_none() && source.year.is_none() {
            let detail = "a title alone cannot be followed: add who published it and when, or its address".into();
            findings.error(&item.place, &pointer, "source-vague", detail);
        } else if source.url.is_none() && source.year.is_none() {
            let detail = "without an address it needs a year, or a reader cannot tell which edition is meant".into();
            findings.note(&item.place, &pointer, "source-undated", detail);
        }
        titled(item, &source.title, &format!("{pointer}/title"), findings);
    }
    for (at, link) in item.entry.common.links.iter().enumerate() {
        titled(item, &link.title, &format!("/links/{at}/title"), findings);
    }
    for prose in item.prose.iter().filter(|prose| prose.role != Role::Name) {
        if let Some(address) = bare_address(&prose.text) {
            let detail = format!("{address} stands bare in the text: make it a link [title](address), or a source");
            findings.error(&item.place, &prose.pointer, "address-bare", detail);
        }
    }
}

/// The title says what is there, not where.
fn titled(item: &Item, title: &str, pointer: &str, findings: &mut Findings) {
    if title.trim().is_empty() || title.contains("://") || title.starts_with("www.") {
        let detail = "an address is no title: say what the reader finds there".into();
        findings.error(&item.place, pointer, "address-untitled", detail);
    }
}

/// The first address that is not the target of a link.
fn bare_address(text: &str) -> Option<&str> {
    let starts = ["https://", "http://", "www."].iter().flat_map(|start| text.match_indices(start));
    let mut bare = starts.map(|(at, _)| at).filter(|at| !text[..*at].ends_with("](") && !text[..*at].ends_with("://"));
    let at = bare.next()?;
    text[at..].split([' ', '\n', ')', '>', ',']).next()
}
