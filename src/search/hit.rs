//! How a hit is shown: title and snippet in segments, and which words matched where and how.

use std::{ops::Range, sync::OnceLock};

use super::{
    response::{How, Match, Segment},
    understand::Target,
};
use crate::{
    model::{
        public::PublicEntry,
        texts::{Place, terms, texts},
        vocabulary::Vocabularies,
    },
    text::{Analyser, Form, grams, inner_compounds},
};

/// Longest snippet, in characters: two lines on a wide screen.
const SNIPPET_CHARS_MAX: usize = 240;
/// Text before the first match of a snippet that does not begin at the beginning.
const SNIPPET_BEFORE_CHARS: usize = 60;
/// Matches reported for one hit.
const MATCHES_MAX: usize = 12;
/// Share of 4-grams that makes two words similar to the eye.
const SIMILAR_SHARE: f32 = 0.45;

/// An entry with its texts analysed once; kept in a bounded cache.
#[derive(Debug)]
pub struct AnalysedEntry {
    /// The entry.
    pub public: PublicEntry,
    head: Vec<AnalysedText>,
    body: OnceLock<Vec<AnalysedText>>,
    labels: OnceLock<Vec<AnalysedText>>,
}

#[derive(Debug)]
struct AnalysedText {
    field: &'static str,
    text: String,
    words: Vec<AnalysedWord>,
}

#[derive(Debug)]
struct AnalysedWord {
    span: Range<u32>,
    exact: u64,
    stem: u64,
    parts: Vec<(u64, Range<u32>)>,
}

impl AnalysedEntry {
    /// Analyses title, other names, summary and keywords; the rest waits until it is needed.
    pub fn new(public: PublicEntry, analyser: &Analyser) -> Self {
        let head = analyse(&public, analyser, |place| place != Place::Body);
        Self { public, head, body: OnceLock::new(), labels: OnceLock::new() }
    }

    /// Bytes it takes in a cache, roughly; the body counts as if it were analysed.
    pub fn bytes(&self) -> u32 {
        let texts: usize = texts(&self.public.entry).iter().map(|text| text.text.len()).sum();
        u32::try_from(2_000 + texts * 14).unwrap_or(u32::MAX)
    }

    fn body(&self, analyser: &Analyser) -> &[AnalysedText] {
        self.body.get_or_init(|| analyse(&self.public, analyser, |place| place == Place::Body))
    }
}

fn analyse(public: &PublicEntry, analyser: &Analyser, wanted: impl Fn(Place) -> bool) -> Vec<AnalysedText> {
    let texts = texts(&public.entry).into_iter().filter(|text| wanted(text.place));
    texts
        .map(|text| AnalysedText {
            field: text.field,
            text: text.text.to_owned(),
            words: analysed_words(text.text, analyser),
        })
        .collect()
}

/// Labels of the terms that the entry carries. A word of a synonym, which nobody sees, stands for the whole label.
fn labels(public: &PublicEntry, analyser: &Analyser, vocabularies: &Vocabularies) -> Vec<AnalysedText> {
    let mut labels = Vec::new();
    for (field, term) in terms(&public.entry, vocabularies) {
        let mut words = analysed_words(&term.label, analyser);
        let whole = 0..term.label.len() as u32;
        for mut word in term.synonyms.iter().flat_map(|synonym| analysed_words(synonym, analyser)) {
            word.span = whole.clone();
            word.parts.iter_mut().for_each(|(_, span)| *span = whole.clone());
            words.push(word);
        }
        labels.push(AnalysedText { field, text: term.label.clone(), words });
    }
    labels
}

