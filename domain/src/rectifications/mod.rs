//! Rectification notices 整改通知: a step that is late brings one to who owes it, who has to say why it was
//! late and what is done about it (domain.md §3). A notice stays until it is answered; the portal reminds of
//! it each day, and tells the supervisors.

mod records;

use chrono::TimeDelta;
use serde_json::json;

pub use records::{Notice, of_case};

use crate::access::{Actor, Role};
use crate::cases::voice::words;
use crate::cases::{self, Case};
use crate::notifications::{self, Tell, Urgency};
use crate::{CommunityId, Db, Error, Instant, PersonId, Result, community, on_duty, settings};

/// Issues the notice for a clock of a case that ran out; a second time it issues none.
pub fn issue(
    tx: &mut Db,
    case: &Case,
    (clock, round): (&'static str, i32),
    owed_by: PersonId,
    now: Instant,
) -> Result<()> {
    let hours = settings::get(tx, case.community_id, settings::RECTIFICATION_HOURS)?;
    let due_at = now.plus(TimeDelta::hours(hours));
    let Some(id) = records::insert(tx, case, (clock, round), owed_by, (now, due_at))? else { return Ok(()) };
    tell(tx, case, (id, "issued"), "rectification.issued", &[owed_by], now)
}

/// The notices of a community that the actor may see, open ones first: their own, or, for who looks after the
/// service as a whole, all.
pub fn list(db: &mut Db, actor: &Actor, community: CommunityId) -> Result<Vec<Notice>> {
    let person = actor.person.ok_or(Error::NotSignedIn)?;
    records::list(db, community, (!sees_all(actor, community)).then_some(person))
}

/// A notice.
///
/// # Errors
/// [`Error::NotFound`] for who neither owes it nor looks after the service.
pub fn read(db: &mut Db, actor: &Actor, community: CommunityId, id: i64) -> Result<Notice> {
    let notice = records::by_id(db, community, id)?;
    let theirs = actor.person == Some(notice.owed_by);
    if theirs || sees_all(actor, community) { Ok(notice) } else { Err(Error::NotFound) }
}

fn sees_all(actor: &Actor, community: CommunityId) -> bool {
    actor.is_system()
        || actor.roles_in(community).any(|role| matches!(role, Role::Supervisor | Role::Manager))
}

/// Answers a notice: why it was late, and what is done so that it is not again.
///
/// # Errors
/// By field where words are missing; [`Error::NotAllowed`] for who does not owe it;
/// `rectification.answered` where it was answered before.
pub fn answer(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, id): (CommunityId, i64),
    (reason, measures): (&str, &str),
) -> Result<Notice> {
    let notice = read(tx, actor, community, id)?;
    if actor.person != Some(notice.owed_by) {
        return Err(Error::NotAllowed);
    }
    let (reason, measures) = (words("reason", reason, 1_000)?, words("measures", measures, 1_000)?);
    if !records::answer(tx, id, notice.owed_by, (reason, measures), now)? {
        return Err(Error::refused("rectification.answered", vec![]));
    }
    let case = cases::by_id(tx, notice.case_id)?;
    let mut supervisors = on_duty::holders(tx, community, Role::Supervisor, now)?;
    supervisors.retain(|person| *person != notice.owed_by);
    tell(tx, &case, (id, "answered"), "rectification.answered", &supervisors, now)?;
    records::by_id(tx, community, id)
}

/// Reminds, once a day each, of the notices whose time has passed: who owes the answer, and the supervisors.
/// Says how many are late.
pub fn remind(tx: &mut Db, community: CommunityId, now: Instant) -> Result<usize> {
    let today = community::by_id(tx, community)?.today(now)?;
    let late = records::unanswered(tx, community, now)?;
    for notice in &late {
        let case = cases::by_id(tx, notice.case_id)?;
        let mut people = on_duty::holders(tx, community, Role::Supervisor, now)?;
        people.push(notice.owed_by);
        people.sort_unstable();
        people.dedup();
        let when = format!("late:{today}");
        tell(tx, &case, (notice.id, &when), "rectification.late", &people, now)?;
    }
    Ok(late.len())
}

fn tell(
    tx: &mut Db,
    case: &Case,
    (notice, when): (i64, &str),
    code: &'static str,
    people: &[PersonId],
    now: Instant,
) -> Result<()> {
    let news = Tell {
        community: case.community_id,
        event: format!("rectification:{notice}:{when}"),
        person: PersonId(0),
        code,
        args: json!({ "number": case.number() }),
        link: Some(format!("/rectifications/{notice}")),
        urgency: Urgency::Now,
    };
    notifications::tell_all(tx, people, &news, now)
}
