//! What has names is sent by its names. serde reads a struct from an array too, its fields in their order: a body
//! would mean something else with the next field that we add, and `deny_unknown_fields` would not see it.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Value};

/// A value in which, at any depth, nothing that has names can be an array.
pub(super) struct ByName<'a>(pub(super) &'a Value);

impl<'de> Deserializer<'de> for ByName<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Array(all) => visitor.visit_seq(SeqDeserializer::new(all.iter().map(Self))),
            Value::Object(all) => visitor.visit_map(MapDeserializer::new(
                all.iter().map(|(name, value)| (name.as_str(), Self(value))),
            )),
            plain => plain.deserialize_any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.0.is_object() {
            return self.deserialize_any(visitor);
        }
        Err(Error::custom("invalid type: what has fields is sent by their names"))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Error> for ByName<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Line {
        item: String,
        quantity: i64,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Quote {
        lines: Vec<Line>,
        note: Option<String>,
        rest: Option<Value>,
    }

    fn read(value: &Value) -> Result<Quote, Error> {
        Quote::deserialize(ByName(value))
    }

    #[test]
    fn what_has_names_is_no_array_at_any_depth() {
        let named =
            json!({"lines": [{"item": "washer", "quantity": 2}], "note": null, "rest": [1, {"a": [2]}]});
        let quote = read(&named).unwrap();
        assert_eq!((quote.lines[0].quantity, quote.note), (2, None));
        assert_eq!(quote.rest, Some(json!([1, {"a": [2]}])), "what has no names may be one");
        for odd in
            [json!({"lines": [["washer", 2]]}), json!([[], null, null]), json!({"lines": {"item": "x"}})]
        {
            assert!(read(&odd).is_err(), "{odd}");
        }
    }
}
