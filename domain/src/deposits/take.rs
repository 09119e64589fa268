//! Taking a deposit in, and what becomes of it where its payment is voided.

use diesel::prelude::*;

use super::records::by_payment;
use super::{Purpose, State, tell};
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::db::schema::{deposits, homes, people};
use crate::ledger::{self, Book};
use crate::payments::{self, Method, NewPayment};
use crate::{
    CaseId, CommunityId, Db, DepositId, Error, Fen, HomeId, Instant, PaymentId, PersonId, Result, community,
    settings,
};

/// A deposit to be taken in.
#[derive(Debug, Clone)]
pub struct NewDeposit {
    /// For which home.
    pub home: HomeId,
    /// To whose account; the home's present payer where it is not said.
    pub payer: Option<PersonId>,
    /// What for.
    pub purpose: Purpose,
    /// What it is taken on, in words: the agreement's clause.
    pub basis: String,
    /// Who handed it in, by name, where it was not the payer: a contractor for them.
    pub handed_in_by: String,
    /// How much.
    pub amount: Fen,
    /// How.
    pub method: Method,
    /// What the cashier noted.
    pub note: String,
    /// The case that it secures.
    pub case: Option<CaseId>,
}

/// Takes a deposit in: a payment with a receipt, in the book of deposits.
///
/// # Errors
/// By field: an amount that is none, no basis, a payer that the home does not know.
pub fn take(tx: &mut Db, actor: &Actor, now: Instant, new: &NewDeposit) -> Result<DepositId> {
    let community: CommunityId = homes::table.find(new.home.0).select(homes::community_id).first(tx)?;
    allow(tx, actor, now, Action::TakePayment, Object::Home(community, new.home))?;
    payments::rules::amount(new.amount, settings::get(tx, community, settings::PAYMENT_MOST_FEN)?)?;
    if new.basis.trim().is_empty() {
        return Err(Error::field("basis", "required"));
    }
    let payer = payer(tx, community, new, now)?;
    let handed_in_by = match new.handed_in_by.trim() {
        "" => people::table.find(payer.0).select(people::name).first(tx)?,
        name => name.to_owned(),
    };
    let account = ledger::account(tx, community, new.home, payer, Book::Deposits)?;
    ledger::lock(tx, account)?;
    let payment = NewPayment {
        home: new.home,
        payer: Some(payer),
        amount: new.amount,
        method: new.method,
        allocate: vec![],
        note: new.note.clone(),
    };
    let payment = payments::enter(tx, actor, now, (community, account), &payment)?;
    let row = (
        deposits::community_id.eq(community),
        deposits::account_id.eq(account),
        deposits::payment_id.eq(payment),
        deposits::purpose.eq(new.purpose),
        deposits::basis.eq(new.basis.trim()),
        deposits::handed_in_by.eq(handed_in_by),
        deposits::case_id.eq(new.case),
        deposits::state.eq(State::Held),
    );
    let id: DepositId =
        diesel::insert_into(deposits::table).values(row).returning(deposits::id).get_result(tx)?;
    tell::payer(tx, now, id, ("deposit.taken", "taken".to_owned()), "")?;
    audit::write(tx, actor, now, &Line::new(community, "deposit.take", "deposit", id.0))?;
    Ok(id)
}

fn payer(tx: &mut Db, community: CommunityId, new: &NewDeposit, now: Instant) -> Result<PersonId> {
    use crate::db::schema::occupancies as ties;
    let Some(named) = new.payer else {
        let today = community::by_id(tx, community)?.today(now)?;
        let found = payments::payer_on(tx, new.home, today)?;
        return found.ok_or_else(|| Error::refused("payment.no_payer", vec![]));
    };
    let known = ties::table.filter(ties::home_id.eq(new.home.0).and(ties::person_id.eq(named.0)));
    match known.count().get_result::<i64>(tx)? {
        0 => Err(Error::field("payer", "unknown")),
        _ => Ok(named),
    }
}

/// A payment is being voided: where it is a deposit, nothing may have been done to it yet.
///
/// # Errors
/// Something is to be kept of it, its return was asked for, or it is gone (`deposit.not_voided`).
pub(crate) fn payment_voided(tx: &mut Db, id: PaymentId) -> Result<()> {
    let Some(deposit) = by_payment(tx, id)? else { return Ok(()) };
    let kept = super::records::deductions(tx, deposit.id)?;
    if deposit.state != State::Held || kept.iter().any(|one| one.kept().counts()) {
        return Err(Error::refused("deposit.not_voided", vec![]));
    }
    let voided = (deposits::state.eq(State::Voided), deposits::version.eq(deposits::version + 1));
    diesel::update(deposits::table.find(deposit.id.0)).set(voided).execute(tx)?;
    Ok(())
}
