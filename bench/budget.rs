//! The whole table: every row of the design's budgets, measured in one run.

use std::{fs, io::BufWriter, path::Path};

use anyhow::Context;
use serde_json::{Value, json};

use crate::{
    QUICK, analyser,
    corpus::Corpus,
    data::{Shipped, generated},
    floor, import, load,
    measure::{self, Budget, Row},
    search::{self, Figures},
    server,
};

/// Entries of the full mode beside the quick ones.
const FULL: usize = 100_000;

/// Asks for the full mode: `MITMACHBOX_BENCH=full`.
const MODE: &str = "MITMACHBOX_BENCH";

/// Minutes that a clean release build took, as whoever ran it says; measuring it here would take the machine away.
const BUILD_MINUTES: &str = "MITMACHBOX_BUILD_MINUTES";

/// Measures everything, prints the table and writes `bench/results/<version>.json`.
pub(crate) fn run() -> anyhow::Result<()> {
    let full = std::env::var(MODE).is_ok_and(|mode| mode == "full");
    let mode = if full { "full" } else { "quick" };
    let machine = measure::machine();
    println!("{}", serde_json::to_string(&machine)?);
    let shipped = Shipped::read()?;
    let corpus = shipped.corpus();
    let mut rows = Vec::new();
    step("searches in process");
    let figures = searches(&shipped, &corpus, QUICK)?;
    rows.extend(search_rows(&figures));
    step("analyser");
    rows.extend(analyser::rows(&corpus)?);
    step("import, and the program over HTTP");
    rows.extend(over_http(&shipped, &corpus, QUICK)?);
    if full {
        step("searches in process, 100,000 entries");
        rows.extend(large_search_rows(&searches(&shipped, &corpus, FULL)?));
        step("import, and the program over HTTP, 100,000 entries");
        let large = over_http(&shipped, &corpus, FULL)?;
        rows.extend(large.into_iter().filter(|row| row.id == "memory_100k"));
    } else {
        let why = format!("{MODE}=full");
        rows.push(Row::skipped("search_p99_100k", "search, 100,000 entries, p99", "ms", Budget::AtMost(15.0), &*why));
        rows.push(Row::skipped("memory_100k", "anonymous memory, 100,000 entries", "MB", Budget::AtMost(256.0), &*why));
    }
    rows.extend(build_rows()?);
    println!("\n{}", measure::table(&rows));
    save(mode, machine, &rows, &figures)
}

fn step(what: &str) {
    eprintln!("… {what}");
}

fn searches(shipped: &Shipped, corpus: &Corpus, count: usize) -> anyhow::Result<Figures> {
    let scratch = tempfile::tempdir()?;
    let indexed = search::index(shipped, corpus, count, scratch.path())?;
    search::measure(&indexed, corpus)
}

fn search_rows(figures: &Figures) -> Vec<Row> {
    let full = figures.full();
    let count = figures.count;
    let note = format!("{} queries, {} segments, answer serialised", figures.queries.len(), figures.segments);
    let row = |id, what: String, value, budget, note: String| Row::new(id, what, value, "ms", budget, note);
    let (bare, fresh, suggest) = (&figures.without_facets, &figures.fresh, &figures.suggest);
    vec![
        row("search_p50", format!("search, {count} entries, p50"), full.percentile_ms(50.0), Budget::AtMost(0.5), note),
        row(
            "search_p99",
            format!("search, {count} entries, p99"),
            full.percentile_ms(99.0),
            Budget::AtMost(3.0),
            worst(figures),
        ),
        row(
            "search_bare_p99",
            "  the same without facets, p99".into(),
            bare.percentile_ms(99.0),
            Budget::None,
            format!("p50 {:.3} ms", bare.percentile_ms(50.0)),
        ),
        row(
            "search_fresh_p99",
            "  never repeated queries, p99".into(),
            fresh.percentile_ms(99.0),
            Budget::None,
            format!("p50 {:.3} ms, {} queries", fresh.percentile_ms(50.0), fresh.len()),
        ),
        row(
            "search_cpu",
            "  processor time of one search of the set, mean".into(),
            figures.full_cpu.as_secs_f64() * 1_000.0,
            Budget::None,
            format!(
                "never repeated {:.3} ms; not disturbed by other programs",
                figures.fresh_cpu.as_secs_f64() * 1_000.0
            ),
        ),
        Row::new(
            "search_floor",
            "  times as long as plain tantivy with the same stems",
            figures.against_floor(),
            "",
            Budget::None,
            "which gives no facets, parts, grams, snippets",
        ),
        row(
            "suggest_p99",
            "suggest, p99".into(),
            suggest.percentile_ms(99.0),
            Budget::AtMost(1.0),
            format!("p50 {:.3} ms, {} beginnings of words", suggest.percentile_ms(50.0), suggest.len()),
        ),
    ]
}

