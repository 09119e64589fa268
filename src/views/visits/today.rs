//! A steward's day: what is owed in walking order, the quota, whom to visit next.

use domain::duties::Kind;
use domain::visits::{Due, Stop, What};
use domain::{Instant, LocalDate};
use serde::Serialize;

use super::{NextRow, Ring};
use crate::views::View;

/// A stop of the day's walk.
#[derive(Debug, Serialize)]
pub(crate) struct StopRow {
    /// A kind of duty, or `visit`.
    pub(crate) kind: &'static str,
    pub(crate) href: String,
    pub(crate) place: String,
    /// What was promised.
    pub(crate) words: String,
    /// Why the plan has a visit here.
    pub(crate) reason: Option<&'static str>,
    pub(crate) due_at: Option<Instant>,
    pub(crate) done: bool,
    pub(crate) late: bool,
}

impl StopRow {
    pub(crate) fn of(stop: &Stop, now: Instant) -> Self {
        let code = stop.code.clone().unwrap_or_default();
        let visit = Self {
            kind: "visit",
            href: format!("/households/{code}"),
            place: code.clone(),
            words: String::new(),
            reason: None,
            due_at: None,
            done: stop.is_done(),
            late: false,
        };
        match &stop.what {
            What::Planned(reason) => Self { reason: Some(reason.as_str()), ..visit },
            What::Visited(_) => visit,
            What::Duty(due) => Self {
                kind: due.duty.kind.as_str(),
                href: address(due, &code),
                place: if code.is_empty() { due.number.clone().unwrap_or_default() } else { code },
                words: due.words.clone(),
                due_at: Some(due.duty.due_at),
                late: !stop.is_done() && due.duty.due_at < now,
                ..visit
            },
        }
    }
}

/// Where a duty is done.
fn address(due: &Due, code: &str) -> String {
    let number = due.number.as_deref().unwrap_or_default();
    match due.duty.kind {
        Kind::RenovationInspection => format!("/renovations/{number}"),
        Kind::FirstVisit => format!("/visits/new/{code}"),
        Kind::FollowUp => format!("/households/{code}"),
        Kind::ReturnVisit => "/return-visits".to_owned(),
        Kind::ServiceCheck | Kind::ComplaintReview => format!("/service-checks/{}", due.duty.id),
        Kind::Publication => "/publications".to_owned(),
        _ if !number.is_empty() => format!("/cases/{number}"),
        _ => "/today".to_owned(),
    }
}

/// A steward's day.
#[derive(Debug, Serialize)]
pub(crate) struct TodayView {
    pub(crate) today: LocalDate,
    pub(crate) ring: Option<Ring>,
    /// The day's walk, what is open first, and how many are done.
    pub(crate) stops: Vec<StopRow>,
    pub(crate) done: usize,
    pub(crate) next: Vec<NextRow>,
    pub(crate) unvisited: i64,
    pub(crate) months: i64,
    pub(crate) takes: i64,
}

impl View for TodayView {
    const TEMPLATE: &'static str = "visits/today.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let stop = |kind: &'static str, done: bool| StopRow {
            kind,
            href: "/renovations/ZX20261122-0001".to_owned(),
            place: "1-1-0101".to_owned(),
            words: "换灯泡".to_owned(),
            reason: (kind == "visit" && !done).then_some("longest"),
            due_at: (kind != "visit").then(super::sample_at),
            done,
            late: !done && kind != "visit",
        };
        let next = NextRow {
            code: "1-1-0102".to_owned(),
            reason: "longest",
            day: LocalDate::from_ymd_opt(2026, 11, 23),
            last_visit: Some(super::sample_at()),
        };
        let today = LocalDate::from_ymd_opt(2026, 11, 22).unwrap();
        let ring = Ring {
            quota: 30,
            counted: 19,
            expected: 20,
            behind: 1,
            state: "running",
            tone: "needs",
            capped: true,
            ..Ring::default()
        };
        vec![
            Self {
                today,
                ring: Some(ring),
                stops: vec![stop("renovation_inspection", false), stop("visit", false), stop("visit", true)],
                done: 1,
                next: vec![next],
                unvisited: 3,
                months: 12,
                takes: 19,
            },
            Self {
                today,
                ring: None,
                stops: vec![],
                done: 0,
                next: vec![],
                unvisited: 0,
                months: 12,
                takes: 0,
            },
        ]
    }

    #[cfg(not(test))]
    fn samples() -> Vec<Self> {
        vec![]
    }
}
