//! Carries out what [`super::homes_plan`] worked out, in statements of a thousand rows.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date};

use super::homes_plan::{Change, Plan, Ref};
use super::homes_rows::{HomeRow, Owner};
use crate::db::bulk::{insert_all, take_ids};
use crate::db::schema::{bays, buildings, homes, households, occupancies, people};
use crate::homes::OccupancyKind;
use crate::{BuildingId, CommunityId, Db, Error, HomeId, Instant, LocalDate, Result};

/// The ids of what is new, by position.
struct Fresh {
    people: Vec<i64>,
    homes: Vec<i64>,
    households: Vec<i64>,
}

/// Writes it all. Changes come first: they free bays, ties and households for what is new.
pub(super) fn write(
    tx: &mut Db,
    community: CommunityId,
    now: Instant,
    today: LocalDate,
    (rows, plan): (&[HomeRow], &Plan),
) -> Result<()> {
    insert_buildings(tx, community, &plan.buildings)?;
    let buildings = building_ids(tx, community)?;
    let building = |code: &str| buildings.get(code).copied().ok_or_else(|| lost("building"));
    for change in &plan.changes {
        carry_out(tx, change, building)?;
    }
    let fresh = Fresh {
        people: take_ids(tx, "people", plan.people.len())?,
        homes: take_ids(tx, "homes", plan.homes.len())?,
        households: take_ids(tx, "households", plan.households.len())?,
    };
    insert_people(tx, community, now, &plan.people, &fresh.people)?;
    insert_homes(tx, community, (rows, plan), &fresh.homes, building)?;
    insert_households(tx, community, plan, &fresh)?;
    insert_ties(tx, community, plan, &fresh)?;
    insert_bays(tx, community, plan, &fresh)?;
    extend_areas(tx, community, today, &fresh.homes)
}

fn lost(what: &str) -> Error {
    Error::internal(format!("an import lost a {what}"))
}

fn known<T>(reference: Ref<T>, fresh: &[i64], id: impl Fn(T) -> i64) -> Result<i64> {
    match reference {
        Ref::Known(known) => Ok(id(known)),
        Ref::New(at) => fresh.get(at).copied().ok_or_else(|| lost("row")),
    }
}

type Buildings = std::collections::HashMap<String, BuildingId>;

fn building_ids(tx: &mut Db, community: CommunityId) -> Result<Buildings> {
    let rows = buildings::table.filter(buildings::community_id.eq(community.0));
    let rows: Vec<(String, BuildingId)> = rows.select((buildings::code, buildings::id)).load(tx)?;
    Ok(rows.into_iter().collect())
}

fn insert_buildings(tx: &mut Db, community: CommunityId, codes: &[String]) -> Result<()> {
    let theirs = buildings::table.filter(buildings::community_id.eq(community.0));
    let last: Option<i64> = theirs.select(diesel::dsl::max(buildings::register_order)).first(tx)?;
    for (order, code) in (last.unwrap_or(0) + 1..).zip(codes) {
        let row = (
            buildings::community_id.eq(community.0),
            buildings::code.eq(code),
            buildings::register_order.eq(order),
        );
        diesel::insert_into(buildings::table).values(row).execute(tx)?;
    }
    Ok(())
}

