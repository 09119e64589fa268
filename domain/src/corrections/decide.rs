//! The second person's word: made, refused; or taken back by who asked.

use super::records::{self, Correction};
use super::{Kind, State, rules, tell};
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::ledger::{self, Charge};
use crate::payments;
use crate::{ChargeId, CorrectionId, Db, Error, Instant, Result};

/// Does what somebody else asked for: the ledger has it, the payer is told.
///
/// # Errors
/// Who asked may not (`correction.same_person`), nor who took the money (`payment.second_person`); decided
/// already (`correction.decided`); what it is about was paid, reversed or given back meanwhile
/// (`correction.changed`).
pub fn make(tx: &mut Db, actor: &Actor, now: Instant, id: CorrectionId) -> Result<()> {
    let asked = waiting(tx, actor, now, id)?;
    rules::second_person(actor.person, asked.asked_by)?;
    match (asked.kind, asked.charge_id, asked.payment_id) {
        (Kind::Waiver, Some(charge), _) => waive(tx, actor, now, &asked, charge)?,
        (Kind::Refund, Some(charge), _) => give_back_charge(tx, actor, now, &asked, charge)?,
        (Kind::Refund, None, Some(payment)) => {
            payments::refund(tx, actor, now, payment, asked.amount, &asked.reason).map_err(changed)?;
        }
        _ => return Err(Error::internal("a correction of nothing")),
    }
    records::decide(tx, actor, now, id, State::Made, "")?;
    tell::payer(tx, now, &asked)?;
    tell::asker(tx, now, &asked, State::Made)?;
    write_down(tx, actor, now, &asked, "correction.make")
}

/// Says no to what somebody else asked for, and why.
///
/// # Errors
/// As [`make`]; no reason, by field.
pub fn refuse(tx: &mut Db, actor: &Actor, now: Instant, id: CorrectionId, answer: &str) -> Result<()> {
    let asked = waiting(tx, actor, now, id)?;
    rules::second_person(actor.person, asked.asked_by)?;
    if answer.trim().is_empty() {
        return Err(Error::field("answer", "required"));
    }
    records::decide(tx, actor, now, id, State::Refused, answer)?;
    tell::asker(tx, now, &asked, State::Refused)?;
    write_down(tx, actor, now, &asked, "correction.refuse")
}

/// Takes back what one has asked for oneself.
///
/// # Errors
/// Somebody else's (`correction.not_yours`); decided already (`correction.decided`).
pub fn withdraw(tx: &mut Db, actor: &Actor, now: Instant, id: CorrectionId) -> Result<()> {
    let found = records::by_id(tx, id)?;
    allow(tx, actor, now, Action::AskCorrection, Object::Community(found.community_id))?;
    let asked = held(tx, &found)?;
    if asked.asked_by != actor.person {
        return Err(Error::refused("correction.not_yours", vec![]));
    }
    records::decide(tx, actor, now, id, State::Withdrawn, "")?;
    write_down(tx, actor, now, &asked, "correction.withdraw")
}

/// The correction with its account locked, where the actor's post may decide it and nobody has.
fn waiting(tx: &mut Db, actor: &Actor, now: Instant, id: CorrectionId) -> Result<Correction> {
    let found = records::by_id(tx, id)?;
    let action = match found.kind {
        Kind::Waiver => Action::ApproveWaiver,
        Kind::Refund => Action::VoidPayment,
    };
    allow(tx, actor, now, action, Object::Community(found.community_id))?;
    held(tx, &found)
}

fn held(tx: &mut Db, found: &Correction) -> Result<Correction> {
    ledger::lock(tx, found.account_id)?;
    let asked = records::by_id(tx, found.id)?;
    if asked.state == State::Asked { Ok(asked) } else { Err(Error::refused("correction.decided", vec![])) }
}

fn waive(tx: &mut Db, actor: &Actor, now: Instant, asked: &Correction, charge: ChargeId) -> Result<()> {
    let charge = ledger::charge_of(tx, charge)?;
    rules::not_own(actor.person, charge.payer_id)?;
    rules::waiver(asked.amount, charge.open()).map_err(changed)?;
    ledger::waive(tx, actor, now, &charge, asked.amount, &asked.reason)
}

/// Takes the charge back and gives back what that frees, to the payments that covered it.
fn give_back_charge(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    asked: &Correction,
    charge: ChargeId,
) -> Result<()> {
    let charge: Charge = ledger::charge_of(tx, charge)?;
    if charge.paid != asked.amount {
        return Err(Error::refused("correction.changed", vec![]));
    }
    let shares = ledger::of_charge(tx, charge.id)?;
    ledger::reverse(tx, actor, now, charge.id, &asked.reason)?;
    for share in shares {
        payments::refund(tx, actor, now, share.payment_id, share.amount, &asked.reason)?;
    }
    Ok(())
}

/// What fitted when it was asked for and does not any more is nothing that the second person typed wrong.
fn changed(error: Error) -> Error {
    match error {
        Error::Invalid(_) => Error::refused("correction.changed", vec![]),
        other => other,
    }
}

fn write_down(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    asked: &Correction,
    action: &'static str,
) -> Result<()> {
    audit::write(tx, actor, now, &Line::new(asked.community_id, action, "correction", asked.id.0))
}
