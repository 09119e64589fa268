//! One step of a repair: seen in its present version, allowed by the table, made, told.

use chrono::TimeDelta;
use serde_json::json;

use super::records::{self, Load};
use super::rules::{State, TABLE};
use super::{dispatch, promise, tell};
use crate::access::{Action, Actor, Object, allow};
use crate::attachments::{self, Subject};
use crate::cases::{self, Case, Finish, Kind, Step, Urgency, Who, table};
use crate::error::FieldError;
use crate::{
    AttachmentId, CommunityId, Db, Error, Instant, PersonId, Result, duties, return_visits, settings,
};

crate::words! {
    /// What a repair waits for.
    WaitFor {
        /// A part.
        Parts = "parts",
        /// The resident.
        Resident = "resident",
    }
}

/// What somebody does to a repair.
#[derive(Debug, Clone)]
pub enum Act {
    /// 接单: answers for it from now on.
    Accept,
    /// Gives it to a technician.
    Dispatch {
        /// Whom.
        technician: PersonId,
    },
    /// Will not take it.
    Decline,
    /// Takes it: given, or from the pool.
    Take,
    /// Gives it back after taking it.
    Release,
    /// Gives it to another technician.
    HandOver {
        /// Whom.
        technician: PersonId,
    },
    /// Is there.
    Arrive,
    /// Cannot go on now.
    Wait {
        /// What for.
        wait_for: WaitFor,
        /// What exactly.
        note: String,
    },
    /// Goes on.
    Resume,
    /// Is done.
    Finish {
        /// What was done.
        work: String,
        /// What the cause was.
        cause: String,
        /// How long it took.
        minutes: i32,
        /// Photos of it.
        attachments: Vec<AttachmentId>,
    },
    /// Says how it was.
    Rate {
        /// 1 to 5.
        score: i32,
        /// A word with it.
        word: String,
    },
    /// Says that it is not mended.
    Reopen {
        /// Why.
        reason: String,
    },
    /// Ends it in another repair about the same thing.
    Merge {
        /// The other's number.
        into: String,
    },
    /// Withdraws it.
    Cancel {
        /// Why.
        reason: String,
    },
    /// Closes it, as nobody has let the technician in for days.
    NoAccess,
}

impl Act {
    /// The word of the table.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Dispatch { .. } => "dispatch",
            Self::Decline => "decline",
            Self::Take => "take",
            Self::Release => "release",
            Self::HandOver { .. } => "hand_over",
            Self::Arrive => "arrive",
            Self::Wait { .. } => "wait",
            Self::Resume => "resume",
            Self::Finish { .. } => "finish",
            Self::Rate { .. } => "rate",
            Self::Reopen { .. } => "reopen",
            Self::Merge { .. } => "merge",
            Self::Cancel { .. } => "cancel",
            Self::NoAccess => "no_access",
        }
    }
}

/// The state of a repair, as its own word.
pub(super) fn state(case: &Case) -> Result<State> {
    if case.kind != Kind::Repair {
        return Err(Error::NotFound);
    }
    case.state.parse().map_err(Error::internal)
}

/// What the actor may do to a repair now, in the table's order: the buttons of its page.
pub fn actions(db: &mut Db, actor: &Actor, now: Instant, case: &Case) -> Result<Vec<&'static str>> {
    let standing = cases::standing(db, actor, now, case)?;
    let may = |by: &[Who]| table::is_one_of(by, actor, case.community_id, standing);
    let mut found = table::actions(TABLE, state(case)?, may);
    if !may_cancel_now(case, now) {
        found.retain(|action| *action != "cancel");
    }
    if found.contains(&"reopen") && check_reopening(db, case, now).is_err() {
        found.retain(|action| *action != "reopen");
    }
    if found.contains(&"no_access") && check_access(db, case, now).is_err() {
        found.retain(|action| *action != "no_access");
    }
    Ok(found)
}

