//! What a form shows: what was typed, never lost, and what is wrong with it.

use std::collections::BTreeMap;

use serde::Serialize;

/// The state of a form: values and errors by field.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct FormState {
    /// What was typed, or what stands there to begin with.
    pub(crate) values: BTreeMap<String, String>,
    /// What is wrong, in the reader's language.
    pub(crate) errors: BTreeMap<String, Vec<String>>,
    /// What is wrong with the whole.
    pub(crate) problems: Vec<String>,
}

impl FormState {
    /// A form that begins with these values.
    pub(crate) fn filled<K: Into<String>, V: Into<String>>(values: impl IntoIterator<Item = (K, V)>) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { values, ..Self::default() }
    }

    /// The same with an error at a field.
    #[must_use]
    pub(crate) fn with_error(mut self, field: &str, text: &str) -> Self {
        self.errors.entry(field.to_owned()).or_default().push(text.to_owned());
        self
    }
}
