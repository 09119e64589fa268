//! Who is on duty. Until a roster says otherwise, whoever holds a role today is on duty; work that nobody
//! has taken goes to the one of them with the least, and never to nobody (domain.md §3).

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::access::Role;
use crate::db::schema::{home_stewards, role_grants};
use crate::{CommunityId, Db, HomeId, Instant, LocalDate, PersonId, Result, community};

/// Who holds a role in the community on the local day of `now`, by person.
pub fn holders(db: &mut Db, community: CommunityId, role: Role, now: Instant) -> Result<Vec<PersonId>> {
    let today = community::by_id(db, community)?.today(now)?;
    holders_on(db, community, role, today)
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

/// Who is told what concerns the service as a whole: the supervisors of a day, without any the managers.
pub fn supervisors_on(db: &mut Db, community: CommunityId, day: LocalDate) -> Result<Vec<PersonId>> {
    let found = holders_on(db, community, Role::Supervisor, day)?;
    if found.is_empty() { holders_on(db, community, Role::Manager, day) } else { Ok(found) }
}

/// The roles that a person holds on the local day of `now`.
pub fn roles_of(db: &mut Db, community: CommunityId, person: PersonId, now: Instant) -> Result<Vec<Role>> {
    let today = community::by_id(db, community)?.today(now)?;
    Ok(role_grants::table
        .filter(role_grants::community_id.eq(community.0).and(role_grants::person_id.eq(person.0)))
        .filter(role_grants::starts_on.le(today))
        .filter(role_grants::ends_on.is_null().or(role_grants::ends_on.ge(today)))
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

#[derive(QueryableByName)]
struct Chosen {
    #[diesel(sql_type = BigInt)]
    id: PersonId,
}

/// Of the holders of a role, the one with the fewest open cases and duties; never one of `except`.
pub fn least_busy(
    db: &mut Db,
    community: CommunityId,
    role: Role,
    now: Instant,
    except: &[PersonId],
) -> Result<Option<PersonId>> {
    let today = community::by_id(db, community)?.today(now)?;
    let except: String = except.iter().map(|person| format!(", {person}")).collect();
    let sql = format!(
        "SELECT g.person_id AS id FROM role_grants g \
               WHERE g.community_id = $1 AND g.role = $2 AND g.starts_on <= $3 \
               AND (g.ends_on IS NULL OR g.ends_on >= $4) AND g.person_id NOT IN (0{except}) \
               ORDER BY (SELECT count(*) FROM cases c WHERE c.accountable_id = g.person_id AND c.closed_at IS NULL) \
               + (SELECT count(*) FROM duties d WHERE d.owner_id = g.person_id AND d.state = 'open'), g.person_id \
               LIMIT 1"
    );
    let chosen: Option<Chosen> = diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Text, _>(role.as_str())
        .bind::<diesel::sql_types::Date, _>(today)
        .bind::<diesel::sql_types::Date, _>(today)
        .get_result(db)
        .optional()?;
    Ok(chosen.map(|row| row.id))
}

/// Who answers for what nobody has accepted: the desk on duty, else the home's steward, else a supervisor,
/// else a manager; never one of `except`.
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
    let steward = home.map(|home| steward_of(db, home, today)).transpose()?.flatten();
    if let Some(steward) = steward.filter(|steward| !except.contains(steward)) {
        return Ok(Some(steward));
    }
    match least_busy(db, community, Role::Supervisor, now, except)? {
        Some(supervisor) => Ok(Some(supervisor)),
        None => least_busy(db, community, Role::Manager, now, except),
    }
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
