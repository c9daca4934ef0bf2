//! Mitmachbox.

pub mod auth;
pub mod curate;
pub mod follow;
pub mod model;
pub mod search;
pub mod text;
