//! The budgets of the design, measured by one command. See `bench/README.md`.
//!
//! ```text
//! cargo bench --bench budget                      the whole table, 10,000 entries
//! cargo bench --bench budget -- search 10000      searches in process, query by query
//! cargo bench --bench budget -- phases 10000      searches in process, step by step
//! cargo bench --bench budget -- import 10000      import to searchable
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
mod phases;
mod queries;
mod search;
mod server;
mod static_server;

use std::io::BufWriter;

use anyhow::Context;

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
        Some("phases") => report_phases(count),
        Some("analyser") => report_analyser(),
        Some("import") => report_import(count),
        Some("load") => report_load(count),
        Some("static") => static_server::serve(),
        Some(other) => anyhow::bail!("there is no {other}; see bench/README.md"),
        None => budget::run(),
    }
}

fn write_corpus(count: usize) -> anyhow::Result<()> {
    let shipped = Shipped::read()?;
    shipped.corpus().write(count as u64, &shipped.vocabularies, &mut BufWriter::new(std::io::stdout().lock()))
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

fn report_phases(count: usize) -> anyhow::Result<()> {
    let shipped = Shipped::read()?;
    let scratch = tempfile::tempdir()?;
    let indexed = search::index(&shipped, &shipped.corpus(), count, scratch.path())?;
    print!("{}", phases::report(&indexed)?);
    Ok(())
}

fn report_import(count: usize) -> anyhow::Result<()> {
    let shipped = Shipped::read()?;
    let scratch = tempfile::tempdir()?;
    let imported = import::import_entries(&shipped.corpus(), count, scratch.path())?;
    println!(
        "{count} entries stored in {:.2} s, searchable in {:.2} s: {:.0}/s",
        imported.stored.as_secs_f64(),
        imported.searchable.as_secs_f64(),
        imported.per_second()
    );
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
