//! Who is on duty: whoever holds a role today, unless the roster says that they are off. Work that nobody has
//! taken goes to the one of them with the least, and never to nobody (domain.md §3).

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::access::Role;
use crate::db::schema::{home_stewards, role_grants};
use crate::roster::Roster;
use crate::{CommunityId, Db, HomeId, Instant, LocalDate, PersonId, Result, community};

/// Who is on duty in a role on the local day of `now`, by person; where all of them are off, all who hold it.
pub fn holders(db: &mut Db, community: CommunityId, role: Role, now: Instant) -> Result<Vec<PersonId>> {
    let today = community::by_id(db, community)?.today(now)?;
    let there = present(db, community, role, today)?;
    if there.is_empty() { holders_on(db, community, role, today) } else { Ok(there) }
}

/// Who of a role is on duty on a day, by person.
fn present(db: &mut Db, community: CommunityId, role: Role, day: LocalDate) -> Result<Vec<PersonId>> {
    let roster = Roster::load(db, community, (day, day), None)?;
    let mut there = holders_on(db, community, role, day)?;
    there.retain(|person| roster.off(*person, day).is_none());
    Ok(there)
}

/// Who holds a role in the community on a day, by person.
pub fn holders_on(db: &mut Db, community: CommunityId, role: Role, day: LocalDate) -> Result<Vec<PersonId>> {
    Ok(role_grants::table
        .filter(role_grants::community_id.eq(community.0).and(role_grants::role.eq(role)))
        .filter(role_grants::starts_on.le(day))
        .filter(role_grants::ends_on.is_null().or(role_grants::ends_on.ge(day)))
        .select(role_grants::person_id)
        .distinct()
        .order(role_grants::person_id)
        .load(db)?)
}

/// Who is told what concerns the service as a whole: the supervisors on duty on a day, without any the managers;
/// where all of these are off, all of them all the same.
pub fn supervisors_on(db: &mut Db, community: CommunityId, day: LocalDate) -> Result<Vec<PersonId>> {
    for role in [Role::Supervisor, Role::Manager] {
        let there = present(db, community, role, day)?;
        if !there.is_empty() {
            return Ok(there);
        }
    }
    let found = holders_on(db, community, Role::Supervisor, day)?;
    if found.is_empty() { holders_on(db, community, Role::Manager, day) } else { Ok(found) }
}

/// The roles that a person holds on the local day of `now`.
pub fn roles_of(db: &mut Db, community: CommunityId, person: PersonId, now: Instant) -> Result<Vec<Role>> {
    let today = community::by_id(db, community)?.today(now)?;
    roles_on(db, community, person, today)
}

fn roles_on(db: &mut Db, community: CommunityId, person: PersonId, day: LocalDate) -> Result<Vec<Role>> {
    Ok(role_grants::table
        .filter(role_grants::community_id.eq(community.0).and(role_grants::person_id.eq(person.0)))
        .filter(role_grants::starts_on.le(day))
        .filter(role_grants::ends_on.is_null().or(role_grants::ends_on.ge(day)))
        .order(role_grants::id)
        .select(role_grants::role)
        .load(db)?)
}

/// Who looks after a home on a day.
pub fn steward_of(db: &mut Db, home: HomeId, day: LocalDate) -> Result<Option<PersonId>> {
    Ok(home_stewards::table
        .filter(home_stewards::home_id.eq(home.0).and(home_stewards::starts_on.le(day)))
        .filter(home_stewards::ends_on.is_null().or(home_stewards::ends_on.ge(day)))
        .order(home_stewards::starts_on.desc())
        .select(home_stewards::steward_id)
        .first(db)
        .optional()?)
}

/// Who does what is owed at a home on a day: its steward, or who stands in for them.
pub fn steward_on(
    db: &mut Db,
    community: CommunityId,
    home: HomeId,
    day: LocalDate,
) -> Result<Option<PersonId>> {
    let Some(steward) = steward_of(db, home, day)? else { return Ok(None) };
    if Roster::load(db, community, (day, day), None)?.off(steward, day).is_none() {
        return Ok(Some(steward));
    }
    Ok(Some(stand_in_on(db, community, steward, day, &[])?.unwrap_or(steward)))
}

/// Who does today what somebody off duty owes: see [`stand_in_on`].
pub fn stand_in(
    db: &mut Db,
    community: CommunityId,
    person: PersonId,
    now: Instant,
    except: &[PersonId],
) -> Result<Option<PersonId>> {
    let today = community::by_id(db, community)?.today(now)?;
    stand_in_on(db, community, person, today, except)
}

