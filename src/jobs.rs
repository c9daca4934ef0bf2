//! Everything that happens by the clock.

pub mod backups;
pub mod notices;
