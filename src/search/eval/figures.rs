//! The figures: how good the first hits of each query are, and what a reader waits for them.

use std::{collections::BTreeMap, time::Instant};

use serde::{Deserialize, Serialize};

use super::{EvalError, collection::Collection};
use crate::search::service::SearchError;

/// Hits looked at for one query.
pub const DEPTH: u32 = 100;

/// What an engine gives for one query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The first documents, best first, at most [`DEPTH`].
    pub documents: Vec<String>,
    /// Number of hits.
    pub total: u64,
    /// Whether relaxed hits are among them.
    pub relaxed: bool,
}

/// Figures of one query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OfQuery {
    /// Normalised discounted cumulative gain of the first ten: gain is the grade, the discount logarithmic, as trec_eval.
    pub ndcg_10: f64,
    /// 1 / rank of the first relevant document among the first ten, else 0.
    pub reciprocal_rank_10: f64,
    /// Share of the relevant documents among the first hundred.
    pub recall_100: f64,
    /// Number of hits.
    pub hits: u64,
    /// Whether it was relaxed.
    pub relaxed: bool,
}

/// Figures by query.
pub type ByQuery = BTreeMap<String, OfQuery>;

/// Figures of a collection.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Queries.
    pub queries: usize,
    /// Mean of [`OfQuery::ndcg_10`].
    pub ndcg_10: f64,
    /// Mean of [`OfQuery::reciprocal_rank_10`].
    pub mrr_10: f64,
    /// Mean of [`OfQuery::recall_100`].
    pub recall_100: f64,
    /// Median number of hits.
    pub hits_median: u64,
    /// Mean number of hits.
    pub hits_mean: f64,
    /// Share of queries without a hit.
    pub zero_rate: f64,
    /// Share of queries that were relaxed.
    pub relaxed_rate: f64,
    /// Queries a second, one thread, hits shown included.
    pub queries_per_second: f64,
    /// Median and 99th percentile of the time of a query, milliseconds.
    pub latency_ms: [f64; 2],
}

/// Everything that asking all queries gave.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// The sum of it.
    pub figures: Figures,
    /// By query.
    pub by_query: ByQuery,
    /// Query and what was found, in the order of the queries.
    pub ranked: Vec<(String, Vec<String>)>,
}

/// Asks each of `queries` (name and text) and judges the answers.
///
/// # Errors
/// [`EvalError::Query`] names the query that failed.
pub fn judge<'a>(
    collection: &Collection,
    queries: impl IntoIterator<Item = (&'a str, &'a str)>,
    mut ask: impl FnMut(&str) -> Result<Answer, SearchError>,
) -> Result<Measured, EvalError> {
    let mut measured = Measured::default();
    let mut times = Vec::new();
    for (id, text) in queries {
        let started = Instant::now();
        let answer = ask(text).map_err(|error| EvalError::Query(id.to_owned(), error))?;
        times.push(started.elapsed().as_secs_f64() * 1_000.0);
        measured.by_query.insert(id.to_owned(), of_query(&answer, collection, id));
        measured.ranked.push((id.to_owned(), answer.documents));
    }
    measured.figures = figures(&measured.by_query, times);
    Ok(measured)
}

fn of_query(answer: &Answer, collection: &Collection, query: &str) -> OfQuery {
    let mut of = OfQuery { hits: answer.total, relaxed: answer.relaxed, ..OfQuery::default() };
    let Some(judged) = collection.judgements.get(query).filter(|judged| !judged.is_empty()) else { return of };
    let gain = |rank: usize, grade: u32| f64::from(grade) / (rank as f64 + 2.0).log2();
    let grade = |document: &String| judged.get(document).copied();
    let mut reached = 0.0;
    for (rank, document) in answer.documents.iter().take(10).enumerate() {
        let Some(grade) = grade(document) else { continue };
        reached += gain(rank, grade);
        if of.reciprocal_rank_10 == 0.0 {
            of.reciprocal_rank_10 = 1.0 / (rank as f64 + 1.0);
        }
    }
    let mut grades: Vec<u32> = judged.values().copied().collect();
    grades.sort_unstable_by(|a, b| b.cmp(a));
    let ideal: f64 = grades.iter().take(10).enumerate().map(|(rank, grade)| gain(rank, *grade)).sum();
    of.ndcg_10 = reached / ideal;
    let found = answer.documents.iter().take(DEPTH as usize).filter(|document| grade(document).is_some()).count();
    of.recall_100 = found as f64 / judged.len() as f64;
    of
}

fn figures(by_query: &ByQuery, mut times: Vec<f64>) -> Figures {
    let count = by_query.len().max(1) as f64;
    let mean = |of: &dyn Fn(&OfQuery) -> f64| by_query.values().map(of).sum::<f64>() / count;
    let mut hits: Vec<u64> = by_query.values().map(|of| of.hits).collect();
    hits.sort_unstable();
    let seconds = times.iter().sum::<f64>() / 1_000.0;
    times.sort_by(f64::total_cmp);
    let time = |share: f64| times.get((share * count) as usize).or(times.last()).copied().unwrap_or(0.0);
    Figures {
        queries: by_query.len(),
        ndcg_10: mean(&|of| of.ndcg_10),
        mrr_10: mean(&|of| of.reciprocal_rank_10),
        recall_100: mean(&|of| of.recall_100),
        hits_median: hits.get(hits.len() / 2).copied().unwrap_or(0),
        hits_mean: mean(&|of| of.hits as f64),
        zero_rate: mean(&|of| f64::from(u8::from(of.hits == 0))),
        relaxed_rate: mean(&|of| f64::from(u8::from(of.relaxed))),
        queries_per_second: count / seconds.max(f64::EPSILON),
        latency_ms: [time(0.5), time(0.99)],
    }
}
