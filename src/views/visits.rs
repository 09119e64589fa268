//! The pages of visits and the quota: a steward's day, the interview record, the household's door, the team.

use domain::visits::{Doorstep, Due, Figure, Next, Visit, rules};
use domain::{Instant, LocalDate, Month, PersonId};
use serde::Serialize;

use super::View;
use crate::form::Form;

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

/// Something that is owed today.
#[derive(Debug, Serialize)]
pub(crate) struct DueRow {
    pub(crate) kind: &'static str,
    pub(crate) href: String,
    pub(crate) place: String,
    pub(crate) words: String,
    pub(crate) due_at: Instant,
    pub(crate) done: bool,
    pub(crate) late: bool,
}

impl DueRow {
    pub(crate) fn of(due: &Due, now: Instant) -> Self {
        use domain::duties::{Kind, State};
        let number = due.number.as_deref().unwrap_or_default();
        let code = due.code.as_deref().unwrap_or_default();
        let href = match due.duty.kind {
            Kind::RenovationInspection => format!("/renovations/{number}"),
            Kind::FirstVisit => format!("/visits/new/{code}"),
            Kind::FollowUp => format!("/households/{code}"),
            _ if !number.is_empty() => format!("/cases/{number}"),
            _ => "/today".to_owned(),
        };
        Self {
            kind: due.duty.kind.as_str(),
            href,
            place: if code.is_empty() { number.to_owned() } else { code.to_owned() },
            words: due.words.clone(),
            due_at: due.duty.due_at,
            done: due.duty.state != State::Open,
            late: due.duty.state == State::Open && due.duty.due_at < now,
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

/// A steward's day.
#[derive(Debug, Serialize)]
pub(crate) struct TodayView {
    pub(crate) today: LocalDate,
    pub(crate) ring: Option<Ring>,
    pub(crate) due: Vec<DueRow>,
    pub(crate) next: Vec<NextRow>,
    pub(crate) unvisited: i64,
    pub(crate) months: i64,
    pub(crate) takes: i64,
}

impl View for TodayView {
    const TEMPLATE: &'static str = "visits/today.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let due = |done| DueRow {
            kind: "renovation_inspection",
            href: "/renovations/ZX20261122-0001".to_owned(),
            place: "1-1-0101".to_owned(),
            words: "换灯泡".to_owned(),
            due_at: sample_at(),
            done,
            late: !done,
        };
        let next = NextRow {
            code: "1-1-0102".to_owned(),
            reason: "longest",
            day: LocalDate::from_ymd_opt(2026, 11, 23),
            last_visit: Some(sample_at()),
        };
        let today = LocalDate::from_ymd_opt(2026, 11, 22).unwrap();
        let ring = Ring {
            quota: 30,
            counted: 18,
            expected: 20,
            behind: 2,
            state: "running",
            tone: "needs",
            capped: true,
            ..Ring::default()
        };
        vec![
            Self {
                today,
                ring: Some(ring),
                due: vec![due(false), due(true)],
                next: vec![next],
                unvisited: 3,
                months: 12,
                takes: 19,
            },
            Self { today, ring: None, due: vec![], next: vec![], unvisited: 0, months: 12, takes: 0 },
        ]
    }

    #[cfg(not(test))]
    fn samples() -> Vec<Self> {
        vec![]
    }
}

/// Which household a visit is to.
#[derive(Debug, Serialize)]
pub(crate) struct PickView {
    pub(crate) next: Vec<NextRow>,
    pub(crate) form: Form,
}

impl View for PickView {
    const TEMPLATE: &'static str = "visits/pick.html";

    fn samples() -> Vec<Self> {
        vec![Self { next: vec![], form: Form::new("visits.form") }]
    }
}

/// A promise of an earlier visit.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PromiseRow {
    pub(crate) id: i64,
    pub(crate) words: String,
    pub(crate) due_at: Instant,
}

/// The interview record, to be filled in.
#[derive(Debug, Serialize)]
pub(crate) struct RecordView {
    pub(crate) code: String,
    pub(crate) people: Vec<String>,
    pub(crate) topics: &'static [&'static str],
    pub(crate) promises: Vec<PromiseRow>,
    pub(crate) form: Form,
}

/// What people talk about at the door.
pub(crate) const TOPICS: &[&str] =
    &["cleaning", "greenery", "safety", "repairs", "noise", "parking", "lift", "fees", "neighbours", "other"];

