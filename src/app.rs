//! The composition root: opens the rooms in order, wires their doors, and closes them in reverse.
//!
//! Start: bind the address (so that a taken one is told at once), open and verify the store, fill an empty one, start
//! the follower, serve. `/readyz` tells when the first generation of the index is there. Stop: accept no more, finish
//! what is being answered and written, let the follower close the index, close the store.

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use anyhow::Context as _;
use tokio::{
    net::TcpListener,
    sync::watch,
    task::{JoinHandle, spawn_blocking},
};

use crate::{
    auth::Auth,
    clock::Clock,
    config::{Config, Limits},
    curate::{Curate, CurateLimits, notices::NoticeLimits},
    exchange::seed::{SeedReport, seed},
    follow::{ChangeFeed, Follower, FollowerOptions},
    http::{self, AppState, writes::Writes},
    index::current::Current,
    jobs::{backups, notices},
    search::service::{Search, SearchLimits},
    store::{OpenReport, Store, StoreLimits, StoreOptions},
    telemetry::{self, Metrics},
    web,
};

/// Directory of the index within the data directory.
pub const INDEX_DIR: &str = "index";

/// A running service.
pub struct App {
    /// Where it listens; with port 0 in the settings, the port that was given.
    pub listen: SocketAddr,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    writes: Writes,
    write_drain: Duration,
    follower: JoinHandle<()>,
    store: Store,
}

/// Runs the service until the process is told to stop (SIGINT, SIGTERM).
///
/// # Errors
/// Where it cannot start: address taken, store damaged, data directory in use.
pub fn run(config: Config) -> anyhow::Result<()> {
    telemetry::start_log(&config.log).map_err(anyhow::Error::msg)?;
    telemetry::panics_to_log();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting the runtime")?;
    runtime.block_on(async {
        let app = App::start(config).await?;
        tracing::info!(listen = %app.listen, "Mitmachbox answers on http://{}", app.listen);
        told_to_stop().await;
        tracing::info!("stopping: finishing what is being answered");
        app.stop().await;
        Ok(())
    })
}

impl App {
    /// Starts everything; returns when the service answers.
    ///
    /// # Errors
    /// As [`run`].
    pub async fn start(config: Config) -> anyhow::Result<Self> {
        let config = Arc::new(config);
        let metrics = Metrics::install();
        let clock = Clock::system();
        let listener = bind(config.listen).await?;
        let internal = match config.metrics_listen {
            Some(address) => Some(bind(address).await?),
            None => None,
        };
        let listen = listener.local_addr().context("reading the address")?;
        for notice in http::start_up_notices(&config) {
            tracing::warn!("{notice}");
        }
        let store = {
            let (config, clock) = (config.clone(), clock.clone());
            spawn_blocking(move || open_store(&config, &clock)).await.context("opening the store")??
        };
        let current = Current::default();
        let (stop, stopped) = watch::channel(false);
        let follower =
            Follower::new(store.clone(), current.clone(), FollowerOptions::new(config.data_dir.join(INDEX_DIR)));
        let changes = ChangeFeed::new(store.clone(), current.clone(), follower.health());
        let follower = tokio::spawn(follower.run(stopped.clone()));
        let state = state(&config, &store, &current, &clock, changes, metrics);
        let (writes, write_drain) = (state.writes.clone(), config.limits.write_drain);
        let site = web::site(&config).map_err(anyhow::Error::msg)?;
        let mut tasks = vec![
            serve(listener, http::router(state.clone(), site), &config, &stopped),
            tokio::spawn(until(stopped.clone(), http::upkeep(state.clone()))),
            tokio::spawn(until(stopped.clone(), verify_later(store.clone()))),
            tokio::spawn(until(stopped.clone(), notices::run(state.curate.clone()))),
            tokio::spawn(until(stopped.clone(), backups::run(store.clone(), clock.clone(), config.backup.clone()))),
        ];
        if let Some(internal) = internal {
            tasks.push(serve(internal, http::internal_router(state), &config, &stopped));
        }
        Ok(Self { listen, stop, tasks, writes, write_drain, follower, store })
    }

    /// Stops in order; returns when the store is closed.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a part of the service ended badly");
            }
        }
        if !self.writes.finished(self.write_drain).await {
            let (writes, seconds) = (self.writes.in_progress(), self.write_drain.as_secs());
            tracing::warn!(writes, seconds, "some writes did not end in time; none of them was acknowledged");
        }
        if let Err(error) = self.follower.await {
            tracing::error!(%error, "the follower ended badly; the index is brought to the store's head at the next start");
        }
        let store = self.store;
        if let Err(error) = spawn_blocking(move || store.close()).await {
            tracing::error!(%error, "the store did not close; everything acknowledged is on the disk");
        }
    }
}

