//! Staff's door and the tokens that open it.

mod auth;
mod durable;
mod lifecycle;
mod problems;
mod roles;
mod slugs;
pub(crate) mod support;
