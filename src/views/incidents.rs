//! The page on which many reports become one incident.

use domain::Instant;
use serde::Serialize;

use super::View;
use super::cases::{CaseRow, sample_instant};
use crate::form::Form;

/// What may be one thing, and what was made one.
#[derive(Debug, Serialize)]
pub(crate) struct IncidentsView {
    pub(crate) clusters: Vec<ClusterRow>,
    pub(crate) incidents: Vec<IncidentRow>,
    pub(crate) form: Form,
}

/// Reports that may be one thing.
#[derive(Debug, Serialize)]
pub(crate) struct ClusterRow {
    pub(crate) what: String,
    /// The building; none for public places.
    pub(crate) building: Option<String>,
    pub(crate) count: usize,
    /// The one that survives: what somebody is at, else the oldest.
    pub(crate) into: String,
    /// Whether somebody is at it already.
    pub(crate) known: bool,
    /// What its reporters were told, where it is an incident.
    pub(crate) notice: String,
    /// The first of them.
    pub(crate) rows: Vec<CaseRow>,
    /// The numbers of all, parted by blanks.
    pub(crate) numbers: String,
}

/// An incident.
#[derive(Debug, Serialize)]
pub(crate) struct IncidentRow {
    pub(crate) number: String,
    pub(crate) what: String,
    pub(crate) state: String,
    pub(crate) notice: String,
    pub(crate) opened_at: Instant,
    pub(crate) ended_at: Option<Instant>,
    pub(crate) reports: i64,
}

impl View for IncidentsView {
    const TEMPLATE: &'static str = "repairs/incidents.html";

    fn samples() -> Vec<Self> {
        let at = sample_instant();
        let cluster = |building: Option<&str>| ClusterRow {
            what: "给排水".to_owned(),
            building: building.map(str::to_owned),
            count: 500,
            into: "WX20261122-0007".to_owned(),
            known: building.is_none(),
            notice: if building.is_none() { "主管爆裂，正在抢修".to_owned() } else { String::new() },
            rows: vec![CaseRow::sample(at)],
            numbers: "WX20261122-0007 WX20261122-0008".to_owned(),
        };
        let incident = |ended_at| IncidentRow {
            number: "WX20261122-0007".to_owned(),
            what: "漏水".to_owned(),
            state: "师傅已到场".to_owned(),
            notice: "主管爆裂，正在抢修".to_owned(),
            opened_at: at,
            ended_at,
            reports: 500,
        };
        let form = Form::sample("incidents.form", &[("into", "WX20261122-0007")], &[("notice", "required")]);
        vec![
            Self {
                clusters: vec![cluster(Some("3")), cluster(None)],
                incidents: vec![incident(None), incident(Some(at))],
                form,
            },
            Self { clusters: vec![], incidents: vec![], form: Form::new("incidents.form") },
        ]
    }
}
