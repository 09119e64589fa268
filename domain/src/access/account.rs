//! One's own account: the password, the language; and the first admin of an installation.

use diesel::prelude::*;

use super::activation::{self, LoginKind};
use super::{Actor, login, password, second_factor, sessions};
use crate::audit::{self, Line};
use crate::db::schema::{accounts, admins, logins, people};
use crate::notifications::{self, Tell, Urgency};
use crate::{AccountId, CommunityId, Db, Error, Instant, PersonId, Result, SessionId};

/// What an account is signed in with, and its password's hash.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The names it is found by, the phone first.
    pub logins: Vec<String>,
    /// The password's hash.
    pub password_hash: Option<String>,
}

/// The account's logins and hash.
pub fn credentials(db: &mut Db, account: AccountId) -> Result<Credentials> {
    let password_hash = accounts::table.find(account.0).select(accounts::password_hash).get_result(db)?;
    let logins = logins::table
        .filter(logins::account_id.eq(account))
        .order((logins::kind.desc(), logins::name))
        .select(logins::name)
        .load(db)?;
    Ok(Credentials { logins, password_hash })
}

/// Sets a new password; every session but `keep` ends.
pub fn set_password(
    tx: &mut Db,
    actor: &Actor,
    (account, keep): (AccountId, Option<SessionId>),
    hash: &str,
    (now, real_now): (Instant, Instant),
) -> Result<()> {
    diesel::update(accounts::table.find(account.0)).set(accounts::password_hash.eq(hash)).execute(tx)?;
    sessions::end_others(tx, account, keep, real_now)?;
    let chain = actor.communities().first().copied().unwrap_or(CommunityId(0));
    audit::write(tx, actor, now, &Line::new(chain, "account.password", "account", account.0))
}

/// Sets the password of who showed a code from their mailbox; every session ends, and they are told.
pub fn reset_password(
    tx: &mut Db,
    (account, person): (AccountId, PersonId),
    hash: &str,
    (now, real_now): (Instant, Instant),
) -> Result<()> {
    let actor = login::actor_of(tx, person, now, "reset")?;
    set_password(tx, &actor, (account, None), hash, (now, real_now))?;
    let Some(community) = actor.communities().first().copied() else { return Ok(()) };
    tell(tx, (community, person), (account, "account.password_reset"), (now, real_now))
}

/// Tells somebody what was done to their account: it may not have been them who wanted it.
fn tell(
    tx: &mut Db,
    (community, person): (CommunityId, PersonId),
    (account, code): (AccountId, &'static str),
    (now, real_now): (Instant, Instant),
) -> Result<()> {
    let tell = Tell {
        community,
        event: format!("{code}:{account}:{}", real_now.micros()),
        person,
        code,
        args: serde_json::json!({}),
        link: Some("/account".to_owned()),
        urgency: Urgency::Now,
    };
    notifications::tell(tx, &tell, now)
}

/// Changes the language that pages and mails of a person are in: `zh` or `en`.
pub fn set_language(tx: &mut Db, person: PersonId, language: &str) -> Result<()> {
    diesel::update(people::table.find(person.0)).set(people::language.eq(language)).execute(tx)?;
    Ok(())
}

/// Adds an admin of the installation; their password's hash is made before.
///
/// # Errors
/// A login that is taken or badly formed: by field.
pub fn add_admin(tx: &mut Db, actor: &Actor, now: Instant, new: &NewAdmin) -> Result<PersonId> {
    super::allow(tx, actor, now, super::Action::Administer, super::Object::Installation)?;
    let name = login::fold(&new.login);
    if !activation::is_name(&name) {
        return Err(Error::field("login", "login_name"));
    }
    if new.name.trim().is_empty() {
        return Err(Error::field("name", "required"));
    }
    let person = (people::name.eq(new.name.trim()), people::created_at.eq(now));
    let person: PersonId =
        diesel::insert_into(people::table).values(person).returning(people::id).get_result(tx)?;
    diesel::insert_into(admins::table).values(admins::person_id.eq(person)).execute(tx)?;
    let account = activation::account_of(tx, person, now)?;
    activation::add_login(tx, CommunityId(0), account, &name, LoginKind::Name)?;
    diesel::update(accounts::table.find(account.0))
        .set(accounts::password_hash.eq(&new.password_hash))
        .execute(tx)?;
    audit::write(tx, actor, now, &Line::new(CommunityId(0), "admin.add", "person", person.0))?;
    Ok(person)
}

/// Clears the second factor of the one account that a login means; its sessions end.
///
/// # Errors
/// The field `login` where nobody has it, `community` where several do.
pub fn forget_second_factor(
    tx: &mut Db,
    actor: &Actor,
    (name, community): (&str, Option<&str>),
    (now, real_now): (Instant, Instant),
) -> Result<()> {
    super::allow(tx, actor, now, super::Action::Administer, super::Object::Installation)?;
    let found = login::candidates(tx, &login::fold(name), community)?;
    let account = match found.as_slice() {
        [] => return Err(Error::field("login", "login_unknown")),
        [one] => one.account,
        _ => return Err(Error::field("community", "community_needed")),
    };
    let chain = found.first().and_then(|one| one.community).unwrap_or(CommunityId(0));
    clear_second_factor(tx, actor, (account, chain), (now, real_now))
}

/// The same for an account that is known, written into the trail of its community; whose it is is told.
pub(super) fn clear_second_factor(
    tx: &mut Db,
    actor: &Actor,
    (account, chain): (AccountId, CommunityId),
    (now, real_now): (Instant, Instant),
) -> Result<()> {
    second_factor::forget(tx, account)?;
    sessions::end_others(tx, account, None, real_now)?;
    if chain != CommunityId(0) {
        let person = accounts::table.find(account.0).select(accounts::person_id).get_result(tx)?;
        tell(tx, (chain, person), (account, "account.second_factor_cleared"), (now, real_now))?;
    }
    audit::write(tx, actor, now, &Line::new(chain, "account.forget_second_factor", "account", account.0))
}

/// A new admin.
#[derive(Debug, Clone)]
pub struct NewAdmin {
    /// What they sign in with.
    pub login: String,
    /// What they are called.
    pub name: String,
    /// Their password's hash.
    pub password_hash: String,
}

/// Why a new password is refused, for the field `field`.
///
/// # Errors
/// See [`password::weakness`].
pub fn check_password(field: &str, password: &str, names: &[&str]) -> Result<()> {
    password::weakness(password, names).map_or(Ok(()), |code| Err(Error::field(field, code)))
}
