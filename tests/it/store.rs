//! The store: commits, reads, refusals, damage, recovery, backups.

mod commits;
mod damage;
mod model;
mod operations;
mod support;
