//! How the asker stands to an object, looked up where the policy's rows need it.

use diesel::prelude::*;

use super::policy::{Action, Relation, relations};
use super::{Actor, Role};
use crate::db::schema::{
    cases, communities, complaints, duties, home_stewards, occupancies, people, repairs,
};
use crate::duties::{State, SubjectKind};
use crate::{CaseId, CommunityId, Db, Error, HomeId, Instant, LocalDate, PersonId, Result, Zone};

/// What an action is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object {
    /// The installation as a whole.
    Installation,
    /// A community as a whole.
    Community(CommunityId),
    /// A home.
    Home(CommunityId, HomeId),
    /// A case.
    Case(CommunityId, CaseId),
    /// A duty or other work given to a person.
    Work(CommunityId, PersonId),
    /// A person's own affairs.
    Person(CommunityId, PersonId),
}

impl Object {
    fn community(self) -> CommunityId {
        match self {
            Self::Installation => CommunityId(0),
            Self::Community(c)
            | Self::Home(c, _)
            | Self::Case(c, _)
            | Self::Work(c, _)
            | Self::Person(c, _) => c,
        }
    }
}

/// Refuses unless a row of the policy allows `action` on `object` to `actor`.
///
/// # Errors
/// [`Error::NotSignedIn`] for nobody; [`Error::NotAllowed`] where a role of theirs never does this;
/// [`Error::NotFound`] where it does, but not to this object: as if it did not exist.
pub fn allow(db: &mut Db, actor: &Actor, now: Instant, action: Action, object: Object) -> Result<()> {
    if may(db, actor, now, action, object)? {
        return Ok(());
    }
    if actor.person.is_none() {
        return Err(Error::NotSignedIn);
    }
    let in_community = actor.roles_in(object.community()).next().is_some();
    let whole = matches!(object, Object::Community(_) | Object::Installation);
    if whole && in_community { Err(Error::NotAllowed) } else { Err(Error::NotFound) }
}

