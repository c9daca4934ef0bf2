//! From what a visitor typed to what to look for: the plan, and the report of what was done to the query.

use std::{collections::HashMap, ops::Range};

use super::{
    request::Verbatim,
    response::{Applied, How, Replacement, Split},
};
use crate::{
    index::{
        IndexError,
        document::folded_text,
        plan::{Concept, Phrase, Plan, PlanWord, Way},
        ranking::Weights,
        snapshot::Snapshot,
    },
    query::{Clause, Query},
    text::{
        Analyser, Form, OwnedWord, Pairs, Part, grams, grams_open, normalise::fold, stem::stem,
        stopwords::CONTENT_WEIGHT,
    },
};

/// Words that may be corrected in one query; each look-up walks the vocabulary.
const CORRECTED_WORDS_MAX: usize = 3;
/// Rare words for which a likelier one is looked for in one query; so does each of these.
const DOUBTED_WORDS_MAX: usize = 3;
/// Neighbours of a rare word among which a likelier one may be; the nearest is the word itself.
const NEIGHBOURS_MAX: usize = 4;
/// Corrections tried for one word.
const CORRECTIONS_MAX: usize = 4;
/// Words that a prefix may stand for.
const COMPLETIONS_MAX: usize = 50;
/// Shortest beginning of a word that is completed.
const PREFIX_CHARS_MIN: usize = 3;
/// Bits of the mask in which execution notes the words of a document.
const WORDS_MAX: usize = 32;

/// A query understood.
#[derive(Debug, Default)]
pub struct Understood {
    /// What to look for.
    pub plan: Plan,
    /// What was done to the query.
    pub applied: Applied,
    /// What counts as finding each word, for highlighting and explanations.
    pub targets: Vec<Target>,
    /// What may find more, by frequency alone: bytes of the query and the word to put there.
    pub alternative: Option<(Range<usize>, String)>,
}

/// What counts as finding one word, word by word of a text.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// As typed.
    pub word: String,
    /// Exact form.
    pub exact: String,
    /// Folded form.
    pub folded: String,
    /// Stems of whole words.
    pub stems: HashMap<String, How>,
    /// Stems of parts of compounds.
    pub parts: HashMap<String, How>,
    /// Stems of its own parts: what a relaxed hit may have instead of it.
    pub own_parts: Vec<String>,
    /// Whether missing it makes a hit relaxed.
    pub required: bool,
}

/// Makes a plan of a query.
///
/// # Errors
/// Where the vocabulary of the index cannot be read.
pub fn understand(
    snapshot: &Snapshot,
    query: &Query,
    verbatim: Verbatim,
    weights: &Weights,
) -> Result<Understood, IndexError> {
    let analyser = snapshot.shared.analyser;
    let mut words = analyser.analyse(&query.plain);
    let mut texts = vec![query.plain.as_str(); words.len()];
    let free = words.len();
    for clause in query.phrases.iter().chain(&query.in_title) {
        let position = words.last().map_or(0, |word| word.position + 2);
        for mut word in analyser.analyse(&clause.text) {
            word.position += position;
            words.push(word);
            texts.push(&clause.text);
        }
    }
    words.truncate(WORDS_MAX * 2);
    let last_is_open = query.phrases.is_empty()
        && query.in_title.is_empty()
        && query.plain.ends_with(|letter: char| letter.is_alphanumeric());
    let mut builder =
        Builder { snapshot, analyser, verbatim, weights, understood: Understood::default(), corrected: 0, doubted: 0 };
    builder.words(&mut words, &texts, free, last_is_open)?;
    let mut understood = builder.understood;
    understood.plan.phrases = query.phrases.iter().map(|clause| phrase(analyser, clause)).collect();
    for clause in &query.in_title {
        let concepts = analyser.analyse(&clause.text);
        let simple = concepts.iter().filter(|word| word.form == Form::Simple && !word.repeated);
        understood.plan.in_title.extend(simple.map(|word| Concept::stem_or_part(&word.stem)));
    }
    for clause in &query.excluded {
        let words = analyser.analyse(&clause.text);
        let simple: Vec<&OwnedWord> = words.iter().filter(|word| word.form == Form::Simple).collect();
        match simple.as_slice() {
            [] => {}
            [word] => understood.plan.excluded.push(vec![Concept::stem(&word.stem)]),
            _ => {
                understood.plan.excluded_phrases.push(phrase(analyser, clause));
                // "-world-café" is not to find the "Worldcafé" either.
                let tied =
                    words.iter().filter(|word| word.form == Form::Joined && word.span.len() == clause.text.len());
                understood.plan.excluded.extend(tied.map(|word| vec![Concept::stem(&word.stem)]));
            }
        }
    }
    let content = understood.plan.words.iter().filter(|word| word.required).count();
    understood.plan.is_question =
        content > weights.strict_first_words || understood.plan.words.len() >= weights.question_words;
    understood.plan.pairs = pairs(&words);
    understood.plan.may_relax = !verbatim.relaxed;
    understood.plan.title = title(analyser, query, &words);
    Ok(understood)
}

