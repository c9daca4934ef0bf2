//! Where the lint gets a collection from: the program itself, or a folder of files.

use std::io;
use std::path::Path;

use super::bundled::{self, BundleError};
use super::files;
use super::records::{Record, Records};
use crate::curate::lint::Draft;

/// How the house writes people, as shipped.
pub const STYLE: &str = include_str!("../../index-data/style/gender.toml");

/// The shipped entries.
///
/// # Errors
/// On a file that is no entry.
pub fn shipped() -> Result<Vec<Draft>, BundleError> {
    let entries = bundled::entries()?;
    let draft = |entry: bundled::ShippedEntry| Draft {
        place: files::path_of(entry.kind, &entry.slug),
        content: Ok(entry.content),
    };
    Ok(entries.into_iter().map(draft).collect())
}

/// The entries of a folder `<kind>/<slug>.md`; a file that is none says why.
///
/// # Errors
/// What the disk says.
pub fn folder(root: &Path) -> io::Result<Vec<Draft>> {
    if !root.is_dir() {
        return Err(io::Error::new(io::ErrorKind::NotADirectory, format!("{} is no folder", root.display())));
    }
    Records::open(root)?.map(|record| record.map(|Record { place, content }| Draft { place, content })).collect()
}
