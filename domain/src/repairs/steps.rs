//! The steps of a repair, each with what hangs on it: the clocks, the people who are told, the return visit.
//! Who may make a step and when, [`super::act`] has asked before.

use serde_json::json;

use super::act::{WaitFor, state};
use super::pays::{self, Quoted};
use super::records::{self, Load};
use super::rules::State;
use super::{dispatch, incidents, limits, promise, tell};
use crate::access::Actor;
use crate::attachments::{self, Subject};
use crate::billing::explain::yuan;
use crate::cases::{self, Case, Finish, Step, table};
use crate::error::FieldError;
use crate::stock::{self, Used};
use crate::{AttachmentId, Db, Error, Instant, PersonId, Result, duties, return_visits};

/// Who moves which repair, when.
pub(super) struct By<'a> {
    pub(super) actor: &'a Actor,
    pub(super) now: Instant,
    pub(super) case: &'a Case,
}

impl By<'_> {
    fn advance(&self, tx: &mut Db, action: &str, to: State, note: &str) -> Result<Case> {
        let step = Step::to(action, to.as_str()).note(note);
        cases::advance(tx, self.actor, self.now, self.case, &step)
    }

    fn fresh(&self, tx: &mut Db) -> Result<Case> {
        cases::by_id(tx, self.case.id)
    }

    fn tell_resident(&self, tx: &mut Db, case: &Case, code: &'static str) -> Result<()> {
        let args = json!({ "technician": self.actor.name });
        tell::resident(tx, self.actor, self.now, case, code, args)
    }

    pub(super) fn accept(&self, tx: &mut Db) -> Result<Case> {
        let case = self.advance(tx, "accept", State::Accepted, "")?;
        cases::answer_for(tx, case.id, self.actor.person)?;
        self.tell_resident(tx, &case, "repair.accepted")?;
        self.fresh(tx)
    }

    pub(super) fn give(&self, tx: &mut Db, action: &'static str, technician: PersonId) -> Result<Case> {
        let community = self.case.community_id;
        dispatch::check(tx, community, technician, self.now)?;
        if action == "hand_over" && records::of_case(tx, self.case.id)?.technician_id == Some(technician) {
            return Err(Error::field("technician", "has_it_already"));
        }
        let today = crate::community::by_id(tx, community)?.today(self.now)?;
        let loads = records::loads(tx, community, today)?;
        let load: Load = loads.into_iter().find(|load| load.person == technician).ok_or(Error::NotFound)?;
        dispatch::send(tx, self.actor, self.now, self.case, action, &load)
    }

    /// Takes what was given to them, or, on duty, from the pool.
    pub(super) fn take(&self, tx: &mut Db) -> Result<Case> {
        let pool = state(self.case)? == State::Accepted;
        let here = self.case.community_id;
        if pool && !dispatch::takes_from_pool(tx, here, self.actor.person, self.now)? {
            return Err(Error::refused("repair.off_duty", vec![]));
        }
        let given_at = records::of_case(tx, self.case.id)?.dispatched_at;
        let case = self.advance(tx, "take", State::Taken, &self.actor.name)?;
        records::give(tx, case.id, self.actor.person, given_at.or(Some(self.now)))?;
        cases::responded(tx, case.id, self.now)?;
        tell::staff(tx, self.now, &case, "repair.taken", case.accountable_id.as_slice())?;
        self.tell_resident(tx, &case, "repair.coming")?;
        self.fresh(tx)
    }

    pub(super) fn plain(&self, tx: &mut Db, to: State, code: &'static str) -> Result<Case> {
        let case = self.advance(tx, "arrive", to, &self.actor.name)?;
        self.tell_resident(tx, &case, code)?;
        self.fresh(tx)
    }

    pub(super) fn wait(&self, tx: &mut Db, wait_for: WaitFor, note: &str) -> Result<Case> {
        let to = match wait_for {
            WaitFor::Parts => State::WaitingParts,
            WaitFor::Resident => State::WaitingResident,
        };
        let case = self.advance(tx, "wait", to, words("note", note)?)?;
        cases::pause(tx, case.id, self.now)?;
        self.tell_resident(tx, &case, "repair.waiting")?;
        self.fresh(tx)
    }

    pub(super) fn resume(&self, tx: &mut Db) -> Result<Case> {
        let resolve_by = promise::after_waiting(tx, self.case, self.now)?;
        let case = self.advance(tx, "resume", State::OnSite, "")?;
        cases::resume(tx, case.id, resolve_by)?;
        self.tell_resident(tx, &case, "repair.resumed")?;
        self.fresh(tx)
    }

    pub(super) fn quote(
        &self,
        tx: &mut Db,
        state: State,
        (lines, caused): (&[Quoted], bool),
    ) -> Result<Case> {
        let total = pays::offer(tx, self.actor, self.now, self.case, (lines, caused))?;
        let case = self.advance(tx, "quote", state, &yuan(total))?;
        let args = json!({ "technician": self.actor.name, "total": yuan(total) });
        tell::resident(tx, self.actor, self.now, &case, "repair.quoted", args)?;
        self.fresh(tx)
    }

    /// The resident's word is theirs; a technician records a signature, with its photo.
    pub(super) fn agree(
        &self,
        tx: &mut Db,
        state: State,
        signature: Option<AttachmentId>,
        standing: table::Standing,
    ) -> Result<Case> {
        if !standing.resident && signature.is_none() {
            return Err(Error::field("attachments", "signature"));
        }
        let total = pays::agree(tx, self.actor, self.now, self.case, signature)?;
        let case = self.advance(tx, "agree", state, &yuan(total))?;
        attachments::attach(tx, self.actor, Subject::Case(case.id), "signature", signature.as_slice())?;
        let technician = records::of_case(tx, case.id)?.technician_id;
        let told: Vec<_> =
            technician.into_iter().filter(|person| self.actor.person != Some(*person)).collect();
        tell::staff(tx, self.now, &case, "repair.agreed", &told)?;
        self.tell_resident(tx, &case, "repair.agreed_for_you")?;
        self.fresh(tx)
    }

    pub(super) fn disagree(&self, tx: &mut Db, state: State) -> Result<Case> {
        pays::disagree(tx, self.now, self.case)?;
        let case = self.advance(tx, "disagree", state, "")?;
        let technician = records::of_case(tx, case.id)?.technician_id;
        tell::staff(tx, self.now, &case, "repair.disagreed", technician.as_slice())?;
        self.fresh(tx)
    }

    /// The resident will not pay it: the repair stays where it is, and whoever has it and answers for it hear why.
    /// They offer another quote, do what costs nothing, or end it with the desk; nothing is charged.
    pub(super) fn refuse(&self, tx: &mut Db, state: State, reason: &str) -> Result<Case> {
        let reason = words("reason", reason)?;
        pays::refuse(tx, self.actor, self.now, self.case, reason)?;
        let case = self.advance(tx, "refuse", state, reason)?;
        let technician = records::of_case(tx, case.id)?.technician_id;
        let people: Vec<_> = technician.into_iter().chain(case.accountable_id).collect();
        tell::staff(tx, self.now, &case, "repair.refused", &people)?;
        self.fresh(tx)
    }

    pub(super) fn finish(
        &self,
        tx: &mut Db,
        (work, cause): (&str, &str),
        minutes: i32,
        (materials, photos): (&[Used], &[AttachmentId]),
    ) -> Result<Case> {
        check_finish(work, cause, minutes, photos)?;
        let bill = pays::on_finish(tx, self.case, materials)?;
        let has_contact = super::has_contact(tx, self.case, self.now)?;
        let done = Finish {
            by: self.actor.person,
            work: work.trim().to_owned(),
            cause: cause.trim().to_owned(),
            minutes,
            exempt: (!has_contact).then_some("no_contact"),
        };
        let case = self.advance(tx, "finish", State::Done, &done.work)?;
        let number = cases::finish(tx, self.case, self.now, &done)?;
        attachments::attach(tx, self.actor, Subject::Case(case.id), "finish", photos)?;
        stock::take(tx, self.actor, self.now, (case.community_id, case.id), materials)?;
        let charged = bill.settle(tx, self.actor, self.now, &case)?;
        if let Some(sum) = charged {
            let args = json!({ "total": yuan(sum) });
            tell::resident(tx, self.actor, self.now, &case, "repair.charged", args)?;
        }
        return_visits::request(tx, case.id, number)?;
        tell::staff(tx, self.now, &case, "repair.finished", case.accountable_id.as_slice())?;
        if !incidents::end(tx, self.now, &case, ("incident.over", &done.work))? {
            self.tell_resident(tx, &case, "repair.done")?;
        }
        self.fresh(tx)
    }

    pub(super) fn rate(&self, tx: &mut Db, state: State, score: i32, word: &str) -> Result<Case> {
        if !(1..=5).contains(&score) {
            let error = FieldError::new("score", "between").with("least", 1).with("most", 5);
            return Err(Error::Invalid(vec![error]));
        }
        let word = short("word", word, 200)?;
        let case = self.advance(tx, "rate", state, format!("{score} {word}").trim())?;
        records::rate(tx, case.id, score, word)?;
        self.fresh(tx)
    }

    pub(super) fn reopen(&self, tx: &mut Db, reason: &str, standing: table::Standing) -> Result<Case> {
        let reason = words("reason", reason)?;
        limits::check_reopening(tx, self.case, self.now)?;
        let subject = (duties::SubjectKind::Case, self.case.id.0);
        // What the accountable hears is the return visit; only the resident's own word takes it out by rule.
        let heard_by_us = standing.accountable && !standing.resident;
        let open = duties::open_of(tx, duties::Kind::ReturnVisit, subject)?;
        if let Some(duty) = open.filter(|_| heard_by_us) {
            let heard = return_visits::Heard {
                outcome: return_visits::Outcome::NotMended,
                words: reason.to_owned(),
                agreed_at: None,
            };
            return_visits::record(tx, self.actor, self.now, duty.id, &heard)?;
            return self.fresh(tx);
        }
        duties::cancel_by_rule(tx, duties::Kind::ReturnVisit, subject, "case_reopened", self.now)?;
        super::visited::reopened(tx, self.actor, self.now, self.case, "reopen", reason)
    }

    pub(super) fn merge(&self, tx: &mut Db, into: &str) -> Result<Case> {
        let unknown = || Error::field("into", "unknown_case");
        let other = cases::read(tx, self.actor, self.now, self.case.community_id, into.trim());
        let other =
            other.map_err(|error| if matches!(error, Error::NotFound) { unknown() } else { error })?;
        if other.id == self.case.id || state(&other).map_err(|_| unknown())?.is_over() {
            return Err(unknown());
        }
        let case = self.advance(tx, "merge", State::Merged, other.number())?;
        cases::merge(tx, case.id, other.id, self.now)?;
        incidents::follow(tx, case.id, other.id)?;
        let note = format!("+ {}", case.number());
        cases::note(tx, self.actor, self.now, &other, &note, false)?;
        let args = json!({ "into": other.number() });
        tell::resident(tx, self.actor, self.now, &case, "repair.merged", args)?;
        self.fresh(tx)
    }

    pub(super) fn cancel(&self, tx: &mut Db, reason: &str) -> Result<Case> {
        if !limits::may_cancel_now(self.case, self.now) {
            return Err(Error::refused("repair.withdraw_time", vec![]));
        }
        let reason = words("reason", reason)?;
        let case = self.advance(tx, "cancel", State::Cancelled, reason)?;
        cases::close(tx, case.id, self.now)?;
        let technician = records::of_case(tx, case.id)?.technician_id;
        let mut people: Vec<_> = technician.into_iter().chain(case.accountable_id).collect();
        people.retain(|person| self.actor.person != Some(*person));
        tell::staff(tx, self.now, &case, "repair.cancelled", &people)?;
        if !incidents::end(tx, self.now, &case, ("incident.called_off", reason))? {
            self.tell_resident(tx, &case, "repair.cancelled")?;
        }
        self.fresh(tx)
    }

    pub(super) fn no_access(&self, tx: &mut Db) -> Result<Case> {
        limits::check_access(tx, self.case, self.now)?;
        let case = self.advance(tx, "no_access", State::Closed, "")?;
        cases::close(tx, case.id, self.now)?;
        if !incidents::end(tx, self.now, &case, ("incident.no_access", ""))? {
            self.tell_resident(tx, &case, "repair.no_access")?;
        }
        self.fresh(tx)
    }
}

fn check_finish(work: &str, cause: &str, minutes: i32, photos: &[AttachmentId]) -> Result<()> {
    let mut wrong = Vec::new();
    for (field, text) in [("work", work), ("cause", cause)] {
        if text.trim().is_empty() {
            wrong.push(FieldError::new(field, "required"));
        } else if text.chars().count() > 2_000 {
            wrong.push(FieldError::new(field, "too_long").with("most", 2_000));
        }
    }
    if !(1..=10_000).contains(&minutes) {
        wrong.push(FieldError::new("minutes", "between").with("least", 1).with("most", 10_000));
    }
    if photos.is_empty() {
        wrong.push(FieldError::new("attachments", "photo_after"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

/// Words that have to be there.
fn words<'a>(field: &'static str, text: &'a str) -> Result<&'a str> {
    if text.trim().is_empty() {
        return Err(Error::field(field, "required"));
    }
    short(field, text, 2_000)
}

fn short<'a>(field: &'static str, text: &'a str, most: usize) -> Result<&'a str> {
    if text.chars().count() > most {
        return Err(Error::Invalid(vec![FieldError::new(field, "too_long").with("most", most)]));
    }
    Ok(text.trim())
}
