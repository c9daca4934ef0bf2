//! What a power cut leaves: an ext4 image copied while its writer is stopped, mounted again, journal replayed.

use std::path::Path;
use std::time::Duration;

use crate::acks::{Acks, Running};
use crate::{Random, Tally, Verdict, rounds, shell};

pub(crate) fn run(tally: &mut Tally) {
    let dir = tempfile::tempdir().unwrap();
    let seed = std::time::UNIX_EPOCH.elapsed().map_or(1, |d| d.as_secs()) | 1;
    let mut random = Random(seed);
    let (mut acked, mut copies_again, rounds, mut failures) = (0, 0, rounds(3), Vec::new());
    if let Err(e) = make_image(dir.path()) {
        tally.add("powercut", Verdict::Skipped(format!("needs root, mkfs.ext4 and loop devices: {e}")));
        return;
    }
    let _ = shell(&format!("umount {}/live", dir.path().display()));
    let mut repairs = Vec::new();
    for round in 0..rounds {
        match cut(dir.path(), &mut random) {
            Ok((count, again, mut repaired)) => {
                acked += count;
                copies_again += again;
                repairs.append(&mut repaired);
            }
            Err(e) => failures.push(format!("round {round}: {e}")),
        }
        let _ = shell(&format!("umount -q {0}/live; umount -q {0}/cut", dir.path().display()));
    }
    if failures.is_empty() {
        let text = format!(
            "{rounds} cuts ({copies_again} copies made again), {acked} acknowledgements before them, 0 lost, repairs made: {repairs:?}, seed {seed}"
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
    // No commit of the journal by the clock: what was not synced shall be missing.
    shell(&format!("mkdir -p {d}/live {d}/cut && mount -o loop,commit=300 {d}/live.img {d}/live && sync -f {d}/live"))
}

/// One cut: acknowledgements before it, copies that had to be made again, repairs.
fn cut(dir: &Path, random: &mut Random) -> Result<(u64, u64, Vec<String>), String> {
    make_image(dir)?;
    let d = dir.display();
    let running = Running::start(&dir.join("live/data"), random.next(), Acks::default()).map_err(|e| e.to_string())?;
    std::thread::sleep(Duration::from_millis(200 + random.below(1_200)));
    let copied = stop(running.process.id()).and_then(|()| copy_at_rest(dir));
    // What was acknowledged before the cut must be there; what is still in the pipe was too, but that is not counted on.
    let acks = running.acks();
    running.kill();
    let again = copied?;
    if let Some(e) = &acks.error {
        return Err(e.clone());
    }
    shell(&format!("umount {d}/live && mount -o loop {d}/cut.img {d}/cut"))?;
    let report = acks.check(&dir.join("cut/data"))?;
    Ok((acks.count, again, report.repairs.iter().map(|r| format!("{r:?}")).collect()))
}

/// Stops a process and waits until each of its threads has left the kernel.
fn stop(pid: u32) -> Result<(), String> {
    shell(&format!("kill -STOP {pid}"))?;
    for _ in 0..1_000 {
        let mut running = 0;
        for task in std::fs::read_dir(format!("/proc/{pid}/task")).map_err(|e| e.to_string())? {
            let path = task.map_err(|e| e.to_string())?.path().join("stat");
            let stat = std::fs::read_to_string(path).unwrap_or_default();
            let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
            running += u32::from(state.is_some_and(|s| s != 'T'));
        }
        if running == 0 {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Err("the child does not stop".into())
}

/// Copies the image at one moment: again if the kernel wrote to it meanwhile. A copy of two moments can hold an old
/// inode and a journal from which its update has already been removed, which no power cut leaves.
fn copy_at_rest(dir: &Path) -> Result<u64, String> {
    let d = dir.display();
    for again in 0..50 {
        let before = device_writes(dir)?;
        shell(&format!("rm -f {d}/cut.img && cp --sparse=always {d}/live.img {d}/cut.img"))?;
        if device_writes(dir)? == before && before.1 == 0 {
            return Ok(again);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Err("the device does not come to rest".into())
}

/// Completed writes and flushes of the loop device, and requests in flight.
fn device_writes(dir: &Path) -> Result<([u64; 3], u64), String> {
    let image = dir.join("live.img");
    let output = std::process::Command::new("losetup").arg("-j").arg(image).output().map_err(|e| e.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let device = text.split(':').next().and_then(|d| d.strip_prefix("/dev/")).ok_or("no loop device")?;
    let stat = std::fs::read_to_string(format!("/sys/block/{device}/stat")).map_err(|e| e.to_string())?;
    let fields: Vec<u64> = stat.split_whitespace().map_while(|f| f.parse().ok()).collect();
    let field = |n: usize| fields.get(n).copied().unwrap_or(0);
    Ok(([field(4), field(6), field(15)], field(8)))
}
