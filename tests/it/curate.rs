//! Staff's door and the tokens that open it.

mod auth;
pub(crate) mod support;
