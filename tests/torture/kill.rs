//! SIGKILL at random times, also while opening, compacting and backing up; one store through all rounds.

use std::time::{Duration, Instant};

use crate::acks::{Acks, Running};
use crate::{Random, Tally, Verdict, rounds};

pub(crate) fn run(tally: &mut Tally) {
    let dir = tempfile::tempdir().unwrap();
    let seed = std::time::UNIX_EPOCH.elapsed().map_or(1, |d| d.as_secs()) | 1;
    let mut random = Random(seed);
    let mut acks = Acks::default();
    let rounds = rounds(10);
    let mut slowest = Duration::ZERO;
    for round in 0..rounds {
        let running = Running::start(dir.path(), random.next(), acks).unwrap();
        std::thread::sleep(Duration::from_millis(5 + random.below(500)));
        acks = running.kill();
        if let Some(e) = &acks.error {
            tally.add("kill", Verdict::Failed(format!("round {round}, seed {seed}: {e}")));
            return;
        }
        let since = Instant::now();
        match acks.check(dir.path()) {
            Ok(report) if report.repairs.iter().all(|r| matches!(r, mitmachbox::store::Repair::Compacted { .. })) => {
                slowest = slowest.max(report.took);
            }
            Ok(report) => {
                tally.add("kill", Verdict::Failed(format!("round {round}, seed {seed}: needed {:?}", report.repairs)));
                return;
            }
            Err(e) => {
                tally.add(
                    "kill",
                    Verdict::Failed(format!("round {round}, seed {seed}: {e} (after {:?})", since.elapsed())),
                );
                return;
            }
        }
    }
    let text = format!(
        "{rounds} kills, {} acknowledgements, 0 lost, slowest open {} ms, seed {seed}",
        acks.count,
        slowest.as_millis()
    );
    tally.add("kill", Verdict::Passed(text));
}
