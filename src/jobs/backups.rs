//! Backups while the service runs: a directory each, named by the instant, the oldest removed.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{
    clock::Clock,
    config,
    store::{
        Store,
        backup::{self, BackupError, Manifest},
    },
};

/// Begin of the names of backups that this job may remove again.
const PREFIX: &str = "backup-";

/// Makes backups for ever, the first one soon after the start.
pub async fn run(store: Store, clock: Clock, settings: config::Backup) {
    let Some(dir) = settings.dir else { return };
    let mut every = tokio::time::interval(Duration::from_secs(u64::from(settings.every_hours) * 3_600));
    loop {
        every.tick().await;
        let (store, clock, dir, keep) = (store.clone(), clock.clone(), dir.clone(), settings.keep);
        match tokio::task::spawn_blocking(move || one(&store, &clock, &dir, keep)).await {
            Ok(Ok((path, _))) => tracing::info!(path = %path.display(), "made a backup"),
            Ok(Err(error)) => tracing::error!(%error, "no backup could be made; it is tried again at the next time"),
            Err(panic) => tracing::error!(%panic, "the backup job panicked"),
        }
    }
}

/// Makes one backup and removes what is older than the newest `keep`.
///
/// # Errors
/// Where it cannot be written; older backups stay.
pub fn one(store: &Store, clock: &Clock, dir: &Path, keep: usize) -> Result<(PathBuf, Manifest), BackupError> {
    fs::create_dir_all(dir)?;
    let path = dir.join(format!("{PREFIX}{}", clock.now().strftime("%Y%m%dT%H%M%SZ")));
    let manifest = backup::create(store, &path)?;
    remove_old(dir, keep)?;
    Ok((path, manifest))
}

fn remove_old(dir: &Path, keep: usize) -> io::Result<()> {
    let mut backups = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(PREFIX) && entry.file_type()?.is_dir() {
            backups.push(entry.path());
        }
    }
    // The names sort by time.
    backups.sort_unstable();
    let surplus = backups.len().saturating_sub(keep);
    backups.iter().take(surplus).try_for_each(fs::remove_dir_all)
}
