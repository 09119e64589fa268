//! Keeping how often an item is billed: from a month on that is not over and of which nothing is charged.

use diesel::prelude::*;

use super::rules::{Interval, Timing, period_of};
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::billing::items::FeeItem;
use crate::billing::keep;
use crate::db::schema::{charges, fee_intervals, people};
use crate::{CommunityId, Db, Error, FeeItemId, FieldError, Instant, Month, Result, community};

/// How often an item is to be billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewInterval {
    /// The first month of its first period.
    pub from: Month,
    /// How many months a period has.
    pub months: i32,
    /// Which run charges it.
    pub timing: Timing,
}

impl NewInterval {
    /// As it would hold.
    pub fn holds(&self) -> Interval {
        let Self { from, months, timing } = *self;
        Interval { from, months, timing }
    }
}

/// What was set, when and by whom.
#[derive(Debug, Clone, Queryable)]
pub struct Listed {
    /// The first month of its first period.
    pub from: Month,
    /// How many months a period has.
    pub months: i32,
    /// Which run charges it.
    pub timing: Timing,
    /// When it was set.
    pub at: Instant,
    /// By whom.
    pub by: Option<String>,
}

/// All that was set for an item, the latest month first.
pub fn history(db: &mut Db, item: FeeItemId) -> Result<Vec<Listed>> {
    use fee_intervals as f;
    let rows = f::table
        .left_join(people::table.on(people::id.nullable().eq(f::made_by)))
        .filter(f::fee_item_id.eq(item.0))
        .order(f::from_month.desc());
    Ok(rows.select((f::from_month, f::months, f::timing, f::made_at, people::name.nullable())).load(db)?)
}

type Row = (Month, i32, Timing);

fn interval((from, months, timing): Row) -> Interval {
    Interval { from, months, timing }
}

/// What holds for an item, oldest first.
pub(crate) fn of_item(db: &mut Db, item: FeeItemId) -> Result<Vec<Interval>> {
    use fee_intervals as f;
    let rows = f::table.filter(f::fee_item_id.eq(item.0)).order(f::from_month);
    let rows: Vec<Row> = rows.select((f::from_month, f::months, f::timing)).load(db)?;
    Ok(rows.into_iter().map(interval).collect())
}

/// What holds for a community's items, oldest first.
pub(in crate::billing) fn of_community(
    db: &mut Db,
    community: CommunityId,
) -> Result<Vec<(FeeItemId, Interval)>> {
    use fee_intervals as f;
    let rows = f::table.filter(f::community_id.eq(community.0)).order((f::fee_item_id, f::from_month));
    let rows: Vec<(FeeItemId, Row)> =
        rows.select((f::fee_item_id, (f::from_month, f::months, f::timing))).load(db)?;
    Ok(rows.into_iter().map(|(item, row)| (item, interval(row))).collect())
}

/// The last month that any charge of an item covers, taken back or not.
pub fn charged_until(db: &mut Db, item: FeeItemId) -> Result<Option<Month>> {
    let of_item = charges::table.filter(charges::fee_item_id.eq(item.0));
    let last: Option<Month> = of_item.select(diesel::dsl::max(charges::period)).first(db)?;
    let intervals = self::of_item(db, item)?;
    Ok(last.map(|month| period_of(&intervals, month).last))
}

/// Whether it can be set: looked at before its worked example is shown, too.
///
/// # Errors
/// By field: another number of months than 1, 3, 6 or 12; a month that is over, or that something charged covers.
pub fn fits(db: &mut Db, now: Instant, item: &FeeItem, new: &NewInterval) -> Result<()> {
    // What is measured is billed as it is read.
    if !item.periodic || item.basis.unit().is_none() {
        return Err(Error::NotFound);
    }
    can_begin(db, now, item.community_id, Some(item.id), new)
}

/// The same of an item that may still have to be made.
///
/// # Errors
/// As [`fits`].
pub(crate) fn can_begin(
    db: &mut Db,
    now: Instant,
    community: CommunityId,
    item: Option<FeeItemId>,
    new: &NewInterval,
) -> Result<()> {
    if ![1, 3, 6, 12].contains(&new.months) {
        return Err(Error::field("months", "unknown_word"));
    }
    let today = community::by_id(db, community)?.today(now)?;
    if new.from < Month::of(today) {
        return Err(Error::field("from_month", "month_over"));
    }
    let until = item.map(|item| charged_until(db, item)).transpose()?.flatten();
    match until.filter(|until| new.from <= *until) {
        None => Ok(()),
        Some(until) => Err(Error::Invalid(vec![
            FieldError::new("from_month", "period_charged").with("last", until.last_day()),
        ])),
    }
}

/// Sets how often an item is billed from a month on. What was to hold from that month or a later one gives way; a
/// period that is under way and charged in arrears ends with the month before.
///
/// # Errors
/// As [`fits`]; not found where there is no such item.
pub fn set(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    code: &str,
    new: &NewInterval,
) -> Result<()> {
    allow(tx, actor, now, Action::ChangeSettings, Object::Community(community))?;
    let item = keep::find(tx, community, code)?.ok_or(Error::NotFound)?;
    fits(tx, now, &item, new)?;
    write(tx, (actor, now), (community, item.id), new)?;
    let line = Line::new(community, "fee_item.interval", "fee_item", item.id.0);
    audit::write(tx, actor, now, &line.fields(format!("{code} {} {} {}", new.from, new.months, new.timing)))
}

/// Writes down how often an item is billed from a month on, where that fits.
pub(crate) fn write(
    tx: &mut Db,
    (actor, now): (&Actor, Instant),
    (community, item): (CommunityId, FeeItemId),
    new: &NewInterval,
) -> Result<()> {
    let later = fee_intervals::table
        .filter(fee_intervals::fee_item_id.eq(item.0).and(fee_intervals::from_month.ge(new.from)));
    diesel::delete(later).execute(tx)?;
    let row = (
        fee_intervals::community_id.eq(community),
        fee_intervals::fee_item_id.eq(item),
        fee_intervals::from_month.eq(new.from),
        fee_intervals::months.eq(new.months),
        fee_intervals::timing.eq(new.timing),
        fee_intervals::made_by.eq(actor.person),
        fee_intervals::made_at.eq(now),
    );
    diesel::insert_into(fee_intervals::table).values(row).execute(tx)?;
    Ok(())
}
