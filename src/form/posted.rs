//! The bodies that come in: a form of one of our pages with its token, the multipart body of a program.

use std::collections::BTreeMap;

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use domain::Error;
use futures::future::LocalBoxFuture;

use super::{CSRF, File, Form, KEY, body, digest};
use crate::ctx::Ctx;
use crate::fail::Fail;
use crate::guard::cross_site;

/// The body of a POST from one of our pages.
pub(crate) struct Posted {
    form: Form,
}

impl Posted {
    /// The form, with its words below `texts`.
    pub(crate) fn form(self, texts: &'static str) -> Form {
        Form { texts, ..self.form }
    }
}

impl FromRequest for Posted {
    type Error = Fail;
    type Future = LocalBoxFuture<'static, Result<Self, Fail>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let (fields, files) = body::read(&req, payload).await?;
            let mut form = Form::of(fields, files);
            let token = form.take(CSRF).unwrap_or_default();
            cross_site::check_token(&req, &token)?;
            form.key = form.take(KEY).filter(|key| (1..=100).contains(&key.len()));
            Ok(Self { form })
        })
    }
}

/// The multipart body of a program: no token, as programs show no cookie that another site could borrow.
pub(crate) struct Sent {
    /// What its fields say.
    pub(crate) fields: BTreeMap<String, String>,
    /// Its files by field.
    pub(crate) files: BTreeMap<String, Vec<File>>,
    /// Its `Idempotency-Key`.
    pub(crate) key: Option<String>,
    /// What tells it from another one with the same key.
    pub(crate) digest: Vec<u8>,
}

impl FromRequest for Sent {
    type Error = Fail;
    type Future = LocalBoxFuture<'static, Result<Self, Fail>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            if !Ctx::of(&req)?.api {
                return Err(Fail::forged());
            }
            let key = key_of(&req)?;
            let (fields, files) = body::read(&req, payload).await?;
            let digest = digest(&fields, &files);
            Ok(Self { fields: fields.into_iter().collect(), files, key, digest })
        })
    }
}

/// A program's `Idempotency-Key`.
///
/// # Errors
/// One that cannot be kept: without it the same request again would be a second one.
pub(crate) fn key_of(req: &HttpRequest) -> domain::Result<Option<String>> {
    let Some(header) = req.headers().get("idempotency-key") else { return Ok(None) };
    let key = header.to_str().ok().filter(|key| (1..=100).contains(&key.len()));
    key.map(|key| Some(key.to_owned())).ok_or_else(|| Error::field("Idempotency-Key", "invalid"))
}
