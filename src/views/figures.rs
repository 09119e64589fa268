//! What the pages of figures share, and the lists that figures open to.

use domain::duties::Compliance;
use domain::figures::{CaseRow, Clock, DutyRow};
use domain::visits::Figure;
use domain::{Instant, Month};
use serde::Serialize;

use super::View;

/// A rate as people read it; none where nothing was due.
pub(crate) fn percent(rate: Option<i64>) -> Option<String> {
    rate.map(|rate| super::money::percent(Some(rate)))
}

/// Hundredths of a percent as percentage points with their sign: `+3.20`.
pub(crate) fn points(change: i64) -> String {
    let sign = if change < 0 { "−" } else { "+" };
    let change = change.abs();
    format!("{sign}{}.{:02}", change / 100, change % 100)
}

/// How a kind of duty was kept, with what it is counted of.
#[derive(Debug, Serialize)]
pub(crate) struct Kept {
    /// The kind's word.
    pub(crate) kind: &'static str,
    /// In time of due; none where nothing was due.
    pub(crate) rate: Option<String>,
    /// How many.
    pub(crate) figure: Compliance,
}

impl Kept {
    pub(crate) fn new(kind: domain::duties::Kind, figure: Compliance) -> Self {
        Self { kind: kind.as_str(), rate: percent(figure.rate()), figure }
    }
}

/// A steward's month.
#[derive(Debug, Serialize)]
pub(crate) struct QuotaRow {
    pub(crate) steward: i64,
    pub(crate) name: String,
    pub(crate) quota: i64,
    pub(crate) counted: i64,
    pub(crate) expected: i64,
    pub(crate) behind: i64,
    pub(crate) short_by: i64,
    pub(crate) state: &'static str,
    pub(crate) frozen: bool,
}

impl QuotaRow {
    pub(crate) fn new(figure: &Figure, name: String) -> Self {
        Self {
            steward: figure.steward.0,
            name,
            quota: figure.quota,
            counted: figure.counted,
            expected: figure.expected_by_today,
            behind: figure.behind(),
            short_by: figure.short_by(),
            state: figure.state.as_str(),
            frozen: figure.is_frozen,
        }
    }
}

/// The cases behind a figure.
#[derive(Debug, Serialize)]
pub(crate) struct CasesView {
    pub(crate) which: &'static str,
    pub(crate) ways: Vec<&'static str>,
    pub(crate) month: Month,
    pub(crate) rows: Vec<CaseLine>,
    /// Where the next page begins; empty on the last.
    pub(crate) more: String,
}

/// One of them.
#[derive(Debug, Serialize)]
pub(crate) struct CaseLine {
    pub(crate) number: String,
    pub(crate) kind: &'static str,
    pub(crate) state: String,
    pub(crate) category: String,
    pub(crate) urgency: &'static str,
    pub(crate) place: String,
    pub(crate) accountable: String,
    pub(crate) submitted_at: Instant,
    pub(crate) resolve_by: Option<Instant>,
    pub(crate) resolved_at: Option<Instant>,
    pub(crate) late: bool,
    pub(crate) rating: Option<i32>,
}

impl CaseLine {
    pub(crate) fn new(row: CaseRow, now: Instant) -> Self {
        Self {
            late: row.resolve_by.is_some_and(|by| row.resolved_at.unwrap_or(now) > by),
            number: row.number,
            kind: row.kind.as_str(),
            state: row.state,
            category: row.category,
            urgency: row.urgency.as_str(),
            place: row.home.or(row.place).unwrap_or_default(),
            accountable: row.accountable.unwrap_or_default(),
            submitted_at: row.submitted_at,
            resolve_by: row.resolve_by,
            resolved_at: row.resolved_at,
            rating: row.rating,
        }
    }
}

/// The duties behind a figure.
#[derive(Debug, Serialize)]
pub(crate) struct DutiesView {
    pub(crate) kind: &'static str,
    pub(crate) which: &'static str,
    pub(crate) ways: Vec<&'static str>,
    pub(crate) month: Month,
    pub(crate) rows: Vec<DutyLine>,
    /// Where the next page begins; empty on the last.
    pub(crate) more: String,
}

/// One of them.
#[derive(Debug, Serialize)]
pub(crate) struct DutyLine {
    pub(crate) number: Option<String>,
    pub(crate) home: String,
    pub(crate) owner: String,
    pub(crate) due_at: Instant,
    pub(crate) state: &'static str,
    pub(crate) finished_at: Option<Instant>,
    pub(crate) attempts: i32,
    pub(crate) reason: String,
}

