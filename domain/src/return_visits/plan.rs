//! Raising the return visit that a finish owes: by the job of the event, and by a sweep for what was missed.

use chrono::TimeDelta;
use serde_json::json;

use super::records::{self, Owing};
use super::{LOOK, RULE, ends, rules};
use crate::access::Role;
use crate::cases::{self, Case};
use crate::duties::{self, Kind, NewDuty, SubjectKind};
use crate::job::{self, Job};
use crate::notifications::{self, Tell};
use crate::roster::Roster;
use crate::{
    CaseId, Clock, CommunityId, Db, Error, Instant, LocalDate, PersonId, Result, Zone, community, complaints,
    on_duty, settings,
};

/// Asks the worker for the return visit of a finish, in the transaction of the finish.
pub fn request(tx: &mut Db, case: CaseId, finish: i32) -> Result<()> {
    let real_now = Clock::system().real_now();
    let job = Job::new("plan_return_visit", json!({ "case": case, "finish": finish }))
        .once(format!("plan_return_visit:{case}:{finish}"));
    job::enqueue(tx, &job, real_now, real_now)?;
    Ok(())
}

/// Raises the return visit of a finish, unless it has one or owes none. Says whether it did.
pub fn plan(tx: &mut Db, now: Instant, case: CaseId, finish: i32) -> Result<bool> {
    let case = cases::by_id(tx, case)?;
    match records::owing_of(tx, case.community_id, case.id, finish)? {
        Some(owing) => raise(tx, now, &case, &owing),
        None => Ok(false),
    }
}

/// Raises what is missing in a community; says how many.
pub fn plan_missed(tx: &mut Db, community: CommunityId, now: Instant) -> Result<usize> {
    let mut raised = 0;
    for owing in records::owing(tx, community)? {
        let case = cases::by_id(tx, owing.case_id)?;
        raised += usize::from(raise(tx, now, &case, &owing)?);
    }
    Ok(raised)
}

fn raise(tx: &mut Db, now: Instant, case: &Case, owing: &Owing) -> Result<bool> {
    let zone = community::by_id(tx, case.community_id)?.zone()?;
    let hours = settings::get(tx, case.community_id, settings::RETURN_VISIT_HOURS)?;
    let due_at = owing.at.plus(TimeDelta::hours(hours));
    let preferred = ends::preferred(tx, case)?;
    let first = rules::first_attempt(zone, owing.at, preferred).min(due_at);
    let owner = owner(tx, (now, zone.date(first)), case, owing.by_id)?;
    let subject = (SubjectKind::Case, case.id.0);
    let duty = NewDuty {
        community: case.community_id,
        kind: Kind::ReturnVisit,
        subject,
        occurrence: owing.number.to_string(),
        rule: if is_look(tx, case, now)? { LOOK } else { RULE },
        owner,
        not_before: first,
        next_at: first,
        due_at,
    };
    let Some(id) = duties::raise(tx, now, &duty)? else { return Ok(false) };
    // Reopened before the worker came to it: it is owed no more, by rule, and stays on the record.
    if case.finish_number != owing.number || !ends::is_done(case) {
        duties::cancel_one_by_rule(tx, id, "case_reopened", now)?;
        return Ok(true);
    }
    let news = Tell {
        community: case.community_id,
        event: format!("return_visit:{id}"),
        person: owner,
        code: "return_visit.planned",
        args: json!({ "number": case.number(), "first": written(zone, first), "due": written(zone, due_at) }),
        link: Some("/return-visits".to_owned()),
        urgency: notifications::Urgency::Now,
    };
    notifications::tell(tx, &news, now)?;
    Ok(true)
}

/// A moment as the community's clocks show it.
pub(super) fn written(zone: Zone, at: Instant) -> String {
    zone.local(at).format("%Y-%m-%d %H:%M").to_string()
}

/// The accountable, where they are on duty on the day of the first attempt; else their substitute, the colleague
/// with the least of the role, the desk, the home's steward, a supervisor. Never who did the work or whom the
/// complaint is about, and never nobody.
fn owner(
    db: &mut Db,
    (now, day): (Instant, LocalDate),
    case: &Case,
    worker: Option<PersonId>,
) -> Result<PersonId> {
    let community = case.community_id;
    let never: Vec<PersonId> = worker.into_iter().chain(complaints::about(db, case.id)?).collect();
    if let Some(accountable) = case.accountable_id.filter(|person| !never.contains(person))
        && !on_duty::roles_of(db, community, accountable, now)?.is_empty()
    {
        if Roster::load(db, community, (day, day), None)?.off(accountable, day).is_none() {
            return Ok(accountable);
        }
        if let Some(there) = on_duty::stand_in_on(db, community, accountable, day, &never)? {
            return Ok(there);
        }
    }
    on_duty::answerable(db, community, case.home_id, now, &never)?
        .ok_or_else(|| Error::refused("staff.nobody", vec![]))
}

/// What staff reported in a public place is not asked about but looked at.
fn is_look(db: &mut Db, case: &Case, now: Instant) -> Result<bool> {
    let Some(reporter) = case.reporter_id.filter(|_| case.home_id.is_none()) else { return Ok(false) };
    let roles = on_duty::roles_of(db, case.community_id, reporter, now)?;
    Ok(roles.into_iter().any(Role::is_staff))
}
