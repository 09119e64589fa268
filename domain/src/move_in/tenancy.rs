//! What a handover does to the register: who is tied to the home from that day, which household they are, and
//! the delivery date of a new home, from which its fees run (domain.md §4, §10).

use chrono::Days;
use diesel::prelude::*;

use super::records::MoveIn;
use super::rules::Kind;
use crate::db::schema::{homes, households, move_ins, occupancies, people};
use crate::{CommunityId, Db, HomeId, HouseholdId, Instant, LocalDate, PersonId, Result, settings};

/// What the register has after a handover.
pub(super) struct Moved {
    pub(super) person: PersonId,
    /// Whether the home was undelivered and its fees begin today.
    pub(super) started_fees: bool,
}

/// Writes a handover into the register.
pub(super) fn move_in(
    tx: &mut Db,
    (community, home): (CommunityId, HomeId),
    row: &MoveIn,
    (day, now): (LocalDate, Instant),
) -> Result<Moved> {
    let kind = row.kind.unwrap_or(Kind::Owner);
    let person = person(tx, community, row, now)?;
    let by_room = settings::get(tx, community, settings::LETTING_BY_ROOM)? == 1;
    match kind {
        Kind::Owner => end_other_owners(tx, home, person, day)?,
        Kind::Tenant | Kind::ShopOperator if !by_room => move_owners_out(tx, home)?,
        Kind::Tenant | Kind::ShopOperator => {}
    }
    end_empty_household(tx, home, day)?;
    let household = household(tx, (community, home), day)?;
    let occupancy = occupy(tx, (community, home), (person, kind, household), row, day)?;
    let set = (
        move_ins::person_id.eq(person),
        move_ins::household_id.eq(household),
        move_ins::occupancy_id.eq(occupancy),
        move_ins::handed_over_at.eq(now),
    );
    diesel::update(move_ins::table.find(row.case_id.0)).set(set).execute(tx)?;
    Ok(Moved { person, started_fees: deliver(tx, home, day)? })
}

/// Who moves in: known from the register, else written into it.
fn person(tx: &mut Db, community: CommunityId, row: &MoveIn, now: Instant) -> Result<PersonId> {
    if let Some(person) = row.person_id {
        return Ok(person);
    }
    let new = (
        people::community_id.eq(community),
        people::name.eq(&row.name),
        people::phone.eq(&row.phone),
        people::email.eq(&row.email),
        people::id_last4.eq(&row.id_last4),
        people::created_at.eq(now),
    );
    Ok(diesel::insert_into(people::table).values(new).returning(people::id).get_result(tx)?)
}

/// A new owner takes the place of the old: their ties end the day before, those of their family with them.
fn end_other_owners(tx: &mut Db, home: HomeId, owner: PersonId, day: LocalDate) -> Result<()> {
    let is_owner: i64 = open(home)
        .filter(occupancies::person_id.eq(owner.0).and(occupancies::kind.eq("owner")))
        .count()
        .get_result(tx)?;
    if is_owner > 0 {
        return Ok(());
    }
    let others: Vec<(i64, LocalDate)> = open(home)
        .filter(occupancies::kind.eq_any(["owner", "family"]).and(occupancies::person_id.ne(owner.0)))
        .select((occupancies::id, occupancies::starts_on))
        .load(tx)?;
    for (id, starts_on) in others {
        let last = (day - Days::new(1)).max(starts_on);
        diesel::update(occupancies::table.find(id)).set(occupancies::ends_on.eq(last)).execute(tx)?;
    }
    Ok(())
}

/// A home let as a whole is lived in by who rents it: the owners keep their tie and live elsewhere.
fn move_owners_out(tx: &mut Db, home: HomeId) -> Result<()> {
    let owners = open(home).filter(occupancies::kind.eq_any(["owner", "family"])).select(occupancies::id);
    let ids: Vec<i64> = owners.load(tx)?;
    let rows = occupancies::table.filter(occupancies::id.eq_any(ids));
    diesel::update(rows).set(occupancies::lives_there.eq(false)).execute(tx)?;
    Ok(())
}

