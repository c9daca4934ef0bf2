//! From what a visitor typed to what to look for: the plan, and the report of what was done to the query.

mod corrections;
mod forms;
mod joined;
mod synonyms;
mod title;
mod typed;

use std::{collections::HashMap, ops::Range};

use self::{
    forms::{forms_folded_alike, phrase},
    title::{begins_a_name, tied_title, title},
    typed::Typed,
};
use super::{
    offers::Recognised,
    request::Verbatim,
    response::{Applied, How, Split},
};
use crate::{
    index::{
        IndexError,
        plan::{Concept, Plan, PlanWord, Way},
        ranking::Weights,
        snapshot::Snapshot,
    },
    query::Query,
    text::{Analyser, Form, OwnedWord, Pairs, Part, grams, grams_open, stopwords::CONTENT_WEIGHT},
};

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
    /// Numbers with a unit for which there is a filter.
    pub quantities: Vec<Recognised>,
    /// Whether the query has no other words with content; then it is searched as typed.
    pub only_quantities: bool,
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
    let typed = Typed::new(snapshot, query, verbatim);
    let mut words = analyser.analyse(&typed.searched);
    let mut texts = vec![typed.searched.as_str(); words.len()];
    without_connectors(&mut words);
    let free = words.len();
    let starts: Vec<usize> = words.iter().map(|word| word.span.start).collect();
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
        && typed.searched.ends_with(|letter: char| letter.is_alphanumeric());
    let mut builder =
        Builder { snapshot, analyser, verbatim, weights, understood: Understood::default(), corrected: 0, doubted: 0 };
    builder.words(&mut words, &texts, free, last_is_open)?;
    let searched = builder.understood.plan.words.len();
    typed.optional().for_each(|word| builder.optional(word, &query.plain));
    let mut understood = builder.understood;
    for clause in &query.phrases {
        understood.plan.phrases.push(phrase(snapshot, clause)?);
    }
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
                understood.plan.excluded_phrases.push(phrase(snapshot, clause)?);
                // "-world-café" is not to find the "Worldcafé" either.
                let tied =
                    words.iter().filter(|word| word.form == Form::Joined && word.span.len() == clause.text.len());
                understood.plan.excluded.extend(tied.map(|word| vec![Concept::stem(&word.stem)]));
            }
        }
    }
    let content = understood.plan.words.iter().filter(|word| word.required).count();
    understood.plan.is_question = content > weights.strict_first_words
        || searched >= weights.question_words
        || query.plain.trim_end().ends_with('?') && searched > 1;
    understood.plan.pairs = pairs(&words);
    understood.plan.may_relax = !verbatim.relaxed;
    let mut as_typed = title(analyser, query, &words, &starts, &typed.words);
    if !typed.quantities.is_empty() && !typed.only_quantities && !begins_a_name(snapshot, &as_typed) {
        as_typed = title(analyser, query, &words, &starts, &[]);
    }
    understood.plan.titles = vec![as_typed];
    understood.plan.titles.extend(tied_title(&words));
    if !typed.only_quantities {
        let spans = typed.quantities.iter().filter_map(|it| query.plain.get(it.span.clone()));
        understood.applied.optional = spans.map(str::to_owned).collect();
    }
    (understood.quantities, understood.only_quantities) = (typed.quantities, typed.only_quantities);
    Ok(understood)
}

/// "Bürgerinnen und Bürger" asks for no "und".
fn without_connectors(words: &mut [OwnedWord]) {
    for second in 0..words.len() {
        let between = words[..second].iter().rev().take_while(|word| word.weight < CONTENT_WEIGHT).count();
        let first = second.checked_sub(between + 1);
        if words[second].repeated && first.is_some_and(|first| words[first].stem == words[second].stem) {
            words[second - between..second].iter_mut().for_each(|word| word.repeated = true);
        }
    }
}

/// Pairs of neighbouring words, each once, corrected words replaced.
fn pairs(words: &[OwnedWord]) -> Vec<Concept> {
    let (mut pairs, mut found) = (Pairs::default(), Vec::new());
    words.iter().for_each(|word| word.pairs(&mut pairs, &mut |pair| found.push(pair.to_owned())));
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(Concept::pair).collect()
}

