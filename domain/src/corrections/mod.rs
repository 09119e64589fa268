//! Corrections 更正 that one asks for and another decides (domain.md §10). A waiver within the payer's
//! year's limit is made at once; above it a manager approves, never who asked for it. A refund, of what is
//! prepaid or of a charge that was paid, is asked for by one and given by another. Nobody lets themselves
//! off. A reversal and charging anew are one person's word, on what they have seen.

mod charges;
mod decide;
mod faults;
mod records;
pub mod rules;
mod tell;

pub use charges::{charge_again, reverse};
pub use decide::{make, refuse, withdraw};
pub use faults::faults;
pub use records::{Correction, Line, decided, of_accounts, waiting};

use crate::access::{Action, Actor, Object, allow};
use crate::audit;
use crate::ledger::{self, Book, Charge};
use crate::payments;
use crate::{
    ChargeId, CommunityId, CorrectionId, Db, Error, Fen, Instant, LedgerAccountId, PaymentId, Result,
    settings,
};
use records::New;

crate::words! {
    /// What is asked for.
    Kind {
        /// 减免: a part of a charge is given up.
        Waiver = "waiver",
        /// 退款: money is given back.
        Refund = "refund",
    }
}

crate::words! {
    /// How far it has come.
    State {
        /// Waits for somebody else.
        Asked = "asked",
        /// Done, and in the ledger.
        Made = "made",
        /// Somebody else said no.
        Refused = "refused",
        /// Who asked for it took it back.
        Withdrawn = "withdrawn",
    }
}

/// What was asked for, and whether it is done already or waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// The correction.
    pub id: CorrectionId,
    /// [`State::Made`] or [`State::Asked`].
    pub state: State,
}

/// Asks to give up a part of what is open of a charge: done at once within the year's limit of the payer.
///
/// # Errors
/// By field: no reason, more than is open. One's own charge (`correction.own`); one that something is
/// asked of already (`correction.asked`).
pub fn ask_waiver(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: ChargeId,
    amount: Fen,
    reason: &str,
) -> Result<Asked> {
    let found = may_ask(tx, actor, now, id, reason)?;
    ledger::lock_payer(tx, found.payer_id)?;
    let charge = ledger::charge_of(tx, id)?;
    rules::not_own(actor.person, charge.payer_id)?;
    rules::waiver(amount, charge.open())?;
    let year = ledger::waived_in_year(tx, charge.payer_id, now)?;
    let limit = Fen(settings::get(tx, charge.community_id, settings::WAIVER_LIMIT_FEN)?);
    let waits = rules::needs_approval(year, amount, limit);
    let new = of_charge(&charge, Kind::Waiver, amount, reason);
    let state = if waits { State::Asked } else { State::Made };
    let asked = records::insert(tx, actor, now, &new, state)?;
    if waits {
        tell::managers(tx, actor, now, &asked)?;
    } else {
        ledger::waive(tx, actor, now, &charge, amount, reason.trim())?;
        tell::payer(tx, now, &asked)?;
    }
    let action = if waits { "waiver.ask" } else { "charge.waive" };
    audit::write(tx, actor, now, &audit::Line::new(charge.community_id, action, "charge", id.0))?;
    Ok(Asked { id: asked.id, state })
}

/// Asks to give back all that was paid of a charge, which takes the charge back.
///
/// # Errors
/// No reason, by field; nothing paid (`refund.unpaid`); something is asked of it already.
pub fn ask_charge_refund(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: ChargeId,
    reason: &str,
) -> Result<Asked> {
    let found = may_ask(tx, actor, now, id, reason)?;
    ledger::lock(tx, found.account_id)?;
    let charge = ledger::charge_of(tx, id)?;
    if charge.paid <= Fen::ZERO {
        return Err(Error::refused("refund.unpaid", vec![]));
    }
    ask_refund(tx, actor, now, &of_charge(&charge, Kind::Refund, charge.paid, reason))
}

/// Asks to give back what of a payment is prepaid, or a part of that.
///
/// # Errors
/// By field: no reason, more than is prepaid. Something is asked of it already; a deposit, which is given back on its
/// own page (`deposit.given_back_there`).
pub fn ask_prepaid_refund(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: PaymentId,
    amount: Fen,
    reason: &str,
) -> Result<Asked> {
    let found = payments::by_id(tx, id)?;
    allowed(tx, actor, now, found.community_id)?;
    rules::reason(reason)?;
    if ledger::is_of(tx, found.account_id, Book::Deposits)? {
        return Err(Error::refused("deposit.given_back_there", vec![]));
    }
    ledger::lock(tx, found.account_id)?;
    rules::refund(amount, payments::by_id(tx, id)?.unallocated)?;
    let new = New {
        community: found.community_id,
        account: found.account_id,
        kind: Kind::Refund,
        charge: None,
        payment: Some(id),
        amount,
        reason,
    };
    ask_refund(tx, actor, now, &new)
}

fn ask_refund(tx: &mut Db, actor: &Actor, now: Instant, new: &New<'_>) -> Result<Asked> {
    let asked = records::insert(tx, actor, now, new, State::Asked)?;
    let line = audit::Line::new(new.community, "refund.ask", "correction", asked.id.0);
    audit::write(tx, actor, now, &line)?;
    Ok(Asked { id: asked.id, state: State::Asked })
}

/// The charge, where the actor may ask for something of it and says why.
fn may_ask(tx: &mut Db, actor: &Actor, now: Instant, id: ChargeId, reason: &str) -> Result<Charge> {
    let charge = ledger::charge_of(tx, id)?;
    allowed(tx, actor, now, charge.community_id)?;
    rules::reason(reason)?;
    Ok(charge)
}

fn allowed(tx: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> Result<()> {
    allow(tx, actor, now, Action::AskCorrection, Object::Community(community))
}

fn of_charge<'r>(charge: &Charge, kind: Kind, amount: Fen, reason: &'r str) -> New<'r> {
    let (community, account): (CommunityId, LedgerAccountId) = (charge.community_id, charge.account_id);
    New { community, account, kind, charge: Some(charge.id), payment: None, amount, reason }
}
