//! The pages of renovation sites and their inspections.

use domain::{Instant, LocalDate};
use serde::Serialize;

use super::View;
use crate::form::Form;

/// A site in a list.
#[derive(Debug, Serialize)]
pub(crate) struct SiteRow {
    pub(crate) number: String,
    pub(crate) code: String,
    pub(crate) state: String,
    pub(crate) contractor: String,
    pub(crate) ends_on: LocalDate,
    /// `done`, `open`, `none`: today's inspection.
    pub(crate) today: &'static str,
    pub(crate) violations: usize,
}

/// Every site that is not closed.
#[derive(Debug, Serialize)]
pub(crate) struct SitesView {
    pub(crate) rows: Vec<SiteRow>,
    pub(crate) registers: bool,
}

impl View for SitesView {
    const TEMPLATE: &'static str = "renovation/list.html";

    fn samples() -> Vec<Self> {
        let row = SiteRow {
            number: "ZX20261122-0001".to_owned(),
            code: "1-1-0101".to_owned(),
            state: "working".to_owned(),
            contractor: "好地板".to_owned(),
            ends_on: LocalDate::default(),
            today: "open",
            violations: 1,
        };
        vec![Self { rows: vec![row], registers: true }, Self { rows: vec![], registers: false }]
    }
}

/// A running renovation, to be registered.
#[derive(Debug, Serialize)]
pub(crate) struct RegisterView {
    pub(crate) form: Form,
}

impl View for RegisterView {
    const TEMPLATE: &'static str = "renovation/register.html";

    fn samples() -> Vec<Self> {
        vec![Self { form: Form::new("renovation.form") }]
    }
}

/// Something to be mended.
#[derive(Debug, Serialize)]
pub(crate) struct ViolationRow {
    pub(crate) item: String,
    pub(crate) severe: bool,
    pub(crate) note: String,
    pub(crate) deadline: Option<LocalDate>,
}

/// An inspection in a list, or on paper.
#[derive(Debug, Serialize)]
pub(crate) struct InspectionRow {
    pub(crate) id: i64,
    pub(crate) made_at: Instant,
    pub(crate) arrived_at: Instant,
    pub(crate) who: String,
    pub(crate) progress: String,
    pub(crate) workers: i32,
    pub(crate) photos: i64,
}

/// A site with the inspection form.
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
    pub(crate) inspects: bool,
    pub(crate) actions: Vec<&'static str>,
    pub(crate) items: Vec<&'static str>,
    pub(crate) violations: Vec<ViolationRow>,
    pub(crate) inspections: Vec<InspectionRow>,
    pub(crate) form: Form,
}

#[cfg(test)]
fn inspection() -> InspectionRow {
    let at = super::visits::sample_at();
    InspectionRow {
        id: 1,
        made_at: at,
        arrived_at: at,
        who: "尹强兰".into(),
        progress: "贴砖".into(),
        workers: 2,
        photos: 1,
    }
}

impl View for SiteView {
    const TEMPLATE: &'static str = "renovation/site.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let violation = |severe| ViolationRow {
            item: "rubbish_bagged".into(),
            severe,
            note: "堆在楼道".into(),
            deadline: (!severe).then(LocalDate::default),
        };
        vec![Self {
            number: "ZX20261122-0001".into(),
            version: 1,
            code: "1-1-0101".into(),
            state: "working".into(),
            permit: "ZX-31".into(),
            contractor: "好地板".into(),
            starts_on: LocalDate::default(),
            ends_on: LocalDate::default(),
            reason: "已开工".into(),
            inspects: true,
            actions: vec!["stop", "extend", "abandon"],
            items: vec!["rubbish_bagged"],
            violations: vec![violation(true), violation(false)],
            inspections: vec![inspection()],
            form: Form::sample("renovation.form", &[], &[("progress", "required")]),
        }]
    }

    #[cfg(not(test))]
    fn samples() -> Vec<Self> {
        vec![]
    }
}

/// An inspection on paper (装修巡查记录表).
#[derive(Debug, Serialize)]
pub(crate) struct PaperView {
    pub(crate) number: String,
    pub(crate) code: String,
    pub(crate) contractor: String,
    pub(crate) made: InspectionRow,
    /// Item, whether it was in order, what was seen.
    pub(crate) items: Vec<(String, bool, String)>,
}

impl View for PaperView {
    const TEMPLATE: &'static str = "renovation/paper.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec![Self {
            number: "ZX20261122-0001".into(),
            code: "1-1-0101".into(),
            contractor: "好地板".into(),
            made: inspection(),
            items: vec![
                ("rubbish_bagged".into(), false, "堆在楼道".into()),
                ("别的".into(), true, String::new()),
            ],
        }]
    }

    #[cfg(not(test))]
    fn samples() -> Vec<Self> {
        vec![]
    }
}

/// A day without an inspection.
#[derive(Debug, Serialize)]
pub(crate) struct MissRow {
    pub(crate) number: String,
    pub(crate) code: String,
    pub(crate) day: String,
    pub(crate) owner: String,
    pub(crate) later: Option<i64>,
}

/// The misses of the last sixty days.
#[derive(Debug, Serialize)]
pub(crate) struct MissesView {
    pub(crate) rows: Vec<MissRow>,
}

impl View for MissesView {
    const TEMPLATE: &'static str = "renovation/misses.html";

    fn samples() -> Vec<Self> {
        let row = MissRow {
            number: "ZX20261122-0001".into(),
            code: "1-1-0101".into(),
            day: "2026-11-21".into(),
            owner: "尹强兰".into(),
            later: Some(1),
        };
        vec![Self { rows: vec![row] }, Self { rows: vec![] }]
    }
}
