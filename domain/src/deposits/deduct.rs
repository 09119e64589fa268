//! What is to be kept of a deposit: proposed with a reason, accepted or contested by its payer, decided by a manager.

use diesel::prelude::*;

use super::records::{Deduction, Deposit, by_id, deduction, deductions, payer_of};
use super::rules::{DeductionState, State, can_keep, contestable_until};
use super::tell;
use crate::access::{Action, Actor, Object, allow, may};
use crate::audit::{self, Line};
use crate::db::schema::deposit_deductions as rows;
use crate::{
    Db, DepositDeductionId, DepositId, Error, Fen, Instant, PersonId, Result, community, ledger, payments,
    settings,
};

/// What a manager decides on something that is contested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is kept.
    Uphold,
    /// It is not.
    Drop,
}

/// Proposes to keep a part of a deposit: its payer is told, and may contest it for some days.
///
/// # Errors
/// By field: no reason, no amount or more than is left. One that is not held any more (`deposit.not_held`), and one's
/// own (`deposit.own`).
pub fn deduct(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: DepositId,
    amount: Fen,
    reason: &str,
) -> Result<DepositDeductionId> {
    let deposit = kept_by(tx, actor, now, id)?;
    if deposit.state != State::Held {
        return Err(Error::refused("deposit.not_held", vec![]));
    }
    if reason.trim().is_empty() {
        return Err(Error::field("reason", "required"));
    }
    let before: Vec<_> = deductions(tx, id)?.iter().map(Deduction::kept).collect();
    can_keep(payments::by_id(tx, deposit.payment_id)?.amount, &before, amount)?;
    let days = settings::get(tx, deposit.community_id, settings::DEPOSIT_CONTEST_DAYS)?.unsigned_abs();
    let today = community::by_id(tx, deposit.community_id)?.today(now)?;
    let row = (
        rows::community_id.eq(deposit.community_id),
        rows::deposit_id.eq(id),
        rows::amount_fen.eq(amount),
        rows::reason.eq(reason.trim()),
        rows::state.eq(DeductionState::Proposed),
        rows::proposed_by.eq(actor.person),
        rows::proposed_at.eq(now),
        rows::until_on.eq(contestable_until(today, days)),
    );
    let made: DepositDeductionId =
        diesel::insert_into(rows::table).values(row).returning(rows::id).get_result(tx)?;
    tell::of_deduction(tx, now, made, ("deposit.deducted", "proposed"))?;
    write_down(tx, actor, now, &deposit, "deposit.deduct")?;
    Ok(made)
}

/// Its payer agrees that it is kept.
///
/// # Errors
/// Somebody else's (not found); one that is not proposed any more (`deposit.decided`).
pub fn accept(tx: &mut Db, actor: &Actor, now: Instant, id: DepositDeductionId) -> Result<DepositId> {
    let (deposit, found) = answered(tx, actor, now, id)?;
    set(tx, &found, DeductionState::Accepted)?;
    write_down(tx, actor, now, &deposit, "deposit.accept")?;
    Ok(deposit.id)
}

/// Its payer does not agree, and says why; or who keeps deposits notes it for them. Nothing goes back or is kept
/// until a manager has decided.
///
/// # Errors
/// As [`accept`]; no words, by field; its days are over (`deposit.too_late`).
pub fn contest(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: DepositDeductionId,
    objection: &str,
) -> Result<DepositId> {
    let (deposit, found) = answered(tx, actor, now, id)?;
    if objection.trim().is_empty() {
        return Err(Error::field("objection", "required"));
    }
    if found.until_on < community::by_id(tx, deposit.community_id)?.today(now)? {
        return Err(Error::refused("deposit.too_late", vec![]));
    }
    let said = (
        rows::objection.eq(objection.trim()),
        rows::objected_by.eq(actor.person),
        rows::objected_at.eq(now),
        rows::state.eq(DeductionState::Contested),
    );
    diesel::update(rows::table.find(id.0)).set(said).execute(tx)?;
    tell::managers(tx, now, id)?;
    write_down(tx, actor, now, &deposit, "deposit.contest")?;
    Ok(deposit.id)
}

