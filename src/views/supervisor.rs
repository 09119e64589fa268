//! The supervisor's page: what needs somebody now.

use domain::{Instant, LocalDate, Month};
use serde::Serialize;

use super::View;
use super::figures::{ClockLine, Kept, QuotaRow};

/// What is late, what soon will be, and what waits for a decision.
#[derive(Debug, Serialize)]
pub(crate) struct SupervisorView {
    pub(crate) month: Month,
    pub(crate) as_of: Instant,
    pub(crate) return_visits: Kept,
    /// The daily looks at the service and the weekly reviews of complaints.
    pub(crate) looks: Vec<Kept>,
    /// Clocks that have run out and that nobody has met.
    pub(crate) breached: Vec<ClockLine>,
    /// Clocks that run out within four hours.
    pub(crate) soon: Vec<ClockLine>,
    pub(crate) quota: Vec<QuotaRow>,
    /// Sites that were not inspected today or yesterday.
    pub(crate) misses: Vec<MissLine>,
    pub(crate) violations: Vec<ViolationLine>,
    /// Late visits that wait to be accepted.
    pub(crate) late_visits: i64,
    /// Short months that wait for a decision.
    pub(crate) shortfalls: i64,
}

/// A site that nobody inspected.
#[derive(Debug, Serialize)]
pub(crate) struct MissLine {
    pub(crate) number: String,
    pub(crate) home: String,
    pub(crate) owner: String,
    pub(crate) day: LocalDate,
    /// Whether it was made up later; the miss stays.
    pub(crate) made_up: bool,
}

/// Something that has to be mended on a site.
#[derive(Debug, Serialize)]
pub(crate) struct ViolationLine {
    pub(crate) number: String,
    pub(crate) home: String,
    pub(crate) item: String,
    pub(crate) severe: bool,
    pub(crate) deadline: Option<LocalDate>,
    pub(crate) late: bool,
}

impl View for SupervisorView {
    const TEMPLATE: &'static str = "supervisor/show.html";

    fn samples() -> Vec<Self> {
        let at: Instant = "2026-11-22T02:00:00Z".parse().unwrap_or_else(|_| domain::Clock::system().now());
        let kept = |figure| Kept::new(domain::duties::Kind::ReturnVisit, figure);
        let none = || Self {
            month: Month::of(at.0.date()),
            as_of: at,
            return_visits: kept(domain::duties::Compliance::default()),
            looks: vec![],
            breached: vec![],
            soon: vec![],
            quota: vec![],
            misses: vec![],
            violations: vec![],
            late_visits: 0,
            shortfalls: 0,
        };
        let clock = |clock: &str, minutes: i64| ClockLine {
            number: "WX20261122-0007".to_owned(),
            category: "water.leak".to_owned(),
            urgency: "urgent",
            clock: clock.to_owned(),
            due_at: at.plus(chrono::TimeDelta::minutes(minutes)),
            minutes,
            place: "3-2-1501".to_owned(),
            who: "周国强".to_owned(),
        };
        let quota = |name: &str, counted, behind, state| QuotaRow {
            steward: 1,
            name: name.to_owned(),
            quota: 30,
            counted,
            expected: 20,
            behind,
            short_by: (30_i64 - counted).max(0),
            state,
            frozen: false,
        };
        let day = at.0.date();
        let miss = |made_up| MissLine {
            number: "ZX20261101-0001".to_owned(),
            home: "3-2-1501".to_owned(),
            owner: "孙伟".to_owned(),
            day,
            made_up,
        };
        let violation = |severe| ViolationLine {
            number: "ZX20261101-0001".to_owned(),
            home: "3-2-1501".to_owned(),
            item: if severe { "bearing_structure" } else { "rubbish_bagged" }.to_owned(),
            severe,
            deadline: (!severe).then_some(day),
            late: !severe,
        };
        let figure = domain::duties::Compliance {
            due: 48,
            in_time: 44,
            late: 2,
            missed: 1,
            unreachable: 1,
            ..Default::default()
        };
        let full = Self {
            return_visits: kept(figure),
            looks: domain::service_checks::KINDS.map(|kind| Kept::new(kind, figure)).into(),
            breached: vec![clock("respond", -95), clock("resolve", -4_000)],
            soon: vec![clock("respond", 12), clock("resolve", 200)],
            quota: vec![
                quota("林晓燕", 24, 0, "running"),
                quota("陈志强", 14, 6, "running"),
                quota("黄丽", 30, 0, "met"),
            ],
            misses: vec![miss(false), miss(true)],
            violations: vec![violation(true), violation(false)],
            late_visits: 2,
            shortfalls: 1,
            ..none()
        };
        vec![full, none()]
    }
}
