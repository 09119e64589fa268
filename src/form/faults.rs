//! What is wrong with a form: a reason per field, and the rule that refused it as a whole.

use std::collections::BTreeMap;

use domain::Error;
use domain::error::Args;
use serde::Serialize;

use super::Form;

/// Why a field is wrong: the name of a text, and what it mentions.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Wrong {
    code: String,
    args: BTreeMap<&'static str, String>,
}

impl Form {
    /// Marks a field as wrong.
    pub(crate) fn wrong(&mut self, name: &str, code: &'static str) {
        if !self.is_wrong(name) {
            self.mark(name, wrong(code, &[]));
        }
    }

    /// Says why a field is wrong, whatever was said before.
    pub(super) fn mark(&mut self, name: &str, why: Wrong) {
        if self.errors.insert(name.to_owned(), why).is_none() {
            self.amiss.push(name.to_owned());
        }
    }

    /// Whether a field is wrong.
    pub(crate) fn is_wrong(&self, name: &str) -> bool {
        self.errors.contains_key(name)
    }

    /// What was typed, without what is wrong: for going back a step.
    pub(crate) fn plain(mut self) -> Self {
        self.errors.clear();
        self.amiss.clear();
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
        (self.errors, self.amiss) = (other.errors.clone(), other.amiss.clone());
        self.refusal = other.refusal.clone();
        self
    }

    /// What is wrong, without what was typed: for the head of a page with several forms.
    pub(crate) fn summary(&self) -> Self {
        Self {
            texts: self.texts,
            labels: self.labels.clone(),
            errors: self.errors.clone(),
            amiss: self.amiss.clone(),
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
                self.mark(&name, wrong("unknown", &[]));
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
                    self.mark(&field.field, wrong(field.code, &field.args));
                }
            }
            Error::Refused(refusal) => self.refusal = Some(wrong(refusal.rule, &refusal.args)),
            // Nothing typed is lost: the form comes back, to be sent again in a moment.
            Error::Unavailable(_) => self.refusal = Some(wrong("unavailable", &[])),
            other => return Err(other),
        }
        Ok(())
    }
}

/// A reason.
pub(super) fn wrong(code: &str, args: &[(&'static str, String)]) -> Wrong {
    let args: Args = args.to_vec();
    Wrong { code: code.to_owned(), args: args.into_iter().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(form: &Form) -> Vec<(&str, &str)> {
        form.errors.iter().map(|(name, wrong)| (name.as_str(), wrong.code.as_str())).collect()
    }

    #[test]
    fn every_wrong_field_is_named_and_what_was_typed_stays() {
        let typed = [("amount", "1e3"), ("day", "2026-02-30"), ("text", "  "), ("more", "x")];
        let typed = typed.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let mut form = Form::of(typed, BTreeMap::new());
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
    fn what_is_wrong_is_listed_in_the_order_of_the_page() {
        let mut form = Form::of(vec![], BTreeMap::new());
        let read = (form.text("kind", 10), form.date("begins"), form.text("a_reason", 10));
        assert_eq!(read, (None, None, None));
        form.mark("begins", wrong("date", &[]));
        assert_eq!(form.amiss, ["kind", "begins", "a_reason"]);
    }
}
