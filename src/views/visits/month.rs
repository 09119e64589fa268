//! A steward's month with every visit of it, what was corrected, and what it is short by.

use domain::{Instant, Month};
use serde::Serialize;

use super::{Ring, ShortRow, VisitRow};
use crate::form::Form;
use crate::views::View;

/// A correction of a closed month.
#[derive(Debug, Serialize)]
pub(crate) struct CorrectionRow {
    pub(crate) visit: i64,
    pub(crate) cause: &'static str,
    pub(crate) delta: i64,
    pub(crate) by: String,
    pub(crate) at: Instant,
}

/// A steward's month with every visit of it.
#[derive(Debug, Serialize)]
pub(crate) struct MonthView {
    pub(crate) who: String,
    pub(crate) own: bool,
    pub(crate) base: String,
    pub(crate) month: Month,
    pub(crate) before: Month,
    pub(crate) after: Month,
    pub(crate) ring: Option<Ring>,
    pub(crate) rows: Vec<VisitRow>,
    pub(crate) corrections: Vec<CorrectionRow>,
    pub(crate) shorts: Vec<ShortRow>,
    pub(crate) form: Form,
}

impl View for MonthView {
    const TEMPLATE: &'static str = "visits/month.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let month: Month = "2026-11".parse().unwrap();
        let correction = CorrectionRow {
            visit: 3,
            cause: "voided",
            delta: -1,
            by: "尹强兰".to_owned(),
            at: super::sample_at(),
        };
        let ring = Ring {
            quota: 30,
            counted: 18,
            state: "short",
            tone: "late",
            frozen: true,
            make_up: 2,
            ..Ring::default()
        };
        let short = ShortRow {
            id: 1,
            who: String::new(),
            month,
            short_by: 2,
            reason: None,
            decision: None,
            note: String::new(),
        };
        let base = || "/visits".to_owned();
        vec![
            Self {
                who: "尹强兰".to_owned(),
                own: true,
                base: base(),
                month,
                before: month.prev(),
                after: month.next(),
                ring: Some(ring),
                rows: vec![VisitRow::sample("counts"), VisitRow::sample("voided"), VisitRow::sample("waits")],
                corrections: vec![correction],
                shorts: vec![short],
                form: Form::new("visits.form"),
            },
            Self {
                who: "尹强兰".to_owned(),
                own: false,
                base: base(),
                month,
                before: month.prev(),
                after: month.next(),
                ring: None,
                rows: vec![],
                corrections: vec![],
                shorts: vec![],
                form: Form::new("visits.form"),
            },
        ]
    }

    #[cfg(not(test))]
    fn samples() -> Vec<Self> {
        vec![]
    }
}