/// Whether a row of the policy allows it.
pub fn may(db: &mut Db, actor: &Actor, now: Instant, action: Action, object: Object) -> Result<bool> {
    if actor.is_system() {
        return Ok(true);
    }
    let Some(person) = actor.person else { return Ok(false) };
    let day = today(db, object.community(), now)?;
    let roles: Vec<Role> = actor.roles_in(object.community()).collect();
    for role in roles {
        for relation in relations(action, role) {
            if stands(db, person, day, (action, relation), object)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn stands(
    db: &mut Db,
    person: PersonId,
    day: LocalDate,
    (action, relation): (Action, Relation),
    object: Object,
) -> Result<bool> {
    match (relation, object) {
        (Relation::Installation, _) => Ok(true),
        (Relation::Community, Object::Installation) => Ok(false),
        (Relation::Community, Object::Person(community, who)) => is_known_in(db, who, community),
        (Relation::Community, _) => Ok(true),
        // A page about all one's own things asks the community and lists only those.
        (_, Object::Community(_)) => Ok(true),
        (Relation::Oneself, Object::Person(_, who)) | (Relation::Assigned, Object::Work(_, who)) => {
            Ok(who == person)
        }
        // Who has left keeps reading what is owed and was paid, and can pay, or not accept it.
        (Relation::Own, Object::Home(_, home))
            if matches!(action, Action::ReadLedger | Action::PayOnline | Action::RaiseDispute) =>
        {
            once_tied(db, person, home)
        }
        (Relation::Own, Object::Home(_, home)) => tied(db, person, home, day),
        (Relation::Area, Object::Home(_, home)) => in_area(db, person, home, day),
        (Relation::Own, Object::Case(_, case)) => own_case(db, person, case, day),
        (Relation::Area, Object::Case(_, case)) => area_case(db, person, case, day),
        (Relation::Assigned, Object::Case(_, case)) => assigned_case(db, person, case),
        (Relation::Responsible, Object::Case(_, case)) => responsible_case(db, person, case),
        _ => Ok(false),
    }
}

fn today(db: &mut Db, community: CommunityId, now: Instant) -> Result<LocalDate> {
    let name: Option<String> =
        communities::table.find(community.0).select(communities::timezone).get_result(db).optional()?;
    let zone: Zone = name.as_deref().unwrap_or("UTC").parse().map_err(Error::internal)?;
    Ok(zone.date(now))
}

/// An id of a person is asked for as it came; somebody of another community does not exist in this one.
fn is_known_in(db: &mut Db, person: PersonId, community: CommunityId) -> Result<bool> {
    let count: i64 = people::table
        .filter(people::id.eq(person.0).and(people::community_id.eq(community.0)))
        .count()
        .get_result(db)?;
    Ok(count > 0)
}

fn once_tied(db: &mut Db, person: PersonId, home: HomeId) -> Result<bool> {
    let count: i64 = occupancies::table
        .filter(occupancies::person_id.eq(person.0).and(occupancies::home_id.eq(home.0)))
        .count()
        .get_result(db)?;
    Ok(count > 0)
}

fn in_area(db: &mut Db, person: PersonId, home: HomeId, day: LocalDate) -> Result<bool> {
    let count: i64 = home_stewards::table
        .filter(home_stewards::steward_id.eq(person.0).and(home_stewards::home_id.eq(home.0)))
        .filter(home_stewards::starts_on.le(day))
        .filter(home_stewards::ends_on.is_null().or(home_stewards::ends_on.ge(day)))
        .count()
        .get_result(db)?;
    Ok(count > 0)
}

type CaseTies = (Option<HomeId>, Option<PersonId>, Option<PersonId>);

fn case_ties(db: &mut Db, case: CaseId) -> Result<CaseTies> {
    let ties = cases::table.find(case.0).select((cases::home_id, cases::reporter_id, cases::accountable_id));
    Ok(ties.first(db)?)
}

fn own_case(db: &mut Db, person: PersonId, case: CaseId, day: LocalDate) -> Result<bool> {
    let (home, reporter, _) = case_ties(db, case)?;
    if reporter == Some(person) {
        return Ok(true);
    }
    home.map_or(Ok(false), |home| tied(db, person, home, day))
}

/// What happens in a home concerns who is tied to it now, not who has left.
fn tied(db: &mut Db, person: PersonId, home: HomeId, day: LocalDate) -> Result<bool> {
    let count: i64 = occupancies::table
        .filter(occupancies::person_id.eq(person.0).and(occupancies::home_id.eq(home.0)))
        .filter(occupancies::starts_on.le(day))
        .filter(occupancies::ends_on.is_null().or(occupancies::ends_on.ge(day)))
        .count()
        .get_result(db)?;
    Ok(count > 0)
}

fn area_case(db: &mut Db, person: PersonId, case: CaseId, day: LocalDate) -> Result<bool> {
    let (home, reporter, accountable) = case_ties(db, case)?;
    if reporter == Some(person) || accountable == Some(person) || owes(db, person, case)? {
        return Ok(true);
    }
    home.map_or(Ok(false), |home| in_area(db, person, home, day))
}

/// Who stands in for somebody reaches what they owe in their place.
fn owes(db: &mut Db, person: PersonId, case: CaseId) -> Result<bool> {
    let count: i64 = duties::table
        .filter(duties::owner_id.eq(person.0).and(duties::state.eq(State::Open)))
        .filter(duties::subject_kind.eq(SubjectKind::Case).and(duties::subject_id.eq(case.0)))
        .count()
        .get_result(db)?;
    Ok(count > 0)
}

/// A technician reaches the orders given to them, and the pool: what was accepted and is nobody's yet.
fn assigned_case(db: &mut Db, person: PersonId, case: CaseId) -> Result<bool> {
    let pool = cases::state.eq("accepted").and(repairs::technician_id.is_null());
    let count: i64 = repairs::table
        .inner_join(cases::table.on(cases::id.eq(repairs::case_id)))
        .filter(repairs::case_id.eq(case.0))
        .filter(repairs::technician_id.eq(person.0).assume_not_null().or(pool))
        .count()
        .get_result(db)?;
    Ok(count > 0)
}

fn responsible_case(db: &mut Db, person: PersonId, case: CaseId) -> Result<bool> {
    let count: i64 = complaints::table
        .find(case.0)
        .filter(complaints::responsible_id.eq(person.0))
        .count()
        .get_result(db)?;
    Ok(count > 0)
}
