//! Getting in with a login and a password. The same answer and time for a known and an unknown account.
//! In three parts, as hashing has no place inside a transaction: [`begin`], the password, [`finish`].

use diesel::prelude::*;

use super::sessions::{self, NewSession, SessionKind};
use super::{Actor, Door, Vault, password, second_factor, throttle};
use crate::audit::{self, Line};
use crate::community::{self, Community};
use crate::db::directly;
use crate::db::schema::{accounts, admins, communities, logins, people};
use crate::{AccountId, CommunityId, Db, Error, Instant, PersonId, Result, Zone};

/// More accounts of one login than anybody has: a phone known in so many communities names one of them.
const CANDIDATES: i64 = 4;

/// Who tries to get in, and from where.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The login as it was typed.
    pub login: String,
    /// The community's code, where the login is known in several.
    pub community: Option<String>,
    /// The address that asks.
    pub address: String,
    /// The browser or program, as it calls itself.
    pub agent: String,
    /// How the session's token travels.
    pub kind: SessionKind,
}

/// An account that a login may mean.
#[derive(Debug, Clone, Queryable)]
pub struct Candidate {
    /// The account.
    pub account: AccountId,
    /// Its person.
    pub person: PersonId,
    /// Where it is; none for an admin of the installation.
    pub community: Option<CommunityId>,
    hash: Option<String>,
}

/// Somebody who got in.
#[derive(Debug, Clone)]
pub struct Started {
    /// The session's token, told once.
    pub token: String,
    /// When the session ends.
    pub expires_at: Instant,
    /// Who it is.
    pub actor: Actor,
    /// Whether a second factor was shown.
    pub second_factor: bool,
}

/// How a login is compared: trimmed, in lower case; a phone loses its spaces and dashes.
pub fn fold(login: &str) -> String {
    let trimmed = login.trim().to_lowercase();
    let digits: String = trimmed.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let is_phone = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || b == b'+');
    if is_phone { digits } else { trimmed }
}

/// Counts the attempt and finds whom the login may mean.
///
/// # Errors
/// [`Error::TooMany`] while a pause lasts.
pub fn begin(tx: &mut Db, attempt: &Attempt, real_now: Instant) -> Result<Vec<Candidate>> {
    let login = fold(&attempt.login);
    throttle::count(tx, Door::Login, &login, &attempt.address, real_now)?;
    candidates(tx, &login, attempt.community.as_deref())
}

/// Whom a folded login may mean, in the community where one is named.
pub(super) fn candidates(db: &mut Db, login: &str, community: Option<&str>) -> Result<Vec<Candidate>> {
    let mut found = logins::table
        .inner_join(accounts::table.on(accounts::id.eq(logins::account_id)))
        .inner_join(people::table.on(people::id.eq(accounts::person_id)))
        .filter(logins::name.eq(login).and(accounts::disabled_at.is_null()))
        .order(accounts::id)
        .limit(CANDIDATES)
        .select((accounts::id, accounts::person_id, people::community_id, accounts::password_hash))
        .into_boxed();
    if let Some(code) = community {
        let named = communities::table
            .filter(communities::code.eq(code.trim().to_uppercase()))
            .select(communities::id)
            .first::<i64>(db)
            .optional()?;
        found = found.filter(logins::community_id.eq(named.unwrap_or(-1)));
    }
    Ok(found.load(db)?)
}

/// Whose password it is; outside any transaction, as hashing takes its time.
///
/// # Errors
/// `login.wrong` where it is nobody's; the field `community` where it is several people's.
pub fn choose(candidates: &[Candidate], password: &str) -> Result<Candidate> {
    let mut right: Vec<&Candidate> =
        candidates.iter().filter(|c| password::is_right(password, c.hash.as_deref())).collect();
    if candidates.is_empty() {
        password::is_right(password, None);
    }
    match (right.pop(), right.is_empty()) {
        (None, _) => Err(wrong()),
        (Some(one), true) => Ok(one.clone()),
        (Some(_), false) => Err(Error::field("community", "community_needed")),
    }
}

