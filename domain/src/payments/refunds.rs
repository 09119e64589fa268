//! Giving back: a void undoes a whole payment, a refund gives back what of it is prepaid. Always by a
//! second person, with a reason.

use diesel::prelude::*;

use super::records::{Payment, by_id};
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::bank;
use crate::db::schema::payments;
use crate::deposits;
use crate::error::Conflict;
use crate::ledger::{self, About, EntryKind, Freed};
use crate::{Db, Error, Fen, Instant, PaymentId, Result};

/// Voids a payment: what it covered is open again.
///
/// # Errors
/// Who took it may not (`payment.second_person`); voided already, or partly refunded
/// (`payment.voided`, `payment.refunded`); a deposit that something was done to (`deposit.not_voided`); a stale version.
pub fn void(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: PaymentId,
    reason: &str,
    version: Option<i32>,
) -> Result<()> {
    let payment = taken(tx, actor, now, id, reason)?;
    if payment.voided_at.is_some() {
        return Err(Error::refused("payment.voided", vec![]));
    }
    if version.is_some_and(|version| version != payment.version) {
        return Err(stale(&payment));
    }
    if payment.refunded > Fen::ZERO {
        return Err(Error::refused("payment.refunded", vec![]));
    }
    deposits::payment_voided(tx, id)?;
    ledger::free(tx, Freed::Payment(id), now)?;
    let end = (
        payments::voided_by.eq(actor.person),
        payments::voided_at.eq(now),
        payments::void_reason.eq(reason.trim()),
        payments::unallocated_fen.eq(0),
        payments::refunded_fen.eq(payment.amount),
        payments::version.eq(payments::version + 1),
    );
    diesel::update(payments::table.find(id.0)).set(end).execute(tx)?;
    let entry = (EntryKind::Refund, payment.amount, About::Payment(id));
    ledger::add_entry(tx, payment.account_id, entry, actor, now, reason.trim())?;
    bank::payment_voided(tx, id)?;
    audit::write(tx, actor, now, &Line::new(payment.community_id, "payment.void", "payment", id.0))
}

/// Gives back of a payment what is prepaid, or a part of that: what [`crate::corrections`] was asked for.
///
/// # Errors
/// More than is prepaid, by field; who took it may not (`payment.second_person`).
pub(crate) fn refund(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: PaymentId,
    amount: Fen,
    reason: &str,
) -> Result<()> {
    let payment = taken(tx, actor, now, id, reason)?;
    if amount <= Fen::ZERO || amount > payment.unallocated {
        return Err(Error::field("amount_fen", "more_than_prepaid"));
    }
    let given = (
        payments::unallocated_fen.eq(payments::unallocated_fen - amount.0),
        payments::refunded_fen.eq(payments::refunded_fen + amount.0),
        payments::version.eq(payments::version + 1),
    );
    diesel::update(payments::table.find(id.0)).set(given).execute(tx)?;
    let entry = (EntryKind::Refund, amount, About::Payment(id));
    ledger::add_entry(tx, payment.account_id, entry, actor, now, reason.trim())?;
    audit::write(tx, actor, now, &Line::new(payment.community_id, "payment.refund", "payment", id.0))
}

/// The payment with its account locked, where the actor may give it back.
fn taken(tx: &mut Db, actor: &Actor, now: Instant, id: PaymentId, reason: &str) -> Result<Payment> {
    let found = by_id(tx, id)?;
    let object = Object::Community(found.community_id);
    allow(tx, actor, now, Action::VoidPayment, object).map_err(|error| match error {
        Error::NotAllowed if !actor.roles_in(found.community_id).any(|role| role.is_staff()) => {
            Error::NotFound
        }
        error => error,
    })?;
    if reason.trim().is_empty() {
        return Err(Error::field("reason", "required"));
    }
    ledger::lock(tx, found.account_id)?;
    let payment = by_id(tx, id)?;
    if payment.taken_by.is_some() && payment.taken_by == actor.person {
        return Err(Error::refused("payment.second_person", vec![]));
    }
    Ok(payment)
}

fn stale(payment: &Payment) -> Error {
    let state = if payment.voided_at.is_some() { "voided" } else { "taken" };
    Error::Conflict(Conflict { what: "payment", state: state.to_owned(), version: payment.version })
}
