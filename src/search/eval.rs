//! Measures the search on collections with judgements, through the product's own path.
//!
//! A collection is a folder with `docs.jsonl` (`id`, `title`, `body`), `queries.tsv` (`id<TAB>text`) and `qrels.txt`
//! (TREC: `query 0 document grade`); without `docs.jsonl` its queries judge real entries by their slugs. Documents are
//! indexed in a scratch directory by the product's analyser and writer, and queries run through [`super::run::run`] as
//! plain text, with 100 hits.
//!
//! * [`collection`] what is asked and what is searched
//! * [`figures`] how good an answer is
//! * [`baseline`] what an engine without German of its own would answer
//! * [`mod@ablate`] what each piece of the machine is worth
//! * [`mod@perturb`] the same queries in other spellings
//! * [`compare`] whether a difference is more than luck
//! * [`table`] all of it for people; [`Report`] is the same for programs

pub mod ablate;
pub mod baseline;
pub mod collection;
pub mod compare;
pub mod figures;
pub mod perturb;
pub mod random;
pub mod table;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use serde::{Deserialize, Serialize};

use self::{
    ablate::{Ablation, ablate},
    baseline::Baseline,
    collection::{Collection, Corpus},
    compare::{Differences, paired},
    figures::{Answer, ByQuery, DEPTH, Figures, Measured, judge},
    perturb::{Perturbed, Perturber, perturb},
};
use super::{
    request::{FacetChoice, SearchRequest, Verbatim},
    response::Mode,
    run::run,
    service::{Context, SearchError, SearchLimits},
};
use crate::{
    index::{IndexError, ranking::Weights, snapshot::Snapshot},
    query::QueryLimits,
};

/// What to measure beside the queries as they are.
#[derive(Debug, Default)]
pub struct Options {
    /// The queries in other spellings.
    pub perturb: Option<Perturber>,
    /// The same of the baseline.
    pub baseline: bool,
    /// The product without each of its pieces.
    pub ablate: bool,
    /// What the drawing of lots begins with.
    pub seed: u64,
    /// Other weights than the product's, for tuning.
    pub weights: Option<Weights>,
}

/// Figures of one or more collections; what `--json` writes and `--compare` reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Version of the program.
    pub version: String,
    /// The collections, in the order in which they were named.
    pub collections: Vec<CollectionReport>,
}

/// Figures of one collection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CollectionReport {
    /// Name of the folder.
    pub collection: String,
    /// Documents.
    pub documents: usize,
    /// Judged documents that are not there. Nobody can find them, so they lower every figure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// The figures.
    pub figures: Figures,
    /// The baseline on the same documents and queries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<BaselineReport>,
    /// The product without each of its pieces.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ablations: Vec<Ablation>,
    /// The queries in other spellings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub perturbed: Vec<Perturbed>,
    /// The figures of each query, by its name.
    pub by_query: ByQuery,
}

/// What the baseline makes of a collection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BaselineReport {
    /// Its figures.
    pub figures: Figures,
    /// The product's figures minus these.
    pub differences: Differences,
    /// Its figures of each query.
    pub by_query: ByQuery,
}

/// Why a collection could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum EvalError {
    /// A file cannot be read.
    #[error("{file}: {1}", file = .0.display())]
    File(PathBuf, String),
    /// The scratch index cannot be written or read.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A search failed.
    #[error("query {0}: {1}")]
    Query(String, SearchError),
}

/// One line of a ranked list.
#[derive(Clone, Debug, PartialEq)]
pub struct RunLine {
    /// Query.
    pub query: String,
    /// Document.
    pub document: String,
    /// 1, 2, 3 …
    pub rank: usize,
    /// Score, falling.
    pub score: f32,
}

impl RunLine {
    /// In TREC form.
    pub fn trec(&self) -> String {
        format!("{} Q0 {} {} {:.6} mitmachbox", self.query, self.document, self.rank, self.score)
    }
}

