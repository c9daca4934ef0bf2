//! Staff's door and the tokens that open it; the lint of a collection.

mod auth;
mod durable;
mod lifecycle;
mod lint;
mod notices;
mod problems;
mod roles;
mod slugs;
pub(crate) mod support;
