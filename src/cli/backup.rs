//! `backup`: JSON Lines that outlive any version of the store.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::data::Where;
use super::output;
use crate::store::backup::{self, Manifest};

#[derive(Debug, Subcommand)]
pub(super) enum Backup {
    /// Write a backup into a folder that does not exist yet
    Create(Create),
    /// Check every byte of a backup and the chain of its log
    Verify {
        /// The backup's folder
        backup: PathBuf,
    },
    /// Restore a backup into a data directory without a store, and check all of it
    Restore(Restore),
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// Folder to write
    target: PathBuf,
    #[command(flatten)]
    place: Where,
}

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The backup's folder
    backup: PathBuf,
    #[command(flatten)]
    place: Where,
}

pub(super) fn run(command: Backup) -> anyhow::Result<()> {
    match command {
        Backup::Create(Create { target, place }) => {
            let store = place.open_existing()?;
            let manifest = backup::create(&store, &target).with_context(|| format!("writing {}", target.display()))?;
            store.close();
            output::say(format_args!("{}: {}", target.display(), described(&manifest)))?;
        }
        Backup::Verify { backup } => {
            let manifest = backup::verify(&backup).with_context(|| backup.display().to_string())?;
            output::say(format_args!("{}: good, {}", backup.display(), described(&manifest)))?;
        }
        Backup::Restore(Restore { backup, place }) => {
            let data_dir = place.config()?.data_dir;
            let (manifest, report) = backup::restore(&backup, &data_dir)
                .with_context(|| format!("restoring into {}", data_dir.display()))?;
            output::say(format_args!("{}: restored and checked, {}", data_dir.display(), described(&manifest)))?;
            output::say(format_args!(
                "{} entries, {} revisions; the next start builds the index",
                report.entries, report.revisions
            ))?;
        }
    }
    Ok(())
}

fn described(manifest: &Manifest) -> String {
    let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    format!("made {}, {} commits, {bytes} bytes", manifest.created_at, manifest.store_seq)
}
