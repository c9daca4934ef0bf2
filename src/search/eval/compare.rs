//! Whether one system is better than another, or was only lucky: the paired bootstrap.
//!
//! Queries are drawn with replacement, as many as there are, ten thousand times; the middle 95 % of the mean differences
//! are the interval (percentile bootstrap; Sakai 2006, "Evaluating evaluation metrics based on the bootstrap"). An
//! interval without 0 is a difference that other queries of the same sort would show as well.

use serde::{Deserialize, Serialize};

use super::{CollectionReport, Report, figures::ByQuery, random::Random};

/// How often queries are drawn anew; the ends of the interval then move by less than a hundredth of its width.
pub const RESAMPLES: usize = 10_000;

/// Resamples beyond each end of the interval.
const TAIL: usize = RESAMPLES / 40;

/// A mean difference with its 95 % interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Mean over the queries, later minus earlier.
    pub mean: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

impl Difference {
    /// Whether the interval leaves 0 out.
    pub fn is_clear(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }
}

/// Differences of the figures that are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Differences {
    /// Queries that both have.
    pub queries: usize,
    /// Of nDCG@10.
    pub ndcg_10: Difference,
    /// Of recall@100.
    pub recall_100: Difference,
}

/// One collection in two reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// Its name.
    pub collection: String,
    /// nDCG@10 and recall@100 of the first report, over the queries that both have.
    pub before: [f64; 2],
    /// The same of the second.
    pub after: [f64; 2],
    /// Second minus first.
    pub differences: Differences,
    /// Queries that only one of the two has; they are left out.
    pub unpaired: usize,
}

/// Compares two systems over the queries that both answered: `after` minus `before`.
pub fn paired(before: &ByQuery, after: &ByQuery, seed: u64) -> Differences {
    let pairs = before.iter().filter_map(|(query, before)| Some((before, after.get(query)?)));
    let differences: Vec<[f64; 2]> =
        pairs.map(|(before, after)| [after.ndcg_10 - before.ndcg_10, after.recall_100 - before.recall_100]).collect();
    let [ndcg_10, recall_100] = bootstrap(&differences, seed);
    Differences { queries: differences.len(), ndcg_10, recall_100 }
}

/// The intervals of the means of several differences, the same queries drawn for all of them.
pub fn bootstrap<const N: usize>(differences: &[[f64; N]], seed: u64) -> [Difference; N] {
    if differences.is_empty() {
        return [Difference::default(); N];
    }
    let count = differences.len() as f64;
    let mut random = Random::new(seed);
    let mut means: [Vec<f64>; N] = std::array::from_fn(|_| Vec::with_capacity(RESAMPLES));
    for _ in 0..RESAMPLES {
        let mut sums = [0.0; N];
        for _ in 0..differences.len() {
            let drawn = &differences[random.below(differences.len())];
            sums.iter_mut().zip(drawn).for_each(|(sum, value)| *sum += value);
        }
        means.iter_mut().zip(sums).for_each(|(means, sum)| means.push(sum / count));
    }
    std::array::from_fn(|which| {
        let means = &mut means[which];
        means.sort_unstable_by(f64::total_cmp);
        Difference {
            mean: differences.iter().map(|values| values[which]).sum::<f64>() / count,
            low: means[TAIL],
            high: means[RESAMPLES - 1 - TAIL],
        }
    })
}

/// Compares what two reports have in common, collection by collection, in the order of the second.
pub fn reports(before: &Report, after: &Report, seed: u64) -> Vec<Compared> {
    let partner = |after: &CollectionReport| before.collections.iter().find(|it| it.collection == after.collection);
    let pairs = after.collections.iter().filter_map(|after| Some((partner(after)?, after)));
    pairs.map(|(before, after)| collections(before, after, seed)).collect()
}

fn collections(before: &CollectionReport, after: &CollectionReport, seed: u64) -> Compared {
    let differences = paired(&before.by_query, &after.by_query, seed);
    let means = |of: &ByQuery, other: &ByQuery| {
        let both = || of.iter().filter(|(query, _)| other.contains_key(*query)).map(|(_, figures)| figures);
        let count = differences.queries.max(1) as f64;
        [both().map(|it| it.ndcg_10).sum::<f64>() / count, both().map(|it| it.recall_100).sum::<f64>() / count]
    };
    Compared {
        collection: after.collection.clone(),
        before: means(&before.by_query, &after.by_query),
        after: means(&after.by_query, &before.by_query),
        differences,
        unpaired: before.by_query.len() + after.by_query.len() - 2 * differences.queries,
    }
}