fn carry_out(tx: &mut Db, change: &Change, building: impl Fn(&str) -> Result<BuildingId>) -> Result<()> {
    match change {
        Change::Home(id, row) => {
            let set = (
                (homes::building_id.eq(building(&row.building)?.0), homes::entrance.eq(&row.entrance)),
                (homes::room.eq(&row.room), homes::floor.eq(row.floor)),
                (homes::use_kind.eq(row.use_kind.as_str()), homes::area.eq(row.area.0)),
                (homes::delivered_on.eq(row.delivered_on), homes::register_status.eq(row.status.as_str())),
                homes::version.eq(homes::version + 1),
            );
            diesel::update(homes::table.find(id.0)).set(set).execute(tx)?;
        }
        Change::Contact(id, owner) => update_contact(tx, id.0, owner)?,
        Change::EndTie(id, last) => {
            diesel::update(occupancies::table.find(id)).set(occupancies::ends_on.eq(last)).execute(tx)?;
        }
        Change::DropTie(id) => {
            diesel::delete(occupancies::table.find(id)).execute(tx)?;
        }
        Change::MoveTie(id, household, day) => {
            diesel::update(occupancies::table.find(id)).set(occupancies::starts_on.eq(day)).execute(tx)?;
            if let Some(household) = household {
                let row = households::table.find(household.0);
                diesel::update(row).set(households::started_on.eq(day)).execute(tx)?;
            }
        }
        Change::EndHousehold(id, last) => {
            diesel::update(households::table.find(id.0)).set(households::ended_on.eq(last)).execute(tx)?;
        }
        Change::EndBay(id, last) => {
            diesel::update(bays::table.find(id)).set(bays::ends_on.eq(last)).execute(tx)?;
        }
        Change::DropBay(id) => {
            diesel::delete(bays::table.find(id)).execute(tx)?;
        }
    }
    Ok(())
}

/// What the register names replaces what is known; what it leaves out stays.
fn update_contact(tx: &mut Db, id: i64, owner: &Owner) -> Result<()> {
    #[derive(AsChangeset)]
    #[diesel(table_name = people)]
    struct Contact<'a> {
        name: &'a str,
        phone: Option<&'a str>,
        email: Option<&'a str>,
        id_last4: Option<&'a str>,
    }
    let contact = Contact {
        name: &owner.name,
        phone: owner.phone.as_deref(),
        email: owner.email.as_deref(),
        id_last4: owner.id_last4.as_deref(),
    };
    diesel::update(people::table.find(id)).set(contact).execute(tx)?;
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = people, treat_none_as_default_value = false)]
struct PersonNew<'a> {
    id: i64,
    community_id: i64,
    name: &'a str,
    phone: Option<&'a str>,
    email: Option<&'a str>,
    id_last4: Option<&'a str>,
    created_at: Instant,
}

/// Inserts people under ids taken before.
pub(super) fn insert_people(
    tx: &mut Db,
    community: CommunityId,
    now: Instant,
    new: &[Owner],
    ids: &[i64],
) -> Result<()> {
    let rows: Vec<PersonNew> = new
        .iter()
        .zip(ids)
        .map(|(owner, id)| PersonNew {
            id: *id,
            community_id: community.0,
            name: &owner.name,
            phone: owner.phone.as_deref(),
            email: owner.email.as_deref(),
            id_last4: owner.id_last4.as_deref(),
            created_at: now,
        })
        .collect();
    insert_all!(tx, people::table, rows);
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = homes, treat_none_as_default_value = false)]
struct HomeNew<'a> {
    id: i64,
    community_id: i64,
    building_id: BuildingId,
    code: &'a str,
    entrance: &'a str,
    floor: i32,
    room: &'a str,
    use_kind: &'a str,
    area: i64,
    delivered_on: Option<LocalDate>,
    register_order: i64,
    register_status: &'a str,
}

/// New homes stand after those that are known, in the order of the file.
fn insert_homes(
    tx: &mut Db,
    community: CommunityId,
    (rows, plan): (&[HomeRow], &Plan),
    ids: &[i64],
    building: impl Fn(&str) -> Result<BuildingId>,
) -> Result<()> {
    let theirs = homes::table.filter(homes::community_id.eq(community.0));
    let last: Option<i64> = theirs.select(diesel::dsl::max(homes::register_order)).first(tx)?;
    let mut new = Vec::with_capacity(ids.len());
    for ((register_order, at), id) in (last.unwrap_or(0) + 1..).zip(&plan.homes).zip(ids) {
        let row = rows.get(*at).ok_or_else(|| lost("home"))?;
        new.push(HomeNew {
            id: *id,
            community_id: community.0,
            building_id: building(&row.building)?,
            code: &row.code,
            entrance: &row.entrance,
            floor: row.floor,
            room: &row.room,
            use_kind: row.use_kind.as_str(),
            area: row.area.0,
            delivered_on: row.delivered_on,
            register_order,
            register_status: row.status.as_str(),
        });
    }
    insert_all!(tx, homes::table, new);
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = households)]
struct HouseholdNew {
    id: i64,
    community_id: i64,
    home_id: i64,
    started_on: LocalDate,
}