fn analysed_words(text: &str, analyser: &Analyser) -> Vec<AnalysedWord> {
    let mut words = Vec::new();
    let narrow = |span: &Range<usize>| span.start as u32..span.end as u32;
    analyser.words(text, &mut |word| {
        // Longer runs first: of "Bürgerrats|empfehlung" all that was asked for is marked.
        let mut parts = Vec::with_capacity(word.parts.len());
        inner_compounds(text, word.parts, &mut |stem, span| parts.push((hash(stem), narrow(&span))));
        parts.extend(word.parts.iter().map(|part| (hash(&part.stem), narrow(&part.span))));
        words.push(AnalysedWord { span: narrow(&word.span), exact: hash(word.exact), stem: hash(word.stem), parts });
    });
    words
}

/// FNV-1a, 64 bits: words are compared by hash, which keeps a cached entry small.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A query's words, ready to be found in texts.
pub struct Marker {
    targets: Vec<HashedTarget>,
}

struct HashedTarget {
    word: String,
    folded: String,
    exact: u64,
    stems: Vec<(u64, How)>,
    parts: Vec<(u64, How)>,
    own_parts: Vec<u64>,
}

/// What the hit list shows of an entry.
#[derive(Debug, Default)]
pub struct Shown {
    /// Title in segments.
    pub title: Vec<Segment>,
    /// Snippet in segments.
    pub snippet: Vec<Segment>,
    /// Matches, the best of each word first.
    pub matched: Vec<Match>,
}

struct Mark {
    span: Range<usize>,
    target: usize,
    how: How,
}

impl Marker {
    /// From the targets of an understood query.
    pub fn new(targets: &[Target]) -> Self {
        let hashed =
            |map: &std::collections::HashMap<String, How>| map.iter().map(|(stem, how)| (hash(stem), *how)).collect();
        let targets = targets
            .iter()
            .map(|target| HashedTarget {
                word: target.word.clone(),
                folded: if target.required { target.folded.clone() } else { String::new() },
                exact: hash(&target.exact),
                stems: hashed(&target.stems),
                parts: hashed(&target.parts),
                own_parts: target.own_parts.iter().map(|stem| hash(stem)).collect(),
            })
            .collect();
        Self { targets }
    }

