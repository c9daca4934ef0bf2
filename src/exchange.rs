//! Import and export: what the program ships, entries as files, as JSON Lines, as JSON, CSV, JSON-LD, Atom; and the schemas
//! of it all.

pub mod atom;
pub mod bundled;
pub mod corpus;
pub mod csv;
pub mod export;
pub mod files;
pub mod import;
pub mod json_ld;
mod records;
pub mod schemas;
pub mod seed;
