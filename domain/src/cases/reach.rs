//! How somebody stands to a case, and which cases are within their reach.

use diesel::prelude::*;

use super::{Case, Reach, Standing};
use crate::access::policy::{Action, Relation, relations};
use crate::access::{Actor, Role};
use crate::db::schema::{cases, complaints, home_stewards, occupancies, repairs};
use crate::{CaseId, CommunityId, Db, HomeId, Instant, LocalDate, PersonId, Result, community};

/// How the actor stands to a case now.
pub fn standing(db: &mut Db, actor: &Actor, now: Instant, case: &Case) -> Result<Standing> {
    let Some(person) = actor.person else { return Ok(Standing::default()) };
    let reporter = case.reporter_id == Some(person);
    let today = community::by_id(db, case.community_id)?.today(now)?;
    let lives_there = match case.home_id {
        Some(home) if !reporter => homes_of(db, person, today)?.contains(&home),
        _ => false,
    };
    let given_to: Option<Option<PersonId>> =
        repairs::table.find(case.id.0).select(repairs::technician_id).first(db).optional()?;
    let headed: Option<Option<PersonId>> =
        complaints::table.find(case.id.0).select(complaints::responsible_id).first(db).optional()?;
    Ok(Standing {
        resident: reporter || lives_there,
        reporter,
        accountable: case.accountable_id == Some(person),
        technician: given_to.flatten() == Some(person),
        head: headed.flatten() == Some(person),
    })
}

/// The cases that the actor may see in a community; none where they may see all of them.
pub fn reach(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> Result<Option<Reach>> {
    let Some(person) = actor.person else { return Ok(None) };
    let roles: Vec<Role> = actor.roles_in(community).collect();
    let all = |role: &Role| relations(Action::ReadCase, *role).any(|way| way == Relation::Community);
    if actor.is_system() || roles.iter().any(all) {
        return Ok(None);
    }
    let today = community::by_id(db, community)?.today(now)?;
    let mut homes = homes_of(db, person, today)?;
    if roles.contains(&Role::Steward) {
        homes.extend(area_of(db, person, today)?);
    }
    let mut ids = crate::complaints::given_to(db, community, person)?;
    if roles.contains(&Role::Technician) {
        ids.extend(orders_of(db, person, community)?);
    }
    Ok(Some(Reach { person, homes, ids }))
}

fn homes_of(db: &mut Db, person: PersonId, today: LocalDate) -> Result<Vec<HomeId>> {
    Ok(occupancies::table
        .filter(occupancies::person_id.eq(person.0).and(occupancies::starts_on.le(today)))
        .filter(occupancies::ends_on.is_null().or(occupancies::ends_on.ge(today)))
        .select(occupancies::home_id)
        .load(db)?)
}

fn area_of(db: &mut Db, person: PersonId, today: LocalDate) -> Result<Vec<HomeId>> {
    Ok(home_stewards::table
        .filter(home_stewards::steward_id.eq(person.0).and(home_stewards::starts_on.le(today)))
        .filter(home_stewards::ends_on.is_null().or(home_stewards::ends_on.ge(today)))
        .select(home_stewards::home_id)
        .load(db)?)
}

/// A technician's orders, and the pool: what was accepted and is nobody's yet.
fn orders_of(db: &mut Db, person: PersonId, community: CommunityId) -> Result<Vec<CaseId>> {
    let pool = cases::state.eq("accepted").and(repairs::technician_id.is_null());
    let given = repairs::technician_id.eq(person.0).assume_not_null();
    Ok(repairs::table
        .inner_join(cases::table.on(cases::id.eq(repairs::case_id)))
        .filter(repairs::community_id.eq(community.0))
        .filter(given.or(pool))
        .select(repairs::case_id)
        .load(db)?)
}
