//! Shapes of answers that belong to the edge, and the schema files of `schemas/`.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::problem::ProblemBody;
use crate::{
    curate::{Saved, StaffEntry},
    follow::{ChangesPage, FollowerState},
    model::{
        id::{EntryId, PublicSeq, RevisionNumber, StoreSeq},
        kind::Kind,
        notice::{Notice, NoticeId},
        public::Derived,
        record::{EntryRecord, Revision},
        schema::{any_kind, of_kind},
    },
    search::finder::FinderResponse,
    search::response::{Hit, IndexState, ResolvedRelation, SearchResponse, Suggestions},
};

/// A page of public entries.
#[derive(Serialize, JsonSchema)]
pub struct EntriesPage {
    /// Entries, by id.
    #[schemars(schema_with = "public_entries")]
    pub entries: Vec<Value>,
    /// `cursor` of the next page; null at the end.
    pub next: Option<String>,
    /// State of the index that answered.
    pub index: IndexState,
}

/// Entries like another one.
#[derive(Serialize, JsonSchema)]
pub struct Related {
    /// The other one.
    pub id: EntryId,
    /// Nearest first.
    pub related: Vec<Hit>,
    /// State of the index that answered.
    pub index: IndexState,
}

/// The vocabularies in short.
#[derive(Serialize, JsonSchema)]
pub struct VocabularyList {
    /// By name.
    pub vocabularies: Vec<VocabularySummary>,
}

/// A vocabulary in short.
#[derive(Serialize, JsonSchema)]
pub struct VocabularySummary {
    /// Name, as in addresses.
    pub name: String,
    /// Facet parameter that takes its terms.
    pub parameter: Option<String>,
    /// Heading, German.
    pub label: String,
    /// Heading, English.
    pub label_en: String,
    /// Number of terms.
    pub terms: usize,
    /// Where to read it.
    pub url: String,
}

/// An export in JSON.
#[derive(Serialize, JsonSchema)]
pub struct Export {
    /// Licence of the data set; each entry names its own.
    pub license: String,
    /// Newest public change in it.
    pub seq: PublicSeq,
    /// Entries in the order of the search.
    #[schemars(schema_with = "public_entries")]
    pub entries: Vec<Value>,
}

/// An entry as staff see it, after a read or a write.
#[derive(Serialize, JsonSchema)]
pub struct StaffAnswer {
    /// State, revisions, dates.
    #[serde(flatten)]
    pub record: EntryRecord,
    /// Content that editors work on.
    pub content: Value,
    /// Content that the public sees.
    pub published_content: Option<Value>,
    /// Number of the commit, after a write.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store_seq: Option<StoreSeq>,
    /// Number of the public change, after a write that made one; wait for it with `min_seq`.
    pub change_seq: Option<PublicSeq>,
}

impl From<StaffEntry> for StaffAnswer {
    fn from(entry: StaffEntry) -> Self {
        Self {
            record: entry.record,
            content: entry.content,
            published_content: entry.published,
            store_seq: None,
            change_seq: None,
        }
    }
}

impl From<Saved> for StaffAnswer {
    fn from(saved: Saved) -> Self {
        let (store_seq, change_seq) = (Some(saved.store_seq), saved.change_seq);
        Self { store_seq, change_seq, ..saved.entry.into() }
    }
}

/// A page of records.
#[derive(Serialize, JsonSchema)]
pub struct StaffPage {
    /// Records, by id.
    pub entries: Vec<EntryRecord>,
    /// `after` of the next page; null at the end.
    pub next: Option<EntryId>,
}

/// A page of revisions.
#[derive(Serialize, JsonSchema)]
pub struct Revisions {
    /// Newest first.
    pub revisions: Vec<Revision>,
    /// `before` of the next page; null at the end.
    pub next: Option<RevisionNumber>,
}

/// A page of notices.
#[derive(Serialize, JsonSchema)]
pub struct NoticePage {
    /// Newest first.
    pub notices: Vec<Notice>,
    /// `after` of the next page; null at the end.
    pub next: Option<NoticeId>,
}

/// Body of publish and archive.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Note {
    /// Why, in the words of the editor.
    #[schemars(length(max = 400))]
    pub note: Option<String>,
}

