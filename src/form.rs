//! A posted form: what was typed is kept, read strictly field by field ([`read`]), and shown again with an
//! error per field where it is wrong. Unknown fields are refused, and so is a form without our token.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use domain::Error;
use domain::error::Args;
use futures::future::LocalBoxFuture;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::fail::Fail;
use crate::guard;

mod body;
mod read;
pub(crate) use body::{File, limited, read as read_body};

/// The field that carries the token against forged forms.
pub(crate) const CSRF: &str = "csrf";
/// The field that makes a second submission the first one's answer.
pub(crate) const KEY: &str = "idempotency_key";

/// The fields of a form as they were typed, with what is wrong about them.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Form {
    /// Where its words are: labels are `<texts>.<field>`, hints `<texts>.<field>_hint`.
    texts: &'static str,
    /// Fields whose label is another text than that of their name.
    labels: BTreeMap<String, String>,
    values: BTreeMap<String, String>,
    lists: BTreeMap<String, Vec<String>>,
    errors: BTreeMap<String, Wrong>,
    /// The rule that refused it as a whole.
    refusal: Option<Wrong>,
    #[serde(skip)]
    files: BTreeMap<String, Vec<File>>,
    #[serde(skip)]
    known: BTreeSet<String>,
    #[serde(skip)]
    key: Option<String>,
    #[serde(skip)]
    digest: Vec<u8>,
}

/// Why a field is wrong: the name of a text, and what it mentions.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Wrong {
    code: String,
    args: BTreeMap<&'static str, String>,
}

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
            guard::cross_site::check_token(&req, &token)?;
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
            if !crate::ctx::Ctx::of(&req)?.api {
                return Err(Fail::forged());
            }
            let key = req.headers().get("idempotency-key").and_then(|v| v.to_str().ok()).map(str::to_owned);
            if key.as_ref().is_some_and(|key| !(1..=100).contains(&key.len())) {
                return Err(Error::field("Idempotency-Key", "invalid").into());
            }
            let (fields, files) = body::read(&req, payload).await?;
            let digest = digest(&fields, &files);
            Ok(Self { fields: fields.into_iter().collect(), files, key, digest })
        })
    }
}

impl Form {
    /// An empty form.
    pub(crate) fn new(texts: &'static str) -> Self {
        Self { texts, ..Self::default() }
    }

