//! Mitmachbox.
pub mod model;
