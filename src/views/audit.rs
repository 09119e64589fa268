//! The page of the audit trail.

use domain::Instant;
use serde::Serialize;

use super::View;

/// Some lines of the trail.
#[derive(Debug, Serialize)]
pub(crate) struct AuditView {
    /// Newest first.
    pub(crate) rows: Vec<AuditRow>,
    /// The next page.
    pub(crate) next: Option<String>,
    /// The first page, where this is another.
    pub(crate) first: Option<String>,
    /// Whether only some of the lines are asked for.
    pub(crate) narrowed: bool,
    pub(crate) kinds: Vec<KindChoice>,
    /// Names that are proposed.
    pub(crate) staff: Vec<String>,
    /// What was asked for, as it was typed.
    pub(crate) who: String,
    pub(crate) kind: String,
    pub(crate) from: String,
    pub(crate) to: String,
}

/// A kind of thing.
#[derive(Debug, Serialize)]
pub(crate) struct KindChoice {
    pub(crate) value: String,
    pub(crate) text: String,
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
        let page = |rows, narrowed: bool| Self {
            rows,
            next: narrowed.then(|| "/audit?who=%E9%BB%84&before=12".to_owned()),
            first: narrowed.then(|| "/audit?who=%E9%BB%84".to_owned()),
            narrowed,
            kinds: vec![KindChoice { value: "community".to_owned(), text: "小区".to_owned() }],
            staff: vec!["黄欣".to_owned()],
            who: "黄".to_owned(),
            kind: "community".to_owned(),
            from: "2026-11-01".to_owned(),
            to: String::new(),
        };
        vec![page(vec![row], true), page(vec![], true), page(vec![], false)]
    }
}
