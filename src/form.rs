//! A posted form ([`posted`]): what was typed is kept, read strictly field by field ([`read`]), and shown again with
//! an error per field where it is wrong ([`faults`]). Unknown fields are refused, and so is a form without our token.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use sha2::{Digest, Sha256};

mod body;
mod faults;
mod posted;
mod read;
pub(crate) use body::{File, limited, read as read_body};
pub(crate) use posted::{Posted, Sent, key_of};

use faults::{Wrong, wrong};

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
    /// The names of what is wrong, in the order in which it was found: that of the page.
    amiss: Vec<String>,
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

    /// Puts values into a field that carries what an earlier try has brought.
    pub(crate) fn keep(&mut self, name: &str, values: impl Iterator<Item = impl ToString>) {
        self.lists.insert(name.to_owned(), values.map(|value| value.to_string()).collect());
    }

    /// The fields whose names begin so, for a page with a field in each row.
    pub(crate) fn names_beginning(&self, prefix: &str) -> Vec<String> {
        self.values.keys().filter(|name| name.starts_with(prefix)).cloned().collect()
    }

    /// What was typed into a field.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// The form's key and the digest of what was typed, for answering a repetition.
    pub(crate) fn key(&self) -> Option<(&str, &[u8])> {
        self.key.as_deref().map(|key| (key, self.digest.as_slice()))
    }
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
