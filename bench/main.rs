//! The budgets of the design, measured by one command. See `bench/README.md`.
//!
//! ```text
//! cargo bench --bench budget                      the whole table, 10,000 entries
//! cargo bench --bench budget -- search 10000      searches in process, query by query
//! cargo bench --bench budget -- load 10000        the program over HTTP
//! cargo bench --bench budget -- corpus 10000      generated entries as NDJSON, for `mitmachbox import`
//! ```

#![allow(clippy::print_stdout, reason = "figures are what it is for")]

mod analyser;
mod budget;
mod client;
mod corpus;
mod data;
mod floor;
mod import;
mod load;
mod measure;
mod queries;
mod search;
mod server;
mod static_server;

use std::io::Write;

use anyhow::Context;
use mitmachbox::model::{
    shape,
    validate::{self, Strictness},
};

use data::Shipped;

/// Entries of the quick mode, the size for which most budgets are given.
const QUICK: usize = 10_000;

fn main() -> anyhow::Result<()> {
    // Cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let count = arguments.get(1).map_or(Ok(QUICK), |count| count.parse()).context("a number of entries")?;
    match arguments.first().map(String::as_str) {
        Some("corpus") => write_corpus(count),
        Some("search") => report_search(count),
        Some("import") => report_import(count),
        Some("analyser") => report_analyser(),
        Some("load") => report_load(count),
        Some("static") => static_server::serve(),
        Some(other) => anyhow::bail!("there is no {other}; see bench/README.md"),
        None => budget::run(),
    }
}

/// Writes entries that can be published, a line each.
fn write_corpus(count: usize) -> anyhow::Result<()> {
    let shipped = Shipped::read()?;
    let corpus = shipped.corpus();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for number in 0..count as u64 {
        let entry = corpus.entry(number);
        let content = entry.to_json();
        shape::check(&content).map_err(|problems| anyhow::anyhow!("entry {number}: {problems:?}"))?;
        validate::check(&entry, &shipped.vocabularies, Strictness::Publish)
            .map_err(|problems| anyhow::anyhow!("entry {number}: {problems:?}"))?;
        writeln!(out, "{content}")?;
    }
    Ok(out.flush()?)
}

fn report_search(count: usize) -> anyhow::Result<()> {
    let shipped = Shipped::read()?;
    let corpus = shipped.corpus();
    let scratch = tempfile::tempdir()?;
    let indexed = search::index(&shipped, &corpus, count, scratch.path())?;
    println!("indexed in {:.1} s", indexed.took.as_secs_f64());
    print!("{}", search::measure(&indexed, &corpus)?.report());
    Ok(())
}

fn report_import(count: usize) -> anyhow::Result<()> {
    let shipped = Shipped::read()?;
    let corpus = shipped.corpus();
    let scratch = tempfile::tempdir()?;
    let imported = import::import(&shipped, &corpus, count, scratch.path())?;
    let per_second = |time: std::time::Duration| imported.count as f64 / time.as_secs_f64();
    println!(
        "{count} entries of {} bytes as JSON: stored {:.0}/s, searchable {:.0}/s",
        imported.bytes / count.max(1),
        per_second(imported.stored),
        per_second(imported.searchable)
    );
    let publics: Vec<_> = shipped.collection(&corpus, count).map(|(id, entry)| shipped.public(id, entry)).collect();
    let scratch = tempfile::tempdir()?;
    let floor = floor::entries_per_second(scratch.path(), &publics, &shipped.vocabularies)?;
    println!("plain tantivy with the same analyser, one thread: {floor:.0}/s");
    Ok(())
}

fn report_load(count: usize) -> anyhow::Result<()> {
    let shipped = Shipped::read()?;
    print!("{}", measure::table(&budget::over_http(&shipped, &shipped.corpus(), count)?));
    Ok(())
}

fn report_analyser() -> anyhow::Result<()> {
    print!("{}", measure::table(&analyser::rows(&Shipped::read()?.corpus())?));
    Ok(())
}