    /// What to show of an entry. In a strict hit the parts of a compound that was typed are not marked on their own:
    /// "Rat" is another thing than the "Bürgerrat" that was found.
    pub fn show(&self, entry: &AnalysedEntry, strict: bool, analyser: &Analyser, vocabularies: &Vocabularies) -> Shown {
        let mut matched: Vec<(usize, Match)> = Vec::new();
        let mut seen = vec![false; self.targets.len()];
        let mut marks_of_head: Vec<Vec<Mark>> = Vec::with_capacity(entry.head.len());
        for text in &entry.head {
            let marks = self.marks(text, strict);
            self.note(text, &marks, &mut seen, &mut matched);
            marks_of_head.push(marks);
        }
        let title = entry.head.iter().position(|text| text.field == "title");
        let summary = entry.head.iter().position(|text| text.field == "summary");
        let mut snippet = summary
            .filter(|summary| !marks_of_head[*summary].is_empty())
            .map(|summary| cut(&entry.head[summary].text, &marks_of_head[summary]));
        // The body is only read when the head does not explain the hit.
        if !self.all_seen(&seen) {
            let best = self.read_body(entry.body(analyser), strict, &mut seen, &mut matched);
            if let Some(best) = best {
                snippet = Some(best);
            }
            if !self.all_seen(&seen) {
                for label in entry.labels.get_or_init(|| labels(&entry.public, analyser, vocabularies)) {
                    self.note(label, &self.marks(label, strict), &mut seen, &mut matched);
                }
            }
            self.note_similar(&entry.head, &mut marks_of_head, &mut seen, &mut matched, analyser);
        }
        let plain = |text: &str| vec![Segment::plain(text)];
        let common = &entry.public.entry.common;
        matched.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.how.cmp(&b.1.how)));
        matched.truncate(MATCHES_MAX);
        Shown {
            title: title
                .map_or_else(|| plain(&common.title), |title| segments(&entry.head[title].text, &marks_of_head[title])),
            snippet: snippet.unwrap_or_else(|| plain(&common.summary)),
            matched: matched.into_iter().map(|(_, matched)| matched).collect(),
        }
    }

    /// Whether every word that a strict hit must have has been found.
    fn all_seen(&self, seen: &[bool]) -> bool {
        seen.iter().zip(&self.targets).all(|(seen, target)| *seen || target.folded.is_empty())
    }

    fn marks(&self, text: &AnalysedText, strict: bool) -> Vec<Mark> {
        let mut marks: Vec<Mark> = Vec::new();
        for word in &text.words {
            for (number, target) in self.targets.iter().enumerate() {
                if let Some((how, span)) = target.find(word, strict) {
                    marks.push(Mark { span: span.start as usize..span.end as usize, target: number, how });
                }
            }
        }
        marks
    }

    /// Reports for each word the best match in this text.
    fn note(&self, text: &AnalysedText, marks: &[Mark], seen: &mut [bool], matched: &mut Vec<(usize, Match)>) {
        for (number, target) in self.targets.iter().enumerate() {
            let best = marks.iter().filter(|mark| mark.target == number).min_by_key(|mark| mark.how);
            let Some(best) = best else { continue };
            seen[number] = true;
            let found = Match {
                word: target.word.clone(),
                found: text.text[best.span.clone()].to_owned(),
                field: text.field.to_owned(),
                how: best.how,
            };
            match matched.iter_mut().find(|(target, known)| *target == number && known.field == found.field) {
                Some((_, known)) if known.how <= found.how => {}
                Some((_, known)) => *known = found,
                None => matched.push((number, found)),
            }
        }
    }

    /// The passage of the body that shows most of the words that the head does not have.
    fn read_body(
        &self,
        texts: &[AnalysedText],
        strict: bool,
        seen: &mut [bool],
        matched: &mut Vec<(usize, Match)>,
    ) -> Option<Vec<Segment>> {
        let before = seen.to_vec();
        let mut best: Option<(usize, usize, Vec<Segment>)> = None;
        for (order, text) in texts.iter().enumerate() {
            let marks = self.marks(text, strict);
            if marks.is_empty() {
                continue;
            }
            let mut news: Vec<usize> = marks.iter().map(|mark| mark.target).filter(|target| !before[*target]).collect();
            news.sort_unstable();
            news.dedup();
            let useful = news.iter().filter(|target| !self.targets[**target].folded.is_empty()).count();
            self.note(text, &marks, seen, matched);
            if useful > 0 && best.as_ref().is_none_or(|(most, _, _)| useful > *most) {
                let fresh: Vec<Mark> =
                    marks.into_iter().filter(|mark| !self.targets[mark.target].folded.is_empty()).collect();
                best = Some((useful, order, cut(&text.text, &fresh)));
            }
        }
        best.map(|(_, _, snippet)| snippet)
    }

    /// Words that only look alike.
    fn note_similar(
        &self,
        head: &[AnalysedText],
        marks: &mut [Vec<Mark>],
        seen: &mut [bool],
        matched: &mut Vec<(usize, Match)>,
        analyser: &Analyser,
    ) {
        for (number, target) in self.targets.iter().enumerate() {
            if seen[number] || target.folded.is_empty() {
                continue;
            }
            let wanted = gram_set(&target.folded);
            let mut best: Option<(f32, usize, Range<usize>)> = None;
            for (index, text) in head.iter().enumerate() {
                analyser.words(&text.text, &mut |word| {
                    if word.form == Form::Simple && word.weight >= 1.0 {
                        let share = overlap(&wanted, &gram_set(word.folded));
                        if share >= SIMILAR_SHARE && best.as_ref().is_none_or(|(most, _, _)| share > *most) {
                            best = Some((share, index, word.span.clone()));
                        }
                    }
                });
            }
            if let Some((_, index, span)) = best {
                seen[number] = true;
                let text = &head[index];
                let found = text.text[span.clone()].to_owned();
                matched.push((
                    number,
                    Match { word: target.word.clone(), found, field: text.field.to_owned(), how: How::Similar },
                ));
                marks[index].push(Mark { span, target: number, how: How::Similar });
            }
        }
    }
}

