//! The register of shared bills: entered by hand or from a file, corrected while nothing is charged.

use diesel::prelude::*;

use super::Method;
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::billing::items::{AppliesTo, By, FeeItem, Tariffed, unbilled};
use crate::db::schema::{fee_items, shared_bills};
use crate::{ChargeId, CommunityId, Db, Error, FeeItemId, Fen, Instant, Month, Result, SharedBillId, db};

/// A bill as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = shared_bills)]
pub struct Bill {
    /// Its id.
    pub id: SharedBillId,
    /// The community.
    pub community_id: CommunityId,
    /// The item that its parts are charged for, with the code `shared:<name>`.
    pub fee_item_id: FeeItemId,
    /// What it is for, such as 电梯电费.
    pub name: String,
    /// The month it is for.
    pub period: Month,
    /// How much it is.
    #[diesel(column_name = total_fen)]
    pub total: Fen,
    /// By what it is shared.
    pub method: Method,
    /// Among the homes of which use.
    pub applies_to: AppliesTo,
    /// When its parts were worked out: since then it stands.
    pub split_at: Option<Instant>,
    /// How many homes share it; 0 before.
    pub homes: i64,
    /// What all of them count; 0 before.
    pub weights: i64,
    /// Goes up with each correction.
    pub version: i32,
    /// The last charge of bills of this name and month that were taken back; 0 where there was none.
    pub after_charge: ChargeId,
}

/// What a bill says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBill {
    /// What it is for.
    pub name: String,
    /// The month it is for.
    pub period: Month,
    /// How much it is.
    pub total: Fen,
    /// By what it is shared.
    pub method: Method,
    /// Among the homes of which use.
    pub applies_to: AppliesTo,
}

/// Enters a bill, or corrects the one of an id and version.
///
/// # Errors
/// A sum that is none, a use that is a bay's, a name that the month has already; one that is being charged
/// (`shared.charged`); somebody corrected it meanwhile (a conflict).
pub fn save(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    old: Option<(SharedBillId, i32)>,
    new: &NewBill,
) -> Result<SharedBillId> {
    allow(tx, actor, now, Action::Bill, Object::Community(community))?;
    checked(new)?;
    let known = known(tx, community, new.period, &new.name)?;
    if known.is_some_and(|known| Some(known.id) != old.map(|(id, _)| id)) {
        return Err(Error::field("name", "bill_exists"));
    }
    if let Some((id, version)) = old {
        let bill = open(tx, community, id)?;
        if bill.version != version {
            return Err(Error::refused("shared.changed", vec![]));
        }
    }
    let id = write(tx, community, old.map(|(id, _)| id), new)?;
    let action = if old.is_some() { "shared_bill.change" } else { "shared_bill.enter" };
    audit::write(tx, actor, now, &Line::new(community, action, "shared_bill", id.0))?;
    Ok(id)
}

fn checked(new: &NewBill) -> Result<()> {
    if new.total <= Fen::ZERO {
        return Err(Error::field("total", "not_positive"));
    }
    if matches!(new.applies_to, AppliesTo::Owned | AppliesTo::Leased) {
        return Err(Error::field("applies_to", "unknown_scope"));
    }
    Ok(())
}

/// Takes a bill out that was not charged.
///
/// # Errors
/// As [`save`].
pub fn remove(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    id: SharedBillId,
) -> Result<()> {
    allow(tx, actor, now, Action::Bill, Object::Community(community))?;
    open(tx, community, id)?;
    diesel::delete(shared_bills::table.find(id.0)).execute(tx)?;
    audit::write(tx, actor, now, &Line::new(community, "shared_bill.remove", "shared_bill", id.0))
}

/// A bill that can still be corrected, held until the transaction ends.
fn open(tx: &mut Db, community: CommunityId, id: SharedBillId) -> Result<Bill> {
    find(tx, community, id)?;
    db::lock(tx, "shared_bills", id.0)?;
    let bill = find(tx, community, id)?;
    if bill.split_at.is_some() { Err(Error::refused("shared.charged", vec![])) } else { Ok(bill) }
}

/// A bill that has to be taken into account when its month and name come again.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) id: SharedBillId,
    pub(crate) says: NewBill,
    pub(crate) charged: bool,
}

