//! A site: whether it was looked at today, what has to be mended and by when, the days missed, its story.

use domain::{Instant, LocalDate};
use serde::Serialize;

use super::InspectionRow;
use crate::form::Form;
use crate::views::View;

/// Something to be mended.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ViolationRow {
    pub(crate) item: String,
    pub(crate) severe: bool,
    pub(crate) note: String,
    pub(crate) deadline: Option<LocalDate>,
    /// Whether the deadline has passed.
    pub(crate) late: bool,
    /// The inspection that found it, and when.
    pub(crate) found_by: i64,
    pub(crate) found_at: Instant,
}

/// A day on which nobody came in time.
#[derive(Debug, Serialize)]
pub(crate) struct MissedDay {
    pub(crate) day: String,
    pub(crate) owner: String,
    /// The record that was made later.
    pub(crate) later: Option<i64>,
}

/// A site.
#[derive(Debug, Serialize)]
pub(crate) struct SiteView {
    pub(crate) number: String,
    pub(crate) version: i32,
    pub(crate) code: String,
    pub(crate) state: String,
    pub(crate) permit: String,
    pub(crate) contractor: String,
    pub(crate) starts_on: LocalDate,
    pub(crate) ends_on: LocalDate,
    pub(crate) reason: String,
    /// `done`, `open`, `none`: today's inspection.
    pub(crate) looked_at: &'static str,
    pub(crate) inspects: bool,
    pub(crate) actions: Vec<&'static str>,
    pub(crate) violations: Vec<ViolationRow>,
    pub(crate) missed: Vec<MissedDay>,
    pub(crate) inspections: Vec<InspectionRow>,
    pub(crate) form: Form,
}

#[cfg(test)]
impl ViolationRow {
    pub(super) fn sample(severe: bool) -> Self {
        Self {
            item: if severe { "bearing_structure" } else { "rubbish_bagged" }.into(),
            severe,
            note: "堆在楼道".into(),
            deadline: (!severe).then(LocalDate::default),
            late: !severe,
            found_by: 1,
            found_at: crate::views::visits::sample_at(),
        }
    }
}

impl View for SiteView {
    const TEMPLATE: &'static str = "renovation/site.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let missed = |later| MissedDay { day: "2026-11-20".into(), owner: "尹强兰".into(), later };
        let site = |looked_at, full: bool| Self {
            number: "ZX20261122-0001".into(),
            version: 1,
            code: "1-1-0101".into(),
            state: "working".into(),
            permit: "ZX-31".into(),
            contractor: "好地板".into(),
            starts_on: LocalDate::default(),
            ends_on: LocalDate::default(),
            reason: "已开工".into(),
            looked_at,
            inspects: full,
            actions: if full { vec!["stop", "extend", "abandon"] } else { vec![] },
            violations: if full {
                vec![ViolationRow::sample(true), ViolationRow::sample(false)]
            } else {
                vec![]
            },
            missed: if full { vec![missed(None), missed(Some(1))] } else { vec![] },
            inspections: if full { vec![InspectionRow::sample()] } else { vec![] },
            form: Form::sample("renovation.form", &[], &[("reason", "required")]),
        };
        vec![site("open", true), site("done", false), site("none", false)]
    }

    #[cfg(not(test))]
    fn samples() -> Vec<Self> {
        vec![]
    }
}
