//! The one integration binary: a module for each room.

mod curate;
mod exchange;
mod store;
mod text;
mod tidy;
