//! Keeping fee items and their tariffs. A tariff holds from its first day on; a change never touches a month that
//! is over or billed (domain.md §10).

use diesel::prelude::*;

use super::intervals;
use super::items::{AppliesTo, By, FeeItem};
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::db::schema::{charges, fee_items, measured, tariff_tiers, tariffs};
use crate::{
    CommunityId, Db, Error, FeeItemId, FieldError, Instant, LocalDate, Month, Rate, Result, community, meters,
};

/// A new item.
#[derive(Debug, Clone)]
pub struct NewItem {
    /// The code that files and programs use.
    pub code: String,
    /// What bills call it.
    pub name: String,
    /// What it is charged by.
    pub by: By,
    /// Who it applies to.
    pub applies_to: AppliesTo,
    /// The unit of its rate in words.
    pub unit: String,
    /// The day of the month on which it is due.
    pub due_day: i32,
    /// Which meters it is charged for; with an item by meter only.
    pub meter: Option<meters::Kind>,
}

/// What can be changed of an item.
#[derive(Debug, Clone)]
pub struct Change {
    /// What bills call it.
    pub name: String,
    /// The unit of its rate in words.
    pub unit: String,
    /// The day of the month on which it is due, for bills to come.
    pub due_day: i32,
    /// Its last chargeable day; none where it goes on.
    pub ends_on: Option<LocalDate>,
}

/// A tariff: from which day which rate holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTariff {
    /// Its first day.
    pub starts_on: LocalDate,
    /// Yuan per unit and month.
    pub rate: Rate,
    /// Above which quantity of a month, in hundredths, which rate holds; of items by meter only.
    pub tiers: Vec<(i64, Rate)>,
}

/// The highest rate: 100,000 yuan.
const MOST: i64 = 1_000_000_000;

/// Adds an item with its first tariff.
///
/// # Errors
/// A code that is none or known, a basis that does not fit who it applies to, and as [`set_tariff`].
pub fn add(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (new, first): (&NewItem, &NewTariff),
) -> Result<FeeItemId> {
    allow(tx, actor, now, Action::ChangeSettings, Object::Community(community))?;
    checked(new)?;
    if find(tx, community, &new.code)?.is_some() {
        return Err(Error::field("code", "item_exists"));
    }
    let theirs = fee_items::table.filter(fee_items::community_id.eq(community.0));
    let last: Option<i64> = theirs.select(diesel::dsl::max(fee_items::register_order)).first(tx)?;
    let row = (
        fee_items::community_id.eq(community),
        fee_items::code.eq(&new.code),
        fee_items::name.eq(&new.name),
        fee_items::basis.eq(new.by),
        fee_items::applies_to.eq(new.applies_to),
        fee_items::unit.eq(&new.unit),
        fee_items::due_day.eq(new.due_day),
        fee_items::periodic.eq(new.by.unit().is_some() || new.by == By::Meter),
        fee_items::meter.eq(new.meter),
        fee_items::register_order.eq(last.unwrap_or(0) + 1),
    );
    let id: FeeItemId =
        diesel::insert_into(fee_items::table).values(row).returning(fee_items::id).get_result(tx)?;
    write_tariff(tx, now, community, id, first)?;
    audit::write(tx, actor, now, &Line::new(community, "fee_item.add", "fee_item", id.0).fields(&new.code))?;
    Ok(id)
}

fn checked(new: &NewItem) -> Result<()> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-');
    if new.code.is_empty() || new.code.len() > 64 || !new.code.bytes().all(plain) {
        return Err(Error::field("code", "item_code"));
    }
    let of_bays = matches!(new.applies_to, AppliesTo::Owned | AppliesTo::Leased);
    if matches!(new.by, By::Shared | By::Late) {
        return Err(Error::field("by", "unknown_word"));
    }
    if (new.by == By::Meter) != new.meter.is_some() {
        return Err(Error::field("meter", "meter_kind"));
    }
    if (new.by == By::Bay) != of_bays {
        return Err(Error::field("applies_to", "scope_of_other_basis"));
    }
    Ok(())
}

/// Changes what an item is called, when it is due, or that it ends; what is charged stays.
///
/// # Errors
/// An end before what is charged.
pub fn change(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    code: &str,
    change: &Change,
) -> Result<()> {
    allow(tx, actor, now, Action::ChangeSettings, Object::Community(community))?;
    let item = find(tx, community, code)?.ok_or(Error::NotFound)?;
    if let Some(ends_on) = change.ends_on.filter(|day| Some(*day) != item.ends_on) {
        can_end(tx, now, &item, ends_on)?;
    }
    let row = (
        fee_items::name.eq(&change.name),
        fee_items::unit.eq(&change.unit),
        fee_items::due_day.eq(change.due_day),
        fee_items::ends_on.eq(change.ends_on),
    );
    diesel::update(fee_items::table.find(item.id.0)).set(row).execute(tx)?;
    audit::write(tx, actor, now, &Line::new(community, "fee_item.change", "fee_item", item.id.0).fields(code))
}

