//! What the API's description says of bodies that are read by kind and by action: the fields that they share, and that
//! others may follow, as each kind names its own.

use std::borrow::Cow;

use domain::cases::{Channel, Kind, Urgency};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{NewAction, NewCase};

impl JsonSchema for NewCase {
    fn schema_name() -> Cow<'static, str> {
        "NewCase".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words = |all: Vec<&'static str>| json_schema!({"type": "string", "enum": all});
        let text = json_schema!({"type": ["string", "null"]});
        json_schema!({
            "description": "A case to be opened: its kind, and what that kind needs; a field that it does not know is refused by name.",
            "type": "object",
            "required": ["kind"],
            "properties": {
                "kind": words(Kind::ALL.iter().map(|one| one.as_str()).collect()),
                "community": text,
                "home": text,
                "place": text,
                "category": text,
                "text": text,
                "available": text,
                "channel": words(Channel::ALL.iter().map(|one| one.as_str()).collect()),
                "urgency": words(Urgency::ALL.iter().map(|one| one.as_str()).collect()),
                "attachments": {"type": "array", "items": {"type": "integer", "format": "int64"}},
            },
            "additionalProperties": true,
        })
    }
}

impl JsonSchema for NewAction {
    fn schema_name() -> Cow<'static, str> {
        "NewAction".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "One step of a case: the version that was looked at, and what the action needs; a field that it does not know is refused by name.",
            "type": "object",
            "required": ["version"],
            "properties": {
                "version": {"type": "integer", "format": "int32"},
                "community": {"type": ["string", "null"]},
            },
            "additionalProperties": true,
        })
    }
}
