//! Completions of what is being typed: from published names and from vocabularies, never from what people typed.

use std::collections::HashSet;

use super::{
    response::{Segment, Suggestion, SuggestionKind, Suggestions},
    service::{Context, SearchError, state_of},
};
use crate::{
    index::{
        columns::Name,
        document::{NameKind, folded_text},
        snapshot::{Doc, Snapshot},
    },
    model::vocabulary::Language,
    text::{Form, normalise::fold},
};

/// Names looked at for one suggestion list. One letter may begin thousands.
const LOOKED_AT_MAX: usize = 4_000;

/// Vocabularies whose labels are worth suggesting: what people filter by.
const SUGGESTED_VOCABULARIES: &[&str] = &["topics", "purposes", "audiences", "phases", "recruitment", "districts"];

/// Completions of `q`, best first.
pub(super) fn suggest(
    context: &Context,
    snapshot: &Snapshot,
    q: &str,
    language: Language,
) -> Result<Suggestions, SearchError> {
    if q.len() > context.limits.query.query_bytes_max {
        return Err(crate::query::TooLong {
            of: ("Zeichen (Bytes)", "bytes"),
            max: context.limits.query.query_bytes_max,
        }
        .into());
    }
    let limit = context.limits.suggestions_max;
    let mut suggestions = Vec::new();
    let reduced = folded_text(snapshot.shared.analyser, q);
    let typed = fold(q.trim());
    for folded in [&reduced, &typed] {
        if suggestions.is_empty() && !folded.is_empty() {
            suggestions = titles(context, snapshot, q, folded, limit);
            suggestions.extend(terms(snapshot, q, folded, language, limit));
        }
    }
    if suggestions.len() < limit / 2 && !reduced.is_empty() {
        suggestions.extend(spelling(snapshot, q)?);
    }
    let mut seen = HashSet::new();
    suggestions.retain(|suggestion| seen.insert(suggestion.q.to_lowercase()));
    suggestions.truncate(limit);
    Ok(Suggestions { q: q.to_owned(), suggestions, index: state_of(snapshot) })
}

fn titles(context: &Context, snapshot: &Snapshot, q: &str, folded: &str, limit: usize) -> Vec<Suggestion> {
    let mut found: Vec<(bool, NameKind, usize, &Name, Doc)> = Vec::new();
    for segment in &snapshot.segments {
        for (name, at) in segment.columns.names.starting_with(folded).take(LOOKED_AT_MAX) {
            if segment.live[name.document as usize] {
                found.push((at != 0, name.kind, name.folded.len(), name, segment.docs.start + name.document));
            }
        }
    }
    found.sort_by(|a, b| (a.0, a.1, a.2, &a.3.folded).cmp(&(b.0, b.1, b.2, &b.3.folded)).then(a.4.cmp(&b.4)));
    let mut seen = HashSet::new();
    found.retain(|(.., doc)| seen.insert(*doc));
    found
        .into_iter()
        .take(limit)
        .filter_map(|(_, kind, _, name, doc)| {
            let sheet = context.sheet(snapshot, doc).ok()?;
            let common = &sheet.face;
            let text = match kind {
                NameKind::Title => marked(snapshot, &common.title, q),
                NameKind::Variant => vec![Segment::plain(&common.title)],
                NameKind::Other => {
                    let mut text = vec![Segment::plain(format!("{} – ", common.title))];
                    text.extend(marked(snapshot, &name.shown, q));
                    text
                }
            };
            let url = Some(context.entry_url(&common.slug));
            Some(Suggestion { text, q: common.title.clone(), kind: SuggestionKind::Title, url })
        })
        .collect()
}

fn terms(snapshot: &Snapshot, q: &str, folded: &str, language: Language, limit: usize) -> Vec<Suggestion> {
    let analyser = snapshot.shared.analyser;
    let begins = |label: &str| {
        let label = folded_text(analyser, label);
        label.starts_with(folded) || label.match_indices(' ').any(|(at, _)| label[at + 1..].starts_with(folded))
    };
    let vocabularies = SUGGESTED_VOCABULARIES.iter().filter_map(|name| snapshot.reference.vocabularies.get(name));
    vocabularies
        .flat_map(|vocabulary| &vocabulary.terms)
        .filter(|term| begins(term.label(language)) || term.synonyms.iter().any(|synonym| begins(synonym)))
        .take(limit)
        .map(|term| {
            let label = term.label(language);
            Suggestion { text: marked(snapshot, label, q), q: label.to_owned(), kind: SuggestionKind::Term, url: None }
        })
        .collect()
}

/// A better spelling, where the last word is none that the entries have, and no beginning of one.
fn spelling(snapshot: &Snapshot, q: &str) -> Result<Vec<Suggestion>, SearchError> {
    let words = snapshot.shared.analyser.analyse(q);
    let Some(last) = words.iter().rfind(|word| word.form == Form::Simple && word.weight >= 1.0) else {
        return Ok(Vec::new());
    };
    if snapshot.stem_frequency(&last.stem)? > 0 || snapshot.begins_a_word(&fold(&last.exact))? {
        return Ok(Vec::new());
    }
    let near = snapshot.words_near(&fold(&last.exact), 3)?;
    Ok(near
        .into_iter()
        .map(|known| {
            let (before, after) = (&q[..last.span.start], &q[last.span.end..]);
            Suggestion {
                text: [Segment::plain(before), Segment::marked(&known.written), Segment::plain(after)]
                    .into_iter()
                    .filter(|segment| !segment.t.is_empty())
                    .collect(),
                q: format!("{before}{}{after}", known.written),
                kind: SuggestionKind::Spelling,
                url: None,
            }
        })
        .collect())
}

/// The text with the words marked that begin like the words typed.
fn marked(snapshot: &Snapshot, text: &str, q: &str) -> Vec<Segment> {
    let analyser = snapshot.shared.analyser;
    let typed: Vec<String> = q.split_whitespace().map(fold).filter(|word| !word.is_empty()).collect();
    let mut segments = Vec::new();
    let mut at = 0;
    analyser.words(text, &mut |word| {
        let written = &text[word.span.clone()];
        if word.form == Form::Simple && word.span.start >= at {
            // As many letters as typed, where folding keeps their number; the whole word otherwise.
            let Some(beginning) = typed.iter().find(|typed| fold(written).starts_with(typed.as_str())) else { return };
            let letters = beginning.chars().count();
            let length = written.char_indices().nth(letters).map_or(written.len(), |(length, _)| length);
            let length = if fold(&written[..length]) == *beginning { length } else { written.len() };
            if word.span.start > at {
                segments.push(Segment::plain(&text[at..word.span.start]));
            }
            segments.push(Segment::marked(&written[..length]));
            at = word.span.start + length;
        }
    });
    if at < text.len() {
        segments.push(Segment::plain(&text[at..]));
    }
    segments
}