fn covers(longer: &OwnedWord, word: &OwnedWord) -> bool {
    longer.span.start <= word.span.start && word.span.end <= longer.span.end
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
        let simple = self.searched(words, free)?;
        for (number, index) in simple.iter().enumerate() {
            if *index < free {
                self.mended_slip(&mut words[*index], texts[*index])?;
            }
            let word = &words[*index];
            self.own_ways(word, texts[*index])?;
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

    /// Which words are searched. What hyphens tie is one word where entries know it as one: "Bürger-Rat" is no more than
    /// "Bürgerrat".
    fn searched(&self, words: &[OwnedWord], free: usize) -> Result<Vec<usize>, IndexError> {
        let mut whole: Vec<usize> = Vec::new();
        for (index, word) in words.iter().enumerate().take(free).filter(|(_, word)| word.form == Form::Joined) {
            let inside = whole.iter().any(|&longer| covers(&words[longer], word));
            if !inside && self.snapshot.stem_frequency(&word.stem)? > 0 {
                whole.push(index);
            }
        }
        let searched = (0..words.len()).filter(|index| match words[*index].form {
            Form::Joined => whole.contains(index),
            Form::Simple => {
                let inside = || whole.iter().any(|&longer| covers(&words[longer], &words[*index]));
                !(words[*index].repeated || *index < free && inside())
            }
        });
        Ok(searched.take(WORDS_MAX).collect())
    }

    /// The word itself: its stem, and the parts where it is a compound.
    fn own_ways(&mut self, word: &OwnedWord, text: &str) -> Result<(), IndexError> {
        let typed = text.get(word.span.clone()).unwrap_or_default().to_owned();
        let mut plan = PlanWord {
            weight: if word.weight < CONTENT_WEIGHT { self.weights.stop } else { 1.0 },
            required: word.weight >= CONTENT_WEIGHT,
            exact: Some(self.exact_form(word)?),
            ..PlanWord::default()
        };
        let mut target = Target {
            word: typed.clone(),
            exact: word.neutral.clone(),
            folded: word.folded.clone(),
            required: plan.required,
            ..Target::default()
        };
        target.stems.insert(word.stem.clone(), How::Stem);
        if self.verbatim.parts {
            plan.ways.push(Way::new(vec![Concept::stem(&word.stem)], 1.0));
        } else {
            plan.ways.push(Way::new(vec![Concept::stem_or_part(&word.stem)], 1.0));
            target.parts.insert(word.stem.clone(), How::Part);
            if word.parts.len() > 1 {
                let parts: Vec<Concept> = word.parts.iter().map(|part| Concept::stem_or_part(&part.stem)).collect();
                target.own_parts = word.parts.iter().map(|part| part.stem.to_string()).collect();
                plan.loose_ways.push(Way::new(parts.clone(), self.weights.apart));
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
        Ok(())
    }

    /// The exact form of a word; where no entry has it, the most frequent one that folds alike: "buerger" is "Bürger".
    fn exact_form(&self, word: &OwnedWord) -> Result<String, IndexError> {
        let mut best = (self.snapshot.exact_frequency(&word.neutral)?, word.neutral.clone());
        if best.0 == 0 && word.weight >= CONTENT_WEIGHT {
            for form in forms_folded_alike(self.snapshot, word)? {
                let frequency = self.snapshot.exact_frequency(&form)?;
                if frequency > best.0 {
                    best = (frequency, form);
                }
            }
        }
        Ok(best.1)
    }

    /// A word of a quantity: evidence as weak as that of a stop word, and no demand.
    fn optional(&mut self, word: &OwnedWord, text: &str) {
        if self.understood.plan.words.len() >= WORDS_MAX {
            return;
        }
        let typed = text.get(word.span.clone()).unwrap_or_default().to_owned();
        self.understood.plan.words.push(PlanWord {
            weight: self.weights.stop,
            exact: Some(word.neutral.clone()),
            ways: vec![Way::new(vec![Concept::stem(&word.stem)], 1.0)],
            ..PlanWord::default()
        });
        self.understood.targets.push(Target {
            word: typed,
            exact: word.neutral.clone(),
            folded: word.folded.clone(),
            stems: HashMap::from([(word.stem.clone(), How::Stem)]),
            ..Target::default()
        });
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
        let beginning = word.folded.as_str();
        if beginning.chars().count() < PREFIX_CHARS_MIN {
            return Ok(false);
        }
        let words = self.snapshot.words_beginning(beginning, COMPLETIONS_MAX)?;
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
        self.newest().0.ways.push(Way::new(vec![Concept { stems, ..Concept::default() }], weight));
        Ok(true)
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
