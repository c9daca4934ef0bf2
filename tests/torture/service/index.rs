//! `index/` is deleted while the program serves: searches go on, and find the same once it is built anew.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::host::Place;
use super::ledger::Ledger;
use super::load::{self, QUERIES};
use super::verify::verify;
use crate::rounds;

/// Longest time until the index is whole again: what five thousand entries may take, and more in code that was not
/// optimised.
pub(crate) const REBUILT_MAX: Duration = Duration::from_secs(if cfg!(debug_assertions) { 120 } else { 15 });
/// Scores may differ by this much; the order must not.
const SCORE_TOLERANCE: f64 = 1e-6;

pub(crate) fn run() -> Result<String, String> {
    let dir = tempfile::tempdir().map_err(|e| e.to_string())?;
    let place = Place::new(dir.path())?;
    let (server, _) = place.start_ready()?;
    let (mut ledger, mut slowest) = (Ledger::default(), Duration::ZERO);
    let rounds = rounds(1);
    for round in 0..rounds {
        let at = |e: String| format!("round {round}: {e}");
        // Entries come and go, so that the index has several segments, deletions and tombstones.
        let busy = || std::thread::sleep(Duration::from_millis(1_500));
        let ((), known) = load::beside(&place, (4, 0), round + 1, &ledger, busy).map_err(at)?;
        ledger.merge(known);
        caught_up(&server)?;
        let before = results(&place).map_err(at)?;
        let ((), known) = load::beside(&place, (0, 4), 1, &Ledger::default(), || {
            slowest = slowest.max(deleted(&place).unwrap_or(Duration::MAX));
        })
        .map_err(at)?;
        ledger.merge(known);
        if slowest > REBUILT_MAX {
            return Err(at(format!("the index was not built anew within {REBUILT_MAX:?}")));
        }
        same(&before, &results(&place).map_err(at)?).map_err(at)?;
        // What is written now is found as well.
        let busy = || std::thread::sleep(Duration::from_millis(300));
        let ((), known) = load::beside(&place, (4, 4), round + 100, &ledger, busy).map_err(at)?;
        ledger.merge(known);
        caught_up(&server)?;
    }
    // And while entries are being written.
    let ((), known) = load::beside(&place, (4, 4), 7, &ledger, || {
        slowest = slowest.max(deleted(&place).unwrap_or(Duration::MAX));
    })?;
    ledger.merge(known);
    caught_up(&server)?;
    ledger.touch_all();
    verify(&place, &mut ledger, 0)?;
    server.stop()?;
    place.complaints(&["panicked"])?;
    Ok(format!(
        "index deleted {} times while serving, {} searches meanwhile ({} shed), built anew in at most {} ms, {} queries the same",
        rounds + 1,
        ledger.searches,
        ledger.shed,
        slowest.as_millis(),
        QUERIES.len(),
    ))
}

fn caught_up(server: &super::host::Server) -> Result<(), String> {
    let since = Instant::now();
    while server.at_head().is_none() {
        if since.elapsed() > REBUILT_MAX {
            return Err("the index does not reach the store's head".into());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

/// Deletes the index and waits until another one is there; the time it took.
fn deleted(place: &Place) -> Option<Duration> {
    let index = place.data.join("index");
    let since = Instant::now();
    // The follower may put a new file in while the old ones go.
    while std::fs::remove_dir_all(&index).is_err() && index.exists() {}
    while since.elapsed() < REBUILT_MAX {
        let generations = std::fs::read_dir(&index).into_iter().flatten().flatten();
        // A new generation has its files before its first commit; the payload is in the commit.
        let whole = generations.filter_map(|dir| std::fs::read_to_string(dir.path().join("meta.json")).ok());
        if whole.into_iter().any(|meta| meta.contains("payload")) {
            let took = since.elapsed();
            // It is on the disk; searches get it a moment later.
            std::thread::sleep(Duration::from_millis(700));
            return Some(took);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    None
}

/// What each query finds: explained, so that no answer comes from a cache.
fn results(place: &Place) -> Result<Vec<Value>, String> {
    let mut client = place.reader();
    let answers = QUERIES.iter().map(|query| {
        let answer = client.get(&format!("/api/v1/search?{query}&explain=1&per_page=10")).map_err(|e| e.to_string())?;
        if answer.status == 200 { Ok(answer.json()) } else { Err(format!("{query}: {}", answer.text())) }
    });
    answers.collect()
}

fn same(before: &[Value], after: &[Value]) -> Result<(), String> {
    for ((query, before), after) in QUERIES.iter().zip(before).zip(after) {
        for field in ["total", "total_strict", "mode", "facets", "query"] {
            if before[field] != after[field] {
                return Err(format!("{query}: {field} was {} and is {}", before[field], after[field]));
            }
        }
        let hits = |answer: &Value| answer["hits"].as_array().cloned().unwrap_or_default();
        let (before, after) = (hits(before), hits(after));
        let ids = |hits: &[Value]| hits.iter().map(|hit| hit["id"].clone()).collect::<Vec<_>>();
        if ids(&before) != ids(&after) {
            return Err(format!("{query}: other hits or another order: {:?}, {:?}", ids(&before), ids(&after)));
        }
        for (before, after) in before.iter().zip(&after) {
            let scores = (before["score"].as_f64().unwrap_or(-1.0), after["score"].as_f64().unwrap_or(-2.0));
            if (scores.0 - scores.1).abs() > SCORE_TOLERANCE * scores.0.abs().max(1.0) {
                return Err(format!("{query}: {} scored {} and scores {}", before["id"], scores.0, scores.1));
            }
        }
    }
    Ok(())
}
