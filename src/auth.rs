//! Who may write: access tokens and roles.
//!
//! A token is `mb_` and 256 random bits in hex. The store keeps its SHA-256 only; with that much randomness a slow
//! hash adds nothing (there is no guessing it), and a stolen database opens no door. Nothing is cached: a check
//! costs one read and one hash, and a revocation holds from the very next request.

mod token;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::store::{CommitError, ReadError, Store};
use token::Secret;

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

impl Role {
    /// All roles, the least first.
    pub const ALL: &'static [Self] = &[Self::Reader, Self::Editor, Self::Publisher];

    /// Stable id, as in JSON and on the command line.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Editor => "editor",
            Self::Publisher => "publisher",
        }
    }

    /// The role with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.id() == id)
    }

    /// Whether this role may do what `needed` may do.
    pub fn includes(self, needed: Self) -> bool {
        self >= needed
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id())
    }
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
pub struct Auth {
    store: Store,
    clock: Clock,
}

/// What is known of a token; the secret is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Short public id, for revoking.
    pub id: String,
    /// Name of its bearer in the audit log.
    pub name: String,
    /// What the bearer may do.
    pub role: Role,
    /// When it was made, UTC.
    pub created_at: Timestamp,
    /// From then on it opens nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Since then it opens nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
}

impl Token {
    /// Whether it opens anything at this moment.
    pub fn is_valid_at(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

/// A new token with its secret, which is shown once and never again.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What the bearer shows.
    pub secret: String,
    /// What is kept of it.
    pub token: Token,
}

/// Most characters of a bearer's name.
const NAME_CHARS_MAX: usize = 80;
/// Most tokens, revoked ones included: a city has a dozen, and a listing stays one page of the store.
const TOKENS_MAX: usize = 500;

/// Why a token was not made or revoked, or could not be checked.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The tokens could not be read.
    #[error("tokens cannot be read: {0}")]
    Read(#[from] ReadError),
    /// The tokens could not be written.
    #[error("the token cannot be written: {0}")]
    Write(#[from] CommitError),
    /// What is stored is no token of this version.
    #[error("a stored token cannot be understood: {0}")]
    Format(#[from] serde_json::Error),
    /// The name is unusable.
    #[error("the name of a token has 1 to {NAME_CHARS_MAX} characters, none of them a control character")]
    Name,
    /// Another valid token has this name; the audit log could not tell them apart.
    #[error("there is a valid token named {0} already; revoke it first or take another name")]
    NameTaken(String),
    /// The end lies in the past.
    #[error("the token would have expired already")]
    Expired,
    /// There are too many.
    #[error("there are {TOKENS_MAX} tokens already")]
    TooMany,
    /// There is no such token.
    #[error("there is no token with the id or name {0}")]
    Unknown(String),
}

impl Auth {
    /// Checks tokens that this store holds.
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }

    /// Who the bearer of this token is; none for an unknown, revoked or expired one.
    pub fn bearer(&self, token: &str) -> Result<Option<Principal>, AuthError> {
        let Some(secret) = Secret::parse(token) else { return Ok(None) };
        let Some(stored) = self.store.token_get(&secret.key())? else { return Ok(None) };
        let row: token::Row = serde_json::from_value(stored)?;
        let valid = secret.matches(&row) && row.token.is_valid_at(self.clock.now());
        Ok(valid.then_some(Principal { name: row.token.name, role: row.token.role }))
    }

    /// Makes a token. Blocking.
    pub fn create_token(&self, name: &str, role: Role, expires_at: Option<Timestamp>) -> Result<NewToken, AuthError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
            return Err(AuthError::Name);
        }
        let now = self.clock.now();
        if expires_at.is_some_and(|end| end <= now) {
            return Err(AuthError::Expired);
        }
        let tokens = self.tokens()?;
        if tokens.len() >= TOKENS_MAX {
            return Err(AuthError::TooMany);
        }
        if tokens.iter().any(|token| token.name == name && token.is_valid_at(now)) {
            return Err(AuthError::NameTaken(name.to_owned()));
        }
        let secret = Secret::random();
        let token =
            Token { id: secret.id(), name: name.to_owned(), role, created_at: now, expires_at, revoked_at: None };
        let row = serde_json::to_value(secret.row(token.clone()))?;
        self.store.token_write_blocking(&secret.key(), Some(&row))?;
        Ok(NewToken { secret: secret.text(), token })
    }

    /// All tokens, oldest first, revoked and expired ones too.
    pub fn tokens(&self) -> Result<Vec<Token>, AuthError> {
        let rows = self.store.tokens(token::PREFIX, None, TOKENS_MAX)?;
        let tokens = rows.into_iter().map(|(_, row)| Ok(serde_json::from_value::<token::Row>(row)?.token));
        let mut tokens = tokens.collect::<Result<Vec<_>, AuthError>>()?;
        tokens.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
        Ok(tokens)
    }

    /// Ends the token with this id, or the valid one with this name. Blocking; it holds when this returns.
    pub fn revoke(&self, id_or_name: &str) -> Result<Token, AuthError> {
        let now = self.clock.now();
        let tokens = self.tokens()?;
        let by_id = tokens.iter().find(|token| token.id == id_or_name);
        let by_name = || tokens.iter().find(|token| token.name == id_or_name && token.is_valid_at(now));
        let found = by_id.or_else(by_name).ok_or_else(|| AuthError::Unknown(id_or_name.to_owned()))?;
        let key = token::key_of(&found.id);
        let stored = self.store.token_get(&key)?.ok_or_else(|| AuthError::Unknown(id_or_name.to_owned()))?;
        let mut row: token::Row = serde_json::from_value(stored)?;
        row.token.revoked_at.get_or_insert(now);
        self.store.token_write_blocking(&key, Some(&serde_json::to_value(&row)?))?;
        Ok(row.token)
    }
}
