//! Realistic German entries in any number, made from the real ones.
//!
//! An entry is a real one told anew: its skeleton (kind, facets, numbers) with changes, its sentences mixed with those
//! of two other entries and of all, nouns exchanged or lengthened to compounds nobody has written yet. So the frequent
//! words are as frequent as in the real collection, and the vocabulary keeps growing with the number of entries, as
//! that of real collections does. Entry `n` of a seed is always the same, whatever else is generated.

mod random;
mod words;

use std::{collections::BTreeMap, io::Write};

use mitmachbox::{
    model::{
        entry::{Entry, Profile},
        id::EntryId,
        kind::Kind,
        shape, slug,
        texts::texts,
        validate::{self, Strictness},
        vocabulary::Vocabularies,
    },
    text::Analyser,
};
use serde_json::{Map, Value, json};

pub(crate) use random::Rng;
use words::{Sentence, Words};

/// Text of an entry in bytes, on average; the budgets speak of entries of 2 kB.
const TEXT_BYTES: f64 = 1_900.0;

/// How kinds are distributed, in percent: most of what a city collects are formats and cases.
const KINDS: [(Kind, u32); 5] =
    [(Kind::Format, 35), (Kind::BestPractice, 35), (Kind::Guide, 15), (Kind::Concept, 7), (Kind::Idea, 8)];

/// Sentences come from the entry's own sources mostly: entries have a subject.
const FROM_OWN_SOURCES: f64 = 0.75;

/// Most items of a list of texts; no list may have fewer.
const LIST_ITEMS_MAX: usize = 12;

/// Fields with running text.
const TEXTS: &[&str] = &[
    "body",
    "occasion",
    "aim",
    "process",
    "results",
    "use_of_results",
    "impact",
    "transferability",
    "problem",
    "proposal",
    "benefit",
    "accessibility_notes",
];

/// Fields with a list of short texts.
const LISTS: &[&str] = &[
    "fits_when",
    "does_not_fit_when",
    "strengths",
    "weaknesses",
    "tips",
    "pitfalls",
    "variants",
    "materials",
    "rooms",
    "lessons",
    "building_blocks",
    "contents",
];

/// Fields with terms, and the vocabulary that they are from.
const TERMS: &[(&str, &str)] = &[
    ("levels", "levels"),
    ("purposes", "purposes"),
    ("phases", "phases"),
    ("topics", "topics"),
    ("audiences", "audiences"),
    ("scopes", "scopes"),
    ("districts", "districts"),
    ("recruitment", "recruitment"),
    ("accessibility", "accessibility"),
    ("legal_bases", "legal_bases"),
    ("outcome_forms", "outcome_forms"),
];

/// Ranges of numbers.
const RANGES: &[&str] = &["participants", "duration_minutes", "lead_time_weeks", "cost_eur"];

/// What entries are made from.
pub(crate) struct Corpus {
    seed: u64,
    sources: Vec<Source>,
    /// Sentences of all entries by field.
    pool: BTreeMap<&'static str, Vec<Sentence>>,
    words: Words,
    terms: BTreeMap<&'static str, Vec<String>>,
    states: Vec<String>,
}

/// A real entry, taken apart.
struct Source {
    kind: Kind,
    title: String,
    /// Everything without running text.
    skeleton: Map<String, Value>,
    /// Bytes of its texts (titles of sources, roles …).
    skeleton_bytes: usize,
    /// Running text by field, sentence by sentence.
    sentences: BTreeMap<&'static str, Vec<Sentence>>,
}

impl Corpus {
    /// Takes the real entries apart.
    pub(crate) fn new(seed: u64, real: &[Entry], vocabularies: &Vocabularies, analyser: &Analyser) -> Self {
        let sources: Vec<Source> = real.iter().map(Source::new).collect();
        let mut pool: BTreeMap<&'static str, Vec<Sentence>> = BTreeMap::new();
        for (field, sentences) in sources.iter().flat_map(|source| &source.sentences) {
            pool.entry(field).or_default().extend(sentences.iter().cloned());
        }
        let titles: Vec<String> = real
            .iter()
            .flat_map(|entry| std::iter::once(&entry.common.title).chain(&entry.common.alternative_titles))
            .cloned()
            .collect();
        let (mut towns, mut states) = (Vec::new(), Vec::new());
        for entry in real {
            if let Profile::BestPractice(case) = &entry.profile {
                towns.extend(case.municipality.clone());
                states.extend(case.state.clone());
            }
        }
        towns.sort_unstable();
        towns.dedup();
        let words = Words::new(pool.values().flatten(), &titles, towns, analyser);
        let terms = TERMS.iter().map(|(field, vocabulary)| {
            let known = vocabularies.get(vocabulary);
            let any = known.and_then(|vocabulary| vocabulary.any.clone());
            let terms = known.iter().flat_map(|vocabulary| &vocabulary.terms).map(|term| term.id.clone());
            (*field, terms.filter(|id| Some(id) != any.as_ref()).collect())
        });
        Self { seed, sources, pool, words, terms: terms.collect(), states }
    }