/// Answer of `/livez`.
#[derive(Serialize, JsonSchema)]
pub struct Alive {
    /// Always true: whoever reads it got an answer.
    pub alive: bool,
    /// Version of the program.
    pub version: String,
}

/// Answer of `/readyz`.
#[derive(Serialize, JsonSchema)]
pub struct Ready {
    /// Whether searches are answered from an index that is up to date.
    pub ready: bool,
    /// State of the index.
    pub index: Option<IndexState>,
    /// Changes that the index is behind the store.
    pub lag: u64,
    /// What keeps the index at the store's head.
    pub follower: FollowerReady,
}

/// What keeps the index at the store's head.
#[derive(Serialize, JsonSchema)]
pub struct FollowerReady {
    /// What it does now.
    pub state: FollowerState,
    /// How often it had to start anew since the program began.
    pub restarts: u64,
    /// Seconds since the first of its failures in a row; null while it follows.
    pub down_seconds: Option<u64>,
}

/// Schema of the content of any entry, as staff write it.
pub fn entry(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "$ref": "#/components/schemas/Entry" })
}

/// Schema of a public entry, as readers get it.
pub fn public_entry(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "$ref": "#/components/schemas/PublicEntry" })
}

fn public_entries(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "array", "items": { "$ref": "#/components/schemas/PublicEntry" } })
}

/// The files of `schemas/` for what travels over HTTP, beside [`crate::exchange::schemas::of_model`] and the OpenAPI
/// document: name and content, always the same.
pub fn schemas() -> Vec<(&'static str, Value)> {
    vec![
        ("public-entry.schema.json", public_entry_document()),
        ("search-response.schema.json", document::<SearchResponse>()),
        ("finder-response.schema.json", document::<FinderResponse>()),
        ("suggestions.schema.json", document::<Suggestions>()),
        ("changes.schema.json", document::<ChangesPage>()),
        ("problem-details.schema.json", document::<ProblemBody>()),
    ]
}

/// Schemas that the document names without a Rust type of their own.
pub(super) fn named() -> BTreeMap<&'static str, Value> {
    let mut entry = any_kind();
    let mut public = public_entry_document();
    for schema in [&mut entry, &mut public] {
        if let Some(object) = schema.as_object_mut() {
            object.remove("$schema");
        }
    }
    BTreeMap::from([("Entry", entry), ("PublicEntry", public)])
}

fn document<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>().to_value()
}

fn public_entry_document() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "PublicEntry",
        "description": "A published entry: its content, what is derived from it, its relations in both directions.",
        "oneOf": Kind::ALL.iter().map(|kind| public_of_kind(*kind)).collect::<Vec<_>>(),
    })
}

/// Content of the kind, with what only the server writes. Relations are resolved, so their shape differs.
fn public_of_kind(kind: Kind) -> Value {
    let mut schema = of_kind(kind).clone();
    let mut added = properties::<Derived>();
    added.insert("id".into(), json!({ "type": "string", "format": "uuid", "description": "Identity." }));
    added.insert("url".into(), json!({ "type": "string", "description": "Address of its page." }));
    added.insert(
        "old_slugs".into(),
        json!({ "type": "array", "items": { "type": "string" }, "description": "Earlier slugs, which redirect." }),
    );
    added.insert("relations".into(), json!({ "type": "array", "items": inline::<ResolvedRelation>() }));
    let required: Vec<Value> = ["id", "kind", "slug", "title", "summary", "license", "url"]
        .into_iter()
        .map(Value::from)
        .chain(required::<Derived>())
        .collect();
    if let Some(properties) = schema["properties"].as_object_mut() {
        properties.extend(added);
    }
    schema["title"] = json!(format!("public_{}", kind.id()));
    schema["required"] = Value::from(required);
    schema
}

fn inline<T: JsonSchema>() -> Value {
    let mut settings = SchemaSettings::draft2020_12().for_serialize();
    settings.inline_subschemas = true;
    settings.meta_schema = None;
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

fn properties<T: JsonSchema>() -> Map<String, Value> {
    inline::<T>().get("properties").and_then(Value::as_object).cloned().unwrap_or_default()
}

fn required<T: JsonSchema>() -> Vec<Value> {
    inline::<T>().get("required").and_then(Value::as_array).cloned().unwrap_or_default()
}