impl From<DutyRow> for DutyLine {
    fn from(row: DutyRow) -> Self {
        Self {
            number: row.number,
            home: row.home.unwrap_or_default(),
            owner: row.owner,
            due_at: row.due_at,
            state: row.state.as_str(),
            finished_at: row.finished_at,
            attempts: row.attempts,
            reason: row.reason.unwrap_or_default(),
        }
    }
}

/// A clock that runs.
#[derive(Debug, Serialize)]
pub(crate) struct ClockLine {
    pub(crate) number: String,
    pub(crate) category: String,
    pub(crate) urgency: &'static str,
    pub(crate) clock: String,
    pub(crate) due_at: Instant,
    /// Minutes left; negative once it has run out.
    pub(crate) minutes: i64,
    pub(crate) place: String,
    pub(crate) who: String,
}

impl ClockLine {
    pub(crate) fn new(clock: Clock, now: Instant) -> Self {
        Self {
            minutes: clock.due_at.since(now).num_minutes(),
            number: clock.number,
            category: clock.category,
            urgency: clock.urgency.as_str(),
            clock: clock.clock,
            due_at: clock.due_at,
            place: clock.home.or(clock.place).unwrap_or_default(),
            who: clock.technician.or(clock.accountable).unwrap_or_default(),
        }
    }
}

impl View for CasesView {
    const TEMPLATE: &'static str = "figures/cases.html";

    fn samples() -> Vec<Self> {
        let at = |text: &str| text.parse().unwrap_or_else(|_| domain::Clock::system().now());
        let row = |resolved: Option<&str>, late| CaseLine {
            number: "WX20261122-0007".to_owned(),
            kind: "repair",
            state: "done".to_owned(),
            category: "water.leak".to_owned(),
            urgency: "urgent",
            place: "3-2-1501".to_owned(),
            accountable: "林晓燕".to_owned(),
            submitted_at: at("2026-11-22T02:00:00Z"),
            resolve_by: Some(at("2026-11-23T02:00:00Z")),
            resolved_at: resolved.map(at),
            late,
            rating: resolved.map(|_| 5),
        };
        let one = |which: domain::figures::CasesOf, rows, more: &str| Self {
            which: which.as_str(),
            ways: domain::figures::CasesOf::ALL.iter().map(|which| which.as_str()).collect(),
            month: Month::of(at("2026-11-22T02:00:00Z").0.date()),
            rows,
            more: more.to_owned(),
        };
        let rows = vec![row(Some("2026-11-22T09:00:00Z"), false), row(None, true), row(None, false)];
        let mut all: Vec<_> =
            domain::figures::CasesOf::ALL.iter().map(|which| one(*which, vec![], "")).collect();
        all.insert(0, one(domain::figures::CasesOf::Opened, rows, "/figures/cases?offset=200"));
        all
    }
}

impl View for DutiesView {
    const TEMPLATE: &'static str = "figures/duties.html";

    fn samples() -> Vec<Self> {
        let at = |text: &str| text.parse().unwrap_or_else(|_| domain::Clock::system().now());
        let row = |state, finished: Option<&str>| DutyLine {
            number: Some("WX20261122-0007".to_owned()),
            home: "3-2-1501".to_owned(),
            owner: "林晓燕".to_owned(),
            due_at: at("2026-11-22T02:00:00Z"),
            state,
            finished_at: finished.map(at),
            attempts: 2,
            reason: if state == "cancelled" { "住户出差".to_owned() } else { String::new() },
        };
        let states =
            domain::duties::State::ALL.iter().map(|state| row(state.as_str(), Some("2026-11-22T01:00:00Z")));
        let one = |kind: domain::duties::Kind, which: domain::figures::DutiesOf, rows, more: &str| Self {
            kind: kind.as_str(),
            which: which.as_str(),
            ways: domain::figures::DutiesOf::ALL.iter().map(|which| which.as_str()).collect(),
            month: Month::of(at("2026-11-22T02:00:00Z").0.date()),
            rows,
            more: more.to_owned(),
        };
        let due = domain::figures::DutiesOf::Due;
        let mut all =
            vec![one(domain::duties::Kind::ReturnVisit, due, states.collect(), "/figures/duties?offset=200")];
        all.extend(domain::duties::Kind::ALL.iter().map(|kind| one(*kind, due, vec![], "")));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::points;

    #[test]
    fn a_change_has_its_sign() {
        for (change, text) in [(320, "+3.20"), (-45, "−0.45"), (0, "+0.00")] {
            assert_eq!(points(change), text);
        }
    }
}
