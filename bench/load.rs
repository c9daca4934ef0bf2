//! The real program over HTTP: requests per second, edits until they are visible, start, memory.

use std::{
    net::SocketAddr,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use serde_json::json;

use crate::{
    client::{Client, encoded, requests_per_second},
    corpus::{Corpus, Rng},
    data::SEED,
    measure::{Budget, Row, Samples},
    queries,
    server::Server,
    static_server::{self, StaticServer},
};

/// The search that is asked again and again.
const CACHED: &str = "/api/v1/search?q=b%C3%BCrgerhaushalt";

/// Connections that send requests at once.
const CONNECTIONS: usize = 8;

/// One measurement of requests per second; kinds of requests take turns, so that a disturbance hits all.
const TURN: Duration = Duration::from_millis(1_500);

/// Turns of each kind.
const TURNS: usize = 3;

/// Never repeated searches kept ready: more than any server answers in all turns.
const FRESH_QUERIES: usize = 60_000;

/// Edits of a lone writer, and of each of several.
const EDITS_ALONE: usize = 60;
const EDITS_EACH: usize = 25;

/// Writers at once.
const WRITERS: usize = 8;

/// Starts of which the median counts.
const STARTS: usize = 5;

/// Rows that need the running program.
pub(crate) fn rows(corpus: &Corpus, count: usize, data_dir: &Path, token: &str) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    let mut starts = Samples::default();
    for _ in 0..STARTS {
        let server = Server::start(data_dir)?;
        starts.push(server.ready_after);
        server.stop()?;
    }
    let note = format!("median of {STARTS}, slowest {:.0} ms", starts.percentile_ms(100.0));
    rows.push(Row::new(
        "start",
        format!("start with {count} entries, index present, until /readyz says 200"),
        starts.percentile_ms(50.0),
        "ms",
        Budget::AtMost(500.0),
        note,
    ));
    let server = Server::start(data_dir)?;
    let idle = server.anonymous_mb()?;
    rows.extend(throughput(corpus, count, server.address)?);
    let busy = server.anonymous_mb()?;
    let budget = if count > 10_000 { 256.0 } else { 80.0 };
    rows.push(Row::new(
        if count > 10_000 { "memory_100k" } else { "memory_10k" },
        format!("anonymous memory with {count} entries, caches full"),
        busy,
        "MB",
        Budget::AtMost(budget),
        format!("after the start {idle:.0} MB; sled's page cache is bounded to 16 MB"),
    ));
    rows.extend(edits(corpus, server.address, token)?);
    server.stop()?;
    Ok(rows)
}

/// Cached and never repeated searches against a static route.
fn throughput(corpus: &Corpus, count: usize, address: SocketAddr) -> anyhow::Result<Vec<Row>> {
    let mut client = Client::connect(address)?;
    ensure!(client.get(CACHED)?.status == 200, "{}", String::from_utf8_lossy(client.body()));
    let body = client.body().to_vec();
    let fixed = StaticServer::start(&body)?;
    let fresh = fresh_paths(corpus, count);
    let next = AtomicUsize::new(0);
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n").into_bytes();
    let (mut sums, mut turns) = ([0.0; 4], 0.0);
    for _ in 0..TURNS {
        let measured = [
            requests_per_second(fixed.bare, CONNECTIONS, TURN, |_, _| get(static_server::BARE))?,
            requests_per_second(fixed.layered, CONNECTIONS, TURN, |_, _| get(static_server::LAYERED))?,
            requests_per_second(address, CONNECTIONS, TURN, |_, _| get(CACHED))?,
            requests_per_second(address, CONNECTIONS, TURN, |_, _| {
                get(&fresh[next.fetch_add(1, Ordering::Relaxed) % fresh.len()])
            })?,
        ];
        sums.iter_mut().zip(measured).for_each(|(sum, measured)| *sum += measured);
        turns += 1.0;
    }
    let asked = next.load(Ordering::Relaxed);
    ensure!(asked <= fresh.len(), "{asked} searches were asked, only {} are different", fresh.len());
    let [bare, layered, cached, fresh] = sums.map(|sum| sum / turns);
    let kb = body.len() as f64 / 1_000.0;
    Ok(vec![
        Row::new(
            "cached_ratio",
            "cached searches/s against a static axum route, same body and layers",
            cached / layered,
            "",
            Budget::AtLeast(0.6),
            format!(
                "{cached:.0}/s against {layered:.0}/s (bare axum {bare:.0}/s), {kb:.1} kB, {CONNECTIONS} connections"
            ),
        ),
        Row::new(
            "fresh_ratio",
            format!("never repeated searches/s, {count} entries, against the same static route"),
            fresh / layered,
            "",
            Budget::AtLeast(0.05),
            format!("{fresh:.0}/s, client and server on the same cores"),
        ),
    ])
}

