//! Notices to the editors: what visitors say is missing or wrong. Staff alone see them; they are never public.

use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::id::EntryId;
use super::vocabulary::Language;

/// Identity of a notice: UUIDv7, so that ids sort by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct NoticeId(pub Uuid);

impl fmt::Display for NoticeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl std::str::FromStr for NoticeId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self)
    }
}

/// What a visitor told the editors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Notice {
    /// Identity.
    pub id: NoticeId,
    /// When it came in, UTC.
    pub created_at: Timestamp,
    /// What it is about.
    pub kind: NoticeKind,
    /// What the visitor wrote: plain text, lines separated by `\n`.
    pub text: String,
    /// Where an answer may go; deleted when the notice is done, or after some time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The entry it is about; absent where it is about the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<NoticeEntry>,
    /// Language of the form, in which an answer would be understood.
    pub language: Language,
    /// Whether somebody has dealt with it.
    pub state: NoticeState,
    /// When it was done, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<Timestamp>,
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_by: Option<String>,
}

/// The entry of a notice, as it was called then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoticeEntry {
    /// Identity.
    pub id: EntryId,
    /// Its address when the notice came in.
    pub slug: String,
}

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// Something is wrong.
    Error,
    /// Something was right once.
    Outdated,
    /// Something should be there.
    Missing,
    /// Something cannot be used or understood by everybody.
    Barrier,
    /// Anything else.
    Other,
}

impl NoticeKind {
    /// All kinds, in the order of the form.
    pub const ALL: &'static [Self] = &[Self::Error, Self::Outdated, Self::Missing, Self::Barrier, Self::Other];
}

/// What became of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeState {
    /// Waits for the editors.
    Open,
    /// The editors have dealt with it.
    Done,
}

impl NoticeState {
    /// The state with this id, as in addresses.
    pub fn from_id(id: &str) -> Option<Self> {
        match id {
            "open" => Some(Self::Open),
            "done" => Some(Self::Done),
            _ => None,
        }
    }
}
