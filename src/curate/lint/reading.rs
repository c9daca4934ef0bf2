//! How easily texts read: length of sentences, Amstad's index, and a summary that says something new.

use super::prose::{Prose, Role};
use super::{Findings, Item};
use crate::text::readability::Measure;
use crate::text::sentence::{sentences, words};

/// Longest sentence in words. Beyond thirty most readers have to begin again.
const SENTENCE_WORDS_MAX: usize = 30;

/// Longest sentence of "Kurz erklärt" in words, as `docs/CORPUS.md` promises.
const PLAIN_SENTENCE_WORDS_MAX: usize = 20;

/// Lowest index of "Kurz erklärt".
const PLAIN_EASE_MIN: f64 = 55.0;

/// Lowest index of a summary.
const SUMMARY_EASE_MIN: f64 = 15.0;

pub(super) fn check(item: &Item, findings: &mut Findings) {
    for prose in item.prose.iter().filter(|prose| prose.role != Role::Name) {
        let max = if prose.role == Role::Plain { PLAIN_SENTENCE_WORDS_MAX } else { SENTENCE_WORDS_MAX };
        for sentence in sentences(&prose.text) {
            let count = words(sentence).count();
            if count > max {
                let detail = format!("a sentence of {count} words, at most {max}: cut \"{}\"", head(sentence));
                findings.error(&item.place, &prose.pointer, "sentence-long", detail);
            }
        }
        ease(item, prose, findings);
    }
    let common = &item.entry.common;
    if begins_with(&common.summary, &common.title) {
        let detail = "it begins with the title, which stands above it: begin with what is new".into();
        findings.error(&item.place, "/summary", "summary-repeats", detail);
    }
}

fn ease(item: &Item, prose: &Prose, findings: &mut Findings) {
    let min = match prose.role {
        Role::Plain => PLAIN_EASE_MIN,
        Role::Summary => SUMMARY_EASE_MIN,
        Role::Name | Role::Running => return,
    };
    if let Some(ease) = Measure::of(&prose.text).ease()
        && ease < min
    {
        let detail = format!("Amstad's index is {ease:.1}, at least {min:.0}: shorter sentences, shorter words");
        findings.error(&item.place, &prose.pointer, "reading-ease", detail);
    }
}

/// Whether a text begins with a name, with or without an article.
fn begins_with(text: &str, name: &str) -> bool {
    let (text, name) = (text.to_lowercase(), name.to_lowercase());
    let article = ["der ", "die ", "das ", "ein ", "eine "].iter().find_map(|article| text.strip_prefix(article));
    let whole = |text: &str| {
        text.strip_prefix(&name)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || "*-".contains(c)))
    };
    !name.is_empty() && (whole(&text) || article.is_some_and(whole))
}

/// The first words of a sentence, so that one finds it.
fn head(sentence: &str) -> String {
    let head: Vec<&str> = sentence.split_whitespace().take(6).collect();
    format!("{} …", head.join(" "))
}
