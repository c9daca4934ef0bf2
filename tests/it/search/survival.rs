//! Panics: of the follower, which goes on, and of a search, which is one error.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use mitmachbox::follow::{Follower, FollowerHealth, FollowerOptions, FollowerState};
use mitmachbox::index::current::Current;
use mitmachbox::search::service::{Search, SearchError};
use tokio::sync::watch;
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use super::desk::{Desk, content, desk, run};
use super::support::{limits, request};

/// Lines that the follower writes within a step, one while it looks and one while it builds.
const TRAPS: &[&str] = &["the index was deleted while it was in use", "built the index anew"];

/// Panics as often as it is armed, in the middle of a step of the follower: where it writes one of these lines.
#[derive(Clone, Default)]
struct Trap(Arc<AtomicUsize>);

impl<S: tracing::Subscriber> Layer<S> for Trap {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        let sprung = TRAPS.iter().any(|trap| line.0.starts_with(trap))
            && self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |armed| armed.checked_sub(1)).is_ok();
        assert!(!sprung, "sprung at: {}", line.0);
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}

fn wait_until(what: &str, done: impl Fn() -> bool) {
    let started = Instant::now();
    while !done() {
        assert!(started.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

struct Running {
    runtime: tokio::runtime::Runtime,
    task: tokio::task::JoinHandle<()>,
    stop: watch::Sender<bool>,
    health: FollowerHealth,
    search: Search,
}

fn start(desk: &Desk, dir: &Path, trap: &Trap) -> Running {
    let trap = trap.clone();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .on_thread_start(move || {
            // For as long as the thread lives.
            let subscriber = tracing_subscriber::registry().with(trap.clone());
            std::mem::forget(tracing::subscriber::set_default(subscriber));
        })
        .build()
        .unwrap();
    let current = Current::default();
    let tick = Duration::from_millis(10);
    let options = FollowerOptions { tick, backoff: tick, backoff_max: tick * 4, ..FollowerOptions::new(dir) };
    let follower = Follower::new(desk.store.clone(), current.clone(), options);
    let health = follower.health();
    let (stop, stopped) = watch::channel(false);
    let task = runtime.spawn(follower.run(stopped));
    let search = Search::new(current, limits(), "", Arc::new(|_, _| {}));
    Running { runtime, task, stop, health, search }
}

#[test]
fn a_search_that_panics_is_an_error_that_does_not_quote_it() {
    let desk = desk();
    let sink = Arc::new(|q: &str, _| panic!("byte 1 of `{q}`"));
    let search = Search::new(desk.current.clone(), limits(), "", sink);
    let error = run(search.search(request("zwiebelmarkt"))).unwrap_err();
    assert!(matches!(&error, SearchError::Internal(text) if !text.contains("zwiebelmarkt")), "{error}");
    assert_eq!(desk.slugs("zwiebelmarkt"), [""; 0], "the next search is answered");
}

#[test]
fn a_follower_that_panics_starts_anew_and_goes_on() {
    let desk = desk();
    let dir = tempfile::tempdir().unwrap();
    let index = dir.path().join("index");
    let trap = Trap::default();
    trap.0.store(1, Ordering::SeqCst);
    let running = start(&desk, &index, &trap);
    let slugs = |q: &str| {
        let found = running.runtime.block_on(running.search.search(request(q))).unwrap();
        found.hits.into_iter().map(|hit| hit.slug).collect::<Vec<_>>()
    };
    wait_until("goes on after a panic at the start", || {
        running.health.restarts() == 1 && running.health.state() == FollowerState::Following
    });

    trap.0.store(TRAPS.len(), Ordering::SeqCst);
    while std::fs::remove_dir_all(&index).is_err_and(|error| error.kind() != std::io::ErrorKind::NotFound) {}
    let saved = desk.put(content("Zwiebelmarkt", "Ein Fest."));
    let seq = saved.change_seq.unwrap();
    let seen = running.runtime.block_on(running.search.wait_for(seq, Duration::from_secs(60)));
    assert!(seen, "what was published while it panicked is found");
    assert_eq!(slugs("zwiebelmarkt"), ["zwiebelmarkt"]);
    wait_until("it did panic", || trap.0.load(Ordering::SeqCst) == 0);
    wait_until("is well again", || running.health.state() == FollowerState::Following);
    assert_eq!((running.health.restarts(), running.health.down_for()), (3, None));

    running.stop.send_replace(true);
    running.runtime.block_on(running.task).unwrap();
    assert_eq!(running.health.state(), FollowerState::Stopped);
    assert!(running.health.down_for().is_some());
}
