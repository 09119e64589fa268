//! Who goes: proposed by skill, then fewest open orders, then longest since the last one (domain.md §6).

use chrono::TimeDelta;
use serde_json::json;

use super::records::{self, Load};
use super::rules::State;
use super::{promise, tell};
use crate::access::{Actor, Role};
use crate::cases::{self, Case, Step, Urgency};
use crate::categories::{self, ALL_ROUND, Category};
use crate::{CommunityId, Db, Error, Instant, PersonId, Result, community, on_duty, settings};

/// A technician as somebody who could go.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Who, with their load.
    pub load: Load,
    /// How well they fit: 0 has the skill, 1 does everything, 2 neither.
    pub fit: u8,
}

/// The technicians on duty, the one to send first.
pub fn candidates(
    db: &mut Db,
    community: CommunityId,
    category: &Category,
    now: Instant,
) -> Result<Vec<Candidate>> {
    let today = community::by_id(db, community)?.today(now)?;
    let there = on_duty::holders(db, community, Role::Technician, now)?;
    let mut loads = records::loads(db, community, today)?;
    loads.retain(|load| there.contains(&load.person));
    let mut all: Vec<_> =
        loads.into_iter().map(|load| Candidate { fit: fit(&load.skills, &category.skill), load }).collect();
    all.sort_by_key(|one| (one.fit, one.load.open, one.load.last_at, one.load.person));
    Ok(all)
}

/// The register writes several skills into one cell, parted by blanks or stops.
fn fit(skills: &str, wanted: &str) -> u8 {
    let parts = |c: char| c.is_whitespace() || "、，,;；/|".contains(c);
    let mut all = skills.split(parts).filter(|skill| !skill.is_empty());
    if all.clone().any(|skill| skill == wanted) {
        return 0;
    }
    if all.any(|skill| skill == ALL_ROUND) { 1 } else { 2 }
}

/// Refuses to give work to who is no technician on duty.
pub(super) fn check(db: &mut Db, community: CommunityId, person: PersonId, now: Instant) -> Result<()> {
    let there = on_duty::holders(db, community, Role::Technician, now)?.contains(&person);
    let there = there && !records::is_disabled(db, person)?;
    if there { Ok(()) } else { Err(Error::field("technician", "no_technician")) }
}

/// Whether somebody may help themselves from the pool: technicians on duty, so that nobody is made to wait for who
/// comes back on Monday. Who is off and works all the same says so on the roster first.
pub(super) fn takes_from_pool(
    db: &mut Db,
    community: CommunityId,
    person: Option<PersonId>,
    now: Instant,
) -> Result<bool> {
    let there = on_duty::holders(db, community, Role::Technician, now)?;
    Ok(person.is_some_and(|person| there.contains(&person)))
}

/// An emergency 抢修 accepts itself and goes at once to the first candidate; the supervisor is told.
pub(super) fn emergency(tx: &mut Db, now: Instant, case: Case) -> Result<Case> {
    let portal = Actor::system("emergency");
    let mut case = case;
    if case.state == State::Reported.as_str() {
        let owner = on_duty::answerable(tx, case.community_id, case.home_id, now, &[])?;
        case = cases::advance(tx, &portal, now, &case, &Step::to("accept", State::Accepted.as_str()))?;
        cases::answer_for(tx, case.id, owner)?;
        case.accountable_id = owner;
    }
    let category = categories::of(tx, case.community_id, &case.category)?;
    let supervisors = on_duty::holders(tx, case.community_id, Role::Supervisor, now)?;
    tell::staff(tx, now, &case, "repair.emergency", &supervisors)?;
    tell::staff(tx, now, &case, "repair.emergency", case.accountable_id.as_slice())?;
    let Some(first) = candidates(tx, case.community_id, &category, now)?.into_iter().next() else {
        return Ok(case);
    };
    send(tx, &portal, now, &case, "dispatch", &first.load)
}

/// Gives a repair to a technician, who is told, as is the resident.
pub(super) fn send(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    case: &Case,
    action: &'static str,
    technician: &Load,
) -> Result<Case> {
    let step = Step::to(action, State::Dispatched.as_str()).note(&technician.name);
    let moved = cases::advance(tx, actor, now, case, &step)?;
    records::give(tx, case.id, Some(technician.person), Some(now))?;
    tell::staff(tx, now, &moved, "repair.dispatched_to_you", &[technician.person])?;
    tell::resident(tx, actor, now, &moved, "repair.dispatched", json!({ "technician": technician.name }))?;
    cases::by_id(tx, case.id)
}

/// Gives back what a technician did not answer for the time that the settings allow; says how many.
pub fn time_out(tx: &mut Db, community: CommunityId, now: Instant) -> Result<usize> {
    let minutes = settings::get(tx, community, settings::DISPATCH_MINUTES)?;
    let silent = records::unanswered(tx, community, now.minus(TimeDelta::minutes(minutes)))?;
    for case in &silent {
        back_to_pool(tx, &Actor::system("clocks"), now, case, "time_out", "")?;
    }
    Ok(silent.len())
}

/// Gives back what is held by technicians who no longer work here, with a note of who it was; says how many.
/// A clock that stood still runs again; an emergency goes to the next one at once.
pub fn give_back_of_left(tx: &mut Db, community: CommunityId, now: Instant) -> Result<usize> {
    let portal = Actor::system("clocks");
    let today = community::by_id(tx, community)?.today(now)?;
    let left = records::held_by_left(tx, community, today)?;
    for (case, name) in &left {
        let resolve_by = promise::after_waiting(tx, case, now)?;
        let back = back_to_pool(tx, &portal, now, case, "left", name)?;
        cases::resume(tx, case.id, resolve_by)?;
        if back.urgency == Urgency::Emergency {
            let fresh = cases::by_id(tx, case.id)?;
            emergency(tx, now, fresh)?;
        }
    }
    Ok(left.len())
}

/// Back to *accepted*, nobody's: who answers for it is told, and for an emergency the supervisors.
pub(super) fn back_to_pool(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    case: &Case,
    action: &'static str,
    note: &str,
) -> Result<Case> {
    let step = Step::to(action, State::Accepted.as_str()).note(note).internal();
    let moved = cases::advance(tx, actor, now, case, &step)?;
    records::give(tx, case.id, None, None)?;
    let mut people: Vec<_> = case.accountable_id.into_iter().collect();
    if people.is_empty() || case.urgency == Urgency::Emergency {
        people.extend(on_duty::holders(tx, case.community_id, Role::Desk, now)?);
    }
    if case.urgency == Urgency::Emergency {
        people.extend(on_duty::holders(tx, case.community_id, Role::Supervisor, now)?);
    }
    tell::staff(tx, now, &moved, "repair.nobodys", &people)?;
    cases::by_id(tx, case.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lift_is_not_mended_by_who_does_electricity() {
        for (skills, wanted, fits) in [
            ("水", "水", 0),
            ("水 电", "电", 0),
            ("水、门窗", "门窗", 0),
            ("电", "电梯", 2),
            ("电梯", "电", 2),
            ("综合", "电", 1),
            ("综合，电", "电", 0),
            ("", "水", 2),
        ] {
            assert_eq!(fit(skills, wanted), fits, "{skills} {wanted}");
        }
    }
}
