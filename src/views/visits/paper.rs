//! The interview record on paper.

use serde::Serialize;

use super::VisitRow;
use crate::form::Form;
use crate::views::View;

/// The interview record on paper (客户访谈记录表).
#[derive(Debug, Serialize)]
pub(crate) struct PaperView {
    pub(crate) visit: VisitRow,
    pub(crate) topics: Vec<String>,
    pub(crate) follow_up: Option<String>,
    pub(crate) void_reason: Option<String>,
    /// The month that it stands in.
    pub(crate) back: String,
    /// Whether the reader can void it.
    pub(crate) may_void: bool,
    /// Its own page as a picture.
    pub(crate) qr: String,
    pub(crate) form: Form,
}

impl View for PaperView {
    const TEMPLATE: &'static str = "visits/paper.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let page = |standing: &'static str, may_void, form| Self {
            visit: VisitRow::sample(standing),
            topics: vec!["lift".to_owned(), "别的".to_owned()],
            follow_up: Some("换灯泡".to_owned()).filter(|_| may_void),
            void_reason: (standing == "voided").then(|| "错了".to_owned()),
            back: "/visits?month=2026-11".to_owned(),
            may_void,
            qr: "<svg></svg>".to_owned(),
            form,
        };
        let wrong = Form::sample("visits.form", &[], &[("reason", "required")]);
        vec![
            page("counts", true, Form::new("visits.form")),
            page("counts", true, wrong),
            page("voided", false, Form::new("visits.form")),
        ]
    }

    #[cfg(not(test))]
    fn samples() -> Vec<Self> {
        vec![]
    }
}
