//! The closed sets: kinds, format types.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A participation format, method or technique.
    Format,
    /// A handbook, guideline, checklist … one can read.
    Guide,
    /// Something that took place.
    BestPractice,
    /// A plan or framework a body adopted or proposed.
    Concept,
    /// A proposal.
    Idea,
}
