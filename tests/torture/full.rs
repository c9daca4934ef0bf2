//! A small file system filled to the last byte while a child writes, the child killed, the store opened on the full
//! disk, then with space again.

use std::path::Path;
use std::time::Duration;

use mitmachbox::clock::Clock;
use mitmachbox::store::Store;
use serde_json::json;

use crate::acks::{Acks, Running};
use crate::{Random, Tally, Verdict, child, rounds, shell};

pub(crate) fn run(tally: &mut Tally) {
    let dir = tempfile::tempdir().unwrap();
    let mut random = Random(0xF0_11);
    let (mut acked, mut failures, rounds) = (0, Vec::new(), rounds(2));
    for round in 0..rounds {
        if let Err(e) = shell(&format!("mount -t tmpfs -o size=64m tmpfs {}", dir.path().display())) {
            tally.add("full", Verdict::Skipped(format!("needs root for mounting a tmpfs: {e}")));
            return;
        }
        match fill(dir.path(), &mut random) {
            Ok(count) => acked += count,
            Err(e) => failures.push(format!("round {round}: {e}")),
        }
        let _ = shell(&format!("umount {}", dir.path().display()));
    }
    if failures.is_empty() {
        tally.add("full", Verdict::Passed(format!("{rounds} full disks, {acked} acknowledgements, 0 lost")));
    } else {
        tally.add("full", Verdict::Failed(failures.join("; ")));
    }
}

fn fill(mount: &Path, random: &mut Random) -> Result<u64, String> {
    let data = mount.join("data");
    let filler = vec![7_u8; usize::try_from(random.below(8 << 20)).map_err(|e| e.to_string())?];
    std::fs::write(mount.join("filler"), filler).map_err(|e| e.to_string())?;
    let running = Running::start(&data, random.next(), Acks::default()).map_err(|e| e.to_string())?;
    // Until nothing more is acknowledged.
    let mut before = 0;
    for _ in 0..60 {
        std::thread::sleep(Duration::from_millis(500));
        let now = running.acks().count;
        if now == before && now > 0 {
            break;
        }
        before = now;
    }
    let acks = running.kill();
    if let Some(e) = &acks.error {
        return Err(e.clone());
    }
    acks.check(&data).map_err(|e| format!("on the full disk: {e}"))?;
    shell(&format!("mount -o remount,size=160m {}", mount.display()))?;
    acks.check(&data).map_err(|e| format!("with space again: {e}"))?;
    let store = Store::open(child::options(&data), Clock::system()).map_err(|e| e.to_string())?.0;
    store.token_write_blocking("again", Some(&json!(1))).map_err(|e| format!("no write with space again: {e}"))?;
    store.close();
    Ok(acks.count)
}
