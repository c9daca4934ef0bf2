//! `import` and `export`.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use super::data::Where;
use super::output;
use crate::clock::Clock;
use crate::exchange::export::{self, Form, Selection};
use crate::exchange::import::{self, ImportError, ImportOptions, ImportReport, Progress};
use crate::store::Store;

#[derive(Debug, Args)]
pub(super) struct Import {
    /// File with JSON Lines or a JSON array, or a folder with files <kind>/<slug>.md
    source: PathBuf,
    /// Check and count, write nothing
    #[arg(long)]
    dry_run: bool,
    /// Make all of it public at once instead of drafts; asks for everything that readers need
    #[arg(long)]
    publish: bool,
    /// Leave the shipped entries out of an empty data directory; vocabularies are there in any case
    #[arg(long)]
    without_seed: bool,
    #[command(flatten)]
    place: Where,
}

#[derive(Debug, Args)]
pub(super) struct Export {
    /// How
    #[arg(long, value_enum, default_value_t = Format::Ndjson)]
    format: Format,
    /// File or, for files, folder; standard output where absent
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// Drafts and archived entries too, each with its newest content
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    place: Where,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// An object a line
    Ndjson,
    /// One array
    Json,
    /// A folder with files <kind>/<slug>.md, TOML front matter and Markdown, byte-stable
    Files,
}

pub(super) fn import(args: &Import) -> anyhow::Result<ExitCode> {
    // A mistyped name must not first create a data directory.
    fs::metadata(&args.source).with_context(|| args.source.display().to_string())?;
    let clock = Clock::system();
    let store = if args.without_seed { args.place.open_without_entries()? } else { args.place.open()?.0 };
    let options = ImportOptions { dry_run: args.dry_run, publish: args.publish };
    let bar = bar();
    let outcome = import::import(&store, &clock, &args.source, options, |progress| show(&bar, progress));
    bar.finish_and_clear();
    store.close();
    match outcome {
        Ok(report) => {
            output::say(summary(&report, args.dry_run))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(ImportError::Invalid(faults)) => {
            for fault in &faults {
                output::complain(format_args!("{}: {fault}", args.source.display()));
            }
            output::complain(format_args!("error: {}", ImportError::Invalid(faults)));
            Ok(ExitCode::FAILURE)
        }
        Err(other) => Err(other.into()),
    }
}

fn summary(report: &ImportReport, dry_run: bool) -> String {
    let ImportReport { records, created, updated, unchanged } = report;
    let would = if dry_run { " (dry run, nothing was written)" } else { "" };
    format!("{records} records: {created} new, {updated} updated, {unchanged} unchanged{would}")
}

/// Only a terminal shows it.
fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {per_sec} {eta}");
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn show(bar: &ProgressBar, progress: Progress) {
    let (what, done, total) = match progress {
        Progress::Checking(done, total) => ("Checking", done, total),
        Progress::Writing(done, total) => ("Writing", done, total),
    };
    bar.set_message(what);
    bar.set_length(total as u64);
    bar.set_position(done as u64);
}

pub(super) fn export(args: &Export) -> anyhow::Result<()> {
    let which = if args.all { Selection::All } else { Selection::Published };
    let form = match (args.format, &args.out) {
        (Format::Files, None) => bail!("--format files needs a folder: --out DIR"),
        (Format::Files, Some(root)) => {
            let (store, _) = args.place.open()?;
            let report = export::folder(&store, which, root)?;
            store.close();
            let export::FilesReport { written, unchanged } = report;
            output::say(format_args!("{}: {written} files written, {unchanged} unchanged", root.display()))?;
            return Ok(());
        }
        (Format::Ndjson, _) => Form::JsonLines,
        (Format::Json, _) => Form::JsonArray,
    };
    let (store, _) = args.place.open()?;
    match &args.out {
        Some(path) => {
            let count = to_file(&store, which, form, path).with_context(|| format!("writing {}", path.display()))?;
            output::say(format_args!("{}: {count} entries", path.display()))?;
        }
        None => {
            export::stream(&store, which, form, &mut BufWriter::new(io::stdout().lock()))?;
        }
    }
    store.close();
    Ok(())
}

/// Whole or not at all: whoever reads the file meanwhile finds the old one.
fn to_file(store: &Store, which: Selection, form: Form, path: &Path) -> anyhow::Result<usize> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut partial = path.file_name().context("this is no file name")?.to_owned();
    partial.push(".partial");
    let partial = folder.join(partial);
    let mut out = BufWriter::new(File::create(&partial)?);
    let count = export::stream(store, which, form, &mut out)?;
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    fs::rename(&partial, path)?;
    Ok(count)
}
