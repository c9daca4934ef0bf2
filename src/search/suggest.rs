//! Completions of what is being typed: from published names and from vocabularies, never from what people typed.

use std::{cmp::Ordering, collections::HashSet};

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
    let mut best = BestNames { limit, names: Vec::with_capacity(limit + 1) };
    for segment in &snapshot.segments {
        for (name, at) in segment.columns.names.starting_with(folded).take(LOOKED_AT_MAX) {
            if segment.live[name.document as usize] {
                best.add(Found { inside: at != 0, name, doc: segment.docs.start + name.document });
            }
        }
    }
    best.names
        .into_iter()
        .filter_map(|Found { name, doc, .. }| {
            let sheet = context.sheet(snapshot, doc).ok()?;
            let common = &sheet.face;
            let text = match name.kind {
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

/// A name that goes on as typed.
#[derive(Clone, Copy)]
struct Found<'a> {
    /// Whether it does so only from a later word on.
    inside: bool,
    name: &'a Name,
    doc: Doc,
}

impl Found<'_> {
    fn compare(&self, other: &Self) -> Ordering {
        let key = |it: &Self| (it.inside, it.name.kind, it.name.folded.len());
        key(self).cmp(&key(other)).then_with(|| (&self.name.folded, self.doc).cmp(&(&other.name.folded, other.doc)))
    }
}

/// The best names, in order, one for each document. One letter begins thousands: nearly all of them come behind the last
/// of these and are seen off by one comparison.
struct BestNames<'a> {
    limit: usize,
    names: Vec<Found<'a>>,
}

impl<'a> BestNames<'a> {
    fn add(&mut self, found: Found<'a>) {
        if self.names.len() == self.limit && self.names.last().is_none_or(|last| found.compare(last).is_ge()) {
            return;
        }
        if let Some(at) = self.names.iter().position(|known| known.doc == found.doc) {
            if found.compare(&self.names[at]).is_ge() {
                return;
            }
            self.names.remove(at);
        }
        let at = self.names.partition_point(|known| known.compare(&found).is_le());
        self.names.insert(at, found);
        self.names.truncate(self.limit);
    }
}

fn terms(snapshot: &Snapshot, q: &str, folded: &str, language: Language, limit: usize) -> Vec<Suggestion> {
    let vocabularies = SUGGESTED_VOCABULARIES.iter().filter_map(|name| snapshot.reference.vocabularies.get(name));
    let folded_terms = SUGGESTED_VOCABULARIES.iter().flat_map(|name| snapshot.folded_terms(name));
    vocabularies
        .flat_map(|vocabulary| &vocabulary.terms)
        .zip(folded_terms)
        .filter(|(_, names)| names.begins(folded, language))
        .take(limit)
        .map(|(term, _)| {
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
