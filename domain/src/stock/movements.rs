//! What moves in the store. Each movement locks its item first, so that two who take the last one meet
//! there: one gets it, the other is told what is left.

use diesel::prelude::*;

use super::{Item, Kind, find};
use crate::access::{Action, Actor, Object, allow};
use crate::db::schema::{price_items, stock_movements};
use crate::error::FieldError;
use crate::{CaseId, CommunityId, Db, Error, Instant, PriceItemId, Quantity, Result};

crate::words! {
    /// Why something moved.
    Movement {
        /// It came in 入库.
        Receipt = "receipt",
        /// A repair took it 领用.
        Taken = "taken",
        /// A count found more or less than the books had 盘点.
        Count = "count",
    }
}

/// A material that a repair used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// The code of the price list.
    pub item: String,
    /// How many.
    pub quantity: Quantity,
}

/// The most of one thing that one movement carries: above it a finger slipped.
const MOST: i64 = 10_000_000;

/// Books what came in.
///
/// # Errors
/// By field: a material that is not there, a quantity that is none.
pub fn receive(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (used, note): (&Used, &str),
) -> Result<()> {
    allow(tx, actor, now, Action::ManageStock, Object::Community(community))?;
    let item = material(tx, community, "item", &used.item)?;
    if !(1..=MOST).contains(&used.quantity.0) {
        return Err(Error::field("quantity", "not_positive"));
    }
    let reason = noted(note)?;
    book(tx, actor, now, (community, &item), (Movement::Receipt, used.quantity.0, None, reason))
}

/// Books what a count found; the difference to the books stands with its reason.
///
/// # Errors
/// By field: a material that is not there, a count below nothing, a difference without a reason.
pub fn count(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (found, note): (&Used, &str),
) -> Result<()> {
    allow(tx, actor, now, Action::ManageStock, Object::Community(community))?;
    let item = material(tx, community, "item", &found.item)?;
    if !(0..=MOST).contains(&found.quantity.0) {
        return Err(Error::field("quantity", "number"));
    }
    let difference = found.quantity.0 - held(tx, item.id)?;
    let reason = noted(note)?;
    if difference != 0 && reason.is_empty() {
        return Err(Error::field("note", "required"));
    }
    book(tx, actor, now, (community, &item), (Movement::Count, difference, None, reason))
}

/// Takes what a repair used; who may is asked by the repair.
///
/// # Errors
/// By field `materials.<n>.…`: not there, none, or more than lies in the store.
pub fn take(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, case): (CommunityId, CaseId),
    used: &[Used],
) -> Result<()> {
    let mut wrong = Vec::new();
    let mut items = Vec::new();
    for (n, one) in used.iter().enumerate() {
        let field = |name: &str| format!("materials.{n}.{name}");
        match material(tx, community, field("item"), &one.item) {
            Ok(item) if item.retired && item.stock.0 == 0 => {
                wrong.push(FieldError::new(field("item"), "unknown_material"));
            }
            Ok(item) => items.push((field("quantity"), item, one.quantity)),
            Err(Error::Invalid(found)) => wrong.extend(found),
            Err(other) => return Err(other),
        }
        if !(1..=MOST).contains(&one.quantity.0) {
            wrong.push(FieldError::new(field("quantity"), "not_positive"));
        }
    }
    // The order of locks is the same for all.
    items.sort_by_key(|(_, item, _)| item.id);
    for (field, item, quantity) in &items {
        let there = held(tx, item.id)?;
        if there < quantity.0 {
            let error = FieldError::new(field.clone(), "not_in_store");
            wrong.push(error.with("there", Quantity(there)).with("unit", &item.unit));
        } else if wrong.is_empty() {
            let movement = (Movement::Taken, -quantity.0, Some(case), String::new());
            book(tx, actor, now, (community, item), movement)?;
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

fn material(db: &mut Db, community: CommunityId, field: impl Into<String>, code: &str) -> Result<Item> {
    let found = find(db, community, code.trim())?.filter(|item| item.kind == Kind::Material);
    found.ok_or_else(|| Error::field(field, "unknown_material"))
}

fn noted(note: &str) -> Result<String> {
    if note.chars().count() > 200 {
        return Err(Error::Invalid(vec![FieldError::new("note", "too_long").with("most", 200)]));
    }
    Ok(note.trim().to_owned())
}

/// What lies there now, with the item locked until the transaction ends.
fn held(tx: &mut Db, item: PriceItemId) -> Result<i64> {
    crate::db::lock(tx, "price_items", item.0)?;
    Ok(price_items::table.find(item.0).select(price_items::stock).first(tx)?)
}

fn book(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, item): (CommunityId, &Item),
    (kind, quantity, case, note): (Movement, i64, Option<CaseId>, String),
) -> Result<()> {
    let balance = held(tx, item.id)? + quantity;
    diesel::update(price_items::table.find(item.id.0)).set(price_items::stock.eq(balance)).execute(tx)?;
    let row = (
        stock_movements::community_id.eq(community),
        stock_movements::item_id.eq(item.id),
        stock_movements::kind.eq(kind),
        stock_movements::quantity.eq(quantity),
        stock_movements::balance.eq(balance),
        stock_movements::at.eq(now),
        stock_movements::by_id.eq(actor.person),
        stock_movements::case_id.eq(case),
        stock_movements::note.eq(note),
    );
    diesel::insert_into(stock_movements::table).values(row).execute(tx)?;
    Ok(())
}

/// What a case took from the store: code, names, unit, how many; in the order in which it was taken.
pub fn of_case(db: &mut Db, case: CaseId) -> Result<Vec<(Item, Quantity)>> {
    let rows: Vec<(Item, i64)> = stock_movements::table
        .inner_join(price_items::table.on(price_items::id.eq(stock_movements::item_id)))
        .filter(stock_movements::case_id.eq(case.0))
        .order(stock_movements::id)
        .select((Item::as_select(), stock_movements::quantity))
        .load(db)?;
    Ok(rows.into_iter().map(|(item, quantity)| (item, Quantity(-quantity))).collect())
}
