//! Measures the search on a collection with judgements, through the product's own path.
//!
//! A collection is a folder with `docs.jsonl` (`id`, `title`, `body`), `queries.tsv` (`id<TAB>text`) and `qrels.txt`
//! (TREC: `query 0 document grade`). Documents are indexed in a scratch directory by the same analyser; queries run
//! through [`super::run::run`] as plain text, with 100 hits. nDCG uses gain = grade and a logarithmic discount, as
//! trec_eval does.

use std::{
    collections::HashMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use serde::{Deserialize, Serialize};

use super::{
    request::{FacetChoice, SearchRequest},
    response::Mode,
    run::run,
    service::{Context, SearchError, SearchLimits},
};
use crate::{
    index::{
        IndexError,
        document::Public,
        generation::{Generation, Mark},
        ranking::Weights,
        snapshot::{Reference, Snapshot},
        writer::Writer,
    },
    model::{
        entry::{Common, Entry, Profile},
        id::{EntryId, PublicSeq, RevisionNumber},
        public::{Classes, Derived, PublicEntry},
        record::Origin,
    },
    query::QueryLimits,
    text::Analyser,
};

/// Hits looked at for one query.
const DEPTH: u32 = 100;

/// Figures of one collection.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// Name of the folder.
    pub collection: String,
    /// Documents.
    pub documents: usize,
    /// Queries with at least one judgement above 0.
    pub queries: usize,
    /// Mean normalised discounted cumulative gain of the first ten.
    pub ndcg_10: f64,
    /// Mean reciprocal rank of the first relevant document among the first ten.
    pub mrr_10: f64,
    /// Mean share of the relevant documents among the first hundred.
    pub recall_100: f64,
    /// Median number of hits.
    pub hits_median: u64,
    /// Share of queries without a hit.
    pub zero_rate: f64,
    /// Share of queries that were relaxed.
    pub relaxed_rate: f64,
    /// Queries a second, one thread, hits shown included.
    pub queries_per_second: f64,
    /// Median and 99th percentile of the time of a query, milliseconds.
    pub latency_ms: [f64; 2],
    /// nDCG@10 of each query, in the order of the queries; for paired comparisons.
    pub ndcg_10_by_query: Vec<f64>,
}

/// Why a collection could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum EvalError {
    /// A file cannot be read.
    #[error("{0}: {1}")]
    File(PathBuf, String),
    /// The scratch index cannot be written.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A search failed.
    #[error(transparent)]
    Search(#[from] SearchError),
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

/// Measures the collection in `folder`; `scratch` is an empty directory that may be filled. Other `weights` than those
/// of the product serve tuning.
///
/// # Errors
/// See [`EvalError`].
pub fn measure(folder: &Path, scratch: &Path, weights: Option<Weights>) -> Result<(Figures, Vec<RunLine>), EvalError> {
    let collection = Collection::read(folder)?;
    let snapshot = index(&collection, scratch)?;
    let limits = SearchLimits {
        // Collections have longer questions than a search field takes.
        query: QueryLimits { query_bytes_max: 4_096, query_terms_max: 256, ..QueryLimits::default() },
        search_time_max: std::time::Duration::from_secs(10),
        ..SearchLimits::default()
    };
    let mut context = Context::new(limits, "");
    context.weights = weights.unwrap_or(context.weights);
    let names: HashMap<EntryId, &str> =
        collection.documents.iter().map(|document| (id_of(&document.id), document.id.as_str())).collect();
    let mut sums = Sums::default();
    let mut lines = Vec::new();
    for (query, text) in &collection.queries {
        let Some(judged) = collection.judgements.get(query) else { continue };
        let request = SearchRequest {
            q: text.clone(),
            page: 1,
            per_page: DEPTH,
            facets: FacetChoice::Only(Vec::new()),
            plain: true,
            ..SearchRequest::default()
        };
        let started = Instant::now();
        let response = run(&context, &snapshot, &request)?;
        sums.times.push(started.elapsed().as_secs_f64() * 1_000.0);
        let ranked: Vec<&str> = response.hits.iter().filter_map(|hit| names.get(&hit.id).copied()).collect();
        sums.add(&ranked, judged, response.total, response.mode == Mode::Relaxed);
        lines.extend(response.hits.iter().zip(&ranked).enumerate().map(|(rank, (_, document))| RunLine {
            query: query.clone(),
            document: (*document).to_owned(),
            rank: rank + 1,
            // Tiers make scores rise and fall; tools that sort by score need one that falls with the rank.
            score: 1_000.0 - rank as f32,
        }));
    }
    let name = folder.file_name().map_or_else(|| "collection".into(), |name| name.to_string_lossy().into_owned());
    Ok((sums.figures(name, collection.documents.len()), lines))
}

/// Figures as a table for people.
pub fn table(figures: &[Figures]) -> String {
    let mut text = format!(
        "{:<24} {:>6} {:>7} {:>8} {:>7} {:>11} {:>6} {:>6} {:>7} {:>9} {:>9} {:>9}\n",
        "collection",
        "docs",
        "queries",
        "nDCG@10",
        "MRR@10",
        "recall@100",
        "hits",
        "zero",
        "relaxed",
        "queries/s",
        "p50 ms",
        "p99 ms"
    );
    for row in figures {
        let _ = writeln!(
            text,
            "{:<24} {:>6} {:>7} {:>8.4} {:>7.4} {:>11.4} {:>6} {:>6.3} {:>7.3} {:>9.0} {:>9.2} {:>9.2}",
            row.collection,
            row.documents,
            row.queries,
            row.ndcg_10,
            row.mrr_10,
            row.recall_100,
            row.hits_median,
            row.zero_rate,
            row.relaxed_rate,
            row.queries_per_second,
            row.latency_ms[0],
            row.latency_ms[1]
        );
    }
    text
}

#[derive(Deserialize)]
struct Document {
    id: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    body: String,
}

struct Collection {
    documents: Vec<Document>,
    queries: Vec<(String, String)>,
    judgements: HashMap<String, HashMap<String, u32>>,
}

impl Collection {
    fn read(folder: &Path) -> Result<Self, EvalError> {
        let read = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path).map_err(|error| EvalError::File(path, error.to_string()))
        };
        let bad = |name: &str, line: usize, what: &str| {
            EvalError::File(folder.join(name), format!("line {}: {what}", line + 1))
        };
        let mut documents = Vec::new();
        for (number, line) in read("docs.jsonl")?.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            documents.push(serde_json::from_str(line).map_err(|error| bad("docs.jsonl", number, &error.to_string()))?);
        }
        let mut queries = Vec::new();
        for (number, line) in read("queries.tsv")?.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let (id, text) = line.split_once('\t').ok_or_else(|| bad("queries.tsv", number, "no tab"))?;
            queries.push((id.to_owned(), text.to_owned()));
        }
        let mut judgements: HashMap<String, HashMap<String, u32>> = HashMap::new();
        for (number, line) in read("qrels.txt")?.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let [query, _, document, grade] = fields[..] else {
                return Err(bad("qrels.txt", number, "not four fields"));
            };
            let grade: i32 = grade.parse().map_err(|_| bad("qrels.txt", number, "the grade is no number"))?;
            if grade > 0 {
                judgements.entry(query.to_owned()).or_default().insert(document.to_owned(), grade as u32);
            }
        }
        Ok(Self { documents, queries, judgements })
    }
}