fn large_search_rows(figures: &Figures) -> Vec<Row> {
    let full = figures.full();
    let note = format!("p50 {:.2} ms, {} segments; {}", full.percentile_ms(50.0), figures.segments, worst(figures));
    let p99 = full.percentile_ms(99.0);
    let what = format!("search, {} entries, p99", figures.count);
    vec![Row::new("search_p99_100k", what, p99, "ms", Budget::AtMost(15.0), note)]
}

/// The three slowest queries of the set.
fn worst(figures: &Figures) -> String {
    let mut slowest: Vec<_> =
        figures.queries.iter().map(|figures| (figures.full.percentile_ms(50.0), &figures.query)).collect();
    slowest.sort_by(|a, b| b.0.total_cmp(&a.0));
    let named: Vec<String> =
        slowest.iter().take(3).map(|(ms, query)| format!("{}/{} {ms:.2}", query.group, query.name)).collect();
    format!("slowest: {}", named.join(", "))
}

/// Import, and then everything that needs the running program.
pub(crate) fn over_http(shipped: &Shipped, corpus: &Corpus, count: usize) -> anyhow::Result<Vec<Row>> {
    let scratch = tempfile::tempdir()?;
    let imported = import::import_entries(corpus, count, scratch.path())?;
    let publics: Vec<_> = (0..count.min(QUICK) as u64)
        .map(|number| {
            let (id, entry) = generated(corpus, number);
            shipped.public(id, entry)
        })
        .collect();
    let plain = floor::entries_per_second(tempfile::tempdir()?.path(), &publics, &shipped.vocabularies)?;
    let note = format!(
        "stored {:.0}/s; plain tantivy, same analyser, one thread {plain:.0}/s, ratio {:.2}",
        count as f64 / imported.stored.as_secs_f64(),
        imported.per_second() / plain
    );
    let what = format!("bulk import of {count} entries, store and index, to searchable");
    let mut rows = vec![Row::new("import", what, imported.per_second(), "/s", Budget::AtLeast(3_000.0), note)];
    let file = scratch.path().join("entries.ndjson");
    corpus.write(count as u64, &shipped.vocabularies, &mut BufWriter::new(fs::File::create(&file)?))?;
    let checked = import::import_file(&file, count, tempfile::tempdir()?.path())?;
    let note = "a file of NDJSON, three times read, every record checked";
    rows.push(Row::new(
        "import_file",
        "  the same by `mitmachbox import`",
        checked.per_second(),
        "/s",
        Budget::None,
        note,
    ));
    rows.extend(load::rows(corpus, count, scratch.path(), &imported.token)?);
    Ok(rows)
}

fn build_rows() -> anyhow::Result<Vec<Row>> {
    let what = "clean release build";
    let build = match std::env::var(BUILD_MINUTES).ok().map(|minutes| minutes.parse::<f64>()) {
        Some(minutes) => {
            Row::new("build", what, minutes.context(BUILD_MINUTES)?, "min", Budget::AtMost(6.0), "as given")
        }
        None => Row::skipped("build", what, "min", Budget::AtMost(6.0), format!("{BUILD_MINUTES}=<minutes>")),
    };
    Ok(vec![
        Row::skipped("widget", "widget, gzipped", "kB", Budget::AtMost(10.0), "a later issue brings it"),
        Row::new("binary", "release binary", server::program_mb()?, "MB", Budget::AtMost(30.0), ""),
        build,
    ])
}

/// Keeps the newest run of each mode of this version.
fn save(mode: &str, machine: Value, rows: &[Row], figures: &Figures) -> anyhow::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("bench/results");
    fs::create_dir_all(&folder)?;
    let file = folder.join(concat!(env!("CARGO_PKG_VERSION"), ".json"));
    let mut results: Value = match fs::read_to_string(&file) {
        Ok(text) => serde_json::from_str(&text).with_context(|| file.display().to_string())?,
        Err(_) => json!({}),
    };
    results[mode] = json!({
        "at": mitmachbox::clock::Clock::system().now().strftime("%Y-%m-%dT%H:%MZ").to_string(),
        "machine": machine,
        "rows": rows.iter().map(Row::json).collect::<Vec<_>>(),
        "queries": figures.queries.iter().map(search::QueryFigures::json).collect::<Vec<_>>(),
    });
    fs::write(&file, serde_json::to_string_pretty(&results)? + "\n")?;
    println!("written to bench/results/{}.json", env!("CARGO_PKG_VERSION"));
    Ok(())
}
