//! Reminding and escalating: the owner when an attempt is due and at the due time, the supervisor four hours
//! later, the manager the next morning. Each is told once; a worker that was down tells what is due now.

use chrono::TimeDelta;
use diesel::prelude::*;
use serde_json::json;

use super::plan::written;
use super::rules;
use crate::access::Role;
use crate::cases;
use crate::db::schema::duties as table;
use crate::duties::{Duty, Kind, State};
use crate::notifications::{self, Tell, Urgency};
use crate::{CaseId, CommunityId, Db, Instant, PersonId, Result, Zone, community, on_duty};

/// Tells whoever is to be told of open return visits at `now`; says how many visits are overdue.
pub fn escalate(tx: &mut Db, community: CommunityId, now: Instant) -> Result<usize> {
    let zone = community::by_id(tx, community)?.zone()?;
    let due: Vec<Duty> = table::table
        .filter(table::community_id.eq(community.0).and(table::kind.eq(Kind::ReturnVisit)))
        .filter(table::state.eq(State::Open).and(table::next_at.le(now)))
        .order(table::id)
        .select(Duty::as_select())
        .load(tx)?;
    for duty in &due {
        remind(tx, duty, now)?;
        late(tx, duty, zone, now)?;
    }
    let overdue: i64 = table::table
        .filter(table::community_id.eq(community.0).and(table::kind.eq(Kind::ReturnVisit)))
        .filter(table::state.eq(State::Open).and(table::due_at.lt(now)))
        .count()
        .get_result(tx)?;
    Ok(usize::try_from(overdue).unwrap_or(0))
}

fn remind(tx: &mut Db, duty: &Duty, now: Instant) -> Result<()> {
    if now >= duty.due_at {
        return Ok(());
    }
    let attempt = format!("attempt:{}", duty.next_at.micros());
    tell(tx, duty, (&attempt, "return_visit.attempt_due"), &[duty.owner_id], now)
}

fn late(tx: &mut Db, duty: &Duty, zone: Zone, now: Instant) -> Result<()> {
    if now >= duty.due_at {
        tell(tx, duty, ("owner", "return_visit.overdue"), &[duty.owner_id], now)?;
    }
    if now >= duty.due_at.plus(TimeDelta::hours(4)) {
        let people = on_duty::holders(tx, duty.community_id, Role::Supervisor, now)?;
        tell(tx, duty, ("supervisor", "return_visit.overdue"), &people, now)?;
    }
    if now >= rules::next_morning(zone, zone.date(duty.due_at)) {
        let people = on_duty::holders(tx, duty.community_id, Role::Manager, now)?;
        tell(tx, duty, ("manager", "return_visit.overdue"), &people, now)?;
    }
    Ok(())
}

fn tell(
    tx: &mut Db,
    duty: &Duty,
    (step, code): (&str, &'static str),
    people: &[PersonId],
    now: Instant,
) -> Result<()> {
    let case = cases::by_id(tx, CaseId(duty.subject_id))?;
    let zone = community::by_id(tx, duty.community_id)?.zone()?;
    let news = Tell {
        community: duty.community_id,
        event: format!("return_visit:{}:{step}", duty.id),
        person: PersonId(0),
        code,
        args: json!({ "number": case.number(), "due": written(zone, duty.due_at) }),
        link: Some("/return-visits".to_owned()),
        urgency: Urgency::Now,
    };
    notifications::tell_all(tx, people, &news, now)
}
