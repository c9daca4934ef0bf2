//! What the program ships, files, import and export.

mod bundled;
mod files;
mod import;