fn fresh_paths(corpus: &Corpus, count: usize) -> Vec<String> {
    let mut rng = Rng::of(SEED, u64::MAX - 1);
    let mut known = std::collections::HashSet::new();
    let mut paths = Vec::with_capacity(FRESH_QUERIES);
    // A few queries come out twice and are left out; entries that were drawn from are drawn from again.
    let entries: Vec<_> = (0..count.min(2_000) as u64).map(|number| corpus.entry(number)).collect();
    while paths.len() < FRESH_QUERIES {
        let Some(entry) = rng.pick(&entries) else { break };
        let q = queries::query_about(entry, &mut rng);
        if known.insert(q.clone()) {
            paths.push(format!("/api/v1/search?q={}", encoded(&q)));
        }
    }
    paths
}

/// From the acknowledgement of an edit until a search finds it.
fn edits(corpus: &Corpus, address: SocketAddr, token: &str) -> anyhow::Result<Vec<Row>> {
    let alone = writer(corpus, address, token, 0, EDITS_ALONE)?;
    let together = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..=WRITERS)
            .map(|number| scope.spawn(move || writer(corpus, address, token, number, EDITS_EACH)))
            .collect();
        let mut all = Edits::default();
        for thread in threads {
            let edits = thread.join().unwrap_or_else(|_| anyhow::bail!("a writer panicked"))?;
            all.visible.extend(&edits.visible);
            all.acknowledged.extend(&edits.acknowledged);
        }
        anyhow::Ok(all)
    })?;
    let row = |id, what: &str, edits: &Edits, most| {
        let note = format!(
            "p50 {:.0} ms, {} edits; the acknowledgement itself p50 {:.0}, p99 {:.0} ms",
            edits.visible.percentile_ms(50.0),
            edits.visible.len(),
            edits.acknowledged.percentile_ms(50.0),
            edits.acknowledged.percentile_ms(99.0)
        );
        Row::new(id, what, edits.visible.percentile_ms(99.0), "ms", Budget::AtMost(most), note)
    };
    Ok(vec![
        row("visible_1", "edit acknowledged -> visible, one at a time, p99", &alone, 300.0),
        row("visible_8", "edit acknowledged -> visible, 8 writers, p99", &together, 1_000.0),
    ])
}

#[derive(Default)]
struct Edits {
    /// From the answer to the edit until the search has it.
    visible: Samples,
    /// From sending the edit until its answer, the disk included.
    acknowledged: Samples,
}

/// Creates an entry, then edits and publishes it again and again, each time with a word that no entry has.
fn writer(corpus: &Corpus, address: SocketAddr, token: &str, number: usize, edits: usize) -> anyhow::Result<Edits> {
    let mut client = Client::connect(address)?;
    let mut content = corpus.entry(10_000_000 + number as u64).to_json();
    content["relations"] = json!([]);
    let created = client.write("POST", "/api/v1/staff/entries", token, None, &content)?;
    ensure!(created.status == 201, "{} {}", created.status, String::from_utf8_lossy(client.body()));
    let id = client.json()?["id"].as_str().context("an id")?.to_owned();
    let mut etag = created.etag.context("an ETag")?;
    let mut figures = Edits::default();
    for edit in 0..edits {
        let word = format!("kennwort{}x{}", letters(number), letters(edit));
        content["summary"] = format!("Diese Fassung heißt {word}.").into();
        let path = format!("/api/v1/staff/entries/{id}");
        let replaced = client.write("PUT", &path, token, Some(&etag), &content)?;
        ensure!(replaced.status == 200, "{} {}", replaced.status, String::from_utf8_lossy(client.body()));
        etag = replaced.etag.context("an ETag")?;
        let sent = Instant::now();
        let path = format!("{path}/publish");
        let published = client.write("POST", &path, token, Some(&etag), &json!({}))?;
        let acknowledged = Instant::now();
        ensure!(published.status == 200, "{} {}", published.status, String::from_utf8_lossy(client.body()));
        etag = published.etag.context("an ETag")?;
        let seq = client.json()?["change_seq"].as_u64().context("a change_seq")?;
        let found = client.get(&format!("/api/v1/search?q={word}&facets=kind&min_seq={seq}"))?;
        figures.visible.push(acknowledged.elapsed());
        figures.acknowledged.push(acknowledged - sent);
        ensure!(found.status == 200, "{} {}", found.status, String::from_utf8_lossy(client.body()));
        let total = client.json()?["total_strict"].as_u64();
        ensure!(total == Some(1), "{total:?} hits for {word}");
    }
    Ok(figures)
}

/// A number as letters: numbers within words would be words of their own.
fn letters(number: usize) -> String {
    number.to_string().bytes().map(|digit| (b'a' + digit - b'0') as char).collect()
}
