//! The OpenAPI 3.1 document, made from the table of routes.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::{
    params::{Param, ParamForm},
    problem::*,
    routes::{Answer, Audience, ROUTES, Route},
    schemas::named,
};

/// The document; the same for the same program.
pub fn openapi() -> Value {
    let mut settings = SchemaSettings::draft2020_12().for_serialize();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    let mut shapes = settings.into_generator();
    let problem = shapes.subschema_for::<ProblemBody>().to_value();

    let mut paths = Map::new();
    for route in ROUTES {
        let operation = operation(route, &mut shapes, &problem);
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method.as_str().to_lowercase()] = operation;
    }
    let mut schemas: Map<String, Value> = shapes.take_definitions(true);
    schemas.extend(named().into_iter().map(|(name, schema)| (name.to_owned(), schema)));
    schemas.sort_keys();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Mitmachbox",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Search for participation formats, guides and best practices",
            "description": DESCRIPTION,
            "license": { "name": "EUPL-1.2", "identifier": "EUPL-1.2" },
        },
        "servers": [{ "url": "/", "description": "Relative to where this document was read." }],
        "tags": [
            { "name": "public", "description": "Reads for everybody, without a key, from any site." },
            { "name": "staff", "description": "Writes of the editors, with an access token." },
            { "name": "operation", "description": "Health and metrics." },
        ],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer", "description": "`mitmachbox token create`" } },
        },
    })
}

const DESCRIPTION: &str = "Comma means OR inside a facet, different facets mean AND. The count at a facet's value is the \
    `total` one gets by ticking it. Unknown parameters and values are refused with 400 and the nearest valid one. Answers \
    carry weak ETags; `If-None-Match` costs no search. Errors are problem details (RFC 9457) with a stable `code`. \
    Text is never HTML: highlighted text comes as segments. Data under CC BY 4.0 where an entry says nothing else.";

fn operation(route: &Route, shapes: &mut schemars::SchemaGenerator, problem: &Value) -> Value {
    let tag = match (route.audience, route.path.starts_with(super::edge::API)) {
        (Audience::Staff(_), _) => "staff",
        (Audience::Public, true) => "public",
        _ => "operation",
    };
    let mut operation = json!({
        "operationId": route.operation,
        "summary": route.summary,
        "tags": [tag],
        "parameters": parameters(route),
    });
    if let Audience::Staff(role) = route.audience {
        operation["description"] = json!(format!("Needs the role {role:?} or above.").to_lowercase());
        operation["security"] = json!([{ "token": [] }]);
    }
    if let Some(body) = route.body {
        let schema = (body.schema)(shapes).to_value();
        operation["requestBody"] =
            json!({ "required": body.required, "content": { (body.media_type): { "schema": schema } } });
    }
    operation["responses"] = responses(route, shapes, problem);
    operation
}

fn parameters(route: &Route) -> Value {
    let mut list: Vec<Value> = path_parts(route.path)
        .map(|name| {
            let doc = if name == "id" { "Id; slugs will do where the public reads." } else { "Name." };
            json!({ "name": name, "in": "path", "required": true, "description": doc, "schema": { "type": "string" } })
        })
        .collect();
    list.extend((route.params)().iter().map(parameter));
    if needs_revision(route) {
        list.push(json!({
            "name": "If-Match", "in": "header", "required": true,
            "description": "The revision on which the change is based, as in `ETag`: `\"3\"`.",
            "schema": { "type": "string", "pattern": "^\"[0-9]+\"$" },
        }));
    }
    Value::from(list)
}

/// Every write except create says which revision it is based on.
fn needs_revision(route: &Route) -> bool {
    route.problems.iter().any(|kind| kind.code == REVISION_REQUIRED.code)
}

fn parameter(param: &Param) -> Value {
    let list = |items: Value| json!({ "type": "array", "items": items });
    let (schema, is_list) = match param.form {
        ParamForm::Text => (json!({ "type": "string" }), false),
        ParamForm::Number { min, max: i64::MAX } => (json!({ "type": "integer", "minimum": min }), false),
        ParamForm::Number { min, max } => (json!({ "type": "integer", "minimum": min, "maximum": max }), false),
        ParamForm::One(words) => (json!({ "type": "string", "enum": words }), false),
        ParamForm::Some(words) => (list(json!({ "type": "string", "enum": words })), true),
        ParamForm::List => (list(json!({ "type": "string" })), true),
    };
    let mut parameter = json!({ "name": param.name, "in": "query", "description": param.doc, "schema": schema });
    if is_list {
        parameter["style"] = json!("form");
        parameter["explode"] = json!(false);
    }
    parameter
}

fn path_parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn responses(route: &Route, shapes: &mut schemars::SchemaGenerator, problem: &Value) -> Value {
    let mut responses = Map::new();
    for Answer { status, doc, content } in route.answers {
        let mut response = json!({ "description": doc });
        for (media_type, shape) in *content {
            response["content"][*media_type] = json!({ "schema": shape(shapes).to_value() });
        }
        responses.insert(status.to_string(), response);
    }
    for kind in problems(route) {
        let status = kind.status.as_str();
        let response = responses.entry(status).or_insert_with(
            || json!({ "description": "", "content": { "application/problem+json": { "schema": problem } } }),
        );
        let before = response["description"].as_str().unwrap_or_default();
        let separator = if before.is_empty() { "" } else { " " };
        response["description"] = json!(format!("{before}{separator}`{}`: {}", kind.code, kind.title_en));
        response["content"]["application/problem+json"] = json!({ "schema": problem });
    }
    responses.sort_keys();
    Value::Object(responses)
}

/// Problems of the route, with those that every route of its audience can have.
fn problems(route: &Route) -> Vec<&'static ProblemType> {
    let mut kinds: Vec<&'static ProblemType> = vec![&UNKNOWN_PARAMETER, &TOO_MANY_PARAMETERS];
    if matches!(route.audience, Audience::Staff(_)) {
        kinds.extend([&UNAUTHORIZED, &FORBIDDEN]);
    }
    if route.path.starts_with(super::edge::API) {
        kinds.extend([&RATE_LIMITED, &INTERNAL, &OVERLOADED, &TIMEOUT]);
    }
    for kind in route.problems {
        if !kinds.contains(kind) {
            kinds.push(kind);
        }
    }
    kinds
}
