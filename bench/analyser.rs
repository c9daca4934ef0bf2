//! How fast German text becomes terms, on one core.

use std::hint::black_box;

use mitmachbox::{
    model::texts::texts,
    text::{Analyser, Form, LanguageData, grams},
};

use crate::{
    corpus::Corpus,
    measure::{Budget, Row, cpu_time},
};

/// Entries whose text is analysed.
const ENTRIES: u64 = 2_000;

/// Passes over the text with a warm cache; the fastest counts, as the others were disturbed.
const PASSES: usize = 5;

/// Rows for a warm cache, a cold one, and with grams.
pub(crate) fn rows(corpus: &Corpus) -> anyhow::Result<Vec<Row>> {
    let entries: Vec<_> = (0..ENTRIES).map(|number| corpus.entry(number)).collect();
    let texts: Vec<&str> = entries.iter().flat_map(texts).map(|text| text.text).collect();
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    let analyser = Analyser::new(&LanguageData::bundled())?;
    let pass = |with_grams: bool| -> anyhow::Result<f64> {
        let before = cpu_time()?;
        let mut count = 0_usize;
        for text in &texts {
            analyser.words(text, &mut |word| {
                count += black_box(word.stem).len() + word.parts.len();
                if with_grams && word.form == Form::Simple && word.weight >= 1.0 {
                    grams(word.folded, &mut |gram| count += black_box(gram).len());
                }
            });
        }
        black_box(count);
        Ok(bytes as f64 / 1e6 / cpu_time()?.saturating_sub(before).as_secs_f64())
    };
    let fastest = |with_grams| (0..PASSES).try_fold(0.0, |fastest: f64, _| anyhow::Ok(fastest.max(pass(with_grams)?)));
    let cold = pass(false)?;
    let (warm, with_grams) = (fastest(false)?, fastest(true)?);
    let note = format!("{:.1} MB of text of {ENTRIES} entries, by processor time of one core", bytes as f64 / 1e6);
    Ok(vec![
        Row::new("analyser_warm", "analyser, warm word cache", warm, "MB/s", Budget::AtLeast(20.0), note),
        Row::new("analyser_cold", "  cold word cache, first pass", cold, "MB/s", Budget::None, ""),
        Row::new("analyser_grams", "  warm, with 4-grams", with_grams, "MB/s", Budget::None, ""),
    ])
}
