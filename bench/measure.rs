//! Percentiles, rows of the budget table, and the machine they were measured on.

use std::{fmt::Write as _, time::Duration};

use serde_json::{Value, json};

/// Durations of the same thing, many times.
#[derive(Clone, Debug, Default)]
pub(crate) struct Samples(Vec<Duration>);

impl Samples {
    /// Adds one.
    pub(crate) fn push(&mut self, sample: Duration) {
        self.0.push(sample);
    }

    /// Adds all of another.
    pub(crate) fn extend(&mut self, other: &Self) {
        self.0.extend(&other.0);
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The value that `percent` of the samples do not exceed (nearest rank), in milliseconds.
    pub(crate) fn percentile_ms(&self, percent: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (percent / 100.0 * sorted.len() as f64).ceil() as usize;
        sorted.get(rank.saturating_sub(1)).map_or(f64::NAN, |sample| sample.as_secs_f64() * 1_000.0)
    }

    /// Mean in milliseconds.
    pub(crate) fn mean_ms(&self) -> f64 {
        self.0.iter().sum::<Duration>().as_secs_f64() * 1_000.0 / self.0.len() as f64
    }
}

/// Time that the threads of this process have spent on a processor; not disturbed by what else the machine does.
pub(crate) fn cpu_time() -> anyhow::Result<Duration> {
    let mut nanoseconds = 0;
    for task in std::fs::read_dir("/proc/self/task")? {
        let stat = std::fs::read_to_string(task?.path().join("schedstat"))?;
        nanoseconds += stat.split(' ').next().unwrap_or_default().parse::<u64>()?;
    }
    Ok(Duration::from_nanos(nanoseconds))
}

/// What a budget asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Budget {
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
    /// Nothing: a figure beside a row.
    None,
}

/// One row of the table.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Stable name, for comparing results of versions.
    pub(crate) id: &'static str,
    /// What was measured.
    pub(crate) what: String,
    /// The figure; none where it was not measured in this run.
    pub(crate) value: Option<f64>,
    /// Unit of the figure.
    pub(crate) unit: &'static str,
    /// What the design asks for.
    pub(crate) budget: Budget,
    /// What else to know: counts, conditions, why it was not measured.
    pub(crate) note: String,
}

impl Row {
    /// A measured row.
    pub(crate) fn new(
        id: &'static str,
        what: impl Into<String>,
        value: f64,
        unit: &'static str,
        budget: Budget,
        note: impl Into<String>,
    ) -> Self {
        Self { id, what: what.into(), value: Some(value), unit, budget, note: note.into() }
    }

    /// A row that this run did not measure.
    pub(crate) fn skipped(
        id: &'static str,
        what: impl Into<String>,
        unit: &'static str,
        budget: Budget,
        why: impl Into<String>,
    ) -> Self {
        Self { id, what: what.into(), value: None, unit, budget, note: why.into() }
    }

    fn verdict(&self) -> &'static str {
        match (self.value, self.budget) {
            (_, Budget::None) => "",
            (None, _) => "not measured",
            (Some(value), Budget::AtMost(most)) if value <= most => "meets",
            (Some(value), Budget::AtLeast(least)) if value >= least => "meets",
            (Some(_), _) => "FALLS SHORT",
        }
    }

    fn budget_text(&self) -> String {
        match self.budget {
            Budget::AtMost(most) => format!("<= {} {}", figure(most), self.unit),
            Budget::AtLeast(least) => format!(">= {} {}", figure(least), self.unit),
            Budget::None => String::new(),
        }
    }

    /// The row for machines.
    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.id, "what": self.what, "value": self.value, "unit": self.unit,
            "budget": self.budget_text(), "verdict": self.verdict(), "note": self.note,
        })
    }
}

/// Three digits that matter.
pub(crate) fn figure(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// The rows as a table for people.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut text = format!("{:<62} {:>15}  {:<14} {:<12} note\n", "what", "measured", "budget", "verdict");
    for row in rows {
        let measured = row.value.map_or_else(|| "-".into(), |value| format!("{} {}", figure(value), row.unit));
        let (budget, verdict) = (row.budget_text(), row.verdict());
        let _ = writeln!(text, "{:<62} {measured:>15}  {budget:<14} {verdict:<12} {}", row.what, row.note);
    }
    text
}

/// Processor, cores, memory, kernel, compiler.
pub(crate) fn machine() -> Value {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let line = |text: &str, name: &str| {
        let found = text.lines().find(|line| line.starts_with(name)).and_then(|line| line.split_once(':'));
        found.map_or_else(|| "unknown".to_owned(), |(_, value)| value.trim().to_owned())
    };
    let rustc = std::process::Command::new("rustc").arg("--version").output();
    let rustc = rustc.map_or_else(|_| "unknown".into(), |out| String::from_utf8_lossy(&out.stdout).trim().to_owned());
    json!({
        "processor": line(&read("/proc/cpuinfo"), "model name"),
        "cores": std::thread::available_parallelism().map_or(0, usize::from),
        "memory": line(&read("/proc/meminfo"), "MemTotal"),
        "kernel": read("/proc/sys/kernel/osrelease").trim(),
        "rustc": rustc,
        "load_before": read("/proc/loadavg").split(' ').next().unwrap_or_default(),
    })
}
