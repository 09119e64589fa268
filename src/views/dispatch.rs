//! The dispatch board.

use domain::Instant;
use serde::Serialize;

use super::View;
use super::cases::{CaseRow, ChoiceView, sample_instant};
use crate::form::Form;

/// What waits, and who is there.
#[derive(Debug, Serialize)]
pub(crate) struct BoardView {
    pub(crate) pool: Vec<WaitingRow>,
    pub(crate) workers: Vec<WorkerRow>,
    pub(crate) form: Form,
}

/// An order that is nobody's yet.
#[derive(Debug, Serialize)]
pub(crate) struct WaitingRow {
    pub(crate) row: CaseRow,
    pub(crate) version: i32,
    /// Why the first one is proposed; none where there is nobody.
    pub(crate) why: Option<String>,
    pub(crate) technicians: Vec<ChoiceView>,
}

/// A technician.
#[derive(Debug, Serialize)]
pub(crate) struct WorkerRow {
    pub(crate) name: String,
    pub(crate) skills: String,
    pub(crate) on_duty: bool,
    pub(crate) open: i64,
    pub(crate) last_at: Option<Instant>,
    pub(crate) orders: Vec<CaseRow>,
}

impl View for BoardView {
    const TEMPLATE: &'static str = "repairs/board.html";

    fn samples() -> Vec<Self> {
        let at = sample_instant();
        let choice = ChoiceView {
            value: "6".to_owned(),
            text: "李琪".to_owned(),
            hint: Some("水，手上没有单".to_owned()),
        };
        let waiting = |why: Option<&str>| WaitingRow {
            row: CaseRow::sample(at),
            version: 2,
            why: why.map(str::to_owned),
            technicians: why.map(|_| choice.clone()).into_iter().collect(),
        };
        let worker = |on_duty, orders: Vec<CaseRow>| WorkerRow {
            name: "李琪".to_owned(),
            skills: "水".to_owned(),
            on_duty,
            open: i64::try_from(orders.len()).unwrap_or_default(),
            last_at: on_duty.then_some(at),
            orders,
        };
        let full = Self {
            pool: vec![waiting(Some("水，手上没有单")), waiting(None)],
            workers: vec![worker(true, vec![CaseRow::sample(at)]), worker(false, vec![])],
            form: Form::sample("dispatch.form", &[], &[("order", "nothing_chosen")]),
        };
        vec![full, Self { pool: vec![], workers: vec![], form: Form::new("dispatch.form") }]
    }
}
