//! The pages of return visits: what is due, and how they were kept.

use domain::Instant;
use serde::Serialize;

use super::View;
use super::cases::{CaseRow, sample_instant};
use super::figures::Kept;
use crate::form::Form;

/// The return visits that are open.
#[derive(Debug, Serialize)]
pub(crate) struct DueView {
    pub(crate) rows: Vec<DueRow>,
    /// Whether the reader sees the coverage.
    pub(crate) figures: bool,
    pub(crate) form: Form,
}

/// One of them.
#[derive(Debug, Serialize)]
pub(crate) struct DueRow {
    pub(crate) id: i64,
    pub(crate) number: String,
    pub(crate) what: String,
    pub(crate) place: String,
    /// What was done.
    pub(crate) work: String,
    /// Whom to ask, with a phone.
    pub(crate) people: Vec<Caller>,
    pub(crate) owner: String,
    /// Whether the place is looked at, nobody being asked.
    pub(crate) look: bool,
    pub(crate) next_at: Instant,
    pub(crate) due_at: Instant,
    pub(crate) late: bool,
    pub(crate) attempts: i32,
    /// Whether it was tried and came back.
    pub(crate) open: bool,
    pub(crate) form: Form,
}

/// Who is asked.
#[derive(Debug, Serialize)]
pub(crate) struct Caller {
    pub(crate) name: String,
    pub(crate) phone: Option<String>,
}

/// How the return visits of a month were kept.
#[derive(Debug, Serialize)]
pub(crate) struct CoverageView {
    pub(crate) month: String,
    pub(crate) previous: String,
    pub(crate) next: String,
    /// In time ÷ due as text, none where nothing was due.
    pub(crate) rate: Option<String>,
    pub(crate) due: i64,
    pub(crate) in_time: i64,
    pub(crate) late: i64,
    pub(crate) missed: i64,
    pub(crate) unreachable: i64,
    pub(crate) by_person: i64,
    pub(crate) by_rule: i64,
    pub(crate) rows: Vec<KeptRow>,
    pub(crate) breaches: Vec<BreachRow>,
    /// How the other duties of the service were kept.
    pub(crate) others: Vec<Kept>,
}

/// A return visit in the figure.
#[derive(Debug, Serialize)]
pub(crate) struct KeptRow {
    pub(crate) id: i64,
    pub(crate) number: String,
    pub(crate) owner: String,
    pub(crate) due_at: Instant,
    pub(crate) state: &'static str,
    pub(crate) attempts: i32,
}

/// A clock that ran out.
#[derive(Debug, Serialize)]
pub(crate) struct BreachRow {
    pub(crate) case: CaseRow,
    pub(crate) clock: String,
    pub(crate) due_at: Instant,
}

impl View for DueView {
    const TEMPLATE: &'static str = "return_visits/due.html";

    fn samples() -> Vec<Self> {
        let at = sample_instant();
        let row = |look| DueRow {
            id: 3,
            number: "WX20261122-0007".to_owned(),
            what: "漏水".to_owned(),
            place: "3-2-1501".to_owned(),
            work: "换阀门".to_owned(),
            people: vec![Caller { name: "黎琪艳".to_owned(), phone: Some("13900000001".to_owned()) }],
            owner: "黄勇".to_owned(),
            look,
            next_at: at,
            due_at: at,
            late: look,
            attempts: 1,
            open: look,
            form: Form::sample("return_visits.form", &[], &[("outcome", "required")]),
        };
        let form = || Form::new("return_visits.form");
        vec![
            Self { rows: vec![row(true), row(false)], figures: true, form: form() },
            Self { rows: vec![], figures: false, form: form() },
        ]
    }
}

impl View for CoverageView {
    const TEMPLATE: &'static str = "return_visits/coverage.html";

    fn samples() -> Vec<Self> {
        let at = sample_instant();
        let empty = || Self {
            month: "2026-11".to_owned(),
            previous: "2026-10".to_owned(),
            next: "2026-12".to_owned(),
            rate: None,
            due: 0,
            in_time: 0,
            late: 0,
            missed: 0,
            unreachable: 0,
            by_person: 0,
            by_rule: 0,
            rows: vec![],
            breaches: vec![],
            others: vec![],
        };
        let figure = domain::duties::Compliance { due: 30, in_time: 28, missed: 2, ..Default::default() };
        let kept = KeptRow {
            id: 1,
            number: "WX20261122-0007".to_owned(),
            owner: "黄勇".to_owned(),
            due_at: at,
            state: "done",
            attempts: 1,
        };
        let breach = BreachRow { case: CaseRow::sample(at), clock: "接单".to_owned(), due_at: at };
        let full = Self {
            rate: Some("98.50%".to_owned()),
            due: 2,
            rows: vec![kept],
            breaches: vec![breach],
            others: vec![Kept::new(domain::duties::Kind::ServiceCheck, figure)],
            ..empty()
        };
        vec![full, empty()]
    }
}

/// A return visit on paper 《回访记录表》.
#[derive(Debug, Serialize)]
pub(crate) struct PaperView {
    pub(crate) number: String,
    pub(crate) what: String,
    pub(crate) home: Option<String>,
    pub(crate) place: Option<String>,
    /// Who is asked.
    pub(crate) asked: Vec<String>,
    pub(crate) reported: String,
    pub(crate) reported_at: Option<Instant>,
    pub(crate) worker: Option<String>,
    pub(crate) work: String,
    pub(crate) cause: String,
    pub(crate) finished_at: Instant,
    pub(crate) owner: String,
    /// Who owed it before, where it was handed over.
    pub(crate) before: Option<String>,
    pub(crate) due_at: Instant,
    pub(crate) state: &'static str,
    pub(crate) tries: Vec<TryRow>,
    /// Leads to the case, as SVG.
    pub(crate) qr: String,
}

/// An attempt.
#[derive(Debug, Serialize)]
pub(crate) struct TryRow {
    pub(crate) at: Instant,
    pub(crate) by: String,
    pub(crate) outcome: &'static str,
    pub(crate) words: String,
    pub(crate) agreed_at: Option<Instant>,
}

impl View for PaperView {
    const TEMPLATE: &'static str = "return_visits/paper.html";

    fn samples() -> Vec<Self> {
        let at = sample_instant();
        let attempt = |outcome, words: &str| TryRow {
            at,
            by: "黄勇".to_owned(),
            outcome,
            words: words.to_owned(),
            agreed_at: (outcome == "call_later").then_some(at),
        };
        let one = |before: Option<&str>, tries| Self {
            number: "WX20261122-0007".to_owned(),
            what: "漏水".to_owned(),
            home: before.map(|_| "3-2-1501".to_owned()),
            place: before.is_none().then(|| "南门岗亭".to_owned()),
            asked: vec!["黎琪艳".to_owned()],
            reported: "厨房水槽漏水".to_owned(),
            reported_at: Some(at),
            worker: before.map(|_| "李琪".to_owned()),
            work: "更换软管".to_owned(),
            cause: "老化".to_owned(),
            finished_at: at,
            owner: "黄勇".to_owned(),
            before: before.map(str::to_owned),
            due_at: at,
            state: "done",
            tries,
            qr: "<svg></svg>".to_owned(),
        };
        vec![
            one(None, vec![]),
            one(
                Some("许华"),
                vec![
                    attempt("no_answer", ""),
                    attempt("call_later", "晚上再打"),
                    attempt("satisfied", "好了"),
                ],
            ),
        ]
    }
}