    /// Id of a generated entry.
    pub(crate) fn id(slug: &str) -> EntryId {
        EntryId::of_seed("bench", slug)
    }

    /// Entry number `number`. Its relations name slugs of other generated entries.
    pub(crate) fn entry(&self, number: u64) -> Entry {
        let mut teller = Teller::new(self, number);
        let mut fields = teller.fields(number);
        teller.tell(&mut fields);
        Entry::from_checked(&Value::Object(fields)).expect("a skeleton of an entry, with texts, is an entry")
    }

    /// Writes the first `count` entries as NDJSON.
    ///
    /// # Errors
    /// On an entry that could not be published, and where `out` cannot be written.
    pub(crate) fn write(&self, count: u64, vocabularies: &Vocabularies, out: &mut impl Write) -> anyhow::Result<()> {
        for number in 0..count {
            let entry = self.entry(number);
            let content = entry.to_json();
            shape::check(&content).map_err(|problems| anyhow::anyhow!("entry {number}: {problems:?}"))?;
            validate::check(&entry, vocabularies, Strictness::Publish)
                .map_err(|problems| anyhow::anyhow!("entry {number}: {problems:?}"))?;
            writeln!(out, "{content}")?;
        }
        Ok(out.flush()?)
    }
}

/// One entry being made.
struct Teller<'a> {
    corpus: &'a Corpus,
    rng: Rng,
    /// The first gives the skeleton.
    sources: Vec<&'a Source>,
    title: String,
}

impl<'a> Teller<'a> {
    /// Draws kind, sources and title: that is all one must know of an entry to name it in a relation.
    fn new(corpus: &'a Corpus, number: u64) -> Self {
        let mut rng = Rng::of(corpus.seed, number);
        let mut dice = rng.below(100) as u32;
        let mut kind = Kind::Format;
        for (candidate, share) in KINDS {
            kind = candidate;
            if dice < share {
                break;
            }
            dice -= share;
        }
        let of_kind: Vec<&Source> = corpus.sources.iter().filter(|source| source.kind == kind).collect();
        let mut sources: Vec<&Source> = rng.pick(&of_kind).into_iter().copied().collect();
        for _ in 0..2 {
            sources.extend(rng.pick(&corpus.sources));
        }
        let word = corpus.words.title_word(&mut rng);
        let town = corpus.words.town(&mut rng);
        let known = sources.last().map_or("", |source| &source.title);
        let title = match (kind, rng.below(10)) {
            (Kind::Format, 0) => format!("{known} als {word}"),
            (Kind::Format, 1) => format!("{word} mit {}", corpus.words.keyword(&mut rng)),
            (Kind::Format, _) => word,
            (Kind::BestPractice, 0..4) => format!("{known} {town}"),
            (Kind::BestPractice, 4) => format!("{word} {town} {}", 1995 + rng.below(31)),
            (Kind::BestPractice, _) => format!("{word} {town}"),
            (Kind::Guide, 0..3) => format!("Leitfaden {word}"),
            (Kind::Guide, 3..6) => format!("Handbuch {word}"),
            (Kind::Guide, 6 | 7) => format!("Arbeitshilfe {word}"),
            (Kind::Guide, _) => format!("{word}: {} für die Praxis", corpus.words.keyword(&mut rng)),
            (Kind::Concept, 0..5) => format!("Leitlinien {word} {town}"),
            (Kind::Concept, _) => format!("Konzept {word} der Stadt {town}"),
            (Kind::Idea, 0..4) => format!("{word} für {}", corpus.words.keyword(&mut rng)),
            (Kind::Idea, _) => word,
        };
        Self { corpus, rng, sources, title: truncated(&title, 150) }
    }

    fn slug(&self, number: u64) -> String {
        let mut slug = slug::from_title(&self.title);
        slug.truncate(80);
        format!("{}-{number}", slug.trim_end_matches('-'))
    }

