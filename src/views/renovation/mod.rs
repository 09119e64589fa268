//! The pages of renovation sites and their inspections: the lists here, a site and a look at it in files of
//! their own.

mod inspect;
mod site;

pub(crate) use inspect::{CheckRow, InspectView, InspectionRow, PaperView};
pub(crate) use site::{MissedDay, SiteView, ViolationRow};

use domain::LocalDate;
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
