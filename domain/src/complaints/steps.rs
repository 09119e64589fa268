//! The steps of a complaint, each with what hangs on it: the clocks, the department, the people who are told,
//! the return visit. Who may make a step and when, [`super::act`] has asked before.

use diesel::prelude::*;
use serde_json::json;

use super::act::state;
use super::records::{self, Complaint};
use super::rules::{self, Cause, Department, State};
use super::{departments, visited};
use crate::access::{Actor, Role};
use crate::cases::tell;
use crate::cases::voice::{too_long, words};
use crate::cases::{self, Case, Finish, Step};
use crate::db::schema::{case_events, complaints};
use crate::error::FieldError;
use crate::{Db, Error, Fen, Instant, PersonId, Result, duties, knowledge, on_duty, repairs, return_visits};

/// The most characters of what is said in one field.
const MOST: usize = 2_000;

/// Who moves which complaint, when.
pub(super) struct By<'a> {
    pub(super) actor: &'a Actor,
    pub(super) now: Instant,
    pub(super) case: &'a Case,
    pub(super) row: &'a Complaint,
}

impl By<'_> {
    fn advance(&self, tx: &mut Db, step: &Step<'_>) -> Result<Case> {
        cases::advance(tx, self.actor, self.now, self.case, step)
    }

    fn fresh(&self, tx: &mut Db) -> Result<Case> {
        cases::by_id(tx, self.case.id)
    }

    fn tell_staff(&self, tx: &mut Db, case: &Case, code: &'static str, people: Vec<PersonId>) -> Result<()> {
        tell::staff(tx, self.actor, self.now, case, code, people)
    }

    fn tell_reporters(&self, tx: &mut Db, case: &Case, code: &'static str) -> Result<()> {
        tell::reporters(tx, self.actor, self.now, case, code, json!({}))
    }

    fn those_at_it(&self) -> Vec<PersonId> {
        self.case.accountable_id.into_iter().chain(self.row.responsible_id).collect()
    }

    /// Gives it to a department: to its head, who is never whom it is about.
    fn give(&self, tx: &mut Db, case: &Case, department: Department) -> Result<()> {
        let about: Vec<PersonId> = self.row.about_id.into_iter().collect();
        let head = departments::head_of(tx, case.community_id, department, self.now, &about)?;
        let set = (complaints::department.eq(department), complaints::responsible_id.eq(head));
        diesel::update(complaints::table.find(case.id.0)).set(set).execute(tx)?;
        self.tell_staff(tx, case, "complaint.given", vec![head])
    }

    pub(super) fn founded(&self, tx: &mut Db, department: Department, note: &str) -> Result<Case> {
        let note = short("note", note)?;
        let case = self.advance(tx, &Step::to("founded", State::Founded.as_str()).note(note))?;
        let set = (complaints::founded.eq(true), complaints::verdict.eq(note));
        diesel::update(complaints::table.find(case.id.0)).set(set).execute(tx)?;
        self.give(tx, &case, department)?;
        self.tell_reporters(tx, &case, "complaint.founded")?;
        self.fresh(tx)
    }

    pub(super) fn unfounded(&self, tx: &mut Db, reason: &str) -> Result<Case> {
        let reason = words("reason", reason, MOST)?;
        let step = Step::to("unfounded", State::Unfounded.as_str()).note(reason).internal();
        let case = self.advance(tx, &step)?;
        let set = (complaints::founded.eq(false), complaints::verdict.eq(reason));
        diesel::update(complaints::table.find(case.id.0)).set(set).execute(tx)?;
        self.tell_staff(tx, &case, "complaint.to_answer", self.case.accountable_id.into_iter().collect())?;
        self.fresh(tx)
    }

    pub(super) fn reassign(&self, tx: &mut Db, department: Department, reason: &str) -> Result<Case> {
        let reason = words("reason", reason, MOST)?;
        if self.row.department == Some(department) {
            return Err(Error::field("department", "has_it_already_department"));
        }
        let step = Step::to("reassign", State::Founded.as_str()).note(reason).internal();
        let case = self.advance(tx, &step)?;
        self.give(tx, &case, department)?;
        self.fresh(tx)
    }

    pub(super) fn investigate(&self, tx: &mut Db) -> Result<Case> {
        let case = self.advance(tx, &Step::to("investigate", State::Investigating.as_str()))?;
        self.tell_reporters(tx, &case, "complaint.investigating")?;
        self.fresh(tx)
    }

    pub(super) fn propose(
        &self,
        tx: &mut Db,
        cause: Cause,
        findings: &str,
        options: &[(String, Fen)],
    ) -> Result<Case> {
        let findings = words("findings", findings, MOST)?;
        check_options(options)?;
        let step = Step::to("propose", State::Proposed.as_str()).note(findings).internal();
        let case = self.advance(tx, &step)?;
        let plan = self.row.plan + 1;
        let set = (
            complaints::cause.eq(cause),
            complaints::findings.eq(findings),
            complaints::plan.eq(plan),
            complaints::chosen.eq(None::<i32>),
            complaints::chosen_by.eq(None::<PersonId>),
            complaints::chosen_at.eq(None::<Instant>),
        );
        diesel::update(complaints::table.find(case.id.0)).set(set).execute(tx)?;
        records::insert_plan(tx, (case.community_id, case.id), plan, options)?;
        let promises = options.iter().any(|(_, money)| money.0 > 0);
        let who = if promises { Role::Manager } else { Role::Supervisor };
        let approvers = on_duty::holders(tx, case.community_id, who, self.now)?;
        self.tell_staff(tx, &case, "complaint.proposed", approvers)?;
        self.fresh(tx)
    }

    pub(super) fn send_back(&self, tx: &mut Db, reason: &str) -> Result<Case> {
        let reason = words("reason", reason, MOST)?;
        let step = Step::to("send_back", State::Investigating.as_str()).note(reason).internal();
        let case = self.advance(tx, &step)?;
        self.tell_staff(tx, &case, "complaint.sent_back", self.row.responsible_id.into_iter().collect())?;
        self.fresh(tx)
    }

    /// An approved plan is the first that who complained sees of it: an answer, if not yet the last.
    pub(super) fn approve(&self, tx: &mut Db) -> Result<Case> {
        let case = self.advance(tx, &Step::to("approve", State::Approved.as_str()))?;
        cases::responded(tx, case.id, self.now)?;
        let several = records::options(tx, self.row)?.len() > 1;
        let code = if several { "complaint.choose" } else { "complaint.approved" };
        self.tell_reporters(tx, &case, code)?;
        self.tell_staff(tx, &case, "complaint.plan_approved", self.those_at_it())?;
        self.fresh(tx)
    }

    pub(super) fn choose(&self, tx: &mut Db, option: i32) -> Result<Case> {
        let options = records::options(tx, self.row)?;
        let chosen = options.iter().find(|one| one.number == option);
        let chosen = chosen.ok_or_else(|| Error::field("option", "choice"))?;
        let note = format!("{option}. {}", chosen.text);
        let case = self.advance(tx, &Step::to("choose", State::Approved.as_str()).note(&note))?;
        let set = (
            complaints::chosen.eq(option),
            complaints::chosen_by.eq(self.actor.person),
            complaints::chosen_at.eq(self.now),
        );
        diesel::update(complaints::table.find(case.id.0)).set(set).execute(tx)?;
        self.tell_staff(tx, &case, "complaint.chosen", self.those_at_it())?;
        self.fresh(tx)
    }

    pub(super) fn carry_out(&self, tx: &mut Db) -> Result<Case> {
        let case = self.advance(tx, &Step::to("carry_out", State::CarryingOut.as_str()))?;
        self.tell_reporters(tx, &case, "complaint.carrying_out")?;
        self.fresh(tx)
    }

    pub(super) fn reply(&self, tx: &mut Db, at: State, said: (&str, Option<i64>)) -> Result<Case> {
        let said = knowledge::said(tx, (self.actor, self.now), self.case.community_id, said)?;
        let case = self.advance(tx, &Step::to("reply", at.as_str()).note(&said))?;
        cases::responded(tx, case.id, self.now)?;
        self.tell_reporters(tx, &case, "complaint.reply")?;
        self.fresh(tx)
    }

    pub(super) fn answer(&self, tx: &mut Db, done: &str, (said, lesson): (&str, &str)) -> Result<Case> {
        let done = words("done", done, MOST)?;
        let (said, lesson) = (short("said", said)?, short("lesson", lesson)?);
        let exempt = (!repairs::has_contact(tx, self.case, self.now)?).then_some("no_contact");
        let case = self.advance(tx, &Step::to("answer", State::Answered.as_str()).note(done))?;
        let lesson = if lesson.is_empty() { self.row.lesson.as_str() } else { lesson };
        let set = (complaints::done.eq(done), complaints::said.eq(said), complaints::lesson.eq(lesson));
        diesel::update(complaints::table.find(case.id.0)).set(set).execute(tx)?;
        let finish = Finish {
            by: self.row.responsible_id.or(self.actor.person),
            work: done.to_owned(),
            cause: self.row.cause.map(|cause| cause.to_string()).unwrap_or_default(),
            minutes: 0,
            exempt,
        };
        let number = cases::finish(tx, self.case, self.now, &finish)?;
        if exempt.is_some() {
            return visited::closes_unasked(tx, self.now, &case);
        }
        return_visits::request(tx, case.id, number)?;
        self.tell_reporters(tx, &case, "complaint.answered")?;
        self.tell_staff(tx, &case, "complaint.to_visit", case.accountable_id.into_iter().collect())?;
        self.fresh(tx)
    }

    pub(super) fn withdraw(&self, tx: &mut Db, reason: &str) -> Result<Case> {
        let own = self.case.reporter_id == self.actor.person;
        // Who withdraws their own needs no reason; the supervisor writes down the words of who complained.
        let reason = if own { short("reason", reason)? } else { words("reason", reason, MOST)? };
        let case = self.advance(tx, &Step::to("withdraw", State::Withdrawn.as_str()).note(reason))?;
        cases::close(tx, case.id, self.now)?;
        self.tell_staff(tx, &case, "complaint.withdrawn", self.those_at_it())?;
        self.tell_reporters(tx, &case, "complaint.withdrawn")?;
        self.fresh(tx)
    }

    /// Back to where it was before it was withdrawn; its clocks have run on.
    pub(super) fn undo(&self, tx: &mut Db) -> Result<Case> {
        let before: Option<String> = case_events::table
            .filter(case_events::case_id.eq(self.case.id.0).and(case_events::action.eq("withdraw")))
            .order(case_events::id.desc())
            .select(case_events::from_state)
            .first(tx)?;
        let before: State = before.unwrap_or_default().parse().map_err(Error::internal)?;
        let case = self.advance(tx, &Step::to("undo", before.as_str()))?;
        cases::go_on(tx, case.id)?;
        self.tell_staff(tx, &case, "complaint.goes_on", self.those_at_it())?;
        self.fresh(tx)
    }

    pub(super) fn merge(&self, tx: &mut Db, into: &str) -> Result<Case> {
        let unknown = || Error::field("into", "unknown_complaint");
        let other = cases::read(tx, self.actor, self.now, self.case.community_id, into.trim());
        let other =
            other.map_err(|error| if matches!(error, Error::NotFound) { unknown() } else { error })?;
        let running = state(&other).map_err(|_| unknown())?.is_before_answer();
        if other.id == self.case.id || !running {
            return Err(unknown());
        }
        let case = self.advance(tx, &Step::to("merge", State::Merged.as_str()).note(other.number()))?;
        cases::merge(tx, case.id, other.id, self.now)?;
        cases::note(tx, self.actor, self.now, &other, &format!("+ {}", case.number()), false)?;
        tell::reporters(
            tx,
            self.actor,
            self.now,
            &case,
            "complaint.merged",
            json!({ "into": other.number() }),
        )?;
        self.fresh(tx)
    }

    pub(super) fn reopen(&self, tx: &mut Db, reason: &str) -> Result<Case> {
        let reason = words("reason", reason, MOST)?;
        let subject = (duties::SubjectKind::Case, self.case.id.0);
        // Before its return visit only who complained opens it again, and that is what the visit would ask.
        duties::cancel_by_rule(tx, duties::Kind::ReturnVisit, subject, "case_reopened", self.now)?;
        visited::reopened(tx, (self.actor, self.now), (self.case, self.row), "reopen", reason)
    }

    pub(super) fn learn(&self, tx: &mut Db, at: State, lesson: &str) -> Result<Case> {
        let lesson = words("lesson", lesson, MOST)?;
        let case = self.advance(tx, &Step::to("learn", at.as_str()).note(lesson).internal())?;
        diesel::update(complaints::table.find(case.id.0)).set(complaints::lesson.eq(lesson)).execute(tx)?;
        self.fresh(tx)
    }
}

fn check_options(options: &[(String, Fen)]) -> Result<()> {
    let mut wrong = Vec::new();
    if options.is_empty() {
        wrong.push(FieldError::new("option_1", "required"));
    }
    if options.len() > rules::OPTIONS {
        wrong.push(FieldError::new("options", "too_many_options"));
    }
    for (n, (text, money)) in options.iter().enumerate() {
        let field = |name: &str| format!("{name}_{}", n + 1);
        if text.trim().is_empty() {
            wrong.push(FieldError::new(field("option"), "required"));
        } else if text.chars().count() > 500 {
            wrong.push(FieldError::new(field("option"), "too_long").with("most", 500));
        }
        if !(0..=100_000_000).contains(&money.0) {
            wrong.push(FieldError::new(field("money"), "money"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

/// Words that need not be there.
fn short<'a>(field: &'static str, text: &'a str) -> Result<&'a str> {
    too_long(field, text, MOST).map_or(Ok(text.trim()), |error| Err(Error::Invalid(vec![error])))
}
