//! Import and export: what the program ships, entries as files, as JSON Lines, as JSON; and the schemas of it all.

pub mod bundled;
pub mod export;
pub mod files;
pub mod import;
mod records;
pub mod schemas;
pub mod seed;
