//! `eval`: how good the search is, on collections with judgements.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use clap::Args;

use super::output;
use crate::clock::Clock;
use crate::exchange::import::{self, ImportError, ImportOptions};
use crate::exchange::{bundled, seed};
use crate::follow::{Follower, FollowerOptions};
use crate::index::current::Current;
use crate::index::ranking::Weights;
use crate::search::eval::collection::{Collection, Corpus};
use crate::search::eval::compare::reports;
use crate::search::eval::perturb::{Cuts, Perturber};
use crate::search::eval::{Options, Report, RunLine, measure, table};
use crate::store::{Store, StoreLimits, StoreOptions};
use crate::text::{Analyser, SynonymSet};

/// Problems of entries that are named; behind more than these lies one mistake, not many.
const FAULTS_SHOWN: usize = 20;

#[derive(Debug, Args)]
pub(super) struct Eval {
    /// Folders with queries.tsv, qrels.txt (TREC) and docs.jsonl; without docs.jsonl they judge the entries of --entries
    #[arg(required_unless_present = "compare", value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// Entries that folders without docs.jsonl judge by slug: whatever `import` reads
    #[arg(long, value_name = "PATH")]
    entries: Option<PathBuf>,
    /// Write everything as JSON, with the figures of each query
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the ranked lists in TREC run form; with one folder only
    #[arg(long, value_name = "FILE")]
    run: Option<PathBuf>,
    /// Measure again with queries in other spellings: umlauts, a typo, compounds apart, gender forms
    #[arg(long)]
    perturb: bool,
    /// Table of compounds for --perturb, `word<TAB>part(linking element)|part`; where absent, the program's own splitter
    #[arg(long, value_name = "FILE", requires = "perturb")]
    compounds: Option<PathBuf>,
    /// Measure an engine like Apache Lucene with its German analyser beside it, on the same documents
    #[arg(long)]
    baseline: bool,
    /// Measure without each piece of the search in turn
    #[arg(long)]
    ablate: bool,
    /// Rank with this table of weights instead of the program's own (index-data/ranking.toml), for tuning
    #[arg(long, value_name = "FILE")]
    ranking: Option<PathBuf>,
    /// Compare what two runs wrote with --json, query by query; measures nothing
    #[arg(long, num_args = 2, value_names = ["A.json", "B.json"], conflicts_with_all = ["folders", "entries", "json", "run", "perturb", "baseline", "ablate", "ranking"])]
    compare: Option<Vec<PathBuf>>,
    /// What drawing of lots begins with
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
}

pub(super) fn run(args: &Eval) -> anyhow::Result<()> {
    if let Some([before, after]) = args.compare.as_deref() {
        let compared = reports(&read(before)?, &read(after)?, args.seed);
        ensure!(!compared.is_empty(), "the two have no collection in common");
        output::text(&table::compared(&compared))?;
        return Ok(());
    }
    ensure!(
        args.run.is_none() || args.folders.len() == 1,
        "--run goes with one folder: queries are numbered anew in each"
    );
    let options = Options {
        perturb: args.perturb.then(|| perturber(args)).transpose()?,
        baseline: args.baseline,
        ablate: args.ablate,
        seed: args.seed,
        weights: args.ranking.as_deref().map(weights).transpose()?,
    };
    let shared = args.entries.as_deref().map(import_entries).transpose()?;
    let mut report = Report { version: env!("CARGO_PKG_VERSION").to_owned(), collections: Vec::new() };
    let mut ranked = Vec::new();
    for folder in &args.folders {
        let collection = Collection::read(folder)?;
        let (scratch, ablations) = (scratch_directory()?, scratch_directory()?);
        let own;
        let corpus = match &shared {
            Some(shared) if !Corpus::is_in(folder) => shared,
            _ => {
                own = Corpus::of_folder(folder, synonyms()?, scratch.path())?;
                &own
            }
        };
        let (of_folder, lines) = measure(&collection, corpus, &options, ablations.path())?;
        report.collections.push(of_folder);
        ranked = lines;
    }
    if let Some(path) = &args.json {
        write(path, &(serde_json::to_string_pretty(&report)? + "\n"))?;
    }
    if let Some(path) = &args.run {
        write(path, &ranked.iter().map(|line: &RunLine| line.trec() + "\n").collect::<String>())?;
    }
    output::text(&table::report(&report))?;
    Ok(())
}

fn scratch_directory() -> anyhow::Result<tempfile::TempDir> {
    tempfile::tempdir().context("making a scratch directory")
}

fn perturber(args: &Eval) -> anyhow::Result<Perturber> {
    let cuts = match &args.compounds {
        None => Cuts::Splitter,
        Some(path) => {
            let name = || path.display().to_string();
            Cuts::table(&fs::read_to_string(path).with_context(name)?).map_err(anyhow::Error::msg).with_context(name)?
        }
    };
    Ok(Perturber::new(cuts, args.seed)?)
}

fn weights(path: &Path) -> anyhow::Result<Weights> {
    let name = || path.display().to_string();
    toml::from_str(&fs::read_to_string(path).with_context(name)?).with_context(name)
}

fn read(path: &Path) -> anyhow::Result<Report> {
    let name = || path.display().to_string();
    let text = fs::read_to_string(path).with_context(name)?;
    serde_json::from_str(&text).with_context(name)
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}

fn synonyms() -> anyhow::Result<Arc<SynonymSet>> {
    Ok(Arc::new(SynonymSet::parse(bundled::SYNONYMS, Analyser::bundled())?))
}

/// Entries on the way that every installation takes them: import into a store, follower, index.
fn import_entries(source: &Path) -> anyhow::Result<Corpus> {
    let scratch = scratch_directory()?;
    let clock = Clock::system();
    let options = StoreOptions {
        // Nothing here has to outlive the process.
        limits: StoreLimits { reserve_bytes: 0, free_bytes_min: 0, ..StoreLimits::default() },
        ..StoreOptions::new(scratch.path())
    };
    let (store, _) = Store::open(options, clock.clone())?;
    seed::seed_vocabularies(&store, &clock)?;
    let options = ImportOptions { dry_run: false, publish: true };
    if let Err(error) = import::import(&store, &clock, source, options, |_| ()) {
        if let ImportError::Invalid(faults) = &error {
            for fault in faults.iter().take(FAULTS_SHOWN) {
                output::complain(format_args!("{}: {fault}", source.display()));
            }
        }
        return Err(anyhow::Error::new(error).context(source.display().to_string()));
    }
    let current = Current::default();
    let mut follower =
        Follower::new(store.clone(), current.clone(), FollowerOptions::new(scratch.path().join("index")));
    follower.step()?;
    store.close();
    // The files go with the directory; a snapshot lives on without them.
    Ok(Corpus::of_index(current.get().context("the index is empty")?)?)
}
