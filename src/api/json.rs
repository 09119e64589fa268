//! The bodies of the API. A body's type denies unknown fields (`#[serde(deny_unknown_fields)]`);
//! what is wrong with it is named by field.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload};
use domain::access::Actor;
use domain::cases::voice::too_long;
use domain::idempotency::{self, Answer, Key};
use domain::{Db, Error, FieldError, Instant, LocalDate, Quantity, clock};
use futures::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::strict::ByName;
use crate::ctx::Ctx;
use crate::fail::Fail;
use crate::form::{self, limited};

/// The most bytes of a body.
const MOST: usize = 2 * 1024 * 1024;

/// A JSON body.
pub(crate) struct Body<T> {
    /// What it says.
    pub(crate) value: T,
    raw: Vec<u8>,
    key: Option<String>,
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Fail;
    type Future = LocalBoxFuture<'static, Result<Self, Fail>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let header = |name: &str| req.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let is_json = header(CONTENT_TYPE.as_str()).is_none_or(|kind| kind.starts_with("application/json"));
        let key = form::key_of(req);
        let payload = payload.take();
        Box::pin(async move {
            if !is_json {
                return Err(Error::field("body", "json").into());
            }
            let key = key?;
            let raw = limited(payload, MOST).await?;
            let value = parse(&raw)?;
            Ok(Self { value, raw, key })
        })
    }
}

fn parse<T: DeserializeOwned>(raw: &[u8]) -> domain::Result<T> {
    let text = if raw.is_empty() { b"{}" } else { raw };
    // Without names nobody knows what is meant; and no database keeps a NUL in a text.
    if text.trim_ascii_start().first() != Some(&b'{') || raw.windows(6).any(|part| part == br"\u0000") {
        return Err(Error::field("body", "json"));
    }
    let mut from = serde_json::Deserializer::from_slice(text);
    let value: T = serde_path_to_error::deserialize(&mut from).map_err(|error| named(&error))?;
    from.end().map_err(|_| Error::field("body", "json"))?;
    let by_name: Value = serde_json::from_slice(text).map_err(Error::internal)?;
    serde_path_to_error::deserialize::<_, T>(ByName(&by_name)).map_err(|error| named(&error))?;
    Ok(value)
}

/// Reads a part of a body that was parsed before, as strictly.
pub(super) fn read<T: DeserializeOwned>(value: &Value) -> domain::Result<T> {
    parse(value.to_string().as_bytes())
}

/// The field that a parse error speaks of, and why.
fn named(error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    let inner = error.inner();
    if !inner.is_data() {
        return Error::field("body", "json");
    }
    let text = inner.to_string();
    let quoted = text.split('`').nth(1).unwrap_or_default();
    let path = error.path().to_string();
    let path = if path == "." { "body".to_owned() } else { path };
    let under = |name: &str| if path == "body" { name.to_owned() } else { format!("{path}.{name}") };
    if text.starts_with("missing field") {
        Error::field(under(quoted), "required")
    } else if text.starts_with("unknown field") {
        Error::field(path.clone(), "unknown")
    } else {
        let why = text.split(" at line ").next().unwrap_or_default().to_owned();
        Error::Invalid(vec![FieldError::new(path.clone(), "value").with("why", why)])
    }
}

impl<T> Body<T> {
    /// Does what was asked for, once for the request's `Idempotency-Key`, and answers with JSON.
    pub(crate) async fn once<A: Serialize>(
        self,
        ctx: &Ctx,
        status: u16,
        work: impl Fn(&mut Db, &Actor, Instant, &T) -> domain::Result<A> + Send + 'static,
    ) -> Result<HttpResponse, Fail>
    where
        T: Send + 'static,
    {
        let key = self.key.as_ref().map(|key| Key::new(&ctx.actor, &ctx.route, key, &self.raw));
        let value = self.value;
        let answer = ctx
            .write(move |tx, actor, now| {
                let work = |tx: &mut Db| answer(status, &work(tx, actor, now, &value)?);
                match &key {
                    Some(key) => idempotency::once(tx, key, now, work),
                    None => work(tx),
                }
            })
            .await?;
        let status = u16::try_from(answer.status).map_err(Error::internal)?;
        let status = actix_web::http::StatusCode::from_u16(status)
            .map_err(|error| Fail::from(Error::internal(error)))?;
        Ok(HttpResponse::build(status).content_type("application/json").body(answer.body))
    }
}

fn answer<A: Serialize>(status: u16, value: &A) -> domain::Result<Answer> {
    let body = serde_json::to_string(value).map_err(Error::internal)?;
    Ok(Answer { status: i32::from(status), body })
}

/// A body that says nothing more than its address.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bare {}

/// The words of a field that may be left empty, trimmed; the error where there are too many.
pub(crate) fn at_most(field: &'static str, text: &str, most: usize) -> domain::Result<String> {
    let text = text.trim();
    too_long(field, text, most).map_or_else(|| Ok(text.to_owned()), |error| Err(Error::Invalid(vec![error])))
}

/// A day in a body.
#[derive(Debug, Clone, Copy, schemars::JsonSchema)]
pub(crate) struct Day(pub(super) LocalDate);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let day = clock::day(&text).map(Self);
        day.ok_or_else(|| serde::de::Error::custom("no day such as 2026-11-22"))
    }
}

/// So many of something, a number with at most two decimals.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Count(pub(crate) Quantity);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(from)?.to_string();
        let count = Quantity::parse(&number).map(Self);
        count.ok_or_else(|| serde::de::Error::custom("a number with at most two decimals"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Example {
        #[expect(dead_code, reason = "only parsed")]
        home: String,
        #[expect(dead_code, reason = "only parsed")]
        amount_fen: Option<i64>,
    }

    #[test]
    fn a_wrong_body_names_its_field() {
        for (text, field, code) in [
            ("{}", "home", "required"),
            ("", "home", "required"),
            (r#"{"home":"1","x":1}"#, "x", "unknown"),
            (r#"{"home":"1","amount_fen":"a"}"#, "amount_fen", "value"),
            (r#"{"home":"1","amount_fen":1.5}"#, "amount_fen", "value"),
            (r#"{"home""#, "body", "json"),
            (r#"{"home":"1"} x"#, "body", "json"),
            (r#"["1",2]"#, "body", "json"),
            ("{\"home\":\"1\\u0000\"}", "body", "json"),
        ] {
            let Err(Error::Invalid(fields)) = parse::<Example>(text.as_bytes()) else { panic!("{text}") };
            assert_eq!((fields[0].field.as_str(), fields[0].code), (field, code), "{text}");
        }
        assert!(parse::<Example>(br#"{"home":"1"}"#).is_ok());
    }
}
