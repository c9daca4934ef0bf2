//! Mitmachbox: a full-text search service for analog, digital and hybrid participation formats.
//!
//! The rooms of the house, in reading order; each speaks only to those above it in this list (a test holds them to it):
//!
//! * [`model`] nouns: entries, vocabularies, revisions, what makes them valid
//! * [`text`] German: words, gender forms, stems, compounds, spelling, synonyms
//! * [`query`] what a visitor typed, as a bounded query
//! * [`store`] the truth: what was acknowledged is on the disk
//! * [`index`] a view of it, made for searching; disposable
//! * [`follow`] keeps the index at the store's head
//! * [`search`] use cases of readers, [`auth`] who may write, [`curate`] use cases of staff
//! * [`exchange`] import, export, what the program ships
//! * [`jobs`] what happens by the clock
//! * [`http`] the API, [`web`] the pages
//! * [`app`] puts it all together
//!
//! [`config`], [`clock`] and [`telemetry`] are leaves that all may use.

pub mod app;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
pub mod curate;
pub mod exchange;
pub mod follow;
pub mod http;
pub mod index;
pub mod jobs;
pub mod model;
pub mod query;
pub mod search;
pub mod store;
pub mod telemetry;
pub mod text;
pub mod web;