impl HashedTarget {
    fn find(&self, word: &AnalysedWord, strict: bool) -> Option<(How, Range<u32>)> {
        if word.exact == self.exact {
            return Some((How::Exact, word.span.clone()));
        }
        if let Some((_, how)) = self.stems.iter().find(|(stem, _)| *stem == word.stem) {
            return Some((*how, word.span.clone()));
        }
        let part = |(stem, span): &(u64, Range<u32>)| {
            self.parts.iter().find(|(wanted, _)| wanted == stem).map(|(_, how)| (*how, span.clone()))
        };
        let found = word.parts.iter().find_map(part);
        let own = |(stem, span): (&u64, &Range<u32>)| self.own_parts.contains(stem).then(|| (How::Part, span.clone()));
        let whole = std::iter::once((&word.stem, &word.span));
        let mut apart = whole.chain(word.parts.iter().map(|(stem, span)| (stem, span)));
        found.or_else(|| if strict { None } else { apart.find_map(own) })
    }
}

fn gram_set(folded: &str) -> Vec<String> {
    let mut set = Vec::new();
    grams(folded, &mut |gram| set.push(gram.to_owned()));
    set.sort_unstable();
    set.dedup();
    set
}

/// Dice coefficient of two sets of grams.
fn overlap(a: &[String], b: &[String]) -> f32 {
    let common = a.iter().filter(|gram| b.binary_search(gram).is_ok()).count();
    2.0 * common as f32 / (a.len() + b.len()).max(1) as f32
}

/// A whole text in segments.
fn segments(text: &str, marks: &[Mark]) -> Vec<Segment> {
    pieces(text, 0..text.len(), marks)
}

/// The piece of a text around its first matches, in segments.
fn cut(text: &str, marks: &[Mark]) -> Vec<Segment> {
    if text.chars().count() <= SNIPPET_CHARS_MAX + SNIPPET_BEFORE_CHARS {
        return segments(text, marks);
    }
    let first = marks.iter().map(|mark| mark.span.start).min().unwrap_or(0);
    let start = match text[..first].char_indices().rev().nth(SNIPPET_BEFORE_CHARS) {
        Some((at, _)) => text[at..first].find(' ').map_or(at, |space| at + space + 1),
        None => 0,
    };
    let end = match text[start..].char_indices().nth(SNIPPET_CHARS_MAX) {
        Some((length, _)) => text[start..start + length].rfind(' ').map_or(start + length, |space| start + space),
        None => text.len(),
    };
    let end = end.max(marks.iter().map(|mark| mark.span.end).filter(|end| *end > first).min().unwrap_or(end));
    let mut segments = pieces(text, start..end, marks);
    if start > 0 {
        segments.insert(0, Segment::plain("… "));
    }
    if end < text.len() {
        segments.push(Segment::plain(" …"));
    }
    segments
}

fn pieces(text: &str, window: Range<usize>, marks: &[Mark]) -> Vec<Segment> {
    let mut spans: Vec<Range<usize>> = marks
        .iter()
        .map(|mark| mark.span.clone())
        .filter(|span| span.start >= window.start && span.end <= window.end)
        .collect();
    spans.sort_unstable_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
    let mut segments = Vec::new();
    let mut at = window.start;
    for span in spans {
        if span.start < at {
            continue;
        }
        if span.start > at {
            segments.push(Segment::plain(&text[at..span.start]));
        }
        segments.push(Segment::marked(&text[span.clone()]));
        at = span.end;
    }
    if at < window.end {
        segments.push(Segment::plain(&text[at..window.end]));
    }
    segments
}
