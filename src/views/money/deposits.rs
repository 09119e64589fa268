//! The pages of deposits: who holds what, one with what is to be kept of it.

use domain::deposits::{Deduction, Line, Purpose, State};
use domain::{Fen, Instant, LocalDate};
use serde::Serialize;

use super::bills::{sample_at, sample_line};
use crate::form::Form;
use crate::views::View;

/// Everything that the office holds, and what is over.
#[derive(Debug, Serialize)]
pub(crate) struct DepositsView {
    pub(crate) total: Fen,
    pub(crate) purposes: Vec<PurposeRow>,
    pub(crate) held: Vec<DepositRow>,
    pub(crate) recent: Vec<DepositRow>,
}

/// What is held for a purpose.
#[derive(Debug, Serialize)]
pub(crate) struct PurposeRow {
    pub(crate) purpose: &'static str,
    pub(crate) count: usize,
    pub(crate) total: Fen,
}

/// What is held by purpose, in the order of the words; those that hold nothing left out.
pub(crate) fn by_purpose(held: &[Line]) -> Vec<PurposeRow> {
    let row = |purpose: &Purpose| {
        let of = || held.iter().filter(|line| line.deposit.purpose == *purpose);
        PurposeRow { purpose: purpose.as_str(), count: of().count(), total: of().map(|line| line.held).sum() }
    };
    Purpose::ALL.iter().map(row).filter(|row| row.count > 0).collect()
}

/// A deposit.
#[derive(Debug, Serialize)]
pub(crate) struct DepositRow {
    pub(crate) id: i64,
    pub(crate) home: String,
    pub(crate) payer: String,
    pub(crate) purpose: &'static str,
    pub(crate) basis: String,
    pub(crate) handed_in_by: String,
    pub(crate) receipt: String,
    pub(crate) amount: Fen,
    pub(crate) held: Fen,
    pub(crate) kept: Fen,
    pub(crate) returned: Fen,
    pub(crate) state: &'static str,
    pub(crate) taken_at: Instant,
    pub(crate) asked_at: Option<Instant>,
    pub(crate) returned_at: Option<Instant>,
    pub(crate) return_method: Option<&'static str>,
    pub(crate) return_note: String,
}

impl From<Line> for DepositRow {
    fn from(line: Line) -> Self {
        Self {
            kept: line.kept(),
            id: line.deposit.id.0,
            home: line.home,
            payer: line.payer,
            purpose: line.deposit.purpose.as_str(),
            basis: line.deposit.basis,
            handed_in_by: line.deposit.handed_in_by,
            receipt: line.receipt,
            amount: line.amount,
            held: line.held,
            returned: if line.deposit.state == State::Voided { Fen::ZERO } else { line.returned },
            state: line.deposit.state.as_str(),
            taken_at: line.taken_at,
            asked_at: line.deposit.asked_at,
            returned_at: line.deposit.returned_at,
            return_method: line.deposit.return_method.map(|method| method.as_str()),
            return_note: line.deposit.return_note,
        }
    }
}

impl DepositRow {
    pub(crate) fn sample(state: &'static str) -> Self {
        let over = state == "returned";
        Self {
            id: 1,
            home: "3-2-1501".to_owned(),
            payer: "黎琪艳".to_owned(),
            purpose: "renovation",
            basis: "《装饰装修管理服务协议》第五条".to_owned(),
            handed_in_by: "宏达装饰".to_owned(),
            receipt: "SJ20261122-0001".to_owned(),
            amount: Fen(200_000),
            held: Fen(if over { 0 } else { 200_000 }),
            kept: Fen(if over { 30_000 } else { 0 }),
            returned: Fen(if over { 170_000 } else { 0 }),
            state,
            taken_at: sample_at(),
            asked_at: (state != "held").then(sample_at),
            returned_at: over.then(sample_at),
            return_method: over.then_some("transfer"),
            return_note: if over { "原路退回".to_owned() } else { String::new() },
        }
    }
}

/// Something that is to be kept.
#[derive(Debug, Serialize)]
pub(crate) struct DeductionRow {
    pub(crate) id: i64,
    pub(crate) amount: Fen,
    pub(crate) reason: String,
    pub(crate) state: &'static str,
    pub(crate) proposed_at: Instant,
    pub(crate) until_on: LocalDate,
    pub(crate) objection: String,
    pub(crate) answer: String,
}

impl From<Deduction> for DeductionRow {
    fn from(one: Deduction) -> Self {
        Self {
            id: one.id.0,
            amount: one.amount,
            reason: one.reason,
            state: one.state.as_str(),
            proposed_at: one.proposed_at,
            until_on: one.until_on,
            objection: one.objection,
            answer: one.answer,
        }
    }
}

