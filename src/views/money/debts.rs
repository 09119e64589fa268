//! What is disputed, who pays by instalments, and the page of one who owes.

use domain::attachments::Attachment;
use domain::debts::{Debtor, Dispute, Plan, State};
use domain::ledger::ChargeLine;
use domain::limitation::Standing;
use domain::reminders::Reminder;
use domain::reminders::rules::Outcome;
use domain::{Fen, Instant, LedgerAccountId, LocalDate, Month};
use serde::Serialize;

use super::bills::{BillLine, SPLIT, sample_at, sample_line};
use super::demands::DemandRow;
use super::limitation::{AcknowledgedRow, CourseRow};
use crate::form::Form;
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

/// A dispute.
#[derive(Debug, Serialize)]
pub(crate) struct DisputeRow {
    pub(crate) id: i64,
    pub(crate) account: LedgerAccountId,
    pub(crate) home: String,
    pub(crate) name: String,
    pub(crate) charge: OpenRow,
    pub(crate) reason: String,
    pub(crate) noted_at: Instant,
    pub(crate) outcome: Option<&'static str>,
    pub(crate) answer: String,
    /// `office`, or `resident` where it was raised from a bill.
    pub(crate) raised_by: &'static str,
    /// The name of who noted or raised it.
    pub(crate) by: Option<String>,
    pub(crate) papers: Vec<PaperRow>,
}

/// A photo or scan that somebody shows.
#[derive(Debug, Serialize)]
pub(crate) struct PaperRow {
    pub(crate) id: i64,
    pub(crate) name: String,
    /// Whether it has a small picture.
    pub(crate) picture: bool,
}

impl From<Attachment> for PaperRow {
    fn from(one: Attachment) -> Self {
        Self { id: one.id.0, picture: one.thumbnail.is_some(), name: one.name }
    }
}

/// What belongs to a dispute beside its row.
#[derive(Debug)]
pub(crate) struct Shown {
    /// The name of who noted or raised it.
    pub(crate) by: Option<String>,
    pub(crate) papers: Vec<Attachment>,
}

impl DisputeRow {
    /// A dispute with the names that people know.
    pub(crate) fn of(one: Dispute, owner: Debtor, line: ChargeLine, shown: Shown) -> Self {
        Self {
            id: one.id.0,
            account: one.account_id,
            home: owner.home,
            name: owner.name,
            charge: OpenRow::of(line),
            reason: one.reason,
            noted_at: one.noted_at,
            outcome: one.outcome.map(|outcome| outcome.as_str()),
            answer: one.answer,
            raised_by: one.raised_by.as_str(),
            by: shown.by,
            papers: shown.papers.into_iter().map(PaperRow::from).collect(),
        }
    }
}

/// A plan with its instalments.
#[derive(Debug, Serialize)]
pub(crate) struct PlanRow {
    pub(crate) id: i64,
    pub(crate) account: LedgerAccountId,
    pub(crate) home: String,
    pub(crate) name: String,
    pub(crate) total: Fen,
    pub(crate) open: Fen,
    pub(crate) state: &'static str,
    pub(crate) missed_on: Option<LocalDate>,
    pub(crate) agreed_by: String,
    pub(crate) agreed_on: LocalDate,
    pub(crate) note: String,
    pub(crate) end_reason: String,
    pub(crate) parts: Vec<PartRow>,
}

/// An instalment.
#[derive(Debug, Serialize)]
pub(crate) struct PartRow {
    pub(crate) due_on: LocalDate,
    pub(crate) amount: Fen,
    pub(crate) settled: Fen,
    /// `paid`, `part`, `open` or `late`.
    pub(crate) state: &'static str,
}

impl PlanRow {
    /// A plan with the names that people know.
    pub(crate) fn of(plan: Plan, people: &[Debtor], today: LocalDate) -> Self {
        let owner = people.iter().find(|one| one.account == plan.account_id);
        let part = |(part, settled): (&domain::debts::Part, &Fen)| PartRow {
            due_on: part.due_on,
            amount: part.amount,
            settled: *settled,
            state: match () {
                () if *settled >= part.amount => "paid",
                () if part.due_on < today => "late",
                () if *settled > Fen::ZERO => "part",
                () => "open",
            },
        };
        Self {
            id: plan.id.0,
            account: plan.account_id,
            home: owner.map(|one| one.home.clone()).unwrap_or_default(),
            name: owner.map(|one| one.name.clone()).unwrap_or_default(),
            total: plan.total,
            open: plan.open,
            state: plan.state.as_str(),
            missed_on: plan.missed_on,
            parts: plan.parts.iter().zip(&plan.settled).map(part).collect(),
            agreed_by: plan.agreed_by,
            agreed_on: plan.agreed_on,
            note: plan.note,
            end_reason: plan.end_reason,
        }
    }

