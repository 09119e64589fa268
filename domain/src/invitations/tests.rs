//! An owner's invitation from its making to the tie that it begins, on a database.

use std::ops::Deref;

use diesel::prelude::*;

use super::{Guest, Kind, State};
use crate::access::activation::Chosen;
use crate::access::{Actor, Role, password};
use crate::db::schema::{buildings, homes, occupancies, people};
use crate::fresh::Fresh;
use crate::{Db, Error, HomeId, PersonId, community};

struct World {
    fresh: Fresh,
    home: HomeId,
    owner: PersonId,
}

impl Deref for World {
    type Target = Fresh;

    fn deref(&self) -> &Fresh {
        &self.fresh
    }
}

fn world() -> World {
    let fresh = Fresh::made();
    let (home, owner) = fresh.store.write_now(|tx| owned_home(tx, &fresh)).unwrap();
    World { fresh, home, owner }
}

fn owned_home(tx: &mut Db, fresh: &Fresh) -> crate::Result<(HomeId, PersonId)> {
    let community = fresh.community;
    let building =
        (buildings::community_id.eq(community), buildings::code.eq("1"), buildings::register_order.eq(1_i64));
    let building: i64 =
        diesel::insert_into(buildings::table).values(building).returning(buildings::id).get_result(tx)?;
    let home = (
        homes::community_id.eq(community),
        homes::building_id.eq(building),
        homes::code.eq("1-1-0101"),
        homes::entrance.eq("1"),
        homes::floor.eq(1),
        homes::room.eq("0101"),
        homes::use_kind.eq("residential"),
        homes::area.eq(8_900_i64),
        homes::register_order.eq(1_i64),
        homes::register_status.eq("occupied"),
    );
    let home: HomeId = diesel::insert_into(homes::table).values(home).returning(homes::id).get_result(tx)?;
    let owner = fresh.person(tx, "王建国", "13900000001")?;
    let tie = (
        occupancies::community_id.eq(community),
        occupancies::home_id.eq(home),
        occupancies::person_id.eq(owner),
        occupancies::kind.eq("owner"),
        occupancies::lives_there.eq(false),
        occupancies::pays.eq(true),
        occupancies::starts_on.eq(fresh.now.0.date() - chrono::TimeDelta::days(30)),
    );
    diesel::insert_into(occupancies::table).values(tie).execute(tx)?;
    Ok((home, owner))
}

impl World {
    fn actor(&self) -> Actor {
        self.store.read_now(|db| Actor::load(db, self.owner, self.now.0.date(), "page")).unwrap()
    }

    fn guest(&self, kind: Kind) -> Guest {
        let today = self.store.read_now(|db| community::by_id(db, self.community)?.today(self.now)).unwrap();
        Guest {
            name: "王小明".to_owned(),
            phone: Some("13900000002".to_owned()),
            email: None,
            kind,
            starts_on: today,
            ends_on: (kind == Kind::Tenant).then(|| today + chrono::TimeDelta::days(365)),
        }
    }

    fn invite(&self, guest: &Guest) -> crate::Result<super::Invited> {
        let place = (self.community, self.home);
        let actor = self.actor();
        self.store.write_now(|tx| super::invite(tx, &self.vault, &actor, self.now, place, guest))
    }

    fn redeem(&self, code: &str) -> crate::Result<PersonId> {
        let password_hash = password::hash("correct horse").unwrap();
        let chosen = Chosen { code: code.to_owned(), login: None, password_hash };
        self.store.write_now(|tx| super::redeem(tx, &chosen, (self.now, self.now))).map(|done| done.1)
    }

    fn states(&self) -> Vec<State> {
        let actor = self.actor();
        let residences = self.store.read_now(|db| super::residences(db, &actor, self.now)).unwrap();
        residences[0].invitations.iter().map(|one| one.state).collect()
    }
}

#[test]
fn a_member_of_the_family_lives_there_from_the_day_the_code_is_used() {
    let world = world();
    let invited = world.invite(&world.guest(Kind::Family)).unwrap();
    assert_eq!(world.states(), [State::Open]);
    let person = world.redeem(&invited.code).unwrap();
    assert!(matches!(world.redeem(&invited.code), Err(Error::Invalid(_))), "a code is used once");
    assert_eq!(world.states(), [State::Accepted]);
    let member = world.store.read_now(|db| Actor::load(db, person, world.now.0.date(), "page")).unwrap();
    assert!(member.has(Role::Resident));
    let (lives_there, household): (bool, Option<i64>) = world
        .store
        .read_now(|db| {
            Ok(occupancies::table
                .filter(occupancies::person_id.eq(person.0))
                .select((occupancies::lives_there, occupancies::household_id))
                .first(db)?)
        })
        .unwrap();
    assert!(lives_there && household.is_some());
    assert!(world.store.read_now(|db| crate::check::community(db, world.community)).unwrap().is_empty());
}

#[test]
fn a_tenant_is_tied_but_does_not_live_there_before_the_handover() {
    let world = world();
    let invited = world.invite(&world.guest(Kind::Tenant)).unwrap();
    let person = world.redeem(&invited.code).unwrap();
    let lives_there: bool = world
        .store
        .read_now(|db| {
            let tie = occupancies::table.filter(occupancies::person_id.eq(person.0));
            Ok(tie.select(occupancies::lives_there).first(db)?)
        })
        .unwrap();
    assert!(!lives_there);
    let second = world.invite(&world.guest(Kind::Tenant));
    assert!(matches!(second, Err(Error::Refused(refusal)) if refusal.rule == "invitations.let_already"));
}

#[test]
fn what_is_revoked_opens_nothing_and_nobody_else_revokes_it() {
    let world = world();
    let invited = world.invite(&world.guest(Kind::Family)).unwrap();
    let revoke = |actor: &Actor| world.store.write_now(|tx| super::revoke(tx, actor, world.now, invited.id));
    assert!(matches!(revoke(&Actor::nobody()), Err(Error::NotSignedIn)));
    revoke(&world.actor()).unwrap();
    assert_eq!(world.states(), [State::Revoked]);
    assert!(matches!(world.redeem(&invited.code), Err(Error::Invalid(_))));
    assert!(matches!(revoke(&world.actor()), Err(Error::Refused(_))));
    let kept: i64 = world
        .store
        .read_now(|db| Ok(people::table.filter(people::phone.eq("13900000002")).count().get_result(db)?))
        .unwrap();
    assert_eq!(kept, 0, "nothing is kept of who was invited");
}
