//! What was heard: it closes the case, reopens it, or says when to try again.

use chrono::TimeDelta;
use serde_json::json;

use super::{Heard, Outcome, ends, records, rules};
use crate::access::{Action, Actor, Object, Role, allow};
use crate::cases::{self, Case};
use crate::duties::{self, Duty, Kind, State};
use crate::error::FieldError;
use crate::notifications::{self, Tell, Urgency};
use crate::{CaseId, Db, DutyId, Error, Instant, PersonId, Result, community, complaints, on_duty, settings};

/// Records an attempt of a return visit and does what follows from it; returns the duty as it is then.
///
/// # Errors
/// By field where words or the agreed time are missing; `return_visit.own_work` for who did the work;
/// [`Error::Conflict`] where the visit is no longer open.
pub fn record(tx: &mut Db, actor: &Actor, now: Instant, duty: DutyId, heard: &Heard) -> Result<Duty> {
    let duty = duties::by_id(tx, duty)?;
    allow(tx, actor, now, Action::RecordDuty, Object::Work(duty.community_id, duty.owner_id))?;
    if duty.kind != Kind::ReturnVisit {
        return Err(Error::NotFound);
    }
    let person = actor.person.ok_or(Error::NotSignedIn)?;
    if duty.state != State::Open {
        return Err(duties::moved(&duty));
    }
    check(now, heard)?;
    let case = cases::by_id(tx, CaseId(duty.subject_id))?;
    if cases::finishes(tx, case.id)?
        .iter()
        .any(|done| occurs(done.number, &duty) && done.by_id == Some(person))
    {
        return Err(Error::refused("return_visit.own_work", vec![]));
    }
    if complaints::about(tx, case.id)? == Some(person) {
        return Err(Error::refused("return_visit.about_oneself", vec![]));
    }
    let attempt = records::insert(tx, now, &duty, person, heard)?;
    follow(tx, actor, now, (&duty, &case), (attempt, heard))?;
    duties::by_id(tx, duty.id)
}

fn occurs(number: i32, duty: &Duty) -> bool {
    duty.occurrence == number.to_string()
}

fn check(now: Instant, heard: &Heard) -> Result<()> {
    let mut wrong = Vec::new();
    let needs_words = matches!(heard.outcome, Outcome::NotMended | Outcome::Unsatisfied);
    if needs_words && heard.words.trim().is_empty() {
        wrong.push(FieldError::new("note", "words_of_resident"));
    }
    if heard.words.chars().count() > 2_000 {
        wrong.push(FieldError::new("note", "too_long").with("most", 2_000));
    }
    if heard.outcome == Outcome::CallLater {
        match heard.agreed_at {
            None => wrong.push(FieldError::new("agreed_at", "required")),
            Some(at) if at <= now => wrong.push(FieldError::new("agreed_at", "in_future")),
            Some(at) if at.since(now) > TimeDelta::days(30) => {
                wrong.push(FieldError::new("agreed_at", "too_far"));
            }
            Some(_) => {}
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

fn follow(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (duty, case): (&Duty, &Case),
    (attempt, heard): (i64, &Heard),
) -> Result<()> {
    let record = ("return_visit", attempt);
    let words = heard.words.trim();
    match heard.outcome {
        Outcome::Satisfied => {
            duties::fulfil(tx, duty, now, record)?;
            ends::closes(tx, actor, now, case, words)?;
        }
        Outcome::Unsatisfied => {
            duties::fulfil(tx, duty, now, record)?;
            let case = ends::closes(tx, actor, now, case, words)?;
            let supervisors = on_duty::holders(tx, case.community_id, Role::Supervisor, now)?;
            notifications::tell_all(tx, &supervisors, &news(duty, &case, "return_visit.unsatisfied"), now)?;
        }
        Outcome::NotMended => {
            duties::fulfil(tx, duty, now, record)?;
            ends::reopens(tx, actor, now, case, words)?;
        }
        Outcome::CallLater => {
            let at = heard.agreed_at.unwrap_or(now);
            duties::attempted(tx, duty, false, at)?;
            cases::note(tx, actor, now, case, words, false)?;
        }
        Outcome::NoAnswer => no_answer(tx, actor, now, duty, case)?,
    }
    Ok(())
}

/// Tried again on another day, or, tried as often as the rule asks, *unreachable*: the case closes and the
/// resident is told how to reopen it.
fn no_answer(tx: &mut Db, actor: &Actor, now: Instant, duty: &Duty, case: &Case) -> Result<()> {
    let zone = community::by_id(tx, duty.community_id)?.zone()?;
    let most = settings::get(tx, duty.community_id, settings::RETURN_VISIT_ATTEMPTS)?;
    duties::attempted(tx, duty, true, rules::next_attempt(zone, now))?;
    if i64::from(duty.attempts) + 1 < most {
        return Ok(());
    }
    duties::end(tx, duty, now, State::Unreachable)?;
    let case = ends::closes(tx, actor, now, case, "")?;
    let days = settings::get(tx, duty.community_id, settings::REOPEN_DAYS)?;
    let mut told = news(duty, &case, "return_visit.unreachable");
    told.args = json!({ "number": case.number(), "days": days });
    told.urgency = Urgency::Normal;
    let reporters = cases::reporters(tx, &case)?;
    notifications::tell_all(tx, &reporters, &told, now)
}

fn news(duty: &Duty, case: &Case, code: &'static str) -> Tell {
    Tell {
        community: case.community_id,
        event: format!("{code}:{}", duty.id),
        person: PersonId(0),
        code,
        args: json!({ "number": case.number() }),
        link: Some(format!("/cases/{}", case.number())),
        urgency: Urgency::Now,
    }
}
