//! Limits on guessing, kept in the database so that all processes share them. They slow an attacker
//! without locking the owner out: an account as a whole waits at most half a minute, whoever hammers it
//! from one address waits up to a quarter of an hour. Each way in has limits of its own, so that who hammers
//! one does not shut another. All by real time.

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel::sql_types::{Text, Timestamp};
use sha2::{Digest, Sha256};

use crate::db::schema::throttles;
use crate::{Db, Error, Instant, Result};

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// A login with a password or a second factor.
    Login,
    /// An activation code.
    Activation,
    /// Asking for a one-time code by mail.
    OneTimeCode,
}

impl Door {
    fn word(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Activation => "activation",
            Self::OneTimeCode => "one-time code",
        }
    }

    /// The limit on one account from anywhere. Codes that are asked for fill a mailbox and give an attacker
    /// five guesses each: their pause grows longer, as the password stays another way in.
    fn account(self) -> Rule {
        match self {
            Self::Login | Self::Activation => ACCOUNT,
            Self::OneTimeCode => PAIR,
        }
    }
}

/// How many attempts are free, and how long the pause may grow.
#[derive(Debug, Clone, Copy)]
struct Rule {
    free: i32,
    longest_secs: i64,
}

/// One account from one address.
const PAIR: Rule = Rule { free: 5, longest_secs: 900 };
/// One account from anywhere.
const ACCOUNT: Rule = Rule { free: 20, longest_secs: 30 };
/// One address, whoever it tries: an office behind one address has many people.
const ADDRESS: Rule = Rule { free: 60, longest_secs: 900 };
/// Quiet for so long, an address or account starts anew.
const FORGET: TimeDelta = TimeDelta::hours(1);

/// Counts an attempt before it is looked at, so that many at once don't slip through.
///
/// # Errors
/// [`Error::TooMany`] while a pause lasts; the attempt is then not counted.
pub fn count(tx: &mut Db, door: Door, account: &str, address: &str, real_now: Instant) -> Result<()> {
    take(tx, &pair(door, account, address), PAIR, real_now)?;
    take(tx, &whole(door, account), door.account(), real_now)?;
    take(tx, &from(door, address), ADDRESS, real_now)
}

/// Forgets the attempts on an account from an address: they were the owner's.
pub fn forget(tx: &mut Db, door: Door, account: &str, address: &str) -> Result<()> {
    let names = [pair(door, account, address), whole(door, account)];
    diesel::delete(throttles::table.filter(throttles::name.eq_any(names))).execute(tx)?;
    let address =
        throttles::table.filter(throttles::name.eq(from(door, address)).and(throttles::failures.gt(0)));
    diesel::update(address).set(throttles::failures.eq(throttles::failures - 1)).execute(tx)?;
    Ok(())
}

/// Takes away what nobody needs any more.
pub fn tidy(tx: &mut Db, real_now: Instant) -> Result<usize> {
    let old = throttles::table.filter(throttles::free_at.lt(real_now.minus(FORGET)));
    Ok(diesel::delete(old.filter(throttles::last_at.lt(real_now.minus(FORGET)))).execute(tx)?)
}

fn take(tx: &mut Db, name: &str, rule: Rule, real_now: Instant) -> Result<()> {
    let (failures, last, free) = counted(tx, name, real_now)?;
    if free > real_now {
        let secs = free.since(real_now).num_seconds().max(0).unsigned_abs();
        return Err(Error::TooMany { retry_after_secs: secs + 1 });
    }
    let failures = if real_now.since(last) > FORGET { 1 } else { failures };
    let free = real_now.plus(TimeDelta::seconds(pause_secs(rule, failures)));
    diesel::update(throttles::table.find(name))
        .set((throttles::failures.eq(failures), throttles::last_at.eq(real_now), throttles::free_at.eq(free)))
        .execute(tx)?;
    Ok(())
}

/// Adds one to the row, which locks it: attempts, when the last was, until when the pause lasts.
fn counted(tx: &mut Db, name: &str, real_now: Instant) -> Result<(i32, Instant, Instant)> {
    let sql = "INSERT INTO throttles (name, failures, last_at, free_at) VALUES ($1, 0, $2, $3) \
               ON CONFLICT (name) DO NOTHING";
    diesel::sql_query(sql)
        .bind::<Text, _>(name)
        .bind::<Timestamp, _>(real_now)
        .bind::<Timestamp, _>(real_now)
        .execute(tx)?;
    let row = diesel::update(throttles::table.find(name));
    row.set(throttles::failures.eq(throttles::failures + 1)).execute(tx)?;
    let columns = (throttles::failures, throttles::last_at, throttles::free_at);
    Ok(throttles::table.find(name).select(columns).get_result(tx)?)
}

/// Doubling from one second once the free attempts are used up.
fn pause_secs(rule: Rule, failures: i32) -> i64 {
    let over = failures - rule.free;
    if over < 0 {
        return 0;
    }
    let doublings = u32::try_from(over.min(20)).unwrap_or(20);
    2_i64.pow(doublings).min(rule.longest_secs)
}

fn pair(door: Door, account: &str, address: &str) -> String {
    digest(door, "pair", &[account, address])
}

fn whole(door: Door, account: &str) -> String {
    digest(door, "account", &[account])
}

fn from(door: Door, address: &str) -> String {
    digest(door, "address", &[address])
}

/// What was typed as a login can be a phone or even a password: only its digest is kept.
fn digest(door: Door, kind: &str, parts: &[&str]) -> String {
    format!("{} {kind}:{}", door.word(), hex::encode(Sha256::digest(parts.join("\n"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_and_end_somewhere() {
        for (failures, secs) in [(1, 0), (4, 0), (5, 1), (6, 2), (9, 16), (14, 512), (15, 900), (60, 900)] {
            assert_eq!(pause_secs(PAIR, failures), secs, "after {failures}");
        }
        assert_eq!(pause_secs(ACCOUNT, 1_000), 30);
    }
}
