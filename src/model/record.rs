//! What the store keeps about an entry beside its content: state, revisions, dates.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::id::{EntryId, RevisionNumber};

/// Where an entry stands in the editors' workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Being written; nobody outside sees it.
    Draft,
    /// Waits for the second pair of eyes.
    InReview,
    /// Sent back to its author with a comment.
    Returned,
    /// Released, perhaps for a later date.
    Approved,
    /// Public.
    Published,
    /// No longer public; its address answers 410.
    Archived,
}

/// Who brought an entry into the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Shipped with the program.
    Seed,
    /// Written by staff.
    Staff,
    /// Submitted by the public.
    Public,
    /// Imported from a file.
    Import,
}

/// What a shipped entry keeps so that a newer program can tell whether anybody edited it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SeedMark {
    /// Version of the data set it came with.
    pub dataset_version: String,
    /// SHA-256 (hex) of the content as shipped.
    pub content_sha256: String,
}

/// The head of an entry: which revision is the draft, which is public. Content lives in revisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EntryRecord {
    /// Identity.
    pub id: EntryId,
    /// Kind, as in the content.
    pub kind: super::kind::Kind,
    /// Address in use now; unique over all entries, old slugs included.
    pub slug: String,
    /// Addresses used earlier; they redirect.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub old_slugs: Vec<String>,
    /// Where the newest revision stands.
    pub state: State,
    /// Newest revision, draft or public. Every write moves it; `If-Match` names it.
    pub revision: RevisionNumber,
    /// Revision with the content that editors work on, where it differs from the public one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<RevisionNumber>,
    /// Revision with the content that the public sees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<RevisionNumber>,
    /// Revision with the content that the public saw last, set while the entry is archived, also once it has a new
    /// draft: of what is gone only this may still be named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<RevisionNumber>,
    /// Who brought it in.
    pub origin: Origin,
    /// First commit.
    pub created_at: Timestamp,
    /// Newest commit of any kind.
    pub updated_at: Timestamp,
    /// First publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<Timestamp>,
    /// Newest change of the public content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_updated_at: Option<Timestamp>,
    /// Set on shipped entries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<SeedMark>,
}

/// One version of an entry's content, append-only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Revision {
    /// Entry it belongs to.
    pub id: EntryId,
    /// Its number.
    pub number: RevisionNumber,
    /// What was done.
    pub action: Action,
    /// The content as JSON, in the form of `schemas/entry.schema.json`; absent where a revision changed only the state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<serde_json::Value>,
    /// Name of the token or account, or `system`.
    pub actor: String,
    /// When.
    pub at: Timestamp,
    /// Why, in the words of the editor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What a commit did to an entry; also the verb in the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Came into being.
    Create,
    /// Draft content changed.
    Edit,
    /// Became, or was renewed in, the public view.
    Publish,
    /// Left the public view.
    Archive,
}
