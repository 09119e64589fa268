//! Sessions: random tokens of 128 bits of which only the hash is kept, ended on the server, with idle and
//! absolute limits per role (quality.md §2). All instants are real time.

use chrono::TimeDelta;
use diesel::prelude::*;
use sha2::{Digest, Sha256};

use super::{Actor, Role};
use crate::db::directly;
use crate::db::schema::{accounts, sessions};
use crate::{AccountId, Db, Error, Instant, PersonId, Result, SessionId, random};

crate::words! {
    /// How a session's token travels.
    SessionKind {
        /// In a browser's cookie.
        Cookie = "cookie",
        /// In the `Authorization` header.
        Bearer = "bearer",
    }
}

/// A session with whose it is.
#[derive(Debug, Clone, Queryable)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The account.
    pub account: AccountId,
    /// The account's person.
    pub person: PersonId,
    /// How its token travels.
    pub kind: SessionKind,
    /// Whether a second factor was shown.
    pub second_factor: bool,
    /// The browser or program, as it calls itself.
    pub agent: String,
    /// When it began.
    pub created_at: Instant,
    /// When it was last used, within some minutes.
    pub seen_at: Instant,
    /// When it ends whatever happens.
    pub expires_at: Instant,
}

/// A new session.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The account.
    pub account: AccountId,
    /// How its token travels.
    pub kind: SessionKind,
    /// Whether a second factor was shown.
    pub second_factor: bool,
    /// The browser or program, as it calls itself.
    pub agent: String,
}

/// A session's use is written down at most this often.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(5);

/// How long a session may idle, and last, for who holds these roles: the strictest counts.
pub fn limits(actor: &Actor) -> (TimeDelta, TimeDelta) {
    let strict = [Role::Manager, Role::Cashier, Role::Admin];
    if strict.iter().any(|role| actor.has(*role)) {
        (TimeDelta::hours(2), TimeDelta::hours(12))
    } else if actor.grants.iter().any(|grant| grant.role.is_staff()) {
        (TimeDelta::hours(12), TimeDelta::days(7))
    } else {
        (TimeDelta::days(30), TimeDelta::days(180))
    }
}

/// Starts a session and returns its token, which is nowhere kept, with the moment it ends.
pub fn start(tx: &mut Db, actor: &Actor, new: &NewSession, real_now: Instant) -> Result<(String, Instant)> {
    let token = random::hex(16)?;
    let ends = real_now.plus(limits(actor).1);
    let agent: String = new.agent.chars().filter(|c| !c.is_control()).take(200).collect();
    let row = (
        sessions::token_hash.eq(token_hash(&token)),
        sessions::account_id.eq(new.account),
        sessions::kind.eq(new.kind),
        sessions::second_factor.eq(new.second_factor),
        sessions::agent.eq(agent),
        sessions::created_at.eq(real_now),
        sessions::seen_at.eq(real_now),
        sessions::expires_at.eq(ends),
    );
    diesel::insert_into(sessions::table).values(row).execute(tx)?;
    Ok((token, ends))
}

/// The running session of a token. Whether it idled too long is told by [`is_idle`], once the roles are known.
pub fn find(db: &mut Db, token: &str, kind: SessionKind, real_now: Instant) -> Result<Option<Session>> {
    let hash = token_hash(token);
    let found = sessions::table
        .inner_join(accounts::table.on(accounts::id.eq(sessions::account_id)))
        .filter(sessions::token_hash.eq(hash).and(sessions::kind.eq(kind)))
        .filter(sessions::ended_at.is_null().and(sessions::expires_at.gt(real_now)))
        .filter(accounts::disabled_at.is_null())
        .select(columns());
    Ok(directly!(db, db => found.get_result(db)).optional()?)
}

/// Whether a session was unused for longer than its person's roles allow.
pub fn is_idle(session: &Session, actor: &Actor, real_now: Instant) -> bool {
    real_now.since(session.seen_at) > limits(actor).0
}

/// Whether the session's use should be written down again.
pub fn is_stale(session: &Session, real_now: Instant) -> bool {
    real_now.since(session.seen_at) > SEEN_EVERY
}

/// Writes down that a session is used; a resident's is renewed with it.
pub fn seen(tx: &mut Db, session: &Session, actor: &Actor, real_now: Instant) -> Result<()> {
    let renewed = !actor.grants.iter().any(|grant| grant.role != Role::Resident);
    let expires = if renewed { real_now.plus(limits(actor).1) } else { session.expires_at };
    let row = sessions::table.find(session.id.0).filter(sessions::ended_at.is_null());
    diesel::update(row)
        .set((sessions::seen_at.eq(real_now), sessions::expires_at.eq(expires)))
        .execute(tx)?;
    Ok(())
}

/// The running sessions of an account, the latest used first.
pub fn running(db: &mut Db, account: AccountId, real_now: Instant) -> Result<Vec<Session>> {
    Ok(sessions::table
        .inner_join(accounts::table.on(accounts::id.eq(sessions::account_id)))
        .filter(sessions::account_id.eq(account))
        .filter(sessions::ended_at.is_null().and(sessions::expires_at.gt(real_now)))
        .order((sessions::seen_at.desc(), sessions::id.desc()))
        .select(columns())
        .load(db)?)
}

/// Ends one session of an account.
///
/// # Errors
/// [`Error::NotFound`] where the account has no such running session.
pub fn end(tx: &mut Db, account: AccountId, session: SessionId, real_now: Instant) -> Result<()> {
    let row = sessions::table
        .find(session.0)
        .filter(sessions::account_id.eq(account).and(sessions::ended_at.is_null()));
    let ended = diesel::update(row).set(sessions::ended_at.eq(real_now)).execute(tx)?;
    if ended == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Ends every session of an account but `keep`.
pub fn end_others(
    tx: &mut Db,
    account: AccountId,
    keep: Option<SessionId>,
    real_now: Instant,
) -> Result<usize> {
    let keep = keep.map_or(0, |id| id.0);
    let rows = sessions::table
        .filter(sessions::account_id.eq(account).and(sessions::ended_at.is_null()))
        .filter(sessions::id.ne(keep));
    Ok(diesel::update(rows).set(sessions::ended_at.eq(real_now)).execute(tx)?)
}

/// Takes away sessions that ended before `before`.
pub fn tidy(tx: &mut Db, before: Instant) -> Result<usize> {
    let old = sessions::expires_at.lt(before).or(sessions::ended_at.lt(before).assume_not_null());
    Ok(diesel::delete(sessions::table.filter(old)).execute(tx)?)
}

fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

type Columns = (
    sessions::id,
    sessions::account_id,
    accounts::person_id,
    sessions::kind,
    sessions::second_factor,
    sessions::agent,
    sessions::created_at,
    sessions::seen_at,
    sessions::expires_at,
);

fn columns() -> Columns {
    (
        sessions::id,
        sessions::account_id,
        accounts::person_id,
        sessions::kind,
        sessions::second_factor,
        sessions::agent,
        sessions::created_at,
        sessions::seen_at,
        sessions::expires_at,
    )
}