/// Measures a collection; also gives the ranked lists. `scratch` is an empty directory that may be filled.
///
/// # Errors
/// See [`EvalError`].
pub fn measure(
    collection: &Collection,
    corpus: &Corpus,
    options: &Options,
    scratch: &Path,
) -> Result<(CollectionReport, Vec<RunLine>), EvalError> {
    let mut product = Engine::new(corpus.snapshot.clone());
    if let Some(weights) = &options.weights {
        product.context.weights = weights.clone();
    }
    let whole = product.judge(collection, collection.texts())?;
    let baseline = options.baseline.then(|| Baseline::new(&corpus.plain()));
    let ask_baseline = |texts: Texts<'_>| {
        let baseline = baseline.as_ref()?;
        Some(judge(collection, texts, |text| Ok(baseline.ask(text))))
    };
    let of_baseline = ask_baseline(Box::new(collection.texts())).transpose()?;
    let mut perturbed = Vec::new();
    if let Some(perturber) = &options.perturb {
        let ask = |changed: &BTreeMap<String, String>| {
            let texts = || changed.iter().map(|(id, text)| (id.as_str(), text.as_str()));
            Ok((product.judge(collection, texts())?, ask_baseline(Box::new(texts())).transpose()?))
        };
        let before = (&whole.by_query, of_baseline.as_ref().map(|measured| &measured.by_query));
        perturbed = perturb(perturber, collection, ask, before)?;
    }
    let mut ablations = Vec::new();
    if options.ablate {
        ablations = ablate(collection, corpus, &product.context.weights, &whole, options.seed, scratch)?;
    }
    let report = CollectionReport {
        collection: collection.name.clone(),
        documents: corpus.len(),
        missing: collection.missing(corpus),
        figures: whole.figures,
        baseline: of_baseline.map(|measured| BaselineReport {
            figures: measured.figures,
            differences: paired(&measured.by_query, &whole.by_query, options.seed),
            by_query: measured.by_query,
        }),
        ablations,
        perturbed,
        by_query: whole.by_query,
    };
    Ok((report, lines(whole.ranked)))
}

/// Names and texts of queries.
type Texts<'a> = Box<dyn Iterator<Item = (&'a str, &'a str)> + 'a>;

/// The product's search over one index, perhaps with other settings.
struct Engine {
    context: Context,
    snapshot: Arc<Snapshot>,
    verbatim: Verbatim,
}

impl Engine {
    fn new(snapshot: Arc<Snapshot>) -> Self {
        let limits = SearchLimits {
            // Collections have longer questions than a search field takes.
            query: QueryLimits { query_bytes_max: 4_096, query_terms_max: 256, ..QueryLimits::default() },
            search_time_max: Duration::from_secs(10),
            ..SearchLimits::default()
        };
        Self { context: Context::new(limits, ""), snapshot, verbatim: Verbatim::default() }
    }

    fn ask(&self, text: &str) -> Result<Answer, SearchError> {
        let request = SearchRequest {
            q: text.to_owned(),
            page: 1,
            per_page: DEPTH,
            facets: FacetChoice::Only(Vec::new()),
            plain: true,
            verbatim: self.verbatim,
            ..SearchRequest::default()
        };
        let response = run(&self.context, &self.snapshot, &request)?;
        Ok(Answer {
            documents: response.hits.into_iter().map(|hit| hit.slug).collect(),
            total: response.total,
            relaxed: response.mode == Mode::Relaxed,
        })
    }

    fn judge<'a>(
        &self,
        collection: &Collection,
        queries: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Measured, EvalError> {
        judge(collection, queries, |text| self.ask(text))
    }
}

fn lines(ranked: Vec<(String, Vec<String>)>) -> Vec<RunLine> {
    let of_query = |(query, documents): (String, Vec<String>)| {
        documents.into_iter().enumerate().map(move |(rank, document)| RunLine {
            query: query.clone(),
            document,
            rank: rank + 1,
            // Tiers make scores rise and fall; tools that sort by score need one that falls with the rank.
            score: 1_000.0 - rank as f32,
        })
    };
    ranked.into_iter().flat_map(of_query).collect()
}
