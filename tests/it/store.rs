//! The store: commits, reads, refusals, damage, recovery, backups.
#![allow(clippy::unwrap_used)]

mod commits;
mod damage;
mod model;
mod operations;
mod support;
