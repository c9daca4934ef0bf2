//! The whole service over a real socket, as visitors, other systems and staff meet it.

#[path = "../support/client.rs"]
mod client;
mod edge;
mod export;
mod finder;
mod health;
mod host;
mod log;
mod pages;
mod problems;
mod search;
mod tombstones;
mod validators;
mod writes;