    /// The fields without running text.
    fn fields(&mut self, number: u64) -> Map<String, Value> {
        let corpus = self.corpus;
        let kind = self.sources[0].kind;
        let mut fields = self.sources[0].skeleton.clone();
        fields.insert("slug".into(), self.slug(number).into());
        fields.insert("title".into(), self.title.clone().into());
        let other = corpus.words.title_word(&mut self.rng);
        let halves = [corpus.words.title_word(&mut self.rng), corpus.words.keyword(&mut self.rng)];
        fields.insert("spelling_variants".into(), json!([other.replace('ü', "ue"), halves.join("-")]));
        fields.insert("alternative_titles".into(), if self.rng.chance(0.6) { json!([other]) } else { json!([]) });
        let keywords: Vec<String> =
            (0..3 + self.rng.below(4)).map(|_| truncated(&corpus.words.keyword(&mut self.rng), 60)).collect();
        fields.insert("keywords".into(), json!(keywords));
        for (field, _) in TERMS {
            self.terms(field, &mut fields);
        }
        for range in RANGES {
            self.range(range, &mut fields);
        }
        self.dates(kind, &mut fields);
        let relations: Vec<Value> = (0..self.rng.below(4).min(number as usize))
            .map(|_| {
                let target = self.rng.below(number as usize) as u64;
                json!({ "type": "combines_with", "target": Teller::new(corpus, target).slug(target) })
            })
            .collect();
        fields.insert("relations".into(), relations.into());
        fields
    }

    /// Terms of the skeleton, of another entry, or one of them exchanged.
    fn terms(&mut self, field: &'static str, fields: &mut Map<String, Value>) {
        let corpus = self.corpus;
        let Some(Value::Array(mut terms)) = fields.get(field).cloned() else { return };
        let kind = self.sources[0].kind;
        if self.rng.chance(0.4) {
            let others: Vec<&Source> = corpus.sources.iter().filter(|source| source.kind == kind).collect();
            if let Some(Value::Array(other)) =
                self.rng.pick(&others).and_then(|source| source.skeleton.get(field)).cloned()
            {
                terms = other;
            }
        }
        if self.rng.chance(0.4)
            && let Some(term) = self.rng.pick(&corpus.terms[field])
            && !terms.contains(&json!(term))
        {
            let at = self.rng.below(terms.len());
            terms[at] = json!(term);
        }
        fields.insert(field.into(), terms.into());
    }

    /// Both ends of a range, times the same number.
    fn range(&mut self, name: &str, fields: &mut Map<String, Value>) {
        let factor = 0.4 + 1.8 * self.rng.unit();
        for end in ["min", "max"] {
            if let Some(value) = fields.get_mut(&format!("{name}_{end}"))
                && let Some(number) = value.as_f64()
            {
                *value = json!((number * factor).round().max(1.0) as u32);
            }
        }
    }

    fn dates(&mut self, kind: Kind, fields: &mut Map<String, Value>) {
        let year = 1995 + self.rng.below(31);
        match kind {
            Kind::BestPractice => {
                let town = self.corpus.words.town(&mut self.rng);
                fields.insert("municipality".into(), town.into());
                fields.remove("ags");
                fields.remove("ends_on");
                fields.insert("begins_on".into(), format!("{year}-{:02}", 1 + self.rng.below(12)).into());
                if let Some(state) = self.rng.pick(&self.corpus.states) {
                    fields.insert("state".into(), state.as_str().into());
                }
            }
            Kind::Guide => {
                fields.insert("year".into(), year.into());
            }
            Kind::Format | Kind::Concept | Kind::Idea => {}
        }
    }

    /// Fills in running text until there is enough of it.
    fn tell(&mut self, fields: &mut Map<String, Value>) {
        let source = self.sources[0];
        // Lengths of texts vary over about a factor of three; the mean of the factor is one.
        let enough = (TEXT_BYTES * (0.45 + 1.1 * self.rng.unit())) as usize;
        let summary = truncated(&self.sentences("summary", 2), 300);
        let mut bytes = source.skeleton_bytes + summary.len();
        fields.insert("summary".into(), summary.into());
        if self.rng.chance(0.7) {
            let plain = truncated(&self.sentences("plain_language", 3), 1_500);
            bytes += plain.len();
            fields.insert("plain_language".into(), json!({ "text": plain, "level": "einfach" }));
        }
        // A field gets as much of the text as it has in the source, by chance.
        let places: Vec<&'static str> = source
            .sentences
            .iter()
            .filter(|(field, _)| !matches!(**field, "summary" | "plain_language" | "step_titles"))
            .flat_map(|(field, sentences)| std::iter::repeat_n(*field, sentences.len()))
            .collect();
        while bytes < enough
            && let Some(field) = self.rng.pick(&places).copied()
        {
            let sentence = self.sentences(field, 1);
            bytes += sentence.len();
            self.append(fields, field, sentence);
        }
    }

