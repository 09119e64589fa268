//! Leave: asked for by oneself and decided by somebody else, or written down at once for who calls in sick.

use serde_json::json;

use super::hand_over;
use super::records::{self, Leave, New};
use super::rules::{self, Kind, State};
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::notifications::{self, Tell, Urgency};
use crate::{
    CommunityId, Db, Error, FieldError, Instant, LeaveId, LocalDate, PersonId, Result, community, db, on_duty,
};

/// A leave as it is asked for.
#[derive(Debug, Clone)]
pub struct NewLeave {
    /// Why.
    pub kind: Kind,
    /// The first day away.
    pub starts_on: LocalDate,
    /// The last day away.
    pub ends_on: LocalDate,
    /// In words; may be empty.
    pub reason: String,
    /// Who does the work meanwhile; a proposal until it is approved.
    pub substitute: Option<PersonId>,
}

/// Asks for leave for oneself; the supervisors are told.
///
/// # Errors
/// By field: days out of order, long past, or of another leave; a substitute of another post.
pub fn ask(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    new: &NewLeave,
) -> Result<LeaveId> {
    let person = records::oneself(actor)?;
    allow(tx, actor, now, Action::AskLeave, Object::Person(community, person))?;
    let id =
        write(tx, actor, now, &New { community, person, asked_by: person, leave: new, approved: false })?;
    let today = community::by_id(tx, community)?.today(now)?;
    let mut deciders = on_duty::supervisors_on(tx, community, today)?;
    deciders.retain(|one| *one != person);
    tell(tx, now, id, "leave.asked", &deciders)?;
    Ok(id)
}

/// Writes down for somebody else that they are away: approved at once. Who it is about is told.
///
/// # Errors
/// As [`ask`]; for oneself `leave.own`; who has no post here is not found.
pub fn grant(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    person: PersonId,
    new: &NewLeave,
) -> Result<LeaveId> {
    allow(tx, actor, now, Action::KeepRoster, Object::Person(community, person))?;
    let by = records::oneself(actor)?;
    if by == person {
        return Err(Error::refused("leave.own", vec![]));
    }
    if on_duty::roles_of(tx, community, person, now)?.iter().all(|role| !role.is_staff()) {
        return Err(Error::NotFound);
    }
    let id = write(tx, actor, now, &New { community, person, asked_by: by, leave: new, approved: true })?;
    follow(tx, now, id)?;
    Ok(id)
}

fn write(tx: &mut Db, actor: &Actor, now: Instant, new: &New<'_>) -> Result<LeaveId> {
    db::lock(tx, "people", new.person.0)?;
    let today = community::by_id(tx, new.community)?.today(now)?;
    let (from, to) = (new.leave.starts_on, new.leave.ends_on);
    let mut wrong = rules::wrong_days(from, to, today);
    if new.leave.reason.chars().count() > 200 {
        wrong.push(FieldError::new("reason", "too_long").with("most", 200));
    }
    if wrong.is_empty() && records::overlaps(tx, new.person, (from, to), None)? {
        wrong.push(FieldError::new("starts_on", "leave_overlaps"));
    }
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    check_substitute(tx, now, (new.community, new.person), new.leave.substitute, (from, to))?;
    let id = records::insert(tx, now, new)?;
    let action = if new.approved { "leave.grant" } else { "leave.ask" };
    audit::write(tx, actor, now, &Line::new(new.community, action, "leave", id.0))?;
    Ok(id)
}

/// A substitute holds one of the posts of who is away, and is there meanwhile.
fn check_substitute(
    db: &mut Db,
    now: Instant,
    (community, person): (CommunityId, PersonId),
    substitute: Option<PersonId>,
    days: (LocalDate, LocalDate),
) -> Result<()> {
    let Some(substitute) = substitute else { return Ok(()) };
    let own = on_duty::roles_of(db, community, person, now)?;
    let theirs = on_duty::roles_of(db, community, substitute, now)?;
    if substitute == person || !own.iter().any(|role| role.is_staff() && theirs.contains(role)) {
        return Err(Error::field("substitute", "other_post"));
    }
    if records::overlaps(db, substitute, days, None)? {
        return Err(Error::field("substitute", "substitute_away"));
    }
    Ok(())
}

