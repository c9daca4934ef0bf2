//! Mitmachbox.

pub mod auth;
pub mod clock;
pub mod curate;
pub mod exchange;
pub mod follow;
pub mod index;
pub mod model;
pub mod query;
pub mod search;
pub mod store;
pub mod text;