    fn append(&mut self, fields: &mut Map<String, Value>, field: &str, sentence: String) {
        if TEXTS.contains(&field) {
            let before = fields.get(field).and_then(Value::as_str).unwrap_or_default();
            let gap = match before {
                "" => "",
                // Some of the texts are Markdown; paragraphs do no harm in the others.
                _ if self.rng.chance(0.25) => "\n\n",
                _ => " ",
            };
            fields.insert(field.into(), format!("{before}{gap}{sentence}").into());
            return;
        }
        let item = if field == "steps" {
            json!({ "title": truncated(&self.sentences("step_titles", 1), 120), "text": sentence })
        } else {
            truncated(&sentence, 400).into()
        };
        match fields.get_mut(field) {
            Some(Value::Array(items)) if items.len() < LIST_ITEMS_MAX => items.push(item),
            Some(_) => {}
            None => {
                fields.insert(field.into(), json!([item]));
            }
        }
    }

    /// Some sentences as this field has them.
    fn sentences(&mut self, field: &str, count: usize) -> String {
        let mut told = Vec::with_capacity(count);
        for _ in 0..count {
            let own = self.rng.chance(FROM_OWN_SOURCES);
            let source = self.rng.pick(&self.sources).filter(|_| own);
            let pool = source.and_then(|source| source.sentences.get(field)).or_else(|| self.corpus.pool.get(field));
            if let Some(sentence) = pool.and_then(|pool| self.rng.pick(pool)) {
                told.push(self.corpus.words.vary(sentence, &mut self.rng));
            }
        }
        told.join(" ")
    }
}

impl Source {
    fn new(entry: &Entry) -> Self {
        let Value::Object(mut skeleton) = entry.to_json() else { unreachable!("an entry is an object") };
        let mut sentences: BTreeMap<&'static str, Vec<Sentence>> = BTreeMap::new();
        let mut add = |field, text: &str| sentences.entry(field).or_default().extend(split(text));
        for field in TEXTS.iter().chain(&["summary"]) {
            if let Some(Value::String(text)) = skeleton.shift_remove(*field) {
                add(field, &text);
            }
        }
        for field in LISTS {
            let items = skeleton.shift_remove(*field);
            items
                .iter()
                .filter_map(Value::as_array)
                .flatten()
                .filter_map(Value::as_str)
                .for_each(|item| add(field, item));
        }
        if let Some(plain) = skeleton.shift_remove("plain_language") {
            add("plain_language", plain["text"].as_str().unwrap_or_default());
        }
        if let Some(Value::Array(steps)) = skeleton.shift_remove("steps") {
            for step in &steps {
                add("step_titles", step["title"].as_str().unwrap_or_default());
                add("steps", step["text"].as_str().unwrap_or_default());
            }
        }
        for gone in ["subtitle", "relations", "alternative_titles", "spelling_variants", "keywords"] {
            skeleton.shift_remove(gone);
        }
        let title = entry.common.title.clone();
        let bare = Entry::from_checked(&Value::Object(skeleton.clone())).expect("an entry without texts is one");
        let skeleton_bytes = texts(&bare).iter().map(|text| text.text.len()).sum();
        Self { kind: entry.kind(), title, skeleton, skeleton_bytes, sentences }
    }
}

/// Sentences of a text, headings and marks of Markdown lists left out.
fn split(text: &str) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let line = line.trim_start_matches(['-', '*', '>', ' ']);
        let mut start = 0;
        for (at, _) in line.match_indices(". ").chain(line.match_indices("? ")).chain(line.match_indices("! ")) {
            // "z. B." and "am 3. Mai" end no sentence.
            let before = line[..at].rsplit(' ').next().unwrap_or_default();
            if at > start && before.chars().count() > 2 && !before.ends_with(|letter: char| letter.is_ascii_digit()) {
                sentences.push(Sentence::new(&line[start..=at]));
                start = at + 2;
            }
        }
        if !line[start..].trim().is_empty() {
            sentences.push(Sentence::new(line[start..].trim()));
        }
    }
    sentences
}

/// The beginning of a text, at the end of a word.
fn truncated(text: &str, chars_max: usize) -> String {
    match text.char_indices().nth(chars_max) {
        None => text.to_owned(),
        Some((end, _)) => text[..text[..end].rfind(' ').unwrap_or(end)].to_owned(),
    }
}
