//! What a power cut leaves: an ext4 image copied while its writer is stopped, mounted again, journal replayed.

use std::path::Path;
use std::time::Duration;

use crate::acks::{Acks, Running};
use crate::{Random, Tally, Verdict, rounds, shell};

pub(crate) fn run(tally: &mut Tally) {
    let dir = tempfile::tempdir().unwrap();
    let seed = std::time::UNIX_EPOCH.elapsed().map_or(1, |d| d.as_secs()) | 1;
    let mut random = Random(seed);
    let (mut acked, rounds, mut failures) = (0, rounds(3), Vec::new());
    if let Err(e) = make_image(dir.path()) {
        tally.add("powercut", Verdict::Skipped(format!("needs root, mkfs.ext4 and loop devices: {e}")));
        return;
    }
    let _ = shell(&format!("umount {}/live", dir.path().display()));
    let mut repairs = Vec::new();
    for round in 0..rounds {
        match cut(dir.path(), &mut random) {
            Ok((count, mut repaired)) => {
                acked += count;
                repairs.append(&mut repaired);
            }
            Err(e) => failures.push(format!("round {round}: {e}")),
        }
        let _ = shell(&format!("umount -q {0}/live; umount -q {0}/cut", dir.path().display()));
    }
    if failures.is_empty() {
        let text = format!(
            "{rounds} cuts, {acked} acknowledgements before them, 0 lost, repairs made: {repairs:?}, seed {seed}"
        );
        tally.add("powercut", Verdict::Passed(text));
    } else {
        let text = format!("{} of {rounds} cuts, seed {seed}: {}", failures.len(), failures.join("; "));
        tally.add("powercut", Verdict::Failed(text));
    }
}

fn make_image(dir: &Path) -> Result<(), String> {
    let d = dir.display();
    shell(&format!("rm -f {d}/live.img {d}/cut.img && truncate -s 256M {d}/live.img && mkfs.ext4 -q -F {d}/live.img"))?;
    shell(&format!("mkdir -p {d}/live {d}/cut && mount -o loop {d}/live.img {d}/live && sync -f {d}/live"))
}

fn cut(dir: &Path, random: &mut Random) -> Result<(u64, Vec<String>), String> {
    make_image(dir)?;
    let d = dir.display();
    let running = Running::start(&dir.join("live/data"), random.next(), Acks::default()).map_err(|e| e.to_string())?;
    std::thread::sleep(Duration::from_millis(200 + random.below(1_200)));
    // Only what was acknowledged before the cut must be there.
    let acks = running.acks();
    let pid = running.process.id();
    let copied = shell(&format!("kill -STOP {pid} && cp --sparse=always {d}/live.img {d}/cut.img"));
    running.kill();
    copied?;
    if let Some(e) = &acks.error {
        return Err(e.clone());
    }
    shell(&format!("umount {d}/live && mount -o loop {d}/cut.img {d}/cut"))?;
    let report = acks.check(&dir.join("cut/data"))?;
    Ok((acks.count, report.repairs.iter().map(|r| format!("{r:?}")).collect()))
}