/// Approves what somebody else asked for, and names who does their work meanwhile.
///
/// # Errors
/// One's own (`leave.own`), what is decided already (`leave.decided`); a substitute that is none, by field.
pub fn approve(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: LeaveId,
    substitute: Option<PersonId>,
) -> Result<()> {
    let (by, asked) = to_decide(tx, actor, now, id)?;
    let days = (asked.starts_on, asked.ends_on);
    check_substitute(tx, now, (asked.community_id, asked.person_id), substitute, days)?;
    records::decide(tx, by, now, id, (State::Approved, substitute, ""))?;
    audit::write(tx, actor, now, &Line::new(asked.community_id, "leave.approve", "leave", id.0))?;
    follow(tx, now, id)
}

/// Refuses what somebody else asked for, and says why.
///
/// # Errors
/// As [`approve`]; no reason, by field.
pub fn refuse(tx: &mut Db, actor: &Actor, now: Instant, id: LeaveId, answer: &str) -> Result<()> {
    let (by, asked) = to_decide(tx, actor, now, id)?;
    if answer.trim().is_empty() {
        return Err(Error::field("answer", "required"));
    }
    records::decide(tx, by, now, id, (State::Refused, None, answer))?;
    audit::write(tx, actor, now, &Line::new(asked.community_id, "leave.refuse", "leave", id.0))?;
    tell(tx, now, id, "leave.refused", &[asked.person_id])
}

fn to_decide(tx: &mut Db, actor: &Actor, now: Instant, id: LeaveId) -> Result<(PersonId, Leave)> {
    let found = records::by_id(tx, id)?;
    allow(tx, actor, now, Action::KeepRoster, Object::Person(found.community_id, found.person_id))?;
    let by = records::oneself(actor)?;
    db::lock(tx, "people", found.person_id.0)?;
    let asked = records::by_id(tx, id)?;
    if asked.state != State::Asked {
        return Err(Error::refused("leave.decided", vec![]));
    }
    if by == asked.person_id {
        return Err(Error::refused("leave.own", vec![]));
    }
    Ok((by, asked))
}

/// Takes a leave back: what nobody decided is withdrawn, what has not begun is cancelled, and who comes back
/// early is on duty from today.
///
/// # Errors
/// What is over or was refused (`leave.over`); somebody else's, unless one keeps the roster, is not found.
pub fn end(tx: &mut Db, actor: &Actor, now: Instant, id: LeaveId) -> Result<()> {
    let found = records::by_id(tx, id)?;
    super::allow_theirs(tx, actor, now, (found.community_id, found.person_id))?;
    db::lock(tx, "people", found.person_id.0)?;
    let leave = records::by_id(tx, id)?;
    let today = community::by_id(tx, leave.community_id)?.today(now)?;
    let is_over = leave.ended_at.is_some() || leave.ends_on < today;
    match leave.state {
        State::Asked => records::end(tx, now, id, State::Withdrawn, None)?,
        State::Approved if leave.starts_on >= today && !is_over => {
            records::end(tx, now, id, State::Cancelled, None)?;
        }
        State::Approved if !is_over => records::end(tx, now, id, State::Approved, Some(today))?,
        _ => return Err(Error::refused("leave.over", vec![])),
    }
    audit::write(tx, actor, now, &Line::new(leave.community_id, "leave.end", "leave", id.0))?;
    let others: Vec<PersonId> = [Some(leave.person_id), leave.substitute_id]
        .into_iter()
        .flatten()
        .filter(|one| Some(*one) != actor.person && leave.state == State::Approved)
        .collect();
    tell(tx, now, id, "leave.ended", &others)
}

/// What follows from an approval: who is away and their substitute are told, and what is owed today goes over.
fn follow(tx: &mut Db, now: Instant, id: LeaveId) -> Result<()> {
    let leave = records::by_id(tx, id)?;
    tell(tx, now, id, "leave.approved", &[leave.person_id])?;
    tell(tx, now, id, "leave.substitute", leave.substitute_id.as_slice())?;
    hand_over::hand_over(tx, leave.community_id, now)?;
    Ok(())
}

fn tell(tx: &mut Db, now: Instant, id: LeaveId, code: &'static str, people: &[PersonId]) -> Result<()> {
    let leave = records::by_id(tx, id)?;
    let names = audit::names(tx, &[leave.person_id])?;
    let news = Tell {
        community: leave.community_id,
        event: format!("{code}:{id}"),
        person: PersonId(0),
        code,
        args: json!({
            "name": names.get(&leave.person_id), "from": leave.starts_on, "to": leave.ends_on, "answer": leave.answer,
        }),
        link: Some("/roster".to_owned()),
        urgency: Urgency::Now,
    };
    notifications::tell_all(tx, people, &news, now)
}
