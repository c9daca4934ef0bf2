//! Use cases of readers: search, facets, suggestions, single entries, related entries, the format finder.
//!
//! Everything is answered from one snapshot of the index; this room never sees the store.

pub mod catalogue;
pub mod eval;
mod facets;
pub mod finder;
pub mod hit;
mod lookup;
mod offers;
pub mod process;
pub mod quantity;
mod related;
pub mod request;
pub mod response;
pub mod run;
pub mod service;
mod suggest;
pub mod understand;
