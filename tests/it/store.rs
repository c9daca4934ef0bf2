//! The store: commits, reads, refusals, damage, recovery, backups.
#![allow(clippy::unwrap_used)]

mod commits;
mod damage;
mod model;
mod notices;
mod operations;
mod support;