/// Moves a repair by one step and returns it as it is then.
///
/// # Errors
/// [`Error::Conflict`] where `version` is not the present one; `case.transition` where the state has no
/// such step; [`Error::NotAllowed`] where it is somebody else's.
pub fn act(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, number): (CommunityId, &str),
    version: i32,
    act: &Act,
) -> Result<Case> {
    let case = cases::read(tx, actor, now, community, number)?;
    cases::expect(&case, version)?;
    allow(tx, actor, now, Action::MoveCase, Object::Case(community, case.id))?;
    let standing = cases::standing(tx, actor, now, &case)?;
    let may = |by: &[Who]| table::is_one_of(by, actor, community, standing);
    let row = table::find(TABLE, state(&case)?, act.word(), may)?;
    let by = By { actor, now, case: &case };
    match act {
        Act::Accept => by.accept(tx),
        Act::Dispatch { technician } => by.give(tx, "dispatch", *technician),
        Act::HandOver { technician } => by.give(tx, "hand_over", *technician),
        Act::Decline => dispatch::back_to_pool(tx, actor, now, &case, "decline", &actor.name),
        Act::Release => dispatch::back_to_pool(tx, actor, now, &case, "release", &actor.name),
        Act::Take => by.take(tx),
        Act::Arrive => by.plain(tx, row.to, "repair.arrived"),
        Act::Wait { wait_for, note } => by.wait(tx, *wait_for, note),
        Act::Resume => by.resume(tx),
        Act::Finish { work, cause, minutes, attachments } => {
            by.finish(tx, (work, cause), *minutes, attachments)
        }
        Act::Rate { score, word } => by.rate(tx, row.to, *score, word),
        Act::Reopen { reason } => by.reopen(tx, reason, standing),
        Act::Merge { into } => by.merge(tx, into),
        Act::Cancel { reason } => by.cancel(tx, reason),
        Act::NoAccess => by.no_access(tx),
    }
}

