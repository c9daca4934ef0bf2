//! Entries like another: those it is related to first, then those that share its rarest words.

use std::{collections::HashMap, time::Instant};

use super::{
    lookup,
    response::Hit,
    run::hit,
    service::{Context, SearchError, no_marks},
};
use crate::{
    index::{
        execute::{Found, Scored, execute},
        plan::{Concept, Plan, PlanWord, Way},
        snapshot::Snapshot,
    },
    model::{
        id::EntryId,
        texts::{Place, texts},
        vocabulary::Language,
    },
    text::Form,
};

/// Words by which likeness is judged; more add noise.
const WORDS_MAX: usize = 16;

/// Entries like this one.
pub(super) fn related(
    context: &Context,
    snapshot: &Snapshot,
    id: EntryId,
    limit: usize,
    language: Language,
) -> Result<Vec<Hit>, SearchError> {
    let Some(doc) = snapshot.by_id(id)?.filter(|doc| !snapshot.is_tombstone(*doc)) else { return Ok(Vec::new()) };
    let view = lookup::view(context, snapshot, doc, language)?;
    let mut docs = Vec::new();
    for relation in &view.relations {
        docs.extend(snapshot.by_id(relation.target)?.filter(|other| *other != doc));
    }
    let plan = Plan { words: telling_words(snapshot, &view.public.entry)?, ..Plan::default() };
    let found = execute(snapshot, &plan, &context.weights, Instant::now() + context.limits.search_time_max)?;
    let mut alike: Vec<Scored> = found.hits.into_iter().filter(|hit| hit.score > 0.0 && hit.doc != doc).collect();
    alike.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| snapshot.id(a.doc).cmp(&snapshot.id(b.doc))));
    docs.extend(alike.iter().take(limit + docs.len()).map(|hit| hit.doc));
    let mut seen = std::collections::HashSet::new();
    docs.retain(|doc| seen.insert(*doc));
    let score = |doc| alike.iter().find(|hit| hit.doc == doc).map_or(0.0, |hit| hit.score);
    docs.into_iter()
        .take(limit)
        .map(|doc| {
            hit(context, snapshot, &no_marks(), Scored { doc, score: score(doc), strict: true }, &Found::default())
        })
        .collect()
}

/// The words that say most about an entry: frequent in its head, rare elsewhere.
fn telling_words(snapshot: &Snapshot, entry: &crate::model::entry::Entry) -> Result<Vec<PlanWord>, SearchError> {
    let mut counts: HashMap<String, f32> = HashMap::new();
    for text in texts(entry).into_iter().filter(|text| text.place != Place::Body) {
        snapshot.shared.analyser.words(text.text, &mut |word| {
            if word.form == Form::Simple && word.weight >= 1.0 && !word.repeated {
                *counts.entry(word.stem.to_owned()).or_default() += 1.0;
                for part in word.parts {
                    *counts.entry(part.stem.to_string()).or_default() += 0.5;
                }
            }
        });
    }
    let mut words = Vec::with_capacity(counts.len());
    for (stem, count) in counts {
        let frequency = snapshot.stem_frequency(&stem)?;
        if frequency > 1 {
            let rarity = (1.0 + snapshot.live_count as f32 / frequency as f32).ln();
            words.push((count.sqrt() * rarity, stem));
        }
    }
    words.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    words.truncate(WORDS_MAX);
    let word = |stem: &str| PlanWord {
        weight: 1.0,
        ways: vec![Way::new(vec![Concept::stem_or_part(stem)], 1.0)],
        ..PlanWord::default()
    };
    Ok(words.iter().map(|(_, stem)| word(stem)).collect())
}