impl DeductionRow {
    fn sample(state: &'static str) -> Self {
        let contested = matches!(state, "contested" | "upheld" | "dropped");
        Self {
            id: 1,
            amount: Fen(30_000),
            reason: "电梯轿厢划伤，维修费见报价单".to_owned(),
            state,
            proposed_at: sample_at(),
            until_on: sample_line(0).due_on,
            objection: if contested { "搬运前就有划痕".to_owned() } else { String::new() },
            answer: if state == "upheld" {
                "监控可见为本次搬运造成".to_owned()
            } else {
                String::new()
            },
        }
    }
}

/// The form of a new one.
#[derive(Debug, Serialize)]
pub(crate) struct NewDepositView {
    pub(crate) purposes: Vec<&'static str>,
    pub(crate) methods: Vec<&'static str>,
    pub(crate) form: Form,
}

/// A deposit with what is to be kept of it.
#[derive(Debug, Serialize)]
pub(crate) struct DepositView {
    pub(crate) row: DepositRow,
    pub(crate) deductions: Vec<DeductionRow>,
    /// Whether who looks keeps deposits.
    pub(crate) keeps: bool,
    /// Whether who looks may give it back, as the second person.
    pub(crate) gives_back: bool,
    /// Whether it is their own.
    pub(crate) own: bool,
    pub(crate) methods: Vec<&'static str>,
    pub(crate) form: Form,
}

/// Something that is to be kept, and what who looks can do about it.
#[derive(Debug, Serialize)]
pub(crate) struct DeductionView {
    pub(crate) deposit: DepositRow,
    pub(crate) row: DeductionRow,
    pub(crate) own: bool,
    pub(crate) accepts: bool,
    pub(crate) contests: bool,
    pub(crate) decides: bool,
    pub(crate) drops: bool,
    pub(crate) form: Form,
}

impl View for DepositsView {
    const TEMPLATE: &'static str = "money/deposits.html";

    fn samples() -> Vec<Self> {
        let purpose = PurposeRow { purpose: "renovation", count: 1, total: Fen(200_000) };
        vec![
            Self { total: Fen::ZERO, purposes: vec![], held: vec![], recent: vec![] },
            Self {
                total: Fen(200_000),
                purposes: vec![purpose],
                held: vec![DepositRow::sample("held"), DepositRow::sample("returning")],
                recent: vec![DepositRow::sample("returned"), DepositRow::sample("voided")],
            },
        ]
    }
}

impl View for NewDepositView {
    const TEMPLATE: &'static str = "money/deposit_new.html";

    fn samples() -> Vec<Self> {
        let wrong = [("home", "unknown_home"), ("amount", "not_positive")];
        let form = Form::sample("deposits.form", &[("amount", "0"), ("method", "cash")], &wrong);
        vec![Self { purposes: vec!["renovation", "other"], methods: vec!["cash", "card"], form }]
    }
}

impl View for DepositView {
    const TEMPLATE: &'static str = "money/deposit.html";

    fn samples() -> Vec<Self> {
        let one = |state, keeps, gives_back, deductions: &[&'static str], form| Self {
            row: DepositRow::sample(state),
            deductions: deductions.iter().map(|state| DeductionRow::sample(state)).collect(),
            keeps,
            gives_back,
            own: !keeps,
            methods: vec!["cash", "transfer"],
            form,
        };
        let empty = || Form::new("deposits.form");
        let wrong = [("amount", "more_than_held"), ("reason", "required")];
        vec![
            one("held", true, false, &[], Form::sample("deposits.form", &[("amount", "1")], &wrong)),
            one("held", false, false, &["proposed", "accepted", "contested", "upheld", "dropped"], empty()),
            one("returning", true, true, &["upheld"], empty()),
            one("returning", true, false, &[], empty()),
            one("returned", true, false, &["upheld"], empty()),
            one("voided", true, false, &[], empty()),
        ]
    }
}

impl View for DeductionView {
    const TEMPLATE: &'static str = "money/deduction.html";

    fn samples() -> Vec<Self> {
        let one = |state, own, decides, form| Self {
            deposit: DepositRow::sample("held"),
            row: DeductionRow::sample(state),
            own,
            accepts: state == "proposed",
            contests: state == "proposed",
            decides,
            drops: state == "proposed" && !own,
            form,
        };
        let empty = || Form::new("deposits.form");
        let wrong = [("objection", "required")];
        vec![
            one("proposed", true, false, Form::sample("deposits.form", &[], &wrong)),
            one("proposed", false, false, empty()),
            one(
                "contested",
                false,
                true,
                Form::sample("deposits.form", &[("decision", "uphold")], &[("answer", "required")]),
            ),
            one("upheld", true, false, empty()),
            one("dropped", false, false, empty()),
        ]
    }
}
