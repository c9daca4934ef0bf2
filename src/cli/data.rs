//! The data directory: opening it for a command, checking it, building its index.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;

use super::{config_of, output};
use crate::app;
use crate::clock::Clock;
use crate::config::Config;
use crate::curate::content::{self, Rules};
use crate::curate::{self, CurateError, vocabularies};
use crate::exchange::seed;
use crate::follow::{Follower, FollowerOptions};
use crate::index::current::Current;
use crate::model::validate::Strictness;
use crate::store::{OpenError, Store, StoreOptions};

/// Problems of entries that `check` prints; behind more than these lies one mistake, not many.
const PROBLEMS_MAX: usize = 200;

/// Which data directory.
#[derive(Clone, Debug, Args)]
pub(super) struct Where {
    /// Directory of store and index [default: as the settings say]
    #[arg(long, value_name = "DIR")]
    pub(super) data_dir: Option<PathBuf>,
    /// Settings file (TOML)
    #[arg(long, env = "MITMACHBOX_CONFIG", value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
}

impl Where {
    pub(super) fn config(&self) -> anyhow::Result<Config> {
        config_of(self.config.clone(), self.data_dir.as_ref())
    }

    /// Opens the store, alone. An empty data directory is filled as on a first start.
    pub(super) fn open(&self) -> anyhow::Result<(Store, Config)> {
        let config = self.config()?;
        let store = app::open_store(&config, &Clock::system()).map_err(explained)?;
        Ok((store, config))
    }

    /// As [`Where::open`], but an empty data directory gets vocabularies and synonyms only.
    pub(super) fn open_without_entries(&self) -> anyhow::Result<Store> {
        let clock = Clock::system();
        let store = open_as_it_is(&self.config()?, &clock)?;
        seed::seed_vocabularies(&store, &clock)?;
        Ok(store)
    }

    /// As [`Where::open`], but there must be a store already: a backup of nothing is a mistake.
    pub(super) fn open_existing(&self) -> anyhow::Result<Store> {
        let config = self.config()?;
        anyhow::ensure!(config.data_dir.join("store").exists(), "there is no store in {}", config.data_dir.display());
        open_as_it_is(&config, &Clock::system())
    }
}

fn open_as_it_is(config: &Config, clock: &Clock) -> anyhow::Result<Store> {
    let options = StoreOptions { limits: app::store_limits(&config.limits), ..StoreOptions::new(&config.data_dir) };
    let (store, report) = Store::open(options, clock.clone()).map_err(|error| explained(error.into()))?;
    for repair in &report.repairs {
        output::complain(format_args!("the store was repaired: {repair:?}"));
    }
    Ok(store)
}

fn explained(error: anyhow::Error) -> anyhow::Error {
    match error.downcast_ref() {
        Some(OpenError::Locked { .. }) => {
            error.context("this command needs the data directory for itself; stop the server first")
        }
        _ => error,
    }
}

pub(super) fn check(place: &Where) -> anyhow::Result<ExitCode> {
    let (store, config) = place.open()?;
    let report = store.verify_all().context("the store is damaged")?;
    output::say(format_args!(
        "store    good: {} entries, {} revisions, {} documents, {} tokens, {} notices, {} log records with an unbroken chain",
        report.entries, report.revisions, report.documents, report.tokens, report.notices, report.records
    ))?;
    let problems = problems_of_entries(&store)?;
    for problem in problems.iter().take(PROBLEMS_MAX) {
        output::say(problem)?;
    }
    match problems.len() {
        0 => output::say("entries  good: everything public is complete and its links lead somewhere")?,
        many => output::say(format_args!("entries  {many} problems"))?,
    }
    let index = index_state(&store, &config);
    output::say(format_args!("index    {index}"))?;
    store.close();
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Everything that keeps a public entry from being published again as it is.
fn problems_of_entries(store: &Store) -> anyhow::Result<Vec<String>> {
    let vocabularies = vocabularies::load(store)?;
    let resolve = |target: &str| curate::find(store, target);
    let mut problems = Vec::new();
    let (_, published) = store.published();
    for entry in published {
        let entry = entry?;
        let (id, slug) = (entry.record.id, &entry.record.slug);
        let rules = Rules { id, vocabularies: &vocabularies, strictness: Strictness::Publish, resolve: &resolve };
        match content::admit(&entry.content, &rules) {
            Ok(_) => {}
            Err(CurateError::Invalid(found)) => {
                problems.extend(found.iter().map(|p| format!("{slug} {}: {}", p.pointer, p.detail_en)));
            }
            Err(other) => return Err(other.into()),
        }
    }
    Ok(problems)
}

/// The index is no truth: whatever is wrong with it, the next start builds it anew.
fn index_state(store: &Store, config: &Config) -> String {
    let directory = app::index_dir(&config.data_dir);
    if !directory.exists() {
        return "missing; the next start builds it".into();
    }
    format!("present; the next start brings it to public change {} or builds it anew", store.head().public_seq)
}

pub(super) fn reindex(place: &Where) -> anyhow::Result<()> {
    let (store, config) = place.open()?;
    let directory = app::index_dir(&config.data_dir);
    if directory.exists() {
        std::fs::remove_dir_all(&directory).with_context(|| format!("removing {}", directory.display()))?;
    }
    let current = Current::default();
    let mut follower = Follower::new(store.clone(), current.clone(), FollowerOptions::new(directory));
    let head = store.head().public_seq;
    let mut snapshot = None;
    // The first step builds everything; others follow only what came in between, and nothing can.
    while snapshot.as_ref().is_none_or(|(seq, _)| *seq < head) {
        follower.step()?;
        snapshot = current.get().map(|snapshot| (snapshot.seq, snapshot.live_count));
    }
    drop(follower);
    store.close();
    if let Some((seq, entries)) = snapshot {
        output::say(format_args!("The index holds {entries} entries, up to public change {seq}."))?;
    }
    Ok(())
}
