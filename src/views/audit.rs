//! The page of the audit trail.

use domain::Instant;
use serde::Serialize;

use super::View;

/// Some lines of the trail.
#[derive(Debug, Serialize)]
pub(crate) struct AuditView {
    /// Newest first.
    pub(crate) rows: Vec<AuditRow>,
    /// Where the next page begins.
    pub(crate) next: Option<i64>,
}

/// One line.
#[derive(Debug, Serialize)]
pub(crate) struct AuditRow {
    pub(crate) seq: i64,
    pub(crate) at: Instant,
    pub(crate) who: String,
    pub(crate) action: String,
    /// The kind of thing that it was done to, and which.
    pub(crate) subject: String,
    pub(crate) id: i64,
    pub(crate) fields: String,
}

impl View for AuditView {
    const TEMPLATE: &'static str = "audit/list.html";

    fn samples() -> Vec<Self> {
        let at = Instant::from_micros(1_795_312_800_000_000).unwrap_or_else(|| domain::Clock::system().now());
        let row = AuditRow {
            seq: 12,
            at,
            who: "黄欣".to_owned(),
            action: "settings.change".to_owned(),
            subject: "community".to_owned(),
            id: 1,
            fields: "visit_quota=35".to_owned(),
        };
        vec![Self { rows: vec![row], next: Some(12) }, Self { rows: vec![], next: None }]
    }
}