/// A manager decides on what is contested, with an answer.
///
/// # Errors
/// No answer, by field; who proposed it may not (`deposit.second_person`); nothing to decide (`deposit.decided`).
pub fn decide(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: DepositDeductionId,
    decision: Decision,
    answer: &str,
) -> Result<DepositId> {
    let found = deduction(tx, id)?;
    let deposit = by_id(tx, found.deposit_id)?;
    allow(tx, actor, now, Action::ApproveWaiver, Object::Community(deposit.community_id))?;
    let found = held(tx, &deposit, id)?;
    not_own(tx, actor, &deposit)?;
    if found.proposed_by.is_some() && found.proposed_by == actor.person {
        return Err(Error::refused("deposit.second_person", vec![]));
    }
    if found.state != DeductionState::Contested {
        return Err(Error::refused("deposit.decided", vec![]));
    }
    if answer.trim().is_empty() {
        return Err(Error::field("answer", "required"));
    }
    let state = match decision {
        Decision::Uphold => DeductionState::Upheld,
        Decision::Drop => DeductionState::Dropped,
    };
    let decided = (
        rows::state.eq(state),
        rows::answer.eq(answer.trim()),
        rows::decided_by.eq(actor.person),
        rows::decided_at.eq(now),
    );
    diesel::update(rows::table.find(id.0)).set(decided).execute(tx)?;
    tell::of_deduction(tx, now, id, ("deposit.answered", "answered"))?;
    write_down(tx, actor, now, &deposit, "deposit.decide")?;
    Ok(deposit.id)
}

/// Gives up what was proposed, or accepted, before it is kept.
///
/// # Errors
/// What is contested is a manager's to decide, and what is decided or kept stays (`deposit.decided`).
pub fn drop(tx: &mut Db, actor: &Actor, now: Instant, id: DepositDeductionId) -> Result<DepositId> {
    let found = deduction(tx, id)?;
    let deposit = kept_by(tx, actor, now, found.deposit_id)?;
    let found = held(tx, &deposit, id)?;
    let open = matches!(found.state, DeductionState::Proposed | DeductionState::Accepted);
    if !open || found.charge_id.is_some() {
        return Err(Error::refused("deposit.decided", vec![]));
    }
    set(tx, &found, DeductionState::Dropped)?;
    tell::of_deduction(tx, now, id, ("deposit.dropped", "dropped"))?;
    write_down(tx, actor, now, &deposit, "deposit.drop")?;
    Ok(deposit.id)
}

/// The deposit with its account taken, for who keeps deposits; nobody handles their own.
pub(super) fn kept_by(tx: &mut Db, actor: &Actor, now: Instant, id: DepositId) -> Result<Deposit> {
    let found = by_id(tx, id)?;
    allow(tx, actor, now, Action::KeepDeposits, Object::Community(found.community_id)).map_err(hidden)?;
    not_own(tx, actor, &found)?;
    ledger::lock(tx, found.account_id)?;
    by_id(tx, id)
}

pub(super) fn hidden(error: Error) -> Error {
    if matches!(error, Error::NotAllowed) { Error::NotFound } else { error }
}

pub(super) fn not_own(tx: &mut Db, actor: &Actor, deposit: &Deposit) -> Result<()> {
    let payer: PersonId = payer_of(tx, deposit.account_id)?;
    if actor.person == Some(payer) { Err(Error::refused("deposit.own", vec![])) } else { Ok(()) }
}

/// What is to be kept, with its account taken.
fn held(tx: &mut Db, deposit: &Deposit, id: DepositDeductionId) -> Result<Deduction> {
    ledger::lock(tx, deposit.account_id)?;
    deduction(tx, id)
}

/// What its payer, or who notes it for them, answers to.
fn answered(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: DepositDeductionId,
) -> Result<(Deposit, Deduction)> {
    let of = deduction(tx, id)?.deposit_id;
    let deposit = by_id(tx, of)?;
    let own = actor.person == Some(payer_of(tx, deposit.account_id)?);
    if !own && !may(tx, actor, now, Action::KeepDeposits, Object::Community(deposit.community_id))? {
        return Err(Error::NotFound);
    }
    let found = held(tx, &deposit, id)?;
    if found.state != DeductionState::Proposed || found.charge_id.is_some() {
        return Err(Error::refused("deposit.decided", vec![]));
    }
    Ok((deposit, found))
}

fn set(tx: &mut Db, found: &Deduction, state: DeductionState) -> Result<()> {
    diesel::update(rows::table.find(found.id.0)).set(rows::state.eq(state)).execute(tx)?;
    Ok(())
}

pub(super) fn write_down(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    deposit: &Deposit,
    action: &'static str,
) -> Result<()> {
    audit::write(tx, actor, now, &Line::new(deposit.community_id, action, "deposit", deposit.id.0))
}
