//! One-time codes 一次性验证码: six digits by mail, for who would rather not type a password or has forgotten
//! it. Good once, for ten minutes, in the browser that asked for them, and for five tries; a second factor is
//! asked for all the same. Who asks gets the same answer whether anybody has that login or not.

use std::collections::HashSet;

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use sha2::{Digest, Sha256};

use super::login::{Candidate, candidates, fold};
use super::{Door, Vault, throttle};
use crate::db::schema::one_time_codes;
use crate::notifications::{self, Notification, Tell, Urgency};
use crate::{AccountId, Clock, Db, Error, Instant, NotificationId, PersonId, Result, random};

crate::words! {
    /// What a code is asked for.
    Purpose {
        /// To sign in with.
        SignIn = "sign_in",
        /// To set a new password.
        Reset = "reset",
    }
}

/// How long a code is good.
const MINUTES: i64 = 10;
/// How often one may be tried.
const TRIES: i32 = 5;
const SEALED_FOR: &str = "one-time code";

/// Who asks for a code, and from where.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The login as it was typed.
    pub login: String,
    /// The community's code, where the login is known in several.
    pub community: Option<String>,
    /// The address that asks.
    pub address: String,
    /// What for.
    pub purpose: Purpose,
}

/// A code that was typed rightly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Right {
    id: i64,
    /// The account.
    pub account: AccountId,
    /// Its person.
    pub person: PersonId,
}

/// Sends a code to whom the login means, if to anybody; the answer is what the browser keeps to use it.
///
/// # Errors
/// [`Error::TooMany`] while a pause lasts, for a known login as for an unknown one.
pub fn ask(tx: &mut Db, vault: &Vault, asked: &Asked, (now, real_now): (Instant, Instant)) -> Result<String> {
    let login = fold(&asked.login);
    throttle::count(tx, Door::OneTimeCode, &login, &asked.address, real_now)?;
    let token = random::hex(16)?;
    for who in candidates(tx, &login, asked.community.as_deref())? {
        send(tx, vault, (asked.purpose, &token), &who, (now, real_now))?;
    }
    Ok(token)
}

/// Keeps a code and mails it; an admin of the installation is known to no community that could mail.
fn send(
    tx: &mut Db,
    vault: &Vault,
    (purpose, token): (Purpose, &str),
    who: &Candidate,
    (now, real_now): (Instant, Instant),
) -> Result<()> {
    let Some(community) = who.community else { return Ok(()) };
    let code = random::digits(6)?;
    let row = (
        one_time_codes::account_id.eq(who.account),
        one_time_codes::purpose.eq(purpose),
        one_time_codes::ask_hash.eq(hash(token)),
        one_time_codes::sealed.eq(vault.seal(SEALED_FOR, &code)?),
        one_time_codes::made_at.eq(real_now),
        one_time_codes::expires_at.eq(real_now.plus(TimeDelta::minutes(MINUTES))),
    );
    let id: i64 = diesel::insert_into(one_time_codes::table)
        .values(row)
        .returning(one_time_codes::id)
        .get_result(tx)?;
    let tell = Tell {
        community,
        event: format!("one_time:{id}"),
        person: who.person,
        code: match purpose {
            Purpose::SignIn => "one_time.sign_in",
            Purpose::Reset => "one_time.reset",
        },
        args: notifications::sealed(vault, serde_json::json!({ "minutes": MINUTES }), &[("digits", &code)])?,
        link: None,
        urgency: Urgency::Now,
    };
    notifications::mail(tx, &tell, now)
}

type Row = (i64, AccountId, PersonId, String);

/// Counts a try and looks whether it is right; what was counted stays, whatever comes of it.
///
/// A code that is right is not yet used up: see [`use_up`].
pub fn try_one(
    tx: &mut Db,
    vault: &Vault,
    (token, purpose): (&str, Purpose),
    typed: &str,
    real_now: Instant,
) -> Result<Option<Right>> {
    use crate::db::schema::accounts;
    let good = one_time_codes::table
        .filter(one_time_codes::ask_hash.eq(hash(token)).and(one_time_codes::purpose.eq(purpose)))
        .filter(one_time_codes::used_at.is_null().and(one_time_codes::expires_at.gt(real_now)))
        .filter(one_time_codes::tries.lt(TRIES));
    let ids: Vec<i64> = good.select(one_time_codes::id).load(tx)?;
    // A row that reached its limit meanwhile is not among those that were counted.
    let counted =
        one_time_codes::table.filter(one_time_codes::id.eq_any(&ids).and(one_time_codes::tries.lt(TRIES)));
    diesel::update(counted).set(one_time_codes::tries.eq(one_time_codes::tries + 1)).execute(tx)?;
    let rows: Vec<Row> = one_time_codes::table
        .inner_join(accounts::table.on(accounts::id.eq(one_time_codes::account_id)))
        .filter(one_time_codes::id.eq_any(&ids).and(one_time_codes::tries.le(TRIES)))
        .filter(accounts::disabled_at.is_null())
        .order(one_time_codes::id)
        .select((one_time_codes::id, accounts::id, accounts::person_id, one_time_codes::sealed))
        .load(tx)?;
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let right = rows.into_iter().find(|row| {
        vault.open(SEALED_FOR, &row.3).is_some_and(|code| is_same(code.as_bytes(), typed.as_bytes()))
    });
    Ok(right.map(|(id, account, person, _)| Right { id, account, person }))
}

/// Uses a code up, and with it every other one that is open for the account.
///
/// # Errors
/// The field `code` where it was used meanwhile.
pub fn use_up(tx: &mut Db, right: &Right, real_now: Instant) -> Result<()> {
    let unused = one_time_codes::table.find(right.id).filter(one_time_codes::used_at.is_null());
    if diesel::update(unused).set(one_time_codes::used_at.eq(real_now)).execute(tx)? == 0 {
        return Err(wrong());
    }
    let others = one_time_codes::table
        .filter(one_time_codes::account_id.eq(right.account).and(one_time_codes::used_at.is_null()));
    diesel::update(others).set(one_time_codes::used_at.eq(real_now)).execute(tx)?;
    Ok(())
}

/// The one answer for a code that is wrong, used, too old, tried too often, or was never sent.
pub fn wrong() -> Error {
    Error::field("code", "one_time_code")
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Those of these codes' mails that are still worth sending: a mail server that was away must not deliver dead codes.
pub fn still_due(db: &mut Db, all: &[&Notification], _: Instant) -> Result<HashSet<NotificationId>> {
    let sql = "SELECT COUNT(*) AS n FROM one_time_codes \
               WHERE 'one_time:' || id = $1 AND used_at IS NULL AND expires_at > $2";
    let mut due = HashSet::new();
    for one in all {
        let found: Count = diesel::sql_query(sql)
            .bind::<Text, _>(&one.event)
            .bind::<diesel::sql_types::Timestamp, _>(Clock::system().real_now())
            .get_result(db)?;
        due.extend((found.n > 0).then_some(one.id));
    }
    Ok(due)
}

fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

/// Compares in a time that tells nothing about where two texts of a length differ.
fn is_same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}
