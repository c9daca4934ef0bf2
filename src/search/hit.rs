//! How a hit is shown: title and snippet in segments, and which words matched where and how.

use std::ops::Range;

use super::{
    response::{How, Match, Segment},
    understand::Target,
};
use crate::{
    index::sheet::{Section, Sheet, SheetText, SheetWord, hash},
    text::grams,
};

/// Longest snippet, in characters: two lines on a wide screen.
const SNIPPET_CHARS_MAX: usize = 240;
/// Text before the first match of a snippet that does not begin at the beginning.
const SNIPPET_BEFORE_CHARS: usize = 60;
/// Matches reported for one hit.
const MATCHES_MAX: usize = 12;
/// Share of 4-grams that makes two words similar to the eye.
const SIMILAR_SHARE: f32 = 0.45;
/// Words of a query for which words of similar spelling are looked for in each hit; nobody reads more explanations.
const SIMILAR_WORDS_MAX: usize = 8;

/// A query's words, ready to be found in texts.
pub struct Marker {
    targets: Vec<HashedTarget>,
    /// Every hash that is looked for in a text: most words have none and are passed over.
    wanted: Hashes,
}

/// A set of hashes; now and then it takes one for another. A bit each: a query has some ten of them.
#[derive(Default)]
struct Hashes([u64; 16]);

struct HashedTarget {
    word: String,
    /// Whether a strict hit must have it.
    required: bool,
    /// 4-grams of the word, where it is required.
    grams: Vec<u32>,
    exact: u32,
    stems: Vec<(u32, How)>,
    parts: Vec<(u32, How)>,
    own_parts: Vec<u32>,
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

/// A word that looks like a target.
struct Alike {
    share: f32,
    target: usize,
    text: usize,
    span: Range<usize>,
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
        let grams = |target: &Target| {
            let mut grams = Vec::new();
            if target.required {
                all_grams(&target.folded, &mut grams);
                make_set(&mut grams);
            }
            grams
        };
        let targets = targets
            .iter()
            .map(|target| HashedTarget {
                word: target.word.clone(),
                required: target.required,
                grams: grams(target),
                exact: hash(&target.exact),
                stems: hashed(&target.stems),
                parts: hashed(&target.parts),
                own_parts: target.own_parts.iter().map(|stem| hash(stem)).collect(),
            })
            .collect();
        let mut marker = Self { targets, wanted: Hashes::default() };
        for target in &marker.targets {
            marker.wanted.insert(target.exact);
            target.stems.iter().chain(&target.parts).for_each(|(stem, _)| marker.wanted.insert(*stem));
            target.own_parts.iter().for_each(|stem| marker.wanted.insert(*stem));
        }
        marker
    }

