//! Charging anew what was reversed: an explicit act, worked out by the rules as they now stand.

use diesel::prelude::*;

use super::items::{Tariffed, items};
use super::rules::{Basis, ONE, Unit, due_on, span};
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::db::schema::{bays, charges, homes};
use crate::ledger::{self, Book, Charge, NewCharge};
use crate::payments::payer_on;
use crate::{Area, ChargeId, Db, Error, Instant, LocalDate, Month, Result, community, settings};

/// Charges anew what the reversed charge was for, as the revision after it.
///
/// # Errors
/// A charge that is not reversed (`charge.not_reversed`) or has been charged anew already
/// (`charge.charged_again`); nothing to charge by the present register (`charge.nothing`).
pub fn charge_again(tx: &mut Db, actor: &Actor, now: Instant, id: ChargeId) -> Result<ChargeId> {
    let old = ledger::charge_of(tx, id)?;
    allow(tx, actor, now, Action::Bill, Object::Community(old.community_id))?;
    ledger::lock(tx, old.account_id)?;
    let old = ledger::charge_of(tx, id)?;
    if !old.reversed {
        return Err(Error::refused("charge.not_reversed", vec![]));
    }
    if followed(tx, &old)? {
        return Err(Error::refused("charge.charged_again", vec![]));
    }
    let new = worked_out(tx, &old, now)?.ok_or_else(|| Error::refused("charge.nothing", vec![]))?;
    let made = ledger::charge(tx, actor, &new)?;
    ledger::use_prepayments(tx, &[new.account_id], now)?;
    audit::write(tx, actor, now, &Line::new(old.community_id, "charge.again", "charge", made.0))?;
    Ok(made)
}

fn followed(tx: &mut Db, old: &Charge) -> Result<bool> {
    let later = charges::table
        .filter(charges::community_id.eq(old.community_id.0).and(charges::period.eq(old.period)))
        .filter(charges::home_id.eq(old.home_id.0).and(charges::fee_item_id.eq(old.fee_item_id.0)))
        .filter(charges::subject.eq(&old.subject).and(charges::revision.gt(old.revision)));
    Ok(later.count().get_result::<i64>(tx)? > 0)
}

fn worked_out(tx: &mut Db, old: &Charge, now: Instant) -> Result<Option<NewCharge>> {
    let items = items(tx, old.community_id)?;
    let Some(item) = items.iter().find(|item| item.item.id == old.fee_item_id) else { return Ok(None) };
    let Some((quantity, days)) = measure(tx, old, item)? else { return Ok(None) };
    let Some(payer) = payer_on(tx, old.home_id, days.0)? else { return Ok(None) };
    let basis = Basis::new(item.item.basis, quantity, days, &item.segments(old.period), old.period);
    let least = settings::get(tx, old.community_id, settings::DUE_DAYS_AT_LEAST)?.unsigned_abs();
    let today = community::by_id(tx, old.community_id)?.today(now)?;
    let due = due_on(old.period, item.due_day(), today, least);
    let account_id = ledger::account(tx, old.community_id, old.home_id, payer, Book::Fees)?;
    ledger::lock(tx, account_id)?;
    Ok(Some(NewCharge {
        community_id: old.community_id,
        account_id,
        home_id: old.home_id,
        building_id: old.building_id,
        payer_id: payer,
        fee_item_id: old.fee_item_id,
        subject: old.subject.clone(),
        period: old.period,
        revision: old.revision + 1,
        from_on: days.0,
        to_on: days.1,
        amount: basis.amount(),
        basis: basis.to_string(),
        due_on: due,
        due_month: Month::of(due),
        made_at: now,
    }))
}

type Days = (LocalDate, LocalDate);

/// The quantity and the chargeable days by the register as it is now.
fn measure(tx: &mut Db, old: &Charge, item: &Tariffed) -> Result<Option<(i64, Days)>> {
    let (area, delivered): (Area, Option<LocalDate>) =
        homes::table.find(old.home_id.0).select((homes::area, homes::delivered_on)).first(tx)?;
    let Some(delivered) = delivered else { return Ok(None) };
    let Some(first) = item.segments(old.period).first().map(|segment| segment.from) else { return Ok(None) };
    let (mut starts, mut ends) = (vec![delivered, first], vec![]);
    if item.item.basis == Unit::Bay {
        let bay: Option<(Option<LocalDate>, Option<LocalDate>)> = bays::table
            .filter(bays::home_id.eq(old.home_id.0).and(bays::code.eq(&old.subject)))
            .order(bays::id.desc())
            .select((bays::starts_on, bays::ends_on))
            .first(tx)
            .optional()?;
        let Some((starts_on, ends_on)) = bay else { return Ok(None) };
        starts.extend(starts_on);
        ends.extend(ends_on);
    }
    let quantity = if item.item.basis == Unit::Area { area.0 } else { ONE };
    Ok(span(old.period, &starts, &ends).map(|days| (quantity, days)))
}