/// What is charged stays, but for what was charged ahead by days: that is given back, in months that are not over.
fn can_end(db: &mut Db, now: Instant, item: &FeeItem, ends_on: LocalDate) -> Result<()> {
    let present = Month::of(community::by_id(db, item.community_id)?.today(now)?);
    if item.basis.unit().is_some() && Month::of(ends_on) >= present {
        return Ok(());
    }
    let of_item = charges::table.filter(charges::fee_item_id.eq(item.id.0));
    let last: Option<LocalDate> = of_item.select(diesel::dsl::max(charges::to_on)).first(db)?;
    match last.filter(|last| ends_on < *last) {
        Some(last) => {
            Err(Error::Invalid(vec![FieldError::new("ends_on", "period_charged").with("last", last)]))
        }
        None => Ok(()),
    }
}

/// Sets the rate of an item from a day on.
///
/// # Errors
/// A negative rate, one above 100,000 yuan; a day in a month that is over or billed, or that has a tariff already.
pub fn set_tariff(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    code: &str,
    new: &NewTariff,
) -> Result<()> {
    allow(tx, actor, now, Action::ChangeSettings, Object::Community(community))?;
    let item = find(tx, community, code)?.ok_or(Error::NotFound)?;
    write_tariff(tx, now, community, item.id, new)?;
    let line = Line::new(community, "tariff.set", "fee_item", item.id.0);
    audit::write(tx, actor, now, &line.fields(format!("{code} {} {}", new.starts_on, new.rate)))
}

fn write_tariff(
    tx: &mut Db,
    now: Instant,
    community: CommunityId,
    item: FeeItemId,
    new: &NewTariff,
) -> Result<()> {
    fits(tx, now, community, item, new)?;
    let row = (
        tariffs::community_id.eq(community),
        tariffs::fee_item_id.eq(item),
        tariffs::rate.eq(new.rate),
        tariffs::starts_on.eq(new.starts_on),
    );
    let made = diesel::insert_into(tariffs::table).values(row).returning(tariffs::id);
    let tariff: i64 = match made.get_result(tx) {
        Err(error) if crate::db::is_unique_violation(&error) => {
            return Err(Error::field("starts_on", "tariff_same_day"));
        }
        other => other?,
    };
    for (above, rate) in &new.tiers {
        let row =
            (tariff_tiers::tariff_id.eq(tariff), tariff_tiers::above.eq(above), tariff_tiers::rate.eq(rate));
        diesel::insert_into(tariff_tiers::table).values(row).execute(tx)?;
    }
    Ok(())
}

/// Whether a tariff can be set: looked at before its worked example is shown, too.
pub fn fits(
    db: &mut Db,
    now: Instant,
    community: CommunityId,
    item: FeeItemId,
    new: &NewTariff,
) -> Result<()> {
    match new.rate.0 {
        ..0 => return Err(Error::field("rate", "negative")),
        0..=MOST => {}
        _ => return Err(Error::field("rate", "number_too_large")),
    }
    let rising = new.tiers.windows(2).all(|two| matches!(two, [(a, _), (b, _)] if a < b));
    if !rising || new.tiers.iter().any(|(above, rate)| *above <= 0 || !(0..=MOST).contains(&rate.0)) {
        return Err(Error::field("tiers", "tiers"));
    }
    let (month, today) = (Month::of(new.starts_on), community::by_id(db, community)?.today(now)?);
    if month < Month::of(today) {
        return Err(Error::field("starts_on", "month_over"));
    }
    let billed = intervals::charged_until(db, item)?;
    let of_item = measured::table.filter(measured::fee_item_id.eq(item.0));
    let read: Option<Month> = of_item.select(diesel::dsl::max(measured::period)).first(db)?;
    let billed = billed.max(read);
    if let Some(billed) = billed.filter(|billed| month <= *billed) {
        return Err(Error::Invalid(vec![
            FieldError::new("starts_on", "period_charged").with("last", billed.last_day()),
        ]));
    }
    let same =
        tariffs::table.filter(tariffs::fee_item_id.eq(item.0).and(tariffs::starts_on.eq(new.starts_on)));
    match same.count().get_result::<i64>(db)? {
        0 => Ok(()),
        _ => Err(Error::field("starts_on", "tariff_same_day")),
    }
}

/// The item of a code; none where there is none.
pub fn find(db: &mut Db, community: CommunityId, code: &str) -> Result<Option<FeeItem>> {
    let own = fee_items::table.filter(fee_items::community_id.eq(community.0).and(fee_items::code.eq(code)));
    Ok(own.select(FeeItem::as_select()).first(db).optional()?)
}