impl View for RecordView {
    const TEMPLATE: &'static str = "visits/record.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let promise = PromiseRow { id: 1, words: "换灯泡".to_owned(), due_at: sample_at() };
        vec![Self {
            code: "1-1-0101".to_owned(),
            people: vec!["黎琪艳".to_owned()],
            topics: TOPICS,
            promises: vec![promise],
            form: Form::sample("visits.form", &[("said", "好")], &[("spoken_to", "required")]),
        }]
    }

    #[cfg(not(test))]
    fn samples() -> Vec<Self> {
        vec![]
    }
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
            standing,
            tone,
            logged_at: row.logged_at,
        }
    }

    #[cfg(test)]
    fn sample(standing: &'static str) -> Self {
        Self {
            id: 3,
            at: sample_at(),
            code: "1-1-0101".to_owned(),
            who: "尹强兰".to_owned(),
            spoken_to: "黎琪艳".to_owned(),
            satisfaction: 4,
            said: "很好".to_owned(),
            standing,
            tone: "good",
            logged_at: sample_at(),
        }
    }
}

/// A correction of a closed month.
#[derive(Debug, Serialize)]
pub(crate) struct CorrectionRow {
    pub(crate) visit: i64,
    pub(crate) cause: &'static str,
    pub(crate) delta: i64,
    pub(crate) by: String,
    pub(crate) at: Instant,
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

/// A steward's month with every visit of it.
#[derive(Debug, Serialize)]
pub(crate) struct MonthView {
    pub(crate) who: String,
    pub(crate) own: bool,
    pub(crate) base: String,
    pub(crate) month: Month,
    pub(crate) before: Month,
    pub(crate) after: Month,
    pub(crate) ring: Option<Ring>,
    pub(crate) rows: Vec<VisitRow>,
    pub(crate) corrections: Vec<CorrectionRow>,
    pub(crate) shorts: Vec<ShortRow>,
    pub(crate) form: Form,
}

impl View for MonthView {
    const TEMPLATE: &'static str = "visits/month.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let month: Month = "2026-11".parse().unwrap();
        let correction =
            CorrectionRow {
                visit: 3, cause: "voided", delta: -1, by: "尹强兰".to_owned(), at: sample_at()
            };
        let ring = Ring {
            quota: 30,
            counted: 18,
            state: "short",
            tone: "late",
            frozen: true,
            make_up: 2,
            ..Ring::default()
        };
        let short = ShortRow {
            id: 1,
            who: String::new(),
            month,
            short_by: 2,
            reason: None,
            decision: None,
            note: String::new(),
        };
        let base = || "/visits".to_owned();
        vec![
            Self {
                who: "尹强兰".to_owned(),
                own: true,
                base: base(),
                month,
                before: month.prev(),
                after: month.next(),
                ring: Some(ring),
                rows: vec![VisitRow::sample("counts"), VisitRow::sample("voided"), VisitRow::sample("waits")],
                corrections: vec![correction],
                shorts: vec![short],
                form: Form::new("visits.form"),
            },
            Self {
                who: "尹强兰".to_owned(),
                own: false,
                base: base(),
                month,
                before: month.prev(),
                after: month.next(),
                ring: None,
                rows: vec![],
                corrections: vec![],
                shorts: vec![],
                form: Form::new("visits.form"),
            },
        ]
    }

    #[cfg(not(test))]
    fn samples() -> Vec<Self> {
        vec![]
    }
}

/// A home before ringing its bell.
#[derive(Debug, Serialize)]
pub(crate) struct DoorView {
    pub(crate) code: String,
    pub(crate) key_household: bool,
    pub(crate) vacant: bool,
    pub(crate) balance: i64,
    pub(crate) people: Vec<(String, String, bool)>,
    pub(crate) cases: Vec<(String, String, String)>,
    pub(crate) promises: Vec<PromiseRow>,
    pub(crate) visits: Vec<VisitRow>,
    pub(crate) form: Form,
}

