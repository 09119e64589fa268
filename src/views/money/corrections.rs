//! What waits for a second person's word, and what was decided.

use domain::corrections::{Kind, Line, State};
use domain::ledger::Matter;
use domain::{CorrectionId, Fen, Instant, Month};
use serde::Serialize;

use super::bills::{SPLIT, sample_at, sample_line};
use crate::form::Form;
use crate::views::View;

/// The lists of corrections.
#[derive(Debug, Serialize)]
pub(crate) struct CorrectionsView {
    /// What waits, oldest first.
    pub(crate) waiting: Vec<Row>,
    /// What was decided, newest first.
    pub(crate) decided: Vec<Row>,
    /// What went wrong with a decision, for the head of the page.
    pub(crate) form: Form,
}

/// One correction.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) id: CorrectionId,
    pub(crate) kind: &'static str,
    pub(crate) state: &'static str,
    pub(crate) amount: Fen,
    pub(crate) reason: String,
    pub(crate) home: String,
    pub(crate) payer: String,
    /// The item with its bay, or nothing where a prepayment is given back.
    pub(crate) item: String,
    pub(crate) period: Option<Month>,
    pub(crate) receipt: Option<String>,
    pub(crate) asker: Option<String>,
    pub(crate) asked_at: Instant,
    pub(crate) decider: Option<String>,
    pub(crate) decided_at: Option<Instant>,
    pub(crate) answer: String,
    /// Whether the one who looks asked for it.
    pub(crate) mine: bool,
    /// Whether the one who looks may decide it.
    pub(crate) decides: bool,
    /// Whether its form of refusal stands open.
    pub(crate) open: bool,
    pub(crate) form: Form,
}

impl Row {
    /// A correction as the one who looks sees it.
    pub(crate) fn of(line: Line, mine: bool, decides: bool, form: Form) -> Self {
        Self {
            id: line.id,
            kind: line.kind.as_str(),
            state: line.state.as_str(),
            amount: line.amount_fen,
            reason: line.reason,
            home: line.home,
            payer: line.payer,
            item: line.matter.what(),
            period: line.matter.period,
            receipt: line.matter.receipt,
            asker: line.asker,
            asked_at: line.asked_at,
            decider: line.decider,
            decided_at: line.decided_at,
            answer: line.answer,
            mine,
            decides,
            open: false,
            form,
        }
    }
}

impl CorrectionsView {
    /// The page again with what is wrong about a decision.
    pub(crate) fn with_wrong(mut self, id: CorrectionId, form: Form) -> Self {
        self.form = form.summary();
        if let Some(row) = self.waiting.iter_mut().find(|row| row.id == id) {
            row.open = form.is_wrong("answer");
            row.form = form;
        }
        self
    }
}

impl View for CorrectionsView {
    const TEMPLATE: &'static str = "money/corrections.html";

    fn samples() -> Vec<Self> {
        let one = |id: i64, kind: Kind, state: State, mine: bool| {
            let waiver = kind == Kind::Waiver;
            let line = Line {
                id: CorrectionId(id),
                kind,
                state,
                amount_fen: Fen(60_000),
                reason: "电梯停运两周".to_owned(),
                home: "3-2-1501".to_owned(),
                payer: "黎琪艳".to_owned(),
                charge_id: None,
                matter: Matter {
                    item: waiver.then(|| "物业管理费（住宅）".to_owned()),
                    subject: waiver.then(|| SPLIT.to_owned()),
                    period: waiver.then(|| sample_line(0).period),
                    receipt: (!waiver).then(|| "SJ20261122-0001".to_owned()),
                },
                asked_by: None,
                asker: (!mine).then(|| "收费员甲".to_owned()),
                asked_at: sample_at(),
                decider: (state != State::Asked).then(|| "经理".to_owned()),
                decided_at: (state != State::Asked).then(sample_at),
                answer: if state == State::Refused { "没有依据".to_owned() } else { String::new() },
            };
            Row::of(line, mine, !mine, Form::new("corrections.form"))
        };
        let full = Self {
            waiting: vec![
                one(1, Kind::Waiver, State::Asked, false),
                one(2, Kind::Refund, State::Asked, false),
                one(3, Kind::Refund, State::Asked, true),
            ],
            decided: vec![
                one(4, Kind::Waiver, State::Refused, false),
                one(5, Kind::Refund, State::Made, false),
                one(6, Kind::Waiver, State::Withdrawn, true),
            ],
            form: Form::new("corrections.form"),
        };
        let wrong = Form::sample("corrections.form", &[], &[("answer", "required")]);
        let refused = Form::new("corrections.form").refused("correction.same_person");
        let again = |form: Form| {
            let waiting = vec![one(1, Kind::Waiver, State::Asked, false)];
            let page = Self { waiting, decided: vec![], form: Form::new("corrections.form") };
            page.with_wrong(CorrectionId(1), form)
        };
        let empty = Self { waiting: vec![], decided: vec![], form: Form::new("corrections.form") };
        vec![empty, full, again(wrong), again(refused)]
    }
}
