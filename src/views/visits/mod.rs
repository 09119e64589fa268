//! The pages of visits and the quota: a steward's day, the interview record, the household's door, the months,
//! the team, each in a file of its own; here what several of them show.

mod door;
mod month;
mod paper;
mod pick;
mod record;
mod team;
mod today;

pub(crate) use door::DoorView;
pub(crate) use month::{CorrectionRow, MonthView, by_week};
pub(crate) use paper::PaperView;
pub(crate) use pick::PickView;
pub(crate) use record::{RecordView, TOPICS};
pub(crate) use team::{TeamRow, TeamView};
pub(crate) use today::{StopRow, TodayView};

use domain::visits::{Figure, Next, Visit, rules};
use domain::{Instant, LocalDate, Month};
use serde::Serialize;

#[cfg(test)]
pub(super) fn sample_at() -> Instant {
    "2026-11-22T02:00:00Z".parse().unwrap()
}

/// A quota as a ring with its numbers.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Ring {
    pub(crate) quota: i64,
    pub(crate) counted: i64,
    pub(crate) expected: i64,
    pub(crate) behind: i64,
    pub(crate) short_by: i64,
    pub(crate) households: i64,
    pub(crate) own_days: i64,
    pub(crate) month_days: i64,
    pub(crate) make_up: i64,
    pub(crate) capped: bool,
    pub(crate) frozen: bool,
    pub(crate) state: &'static str,
    pub(crate) tone: &'static str,
}

impl From<&Figure> for Ring {
    fn from(figure: &Figure) -> Self {
        let state = figure.state.as_str();
        let tone = match state {
            "short" => "late",
            "running" if figure.behind() > 0 => "needs",
            _ => "good",
        };
        Self {
            quota: figure.quota,
            counted: figure.counted,
            expected: figure.expected_by_today,
            behind: figure.behind(),
            short_by: figure.short_by(),
            households: figure.share.households,
            own_days: figure.share.own_days,
            month_days: figure.share.month_days,
            make_up: figure.share.make_up,
            capped: figure.share.is_capped() && !figure.is_frozen,
            frozen: figure.is_frozen,
            state,
            tone,
        }
    }
}

/// Whom to visit next.
#[derive(Debug, Serialize)]
pub(crate) struct NextRow {
    pub(crate) code: String,
    pub(crate) reason: &'static str,
    pub(crate) day: Option<LocalDate>,
    pub(crate) last_visit: Option<Instant>,
}

impl From<Next> for NextRow {
    fn from(next: Next) -> Self {
        Self { code: next.code, reason: next.reason.as_str(), day: next.day, last_visit: next.last_visit }
    }
}

/// A promise of an earlier visit.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PromiseRow {
    pub(crate) id: i64,
    pub(crate) words: String,
    pub(crate) due_at: Instant,
}

/// A visit in a list.
#[derive(Debug, Serialize)]
pub(crate) struct VisitRow {
    pub(crate) id: i64,
    pub(crate) at: Instant,
    pub(crate) code: String,
    pub(crate) who: String,
    pub(crate) spoken_to: String,
    pub(crate) satisfaction: i32,
    pub(crate) said: String,
    /// What was promised.
    pub(crate) promised: Option<String>,
    /// `counts`, `waits`, `refused`, `voided`, `outside`.
    pub(crate) standing: &'static str,
    pub(crate) tone: &'static str,
    pub(crate) logged_at: Instant,
}

impl VisitRow {
    pub(crate) fn of(visit: &Visit, code: String, who: String) -> Self {
        let (standing, tone) = if visit.voided().is_some() {
            ("voided", "off")
        } else if rules::counting(visit).is_some() {
            ("counts", "good")
        } else if visit.waits_for_decision() {
            ("waits", "needs")
        } else if visit.row.in_area {
            ("refused", "late")
        } else {
            ("outside", "calm")
        };
        let row = &visit.row;
        Self {
            id: row.id.0,
            at: row.started_at,
            code,
            who,
            spoken_to: row.spoken_to.clone(),
            satisfaction: row.satisfaction,
            said: row.said.clone(),
            promised: row.follow_up.clone(),
            standing,
            tone,
            logged_at: row.logged_at,
        }
    }

    #[cfg(test)]
    pub(super) fn sample(standing: &'static str) -> Self {
        Self {
            id: 3,
            at: sample_at(),
            code: "1-1-0101".to_owned(),
            who: "尹强兰".to_owned(),
            spoken_to: "黎琪艳".to_owned(),
            satisfaction: 4,
            said: "很好".to_owned(),
            promised: Some("换灯泡".to_owned()),
            standing,
            tone: "good",
            logged_at: sample_at(),
        }
    }
}

/// A short month.
#[derive(Debug, Serialize)]
pub(crate) struct ShortRow {
    pub(crate) id: i64,
    pub(crate) who: String,
    pub(crate) month: Month,
    pub(crate) short_by: i64,
    pub(crate) reason: Option<String>,
    pub(crate) decision: Option<&'static str>,
    pub(crate) note: String,
}