impl DoorView {
    pub(crate) fn of(door: Doorstep, form: Form) -> Self {
        let code = door.code.clone();
        let promises = door.promises.into_iter().map(|(duty, words)| PromiseRow {
            id: duty.id.0,
            words,
            due_at: duty.due_at,
        });
        Self {
            key_household: door.key_household,
            vacant: door.household.is_none(),
            balance: door.balance.0,
            people: door.people.into_iter().map(|one| (one.name, one.kind, one.lives_there)).collect(),
            cases: door
                .cases
                .iter()
                .map(|one| (one.number().to_owned(), one.kind.to_string(), one.state.clone()))
                .collect(),
            promises: promises.collect(),
            visits: door
                .visits
                .iter()
                .map(|visit| VisitRow::of(visit, code.clone(), String::new()))
                .collect(),
            code: door.code,
            form,
        }
    }
}

impl View for DoorView {
    const TEMPLATE: &'static str = "visits/door.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let full = Self {
            code: "1-1-0101".to_owned(),
            key_household: true,
            vacant: false,
            balance: 25_060,
            people: vec![("黎琪艳".to_owned(), "owner".to_owned(), true)],
            cases: vec![("WX20261122-0001".to_owned(), "repair".to_owned(), "accepted".to_owned())],
            promises: vec![PromiseRow { id: 1, words: "换灯泡".to_owned(), due_at: sample_at() }],
            visits: vec![VisitRow::sample("counts")],
            form: Form::sample("visits.form", &[], &[("note", "required")]),
        };
        let empty = Self {
            code: "1-1-0102".to_owned(),
            key_household: false,
            vacant: true,
            balance: 0,
            people: vec![],
            cases: vec![],
            promises: vec![],
            visits: vec![],
            form: Form::new("visits.form"),
        };
        vec![full, empty]
    }

    #[cfg(not(test))]
    fn samples() -> Vec<Self> {
        vec![]
    }
}

/// A steward in the team's list.
#[derive(Debug, Serialize)]
pub(crate) struct TeamRow {
    pub(crate) id: PersonId,
    pub(crate) name: String,
    pub(crate) ring: Ring,
    /// Points of the month's curve in a box of 120 × 40: households counted by day.
    pub(crate) curve: String,
}

/// The team's month.
#[derive(Debug, Serialize)]
pub(crate) struct TeamView {
    pub(crate) month: Month,
    pub(crate) before: Month,
    pub(crate) after: Month,
    pub(crate) rows: Vec<TeamRow>,
    pub(crate) waiting: Vec<VisitRow>,
    pub(crate) shorts: Vec<ShortRow>,
    pub(crate) form: Form,
}

impl View for TeamView {
    const TEMPLATE: &'static str = "visits/team.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let month: Month = "2026-11".parse().unwrap();
        let ring = Ring {
            quota: 30,
            counted: 18,
            expected: 21,
            behind: 3,
            state: "running",
            tone: "needs",
            ..Ring::default()
        };
        let row =
            TeamRow { id: PersonId(1), name: "尹强兰".to_owned(), ring, curve: "0,40 60,20".to_owned() };
        let short = |decision| ShortRow {
            id: 1,
            who: "杜琪".to_owned(),
            month,
            short_by: 2,
            reason: Some("培训".to_owned()),
            decision,
            note: "好".to_owned(),
        };
        vec![
            Self {
                month,
                before: month.prev(),
                after: month.next(),
                rows: vec![row],
                waiting: vec![VisitRow::sample("waits")],
                shorts: vec![short(None), short(Some("excused"))],
                form: Form::sample("visits.form", &[], &[("reason", "required")]),
            },
            Self {
                month,
                before: month.prev(),
                after: month.next(),
                rows: vec![],
                waiting: vec![],
                shorts: vec![],
                form: Form::new("visits.form").refused("visit.decided"),
            },
        ]
    }

    #[cfg(not(test))]
    fn samples() -> Vec<Self> {
        vec![]
    }
}

/// The interview record on paper (客户访谈记录表).
#[derive(Debug, Serialize)]
pub(crate) struct PaperView {
    pub(crate) visit: VisitRow,
    pub(crate) topics: Vec<String>,
    pub(crate) follow_up: Option<String>,
    pub(crate) void_reason: Option<String>,
}

impl View for PaperView {
    const TEMPLATE: &'static str = "visits/paper.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec![Self {
            visit: VisitRow::sample("counts"),
            topics: vec!["lift".to_owned(), "别的".to_owned()],
            follow_up: Some("换灯泡".to_owned()),
            void_reason: Some("错了".to_owned()),
        }]
    }

    #[cfg(not(test))]
    fn samples() -> Vec<Self> {
        vec![]
    }
}
