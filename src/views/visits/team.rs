//! The quota of every steward, late visits to accept, short months to decide.

use domain::{Month, PersonId};
use serde::Serialize;

use super::{Ring, ShortRow, VisitRow};
use crate::form::Form;
use crate::views::View;

/// A steward in the team's list.
#[derive(Debug, Serialize)]
pub(crate) struct TeamRow {
    pub(crate) id: PersonId,
    pub(crate) name: String,
    pub(crate) ring: Ring,
    /// Points of the month's curve in a box of 120 × 40: households counted by day.
    pub(crate) curve: String,
}

/// The team's month.
#[derive(Debug, Serialize)]
pub(crate) struct TeamView {
    pub(crate) month: Month,
    pub(crate) before: Month,
    pub(crate) after: Month,
    /// The orders that there are.
    pub(crate) ways: Vec<&'static str>,
    /// The present one.
    pub(crate) sort: &'static str,
    pub(crate) rows: Vec<TeamRow>,
    pub(crate) waiting: Vec<VisitRow>,
    pub(crate) shorts: Vec<ShortRow>,
    pub(crate) form: Form,
}

impl View for TeamView {
    const TEMPLATE: &'static str = "visits/team.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let month: Month = "2026-11".parse().unwrap();
        let ring = Ring {
            quota: 30,
            counted: 18,
            expected: 21,
            behind: 3,
            state: "running",
            tone: "needs",
            ..Ring::default()
        };
        let row =
            TeamRow { id: PersonId(1), name: "尹强兰".to_owned(), ring, curve: "0,40 60,20".to_owned() };
        let short = |decision| ShortRow {
            id: 1,
            who: "杜琪".to_owned(),
            month,
            short_by: 2,
            reason: Some("培训".to_owned()),
            decision,
            note: "好".to_owned(),
        };
        vec![
            Self {
                month,
                before: month.prev(),
                after: month.next(),
                ways: vec!["register", "behind"],
                sort: "behind",
                rows: vec![row],
                waiting: vec![VisitRow::sample("waits")],
                shorts: vec![short(None), short(Some("excused"))],
                form: Form::sample("visits.form", &[], &[("reason", "required")]),
            },
            Self {
                month,
                before: month.prev(),
                after: month.next(),
                ways: vec!["register", "behind"],
                sort: "behind",
                rows: vec![],
                waiting: vec![],
                shorts: vec![],
                form: Form::new("visits.form").refused("visit.decided"),
            },
        ]
    }

    #[cfg(not(test))]
    fn samples() -> Vec<Self> {
        vec![]
    }
}
