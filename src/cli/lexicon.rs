//! `lexicon`: from the table of words to the automaton that the program carries.

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::output;
use crate::text::compound::build_lexicon;

#[derive(Debug, Subcommand)]
pub(super) enum Lexicon {
    /// Build lexicon.fst from lexicon.tsv; the same table gives the same bytes
    Build(Build),
}

#[derive(Debug, Args)]
pub(super) struct Build {
    /// The table
    #[arg(long, value_name = "FILE", default_value = "index-data/language/lexicon.tsv")]
    table: PathBuf,
    /// The automaton
    #[arg(long, value_name = "FILE", default_value = "index-data/language/lexicon.fst")]
    out: PathBuf,
}

pub(super) fn run(command: &Lexicon) -> anyhow::Result<()> {
    let Lexicon::Build(Build { table, out }) = command;
    let text = fs::read_to_string(table).with_context(|| table.display().to_string())?;
    let bytes = build_lexicon(&text).with_context(|| table.display().to_string())?;
    fs::write(out, &bytes).with_context(|| format!("writing {}", out.display()))?;
    output::say(format_args!("{}: {} words, {} bytes", out.display(), text.lines().count(), bytes.len()))?;
    Ok(())
}
