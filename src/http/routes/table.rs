//! The table itself.

use std::sync::LazyLock;

use schemars::{Schema, SchemaGenerator, json_schema};

use super::*;
use crate::{
    follow::ChangesPage,
    http::{
        body::{JSON, MERGE_PATCH},
        params::{
            LANGUAGES, ParamForm,
            finder::finder_params,
            search::{LANG_DOC, MIN_SEQ_DOC, export_params, search_params},
        },
        problem::*,
        schemas::{self, *},
    },
    model::{notice::Notice, vocabulary::Vocabulary},
    search::{
        finder::FinderResponse,
        response::{SearchResponse, Suggestions},
    },
};

const BASE: Route = Route {
    method: Method::GET,
    path: "/",
    operation: "",
    audience: Audience::Public,
    cost: Cost::Read,
    summary: "",
    params: || &[],
    body: None,
    answers: &[],
    problems: &[],
    handler: |_| MethodRouter::new(),
};

/// All routes of API and operation, in the order of the document.
pub static ROUTES: &[Route] = &[
    Route {
        path: "/api/v1/search",
        operation: "search",
        summary: "Search, with all facets in one answer.",
        params: search_params,
        answers: &[ok(
            "Hits, facets, and what was done to the query.",
            &[(JSON, |g| g.subschema_for::<SearchResponse>())],
        )],
        problems: SEARCH_PROBLEMS,
        handler: |filter| on(filter, api::search::search),
        ..BASE
    },
    Route {
        path: "/api/v1/suggest",
        operation: "suggest",
        summary: "Complete what is being typed: titles, terms, spellings. Nothing that visitors typed comes back.",
        params: || params(&SUGGEST),
        answers: &[ok("Suggestions, best first.", &[(JSON, |g| g.subschema_for::<Suggestions>())])],
        problems: SEARCH_PROBLEMS,
        handler: |filter| on(filter, api::search::suggest),
        ..BASE
    },
    Route {
        path: "/api/v1/entries",
        operation: "listEntries",
        summary: "All public entries, by id, page after page.",
        params: || params(&PAGED),
        answers: &[ok("A page of entries; `next` leads on.", &[(JSON, |g| g.subschema_for::<EntriesPage>())])],
        problems: READ_PROBLEMS,
        handler: |filter| on(filter, api::entries::list),
        ..BASE
    },
    Route {
        path: "/api/v1/entries/{id}",
        operation: "getEntry",
        summary: "One public entry by id or slug.",
        params: || params(&ENTRY),
        answers: &[
            ok(
                "The entry.",
                &[(JSON, schemas::public_entry), ("application/ld+json", |_| json_schema!({ "type": "object" }))],
            ),
            Answer { status: 308, doc: "The entry has another slug now.", content: &[] },
        ],
        problems: &[&NOT_FOUND, &ARCHIVED, &NOT_ACCEPTABLE, &NOT_READY, &NOT_YET],
        handler: |filter| on(filter, api::entries::get),
        ..BASE
    },
    Route {
        path: "/api/v1/entries/{id}/related",
        operation: "relatedEntries",
        summary: "Entries like this one; those that it is linked with come first.",
        params: || params(&RELATED),
        answers: &[ok("Entries, nearest first.", &[(JSON, |g| g.subschema_for::<Related>())])],
        problems: &[&NOT_FOUND, &ARCHIVED, &OVERLOADED, &SEARCH_TIMEOUT, &NOT_READY, &NOT_YET],
        handler: |filter| on(filter, api::entries::related),
        ..BASE
    },
    Route {
        path: "/api/v1/finder",
        operation: "finder",
        summary: "Which format fits? Formats in order of a planner's answers, each with reasons for and against; never empty.",
        params: finder_params,
        answers: &[ok("Formats, best first.", &[(JSON, |g| g.subschema_for::<FinderResponse>())])],
        problems: &[&UNKNOWN_VALUE, &BAD_PARAMETER, &OVERLOADED, &SEARCH_TIMEOUT, &NOT_READY, &NOT_YET],
        handler: |filter| on(filter, api::finder::finder),
        ..BASE
    },
    Route {
        path: "/api/v1/vocabularies",
        operation: "listVocabularies",
        summary: "The controlled vocabularies: names, headings, number of terms.",
        params: || params(&PLAIN),
        answers: &[ok("The vocabularies, by name.", &[(JSON, |g| g.subschema_for::<VocabularyList>())])],
        problems: READ_PROBLEMS,
        handler: |filter| on(filter, api::vocabularies::list),
        ..BASE
    },
    Route {
        path: "/api/v1/vocabularies/{name}",
        operation: "getVocabulary",
        summary: "One vocabulary with all its terms.",
        params: || params(&PLAIN),
        answers: &[ok("The vocabulary.", &[(JSON, |g| g.subschema_for::<Vocabulary>())])],
        problems: &[&NOT_FOUND, &NOT_READY, &NOT_YET],
        handler: |filter| on(filter, api::vocabularies::get),
        ..BASE
    },
    Route {
        path: "/api/v1/changes",
        operation: "changes",
        summary: "Changes of the public view in order, with tombstones. Follow it with `next_since`.",
        params: || params(&CHANGES),
        answers: &[ok("A page of changes.", &[(JSON, |g| g.subschema_for::<ChangesPage>())])],
        problems: READ_PROBLEMS,
        handler: |filter| on(filter, api::changes::changes),
        ..BASE
    },
    Route {
        path: "/api/v1/export.ndjson",
        operation: "exportNdjson",
        cost: Cost::Heavy,
        summary: "All entries that a search finds, one JSON object a line.",
        params: export_params,
        answers: &[ok("Entries.", &[("application/x-ndjson", text)])],
        problems: SEARCH_PROBLEMS,
        handler: |filter| on(filter, api::export::ndjson),
        ..BASE
    },
    Route {
        path: "/api/v1/export.json",
        operation: "exportJson",
        cost: Cost::Heavy,
        summary: "All entries that a search finds, as one JSON document.",
        params: export_params,
        answers: &[ok("Entries.", &[(JSON, |g| g.subschema_for::<Export>())])],
        problems: SEARCH_PROBLEMS,
        handler: |filter| on(filter, api::export::json),
        ..BASE
    },
    Route {
        path: "/api/v1/export.csv",
        operation: "exportCsv",
        cost: Cost::Heavy,
        summary: "All entries that a search finds, as a table for spreadsheets: UTF-8 with BOM, semicolons.",
        params: export_params,
        answers: &[ok("Entries, the main fields.", &[("text/csv", text)])],
        problems: SEARCH_PROBLEMS,
        handler: |filter| on(filter, api::export::csv),
        ..BASE
    },
    Route {
        path: "/api/v1/openapi.json",
        operation: "openapi",
        summary: "This document.",
        answers: &[ok("OpenAPI 3.1.", &[(JSON, |_| json_schema!({ "type": "object" }))])],
        handler: |filter| on(filter, api::openapi),
        ..BASE
    },
    Route {
        method: Method::POST,
        path: "/api/v1/staff/entries",
        operation: "staffCreateEntry",
        audience: Audience::Staff(Role::Editor),
        cost: Cost::Staff,
        summary: "Create a draft.",
        params: || params(&LANG_ONLY),
        body: Some(BodyForm { media_type: JSON, required: true, schema: schemas::entry }),
        answers: &[Answer { status: 201, ..saved("The draft; `Location` and `ETag` say where and which revision.") }],
        problems: &[
            &BAD_JSON,
            &TOO_LARGE,
            &UNSUPPORTED_MEDIA_TYPE,
            &INVALID_ENTRY,
            &SLUG_TAKEN,
            &CONFLICT,
            &READ_ONLY,
            &NO_SPACE,
        ],
        handler: |filter| on(filter, api::staff::create),
    },
    Route {
        path: "/api/v1/staff/entries",
        operation: "staffListEntries",
        audience: Audience::Staff(Role::Reader),
        cost: Cost::Staff,
        summary: "All entries, drafts included, by id, page after page.",
        params: || params(&STAFF_PAGED),
        answers: &[ok("A page of records; `next` leads on.", &[(JSON, |g| g.subschema_for::<StaffPage>())])],
        handler: |filter| on(filter, api::staff::list),
        ..BASE
    },
    Route {
        path: "/api/v1/staff/entries/{id}",
        operation: "staffGetEntry",
        audience: Audience::Staff(Role::Reader),
        cost: Cost::Staff,
        summary: "Draft and published version of an entry; `ETag` is the revision.",
        params: || params(&LANG_ONLY),
        answers: &[ok("The entry.", &[(JSON, |g| g.subschema_for::<StaffAnswer>())])],
        problems: &[&NOT_FOUND],
        handler: |filter| on(filter, api::staff::get),
        ..BASE
    },
    Route {
        method: Method::PUT,
        path: "/api/v1/staff/entries/{id}",
        operation: "staffReplaceEntry",
        audience: Audience::Staff(Role::Editor),
        cost: Cost::Staff,
        summary: "Replace the draft.",
        params: || params(&LANG_ONLY),
        body: Some(BodyForm { media_type: JSON, required: true, schema: schemas::entry }),
        answers: &[saved("The draft as saved.")],
        problems: WRITE_PROBLEMS,
        handler: |filter| on(filter, api::staff::replace),
    },
    Route {
        method: Method::PATCH,
        path: "/api/v1/staff/entries/{id}",
        operation: "staffPatchEntry",
        audience: Audience::Staff(Role::Editor),
        cost: Cost::Staff,
        summary: "Change the draft by a JSON merge patch (RFC 7396).",
        params: || params(&LANG_ONLY),
        body: Some(BodyForm {
            media_type: MERGE_PATCH,
            required: true,
            schema: |_| json_schema!({ "type": "object" }),
        }),
        answers: &[saved("The draft as saved.")],
        problems: WRITE_PROBLEMS,
        handler: |filter| on(filter, api::staff::patch),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/staff/entries/{id}/publish",
        operation: "staffPublishEntry",
        audience: Audience::Staff(Role::Publisher),
        cost: Cost::Staff,
        summary: "Make the draft public. Wait for it with `min_seq={change_seq}`.",
        params: || params(&LANG_ONLY),
        body: Some(BodyForm { media_type: JSON, required: false, schema: |g| g.subschema_for::<Note>() }),
        answers: &[saved("The entry as published.")],
        problems: WRITE_PROBLEMS,
        handler: |filter| on(filter, api::staff::publish),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/staff/entries/{id}/archive",
        operation: "staffArchiveEntry",
        audience: Audience::Staff(Role::Publisher),
        cost: Cost::Staff,
        summary: "Take the entry out of the public view.",
        params: || params(&LANG_ONLY),
        body: Some(BodyForm { media_type: JSON, required: false, schema: |g| g.subschema_for::<Note>() }),
        answers: &[saved("The entry as archived.")],
        problems: WRITE_PROBLEMS,
        handler: |filter| on(filter, api::staff::archive),
    },
    Route {
        path: "/api/v1/staff/entries/{id}/revisions",
        operation: "staffListRevisions",
        audience: Audience::Staff(Role::Reader),
        cost: Cost::Staff,
        summary: "Revisions of an entry, newest first.",
        params: || params(&REVISIONS),
        answers: &[ok("A page of revisions; `next` leads on.", &[(JSON, |g| g.subschema_for::<Revisions>())])],
        problems: &[&NOT_FOUND],
        handler: |filter| on(filter, api::staff::revisions),
        ..BASE
    },
    Route {
        path: "/api/v1/staff/notices",
        operation: "staffListNotices",
        audience: Audience::Staff(Role::Editor),
        cost: Cost::Staff,
        summary: "What visitors told the editors, newest first.",
        params: || params(&NOTICES),
        answers: &[ok("A page of notices; `next` leads on.", &[(JSON, |g| g.subschema_for::<NoticePage>())])],
        problems: &[&BAD_PARAMETER, &UNKNOWN_VALUE],
        handler: |filter| on(filter, api::notices::list),
        ..BASE
    },
    Route {
        method: Method::POST,
        path: "/api/v1/staff/notices/{id}/done",
        operation: "staffCloseNotice",
        audience: Audience::Staff(Role::Editor),
        cost: Cost::Staff,
        summary: "Say that a notice has been dealt with; its e-mail address is deleted.",
        params: || params(&LANG_ONLY),
        answers: &[ok("The notice as it is now.", &[(JSON, |g| g.subschema_for::<Notice>())])],
        problems: &[&NOT_FOUND, &READ_ONLY, &NO_SPACE],
        handler: |filter| on(filter, api::notices::done),
        ..BASE
    },
    Route {
        path: "/livez",
        operation: "livez",
        cost: Cost::Free,
        summary: "Whether the process runs.",
        answers: &[ok("It does.", &[(JSON, |g| g.subschema_for::<Alive>())])],
        handler: |filter| on(filter, health::livez),
        ..BASE
    },
    Route {
        path: "/readyz",
        operation: "readyz",
        cost: Cost::Free,
        summary: "Whether the service can answer searches, and how far behind the index is.",
        answers: &[
            ok("It can.", &[(JSON, |g| g.subschema_for::<Ready>())]),
            Answer { status: 503, doc: "Not yet, or no longer.", content: &[(JSON, |g| g.subschema_for::<Ready>())] },
        ],
        handler: |filter| on(filter, health::readyz),
        ..BASE
    },
    Route {
        path: "/metrics",
        operation: "metrics",
        audience: Audience::Internal,
        cost: Cost::Free,
        summary: "Metrics in the text format of Prometheus; on the internal listener, or for this machine.",
        answers: &[ok("Metrics.", &[("text/plain", text)])],
        problems: &[&NOT_FOUND],
        handler: |filter| on(filter, health::metrics),
        ..BASE
    },
];

