//! The interview record on paper.

use serde::Serialize;

use super::VisitRow;
use crate::views::View;

/// The interview record on paper (客户访谈记录表).
#[derive(Debug, Serialize)]
pub(crate) struct PaperView {
    pub(crate) visit: VisitRow,
    pub(crate) topics: Vec<String>,
    pub(crate) follow_up: Option<String>,
    pub(crate) void_reason: Option<String>,
}

impl View for PaperView {
    const TEMPLATE: &'static str = "visits/paper.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec![Self {
            visit: VisitRow::sample("counts"),
            topics: vec!["lift".to_owned(), "别的".to_owned()],
            follow_up: Some("换灯泡".to_owned()),
            void_reason: Some("错了".to_owned()),
        }]
    }

    #[cfg(not(test))]
    fn samples() -> Vec<Self> {
        vec![]
    }
}