/// Pairs of neighbouring words, each once, corrected words replaced.
fn pairs(words: &[OwnedWord]) -> Vec<String> {
    let (mut pairs, mut found) = (Pairs::default(), Vec::new());
    words.iter().for_each(|word| word.pairs(&mut pairs, &mut |pair| found.push(pair.to_owned())));
    found.sort_unstable();
    found.dedup();
    found
}

/// The folded words as typed, corrected ones replaced: what a title is compared with.
fn title(analyser: &Analyser, query: &Query, words: &[OwnedWord]) -> String {
    match (query.plain.trim().is_empty(), query.phrases.as_slice()) {
        (false, []) => {
            let simple = words.iter().filter(|word| word.form == Form::Simple);
            simple.map(|word| word.folded.as_str()).collect::<Vec<_>>().join(" ")
        }
        (true, [phrase]) => folded_text(analyser, &phrase.text),
        _ => String::new(),
    }
}

fn phrase(analyser: &Analyser, clause: &Clause) -> Phrase {
    let words = analyser.analyse(&clause.text);
    let simple: Vec<&OwnedWord> = words.iter().filter(|word| word.form == Form::Simple).collect();
    let first = simple.first().map_or(0, |word| word.position);
    Phrase { words: simple.into_iter().map(|word| (word.position - first, word.exact.clone())).collect() }
}

struct Builder<'a> {
    snapshot: &'a Snapshot,
    analyser: &'a Analyser,
    verbatim: Verbatim,
    weights: &'a Weights,
    understood: Understood,
    corrected: usize,
    doubted: usize,
}

