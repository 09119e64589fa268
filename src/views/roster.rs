//! The roster: a week of who is on duty, leaves, and one person's rests.

use std::collections::BTreeMap;

use chrono::Datelike;
use domain::roster::rules::State;
use domain::roster::{Leave, Off, Post};
use domain::{LeaveId, LocalDate, PersonId};
use serde::Serialize;

use super::View;
use crate::form::Form;

/// Somebody who can be chosen.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Who {
    pub(crate) value: PersonId,
    pub(crate) text: String,
}

/// A day at the head of the table.
#[derive(Debug, Serialize)]
pub(crate) struct Day {
    pub(crate) day: LocalDate,
    /// The day of the month.
    pub(crate) number: u32,
    /// Monday 1 to Sunday 7 (text `roster.weekdays.<n>`).
    pub(crate) weekday: u32,
    pub(crate) working: bool,
}

impl From<(LocalDate, bool)> for Day {
    fn from((day, working): (LocalDate, bool)) -> Self {
        Self { day, number: day.day(), weekday: day.weekday().number_from_monday(), working }
    }
}

/// A post with its people.
#[derive(Debug, Serialize)]
pub(crate) struct PostTable {
    role: &'static str,
    people: Vec<Person>,
    /// How many are on duty, by day.
    on_duty: Vec<usize>,
}

/// Somebody's week.
#[derive(Debug, Serialize)]
struct Person {
    id: PersonId,
    name: String,
    /// Why they are off, by day: `rest`, `leave`; empty where they are on duty.
    days: Vec<&'static str>,
}

impl PostTable {
    /// A post as a table.
    pub(crate) fn of(post: &Post) -> Self {
        let mark = |off: &Option<Off>| match off {
            None => "",
            Some(Off::Rest) => "rest",
            Some(Off::Leave(_)) => "leave",
        };
        let person = |line: &domain::roster::Line| Person {
            id: line.person,
            name: line.name.clone(),
            days: line.off.iter().map(mark).collect(),
        };
        Self {
            role: post.role.as_str(),
            people: post.lines.iter().map(person).collect(),
            on_duty: post.on_duty.clone(),
        }
    }
}

/// A leave in a list.
#[derive(Debug, Serialize)]
pub(crate) struct LeaveRow {
    id: LeaveId,
    #[serde(skip)]
    person: PersonId,
    name: String,
    kind: &'static str,
    state: &'static str,
    starts_on: LocalDate,
    ends_on: LocalDate,
    back_on: Option<LocalDate>,
    reason: String,
    substitute: Option<String>,
    answer: String,
    /// Whether it can be taken back or cut short.
    ends: bool,
    /// Whether who looks may decide it: not on their own.
    decides: bool,
    /// Who could stand in.
    colleagues: Vec<Who>,
    form: Form,
}

impl LeaveRow {
    /// A leave as people read it on a day.
    pub(crate) fn of(leave: &Leave, names: &BTreeMap<PersonId, String>, today: LocalDate) -> Self {
        let name = |person: PersonId| names.get(&person).cloned().unwrap_or_default();
        let runs = leave.ended_at.is_none() && leave.ends_on >= today;
        let chosen = leave.substitute_id.map(|person| person.to_string()).unwrap_or_default();
        Self {
            id: leave.id,
            person: leave.person_id,
            name: name(leave.person_id),
            kind: leave.kind.as_str(),
            state: leave.state.as_str(),
            starts_on: leave.starts_on,
            ends_on: leave.ends_on,
            back_on: leave.back_on,
            reason: leave.reason.clone(),
            substitute: leave.substitute_id.map(name),
            answer: leave.answer.clone(),
            ends: leave.state == State::Asked || leave.state == State::Approved && runs,
            decides: false,
            colleagues: Vec::new(),
            form: Form::new("roster.form").with("substitute", chosen),
        }
    }

    /// The same as something to decide.
    pub(crate) fn asked(self, colleagues: Vec<Who>, viewer: Option<PersonId>) -> Self {
        Self { decides: viewer != Some(self.person), colleagues, ..self }
    }
}

/// A week of the roster.
#[derive(Debug, Serialize)]
pub(crate) struct RosterView {
    pub(crate) from: LocalDate,
    pub(crate) before: LocalDate,
    pub(crate) after: LocalDate,
    /// The Monday of this week.
    pub(crate) this: LocalDate,
    pub(crate) days: Vec<Day>,
    pub(crate) posts: Vec<PostTable>,
    /// What waits for a decision.
    pub(crate) waiting: Vec<LeaveRow>,
    /// One's own leaves.
    pub(crate) own: Vec<LeaveRow>,
    /// Whether who looks keeps the roster.
    pub(crate) keeps: bool,
    pub(crate) form: Form,
}

impl RosterView {
    /// The page again with what is wrong about a decision.
    pub(crate) fn with_wrong(mut self, id: LeaveId, form: Form) -> Self {
        self.form = form.summary();
        if let Some(row) = self.waiting.iter_mut().find(|row| row.id == id) {
            row.form = form;
        }
        self
    }
}

