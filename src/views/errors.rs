//! What is shown when something was not done.

use serde::Serialize;

use super::View;

/// A page that says what happened, that nothing was lost, and what to do.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorView {
    /// The status.
    pub(crate) status: u16,
    /// The name of its texts below `errors`.
    pub(crate) kind: &'static str,
    /// What the rule that refused says, where one did.
    pub(crate) detail: Option<String>,
    /// What finds it in the log.
    pub(crate) reference: String,
}

impl View for ErrorView {
    const TEMPLATE: &'static str = "errors/error.html";

    fn samples() -> Vec<Self> {
        let one = |status, kind| Self { status, kind, detail: None, reference: "7f3a".to_owned() };
        let mut all: Vec<_> = crate::fail::KINDS.iter().map(|(status, kind)| one(*status, kind)).collect();
        all.push(Self { detail: Some("…".to_owned()), ..one(422, "refused") });
        all
    }
}
