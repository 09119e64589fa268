//! The record of a handover on paper.

use serde::Serialize;

use super::MoveInView;
use crate::views::View;

/// A handover with what both sides sign.
#[derive(Debug, Serialize)]
pub(crate) struct HandoverRecordView {
    pub(crate) move_in: MoveInView,
    /// The move-in's own page as a picture.
    pub(crate) qr: String,
}

impl View for HandoverRecordView {
    const TEMPLATE: &'static str = "move_in/record.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let handed = MoveInView::samples().into_iter().filter(|move_in| move_in.handed.is_some());
        handed.map(|move_in| Self { move_in, qr: "<svg></svg>".to_owned() }).collect()
    }

    #[cfg(not(test))]
    fn samples() -> Vec<Self> {
        vec![]
    }
}
