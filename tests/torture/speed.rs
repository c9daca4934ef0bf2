//! Figures: commit latency, group commit, bulk import, opening. Fails only if an import loses something.

use std::time::Instant;

use mitmachbox::clock::Clock;
use mitmachbox::store::{Store, backup};

use crate::child::{entry, options};
use crate::{Random, Tally, Verdict, rounds};

pub(crate) fn run(tally: &mut Tally) {
    let dir = tempfile::tempdir_in(std::env::current_dir().unwrap()).unwrap();
    let mut random = Random(7);
    let count = rounds(10) * 300;
    let store = Store::open(options(dir.path()), Clock::system()).unwrap().0;

    let mut alone: Vec<f64> = (0..30)
        .map(|n| {
            let commit = entry(n, None, &mut random);
            let since = Instant::now();
            store.commit_blocking(commit).unwrap();
            since.elapsed().as_secs_f64() * 1_000.0
        })
        .collect();
    alone.sort_by(f64::total_cmp);

    let batches: Vec<Vec<_>> = (0..count / 1_000)
        .map(|b| (0..1_000).map(|n| entry(1_000 + b * 1_000 + n, None, &mut random)).collect())
        .collect();
    let bytes: usize = batches.iter().flatten().map(|c| format!("{c:?}").len()).sum();
    let since = Instant::now();
    for batch in batches {
        for result in store.commit_many_blocking(batch) {
            result.unwrap();
        }
    }
    let import = since.elapsed().as_secs_f64();

    let since = Instant::now();
    let published = store.published().1.filter(Result::is_ok).count();
    let scan = since.elapsed();
    let since = Instant::now();
    backup::create(&store, &dir.path().join("b")).unwrap();
    let backed_up = since.elapsed();
    let since = Instant::now();
    let verified = store.verify_all().unwrap();
    let verify = since.elapsed();
    let stats = store.stats();
    store.close();
    let since = Instant::now();
    let store = Store::open(options(dir.path()), Clock::system()).unwrap().0;
    let open = since.elapsed();
    let imported = count / 1_000 * 1_000;
    let text = format!(
        "one commit p50 {:.1} ms max {:.1} ms; import of {imported} entries of {} bytes {:.0}/s; scan of {published} published {scan:.0?}; \
         verify {verify:.0?}; backup {backed_up:.0?}; open {open:.0?}; {} MB on disk for {} MB",
        alone[alone.len() / 2],
        alone[alone.len() - 1],
        bytes as u64 / imported.max(1),
        imported as f64 / import,
        stats.disk_bytes >> 20,
        verified.live_bytes >> 20,
    );
    let complete = store.head().store_seq.0 == 30 + imported && verified.entries == 30 + imported;
    tally.add("speed", if complete { Verdict::Passed(text) } else { Verdict::Failed(text) });
}
