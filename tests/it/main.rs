//! The one integration binary: a module for each room.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod cli;
mod curate;
mod exchange;
mod files;
mod http;
mod schemas;
mod search;
mod service;
mod store;
mod text;
mod tidy;
