//! What each piece of the machine is worth: the same queries with one of them switched off.

use std::{path::Path, sync::LazyLock};

use serde::{Deserialize, Serialize};

use super::{
    Engine, EvalError,
    collection::{Collection, Corpus},
    compare::{Differences, paired},
    figures::{Figures, Measured},
};
use crate::{
    index::ranking::Weights,
    search::request::Verbatim,
    text::{Analyser, LanguageData},
};

/// A weight that is too small to rank anything; 0 would make execution count documents twice.
const NOTHING: f32 = 1e-9;

/// One piece: its name, and how to do without it.
pub type Piece = (&'static str, fn(&mut Settings));

/// The pieces, in the order of the table. "Rank" means that a piece still finds, but no longer moves what it finds.
pub const PIECES: &[Piece] = &[
    ("4-grams of the text", |it| it.weights.gram_text = 0.0),
    ("4-grams of the title", |it| it.weights.gram_title = 0.0),
    ("4-grams, both", |it| (it.weights.gram_text, it.weights.gram_title) = (0.0, 0.0)),
    ("frequent 4-grams left out", |it| it.weights.gram_rarity_min = 0.0),
    ("4-grams the same in short queries", |it| it.weights.gram_few_words = 1.0),
    ("exact form", |it| it.weights.exact = 0.0),
    ("parts of the query's words", |it| it.weights.query_part = 0.0),
    ("parts of the texts' words (rank)", |it| it.weights.part = NOTHING),
    ("parts apart for whole (rank)", |it| it.weights.apart = NOTHING),
    ("parts, all of it", |it| it.verbatim.parts = true),
    ("splitter", |it| it.language = Language::WithoutSplitter),
    ("pairs of neighbouring words", |it| it.weights.pair = 0.0),
    ("title as evidence of its own", |it| it.weights.in_title = 0.0),
    ("4-grams saturate early", |it| it.weights.gram_k1 = it.weights.k1),
    ("title weighs more", |it| it.weights.zone.title = it.weights.zone.body),
    ("title tier", |it| it.weights.title_tier = 0.0),
    ("corrections", |it| it.verbatim.corrections = true),
    ("joined words (rank)", |it| it.weights.joined = NOTHING),
    ("beginnings of words (rank)", |it| it.weights.prefix = NOTHING),
    ("synonyms", |it| it.verbatim.synonyms = true),
    ("stop words weigh less", |it| it.language = Language::WithoutStopWords),
    ("strict hits first", |it| it.weights.strict_first_words = 0),
    ("questions relaxed at once", |it| {
        (it.weights.strict_first_words, it.weights.question_words) = (usize::MAX, usize::MAX);
    }),
    ("relaxed hits", |it| it.verbatim.relaxed = true),
    ("hit rule: any 4-gram is a hit", |it| {
        (it.weights.handful, it.weights.handful_words) = (u64::MAX, u64::MAX);
        (it.weights.relaxed_share, it.weights.gram_share, it.weights.question_gram_share) = (0.0, 0.0, 0.0);
    }),
];

/// How the product is set, with a piece missing.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Weights of the ranking.
    pub weights: Weights,
    /// What the search must not do to the query.
    pub verbatim: Verbatim,
    /// What the analyser knows.
    pub language: Language,
}

/// What the analyser knows; another one needs an index of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Everything.
    Full,
    /// No compounds.
    WithoutSplitter,
    /// Every word is a word with content.
    WithoutStopWords,
}

/// The product without one piece.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ablation {
    /// What was missing.
    pub without: String,
    /// The figures then.
    pub figures: Figures,
    /// These figures minus those of the whole.
    pub differences: Differences,
}

/// Measures the product without each piece. `whole` is what it is with all of them; `scratch` an empty directory.
///
/// # Errors
/// As [`super::measure`].
pub fn ablate(
    collection: &Collection,
    corpus: &Corpus,
    weights: &Weights,
    whole: &Measured,
    seed: u64,
    scratch: &Path,
) -> Result<Vec<Ablation>, EvalError> {
    let mut rows = Vec::with_capacity(PIECES.len());
    for (number, (name, switch_off)) in PIECES.iter().enumerate() {
        let mut settings =
            Settings { weights: weights.clone(), verbatim: Verbatim::default(), language: Language::Full };
        switch_off(&mut settings);
        let snapshot = match settings.language {
            Language::Full => corpus.snapshot.clone(),
            Language::WithoutSplitter => corpus.indexed_with(&WITHOUT_SPLITTER, &folder(scratch, number)?)?,
            Language::WithoutStopWords => corpus.indexed_with(&WITHOUT_STOP_WORDS, &folder(scratch, number)?)?,
        };
        let mut engine = Engine::new(snapshot);
        engine.context.weights = settings.weights;
        engine.verbatim = settings.verbatim;
        let measured = engine.judge(collection, collection.texts())?;
        rows.push(Ablation {
            without: (*name).to_owned(),
            figures: measured.figures,
            differences: paired(&whole.by_query, &measured.by_query, seed),
        });
    }
    Ok(rows)
}

fn folder(scratch: &Path, number: usize) -> Result<std::path::PathBuf, EvalError> {
    let folder = scratch.join(format!("ablation-{number}"));
    std::fs::create_dir(&folder).map_err(|error| EvalError::File(folder.clone(), error.to_string()))?;
    Ok(folder)
}

static WITHOUT_SPLITTER: LazyLock<Analyser> = LazyLock::new(|| {
    let lexicon = crate::text::compound::build_lexicon("").expect("nothing makes an empty lexicon");
    analyser(LanguageData {
        lexicon: lexicon.into(),
        domain: "".into(),
        exceptions: "".into(),
        ..LanguageData::bundled()
    })
});

static WITHOUT_STOP_WORDS: LazyLock<Analyser> =
    LazyLock::new(|| analyser(LanguageData { stopwords: "".into(), ..LanguageData::bundled() }));

fn analyser(data: LanguageData) -> Analyser {
    Analyser::new(&data).expect("the bundled language data is checked by a test, and less of it is data, too")
}
