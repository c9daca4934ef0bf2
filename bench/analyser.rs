//! How fast German text becomes terms, on one core.

use std::{collections::HashSet, hint::black_box};

use mitmachbox::{
    model::texts::texts,
    text::{Analyser, Form, LanguageData, grams},
};

use crate::{
    corpus::Corpus,
    measure::{Budget, Row, cpu_time},
};

/// Entries whose text is analysed, and how many of them have a vocabulary that fits into the word cache.
const ENTRIES: usize = 2_000;
const FITTING: usize = 60;

/// Passes over a text; the fastest counts, as the others were disturbed.
const PASSES: usize = 5;

/// Bytes analysed in one pass; a short text is repeated.
const PASS_BYTES: usize = 4_000_000;

/// Rows for words that the cache knows, for a collection with more words than it holds, and with grams.
pub(crate) fn rows(corpus: &Corpus) -> anyhow::Result<Vec<Row>> {
    let entries: Vec<_> = (0..ENTRIES as u64).map(|number| corpus.entry(number)).collect();
    let all: Vec<&str> = entries.iter().flat_map(texts).map(|text| text.text).collect();
    let few: Vec<&str> = entries[..FITTING].iter().flat_map(texts).map(|text| text.text).collect();
    let fastest = |texts: &[&str], with_grams| -> anyhow::Result<f64> {
        let analyser = Analyser::new(&LanguageData::bundled())?;
        pass(&analyser, texts, with_grams)?;
        (0..PASSES).try_fold(0.0, |fastest: f64, _| Ok(fastest.max(pass(&analyser, texts, with_grams)?)))
    };
    let cold = pass(&Analyser::new(&LanguageData::bundled())?, &all, false)?;
    let row = |id, what: &str, value, budget, note: String| Row::new(id, what, value, "MB/s", budget, note);
    let warm_note = format!("{FITTING} entries over and over, {} different words", different(&few));
    let all_note = format!("{ENTRIES} entries, {} different words, more than the cache holds", different(&all));
    Ok(vec![
        row(
            "analyser_warm",
            "analyser, one core, all words cached",
            fastest(&few, false)?,
            Budget::AtLeast(20.0),
            warm_note,
        ),
        row("analyser_all", "  a whole collection", fastest(&all, false)?, Budget::None, all_note),
        row("analyser_cold", "  a whole collection, first pass", cold, Budget::None, String::new()),
        row("analyser_grams", "  all words cached, with 4-grams", fastest(&few, true)?, Budget::None, String::new()),
    ])
}

/// Megabytes per second of processor time.
fn pass(analyser: &Analyser, texts: &[&str], with_grams: bool) -> anyhow::Result<f64> {
    let (mut bytes, mut count) = (0, 0_usize);
    let before = cpu_time()?;
    while bytes < PASS_BYTES {
        for text in texts {
            bytes += text.len();
            analyser.words(text, &mut |word| {
                count += black_box(word.stem).len() + word.parts.len();
                if with_grams && word.form == Form::Simple && word.weight >= 1.0 {
                    grams(word.folded, &mut |gram| count += black_box(gram).len());
                }
            });
        }
    }
    black_box(count);
    Ok(bytes as f64 / 1e6 / cpu_time()?.saturating_sub(before).as_secs_f64())
}

fn different(texts: &[&str]) -> usize {
    let words = texts.iter().flat_map(|text| text.split(|letter: char| !letter.is_alphanumeric()));
    words.collect::<HashSet<_>>().len()
}