/// Who moves which repair, when.
struct By<'a> {
    actor: &'a Actor,
    now: Instant,
    case: &'a Case,
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

    fn accept(&self, tx: &mut Db) -> Result<Case> {
        let case = self.advance(tx, "accept", State::Accepted, "")?;
        cases::answer_for(tx, case.id, self.actor.person)?;
        self.tell_resident(tx, &case, "repair.accepted")?;
        self.fresh(tx)
    }

    fn give(&self, tx: &mut Db, action: &'static str, technician: PersonId) -> Result<Case> {
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

    fn take(&self, tx: &mut Db) -> Result<Case> {
        let given_at = records::of_case(tx, self.case.id)?.dispatched_at;
        let case = self.advance(tx, "take", State::Taken, &self.actor.name)?;
        records::give(tx, case.id, self.actor.person, given_at.or(Some(self.now)))?;
        cases::responded(tx, case.id, self.now)?;
        tell::staff(tx, self.now, &case, "repair.taken", case.accountable_id.as_slice())?;
        self.tell_resident(tx, &case, "repair.coming")?;
        self.fresh(tx)
    }

    fn plain(&self, tx: &mut Db, to: State, code: &'static str) -> Result<Case> {
        let case = self.advance(tx, "arrive", to, &self.actor.name)?;
        self.tell_resident(tx, &case, code)?;
        self.fresh(tx)
    }

    fn wait(&self, tx: &mut Db, wait_for: WaitFor, note: &str) -> Result<Case> {
        let to = match wait_for {
            WaitFor::Parts => State::WaitingParts,
            WaitFor::Resident => State::WaitingResident,
        };
        let case = self.advance(tx, "wait", to, words("note", note)?)?;
        cases::pause(tx, case.id, self.now)?;
        self.tell_resident(tx, &case, "repair.waiting")?;
        self.fresh(tx)
    }

    fn resume(&self, tx: &mut Db) -> Result<Case> {
        let resolve_by = promise::after_waiting(tx, self.case, self.now)?;
        let case = self.advance(tx, "resume", State::OnSite, "")?;
        cases::resume(tx, case.id, resolve_by)?;
        self.tell_resident(tx, &case, "repair.resumed")?;
        self.fresh(tx)
    }

    fn finish(
        &self,
        tx: &mut Db,
        (work, cause): (&str, &str),
        minutes: i32,
        photos: &[AttachmentId],
    ) -> Result<Case> {
        check_finish(work, cause, minutes, photos)?;
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
        return_visits::request(tx, case.id, number)?;
        tell::staff(tx, self.now, &case, "repair.finished", case.accountable_id.as_slice())?;
        self.tell_resident(tx, &case, "repair.done")?;
        self.fresh(tx)
    }

    fn rate(&self, tx: &mut Db, state: State, score: i32, word: &str) -> Result<Case> {
        if !(1..=5).contains(&score) {
            let error = FieldError::new("score", "between").with("least", 1).with("most", 5);
            return Err(Error::Invalid(vec![error]));
        }
        let word = short("word", word, 200)?;
        let case = self.advance(tx, "rate", state, format!("{score} {word}").trim())?;
        records::rate(tx, case.id, score, word)?;
        self.fresh(tx)
    }

    fn reopen(&self, tx: &mut Db, reason: &str, standing: table::Standing) -> Result<Case> {
        let reason = words("reason", reason)?;
        check_reopening(tx, self.case, self.now)?;
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

    fn merge(&self, tx: &mut Db, into: &str) -> Result<Case> {
        let unknown = || Error::field("into", "unknown_case");
        let other = cases::read(tx, self.actor, self.now, self.case.community_id, into.trim());
        let other =
            other.map_err(|error| if matches!(error, Error::NotFound) { unknown() } else { error })?;
        if other.id == self.case.id || state(&other).map_err(|_| unknown())?.is_over() {
            return Err(unknown());
        }
        let case = self.advance(tx, "merge", State::Merged, other.number())?;
        cases::merge(tx, case.id, other.id, self.now)?;
        let note = format!("+ {}", case.number());
        cases::note(tx, self.actor, self.now, &other, &note, false)?;
        let args = json!({ "into": other.number() });
        tell::resident(tx, self.actor, self.now, &case, "repair.merged", args)?;
        self.fresh(tx)
    }

    fn cancel(&self, tx: &mut Db, reason: &str) -> Result<Case> {
        if !may_cancel_now(self.case, self.now) {
            return Err(Error::refused("repair.withdraw_time", vec![]));
        }
        let case = self.advance(tx, "cancel", State::Cancelled, words("reason", reason)?)?;
        cases::close(tx, case.id, self.now)?;
        let technician = records::of_case(tx, case.id)?.technician_id;
        let mut people: Vec<_> = technician.into_iter().chain(case.accountable_id).collect();
        people.retain(|person| self.actor.person != Some(*person));
        tell::staff(tx, self.now, &case, "repair.cancelled", &people)?;
        self.tell_resident(tx, &case, "repair.cancelled")?;
        self.fresh(tx)
    }

    fn no_access(&self, tx: &mut Db) -> Result<Case> {
        check_access(tx, self.case, self.now)?;
        let case = self.advance(tx, "no_access", State::Closed, "")?;
        cases::close(tx, case.id, self.now)?;
        self.tell_resident(tx, &case, "repair.no_access")?;
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

/// A technician who was sent may be on the way: then only what was reported within ten minutes is withdrawn.
fn may_cancel_now(case: &Case, now: Instant) -> bool {
    let fresh = case.submitted_at.is_some_and(|at| now.since(at) <= TimeDelta::minutes(10));
    case.state != State::Dispatched.as_str() || fresh
}

fn check_reopening(db: &mut Db, case: &Case, now: Instant) -> Result<()> {
    let Some(closed) = case.closed_at else { return Ok(()) };
    let days = settings::get(db, case.community_id, settings::REOPEN_DAYS)?;
    if now.since(closed) <= TimeDelta::days(days) {
        return Ok(());
    }
    Err(Error::refused("repair.reopen_time", vec![("days", days.to_string())]))
}

fn check_access(db: &mut Db, case: &Case, now: Instant) -> Result<()> {
    let days = settings::get(db, case.community_id, settings::NO_ACCESS_DAYS)?;
    let waited = case.paused_at.is_some_and(|at| now.since(at) >= TimeDelta::days(days));
    if waited {
        Ok(())
    } else {
        Err(Error::refused("repair.no_access_time", vec![("days", days.to_string())]))
    }
}

/// Whether a repair's next step is due for an emergency at once.
pub(super) fn is_emergency(case: &Case) -> bool {
    case.urgency == Urgency::Emergency
}
