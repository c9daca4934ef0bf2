//! SIGKILL under writers and searchers, also while starting; one data directory through all rounds.

use std::time::Duration;

use mitmachbox::clock::Clock;
use mitmachbox::store::{Store, StoreOptions};

use super::host::{Place, READY_MAX, Start};
use super::ledger::Ledger;
use super::{load, percentile, verdict, verify::verify};
use crate::{Random, Tally, rounds};

/// Writers and searchers at once.
const CROWD: (u64, u64) = (8, 4);

pub(crate) fn run(tally: &mut Tally) {
    let seed = std::time::UNIX_EPOCH.elapsed().map_or(1, |d| d.as_secs()) | 1;
    tally.add("served", verdict(rounds_of(seed).map_err(|e| format!("seed {seed}: {e}"))));
}

fn rounds_of(seed: u64) -> Result<String, String> {
    let dir = tempfile::tempdir().map_err(|e| e.to_string())?;
    let place = Place::new(dir.path())?;
    let mut random = Random(seed);
    let (mut ledger, mut since, mut starts) = (Ledger::default(), 0, Vec::new());
    let rounds = rounds(5);
    for round in 0..rounds {
        if round % 3 == 1 {
            let server = place.start()?;
            std::thread::sleep(Duration::from_millis(5 + random.below(495)));
            server.kill();
        }
        let at = |e: String| format!("round {round}: {e}");
        let (server, start) = place.start_ready().map_err(at)?;
        // The first start builds the index; that takes what it takes.
        if round > 0 {
            starts.push(in_time(&place, start).map_err(at)?);
        }
        since = verify(&place, &mut ledger, since).map_err(at)?;
        let pause = Duration::from_millis(5 + random.below(495));
        let work = || {
            std::thread::sleep(pause);
            server.kill();
        };
        let ((), known) = load::beside(&place, CROWD, random.next(), &ledger, work).map_err(at)?;
        ledger.merge(known);
    }
    let (server, start) = place.start_ready()?;
    starts.push(in_time(&place, start)?);
    ledger.touch_all();
    let changes = verify(&place, &mut ledger, 0).map_err(|e| format!("at the end: {e}"))?;
    server.stop()?;
    place.complaints(&["panicked", "ERROR", "was repaired"])?;
    let (store, _) = Store::open(StoreOptions::new(&place.data), Clock::system()).map_err(|e| e.to_string())?;
    store.verify_all().map_err(|e| e.to_string())?;
    store.close();
    let built = place.said("built the index anew");
    Ok(report(rounds, &mut ledger, changes, &starts) + &format!("; index built {built} times; seed {seed}"))
}

fn in_time(place: &Place, start: Start) -> Result<Start, String> {
    if start.ready > READY_MAX {
        let words = place.last_words();
        return Err(format!("the index was at the store's head only after {:?}; log, backwards: {words}", start.ready));
    }
    Ok(start)
}

fn report(rounds: u64, ledger: &mut Ledger, changes: u64, starts: &[Start]) -> String {
    ledger.ack_us.sort_unstable();
    ledger.visible_us.sort_unstable();
    let slowest = |of: fn(&Start) -> Duration| starts.iter().map(of).max().unwrap_or_default().as_millis();
    let ms = |figures: &[u64], share| percentile(figures, share) as f64 / 1_000.0;
    format!(
        "{rounds} kills, {} entries, {} acknowledgements, 0 lost, {changes} changes without a gap, {} searches ({} shed); \
         slowest start: listening after {} ms, index at head {} ms later; \
         acknowledged p50 {:.1} ms p99 {:.1} ms, visible then p50 {:.1} ms p99 {:.1} ms",
        ledger.entries.len(),
        ledger.acks,
        ledger.searches,
        ledger.shed,
        slowest(|start| start.listening),
        slowest(|start| start.ready),
        ms(&ledger.ack_us, 0.5),
        ms(&ledger.ack_us, 0.99),
        ms(&ledger.visible_us, 0.5),
        ms(&ledger.visible_us, 0.99),
    )
}
