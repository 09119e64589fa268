//! How those who work for a community get in, as an admin sees it, and what an admin does where a phone or a
//! password is lost: every session ends, the second factor is set up anew.

use std::collections::BTreeMap;

use diesel::dsl::max;
use diesel::prelude::*;

use super::sessions::{self, Session};
use super::{Action, Actor, Object, Role, account, allow};
use crate::audit::{self, Line};
use crate::db::schema::{accounts, logins, people, role_grants, sessions as rows, staff};
use crate::staff::StaffLine;
use crate::{AccountId, CommunityId, Db, Error, Instant, PersonId, Result};

/// One who works for a community, and how they get in.
#[derive(Debug, Clone)]
pub struct Worker {
    /// Who, with the post.
    pub line: StaffLine,
    /// The roles held now.
    pub roles: Vec<Role>,
    /// What they sign in with; none until they activate their account.
    pub logins: Vec<String>,
    /// Since when they have a second factor.
    pub second_factor_at: Option<Instant>,
    /// When they were last here, within some minutes, as far as sessions are still known.
    pub seen_at: Option<Instant>,
}

/// One of them with where they are signed in.
#[derive(Debug, Clone)]
pub struct WorkerPage {
    /// Where they work.
    pub community: CommunityId,
    /// Who.
    pub worker: Worker,
    /// Their running sessions, the latest used first.
    pub sessions: Vec<Session>,
}

/// Everybody who works or worked for the community, by staff number.
///
/// # Errors
/// Only an admin may.
pub fn workers(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> Result<Vec<Worker>> {
    allow(db, actor, now, Action::Administer, Object::Installation)?;
    let lines = crate::staff::list(db, actor, now, community)?;
    let (mut roles, mut entries) = (roles_in(db, community, now)?, entries(db, community)?);
    let worker = |line: StaffLine| {
        let entry = entries.remove(&line.person).unwrap_or_default();
        Worker {
            roles: roles.remove(&line.person).unwrap_or_default(),
            logins: entry.logins,
            second_factor_at: entry.second_factor_at,
            seen_at: entry.seen_at,
            line,
        }
    };
    Ok(lines.into_iter().map(worker).collect())
}

/// One who works or worked for a community.
///
/// # Errors
/// [`Error::NotFound`] for who never did; only an admin may.
pub fn worker(
    db: &mut Db,
    actor: &Actor,
    (now, real_now): (Instant, Instant),
    person: PersonId,
) -> Result<WorkerPage> {
    let community = community_of(db, actor, now, person)?;
    let found = workers(db, actor, now, community)?.into_iter().find(|worker| worker.line.person == person);
    let account = account_of(db, person)?;
    let sessions = account.map(|account| sessions::running(db, account, real_now)).transpose()?;
    Ok(WorkerPage {
        community,
        worker: found.ok_or(Error::NotFound)?,
        sessions: sessions.unwrap_or_default(),
    })
}

/// Ends every session of one who works for a community; returns how many there were.
///
/// # Errors
/// [`Error::NotFound`] for who works for none or has no account; only an admin may.
pub fn end_sessions(
    tx: &mut Db,
    actor: &Actor,
    (now, real_now): (Instant, Instant),
    person: PersonId,
) -> Result<usize> {
    let community = community_of(tx, actor, now, person)?;
    let account = account_of(tx, person)?.ok_or(Error::NotFound)?;
    let ended = sessions::end_others(tx, account, None, real_now)?;
    audit::write(tx, actor, now, &Line::new(community, "account.end_sessions", "account", account.0))?;
    Ok(ended)
}

/// Clears the second factor of one who works for a community; their sessions end.
///
/// # Errors
/// As of [`end_sessions`].
pub fn forget_second_factor(
    tx: &mut Db,
    actor: &Actor,
    (now, real_now): (Instant, Instant),
    person: PersonId,
) -> Result<()> {
    let community = community_of(tx, actor, now, person)?;
    let account = account_of(tx, person)?.ok_or(Error::NotFound)?;
    account::clear_second_factor(tx, actor, (account, community), (now, real_now))
}

fn community_of(db: &mut Db, actor: &Actor, now: Instant, person: PersonId) -> Result<CommunityId> {
    allow(db, actor, now, Action::Administer, Object::Installation)?;
    Ok(staff::table.find(person.0).select(staff::community_id).get_result(db)?)
}

fn account_of(db: &mut Db, person: PersonId) -> Result<Option<AccountId>> {
    let one = accounts::table.filter(accounts::person_id.eq(person.0)).select(accounts::id);
    Ok(one.get_result(db).optional()?)
}

fn roles_in(db: &mut Db, community: CommunityId, now: Instant) -> Result<BTreeMap<PersonId, Vec<Role>>> {
    let today = crate::community::by_id(db, community)?.today(now)?;
    let held = role_grants::table
        .filter(role_grants::community_id.eq(community.0).and(role_grants::starts_on.le(today)))
        .filter(role_grants::ends_on.is_null().or(role_grants::ends_on.ge(today)))
        .order(role_grants::id)
        .select((role_grants::person_id, role_grants::role));
    let mut roles: BTreeMap<PersonId, Vec<Role>> = BTreeMap::new();
    for (person, role) in held.load(db)? {
        roles.entry(person).or_default().push(role);
    }
    Ok(roles)
}

/// How somebody gets in.
#[derive(Default)]
struct Entry {
    logins: Vec<String>,
    second_factor_at: Option<Instant>,
    seen_at: Option<Instant>,
}

fn entries(db: &mut Db, community: CommunityId) -> Result<BTreeMap<PersonId, Entry>> {
    let of_staff = accounts::table
        .inner_join(people::table.on(people::id.eq(accounts::person_id)))
        .inner_join(staff::table.on(staff::person_id.eq(people::id)))
        .filter(staff::community_id.eq(community.0));
    let known: Vec<(AccountId, PersonId, Option<Instant>)> =
        of_staff.select((accounts::id, accounts::person_id, accounts::totp_enrolled_at)).load(db)?;
    let ids: Vec<i64> = known.iter().map(|(account, ..)| account.0).collect();
    let names: Vec<(AccountId, String)> = logins::table
        .filter(logins::account_id.eq_any(&ids))
        .order((logins::kind.desc(), logins::name))
        .select((logins::account_id, logins::name))
        .load(db)?;
    let seen: Vec<(AccountId, Option<Instant>)> = rows::table
        .filter(rows::account_id.eq_any(&ids))
        .group_by(rows::account_id)
        .select((rows::account_id, max(rows::seen_at)))
        .load(db)?;
    let entry = |(account, person, second_factor_at)| {
        let own = names.iter().filter(|(of, _)| *of == account).map(|(_, name)| name.clone());
        let seen_at = seen.iter().find(|(of, _)| *of == account).and_then(|(_, at)| *at);
        (person, Entry { logins: own.collect(), second_factor_at, seen_at })
    };
    Ok(known.into_iter().map(entry).collect())
}