/// Opens the store of a data directory and fills an empty one with what the program ships.
///
/// # Errors
/// Where it is damaged beyond repair or in use; the text says what to do.
pub fn open_store(config: &Config, clock: &Clock) -> anyhow::Result<Store> {
    let options = StoreOptions {
        limits: store_limits(&config.limits),
        backup_dir: config.backup.dir.clone(),
        ..StoreOptions::new(&config.data_dir)
    };
    let (store, report) = Store::open(options, clock.clone())?;
    tell(&report);
    let SeedReport { documents, entries, skipped } = seed(&store, clock, |_, _| ())?;
    if !skipped && documents + entries > 0 {
        tracing::info!(documents, entries, "filled the empty store with {entries} entries");
    }
    Ok(store)
}

/// Bounds of the store, from the settings.
pub fn store_limits(limits: &Limits) -> StoreLimits {
    StoreLimits {
        cache_bytes: limits.store_cache_bytes,
        free_bytes_min: limits.free_bytes_min,
        reserve_bytes: limits.reserve_bytes,
        ..StoreLimits::default()
    }
}

/// Bounds of searching, from the settings.
pub fn search_limits(limits: &Limits) -> SearchLimits {
    SearchLimits {
        search_time_max: limits.search_deadline,
        hits_reachable_max: limits.window as usize,
        running_max: limits.search_threads,
        waiting_max: limits.search_queue,
        answers_bytes_max: limits.cache_bytes,
        ..SearchLimits::default()
    }
}

/// Bounds of the writing side, from the settings.
pub fn curate_limits(limits: &Limits) -> CurateLimits {
    let notices = NoticeLimits {
        stored_max: limits.notices_stored,
        email_days: limits.notice_email_days,
        done_days: limits.notice_done_days,
        ..NoticeLimits::default()
    };
    CurateLimits { notices, ..CurateLimits::default() }
}

fn state(
    config: &Arc<Config>,
    store: &Store,
    current: &Current,
    clock: &Clock,
    changes: ChangeFeed,
    metrics: Metrics,
) -> AppState {
    let sink = Arc::new(|_: &str, total: u64| telemetry::searched(total));
    let search = Search::new(current.clone(), search_limits(&config.limits), &config.url(""), sink);
    let curate = Curate::new(store.clone(), clock.clone(), curate_limits(&config.limits));
    let auth = Auth::new(store.clone(), clock.clone());
    AppState::new(search, curate, auth, changes, config.clone(), metrics)
}

async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("listening on {address}"))
}

fn serve(
    listener: TcpListener,
    router: http::Router,
    config: &Arc<Config>,
    stopped: &watch::Receiver<bool>,
) -> JoinHandle<()> {
    let (config, mut stopped) = (config.clone(), stopped.clone());
    tokio::spawn(async move {
        let stop = async move {
            // An error means that the sender is gone, which is a reason to stop as well.
            let _ = stopped.wait_for(|stop| *stop).await;
        };
        if let Err(error) = http::server::serve(listener, router, config, stop).await {
            tracing::error!(%error, "a listener ended");
        }
    })
}

async fn until(mut stopped: watch::Receiver<bool>, work: impl Future<Output = ()>) {
    tokio::select! {
        () = work => {}
        _ = stopped.wait_for(|stop| *stop) => {}
    }
}

/// Checks the whole log in the background; the store turns itself read-only where it finds damage.
async fn verify_later(store: Store) {
    tokio::time::sleep(VERIFY_AFTER).await;
    match spawn_blocking(move || store.verify_all()).await {
        Ok(Ok(report)) => tracing::info!(?report, "the whole store was verified"),
        Ok(Err(error)) => tracing::error!(%error, "the store is damaged; it takes no more writes"),
        Err(error) => tracing::error!(%error, "the store could not be verified"),
    }
}

/// The first searches come first.
const VERIFY_AFTER: Duration = Duration::from_secs(5);

fn tell(report: &OpenReport) {
    for repair in &report.repairs {
        tracing::warn!(?repair, "the store was repaired: {repair:?}");
    }
    let duration_ms = report.took.as_millis() as u64;
    tracing::info!(records = report.log_records, behind_head = report.behind_head, duration_ms, "opened the store");
}

async fn told_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = interrupted => {}
        () = terminated => {}
    }
}

/// Directory of the index.
pub fn index_dir(data_dir: &Path) -> std::path::PathBuf {
    data_dir.join(INDEX_DIR)
}
