//! Giving a deposit back: asked for by one, done by another. What is kept becomes charges in the book of deposits,
//! which the deposit covers, and the rest is a refund: the account comes out even.

use diesel::prelude::*;

use super::deduct::{hidden, kept_by, not_own, write_down};
use super::records::{Deduction, Deposit, by_id, deductions};
use super::rules::{State, settled};
use super::{ITEM, tell};
use crate::access::{Action, Actor, Object, allow};
use crate::billing::items::{AppliesTo, By, unbilled};
use crate::billing::service::{Service, ServiceLine};
use crate::db::schema::{deposit_deductions, deposits, homes, ledger_accounts};
use crate::ledger::{self, NewCharge};
use crate::payments::{self, Method, Payment};
use crate::{
    BuildingId, ChargeId, Db, DepositId, Error, Fen, HomeId, Instant, LocalDate, Month, PersonId, Quantity,
    Result, community,
};

/// Asks to give a deposit back.
///
/// # Errors
/// One that is not held (`deposit.not_held`), one's own (`deposit.own`).
pub fn ask_return(tx: &mut Db, actor: &Actor, now: Instant, id: DepositId) -> Result<()> {
    let deposit = kept_by(tx, actor, now, id)?;
    if deposit.state != State::Held {
        return Err(Error::refused("deposit.not_held", vec![]));
    }
    let asked = (
        deposits::state.eq(State::Returning),
        deposits::asked_by.eq(actor.person),
        deposits::asked_at.eq(now),
        deposits::version.eq(deposits::version + 1),
    );
    diesel::update(deposits::table.find(id.0)).set(asked).execute(tx)?;
    write_down(tx, actor, now, &deposit, "deposit.ask_return")
}

/// Keeps a deposit whose return was asked for: something came up.
///
/// # Errors
/// One whose return nobody asked for (`deposit.not_asked`), one's own (`deposit.own`).
pub fn keep(tx: &mut Db, actor: &Actor, now: Instant, id: DepositId) -> Result<()> {
    let deposit = kept_by(tx, actor, now, id)?;
    if deposit.state != State::Returning {
        return Err(Error::refused("deposit.not_asked", vec![]));
    }
    let kept = (
        deposits::state.eq(State::Held),
        deposits::asked_by.eq(None::<PersonId>),
        deposits::asked_at.eq(None::<Instant>),
        deposits::version.eq(deposits::version + 1),
    );
    diesel::update(deposits::table.find(id.0)).set(kept).execute(tx)?;
    write_down(tx, actor, now, &deposit, "deposit.keep")
}

/// Gives a deposit back, less what is kept of it: what goes back.
///
/// # Errors
/// Nobody asked for it (`deposit.not_asked`); who asked, or took it in, may not (`deposit.second_person`); something
/// is contested, or may still be; a way that money is not handed out, by field.
pub fn give_back(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: DepositId,
    (method, note): (Method, &str),
) -> Result<Fen> {
    let found = by_id(tx, id)?;
    allow(tx, actor, now, Action::VoidPayment, Object::Community(found.community_id)).map_err(hidden)?;
    not_own(tx, actor, &found)?;
    ledger::lock(tx, found.account_id)?;
    let (deposit, payment) = (by_id(tx, id)?, payments::by_id(tx, found.payment_id)?);
    if deposit.state != State::Returning {
        return Err(Error::refused("deposit.not_asked", vec![]));
    }
    let first = [deposit.asked_by, payment.taken_by];
    if actor.person.is_some() && first.contains(&actor.person) {
        return Err(Error::refused("deposit.second_person", vec![]));
    }
    if !Method::AT_DESK.contains(&method) {
        return Err(Error::field("method", "choice"));
    }
    let today = community::by_id(tx, deposit.community_id)?.today(now)?;
    let kept = deductions(tx, id)?;
    let (back, _) = settled(payment.amount, &kept.iter().map(Deduction::kept).collect::<Vec<_>>(), today)?;
    for one in kept.iter().filter(|one| one.kept().counts()) {
        charge(tx, actor, now, (&deposit, &payment, one), today)?;
    }
    if back > Fen::ZERO {
        payments::refund(tx, actor, now, payment.id, back, "押金退还")?;
    }
    let returned = (
        deposits::state.eq(State::Returned),
        deposits::returned_by.eq(actor.person),
        deposits::returned_at.eq(now),
        deposits::return_method.eq(method),
        deposits::return_note.eq(note.trim()),
        deposits::version.eq(deposits::version + 1),
    );
    diesel::update(deposits::table.find(id.0)).set(returned).execute(tx)?;
    tell::payer(tx, now, id, ("deposit.returned", "returned".to_owned()), note.trim())?;
    write_down(tx, actor, now, &deposit, "deposit.give_back")?;
    Ok(back)
}

/// What is kept, as a charge that the deposit covers.
fn charge(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (deposit, payment, kept): (&Deposit, &Payment, &Deduction),
    today: LocalDate,
) -> Result<ChargeId> {
    let (home_id, payer_id, building_id): (HomeId, PersonId, BuildingId) = ledger_accounts::table
        .inner_join(homes::table.on(homes::id.eq(ledger_accounts::home_id)))
        .filter(ledger_accounts::id.eq(deposit.account_id.0))
        .select((homes::id, ledger_accounts::payer_id, homes::building_id))
        .first(tx)?;
    let line = ServiceLine {
        zh: kept.reason.clone(),
        en: kept.reason.clone(),
        unit: "项".to_owned(),
        quantity: Quantity(100),
        price: kept.amount,
    };
    let new = NewCharge {
        community_id: deposit.community_id,
        account_id: deposit.account_id,
        home_id,
        building_id,
        payer_id,
        fee_item_id: unbilled(
            tx,
            deposit.community_id,
            (ITEM, "押金扣款"),
            (By::Deposit, AppliesTo::Residential, "元/项"),
        )?,
        subject: format!("{}/{}", payment.receipt, kept.id),
        period: Month::of(today),
        revision: 0,
        from_on: today,
        to_on: today,
        basis: Service { lines: vec![line] }.to_string(),
        amount: kept.amount,
        due_on: today,
        due_month: Month::of(today),
        made_at: now,
    };
    let id = ledger::charge(tx, actor, &new)?;
    ledger::allocate(tx, payment.id, &[(id, kept.amount)], now)?;
    let booked = deposit_deductions::charge_id.eq(id);
    diesel::update(deposit_deductions::table.find(kept.id.0)).set(booked).execute(tx)?;
    Ok(id)
}
