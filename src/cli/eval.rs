//! `eval`: how good the search is, on collections with judgements.

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use super::output;
use crate::search::eval::{RunLine, measure, table};

#[derive(Debug, Args)]
pub(super) struct Eval {
    /// Folders with docs.jsonl, queries.tsv and qrels.txt (TREC)
    #[arg(required = true)]
    folders: Vec<PathBuf>,
    /// Write the figures as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the ranked lists in TREC run form; with one folder only
    #[arg(long, value_name = "FILE")]
    run: Option<PathBuf>,
}

pub(super) fn run(args: &Eval) -> anyhow::Result<()> {
    anyhow::ensure!(
        args.run.is_none() || args.folders.len() == 1,
        "--run goes with one folder: queries are numbered anew in each"
    );
    let mut figures = Vec::new();
    let mut ranked = Vec::new();
    for folder in &args.folders {
        let scratch = tempfile::tempdir().context("making a scratch directory")?;
        let (of_folder, lines) = measure(folder, scratch.path(), None)?;
        figures.push(of_folder);
        ranked = lines;
    }
    if let Some(path) = &args.json {
        let json = serde_json::to_string_pretty(&figures)?;
        fs::write(path, json + "\n").with_context(|| format!("writing {}", path.display()))?;
    }
    if let Some(path) = &args.run {
        let text: String = ranked.iter().map(|line: &RunLine| line.trec() + "\n").collect();
        fs::write(path, text).with_context(|| format!("writing {}", path.display()))?;
    }
    output::text(&table(&figures))?;
    Ok(())
}
