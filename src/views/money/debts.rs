//! What is disputed or paid by instalments, and the page of one who owes.

use domain::debts::State;
use domain::ledger::ChargeLine;
use domain::limitation::Standing;
use domain::reminders::Reminder;
use domain::reminders::rules::Outcome;
use domain::{Fen, Instant, LedgerAccountId, LocalDate, Month};
use serde::Serialize;

use super::bills::{SPLIT, sample_at, sample_line};
use super::demands::DemandRow;
use super::disputes::DisputeRow;
use super::limitation::{AcknowledgedRow, CourseRow};
use super::plans::PlanRow;
use crate::views::View;

/// What waits for an answer or is paid by instalments.
#[derive(Debug, Serialize)]
pub(crate) struct DebtsView {
    pub(crate) disputes: Vec<DisputeRow>,
    pub(crate) running: Vec<PlanRow>,
    pub(crate) broken: Vec<PlanRow>,
}

/// What one payer owes for one home.
#[derive(Debug, Serialize)]
pub(crate) struct DebtorView {
    pub(crate) account: LedgerAccountId,
    pub(crate) home: String,
    pub(crate) name: String,
    pub(crate) balance: Fen,
    pub(crate) charges: Vec<OpenRow>,
    pub(crate) plans: Vec<PlanRow>,
    pub(crate) disputes: Vec<DisputeRow>,
    pub(crate) reminders: Vec<ReminderRow>,
    pub(crate) demands: Vec<DemandRow>,
    pub(crate) acknowledged: Vec<AcknowledgedRow>,
    /// Whether it is the account of who looks: a colleague handles it then.
    pub(crate) own: bool,
}

/// A charge with something open.
#[derive(Debug, Serialize)]
pub(crate) struct OpenRow {
    pub(crate) id: i64,
    pub(crate) item: String,
    pub(crate) period: Month,
    pub(crate) due_on: LocalDate,
    pub(crate) open: Fen,
    /// `disputed`, `planned` or `reminded`.
    pub(crate) state: &'static str,
    /// Whether it is to be in the plan.
    pub(crate) chosen: bool,
    /// Until when it can be demanded; none where that is not looked at.
    pub(crate) course: Option<CourseRow>,
}

impl OpenRow {
    /// A charge that one is reminded of.
    pub(crate) fn of(line: ChargeLine) -> Self {
        let subject =
            if line.charge.subject.is_empty() { String::new() } else { format!(" {}", line.charge.subject) };
        Self {
            id: line.charge.id.0,
            item: format!("{}{subject}", line.item_name),
            period: line.charge.period,
            due_on: line.charge.due_on,
            open: line.charge.open(),
            state: "reminded",
            chosen: false,
            course: None,
        }
    }
}

/// A reminder that was sent, or passed over.
#[derive(Debug, Serialize)]
pub(crate) struct ReminderRow {
    pub(crate) at: Instant,
    pub(crate) period: Month,
    pub(crate) stage: &'static str,
    pub(crate) sent: bool,
    pub(crate) owed: Fen,
}

impl From<Reminder> for ReminderRow {
    fn from(one: Reminder) -> Self {
        Self {
            at: one.at,
            period: one.period,
            stage: one.stage.as_str(),
            sent: one.outcome == Outcome::Sent,
            owed: one.owed,
        }
    }
}

impl OpenRow {
    /// One for samples.
    pub(super) fn sample(state: &'static str) -> Self {
        let line = sample_line(25_060);
        Self {
            id: 1,
            item: format!("{} {SPLIT}", line.name),
            period: line.period,
            due_on: line.due_on,
            open: line.open,
            state,
            chosen: state == "reminded",
            course: Some(CourseRow::sample(Standing::Soon)),
        }
    }
}

impl View for DebtsView {
    const TEMPLATE: &'static str = "money/debts.html";

    fn samples() -> Vec<Self> {
        let full = Self {
            disputes: vec![DisputeRow::sample(None)],
            running: vec![PlanRow::sample(State::Running)],
            broken: vec![PlanRow::sample(State::Broken)],
        };
        vec![Self { disputes: vec![], running: vec![], broken: vec![] }, full]
    }
}

impl View for DebtorView {
    const TEMPLATE: &'static str = "money/debtor.html";

    fn samples() -> Vec<Self> {
        let reminder = |sent| ReminderRow {
            at: sample_at(),
            period: sample_line(0).period,
            stage: "day15",
            sent,
            owed: Fen(25_060),
        };
        let one = |own: bool, full: bool| Self {
            account: LedgerAccountId(7),
            home: "3-2-1501".to_owned(),
            name: "黎琪艳".to_owned(),
            balance: Fen(25_060),
            charges: if full {
                ["reminded", "planned", "disputed"].map(OpenRow::sample).into()
            } else {
                vec![]
            },
            plans: if full {
                State::ALL.iter().map(|state| PlanRow::sample(*state)).collect()
            } else {
                vec![]
            },
            disputes: if full {
                vec![DisputeRow::sample(None), DisputeRow::sample(Some("rejected"))]
            } else {
                vec![]
            },
            reminders: if full { vec![reminder(true), reminder(false)] } else { vec![] },
            acknowledged: if full { vec![AcknowledgedRow::sample()] } else { vec![] },
            demands: if full { vec![DemandRow::sample(None)] } else { vec![] },
            own,
        };
        vec![one(false, false), one(false, true), one(true, true)]
    }
}
