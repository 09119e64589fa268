//! What the API's description says of bodies that are read by kind and by action: every field that one of them takes.
//! A field that the kind or the action at hand does not know is refused by name.

use std::borrow::Cow;

use domain::cases::{Channel, Kind, Urgency};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use super::{NewAction, NewCase, repair, with};

impl JsonSchema for NewCase {
    fn schema_name() -> Cow<'static, str> {
        "NewCase".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let others = Kind::ALL.iter().filter(|kind| **kind != Kind::Repair);
        let words = |all: Vec<&'static str>| json_schema!({"type": "string", "enum": all});
        let mut schema = fields(&[
            "community",
            "home",
            "place",
            "category",
            "text",
            "available",
            "call_part",
            "reporter_name",
            "reporter_phone",
            "name",
            "phone",
            "email",
            "id_last4",
            "permit_number",
            "reason",
            "contractor",
            "contractor_phone",
            "wish",
            "reference",
        ]);
        let days = ["lease_from", "lease_to", "wished_on", "starts_on", "ends_on", "happened_on"];
        add(&mut schema, days.map(|name| (name, day())));
        add(
            &mut schema,
            [
                ("kind", words(others.map(|one| one.as_str()).collect())),
                ("channel", words(Channel::ALL.iter().map(|one| one.as_str()).collect())),
                ("urgency", words(Urgency::ALL.iter().map(|one| one.as_str()).collect())),
                ("pays", json_schema!({"type": "boolean"})),
                ("about", json_schema!({"type": ["string", "integer", "null"]})),
                ("deadline", json_schema!({"type": ["string", "null"], "format": "date-time"})),
                ("reporter", json_schema!({"type": "integer", "format": "int64"})),
                ("attachments", ids()),
            ],
        );
        schema.insert("required".to_owned(), vec!["kind"].into());
        let kind = serde_json::json!({ "const": Kind::Repair.as_str() });
        json_schema!({
            "description": "A case to be opened: its kind, and what that kind needs.",
            "required": ["kind"],
            "oneOf": [with(repair::report_body(generator), "kind", kind), schema],
        })
    }
}

impl JsonSchema for NewAction {
    fn schema_name() -> Cow<'static, str> {
        "NewAction".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let number = || json_schema!({"type": "integer", "format": "int32"});
        let mut schema = fields(&[
            "community",
            "category",
            "name",
            "phone",
            "email",
            "id_last4",
            "for",
            "note",
            "work",
            "cause",
            "word",
            "reason",
            "into",
            "remarks",
            "department",
            "findings",
            "text",
            "done",
            "said",
            "lesson",
        ]);
        let days = ["lease_from", "lease_to", "wished_on", "ends_on", "ended_on"];
        add(&mut schema, days.map(|name| (name, day())));
        add(&mut schema, ["version", "minutes", "score", "option", "article"].map(|name| (name, number())));
        add(
            &mut schema,
            ["pays", "identity_seen", "caused_by_people"]
                .map(|name| (name, json_schema!({"type": "boolean"}))),
        );
        add(
            &mut schema,
            [
                ("technician", json_schema!({"type": ["string", "integer"]})),
                ("keys", json_schema!({"type": ["string", "integer"]})),
                ("readings", json_schema!({"type": "object"})),
                ("defects", json_schema!({"type": "array"})),
                ("agreements", json_schema!({"type": "array", "items": {"type": "string"}})),
                ("lines", json_schema!({"type": "array"})),
                ("materials", json_schema!({"type": "array"})),
                ("options", json_schema!({"type": "array"})),
                ("attachments", ids()),
            ],
        );
        schema.insert(
            "description".to_owned(),
            "One step of a case: the version that was looked at, and what the action needs.".into(),
        );
        schema.insert("required".to_owned(), vec!["version"].into());
        schema
    }
}

/// An object of these texts, and of nothing else so far.
fn fields(texts: &[&str]) -> Schema {
    let mut schema = json_schema!({"type": "object", "properties": {}, "additionalProperties": false});
    add(&mut schema, texts.iter().map(|name| (*name, json_schema!({"type": ["string", "null"]}))));
    schema
}

fn add<'n>(schema: &mut Schema, more: impl IntoIterator<Item = (&'n str, Schema)>) {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    if let Some(properties) = properties {
        properties.extend(more.into_iter().map(|(name, schema)| (name.to_owned(), schema.to_value())));
    }
}

fn day() -> Schema {
    json_schema!({"type": ["string", "null"], "format": "date"})
}

fn ids() -> Schema {
    json_schema!({"type": "array", "items": {"type": "integer", "format": "int64"}})
}
