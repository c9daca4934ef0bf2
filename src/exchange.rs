//! Entries in the forms that others read.

pub mod csv;
pub mod json_ld;
