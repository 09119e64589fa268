//! What is agreed to be paid by instalments.

use domain::debts::{Debtor, Part, Plan, State};
use domain::{Fen, LedgerAccountId, LocalDate};
use serde::Serialize;

use super::bills::sample_line;
use super::debts::OpenRow;
use crate::form::Form;
use crate::views::View;

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
        let part = |(part, settled): (&Part, &Fen)| PartRow {
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

impl View for PlanView {
    const TEMPLATE: &'static str = "money/plan.html";

    fn samples() -> Vec<Self> {
        let one = |parts: usize, form: Form| Self {
            account: LedgerAccountId(7),
            home: "3-2-1501".to_owned(),
            name: "黎琪艳".to_owned(),
            charges: vec![
                OpenRow::sample("reminded"),
                OpenRow { chosen: false, ..OpenRow::sample("reminded") },
            ],
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
