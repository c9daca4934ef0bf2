//! The one integration binary: a module for each room.

mod curate;
mod exchange;
mod schemas;
mod store;
mod text;
mod tidy;