const SEARCH_PROBLEMS: &[&ProblemType] =
    &[&UNKNOWN_VALUE, &BAD_PARAMETER, &QUERY_TOO_LONG, &OVERLOADED, &SEARCH_TIMEOUT, &NOT_READY, &NOT_YET];
const READ_PROBLEMS: &[&ProblemType] = &[&BAD_PARAMETER, &NOT_READY, &NOT_YET];
const WRITE_PROBLEMS: &[&ProblemType] = &[
    &BAD_JSON,
    &BAD_HEADER,
    &NOT_FOUND,
    &CONFLICT,
    &SLUG_TAKEN,
    &STALE_REVISION,
    &TOO_LARGE,
    &UNSUPPORTED_MEDIA_TYPE,
    &INVALID_ENTRY,
    &REVISION_REQUIRED,
    &READ_ONLY,
    &NO_SPACE,
];

const fn ok(doc: &'static str, content: &'static [(&'static str, Shape)]) -> Answer {
    Answer { status: 200, doc, content }
}

const fn saved(doc: &'static str) -> Answer {
    Answer { status: 200, doc, content: &[(JSON, |g| g.subschema_for::<StaffAnswer>())] }
}

fn text(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string" })
}

type ParamList = LazyLock<Vec<Param>>;

fn params(list: &'static ParamList) -> &'static [Param] {
    list
}

fn lang() -> Param {
    Param::new("lang", ParamForm::One(LANGUAGES), LANG_DOC)
}

fn min_seq() -> Param {
    Param::new("min_seq", ParamForm::Number { min: 0, max: i64::MAX }, MIN_SEQ_DOC)
}

fn limit(max: i64) -> Param {
    Param::new("limit", ParamForm::Number { min: 1, max }, "At most so many.")
}

static PLAIN: ParamList = LazyLock::new(|| vec![lang(), min_seq()]);
static LANG_ONLY: ParamList = LazyLock::new(|| vec![lang()]);
static SUGGEST: ParamList = LazyLock::new(|| {
    vec![Param::new("q", ParamForm::Text, "What has been typed so far; one letter suffices."), lang(), min_seq()]
});
static PAGED: ParamList = LazyLock::new(|| {
    vec![Param::new("cursor", ParamForm::Text, "`next` of the page before."), limit(100), lang(), min_seq()]
});
static ENTRY: ParamList = LazyLock::new(|| {
    vec![
        Param::new("format", ParamForm::One(api::entries::FORMATS), "Instead of the header `Accept`."),
        lang(),
        min_seq(),
    ]
});
static RELATED: ParamList = LazyLock::new(|| vec![limit(20), lang(), min_seq()]);
static CHANGES: ParamList = LazyLock::new(|| {
    vec![
        Param::new("since", ParamForm::Number { min: 0, max: i64::MAX }, "The last change you know; 0 for all."),
        limit(1_000),
        lang(),
    ]
});
static STAFF_PAGED: ParamList =
    LazyLock::new(|| vec![Param::new("after", ParamForm::Text, "`next` of the page before."), limit(100), lang()]);
static NOTICES: ParamList = LazyLock::new(|| {
    vec![
        Param::new("state", ParamForm::One(api::notices::STATES), "Only notices of this state."),
        Param::new("after", ParamForm::Text, "`next` of the page before."),
        limit(100),
        lang(),
    ]
});
static REVISIONS: ParamList = LazyLock::new(|| {
    vec![
        Param::new("before", ParamForm::Number { min: 1, max: i64::MAX }, "`next` of the page before."),
        limit(100),
        lang(),
    ]
});