/// Who does on a day what somebody off duty owes: the substitute whom the roster names, else the colleague of
/// the post with the fewest, else a supervisor, else a manager; never one of `except`. None where nobody is there.
pub fn stand_in_on(
    db: &mut Db,
    community: CommunityId,
    person: PersonId,
    day: LocalDate,
    except: &[PersonId],
) -> Result<Option<PersonId>> {
    let named = Roster::load(db, community, (day, day), None)?.substitute(person, day);
    if named.is_some_and(|one| !except.contains(&one)) {
        return Ok(named);
    }
    let own = roles_on(db, community, person, day)?;
    for role in own.into_iter().filter(|role| role.is_staff()).chain([Role::Supervisor, Role::Manager]) {
        let there = present(db, community, role, day)?;
        let others: Vec<_> =
            there.into_iter().filter(|one| *one != person && !except.contains(one)).collect();
        if let Some(found) = fewest(db, &others)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

#[derive(QueryableByName)]
struct Chosen {
    #[diesel(sql_type = BigInt)]
    id: PersonId,
}

/// Of those on duty in a role, the one with the fewest open cases and duties; never one of `except`.
pub fn least_busy(
    db: &mut Db,
    community: CommunityId,
    role: Role,
    now: Instant,
    except: &[PersonId],
) -> Result<Option<PersonId>> {
    let today = community::by_id(db, community)?.today(now)?;
    let mut there = present(db, community, role, today)?;
    there.retain(|person| !except.contains(person));
    fewest(db, &there)
}

/// The one with the fewest open cases and duties.
fn fewest(db: &mut Db, people: &[PersonId]) -> Result<Option<PersonId>> {
    let ids: Vec<String> = people.iter().map(ToString::to_string).collect();
    if ids.is_empty() {
        return Ok(None);
    }
    let sql = format!(
        "SELECT p.id FROM people p WHERE p.id IN ({}) \
         ORDER BY (SELECT count(*) FROM cases c WHERE c.accountable_id = p.id AND c.closed_at IS NULL) \
         + (SELECT count(*) FROM duties d WHERE d.owner_id = p.id AND d.state = 'open'), p.id LIMIT 1",
        ids.join(", ")
    );
    let chosen: Option<Chosen> = diesel::sql_query(sql).get_result(db).optional()?;
    Ok(chosen.map(|row| row.id))
}

/// Who answers for what nobody has accepted: the desk on duty, else the home's steward, else a supervisor,
/// else a manager; where nobody of them is on duty, whoever holds these posts; never one of `except`.
pub fn answerable(
    db: &mut Db,
    community: CommunityId,
    home: Option<HomeId>,
    now: Instant,
    except: &[PersonId],
) -> Result<Option<PersonId>> {
    if let Some(desk) = least_busy(db, community, Role::Desk, now, except)? {
        return Ok(Some(desk));
    }
    let today = community::by_id(db, community)?.today(now)?;
    let steward = home.map(|home| steward_on(db, community, home, today)).transpose()?.flatten();
    if let Some(steward) = steward.filter(|steward| !except.contains(steward)) {
        return Ok(Some(steward));
    }
    for role in [Role::Supervisor, Role::Manager] {
        if let Some(found) = least_busy(db, community, role, now, except)? {
            return Ok(Some(found));
        }
    }
    let mut all = Vec::new();
    for role in [Role::Desk, Role::Supervisor, Role::Manager] {
        all.extend(holders_on(db, community, role, today)?);
    }
    Ok(all.into_iter().find(|person| !except.contains(person)))
}

/// A member of staff by their id, their staff number 工号 or a login name; none where there is no such.
pub fn by_name(db: &mut Db, community: CommunityId, name: &str) -> Result<Option<PersonId>> {
    use crate::db::schema::{accounts, logins, staff};
    let name = name.trim();
    let here = role_grants::table.filter(role_grants::community_id.eq(community.0));
    if let Ok(id) = name.parse::<i64>() {
        let found = here.filter(role_grants::person_id.eq(id)).select(role_grants::person_id).first(db);
        return Ok(found.optional()?);
    }
    let by_number = staff::table
        .filter(staff::community_id.eq(community.0).and(staff::number.eq(name.to_uppercase())))
        .select(staff::person_id);
    if let Some(found) = by_number.first(db).optional()? {
        return Ok(Some(found));
    }
    let by_login = logins::table
        .inner_join(accounts::table.on(accounts::id.eq(logins::account_id)))
        .filter(logins::community_id.eq(community.0).and(logins::name.eq(name.to_lowercase())))
        .select(accounts::person_id);
    Ok(by_login.first(db).optional()?)
}
