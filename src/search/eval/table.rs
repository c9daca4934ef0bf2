//! The figures as tables for people.

use std::fmt::Write as _;

use super::{
    CollectionReport, Report,
    compare::{Compared, Difference},
    figures::Figures,
    perturb::{Loss, Perturbed},
};

/// Width of the first column: names of collections, kinds of changes, parts of the machine.
const NAME: usize = 34;

/// Everything a report holds.
pub fn report(report: &Report) -> String {
    let mut text = format!(
        "{:<NAME$} {:>6} {:>7} {:>8} {:>7} {:>10} {:>6} {:>8} {:>6} {:>7} {:>9} {:>8} {:>8}\n",
        "collection",
        "docs",
        "queries",
        "nDCG@10",
        "MRR@10",
        "recall@100",
        "hits",
        "mean",
        "zero",
        "relaxed",
        "queries/s",
        "p50 ms",
        "p99 ms"
    );
    for collection in &report.collections {
        figures(&mut text, &collection.collection, collection.documents, &collection.figures);
        if let Some(baseline) = &collection.baseline {
            figures(&mut text, BASELINE, collection.documents, &baseline.figures);
            let (ndcg, recall) = (&baseline.differences.ndcg_10, &baseline.differences.recall_100);
            let (ndcg, recall) = (difference(ndcg), difference(recall));
            let _ = writeln!(text, "  difference: nDCG@10 {ndcg}, recall@100 {recall}");
        }
    }
    for collection in report.collections.iter().filter(|collection| !collection.ablations.is_empty()) {
        ablations(&mut text, collection);
    }
    for collection in report.collections.iter().filter(|collection| !collection.perturbed.is_empty()) {
        perturbed(&mut text, &collection.collection, &collection.perturbed);
    }
    for collection in &report.collections {
        if let [first, ..] = collection.missing.as_slice() {
            let (name, count) = (&collection.collection, collection.missing.len());
            let _ = writeln!(text, "note: {name}: {count} judged documents are not there, among them {first}");
        }
    }
    let intervals = |it: &CollectionReport| it.baseline.is_some() || !it.ablations.is_empty();
    if report.collections.iter().any(intervals) { text + LEGEND } else { text }
}

/// A comparison of two reports.
pub fn compared(compared: &[Compared]) -> String {
    let mut text = format!(
        "{:<NAME$} {:>7} {:>7}    {:>7} {:<27} {:>7}    {:>7} {:<27}\n",
        "collection", "queries", "nDCG@10", "", "", "recall", "", ""
    );
    for row in compared {
        let ([ndcg_before, recall_before], [ndcg_after, recall_after]) = (row.before, row.after);
        let _ = writeln!(
            text,
            "{:<NAME$} {:>7} {ndcg_before:>7.4} -> {ndcg_after:>7.4} {:<27} {recall_before:>7.4} -> {recall_after:>7.4} {:<27}",
            row.collection,
            row.differences.queries,
            difference(&row.differences.ndcg_10),
            difference(&row.differences.recall_100),
        );
        if row.unpaired > 0 {
            let _ = writeln!(text, "note: {}: {} queries stand in one report only", row.collection, row.unpaired);
        }
    }
    text + LEGEND
}

/// Name of the row beside ours.
const BASELINE: &str = "  Lucene-like baseline";

/// What the marks mean.
const LEGEND: &str = "[95 % interval of 10,000 paired resamples]; * the interval leaves 0 out\n";

fn figures(text: &mut String, name: &str, documents: usize, row: &Figures) {
    let _ = writeln!(
        text,
        "{name:<NAME$} {documents:>6} {:>7} {:>8.4} {:>7.4} {:>10.4} {:>6} {:>8.1} {:>6.3} {:>7.3} {:>9.0} {:>8.2} {:>8.2}",
        row.queries,
        row.ndcg_10,
        row.mrr_10,
        row.recall_100,
        row.hits_median,
        row.hits_mean,
        row.zero_rate,
        row.relaxed_rate,
        row.queries_per_second,
        row.latency_ms[0],
        row.latency_ms[1]
    );
}

fn ablations(text: &mut String, collection: &CollectionReport) {
    let name = format!("{} without", collection.collection);
    let _ = writeln!(
        text,
        "\n{name:<NAME$} {:>7} {:<27} {:>10} {:<27} {:>8} {:>6}",
        "nDCG@10", "", "recall@100", "", "hits", "p50 ms"
    );
    for row in &collection.ablations {
        let _ = writeln!(
            text,
            "{:<NAME$} {:>7.4} {:<27} {:>10.4} {:<27} {:>8.1} {:>6.2}",
            row.without,
            row.figures.ndcg_10,
            difference(&row.differences.ndcg_10),
            row.figures.recall_100,
            difference(&row.differences.recall_100),
            row.figures.hits_mean,
            row.figures.latency_ms[0]
        );
    }
}

fn perturbed(text: &mut String, collection: &str, rows: &[Perturbed]) {
    let _ = write!(
        text,
        "\n{:<NAME$} {:>7} {:<25} {:<25}",
        collection, "queries", "nDCG@10     loss", "recall@100     loss"
    );
    let has_baseline = rows.iter().any(|row| row.baseline.is_some());
    text.push_str(if has_baseline { " baseline nDCG@10   loss\n" } else { "\n" });
    for row in rows {
        let _ = write!(text, "{:<NAME$} {:>7}", row.change, row.queries);
        let changes = (0..2).map(|which| change(&row.product, which));
        changes.chain(row.baseline.as_ref().map(|loss| change(loss, 0))).for_each(|change| {
            let _ = write!(text, " {change:<25}");
        });
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
}

fn change(loss: &Loss, which: usize) -> String {
    format!("{:.4} -> {:.4} {:>5.1} %", loss.before[which], loss.after[which], loss.percent[which])
}

fn difference(difference: &Difference) -> String {
    let Difference { mean, low, high } = difference;
    let mark = if difference.is_clear() { "*" } else { "" };
    format!("{mean:+.4} [{low:+.4}, {high:+.4}]{mark}")
}