/// Ends the open household of a home in which nobody lives any more.
fn end_empty_household(tx: &mut Db, home: HomeId, day: LocalDate) -> Result<()> {
    let Some((id, started_on)) = open_household(tx, home)? else { return Ok(()) };
    let living: i64 = open(home)
        .filter(occupancies::household_id.eq(id.0).assume_not_null())
        .filter(occupancies::lives_there.eq(true))
        .count()
        .get_result(tx)?;
    if living == 0 {
        let last = (day - Days::new(1)).max(started_on);
        diesel::update(households::table.find(id.0)).set(households::ended_on.eq(last)).execute(tx)?;
    }
    Ok(())
}

fn open_household(db: &mut Db, home: HomeId) -> Result<Option<(HouseholdId, LocalDate)>> {
    Ok(households::table
        .filter(households::home_id.eq(home.0).and(households::ended_on.is_null()))
        .select((households::id, households::started_on))
        .first(db)
        .optional()?)
}

/// The household that lives there and is joined, or a new one.
fn household(tx: &mut Db, (community, home): (CommunityId, HomeId), day: LocalDate) -> Result<HouseholdId> {
    if let Some((id, _)) = open_household(tx, home)? {
        return Ok(id);
    }
    let row = (
        households::community_id.eq(community),
        households::home_id.eq(home),
        households::started_on.eq(day),
    );
    Ok(diesel::insert_into(households::table).values(row).returning(households::id).get_result(tx)?)
}

/// The tie of who moves in: one that is there already, an owner's or an invited tenant's, becomes one who
/// lives there.
fn occupy(
    tx: &mut Db,
    (community, home): (CommunityId, HomeId),
    (person, kind, household): (PersonId, Kind, HouseholdId),
    row: &MoveIn,
    day: LocalDate,
) -> Result<i64> {
    let existing: Option<i64> = occupancies::table
        .filter(occupancies::home_id.eq(home.0))
        .filter(occupancies::person_id.eq(person.0).and(occupancies::kind.eq(kind.as_str())))
        .filter(occupancies::ends_on.is_null().or(occupancies::ends_on.ge(day)))
        .select(occupancies::id)
        .first(tx)
        .optional()?;
    if let Some(id) = existing {
        let set = (occupancies::lives_there.eq(true), occupancies::household_id.eq(household));
        diesel::update(occupancies::table.find(id)).set(set).execute(tx)?;
        if kind != Kind::Owner {
            let lease = (occupancies::pays.eq(row.pays), occupancies::ends_on.eq(row.lease_to));
            diesel::update(occupancies::table.find(id)).set(lease).execute(tx)?;
        }
        return Ok(id);
    }
    let new = (
        occupancies::community_id.eq(community),
        occupancies::home_id.eq(home),
        occupancies::person_id.eq(person),
        occupancies::household_id.eq(household),
        occupancies::kind.eq(kind.as_str()),
        occupancies::lives_there.eq(true),
        occupancies::pays.eq(kind == Kind::Owner || row.pays),
        occupancies::starts_on.eq(day),
        occupancies::ends_on.eq(row.lease_to),
    );
    Ok(diesel::insert_into(occupancies::table).values(new).returning(occupancies::id).get_result(tx)?)
}

/// A move-in to an undelivered home delivers it; any other leaves its date alone. Says whether it did.
///
/// What the register said stays as it was, so that the same register imported again is no news.
fn deliver(tx: &mut Db, home: HomeId, day: LocalDate) -> Result<bool> {
    let undelivered = homes::table.filter(homes::id.eq(home.0).and(homes::delivered_on.is_null()));
    let set = (homes::delivered_on.eq(day), homes::version.eq(homes::version + 1));
    Ok(diesel::update(undelivered).set(set).execute(tx)? == 1)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn open(home: HomeId) -> _ {
    let home: i64 = home.0;
    occupancies::table.filter(occupancies::home_id.eq(home).and(occupancies::ends_on.is_null()))
}
