//! Mitmachbox.

pub mod model;
pub mod search;