    /// A plan for samples.
    pub(super) fn sample(state: State) -> Self {
        let due_on = sample_line(0).due_on;
        let part = |settled: i64, state: &'static str| PartRow {
            due_on,
            amount: Fen(500),
            settled: Fen(settled),
            state,
        };
        Self {
            id: 1,
            account: LedgerAccountId(7),
            home: "3-2-1501".to_owned(),
            name: "黎琪艳".to_owned(),
            total: Fen(2_000),
            open: Fen(1_300),
            state: state.as_str(),
            missed_on: (state == State::Broken).then_some(due_on),
            agreed_by: "黎琪艳".to_owned(),
            agreed_on: due_on,
            note: "书面约定在财务室".to_owned(),
            end_reason: if state == State::Ended { "一次付清".to_owned() } else { String::new() },
            parts: vec![part(500, "paid"), part(200, "part"), part(0, "open"), part(0, "late")],
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

/// Where a dispute is noted.
#[derive(Debug, Serialize)]
pub(crate) struct DisputeView {
    pub(crate) account: LedgerAccountId,
    pub(crate) home: String,
    pub(crate) name: String,
    pub(crate) charges: Vec<OpenRow>,
    pub(crate) form: Form,
}

/// Where a resident raises a dispute, one thing a page.
#[derive(Debug, Serialize)]
pub(crate) struct RaiseView {
    pub(crate) home: String,
    pub(crate) line: BillLine,
    /// `why`, `show` or `check`.
    pub(crate) step: &'static str,
    /// The step's number.
    pub(crate) number: u8,
    /// What was uploaded so far.
    pub(crate) photos: Vec<i64>,
    /// Why it cannot be raised: the name of a rule.
    pub(crate) refused: Option<&'static str>,
    pub(crate) form: Form,
}

/// A dispute, as its payer and their household see it.
#[derive(Debug, Serialize)]
pub(crate) struct DisputeSeenView {
    pub(crate) row: DisputeRow,
    pub(crate) amount: Fen,
    /// Until when who looks can take it back.
    pub(crate) undo_until: Option<Instant>,
    /// Whether who looks answers it.
    pub(crate) answers: bool,
    pub(crate) form: Form,
}

/// Where a dispute is answered.
#[derive(Debug, Serialize)]
pub(crate) struct AnswerView {
    pub(crate) row: DisputeRow,
    pub(crate) outcomes: Vec<&'static str>,
    pub(crate) form: Form,
}

/// Where instalments are agreed on.
#[derive(Debug, Serialize)]
pub(crate) struct PlanView {
    pub(crate) account: LedgerAccountId,
    pub(crate) home: String,
    pub(crate) name: String,
    pub(crate) charges: Vec<OpenRow>,
    /// What is open of the chosen ones.
    pub(crate) total: Fen,
    /// How many days an instalment may be late.
    pub(crate) grace: i64,
    /// How many instalments; 0 while the first step is not answered.
    pub(crate) parts: usize,
    pub(crate) form: Form,
}

/// Where a plan is ended.
#[derive(Debug, Serialize)]
pub(crate) struct EndPlanView {
    pub(crate) plan: PlanRow,
    pub(crate) form: Form,
}

fn sample_open(state: &'static str) -> OpenRow {
    let line = sample_line(25_060);
    OpenRow {
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

fn sample_dispute(outcome: Option<&'static str>) -> DisputeRow {
    DisputeRow {
        id: 1,
        account: LedgerAccountId(7),
        home: "3-2-1501".to_owned(),
        name: "黎琪艳".to_owned(),
        charge: sample_open("disputed"),
        reason: "面积多算了 3 平方米".to_owned(),
        noted_at: sample_at(),
        outcome,
        answer: outcome.map(|_| "已核对房产证，面积无误".to_owned()).unwrap_or_default(),
        raised_by: if outcome.is_none() { "resident" } else { "office" },
        by: outcome.is_none().then(|| "黎琪艳".to_owned()),
        papers: outcome.is_none().then(PaperRow::sample).into_iter().collect(),
    }
}

impl View for DebtsView {
    const TEMPLATE: &'static str = "money/debts.html";

    fn samples() -> Vec<Self> {
        let full = Self {
            disputes: vec![sample_dispute(None)],
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
            charges: if full { ["reminded", "planned", "disputed"].map(sample_open).into() } else { vec![] },
            plans: if full {
                State::ALL.iter().map(|state| PlanRow::sample(*state)).collect()
            } else {
                vec![]
            },
            disputes: if full {
                vec![sample_dispute(None), sample_dispute(Some("rejected"))]
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

impl View for DisputeView {
    const TEMPLATE: &'static str = "money/dispute.html";

    fn samples() -> Vec<Self> {
        let wrong = Form::sample("debts.form", &[("charge", "1")], &[("reason", "required")]);
        let one = |charges, form| Self {
            account: LedgerAccountId(7),
            home: "3-2-1501".to_owned(),
            name: "黎琪艳".to_owned(),
            charges,
            form,
        };
        let refused = Form::new("debts.form").refused("debt.own");
        vec![one(vec![sample_open("reminded")], wrong), one(vec![], refused)]
    }
}

impl PaperRow {
    /// A photo for samples.
    pub(in crate::views) fn sample() -> Self {
        Self { id: 1, name: "房产证.jpg".to_owned(), picture: true }
    }
}

impl View for RaiseView {
    const TEMPLATE: &'static str = "money/raise.html";

    fn samples() -> Vec<Self> {
        let one = |step, number, form| Self {
            home: "3-2-1501".to_owned(),
            line: sample_line(25_060),
            step,
            number,
            photos: if number > 1 { vec![1] } else { vec![] },
            refused: None,
            form,
        };
        let typed = [("reason", "面积多算了")];
        let wrong = Form::sample("debts.form", &[], &[("reason", "required")]);
        let unfit = Form::sample("debts.form", &typed, &[("files", "file_type")]);
        let refused = Self { refused: Some("dispute.answered"), ..one("why", 1, Form::new("debts.form")) };
        vec![
            one("why", 1, wrong),
            one("show", 2, unfit),
            one("check", 3, Form::sample("debts.form", &typed, &[])),
            refused,
        ]
    }
}

impl View for DisputeSeenView {
    const TEMPLATE: &'static str = "money/dispute_seen.html";

    fn samples() -> Vec<Self> {
        let one = |outcome, undo: bool, answers| Self {
            row: sample_dispute(outcome),
            amount: Fen(25_060),
            undo_until: undo.then(sample_at),
            answers,
            form: Form::new("debts.form"),
        };
        let late = one(None, true, false);
        vec![
            Self { form: Form::new("debts.form").refused("dispute.undo_time"), ..late },
            one(None, false, true),
            one(Some("upheld"), false, false),
            one(Some("rejected"), false, true),
            one(Some("taken_back"), false, false),
        ]
    }
}

impl View for AnswerView {
    const TEMPLATE: &'static str = "money/dispute_end.html";

    fn samples() -> Vec<Self> {
        let wrong = Form::sample("debts.form", &[], &[("outcome", "choice"), ("answer", "required")]);
        vec![Self {
            row: sample_dispute(None),
            outcomes: vec!["upheld", "rejected", "withdrawn"],
            form: wrong.refused("debt.answered"),
        }]
    }
}

impl View for PlanView {
    const TEMPLATE: &'static str = "money/plan.html";

    fn samples() -> Vec<Self> {
        let one = |parts: usize, form: Form| Self {
            account: LedgerAccountId(7),
            home: "3-2-1501".to_owned(),
            name: "黎琪艳".to_owned(),
            charges: vec![sample_open("reminded"), OpenRow { chosen: false, ..sample_open("reminded") }],
            total: Fen(25_060),
            grace: 3,
            parts,
            form,
        };
        let typed = [("count", "2"), ("due.0", "2026-12-10"), ("amount.0", "100"), ("agreed_by", "黎琪艳")];
        let wrong = [("parts", "sums_differ"), ("due.1", "in_order"), ("amount.1", "not_positive")];
        vec![
            one(
                0,
                Form::sample(
                    "debts.form",
                    &[("count", "0")],
                    &[("count", "number"), ("charges", "required")],
                ),
            ),
            one(2, Form::sample("debts.form", &typed, &wrong)),
            Self { charges: vec![], ..one(0, Form::new("debts.form")) },
        ]
    }
}

impl View for EndPlanView {
    const TEMPLATE: &'static str = "money/plan_end.html";

    fn samples() -> Vec<Self> {
        let wrong = Form::sample("debts.form", &[], &[("reason", "required")]);
        vec![Self { plan: PlanRow::sample(State::Running), form: wrong.refused("debt.plan_over") }]
    }
}