fn id_of(document: &str) -> EntryId {
    EntryId::of_seed("eval", document)
}

fn index(collection: &Collection, scratch: &Path) -> Result<Snapshot, IndexError> {
    let generation = Arc::new(Generation::create(scratch, Analyser::bundled(), Reference::default(), "eval")?);
    let mut writer = Writer::open(generation.clone())?;
    for document in &collection.documents {
        writer.insert(&Public::Entry(Box::new(entry(document))))?;
    }
    writer.commit(&Mark { seq: PublicSeq(1), log_hash: String::new() })?;
    writer.close()?;
    generation.snapshot(PublicSeq(1))
}

fn entry(document: &Document) -> PublicEntry {
    let common = Common {
        slug: document.id.clone(),
        title: document.title.clone(),
        body: document.body.clone(),
        ..Common::default()
    };
    let at = jiff::Timestamp::UNIX_EPOCH;
    PublicEntry {
        id: id_of(&document.id),
        entry: Entry { common, profile: Profile::Idea(Box::default()) },
        old_slugs: Vec::new(),
        derived: Derived {
            classes: Classes::default(),
            completeness: 0,
            origin: Origin::Import,
            revision: RevisionNumber(1),
            created_at: at,
            updated_at: at,
            published_at: at,
        },
    }
}

#[derive(Default)]
struct Sums {
    ndcg: Vec<f64>,
    reciprocal: f64,
    recall: f64,
    totals: Vec<u64>,
    relaxed: usize,
    times: Vec<f64>,
}

impl Sums {
    fn add(&mut self, ranked: &[&str], judged: &HashMap<String, u32>, total: u64, relaxed: bool) {
        let gain = |rank: usize, grade: u32| f64::from(grade) / (rank as f64 + 2.0).log2();
        let first_ten = || ranked.iter().take(10).enumerate();
        let reached: f64 =
            first_ten().map(|(rank, document)| gain(rank, judged.get(*document).copied().unwrap_or(0))).sum();
        let mut grades: Vec<u32> = judged.values().copied().collect();
        grades.sort_unstable_by(|a, b| b.cmp(a));
        let ideal: f64 = grades.iter().take(10).enumerate().map(|(rank, grade)| gain(rank, *grade)).sum();
        self.ndcg.push(reached / ideal);
        self.reciprocal += first_ten()
            .find(|(_, document)| judged.contains_key(**document))
            .map_or(0.0, |(rank, _)| 1.0 / (rank as f64 + 1.0));
        let found = ranked.iter().filter(|document| judged.contains_key(**document)).count();
        self.recall += found as f64 / judged.len() as f64;
        self.totals.push(total);
        self.relaxed += usize::from(relaxed);
    }

    fn figures(mut self, collection: String, documents: usize) -> Figures {
        let queries = self.ndcg.len();
        let count = queries.max(1) as f64;
        let seconds = self.times.iter().sum::<f64>() / 1_000.0;
        self.times.sort_by(f64::total_cmp);
        let zero = self.totals.iter().filter(|total| **total == 0).count();
        self.totals.sort_unstable();
        let time = |share: f64| self.times.get((share * count) as usize).or(self.times.last()).copied().unwrap_or(0.0);
        Figures {
            collection,
            documents,
            queries,
            ndcg_10: self.ndcg.iter().sum::<f64>() / count,
            mrr_10: self.reciprocal / count,
            recall_100: self.recall / count,
            hits_median: self.totals.get(queries / 2).copied().unwrap_or(0),
            zero_rate: zero as f64 / count,
            relaxed_rate: self.relaxed as f64 / count,
            queries_per_second: count / seconds.max(f64::EPSILON),
            latency_ms: [time(0.5), time(0.99)],
            ndcg_10_by_query: self.ndcg,
        }
    }
}
