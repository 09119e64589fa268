//! `GET /openapi.json`: the API described by OpenAPI 3.1, made from the list of routes. What it says is held against
//! what the portal does by a program that makes requests from it (`tests/portal/fuzz.rs`).

mod answers;

use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::cases;
use crate::ctx::{Ctx, Reply};
use crate::routes::{self, Access, Route};

/// `GET /api/v1/openapi.json`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    ctx.json(200, &describe())
}

/// The description.
pub(crate) fn describe() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
    });
    let mut generator = settings.into_generator();
    let mut paths: Map<String, Value> = Map::new();
    for route in routes::all().iter().filter(|route| route.path.starts_with("/api/")) {
        let operation = operation(route, &mut generator);
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        if let Some(methods) = path.as_object_mut() {
            methods.insert(route.method.to_ascii_lowercase(), operation);
        }
    }
    paths.extend(actions(&mut generator));
    let schemas = generator.take_definitions(true);
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Linli", "version": env!("CARGO_PKG_VERSION")},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": answers::shared(),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    })
}

/// Where a case is moved by one step.
const ACTIONS: &str = "/api/v1/cases/{number}/actions/";

/// Each action of a repair, written out with its body for who reads nothing but this.
fn actions(generator: &mut SchemaGenerator) -> Vec<(String, Value)> {
    let all = routes::all();
    let Some(route) = all.iter().find(|route| route.path.starts_with(ACTIONS)) else { return vec![] };
    let mut found = Vec::new();
    for (name, about, body) in cases::described(generator) {
        let mut operation = operation(route, generator);
        if let Some(map) = operation.as_object_mut() {
            map.insert("operationId".to_owned(), format!("repair_{name}").into());
            map.insert("summary".to_owned(), about.into());
            let content = json!({"application/json": {"schema": body}});
            map.insert("requestBody".to_owned(), json!({"required": true, "content": content}));
        }
        if let Some(parameters) = operation.get_mut("parameters").and_then(Value::as_array_mut) {
            parameters.retain(|parameter| parameter.get("name").is_none_or(|name| name != "action"));
        }
        found.push((format!("{ACTIONS}{name}"), json!({ "post": operation })));
    }
    found
}

/// `get_cases_number`: the method and the parts of the path.
fn operation_id(route: &Route) -> String {
    let path = route.path.trim_start_matches("/api/v1/");
    let name: String = path.chars().filter(|c| !matches!(c, '{' | '}')).map(plain).collect();
    format!("{}_{name}", route.method.to_ascii_lowercase())
}

fn plain(c: char) -> char {
    if c.is_ascii_alphanumeric() { c } else { '_' }
}

fn operation(route: &Route, generator: &mut SchemaGenerator) -> Value {
    let mut parameters = in_path(route.path);
    parameters.extend(route.query.map(|query| in_query(&query(generator))).unwrap_or_default());
    if answers::is_once(route) {
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "Sent again with the same key and body, the answer is the first one's.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 100},
        }));
    }
    let mut operation = json!({
        "operationId": operation_id(route),
        "summary": route.about,
        "parameters": parameters,
        "responses": answers::of(route, generator),
    });
    let Some(map) = operation.as_object_mut() else { return operation };
    if route.access != Access::Public {
        map.insert("security".to_owned(), json!([{"bearer": []}]));
    }
    let bodies = [("application/json", route.body), ("multipart/form-data", route.upload)];
    for (media, schema) in bodies.into_iter().filter_map(|(media, schema)| Some((media, schema?))) {
        let schema = schema(generator);
        let required = asks_for_something(&schema, generator);
        let content = json!({media: {"schema": schema}});
        map.insert("requestBody".to_owned(), json!({"required": required, "content": content}));
    }
    operation
}

/// Whether a body has to be sent: none stands for one without fields.
fn asks_for_something(schema: &Schema, generator: &SchemaGenerator) -> bool {
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|to| to.rsplit('/').next());
    let meant = name.and_then(|name| generator.definitions().get(name)).unwrap_or(schema.as_value());
    meant.get("required").and_then(Value::as_array).is_some_and(|fields| !fields.is_empty())
}

/// The parts of a path: an `id` is a number, everything else is what people say.
fn in_path(path: &str) -> Vec<Value> {
    let name = |part: &str| part.strip_prefix('{')?.strip_suffix('}').map(str::to_owned);
    let schema = |name: &str| match name {
        "id" => json!({"type": "integer", "format": "int64"}),
        _ => json!({"type": "string", "minLength": 1}),
    };
    let parameter =
        |name: String| json!({"name": name, "in": "path", "required": true, "schema": schema(&name)});
    path.split('/').filter_map(name).map(parameter).collect()
}

/// What may stand behind the `?`: the fields of a type.
fn in_query(query: &Schema) -> Vec<Value> {
    let fields = query.get("properties").and_then(Value::as_object);
    let parameter = |(name, schema): (&String, &Value)| json!({"name": name, "in": "query", "required": false, "schema": sayable(schema)});
    fields.into_iter().flatten().map(parameter).collect()
}

/// The schema without `null`, which an address cannot say.
fn sayable(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(kinds) = schema.get_mut("type").filter(|kinds| kinds.is_array()) {
        let kind = kinds.as_array().and_then(|kinds| kinds.iter().find(|kind| *kind != "null")).cloned();
        *kinds = kind.unwrap_or(Value::Null);
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_leads_somewhere() {
        let described = describe();
        let text = described.to_string();
        for after in text.split("\"$ref\":\"#").skip(1) {
            let pointer = after.split('"').next().unwrap();
            assert!(described.pointer(pointer).is_some(), "{pointer}");
        }
        assert!(described["paths"]["/api/v1/sessions"]["post"]["requestBody"].is_object());
    }

    #[test]
    fn what_can_be_asked_and_what_can_be_answered_is_said() {
        let paths = &describe()["paths"];
        let cases = &paths["/api/v1/cases"]["get"];
        let names: Vec<_> = cases["parameters"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
        assert_eq!(names, ["community", "cursor", "kind", "limit", "state"]);
        let limit = &cases["parameters"][3]["schema"];
        assert_eq!((&limit["type"], &limit["minimum"]), (&json!("integer"), &json!(1)));
        let statuses = |operation: &Value| {
            operation["responses"].as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(statuses(cases), "200 400 401 403 422 503");
        assert_eq!(statuses(&paths["/api/v1/sessions"]["post"]), "201 401 413 422 429 503");
        assert_eq!(statuses(&paths["/api/v1/payments/{id}/void"]["post"]), "200 401 403 404 409 413 422 503");
        let required = |path: &str| paths[path]["post"]["requestBody"]["required"].clone();
        assert_eq!((required("/api/v1/me/totp"), required("/api/v1/cases")), (json!(false), json!(true)));
        let paper = &paths["/api/v1/attachments/{id}"]["get"]["responses"]["200"]["content"];
        assert!(paper["application/pdf"].is_object(), "{paper}");
    }
}
