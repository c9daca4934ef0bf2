//! Use cases of readers: search, facets, suggestions, single entries, related entries.
//!
//! Everything is answered from one snapshot of the index; this room never sees the store.

pub mod hit;
pub mod request;
pub mod response;
pub mod service;
pub mod understand;