impl Builder<'_> {
    /// The first `free` words stand outside of quotes and bounds; only they may be taken for others.
    fn words(
        &mut self,
        words: &mut [OwnedWord],
        texts: &[&str],
        free: usize,
        last_is_open: bool,
    ) -> Result<(), IndexError> {
        let simple: Vec<usize> = (0..words.len())
            .filter(|index| words[*index].form == Form::Simple && !words[*index].repeated)
            .take(WORDS_MAX)
            .collect();
        for (number, index) in simple.iter().enumerate() {
            if *index < free {
                self.mended_slip(&mut words[*index], texts[*index])?;
            }
            let word = &words[*index];
            self.own_ways(word, texts[*index]);
            let last = last_is_open && number + 1 == simple.len();
            if *index >= free {
                continue;
            }
            if !self.is_known(word)? {
                let completed = last && self.complete(word)?;
                if !completed && let Some(better) = self.correct(word)? {
                    words[*index] = better;
                }
            } else if word.weight >= 1.0 {
                self.offer_alternative(word)?;
            }
        }
        self.joined(words, &simple)?;
        self.synonyms(&words[..free.min(words.len())], &simple)?;
        let plan = &mut self.understood.plan;
        if plan.words.iter().all(|word| !word.required) {
            plan.words.iter_mut().for_each(|word| word.required = true);
            self.understood.targets.iter_mut().for_each(|target| target.required = true);
        }
        Ok(())
    }

    /// The word itself: its stem, and the parts where it is a compound.
    fn own_ways(&mut self, word: &OwnedWord, text: &str) {
        let typed = text.get(word.span.clone()).unwrap_or_default().to_owned();
        let mut plan = PlanWord {
            weight: if word.weight < CONTENT_WEIGHT { self.weights.stop } else { 1.0 },
            required: word.weight >= CONTENT_WEIGHT,
            exact: Some(word.exact.clone()),
            ..PlanWord::default()
        };
        let mut target = Target {
            word: typed.clone(),
            exact: word.exact.clone(),
            folded: word.folded.clone(),
            required: plan.required,
            ..Target::default()
        };
        target.stems.insert(word.stem.clone(), How::Stem);
        if self.verbatim.parts {
            plan.ways.push(Way { all: vec![Concept::stem(&word.stem)], weight: 1.0 });
        } else {
            plan.ways.push(Way { all: vec![Concept::stem_or_part(&word.stem)], weight: 1.0 });
            target.parts.insert(word.stem.clone(), How::Part);
            if word.parts.len() > 1 {
                let parts: Vec<Concept> = word.parts.iter().map(|part| Concept::stem_or_part(&part.stem)).collect();
                target.own_parts = word.parts.iter().map(|part| part.stem.to_string()).collect();
                plan.loose_ways.push(Way { all: parts.clone(), weight: self.weights.apart });
                plan.parts = parts;
                let written = |part: &Part| text.get(part.span.clone()).unwrap_or(&part.folded).to_lowercase();
                let parts = word.parts.iter().map(written).collect();
                self.understood.applied.parts.push(Split { word: typed, parts });
            }
        }
        if word.weight >= 1.0 {
            grams(&word.folded, &mut |gram| plan.grams.push(gram.to_owned()));
            plan.grams.sort_unstable();
            plan.grams.dedup();
        }
        self.understood.plan.words.push(plan);
        self.understood.targets.push(target);
    }

    fn is_known(&self, word: &OwnedWord) -> Result<bool, IndexError> {
        if word.weight < 1.0 || self.snapshot.stem_frequency(&word.stem)? > 0 {
            return Ok(true);
        }
        for part in &word.parts {
            if self.snapshot.stem_frequency(&part.stem)? == 0 {
                return Ok(false);
            }
        }
        Ok(word.parts.len() > 1)
    }

    /// Takes the last word as the beginning of words; whether there are any.
    fn complete(&mut self, word: &OwnedWord) -> Result<bool, IndexError> {
        let beginning = fold(&word.exact);
        if beginning.chars().count() < PREFIX_CHARS_MIN {
            return Ok(false);
        }
        let words = self.snapshot.words_beginning(&beginning, COMPLETIONS_MAX)?;
        let mut stems: Vec<String> =
            words.iter().filter_map(|word| self.first_word(&word.written)).map(|word| word.stem).collect();
        stems.sort_unstable();
        stems.dedup();
        if stems.is_empty() {
            return Ok(false);
        }
        let (plan, target) = self.newest();
        target.stems.extend(stems.iter().map(|stem| (stem.clone(), How::Prefix)));
        plan.grams.clear();
        grams_open(&word.folded, &mut |gram| plan.grams.push(gram.to_owned()));
        plan.grams.sort_unstable();
        plan.grams.dedup();
        let weight = self.weights.prefix;
        self.newest().0.ways.push(Way { all: vec![Concept { stems, parts: Vec::new() }], weight });
        Ok(true)
    }

    /// Takes an unknown word as a slip of a known one; gives the likeliest.
    fn correct(&mut self, word: &OwnedWord) -> Result<Option<OwnedWord>, IndexError> {
        if self.verbatim.corrections || self.corrected >= CORRECTED_WORDS_MAX {
            return Ok(None);
        }
        self.corrected += 1;
        let near = self.snapshot.words_near(&fold(&word.exact), CORRECTIONS_MAX)?;
        let candidates: Vec<String> = near.into_iter().map(|known| known.written).collect();
        let mut best = None;
        let mut weight = self.weights.correction;
        if !candidates.is_empty() {
            // What the slip falls apart into means nothing.
            let (plan, target) = self.newest();
            plan.loose_ways.clear();
            plan.parts.clear();
            target.own_parts.clear();
        }
        for written in candidates {
            let Some(known) = self.first_word(&written) else { continue };
            let (plan, target) = self.newest();
            let concept = Concept::stem_or_part(&known.stem);
            if plan.ways.iter().any(|way| way.all.len() == 1 && way.all[0] == concept) {
                continue;
            }
            target.stems.entry(known.stem.clone()).or_insert(How::Correction);
            target.parts.entry(known.stem.clone()).or_insert(How::Correction);
            plan.ways.push(Way { all: vec![concept], weight });
            if best.is_none() {
                plan.exact = Some(known.exact.clone());
                let from = target.word.clone();
                self.understood.applied.parts.retain(|split| split.word != from);
                self.report_correction(Replacement { from, to: written });
                best = Some(known);
                // What else it could mean is worth half.
                weight *= 0.5;
            }
        }
        Ok(best)
    }

    /// "bürgerinenrat" means "bürgerinnenrat": the analyser forgives the missing n of the feminine plural. The reader is
    /// told, and can undo it.
    fn mended_slip(&mut self, word: &mut OwnedWord, text: &str) -> Result<(), IndexError> {
        let typed = fold(&word.exact);
        if !typed.contains("inen") || word.folded.contains("inen") {
            return Ok(());
        }
        if self.verbatim.corrections {
            word.stem = stem(&typed);
            word.folded = typed;
            word.parts.clear();
            return Ok(());
        }
        if self.corrected >= CORRECTED_WORDS_MAX {
            return Ok(());
        }
        self.corrected += 1;
        let near = self.snapshot.words_near(&word.folded, 1)?;
        if let Some(meant) = near.into_iter().find(|near| near.folded == word.folded) {
            let from = text.get(word.span.clone()).unwrap_or(&word.exact).to_owned();
            self.report_correction(Replacement { from, to: meant.written });
        }
        Ok(())
    }

    fn report_correction(&mut self, correction: Replacement) {
        let corrections = &mut self.understood.applied.corrections;
        if !corrections.contains(&correction) {
            corrections.push(correction);
        }
    }

    /// A rare word with a frequent neighbour: worth asking whether that was meant.
    fn offer_alternative(&mut self, word: &OwnedWord) -> Result<(), IndexError> {
        if self.understood.alternative.is_some()
            || self.doubted >= DOUBTED_WORDS_MAX
            || self.snapshot.stem_frequency(&word.stem)? > RARE_MAX
            || word.parts.len() > 1
        {
            return Ok(());
        }
        self.doubted += 1;
        let near = self.snapshot.words_near(&fold(&word.exact), NEIGHBOURS_MAX)?;
        let likelier =
            near.into_iter().find(|known| known.folded != word.folded && known.frequency >= RARE_MAX * FREQUENT_TIMES);
        self.understood.alternative = likelier.map(|known| (word.span.clone(), known.written));
        Ok(())
    }

    /// Neighbouring words may be one: "welt cafe".
    fn joined(&mut self, words: &[OwnedWord], simple: &[usize]) -> Result<(), IndexError> {
        let weight = self.weights.joined;
        for joined in words.iter().filter(|word| word.form == Form::Joined) {
            let covered: Vec<usize> = (0..simple.len())
                .filter(|number| {
                    joined.span.start <= words[simple[*number]].span.start
                        && words[simple[*number]].span.end <= joined.span.end
                })
                .collect();
            self.add_joined(&covered, joined, weight)?;
        }
        for (number, pair) in simple.windows(2).enumerate() {
            let (left, right) = (&words[pair[0]], &words[pair[1]]);
            if right.position != left.position + 1 || left.weight < 1.0 || right.weight < 1.0 {
                continue;
            }
            if let Some(joined) = self.first_word(&format!("{}{}", left.exact, right.exact)) {
                self.add_joined(&[number, number + 1], &joined, weight)?;
            }
        }
        Ok(())
    }

    fn add_joined(&mut self, numbers: &[usize], joined: &OwnedWord, weight: f32) -> Result<(), IndexError> {
        if self.snapshot.stem_frequency(&joined.stem)? > 0 {
            for number in numbers {
                self.understood.targets[*number].stems.entry(joined.stem.clone()).or_insert(How::Stem);
                self.understood.plan.words[*number].ways.push(Way { all: vec![Concept::stem(&joined.stem)], weight });
            }
        }
        Ok(())
    }

    fn synonyms(&mut self, words: &[OwnedWord], simple: &[usize]) -> Result<(), IndexError> {
        if self.verbatim.synonyms {
            return Ok(());
        }
        let set = self.snapshot.reference.synonyms.clone();
        for synonym in set.expand(words) {
            let target: Vec<&OwnedWord> =
                synonym.target.iter().filter(|word| word.form == Form::Simple && !word.repeated).collect();
            let mut known = !target.is_empty();
            for word in &target {
                known &= self.snapshot.stem_frequency(&word.stem)? > 0;
            }
            if !known {
                continue;
            }
            let way = Way {
                all: target.iter().map(|word| Concept::stem_or_part(&word.stem)).collect(),
                weight: self.weights.synonym * synonym.weight,
            };
            let numbers: Vec<usize> =
                (0..simple.len()).filter(|number| synonym.words.contains(&simple[*number])).collect();
            for number in &numbers {
                for word in &target {
                    self.understood.targets[*number].stems.entry(word.stem.clone()).or_insert(How::Synonym);
                    self.understood.targets[*number].parts.entry(word.stem.clone()).or_insert(How::Synonym);
                }
                self.understood.plan.words[*number].ways.push(way.clone());
            }
            if let (Some(first), Some(last)) = (numbers.first(), numbers.last()) {
                let from: Vec<&str> =
                    (*first..=*last).map(|number| self.understood.targets[number].word.as_str()).collect();
                let replacement = Replacement { from: from.join(" "), to: synonym.text.to_owned() };
                if !self.understood.applied.synonyms.contains(&replacement) {
                    self.understood.applied.synonyms.push(replacement);
                }
            }
        }
        Ok(())
    }

    fn first_word(&self, text: &str) -> Option<OwnedWord> {
        let words = self.analyser.analyse(text);
        let joined = words.iter().find(|word| word.form == Form::Joined).cloned();
        joined.or_else(|| words.into_iter().next())
    }

    fn newest(&mut self) -> (&mut PlanWord, &mut Target) {
        let understood = &mut self.understood;
        match (understood.plan.words.last_mut(), understood.targets.last_mut()) {
            (Some(plan), Some(target)) => (plan, target),
            _ => unreachable!("own_ways has just added one"),
        }
    }
}

/// A word in so few entries may be a slip.
const RARE_MAX: u32 = 2;
/// How many times more frequent the word that was perhaps meant must be.
const FREQUENT_TIMES: u32 = 5;