/// The bill of a month and name.
pub(crate) fn known(db: &mut Db, community: CommunityId, period: Month, name: &str) -> Result<Option<Known>> {
    let rows = shared_bills::table
        .filter(shared_bills::community_id.eq(community.0).and(shared_bills::period.eq(period)))
        .filter(shared_bills::name.eq(name));
    let bill: Option<Bill> = rows.select(Bill::as_select()).first(db).optional()?;
    Ok(bill.map(|bill| Known { id: bill.id, charged: bill.split_at.is_some(), says: bill.says() }))
}

impl Bill {
    /// What it says, as it would be entered.
    pub fn says(self) -> NewBill {
        let Self { name, period, total, method, applies_to, .. } = self;
        NewBill { name, period, total, method, applies_to }
    }
}

/// Writes a bill down; one with an id must not be charged (`shared.charged`).
pub(crate) fn write(
    tx: &mut Db,
    community: CommunityId,
    old: Option<SharedBillId>,
    new: &NewBill,
) -> Result<SharedBillId> {
    let row = (
        shared_bills::community_id.eq(community),
        shared_bills::fee_item_id.eq(item(tx, community, new)?),
        shared_bills::name.eq(&new.name),
        shared_bills::period.eq(new.period),
        shared_bills::total_fen.eq(new.total),
        shared_bills::method.eq(new.method),
        shared_bills::applies_to.eq(new.applies_to),
    );
    let Some(id) = old else {
        let made = diesel::insert_into(shared_bills::table).values(row);
        return Ok(made.returning(shared_bills::id).get_result(tx)?);
    };
    let change = (row, shared_bills::version.eq(shared_bills::version + 1));
    let open = shared_bills::table.filter(shared_bills::id.eq(id.0).and(shared_bills::split_at.is_null()));
    if diesel::update(open).set(change).execute(tx)? == 0 {
        return Err(Error::refused("shared.charged", vec![]));
    }
    Ok(id)
}

/// The item of the bills of a name, made with the first of them; runs of items leave it alone.
fn item(tx: &mut Db, community: CommunityId, new: &NewBill) -> Result<FeeItemId> {
    let code = format!("shared:{}", new.name);
    unbilled(tx, community, (&code, &new.name), (By::Shared, new.applies_to, "元/月"))
}

/// A bill of a community.
pub fn find(db: &mut Db, community: CommunityId, id: SharedBillId) -> Result<Bill> {
    let own =
        shared_bills::table.filter(shared_bills::id.eq(id.0).and(shared_bills::community_id.eq(community.0)));
    Ok(own.select(Bill::as_select()).first(db)?)
}

/// The bills of a month, as they were entered.
pub fn in_period(db: &mut Db, community: CommunityId, period: Month) -> Result<Vec<Bill>> {
    let rows = shared_bills::table
        .filter(shared_bills::community_id.eq(community.0).and(shared_bills::period.eq(period)));
    Ok(rows.order(shared_bills::id).select(Bill::as_select()).load(db)?)
}

/// The latest bills, the newest month first.
pub fn list(db: &mut Db, community: CommunityId, limit: i64) -> Result<Vec<Bill>> {
    let rows = shared_bills::table.filter(shared_bills::community_id.eq(community.0));
    let rows = rows.order((shared_bills::period.desc(), shared_bills::id)).limit(limit);
    Ok(rows.select(Bill::as_select()).load(db)?)
}

/// The items of a month's bills, in register order.
pub(in crate::billing) fn items_of(
    db: &mut Db,
    community: CommunityId,
    period: Month,
) -> Result<Vec<Tariffed>> {
    let rows = fee_items::table
        .inner_join(shared_bills::table.on(shared_bills::fee_item_id.eq(fee_items::id)))
        .filter(shared_bills::community_id.eq(community.0).and(shared_bills::period.eq(period)))
        .order(fee_items::register_order)
        .select(FeeItem::as_select());
    let items: Vec<FeeItem> = rows.load(db)?;
    Ok(items.into_iter().map(|item| Tariffed { item, tariffs: Vec::new(), intervals: Vec::new() }).collect())
}
