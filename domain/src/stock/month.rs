//! The monthly list 月度维修库存记录: per material what lay there when the month began, what came in, what
//! repairs took, what counts found, and what lay there at its end.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::Serialize;

use super::{Item, Kind, Movement, all};
use crate::access::{Action, Actor, Object, allow};
use crate::db::schema::{cases, people, price_items, stock_movements};
use crate::{CommunityId, Db, Fen, Instant, Quantity, Result, community};

/// A material's month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Month {
    /// The material.
    pub item: Item,
    /// What lay there when it began.
    pub opening: Quantity,
    /// What came in.
    pub received: Quantity,
    /// What repairs took.
    pub taken: Quantity,
    /// What counts found, more or less.
    pub counted: Quantity,
    /// What lay there at its end.
    pub closing: Quantity,
    /// What was taken, at today's price.
    pub worth: Fen,
}

/// Each material's month, by code; those that never lay there and are retired are left out.
///
/// # Errors
/// Not allowed to who does not keep the store.
pub fn month(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    month: crate::Month,
) -> Result<Vec<Month>> {
    allow(db, actor, now, Action::ManageStock, Object::Community(community))?;
    let (begins, ends) = span(db, community, month)?;
    let before = sums(db, community, (None, begins))?;
    let within = sums(db, community, (Some(begins), ends))?;
    let sum = |of: &BTreeMap<(i64, Movement), i64>, item: &Item, kind| {
        of.get(&(item.id.0, kind)).copied().unwrap_or_default()
    };
    let row = |item: Item| {
        let opening: i64 = Movement::ALL.iter().map(|kind| sum(&before, &item, *kind)).sum();
        let received = sum(&within, &item, Movement::Receipt);
        let taken = -sum(&within, &item, Movement::Taken);
        let counted = sum(&within, &item, Movement::Count);
        Month {
            opening: Quantity(opening),
            received: Quantity(received),
            taken: Quantity(taken),
            counted: Quantity(counted),
            closing: Quantity(opening + received - taken + counted),
            worth: worth(item.price, taken),
            item,
        }
    };
    let materials = all(db, community)?.into_iter().filter(|item| item.kind == Kind::Material);
    let rows = materials.map(row).filter(|row| !row.item.retired || row.opening.0 + row.received.0 != 0);
    Ok(rows.collect())
}

/// So many hundredths at a price, rounded half up.
pub(crate) fn worth(price: Fen, hundredths: i64) -> Fen {
    let exact = i128::from(price.0) * i128::from(hundredths);
    Fen(i64::try_from((exact * 2 + 100).div_euclid(200)).unwrap_or(i64::MAX))
}

/// A taking within a month.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Serialize)]
pub struct Taken {
    /// When.
    pub at: Instant,
    /// What, in Chinese.
    pub zh: String,
    /// And in English.
    pub en: String,
    /// By what it is counted.
    pub unit: String,
    /// How many.
    pub quantity: Quantity,
    /// For which repair.
    pub number: Option<String>,
    /// By whom.
    pub by: Option<String>,
}

/// Each taking of a month, in order, with the repair and who took it.
///
/// # Errors
/// Not allowed to who does not keep the store.
pub fn taken_in(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    month: crate::Month,
) -> Result<Vec<Taken>> {
    allow(db, actor, now, Action::ManageStock, Object::Community(community))?;
    let (begins, ends) = span(db, community, month)?;
    let mut rows: Vec<Taken> = stock_movements::table
        .inner_join(price_items::table.on(price_items::id.eq(stock_movements::item_id)))
        .left_join(cases::table.on(cases::id.nullable().eq(stock_movements::case_id)))
        .left_join(people::table.on(people::id.nullable().eq(stock_movements::by_id)))
        .filter(stock_movements::community_id.eq(community.0))
        .filter(stock_movements::kind.eq(Movement::Taken))
        .filter(stock_movements::at.ge(begins).and(stock_movements::at.lt(ends)))
        .order((stock_movements::at, stock_movements::id))
        .select((
            stock_movements::at,
            price_items::zh,
            price_items::en,
            price_items::unit,
            stock_movements::quantity,
            cases::number.nullable(),
            people::name.nullable(),
        ))
        .load(db)?;
    rows.iter_mut().for_each(|row| row.quantity = Quantity(-row.quantity.0));
    Ok(rows)
}

fn span(db: &mut Db, community: CommunityId, month: crate::Month) -> Result<(Instant, Instant)> {
    let zone = community::by_id(db, community)?.zone()?;
    Ok((zone.start_of(month.first_day()), zone.start_of(month.last_day() + chrono::Days::new(1))))
}

fn sums(
    db: &mut Db,
    community: CommunityId,
    (from, to): (Option<Instant>, Instant),
) -> Result<BTreeMap<(i64, Movement), i64>> {
    let mut query = stock_movements::table
        .filter(stock_movements::community_id.eq(community.0).and(stock_movements::at.lt(to)))
        .into_boxed();
    if let Some(from) = from {
        query = query.filter(stock_movements::at.ge(from));
    }
    let rows: Vec<(i64, Movement, i64)> = query
        .select((stock_movements::item_id, stock_movements::kind, stock_movements::quantity))
        .load(db)?;
    let mut sums = BTreeMap::new();
    for (item, kind, quantity) in rows {
        *sums.entry((item, kind)).or_default() += quantity;
    }
    Ok(sums)
}
