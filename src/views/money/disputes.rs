//! What somebody does not accept of their bill: noted at the desk, raised by a resident, answered.

use domain::attachments::Attachment;
use domain::debts::DisputeLine;
use domain::{Fen, Instant, LedgerAccountId};
use serde::Serialize;

use super::bills::{BillLine, sample_at, sample_line};
use super::debts::OpenRow;
use crate::form::Form;
use crate::views::View;

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
    /// The name of who answered it or took it back.
    pub(crate) ended_by: Option<String>,
    pub(crate) ended_at: Option<Instant>,
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

impl From<DisputeLine> for DisputeRow {
    fn from(line: DisputeLine) -> Self {
        let DisputeLine { dispute: one, owner, charge, noted_by, ended_by, papers } = line;
        Self {
            id: one.id.0,
            account: one.account_id,
            home: owner.home,
            name: owner.name,
            charge: OpenRow::of(charge),
            reason: one.reason,
            noted_at: one.noted_at,
            outcome: one.outcome.map(|outcome| outcome.as_str()),
            answer: one.answer,
            ended_by,
            ended_at: one.ended_at,
            raised_by: one.raised_by.as_str(),
            by: noted_by,
            papers: papers.into_iter().map(PaperRow::from).collect(),
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

impl DisputeRow {
    /// One for samples.
    pub(super) fn sample(outcome: Option<&'static str>) -> Self {
        Self {
            id: 1,
            account: LedgerAccountId(7),
            home: "3-2-1501".to_owned(),
            name: "黎琪艳".to_owned(),
            charge: OpenRow::sample("disputed"),
            reason: "面积多算了 3 平方米".to_owned(),
            noted_at: sample_at(),
            outcome,
            answer: outcome.map(|_| "已核对房产证，面积无误".to_owned()).unwrap_or_default(),
            ended_by: outcome.map(|_| "孟晓".to_owned()),
            ended_at: outcome.map(|_| sample_at()),
            raised_by: if outcome.is_none() { "resident" } else { "office" },
            by: outcome.is_none().then(|| "黎琪艳".to_owned()),
            papers: outcome.is_none().then(PaperRow::sample).into_iter().collect(),
        }
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
        vec![one(vec![OpenRow::sample("reminded")], wrong), one(vec![], refused)]
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
            row: DisputeRow::sample(outcome),
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
            row: DisputeRow::sample(None),
            outcomes: vec!["upheld", "rejected", "withdrawn"],
            form: wrong.refused("debt.answered"),
        }]
    }
}
