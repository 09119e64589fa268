//! A small community: a steward with a row of homes, a desk, a supervisor, an officer.

use diesel::prelude::*;
use domain::access::{Actor, Role};
use domain::db::schema::*;
use domain::{CommunityId, Db, HomeId, HouseholdId, Instant, LocalDate, PersonId, Result, Store};
use test_support::{Database, Kind, On};

/// The community with its staff; homes are added by each test.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) community: CommunityId,
    pub(crate) steward: PersonId,
    pub(crate) supervisor: PersonId,
    pub(crate) desk: PersonId,
    pub(crate) officer: PersonId,
    _database: Database,
}

impl On for World {
    fn on(kind: Kind) -> Self {
        let database = Database::prepared(kind, "migrated", |url| {
            Store::open(url).unwrap().migrate().unwrap();
        });
        let store = Store::open(database.url()).unwrap();
        let community = store.write_now(add_community).unwrap();
        let staff = |role, from: &str| {
            let from = day(from);
            store.write_now(move |tx| add_staff(tx, community, role, from)).unwrap()
        };
        let (steward, supervisor) =
            (staff(Role::Steward, "2024-03-15"), staff(Role::Supervisor, "2024-01-01"));
        let (desk, officer) = (staff(Role::Desk, "2024-01-01"), staff(Role::Officer, "2024-01-01"));
        Self { store, community, steward, supervisor, desk, officer, _database: database }
    }
}

pub(crate) fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

pub(crate) fn day(text: &str) -> LocalDate {
    text.parse().unwrap()
}

fn add_community(tx: &mut Db) -> Result<CommunityId> {
    let row = (
        communities::code.eq("JXHY"),
        communities::name.eq("锦绣花园"),
        communities::timezone.eq("Asia/Shanghai"),
        communities::created_at.eq(at("2026-11-01T00:00:00Z")),
    );
    let id = diesel::insert_into(communities::table).values(row).returning(communities::id).get_result(tx)?;
    let building =
        (buildings::community_id.eq(id), buildings::code.eq("1"), buildings::register_order.eq(1_i64));
    diesel::insert_into(buildings::table).values(building).execute(tx)?;
    Ok(id)
}

pub(crate) fn add_person(tx: &mut Db, community: CommunityId, name: &str) -> Result<PersonId> {
    let row = (
        people::community_id.eq(community),
        people::name.eq(name),
        people::language.eq("zh"),
        people::created_at.eq(at("2026-01-01T00:00:00Z")),
    );
    Ok(diesel::insert_into(people::table).values(row).returning(people::id).get_result(tx)?)
}

pub(crate) fn add_staff(
    tx: &mut Db,
    community: CommunityId,
    role: Role,
    from: LocalDate,
) -> Result<PersonId> {
    let person = add_person(tx, community, role.as_str())?;
    let row = (
        role_grants::community_id.eq(community),
        role_grants::person_id.eq(person),
        role_grants::role.eq(role),
        role_grants::starts_on.eq(from),
    );
    diesel::insert_into(role_grants::table).values(row).execute(tx)?;
    Ok(person)
}

impl World {
    pub(crate) fn write<T>(&self, change: impl Fn(&mut Db) -> Result<T>) -> T {
        self.store.write_now(change).unwrap()
    }

    pub(crate) fn read<T>(&self, query: impl FnOnce(&mut Db) -> Result<T>) -> T {
        self.store.read_now(query).unwrap()
    }

    pub(crate) fn actor(&self, person: PersonId, on: &str) -> Actor {
        self.read(|db| Actor::load(db, person, day(on), "test"))
    }

    /// A home that is delivered or not, with nobody in it, looked after by the steward from 2024 on.
    pub(crate) fn home(&self, n: i64, delivered: bool) -> HomeId {
        let (community, steward) = (self.community, self.steward);
        self.write(|tx| {
            let building: i64 = buildings::table.select(buildings::id).first(tx)?;
            let row = (
                homes::community_id.eq(community),
                homes::building_id.eq(building),
                homes::code.eq(format!("1-1-{n:04}")),
                homes::entrance.eq("1"),
                homes::floor.eq(1),
                homes::room.eq(format!("{n:04}")),
                homes::use_kind.eq("residential"),
                homes::area.eq(8_950_i64),
                homes::delivered_on.eq(delivered.then(|| day("2021-06-01"))),
                homes::register_order.eq(n),
                homes::register_status.eq(if delivered { "vacant" } else { "undelivered" }),
            );
            let id: HomeId =
                diesel::insert_into(homes::table).values(row).returning(homes::id).get_result(tx)?;
            let area = (
                home_stewards::community_id.eq(community),
                home_stewards::home_id.eq(id),
                home_stewards::steward_id.eq(steward),
                home_stewards::starts_on.eq(day("2024-03-15")),
            );
            diesel::insert_into(home_stewards::table).values(area).execute(tx)?;
            Ok(id)
        })
    }

    /// An owner of a home, who lives there or not.
    pub(crate) fn owner(&self, home: HomeId, lives_there: bool) -> PersonId {
        let community = self.community;
        self.write(|tx| {
            let person = add_person(tx, community, "owner")?;
            let since = day("2021-06-01");
            let household: Option<HouseholdId> = if lives_there {
                let row = (
                    households::community_id.eq(community),
                    households::home_id.eq(home),
                    households::started_on.eq(since),
                );
                Some(
                    diesel::insert_into(households::table)
                        .values(row)
                        .returning(households::id)
                        .get_result(tx)?,
                )
            } else {
                None
            };
            let row = (
                occupancies::community_id.eq(community),
                occupancies::home_id.eq(home),
                occupancies::person_id.eq(person),
                occupancies::household_id.eq(household),
                occupancies::kind.eq("owner"),
                occupancies::lives_there.eq(lives_there),
                occupancies::pays.eq(true),
                occupancies::starts_on.eq(since),
            );
            diesel::insert_into(occupancies::table).values(row).execute(tx)?;
            Ok(person)
        })
    }

    /// So many delivered homes where their owners live.
    pub(crate) fn inhabited(&self, count: i64) -> Vec<HomeId> {
        (1..=count)
            .map(|n| {
                let home = self.home(n, true);
                self.owner(home, true);
                home
            })
            .collect()
    }
}
