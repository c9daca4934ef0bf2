//! A disk below the bound, then full to the last byte: writes say so, searches go on, and freed space is enough.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use super::host::{Place, Server};
use super::{content, verdict};
use crate::{Tally, Verdict, shell};

/// Longest time from freed space to the next write, without a restart.
const RESUMED_MAX: Duration = Duration::from_secs(10);
/// The store keeps 256 MB free by default; this leaves room above that for the store itself.
const DISK_MB: u64 = 400;
/// Leaves less than the bound, and more than nothing.
const FILLER_MB: u64 = 200;

pub(crate) fn run(tally: &mut Tally) {
    let Ok(dir) = tempfile::tempdir() else { return tally.add("served-space", Verdict::Failed("no directory".into())) };
    let mount = dir.path().display();
    if let Err(e) = shell(&format!("mount -t tmpfs -o size={DISK_MB}m tmpfs {mount}")) {
        return tally.add("served-space", Verdict::Skipped(format!("needs root for mounting a tmpfs: {e}")));
    }
    let outcome = full(dir.path());
    let unmounted = shell(&format!("umount {mount}"));
    tally.add("served-space", verdict(outcome.and_then(|text| unmounted.map(|()| text))));
}

fn full(disk: &Path) -> Result<String, String> {
    let place = Place::new(disk)?;
    let (server, _) = place.start_ready()?;
    let first = create(&place)?.ok_or("no write on an empty disk")?;

    let filler = disk.join("filler");
    fill(&filler, Some(FILLER_MB))?;
    refused(&place, &server, "below the bound")?;
    std::fs::remove_file(&filler).map_err(|e| e.to_string())?;
    let resumed = resumes(&place, "above the bound again")?;

    fill(&filler, None)?;
    refused(&place, &server, "on the full disk")?;
    server.kill();
    let (server, start) = place.start_ready().map_err(|e| format!("start on the full disk: {e}"))?;
    refused(&place, &server, "after a start on the full disk")?;
    fill(&filler, None)?;
    std::fs::remove_file(&filler).map_err(|e| e.to_string())?;
    let again = resumes(&place, "with space again")?;
    if place.staff().get(&first).map_err(|e| e.to_string())?.status != 200 {
        return Err("the first write is lost".into());
    }
    server.stop()?;
    place.complaints(&["panicked"])?;
    Ok(format!(
        "507 below the bound and on a full disk, searches 200; restart on the full disk ready in {} ms; writes {} ms and {} ms after space was freed",
        (start.listening + start.ready).as_millis(),
        resumed.as_millis(),
        again.as_millis(),
    ))
}

/// Makes an entry: its address, or nothing where there was no space.
fn create(place: &Place) -> Result<Option<String>, String> {
    let path = "/api/v1/staff/entries";
    let answer = place.staff().write("POST", path, None, &content("Volle Platte")).map_err(|e| e.to_string())?;
    match answer.status {
        201 => Ok(Some(format!("{path}/{}", answer.json()["id"].as_str().unwrap_or_default()))),
        507 if answer.json()["code"] == "no_space" && !answer.json()["request_id"].is_null() => Ok(None),
        status => Err(format!("a write answered {status}: {}", answer.text())),
    }
}

/// Writes are refused, readers notice nothing.
fn refused(place: &Place, server: &Server, when: &str) -> Result<(), String> {
    for _ in 0..5 {
        if create(place).map_err(|e| format!("{when}: {e}"))?.is_some() {
            return Err(format!("{when}: a write was accepted"));
        }
        for path in ["/api/v1/search?q=fishbowl", "/api/v1/entries/fishbowl", "/suche?q=rat", "/api/v1/changes"] {
            let status = place.reader().get(path).map_err(|e| format!("{when}: {path}: {e}"))?.status;
            if status != 200 {
                return Err(format!("{when}: {path} answered {status}"));
            }
        }
    }
    if server.at_head().is_none() {
        return Err(format!("{when}: not ready"));
    }
    Ok(())
}

fn resumes(place: &Place, when: &str) -> Result<Duration, String> {
    let since = Instant::now();
    while since.elapsed() < RESUMED_MAX {
        if create(place).map_err(|e| format!("{when}: {e}"))?.is_some() {
            return Ok(since.elapsed());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Err(format!("{when}: no write within {RESUMED_MAX:?}"))
}

/// Fills the disk by so much, or to the last byte.
fn fill(path: &Path, megabytes: Option<u64>) -> Result<(), String> {
    let mut file = File::options().create(true).append(true).open(path).map_err(|e| e.to_string())?;
    let block = vec![7_u8; 1 << 20];
    for _ in 0..megabytes.unwrap_or(u64::MAX) {
        match file.write_all(&block) {
            Ok(()) => {}
            Err(e) if megabytes.is_none() && e.kind() == std::io::ErrorKind::StorageFull => return Ok(()),
            Err(e) => return Err(e.to_string()),
        }
    }
    Ok(())
}
