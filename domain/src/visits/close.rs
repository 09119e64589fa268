//! The month close: at 00:30 on the 1st a steward's month freezes with what had arrived, been voided or
//! accepted before, whenever the close runs; what becomes known later is a correction line of its own.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};

use super::quota::{self, Facts, closes_at};
use super::rules::{self, Change};
use super::{facts, records};
use crate::community;
use crate::db::schema::{visit_months, visits};
use crate::{CommunityId, Db, Instant, Month, PersonId, Result, db};

/// Closes every month that is over and not closed, for every steward of it. Returns how many it closed.
///
/// A worker that slept closes all the months that it missed; run twice, the second run finds nothing.
pub fn close(tx: &mut Db, community: CommunityId, now: Instant) -> Result<usize> {
    let mut closed = 0;
    for month in open_months(tx, community, now)? {
        let frozen = quota::frozen(tx, community, month)?;
        let stewards = facts::days(tx, community, month, None)?.stewards();
        for steward in stewards.into_iter().filter(|who| !frozen.contains_key(who)) {
            closed += usize::from(freeze(tx, (community, steward, month), now)?);
        }
    }
    Ok(closed)
}

/// The months that are over, from the community's first or its first visit's to the newest; those of two
/// years at most, as nobody looks at the quota of longer ago.
fn open_months(db: &mut Db, community: CommunityId, now: Instant) -> Result<Vec<Month>> {
    let place = community::by_id(db, community)?;
    let zone = place.zone()?;
    let first_visit: Option<Month> = visits::table
        .filter(visits::community_id.eq(community.0))
        .select(diesel::dsl::min(visits::month))
        .first(db)?;
    let mut month = Month::of(zone.date(place.created_at));
    month = first_visit.map_or(month, |visited| visited.min(month));
    let mut months = Vec::new();
    while closes_at(zone, month) <= now {
        months.push(month);
        month = month.next();
    }
    Ok(months.split_off(months.len().saturating_sub(24)))
}

fn freeze(tx: &mut Db, key: (CommunityId, PersonId, Month), now: Instant) -> Result<bool> {
    let (community, steward, month) = key;
    db::lock(tx, "people", steward.0)?;
    let zone = community::by_id(tx, community)?.zone()?;
    let as_of = closes_at(zone, month);
    let facts = Facts::load_as_of(tx, community, month, Some(as_of))?;
    let share = facts.share(steward);
    let sql = "INSERT INTO visit_months (community_id, steward_id, month, own_days, month_days, households, \
               make_up, quota, counted, as_of, closed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
               ON CONFLICT (community_id, steward_id, month) DO NOTHING";
    let made = diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<BigInt, _>(steward.0)
        .bind::<Text, _>(month.as_str())
        .bind::<BigInt, _>(share.own_days)
        .bind::<BigInt, _>(share.month_days)
        .bind::<BigInt, _>(share.households)
        .bind::<BigInt, _>(share.make_up)
        .bind::<BigInt, _>(share.quota())
        .bind::<BigInt, _>(rules::counted(facts.visits(steward), Some(as_of)))
        .bind::<Timestamp, _>(as_of)
        .bind::<Timestamp, _>(now)
        .execute(tx)?;
    correct(tx, key)?;
    Ok(made == 1)
}

/// Holds a steward's month until the transaction ends, and says at which moment something about it is written
/// down: after everything that stands there, and never before the close once the month is frozen.
pub(super) fn hold(tx: &mut Db, key: (CommunityId, PersonId, Month), now: Instant) -> Result<Instant> {
    db::lock(tx, "people", key.1.0)?;
    let after = chrono::TimeDelta::microseconds(1);
    let latest = records::latest(tx, key)?.map_or(now, |at| at.plus(after).max(now));
    Ok(frozen_as_of(tx, key)?.map_or(latest, |as_of| as_of.max(latest)))
}

/// Writes the correction lines of a frozen month that are missing; none where it isn't frozen.
pub(super) fn correct(tx: &mut Db, key: (CommunityId, PersonId, Month)) -> Result<()> {
    let Some(as_of) = frozen_as_of(tx, key)? else { return Ok(()) };
    let visits = records::of_month(tx, key.0, key.2, Some(key.1))?;
    rules::changes_since(&visits, as_of).iter().try_for_each(|change| insert(tx, key, change))
}

/// The moment as of which a steward's month was frozen; none while it is open.
fn frozen_as_of(db: &mut Db, key: (CommunityId, PersonId, Month)) -> Result<Option<Instant>> {
    Ok(visit_months::table
        .filter(visit_months::community_id.eq(key.0.0).and(visit_months::steward_id.eq(key.1.0)))
        .filter(visit_months::month.eq(key.2))
        .select(visit_months::as_of)
        .first(db)
        .optional()?)
}

fn insert(tx: &mut Db, key: (CommunityId, PersonId, Month), change: &Change) -> Result<()> {
    let sql = "INSERT INTO visit_corrections (community_id, steward_id, month, visit_id, cause, delta, by_id, at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (visit_id, cause) DO NOTHING";
    diesel::sql_query(sql)
        .bind::<BigInt, _>(key.0.0)
        .bind::<BigInt, _>(key.1.0)
        .bind::<Text, _>(key.2.as_str())
        .bind::<BigInt, _>(change.visit.0)
        .bind::<Text, _>(change.cause.as_str())
        .bind::<BigInt, _>(change.delta)
        .bind::<BigInt, _>(change.by.0)
        .bind::<Timestamp, _>(change.at)
        .execute(tx)?;
    Ok(())
}