/// Starts the session of who showed the right password, and the code where the account has a second factor.
///
/// # Errors
/// The field `code` where one is needed (`second_factor_needed`) or wrong (`second_factor_wrong`).
pub fn finish(
    tx: &mut Db,
    vault: &Vault,
    attempt: &Attempt,
    who: (AccountId, PersonId),
    code: Option<&str>,
    (now, real_now): (Instant, Instant),
) -> Result<Started> {
    let (account, person) = who;
    let second_factor = check_code(tx, vault, account, code, real_now)?;
    let actor = actor_of(tx, person, now, cause(attempt.kind))?;
    let agent = attempt.agent.clone();
    let new = NewSession { account, kind: attempt.kind, second_factor, agent };
    let (token, expires_at) = sessions::start(tx, &actor, &new, real_now)?;
    throttle::forget(tx, Door::Login, &fold(&attempt.login), &attempt.address)?;
    let chain = actor.communities().first().copied().unwrap_or(CommunityId(0));
    audit::write(tx, &actor, now, &Line::new(chain, "session.start", "account", account.0))?;
    Ok(Started { token, expires_at, actor, second_factor })
}

fn check_code(
    tx: &mut Db,
    vault: &Vault,
    account: AccountId,
    code: Option<&str>,
    real_now: Instant,
) -> Result<bool> {
    if !second_factor::is_enrolled(tx, account)? {
        return Ok(false);
    }
    let Some(code) = code.filter(|code| !code.trim().is_empty()) else {
        return Err(Error::field("code", "second_factor_needed"));
    };
    if second_factor::is_right(tx, vault, account, code, real_now)? {
        Ok(true)
    } else {
        Err(Error::field("code", "second_factor_wrong"))
    }
}

/// Who a session belongs to, with what each of their pages says.
#[derive(Debug, Clone)]
pub struct Known {
    /// The person, with the roles of the community's today.
    pub actor: Actor,
    /// The language that their pages and mails are in: `zh` or `en`.
    pub language: String,
    /// The first community that they belong to.
    pub community: Option<Community>,
}

/// Loads who a session belongs to.
pub fn known(db: &mut Db, person: PersonId, now: Instant, cause: &'static str) -> Result<Known> {
    type Found = (String, String, Option<i64>, Option<Community>);
    let (name, language, admin, own): Found = directly!(db, db => people::table
        .left_join(communities::table.on(people::community_id.eq(communities::id.nullable())))
        .left_join(admins::table.on(admins::person_id.eq(people::id)))
        .filter(people::id.eq(person.0))
        .select((
            people::name,
            people::language,
            admins::person_id.nullable(),
            Option::<Community>::as_select(),
        ))
        .get_result(db))?;
    let zone = own.as_ref().map_or(Ok(Zone::UTC), Community::zone)?;
    let actor = Actor::called(db, (person, name), admin.is_some(), zone.date(now), cause)?;
    let first = actor.communities().first().copied();
    let community = match (first, own) {
        (Some(id), Some(own)) if own.id == id => Some(own),
        (Some(id), _) => Some(community::by_id(db, id)?),
        (None, _) => None,
    };
    Ok(Known { actor, language, community })
}

/// The person of [`known`].
pub fn actor_of(db: &mut Db, person: PersonId, now: Instant, cause: &'static str) -> Result<Actor> {
    Ok(known(db, person, now, cause)?.actor)
}

/// The word of the audit trail for a session's kind.
pub fn cause(kind: SessionKind) -> &'static str {
    match kind {
        SessionKind::Cookie => "page",
        SessionKind::Bearer => "api",
    }
}

/// The one answer for an unknown account and a wrong password.
pub fn wrong() -> Error {
    Error::refused("login.wrong", vec![])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_are_compared_folded() {
        for (typed, folded) in [
            (" 138 0013-8000 ", "13800138000"),
            ("Zhou.Min", "zhou.min"),
            ("A-B c", "a-b c"),
            ("Me@Example.COM", "me@example.com"),
            ("", ""),
        ] {
            assert_eq!(fold(typed), folded);
        }
    }
}
