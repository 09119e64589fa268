//! `GET /openapi.json`: the API described by OpenAPI 3.1, made from the list of routes.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

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
    let schemas = generator.take_definitions(true);
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Linli", "version": env!("CARGO_PKG_VERSION")},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    })
}

fn operation(route: &Route, generator: &mut SchemaGenerator) -> Value {
    let mut operation = json!({
        "summary": route.about,
        "responses": {"default": problem()},
        "parameters": parameters(route.path),
    });
    let Some(map) = operation.as_object_mut() else { return operation };
    if route.access != Access::Public {
        map.insert("security".to_owned(), json!([{"bearer": []}]));
    }
    if let Some(schema) = route.body {
        let content = json!({"application/json": {"schema": schema(generator)}});
        map.insert("requestBody".to_owned(), json!({"required": true, "content": content}));
    }
    let answer = match route.answer {
        Some(schema) => {
            json!({"description": "Done", "content": {"application/json": {"schema": schema(generator)}}})
        }
        None => json!({"description": "Done"}),
    };
    if let Some(responses) = map.get_mut("responses").and_then(Value::as_object_mut) {
        responses.insert("2XX".to_owned(), answer);
    }
    operation
}

fn parameters(path: &str) -> Vec<Value> {
    let name = |part: &str| part.strip_prefix('{')?.strip_suffix('}').map(str::to_owned);
    let parameter =
        |name: String| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}});
    path.split('/').filter_map(name).map(parameter).collect()
}

fn problem() -> Value {
    let schema = json!({
        "type": "object",
        "properties": {
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "code": {"type": "string"},
            "detail": {"type": "string"},
            "reference": {"type": "string"},
            "errors": {"type": "array", "items": {"type": "object", "properties": {
                "field": {"type": "string"}, "code": {"type": "string"}, "detail": {"type": "string"},
            }}},
        },
    });
    json!({"description": "Not done, and why", "content": {"application/problem+json": {"schema": schema}}})
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
}
