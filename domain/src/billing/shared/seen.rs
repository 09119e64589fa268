//! What a home is shown of the shared bills of a month: each bill, how it is shared, its own part, and the parts
//! of all homes as numbers without names.

use diesel::prelude::*;

use super::bills::{Bill, in_period};
use super::rules::Part;
use crate::access::Actor;
use crate::db::schema::{buildings, homes, measured};
use crate::{BuildingId, CommunityId, Db, Error, Fen, HomeId, Instant, Month, Result, ledger};

/// A bill as a home sees it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The bill.
    pub bill: Bill,
    /// The home's part.
    pub own: Part,
    /// The parts of the home's building, in register order.
    pub parts: Vec<HomePart>,
}

/// A home's part, without a name.
#[derive(Debug, Clone, Queryable)]
pub struct HomePart {
    /// The home's code.
    pub home: String,
    /// What it counts, in hundredths.
    pub weight: i64,
    /// Its part.
    pub amount: Fen,
}

/// The bills of a month that a home bears a part of, for who may read what is owed on it.
///
/// # Errors
/// Not found where the asker may not see the home, or it bears a part of none.
pub fn of_home(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (code, period): (&str, Month),
) -> Result<Vec<Seen>> {
    let home = ledger::home(db, actor, now, community, code)?;
    let building: BuildingId = homes::table.find(home.0).select(homes::building_id).first(db)?;
    let mut seen = Vec::new();
    for bill in in_period(db, community, period)? {
        if let Some(own) = own(db, &bill, home)? {
            let parts = parts(db, &bill, Some(building))?;
            seen.push(Seen { bill, own, parts });
        }
    }
    if seen.is_empty() { Err(Error::NotFound) } else { Ok(seen) }
}

fn own(db: &mut Db, bill: &Bill, home: HomeId) -> Result<Option<Part>> {
    let order: i64 = homes::table.find(home.0).select(homes::register_order).first(db)?;
    let row = measured::table.find((bill.community_id.0, bill.period, bill.fee_item_id.0, order, ""));
    let basis: Option<String> = row.select(measured::basis).first(db).optional()?;
    basis.map(|basis| basis.parse().map_err(Error::internal)).transpose()
}

/// The parts of a bill, of one building or of all, in register order.
pub fn parts(db: &mut Db, bill: &Bill, building: Option<BuildingId>) -> Result<Vec<HomePart>> {
    let mut rows = measured::table
        .inner_join(homes::table.on(homes::id.eq(measured::home_id)))
        .inner_join(buildings::table.on(buildings::id.eq(homes::building_id)))
        .filter(measured::community_id.eq(bill.community_id.0).and(measured::period.eq(bill.period)))
        .filter(measured::fee_item_id.eq(bill.fee_item_id.0))
        .into_boxed();
    if let Some(building) = building {
        rows = rows.filter(homes::building_id.eq(building.0));
    }
    let rows = rows.order(measured::home_order);
    Ok(rows.select((homes::code, measured::quantity, measured::amount_fen)).load(db)?)
}

/// The buildings whose homes bear a part of a bill, in register order.
pub fn buildings(db: &mut Db, bill: &Bill) -> Result<Vec<(BuildingId, String)>> {
    let rows = buildings::table
        .inner_join(homes::table.on(homes::building_id.eq(buildings::id)))
        .inner_join(measured::table.on(measured::home_id.eq(homes::id)))
        .filter(measured::community_id.eq(bill.community_id.0).and(measured::period.eq(bill.period)))
        .filter(measured::fee_item_id.eq(bill.fee_item_id.0))
        .order(buildings::register_order)
        .select((buildings::id, buildings::code, buildings::register_order))
        .distinct();
    let rows: Vec<(BuildingId, String, i64)> = rows.load(db)?;
    Ok(rows.into_iter().map(|(id, code, _)| (id, code)).collect())
}
