//! Who may write: access tokens and roles.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What somebody may do; each role includes the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Read drafts.
    Reader,
    /// Write drafts.
    Editor,
    /// Publish and archive.
    Publisher,
}

/// Somebody who showed a valid token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// Name in the audit log.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// Checks tokens. Cheap to clone.
#[derive(Clone)]
pub struct Auth {}

impl Auth {
    /// Who the bearer of this token is; none for an unknown, revoked or expired one.
    pub fn bearer(&self, _token: &str) -> Result<Option<Principal>, AuthError> {
        todo!()
    }
}

/// The tokens could not be read.
#[derive(Debug, thiserror::Error)]
#[error("tokens cannot be read: {0}")]
pub struct AuthError(pub String);