/// The form of a leave.
#[derive(Debug, Serialize)]
pub(crate) struct AskView {
    pub(crate) colleagues: Vec<Who>,
    pub(crate) form: Form,
}

/// One person's rests and leaves, for who keeps the roster.
#[derive(Debug, Serialize)]
pub(crate) struct PersonView {
    pub(crate) person: PersonId,
    pub(crate) name: String,
    /// Nobody decides on their own leave.
    pub(crate) is_own: bool,
    pub(crate) colleagues: Vec<Who>,
    pub(crate) leaves: Vec<LeaveRow>,
    /// The form of the weekly rest.
    pub(crate) rest: Form,
    /// The form of a leave.
    pub(crate) leave: Form,
}

fn sample_leave(id: i64, state: State) -> LeaveRow {
    let day = |day| LocalDate::from_ymd_opt(2026, 11, day).unwrap_or_default();
    let leave = Leave {
        id: LeaveId(id),
        community_id: domain::CommunityId(1),
        person_id: PersonId(3),
        kind: domain::roster::rules::Kind::Annual,
        starts_on: day(23),
        ends_on: day(27),
        back_on: (id == 3).then(|| day(25)),
        reason: "回老家办事".to_owned(),
        state,
        substitute_id: Some(PersonId(4)),
        asked_by: PersonId(3),
        asked_at: super::money::bills::sample_at(),
        decided_by: None,
        decided_at: None,
        answer: if state == State::Refused { "那几天人手不够".to_owned() } else { String::new() },
        ended_at: None,
    };
    let names = [(PersonId(3), "尹强兰".to_owned()), (PersonId(4), "欧阳慕容明月".to_owned())];
    LeaveRow::of(&leave, &names.into(), day(22))
}

fn sample_colleagues() -> Vec<Who> {
    vec![Who { value: PersonId(4), text: "欧阳慕容明月".to_owned() }]
}

impl View for RosterView {
    const TEMPLATE: &'static str = "roster/week.html";

    fn samples() -> Vec<Self> {
        let from = LocalDate::from_ymd_opt(2026, 11, 23).unwrap_or_default();
        let days = || from.iter_days().take(7).map(|day| (day, day.day() != 28).into()).collect();
        let person = |id, name: &str, days: [&'static str; 7]| Person {
            id: PersonId(id),
            name: name.to_owned(),
            days: days.to_vec(),
        };
        let post = || PostTable {
            role: "steward",
            people: vec![
                person(3, "尹强兰", ["leave", "leave", "", "", "", "rest", "rest"]),
                person(4, "欧阳慕容明月", ["", "", "", "", "", "", ""]),
            ],
            on_duty: vec![1, 1, 2, 2, 2, 1, 1],
        };
        let one = |keeps: bool, waiting: Vec<LeaveRow>, own: Vec<LeaveRow>| Self {
            from,
            before: from,
            after: from,
            this: from,
            days: days(),
            posts: vec![post()],
            waiting,
            own,
            keeps,
            form: Form::new("roster.form"),
        };
        let asked = |viewer| sample_leave(1, State::Asked).asked(sample_colleagues(), Some(PersonId(viewer)));
        let all = [State::Approved, State::Refused, State::Withdrawn, State::Cancelled, State::Approved];
        let own = (2..).zip(all).map(|(id, state)| sample_leave(id, state)).collect();
        let wrong = Form::sample("roster.form", &[], &[("answer", "required")]);
        vec![
            one(false, vec![], vec![]),
            one(true, vec![], own),
            one(true, vec![asked(8), asked(3)], vec![]),
            one(true, vec![asked(8)], vec![]).with_wrong(LeaveId(1), wrong),
        ]
    }
}

impl View for AskView {
    const TEMPLATE: &'static str = "roster/ask.html";

    fn samples() -> Vec<Self> {
        let wrong =
            Form::sample("roster.form", &[("starts_on", "2026-11-23")], &[("ends_on", "ends_before_start")]);
        let one = |colleagues, form| Self { colleagues, form };
        vec![one(vec![], Form::new("roster.form")), one(sample_colleagues(), wrong)]
    }
}

impl View for PersonView {
    const TEMPLATE: &'static str = "roster/person.html";

    fn samples() -> Vec<Self> {
        let one = |is_own, leaves, rest| Self {
            person: PersonId(3),
            name: "尹强兰".to_owned(),
            is_own,
            colleagues: sample_colleagues(),
            leaves,
            rest,
            leave: Form::new("roster.form"),
        };
        let rest = Form::new("roster.form").with_list("weekdays", [6, 7]);
        let wrong = Form::sample("roster.form", &[], &[("weekdays", "rest_every_day")]);
        vec![
            one(false, vec![], rest),
            one(true, vec![sample_leave(2, State::Approved)], Form::new("roster.form")),
            one(false, vec![], wrong),
        ]
    }
}
