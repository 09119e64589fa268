//! Charging anew what was reversed: an explicit act, worked out by the rules as they now stand.

use diesel::prelude::*;

use super::exceptions;
use super::items::{By, Tariffed, find};
use super::rules::{ONE, Unit, due_on};
use super::split;
use super::worked::{Held, work_out};
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::db::schema::{bays, charges, homes, measured};
use crate::ledger::{self, Book, Charge, NewCharge};
use crate::payments::payer_on;
use crate::{
    Area, ChargeId, Db, Error, Fen, Instant, LocalDate, Month, PersonId, Result, community, settings,
};

/// What charging anew would make of a reversed charge, by the register and the tariffs as they now stand.
#[derive(Debug, Clone)]
pub struct Anew {
    /// Who would pay.
    pub payer: PersonId,
    /// The first and last chargeable day.
    pub days: Days,
    /// What makes the amount, as charges keep it.
    pub basis: String,
    /// The amount.
    pub amount: Fen,
    /// When it would be due.
    pub due_on: LocalDate,
}

/// Looks at what [`charge_again`] would charge.
///
/// # Errors
/// A charge that is not reversed (`charge.not_reversed`) or has been charged anew already
/// (`charge.charged_again`); nothing to charge by the present register (`charge.nothing`); a part of one that was split
/// (`charge.split`).
pub fn anew(db: &mut Db, actor: &Actor, now: Instant, id: ChargeId) -> Result<Anew> {
    let old = ledger::charge_of(db, id)?;
    allow(db, actor, now, Action::Bill, Object::Community(old.community_id))?;
    if !old.reversed {
        return Err(Error::refused("charge.not_reversed", vec![]));
    }
    if followed(db, &old)? {
        return Err(Error::refused("charge.charged_again", vec![]));
    }
    if split::has_other_part(db, &old)? {
        return Err(Error::refused("charge.split", vec![]));
    }
    worked_out(db, &old, now)?.ok_or_else(|| Error::refused("charge.nothing", vec![]))
}

/// Charges anew what the reversed charge was for, as the revision after it.
///
/// # Errors
/// As [`anew`].
pub fn charge_again(tx: &mut Db, actor: &Actor, now: Instant, id: ChargeId) -> Result<ChargeId> {
    let found = ledger::charge_of(tx, id)?;
    ledger::lock(tx, found.account_id)?;
    let new = anew(tx, actor, now, id)?;
    let new = entered(tx, &found, new, now)?;
    let made = ledger::charge(tx, actor, &new)?;
    ledger::use_prepayments(tx, &[new.account_id], now)?;
    audit::write(tx, actor, now, &Line::new(new.community_id, "charge.again", "charge", made.0))?;
    Ok(made)
}

fn followed(db: &mut Db, old: &Charge) -> Result<bool> {
    let later = charges::table
        .filter(charges::community_id.eq(old.community_id.0).and(charges::period.eq(old.period)))
        .filter(charges::home_id.eq(old.home_id.0).and(charges::fee_item_id.eq(old.fee_item_id.0)))
        .filter(charges::subject.eq(&old.subject).and(charges::revision.gt(old.revision)));
    Ok(later.count().get_result::<i64>(db)? > 0)
}

fn worked_out(db: &mut Db, old: &Charge, now: Instant) -> Result<Option<Anew>> {
    let Some(item) = find(db, old.community_id, old.fee_item_id)? else { return Ok(None) };
    let made = match item.item.basis.unit() {
        Some(unit) => by_days(db, old, &item, unit)?,
        None => as_measured(db, old)?,
    };
    let Some((days, basis, amount)) = made else { return Ok(None) };
    let Some(payer) = payer_on(db, old.home_id, days.0)? else { return Ok(None) };
    let least = settings::get(db, old.community_id, settings::DUE_DAYS_AT_LEAST)?.unsigned_abs();
    let today = community::by_id(db, old.community_id)?.today(now)?;
    let due_on = due_on(old.period, item.due_day(), today, least);
    Ok(Some(Anew { payer, days, basis, amount, due_on }))
}

/// The first and the last chargeable day.
type Days = (LocalDate, LocalDate);

/// The days, the basis and the amount.
type Made = (Days, String, Fen);

fn by_days(db: &mut Db, old: &Charge, item: &Tariffed, unit: Unit) -> Result<Option<Made>> {
    let (true, Some(period)) = (item.item.periodic, item.charged_in(old.period)) else { return Ok(None) };
    let Some(held) = held(db, old, item)? else { return Ok(None) };
    let agreed = exceptions::of_home(db, old.home_id, old.fee_item_id, &period)?;
    let made = work_out(item, (unit, &held), &period, &agreed);
    Ok(made.map(|(days, basis)| (days, basis.to_string(), basis.amount())))
}

/// A part of a shared bill stands as it was worked out: another for one home would leave the bill uneven.
fn as_measured(db: &mut Db, old: &Charge) -> Result<Option<Made>> {
    let rows = measured::table
        .filter(measured::community_id.eq(old.community_id.0).and(measured::period.eq(old.period)))
        .filter(measured::fee_item_id.eq(old.fee_item_id.0).and(measured::home_id.eq(old.home_id.0)))
        .filter(measured::subject.eq(&old.subject));
    let found = rows.select((measured::basis, measured::amount_fen)).first::<(String, Fen)>(db).optional()?;
    Ok(found.map(|(basis, amount)| ((old.from_on, old.to_on), basis, amount)))
}

/// The row of the new charge, its account made where there was none, and taken.
fn entered(tx: &mut Db, old: &Charge, new: Anew, now: Instant) -> Result<NewCharge> {
    let account_id = ledger::account(tx, old.community_id, old.home_id, new.payer, Book::Fees)?;
    ledger::lock(tx, account_id)?;
    Ok(NewCharge {
        community_id: old.community_id,
        account_id,
        home_id: old.home_id,
        building_id: old.building_id,
        payer_id: new.payer,
        fee_item_id: old.fee_item_id,
        subject: old.subject.clone(),
        period: old.period,
        revision: old.revision + 1,
        from_on: new.days.0,
        to_on: new.days.1,
        amount: new.amount,
        basis: new.basis,
        due_on: new.due_on,
        due_month: Month::of(new.due_on),
        made_at: now,
    })
}

/// What is charged for, by the register as it is now.
fn held(db: &mut Db, old: &Charge, item: &Tariffed) -> Result<Option<Held>> {
    let (area, delivered): (Area, Option<LocalDate>) =
        homes::table.find(old.home_id.0).select((homes::area, homes::delivered_on)).first(db)?;
    let Some(delivered) = delivered else { return Ok(None) };
    let (mut starts, mut ends) = (vec![delivered], vec![]);
    if item.item.basis == By::Bay {
        let bay: Option<(Option<LocalDate>, Option<LocalDate>)> = bays::table
            .filter(bays::home_id.eq(old.home_id.0).and(bays::code.eq(&old.subject)))
            .order(bays::id.desc())
            .select((bays::starts_on, bays::ends_on))
            .first(db)
            .optional()?;
        let Some((starts_on, ends_on)) = bay else { return Ok(None) };
        starts.extend(starts_on);
        ends.extend(ends_on);
    }
    let quantity = if item.item.basis == By::Area { area.0 } else { ONE };
    Ok(Some(Held { quantity, starts, ends }))
}
