//! Taking a charge back and making it anew, as somebody who has looked at it decides.

use super::{rules, tell};
use crate::access::Actor;
use crate::{ChargeId, Db, Error, Fen, Instant, Result, billing, ledger};

/// Takes back a charge that is still as it was `seen`: what payments covered of it is prepaid again, and the
/// payer is told.
///
/// # Errors
/// No reason, by field; taken back already (`charge.reversed`); changed since (`charge.changed`).
pub fn reverse(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: ChargeId,
    reason: &str,
    seen: &str,
) -> Result<()> {
    rules::reason(reason)?;
    let charge = ledger::charge_of(tx, id)?;
    if !charge.reversed {
        ledger::as_seen(tx, id, seen)?;
    }
    ledger::reverse(tx, actor, now, id, reason)?;
    let line = ledger::line_of(tx, charge.home_id, id)?;
    tell::of_charge(tx, now, &line, "correction.reversed", reason.trim())
}

/// Charges anew what was taken back, for the sum that was `seen` before.
///
/// # Errors
/// As [`billing::charge_again`]; the register or tariff changed since (`charge.changed`).
pub fn charge_again(tx: &mut Db, actor: &Actor, now: Instant, id: ChargeId, seen: Fen) -> Result<ChargeId> {
    let made = billing::charge_again(tx, actor, now, id)?;
    let charge = ledger::charge_of(tx, made)?;
    if charge.amount != seen {
        return Err(Error::refused("charge.changed", vec![]));
    }
    let line = ledger::line_of(tx, charge.home_id, made)?;
    tell::of_charge(tx, now, &line, "correction.charged_again", "")?;
    Ok(made)
}