    /// What to show of an entry. In a strict hit the parts of a compound that was typed are not marked on their own:
    /// "Rat" is another thing than the "Bürgerrat" that was found.
    pub fn show(&self, sheet: &Sheet, strict: bool) -> Shown {
        let head = sheet.texts(Section::Head);
        let mut matched: Vec<(usize, Match)> = Vec::new();
        let mut seen = vec![false; self.targets.len()];
        let mut marks_of_head: Vec<Vec<Mark>> = Vec::with_capacity(head.len());
        for text in &head {
            let marks = self.marks(text, strict);
            self.note(text, &marks, &mut seen, &mut matched);
            marks_of_head.push(marks);
        }
        let title = head.iter().position(|text| text.field == "title");
        let summary = head.iter().position(|text| text.field == "summary");
        let mut snippet = summary
            .filter(|summary| !marks_of_head[*summary].is_empty())
            .map(|summary| cut(head[summary].text, &marks_of_head[summary]));
        // The body is only read when the head does not explain the hit.
        if !self.all_seen(&seen) {
            let body = sheet.texts(Section::Body);
            let best = self.read_body(&body, strict, &mut seen, &mut matched);
            if let Some(best) = best {
                snippet = Some(best);
            }
            if !self.all_seen(&seen) {
                for label in &sheet.texts(Section::Label) {
                    self.note(label, &self.marks(label, strict), &mut seen, &mut matched);
                }
            }
            self.note_similar(&head, &mut marks_of_head, &mut seen, &mut matched);
            if matched.is_empty() {
                snippet = self.note_faint(&body, &mut matched).or(snippet);
            }
        }
        if matched.is_empty() {
            matched.extend(self.unseen(&sheet.face.title));
        }
        let plain = |text: &str| vec![Segment::plain(text)];
        matched.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.how.cmp(&b.1.how)));
        matched.truncate(MATCHES_MAX);
        Shown {
            title: title
                .map_or_else(|| plain(&sheet.face.title), |title| segments(head[title].text, &marks_of_head[title])),
            snippet: snippet.unwrap_or_else(|| plain(&sheet.face.facts.summary)),
            matched: matched.into_iter().map(|(_, matched)| matched).collect(),
        }
    }

    /// The reason for a hit that none of its texts explains: another spelling of its name, which is searched but never
    /// shown.
    fn unseen(&self, title: &str) -> Option<(usize, Match)> {
        let (number, target) = self.targets.iter().enumerate().find(|(_, target)| target.required)?;
        let (word, found) = (target.word.clone(), title.to_owned());
        Some((number, Match { word, found, field: "title".to_owned(), how: How::Similar }))
    }

    /// Whether every word that a strict hit must have has been found.
    fn all_seen(&self, seen: &[bool]) -> bool {
        seen.iter().zip(&self.targets).all(|(seen, target)| *seen || !target.required)
    }

    fn marks(&self, text: &SheetText<'_>, strict: bool) -> Vec<Mark> {
        let mut marks: Vec<Mark> = Vec::new();
        let wanted = |word: &SheetWord<'_>| {
            let wanted = self.wanted.contains(word.exact) || self.wanted.contains(word.stem);
            wanted || word.parts().any(|(stem, _)| self.wanted.contains(stem))
        };
        for word in text.words().filter(wanted) {
            for (number, target) in self.targets.iter().enumerate() {
                if let Some((how, span)) = target.find(&word, strict) {
                    marks.push(Mark { span, target: number, how });
                }
            }
        }
        marks
    }

    /// Reports for each word the best match in this text.
    fn note(&self, text: &SheetText<'_>, marks: &[Mark], seen: &mut [bool], matched: &mut Vec<(usize, Match)>) {
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
        texts: &[SheetText<'_>],
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
            let useful = news.iter().filter(|target| self.targets[**target].required).count();
            self.note(text, &marks, seen, matched);
            if useful > 0 && best.as_ref().is_none_or(|(most, _, _)| useful > *most) {
                let fresh: Vec<Mark> = marks.into_iter().filter(|mark| self.targets[mark.target].required).collect();
                best = Some((useful, order, cut(text.text, &fresh)));
            }
        }
        best.map(|(_, _, snippet)| snippet)
    }

    /// Words of the head that only look alike.
    fn note_similar(
        &self,
        head: &[SheetText<'_>],
        marks: &mut [Vec<Mark>],
        seen: &mut [bool],
        matched: &mut Vec<(usize, Match)>,
    ) {
        let open: Vec<usize> = (0..self.targets.len()).filter(|number| !seen[*number]).collect();
        for Alike { target, text, span, .. } in self.most_similar(&open, head, SIMILAR_SHARE) {
            seen[target] = true;
            matched.push((target, self.targets[target].similar(&head[text], &span)));
            marks[text].push(Mark { span, target, how: How::Similar });
        }
    }

    /// The word of the body that looks most alike, for a hit that nothing else explains; gives the passage.
    fn note_faint(&self, body: &[SheetText<'_>], matched: &mut Vec<(usize, Match)>) -> Option<Vec<Segment>> {
        let all: Vec<usize> = (0..self.targets.len()).collect();
        let found = self.most_similar(&all, body, f32::EPSILON).into_iter();
        let Alike { target, text, span, .. } = found.max_by(|a, b| a.share.total_cmp(&b.share))?;
        matched.push((target, self.targets[target].similar(&body[text], &span)));
        Some(cut(body[text].text, &[Mark { span, target, how: How::Similar }]))
    }

    /// For each of these targets the word that shares most 4-grams with it, where it is at least this share.
    fn most_similar(&self, targets: &[usize], texts: &[SheetText<'_>], least: f32) -> Vec<Alike> {
        let wanted = targets.iter().copied().filter(|target| !self.targets[*target].grams.is_empty());
        let wanted: Vec<usize> = wanted.take(SIMILAR_WORDS_MAX).collect();
        let mut best: Vec<Option<Alike>> = wanted.iter().map(|_| None).collect();
        if wanted.is_empty() {
            return Vec::new();
        }
        let mut common = Hashes::default();
        wanted.iter().flat_map(|target| &self.targets[*target].grams).for_each(|gram| common.insert(*gram));
        let mut grams = Vec::new();
        for (number, text) in texts.iter().enumerate() {
            for word in text.words().filter(|word| !word.folded.is_empty()) {
                all_grams(std::str::from_utf8(word.folded).unwrap_or_default(), &mut grams);
                if !grams.iter().any(|gram| common.contains(*gram)) {
                    continue;
                }
                make_set(&mut grams);
                for (target, best) in wanted.iter().zip(&mut best) {
                    let share = overlap(&self.targets[*target].grams, &grams);
                    if share >= least && best.as_ref().is_none_or(|best| share > best.share) {
                        *best = Some(Alike { share, target: *target, text: number, span: word.span() });
                    }
                }
            }
        }
        best.into_iter().flatten().collect()
    }
}

impl Hashes {
    fn insert(&mut self, hash: u32) {
        self.0[hash as usize / 64 % 16] |= 1 << (hash % 64);
    }

    fn contains(&self, hash: u32) -> bool {
        self.0[hash as usize / 64 % 16] >> (hash % 64) & 1 == 1
    }
}

impl HashedTarget {
    fn find(&self, word: &SheetWord<'_>, strict: bool) -> Option<(How, Range<usize>)> {
        if word.exact == self.exact {
            return Some((How::Exact, word.span()));
        }
        if let Some((_, how)) = self.stems.iter().find(|(stem, _)| *stem == word.stem) {
            return Some((*how, word.span()));
        }
        let part = |(stem, span): (u32, Range<usize>)| {
            self.parts.iter().find(|(wanted, _)| *wanted == stem).map(|(_, how)| (*how, span))
        };
        let found = word.parts().find_map(part);
        if found.is_some() || strict || self.own_parts.is_empty() {
            return found;
        }
        let mut apart = std::iter::once((word.stem, word.span())).chain(word.parts());
        apart.find_map(|(stem, span)| self.own_parts.contains(&stem).then_some((How::Part, span)))
    }

    fn similar(&self, text: &SheetText<'_>, span: &Range<usize>) -> Match {
        let found = text.text[span.clone()].to_owned();
        Match { word: self.word.clone(), found, field: text.field.to_owned(), how: How::Similar }
    }
}

/// Makes `all` the 4-grams of a word, each by its hash.
fn all_grams(folded: &str, all: &mut Vec<u32>) {
    all.clear();
    grams(folded, &mut |gram| all.push(hash(gram)));
}

/// Makes a set of them, in order.
fn make_set(grams: &mut Vec<u32>) {
    grams.sort_unstable();
    grams.dedup();
}

/// Dice coefficient of two sets of grams.
fn overlap(a: &[u32], b: &[u32]) -> f32 {
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
