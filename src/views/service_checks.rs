//! The pages of the supervisor's looks: the list, and one with what the portal shows.

use domain::{Instant, LocalDate};
use serde::Serialize;

use super::View;
use super::cases::sample_instant;
use super::complaints::EntryRow;
use crate::form::Form;

/// What is owed, and what was looked at.
#[derive(Debug, Serialize)]
pub(crate) struct ChecksView {
    pub(crate) owed: Vec<CheckRow>,
    pub(crate) past: Vec<CheckRow>,
}

/// One look.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct CheckRow {
    pub(crate) id: i64,
    /// `service_check` or `complaint_review`.
    pub(crate) kind: &'static str,
    /// The day, or the Monday of the week.
    pub(crate) day: LocalDate,
    pub(crate) owner: String,
    pub(crate) due_at: Instant,
    pub(crate) state: &'static str,
    pub(crate) late: bool,
    pub(crate) taken_at: Option<Instant>,
    pub(crate) taken_by: String,
    pub(crate) found: String,
    pub(crate) arranged: String,
}

/// One look with what the portal shows, or showed when it was taken.
#[derive(Debug, Serialize)]
pub(crate) struct CheckView {
    pub(crate) row: CheckRow,
    pub(crate) late: i64,
    pub(crate) notices: i64,
    pub(crate) visits: i64,
    pub(crate) complaints: i64,
    /// The days whose complaints a review goes through.
    pub(crate) reviewed_from: Option<LocalDate>,
    pub(crate) reviewed_to: Option<LocalDate>,
    pub(crate) entries: Vec<EntryRow>,
    pub(crate) form: Form,
}

impl CheckRow {
    fn sample(kind: &'static str, state: &'static str) -> Self {
        let at = sample_instant();
        let taken = state != "open" && state != "missed";
        Self {
            id: 7,
            kind,
            day: at.0.date(),
            owner: "韦娜兰".to_owned(),
            due_at: at,
            state,
            late: state == "done_late",
            taken_at: taken.then_some(at),
            taken_by: if taken { "韦娜兰".to_owned() } else { String::new() },
            found: if taken { "两件报修没人接".to_owned() } else { String::new() },
            arranged: if taken { "请前台改派".to_owned() } else { String::new() },
        }
    }
}

impl View for ChecksView {
    const TEMPLATE: &'static str = "service_checks/list.html";

    fn samples() -> Vec<Self> {
        let daily = |state| CheckRow::sample("service_check", state);
        let late = CheckRow { late: true, ..daily("open") };
        vec![
            Self {
                owed: vec![late, CheckRow::sample("complaint_review", "open")],
                past: vec![daily("done"), daily("done_late"), daily("missed")],
            },
            Self { owed: vec![], past: vec![] },
        ]
    }
}

impl View for CheckView {
    const TEMPLATE: &'static str = "service_checks/show.html";

    fn samples() -> Vec<Self> {
        let at = sample_instant();
        let entry = |late, hours| EntryRow {
            number: "TS20261122-0001".to_owned(),
            at,
            category: "噪音扰民".to_owned(),
            cause: String::new(),
            department: "客服部".to_owned(),
            hours,
            outcome: "founded",
            done: "已处理".to_owned(),
            lesson: "装修要先告知邻居".to_owned(),
            late,
        };
        let one = |kind, state, entries: Vec<EntryRow>, form| Self {
            row: CheckRow::sample(kind, state),
            late: 3,
            notices: 0,
            visits: 1,
            complaints: 2,
            reviewed_from: (kind == "complaint_review").then(|| at.0.date()),
            reviewed_to: (kind == "complaint_review").then(|| at.0.date()),
            entries,
            form,
        };
        let words = "service_checks.form";
        let wrong = Form::sample(words, &[("arranged", "加派一人")], &[("found", "required")]);
        vec![
            one("service_check", "open", vec![], wrong),
            one("service_check", "done", vec![], Form::new(words)),
            one(
                "complaint_review",
                "open",
                vec![entry(true, None), entry(false, Some(20))],
                Form::new(words),
            ),
            one("complaint_review", "missed", vec![], Form::new(words)),
        ]
    }
}
