//! Identities and counters.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Name space of the ids of entries that the program ships: UUIDv5 over `kind/slug`, the same on every installation.
pub const SEED_NAMESPACE: Uuid = Uuid::from_u128(0x6d69_746d_6163_6862_6f78_2d65_6e74_7279);

/// Identity of an entry, one for its draft and its published version, never given twice.
///
/// UUIDv7 for entries made here, UUIDv5 for entries shipped in `index-data`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct EntryId(pub Uuid);

impl EntryId {
    /// The id of a shipped entry.
    pub fn of_seed(kind: &str, slug: &str) -> Self {
        Self(Uuid::new_v5(&SEED_NAMESPACE, format!("{kind}/{slug}").as_bytes()))
    }

    /// Sixteen bytes, in the order in which ids compare.
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl std::str::FromStr for EntryId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self)
    }
}

/// Number of a revision of one entry: 1, 2, 3 … without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct RevisionNumber(pub u32);

/// Counts every commit of the store: 1, 2, 3 … without gaps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct StoreSeq(pub u64);

/// Counts changes of the public view only: 1, 2, 3 … without gaps. Drafts never move it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct PublicSeq(pub u64);

macro_rules! displays_as_number {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}
displays_as_number!(RevisionNumber, StoreSeq, PublicSeq);
