//! Getting in, from the desk's letter to the last session's end, on a database.

use std::ops::Deref;

use chrono::TimeDelta;
use diesel::prelude::*;

use super::activation::{self, Chosen};
use super::login::{self, Attempt};
use super::sessions::{self, SessionKind};
use super::{Actor, Door, Vault, password, second_factor, throttle};
use crate::db::schema::role_grants;
use crate::fresh::Fresh;
use crate::{Error, PersonId};

struct World {
    fresh: Fresh,
    person: PersonId,
}

impl Deref for World {
    type Target = Fresh;

    fn deref(&self) -> &Fresh {
        &self.fresh
    }
}

fn world() -> World {
    let fresh = Fresh::made();
    let person = fresh.store.write_now(|tx| staff(tx, &fresh)).unwrap();
    World { fresh, person }
}

fn staff(tx: &mut crate::Db, fresh: &Fresh) -> crate::Result<PersonId> {
    let person = fresh.person(tx, "周敏", "13800138000")?;
    let grant = (
        role_grants::community_id.eq(fresh.community),
        role_grants::person_id.eq(person),
        role_grants::role.eq("steward"),
        role_grants::starts_on.eq(fresh.now.0.date() - TimeDelta::days(2)),
    );
    diesel::insert_into(role_grants::table).values(grant).execute(tx)?;
    Ok(person)
}

fn attempt(login: &str) -> Attempt {
    let kind = SessionKind::Cookie;
    Attempt { login: login.into(), community: None, address: "192.0.2.1".into(), agent: "test".into(), kind }
}

fn activate(world: &World, code: &str) -> crate::Result<String> {
    let password_hash = password::hash("correct horse").unwrap();
    let chosen = Chosen { code: code.into(), login: None, password_hash };
    world.store.write_now(|tx| activation::redeem(tx, &chosen, (world.now, world.now))).map(|done| done.2)
}

#[test]
fn a_letter_lets_in_once_and_the_session_ends_on_the_server() {
    let world = world();
    let issue = || {
        world
            .store
            .write_now(|tx| activation::issue(tx, &Actor::system("test"), world.now, world.person, None))
    };
    let (void, _) = issue().unwrap();
    let (code, _) = issue().unwrap();
    assert!(matches!(activate(&world, &void), Err(Error::Invalid(_))), "a newer letter voids an older one");
    assert_eq!(activate(&world, &code.to_lowercase()).unwrap(), "13800138000");
    assert!(matches!(activate(&world, &code), Err(Error::Invalid(_))), "a code is used once");

    let who = attempt("138-0013-8000");
    let found = world.store.write_now(|tx| login::begin(tx, &who, world.now)).unwrap();
    assert!(matches!(login::choose(&found, "wrong horse"), Err(Error::Refused(_))));
    let one = login::choose(&found, "correct horse").unwrap();
    let ids = (one.account, one.person);
    let started = world
        .store
        .write_now(|tx| login::finish(tx, &world.vault, &who, ids, None, (world.now, world.now)))
        .unwrap();
    let at = |later| world.now.plus(later);
    let find = |when| {
        world.store.read_now(|db| sessions::find(db, &started.token, SessionKind::Cookie, when)).unwrap()
    };
    let session = find(at(TimeDelta::hours(1))).unwrap();
    assert!(!sessions::is_idle(&session, &started.actor, at(TimeDelta::hours(12))));
    assert!(sessions::is_idle(&session, &started.actor, at(TimeDelta::hours(13))));
    assert!(find(at(TimeDelta::days(8))).is_none(), "staff sign in again after a week");
    world.store.write_now(|tx| sessions::end(tx, session.account, session.id, world.now)).unwrap();
    assert!(find(world.now).is_none());
}

#[test]
fn guessing_is_slowed_but_the_owner_gets_in_from_elsewhere() {
    let world = world();
    let count = |address| {
        world.store.write_now(|tx| throttle::count(tx, Door::Login, "zhou.min", address, world.now))
    };
    (0..5).for_each(|_| count("192.0.2.1").unwrap());
    assert!(matches!(count("192.0.2.1"), Err(Error::TooMany { .. })));
    count("198.51.100.7").unwrap();
    world.store.write_now(|tx| throttle::forget(tx, Door::Login, "zhou.min", "192.0.2.1")).unwrap();
    count("192.0.2.1").unwrap();
}

#[test]
fn codes_that_are_tried_at_one_door_leave_the_others_open() {
    let world = world();
    let count =
        |door| world.store.write_now(|tx| throttle::count(tx, door, "zhou.min", "192.0.2.1", world.now));
    (0..5).for_each(|_| count(Door::Activation).unwrap());
    assert!(matches!(count(Door::Activation), Err(Error::TooMany { .. })));
    count(Door::Login).unwrap();
    count(Door::OneTimeCode).unwrap();
}

#[test]
fn a_secret_that_was_kept_as_it_is_gets_sealed_and_still_makes_codes() {
    use crate::db::schema::accounts;
    let world = world();
    let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let account = world.store.write_now(|tx| {
        let account = activation::account_of(tx, world.person, world.now)?;
        diesel::update(accounts::table.find(account.0))
            .set((accounts::totp_secret.eq(secret), accounts::totp_enrolled_at.eq(world.now)))
            .execute(tx)?;
        Ok(account)
    });
    let account = account.unwrap();
    let right = |vault: &Vault, at| {
        let code = second_factor::code_at(secret, at).unwrap();
        world.store.write_now(|tx| second_factor::is_right(tx, vault, account, &code, at))
    };
    assert!(right(&world.vault, world.now).unwrap(), "before it is sealed");
    let seal = || world.store.write_now(|tx| second_factor::seal_all(tx, &world.vault)).unwrap();
    assert_eq!((seal(), seal()), (1, 0));
    let kept: Option<String> = world
        .store
        .read_now(|db| Ok(accounts::table.find(account.0).select(accounts::totp_secret).get_result(db)?))
        .unwrap();
    assert!(!kept.unwrap().contains(secret));
    let later = world.now.plus(TimeDelta::minutes(2));
    assert!(right(&world.vault, later).unwrap());
    assert!(!right(&world.vault, later).unwrap(), "a code is good once");

    let other = Vault::of(b"another key").unwrap();
    assert!(matches!(right(&other, later.plus(TimeDelta::minutes(2))), Err(Error::Refused(_))));
    let unreadable = |vault| world.store.read_now(|db| second_factor::unreadable(db, vault)).unwrap();
    assert_eq!((unreadable(&world.vault), unreadable(&other)), (0, 1));
}