fn insert_households(tx: &mut Db, community: CommunityId, plan: &Plan, fresh: &Fresh) -> Result<()> {
    let mut new = Vec::with_capacity(fresh.households.len());
    for ((home, started_on), id) in plan.households.iter().zip(&fresh.households) {
        let home_id = known(*home, &fresh.homes, |home: HomeId| home.0)?;
        new.push(HouseholdNew { id: *id, community_id: community.0, home_id, started_on: *started_on });
    }
    insert_all!(tx, households::table, new);
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = occupancies, treat_none_as_default_value = false)]
struct TieNew {
    community_id: i64,
    home_id: i64,
    person_id: i64,
    household_id: Option<i64>,
    kind: &'static str,
    lives_there: bool,
    pays: bool,
    starts_on: LocalDate,
}

fn insert_ties(tx: &mut Db, community: CommunityId, plan: &Plan, fresh: &Fresh) -> Result<()> {
    let mut new = Vec::with_capacity(plan.ties.len());
    for tie in &plan.ties {
        let household = tie.household.map(|one| known(one, &fresh.households, |id| id.0)).transpose()?;
        new.push(TieNew {
            community_id: community.0,
            home_id: known(tie.home, &fresh.homes, |home| home.0)?,
            person_id: known(tie.person, &fresh.people, |person| person.0)?,
            household_id: household,
            kind: OccupancyKind::Owner.as_str(),
            lives_there: household.is_some(),
            pays: tie.pays,
            starts_on: tie.starts_on,
        });
    }
    insert_all!(tx, occupancies::table, new);
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = bays, treat_none_as_default_value = false)]
struct BayNew<'a> {
    community_id: i64,
    home_id: i64,
    code: &'a str,
    kind: &'static str,
    position: i32,
    starts_on: Option<LocalDate>,
}

fn insert_bays(tx: &mut Db, community: CommunityId, plan: &Plan, fresh: &Fresh) -> Result<()> {
    let mut new = Vec::with_capacity(plan.bays.len());
    for bay in &plan.bays {
        new.push(BayNew {
            community_id: community.0,
            home_id: known(bay.home, &fresh.homes, |home| home.0)?,
            code: &bay.code,
            kind: bay.kind.as_str(),
            position: i32::try_from(bay.position).map_err(Error::internal)?,
            starts_on: bay.starts_on,
        });
    }
    insert_all!(tx, bays::table, new);
    Ok(())
}

/// A home that joins a building with a steward joins that steward's area from today.
fn extend_areas(tx: &mut Db, community: CommunityId, today: LocalDate, homes: &[i64]) -> Result<()> {
    let (Some(first), Some(last)) = (homes.iter().min(), homes.iter().max()) else { return Ok(()) };
    let sql = "INSERT INTO home_stewards (community_id, home_id, steward_id, starts_on, ends_on) \
         SELECT n.community_id, n.id, a.steward_id, $1, a.ends_on FROM homes n JOIN \
         (SELECT h.building_id, MIN(s.steward_id) AS steward_id, MAX(s.ends_on) AS ends_on \
          FROM home_stewards s JOIN homes h ON h.id = s.home_id \
          WHERE s.community_id = $2 AND s.starts_on <= $1 AND (s.ends_on IS NULL OR s.ends_on >= $1) \
          GROUP BY h.building_id HAVING COUNT(DISTINCT s.steward_id) = 1) a ON a.building_id = n.building_id \
         WHERE n.community_id = $2 AND n.id >= $3 AND n.id <= $4 AND NOT EXISTS \
         (SELECT 1 FROM home_stewards x WHERE x.home_id = n.id)";
    diesel::sql_query(sql)
        .bind::<Date, _>(today)
        .bind::<BigInt, _>(community.0)
        .bind::<BigInt, _>(first)
        .bind::<BigInt, _>(last)
        .execute(tx)?;
    Ok(())
}
