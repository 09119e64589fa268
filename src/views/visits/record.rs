//! The interview record (客户访谈记录表), to be filled in at the door.

use serde::Serialize;

use super::PromiseRow;
use crate::form::Form;
use crate::views::View;

/// The interview record, to be filled in.
#[derive(Debug, Serialize)]
pub(crate) struct RecordView {
    pub(crate) code: String,
    pub(crate) people: Vec<String>,
    pub(crate) topics: &'static [&'static str],
    pub(crate) promises: Vec<PromiseRow>,
    pub(crate) form: Form,
}

/// What people talk about at the door.
pub(crate) const TOPICS: &[&str] =
    &["cleaning", "greenery", "safety", "repairs", "noise", "parking", "lift", "fees", "neighbours", "other"];

impl View for RecordView {
    const TEMPLATE: &'static str = "visits/record.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let promise = PromiseRow { id: 1, words: "换灯泡".to_owned(), due_at: super::sample_at() };
        vec![Self {
            code: "1-1-0101".to_owned(),
            people: vec!["黎琪艳".to_owned()],
            topics: TOPICS,
            promises: vec![promise],
            form: Form::sample("visits.form", &[("said", "好")], &[("spoken_to", "required")]),
        }]
    }

    #[cfg(not(test))]
    fn samples() -> Vec<Self> {
        vec![]
    }
}
