//! What a route can answer: what was done, and every refusal that it knows.

use domain::attachments::ContentType;
use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use crate::routes::{Access, Answer, Route};

/// The answers that routes share.
pub(super) fn shared() -> Value {
    let text = json!({"type": "string"});
    let wrong = json!({
        "type": "object",
        "required": ["field", "code", "detail"],
        "properties": {"field": text, "code": text, "detail": text, "args": {"type": "object"}},
    });
    let schema = json!({
        "type": "object",
        "required": ["title", "status", "code", "detail"],
        "properties": {
            "type": text, "title": text, "status": {"type": "integer"}, "code": text, "detail": text,
            "reference": text,
            "errors": {"type": "array", "items": wrong},
            "present": {"type": "object", "description": "What it is now, where somebody else changed it first."},
        },
    });
    let content = json!({"application/problem+json": {"schema": schema}});
    json!({"Problem": {"description": "Not done, and why", "content": content}})
}

/// The answers of a route by status.
pub(super) fn of(route: &Route, generator: &mut SchemaGenerator) -> Value {
    let mut answers = Map::new();
    for status in route.done {
        let mut done = json!({"description": "Done"});
        if let (Some(content), Some(done)) = (content(route, generator), done.as_object_mut()) {
            done.insert("content".to_owned(), content);
        }
        answers.insert(status.to_string(), done);
    }
    for status in refusals(route) {
        answers.insert(status.to_string(), json!({"$ref": "#/components/responses/Problem"}));
    }
    Value::Object(answers)
}

fn content(route: &Route, generator: &mut SchemaGenerator) -> Option<Value> {
    match route.answer {
        Answer::Nothing => None,
        Answer::Json(schema) => Some(json!({"application/json": {"schema": schema(generator)}})),
        Answer::File => {
            let media = ContentType::ALL.iter().map(|kind| (kind.as_str().to_owned(), json!({})));
            Some(Value::Object(media.collect()))
        }
    }
}

/// Whether an `Idempotency-Key` makes the second submission the first one's: everywhere but where secrets are shown.
pub(super) fn is_once(route: &Route) -> bool {
    has_body(route) && !matches!(route.access, Access::Public | Access::HalfSignedIn)
}

fn has_body(route: &Route) -> bool {
    route.body.is_some() || route.upload.is_some()
}

/// Every way to say no, by what the route asks for.
fn refusals(route: &Route) -> impl Iterator<Item = u16> {
    let (open, body) = (route.access == Access::Public, has_body(route));
    let can = !matches!(route.access, Access::Public | Access::HalfSignedIn);
    [
        (400, route.query.is_some()),
        (401, !open || body),
        (403, can),
        // What a path or a body names and the asker may not know of.
        (404, route.path.contains('{') || is_once(route)),
        (409, is_once(route) && route.path.contains('{')),
        (413, body),
        (422, body || route.query.is_some()),
        (429, open && body),
        (503, true),
    ]
    .into_iter()
    .filter_map(|(status, known)| known.then_some(status))
}
