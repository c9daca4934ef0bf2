//! The log and the metrics.
//!
//! At `info` and above the log has no addresses, no queries and no user agents: a request is its id, its route and its
//! status. A failure is logged once, where it is handled, as a sentence with fields. The text of a panic may quote what
//! somebody typed (slicing a text does), so that it is logged at `debug` only.

use std::{
    backtrace::{Backtrace, BacktraceStatus},
    panic::PanicHookInfo,
};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::{EnvFilter, fmt::writer::BoxMakeWriter};

use crate::config::Log;

/// One metric.
pub struct Metric {
    /// Name, as in `/metrics`.
    pub name: &'static str,
    /// What it counts or measures.
    pub help: &'static str,
    /// How it behaves.
    pub form: MetricForm,
}

/// How a metric behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricForm {
    /// Only grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Distribution, in seconds.
    Histogram,
}

/// Requests by `method`, `route` (its template) and `status`.
pub const HTTP_REQUESTS: &str = "mitmachbox_http_requests_total";
/// Time until an answer's header, by `route`.
pub const HTTP_SECONDS: &str = "mitmachbox_http_request_seconds";
/// Requests that are being answered.
pub const HTTP_IN_FLIGHT: &str = "mitmachbox_http_requests_in_flight";
/// Open connections.
pub const HTTP_CONNECTIONS: &str = "mitmachbox_http_connections";
/// Connections that were closed at once.
pub const HTTP_CONNECTIONS_REFUSED: &str = "mitmachbox_http_connections_refused_total";
/// Requests refused by `reason`: rate, load, timeout.
pub const HTTP_REFUSED: &str = "mitmachbox_http_requests_refused_total";
/// Handlers that panicked.
pub const HTTP_PANICS: &str = "mitmachbox_http_panics_total";
/// Answers 304 that needed no search.
pub const HTTP_NOT_MODIFIED: &str = "mitmachbox_http_not_modified_total";
/// Changes that the index is behind the store.
pub const INDEX_LAG: &str = "mitmachbox_index_lag_changes";
/// Newest public change that the index holds.
pub const INDEX_SEQ: &str = "mitmachbox_index_seq";
/// Whether the follower works: 1, or 0 from a failed step until one goes well.
pub const FOLLOWER_UP: &str = "mitmachbox_follower_up";
/// Times that the follower started anew, by `cause`: error, panic.
pub const FOLLOWER_RESTARTS: &str = "mitmachbox_follower_restarts_total";

/// Searches that were run, cached answers not counted, by `found`: none, some.
pub const SEARCHES: &str = "mitmachbox_searches_total";

/// Notices to the editors that were taken.
pub const NOTICES: &str = "mitmachbox_notices_total";

/// All metrics that this program writes.
pub const METRICS: &[Metric] = &[
    counter(HTTP_REQUESTS, "Requests by method, route and status."),
    Metric { name: HTTP_SECONDS, help: "Time until an answer's header, by route.", form: MetricForm::Histogram },
    gauge(HTTP_IN_FLIGHT, "Requests that are being answered."),
    gauge(HTTP_CONNECTIONS, "Open connections."),
    counter(HTTP_CONNECTIONS_REFUSED, "Connections that were closed at once, because their address had too many."),
    counter(HTTP_REFUSED, "Requests refused, by reason: rate, load, timeout."),
    counter(HTTP_PANICS, "Handlers that panicked."),
    counter(HTTP_NOT_MODIFIED, "Answers 304 that needed no search."),
    gauge(INDEX_LAG, "Changes that the index is behind the store."),
    gauge(INDEX_SEQ, "Newest public change that the index holds."),
    gauge(FOLLOWER_UP, "1 while the index is kept at the store's head, 0 from a failed step until one goes well."),
    counter(FOLLOWER_RESTARTS, "Times that the follower started anew, by cause: error, panic."),
    counter(SEARCHES, "Searches that were run, cached answers not counted, by whether they found anything."),
    counter(NOTICES, "Notices to the editors that were taken."),
];

/// Bounds of the histogram's buckets in seconds, around the budgets of the design (3 ms, 15 ms, 300 ms).
const BUCKETS: &[f64] = &[0.0005, 0.001, 0.003, 0.005, 0.015, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0];

/// Reads the metrics of this process. Cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
}

impl Metrics {
    /// Starts to count. The first call in a process wins; later ones (tests) read metrics that nobody writes.
    pub fn install() -> Self {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full(HTTP_SECONDS.into()), BUCKETS)
            .expect("the list of buckets is not empty")
            .build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_ok() {
            describe();
        }
        Self { handle }
    }

    /// All metrics in the text format of Prometheus.
    pub fn render(&self) -> String {
        self.handle.render()
    }

    /// Frees what measurements left behind; call it every few seconds.
    pub fn upkeep(&self) {
        self.handle.run_upkeep();
    }
}

/// Starts the log on standard error. Does nothing where one is set up already.
///
/// # Errors
/// When the filter cannot be read; the text says where.
pub fn start_log(log: &Log) -> Result<(), String> {
    let filter = EnvFilter::try_new(&log.filter).map_err(|error| format!("log.filter: {error}"))?;
    let writer = BoxMakeWriter::new(std::io::stderr);
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    let started = if log.json {
        builder.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init()
    } else {
        builder.with_target(false).try_init()
    };
    // Somebody (a test, an embedding program) has a log already: theirs is used.
    drop(started);
    Ok(())
}

/// Lets panics go to the log instead of standard error; see [`tell_of_panic`].
pub fn panics_to_log() {
    std::panic::set_hook(Box::new(tell_of_panic));
}

/// Logs the place of a panic, and at `debug` its text. With `RUST_BACKTRACE` set, the calls that led there as well.
pub fn tell_of_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let calls = Backtrace::capture();
    if calls.status() == BacktraceStatus::Captured {
        tracing::error!(place, %calls, "something panicked");
    } else {
        tracing::error!(place, "something panicked");
    }
    tracing::debug!(text = panic.payload_as_str().unwrap_or_default(), "its text");
}

/// Counts a search that was run.
pub fn searched(total: u64) {
    metrics::counter!(SEARCHES, "found" => if total == 0 { "none" } else { "some" }).increment(1);
}

/// Counts a notice that was taken.
pub fn noticed() {
    metrics::counter!(NOTICES).increment(1);
}

fn describe() {
    for metric in METRICS {
        match metric.form {
            MetricForm::Counter => metrics::describe_counter!(metric.name, metric.help),
            MetricForm::Gauge => metrics::describe_gauge!(metric.name, metric.help),
            MetricForm::Histogram => metrics::describe_histogram!(metric.name, metric.help),
        }
    }
}

const fn counter(name: &'static str, help: &'static str) -> Metric {
    Metric { name, help, form: MetricForm::Counter }
}

const fn gauge(name: &'static str, help: &'static str) -> Metric {
    Metric { name, help, form: MetricForm::Gauge }
}