    /// The same with a value already in a field.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.values.insert(name.to_owned(), value.to_string());
        self
    }

    /// The same with values already in a field that can be given several times.
    #[must_use]
    pub(crate) fn with_list(mut self, name: &str, values: impl IntoIterator<Item = impl ToString>) -> Self {
        self.keep(name, values.into_iter());
        self
    }

    /// The same with the text of a field's label, where many fields share one.
    #[must_use]
    pub(crate) fn labelled(mut self, name: &str, text: &str) -> Self {
        self.labels.insert(name.to_owned(), text.to_owned());
        self
    }

    /// A form for samples: what was typed, and the codes of what is wrong.
    pub(crate) fn sample(
        texts: &'static str,
        typed: &[(&str, &str)],
        wrong: &[(&str, &'static str)],
    ) -> Self {
        let mut form = Self::new(texts);
        for (name, value) in typed {
            form.values.insert((*name).to_owned(), (*value).to_owned());
        }
        for (name, code) in wrong {
            form.wrong(name, code);
        }
        form
    }

    /// A form for samples that a rule refused.
    #[must_use]
    pub(crate) fn refused(mut self, rule: &'static str) -> Self {
        self.refusal = Some(wrong(rule, &[]));
        self
    }

    fn of(fields: Vec<(String, String)>, files: BTreeMap<String, Vec<File>>) -> Self {
        let mut form = Self { digest: digest(&fields, &files), files, ..Self::default() };
        for (name, value) in fields {
            form.lists.entry(name.clone()).or_default().push(value.clone());
            form.values.entry(name).or_insert(value);
        }
        form
    }

    fn take(&mut self, name: &str) -> Option<String> {
        self.lists.remove(name);
        self.values.remove(name)
    }

    /// Marks a field as wrong.
    pub(crate) fn wrong(&mut self, name: &str, code: &'static str) {
        self.errors.entry(name.to_owned()).or_insert_with(|| wrong(code, &[]));
    }

    /// Puts values into a field that carries what an earlier try has brought.
    pub(crate) fn keep(&mut self, name: &str, values: impl Iterator<Item = impl ToString>) {
        self.lists.insert(name.to_owned(), values.map(|value| value.to_string()).collect());
    }

    /// Whether a field is wrong.
    pub(crate) fn is_wrong(&self, name: &str) -> bool {
        self.errors.contains_key(name)
    }

    /// What was typed, without what is wrong: for going back a step.
    pub(crate) fn plain(mut self) -> Self {
        self.errors.clear();
        self.refusal = None;
        self
    }

    /// Whether anything was found wrong so far.
    pub(crate) fn has_faults(&self) -> bool {
        !self.errors.is_empty() || self.refusal.is_some()
    }

    /// The same with what is wrong with another: for a page that shows what was kept.
    #[must_use]
    pub(crate) fn with_faults_of(mut self, other: &Self) -> Self {
        (self.errors, self.refusal) = (other.errors.clone(), other.refusal.clone());
        self
    }

    /// What is wrong, without what was typed: for the head of a page with several forms.
    pub(crate) fn summary(&self) -> Self {
        Self {
            texts: self.texts,
            labels: self.labels.clone(),
            errors: self.errors.clone(),
            refusal: self.refusal.clone(),
            ..Self::default()
        }
    }

    /// What was read, unless a field is wrong or unknown.
    ///
    /// # Errors
    /// Every wrong field.
    pub(crate) fn done<T>(&mut self, read: Option<T>) -> domain::Result<T> {
        let sent: Vec<String> = self.values.keys().chain(self.files.keys()).cloned().collect();
        for name in sent {
            if !self.known.contains(&name) {
                self.errors.insert(name, wrong("unknown", &[]));
            }
        }
        match read {
            Some(read) if self.errors.is_empty() && self.refusal.is_none() => Ok(read),
            // What is wrong is already noted beside the fields.
            _ => Err(Error::Invalid(vec![])),
        }
    }

    /// Notes what the domain found wrong; what is no fault of the form's stays an error.
    ///
    /// # Errors
    /// Everything but wrong fields, refusals by a rule, and a database that is busy or full.
    pub(crate) fn note(&mut self, error: Error) -> domain::Result<()> {
        match error {
            Error::Invalid(fields) => {
                for field in fields {
                    self.errors.insert(field.field, wrong(field.code, &field.args));
                }
            }
            Error::Refused(refusal) => self.refusal = Some(wrong(refusal.rule, &refusal.args)),
            // Nothing typed is lost: the form comes back, to be sent again in a moment.
            Error::Unavailable(_) => self.refusal = Some(wrong("unavailable", &[])),
            other => return Err(other),
        }
        Ok(())
    }

    /// The form's key and the digest of what was typed, for answering a repetition.
    pub(crate) fn key(&self) -> Option<(&str, &[u8])> {
        self.key.as_deref().map(|key| (key, self.digest.as_slice()))
    }
}

fn wrong(code: &str, args: &[(&'static str, String)]) -> Wrong {
    let args: Args = args.to_vec();
    Wrong { code: code.to_owned(), args: args.into_iter().collect() }
}

/// What tells one submission from another: everything but the token and the key.
fn digest(fields: &[(String, String)], files: &BTreeMap<String, Vec<File>>) -> Vec<u8> {
    let mut sha = Sha256::new();
    let mut part = |bytes: &[u8]| {
        sha.update(bytes.len().to_be_bytes());
        sha.update(bytes);
    };
    for (name, value) in fields.iter().filter(|(name, _)| name != CSRF && name != KEY) {
        part(name.as_bytes());
        part(value.as_bytes());
    }
    for (name, files) in files {
        for file in files {
            part(name.as_bytes());
            part(&file.bytes);
        }
    }
    sha.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> Form {
        let fields = fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Form::of(fields, BTreeMap::new())
    }

    fn codes(form: &Form) -> Vec<(&str, &str)> {
        form.errors.iter().map(|(name, wrong)| (name.as_str(), wrong.code.as_str())).collect()
    }

    #[test]
    fn every_wrong_field_is_named_and_what_was_typed_stays() {
        let mut form = form(&[("amount", "1e3"), ("day", "2026-02-30"), ("text", "  "), ("more", "x")]);
        let read = (form.money("amount"), form.date("day"), form.text("text", 10));
        let read = match read {
            (Some(amount), Some(day), Some(text)) => Some((amount, day, text)),
            _ => None,
        };
        assert!(matches!(form.done(read), Err(Error::Invalid(_))));
        assert_eq!(
            codes(&form),
            [("amount", "money"), ("day", "date"), ("more", "unknown"), ("text", "required")]
        );
        assert_eq!(form.values["amount"], "1e3");
    }

    #[test]
    fn passwords_are_never_shown_again() {
        let mut form = form(&[("password", " secret ")]);
        assert_eq!(form.secret("password").as_deref(), Some(" secret "));
        assert!(form.values.is_empty() && form.lists.is_empty());
    }

    #[test]
    fn a_submission_is_known_by_what_was_typed_not_by_its_token() {
        let key = |form: &Form| form.digest.clone();
        assert_eq!(key(&form(&[("a", "1"), ("csrf", "x")])), key(&form(&[("a", "1"), ("csrf", "y")])));
        assert_ne!(key(&form(&[("a", "1")])), key(&form(&[("a", "2")])));
    }
}
