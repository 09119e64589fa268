//! Deposits as rows, and as the lists that people work through: who holds what today.

use diesel::prelude::*;

use super::rules::{DeductionState, Kept, Purpose, State};
use crate::access::{Action, Actor, Object, allow, may};
use crate::db::schema::{deposit_deductions, deposits, homes, ledger_accounts, payments, people};
use crate::ledger::{self, Book};
use crate::payments::Method;
use crate::{
    CaseId, ChargeId, CommunityId, Db, DepositDeductionId, DepositId, Error, Fen, HomeId, Instant,
    LedgerAccountId, LocalDate, PaymentId, PersonId, Result,
};

/// A deposit as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = deposits)]
pub struct Deposit {
    /// Its id.
    pub id: DepositId,
    /// The community.
    pub community_id: CommunityId,
    /// Its account in the book of deposits.
    pub account_id: LedgerAccountId,
    /// The payment that it came in by.
    pub payment_id: PaymentId,
    /// What for.
    pub purpose: Purpose,
    /// What it is taken on, in words.
    pub basis: String,
    /// Who handed it in, by name.
    pub handed_in_by: String,
    /// The case that it secures.
    pub case_id: Option<CaseId>,
    /// How far it has come.
    pub state: State,
    /// Who asked to give it back.
    pub asked_by: Option<PersonId>,
    /// When.
    pub asked_at: Option<Instant>,
    /// Who gave it back.
    pub returned_by: Option<PersonId>,
    /// When.
    pub returned_at: Option<Instant>,
    /// How.
    pub return_method: Option<Method>,
    /// What was noted then.
    pub return_note: String,
    /// Counts its changes.
    pub version: i32,
}

/// Something that is to be kept of a deposit, as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = deposit_deductions)]
pub struct Deduction {
    /// Its id.
    pub id: DepositDeductionId,
    /// Of which deposit.
    pub deposit_id: DepositId,
    /// How much.
    #[diesel(column_name = amount_fen)]
    pub amount: Fen,
    /// Why.
    pub reason: String,
    /// How far it has come.
    pub state: DeductionState,
    /// Who proposed it.
    pub proposed_by: Option<PersonId>,
    /// When.
    pub proposed_at: Instant,
    /// The last day on which it may be contested.
    pub until_on: LocalDate,
    /// What its payer says against it.
    pub objection: String,
    /// What they were answered.
    pub answer: String,
    /// The charge that it became.
    pub charge_id: Option<ChargeId>,
}

impl Deduction {
    /// What the rules look at.
    pub fn kept(&self) -> Kept {
        Kept { state: self.state, amount: self.amount, until: self.until_on }
    }
}

/// A deposit with the names that people know.
#[derive(Debug, Clone, Queryable)]
pub struct Line {
    /// The deposit.
    pub deposit: Deposit,
    /// The home.
    pub home_id: HomeId,
    /// Its code.
    pub home: String,
    /// To whose account.
    pub payer_id: PersonId,
    /// What they are called.
    pub payer: String,
    /// The receipt.
    pub receipt: String,
    /// How much was handed in.
    pub amount: Fen,
    /// What the office holds of it.
    pub held: Fen,
    /// What was given back.
    pub returned: Fen,
    /// When it was taken in.
    pub taken_at: Instant,
    /// Who took it in.
    pub taken_by: Option<PersonId>,
}

impl Line {
    /// What was kept of it.
    pub fn kept(&self) -> Fen {
        self.amount - self.held - self.returned
    }
}

pub(super) fn by_id(db: &mut Db, id: DepositId) -> Result<Deposit> {
    Ok(deposits::table.find(id.0).select(Deposit::as_select()).first(db)?)
}

pub(super) fn by_payment(db: &mut Db, id: PaymentId) -> Result<Option<Deposit>> {
    let found = deposits::table.filter(deposits::payment_id.eq(id.0));
    Ok(found.select(Deposit::as_select()).first(db).optional()?)
}

pub(super) fn deduction(db: &mut Db, id: DepositDeductionId) -> Result<Deduction> {
    Ok(deposit_deductions::table.find(id.0).select(Deduction::as_select()).first(db)?)
}

pub(super) fn deductions(db: &mut Db, id: DepositId) -> Result<Vec<Deduction>> {
    let rows = deposit_deductions::table.filter(deposit_deductions::deposit_id.eq(id.0));
    Ok(rows.order(deposit_deductions::id).select(Deduction::as_select()).load(db)?)
}

pub(super) fn payer_of(db: &mut Db, account: LedgerAccountId) -> Result<PersonId> {
    Ok(ledger_accounts::table.find(account.0).select(ledger_accounts::payer_id).first(db)?)
}

/// What a payment is a deposit for; none where it is none.
pub fn purpose_of_payment(db: &mut Db, id: PaymentId) -> Result<Option<Purpose>> {
    Ok(by_payment(db, id)?.map(|deposit| deposit.purpose))
}

/// The rows of deposits with what people know of them, in a statement that each list narrows.
macro_rules! lines {
    () => {
        deposits::table
            .inner_join(payments::table.on(payments::id.eq(deposits::payment_id)))
            .inner_join(ledger_accounts::table.on(ledger_accounts::id.eq(deposits::account_id)))
            .inner_join(homes::table.on(homes::id.eq(ledger_accounts::home_id)))
            .inner_join(people::table.on(people::id.eq(ledger_accounts::payer_id)))
            .order(deposits::id.desc())
            .select((
                Deposit::as_select(),
                homes::id,
                homes::code,
                people::id,
                people::name,
                payments::receipt,
                payments::amount_fen,
                payments::unallocated_fen,
                payments::refunded_fen,
                payments::taken_at,
                payments::taken_by,
            ))
    };
}

/// What a community holds, newest first, for who keeps deposits.
pub fn held(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> Result<Vec<Line>> {
    allow(db, actor, now, Action::KeepDeposits, Object::Community(community))?;
    let held = deposits::state.eq_any([State::Held, State::Returning]);
    Ok(lines!().filter(deposits::community_id.eq(community.0).and(held)).load(db)?)
}

/// What was given back or voided last, at most so many, for who keeps deposits.
pub fn recent(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    limit: i64,
) -> Result<Vec<Line>> {
    allow(db, actor, now, Action::KeepDeposits, Object::Community(community))?;
    let over = deposits::state.eq_any([State::Returned, State::Voided]);
    Ok(lines!().filter(deposits::community_id.eq(community.0).and(over)).limit(limit).load(db)?)
}

/// The deposits of a home that the asker may see: all for staff who read the ledger, their own for a resident.
pub fn of_home(db: &mut Db, actor: &Actor, home: HomeId) -> Result<Vec<Line>> {
    let seen = ledger::visible(db, actor, home, Book::Deposits)?;
    let ids: Vec<i64> = seen.iter().map(|account| account.id.0).collect();
    Ok(lines!().filter(deposits::account_id.eq_any(ids)).load(db)?)
}

/// A deposit, for its payer, those who may see their account, and staff who keep deposits.
///
/// # Errors
/// Not found where the asker has no business with it.
pub fn line(db: &mut Db, actor: &Actor, now: Instant, id: DepositId) -> Result<Line> {
    let found: Line = lines!().filter(deposits::id.eq(id.0)).first(db)?;
    let deposit = &found.deposit;
    if may(db, actor, now, Action::KeepDeposits, Object::Community(deposit.community_id))? {
        return Ok(found);
    }
    let place = Object::Home(deposit.community_id, found.home_id);
    if !may(db, actor, now, Action::ReadLedger, place)? {
        return Err(Error::NotFound);
    }
    let seen = ledger::visible(db, actor, found.home_id, Book::Deposits)?;
    let own = seen.iter().any(|account| account.id == deposit.account_id);
    if own { Ok(found) } else { Err(Error::NotFound) }
}

/// The same with what is to be kept of it, oldest first.
///
/// # Errors
/// As [`line`].
pub fn whole(db: &mut Db, actor: &Actor, now: Instant, id: DepositId) -> Result<(Line, Vec<Deduction>)> {
    let found = line(db, actor, now, id)?;
    Ok((found, deductions(db, id)?))
}

/// Something that is to be kept, with its deposit.
///
/// # Errors
/// As [`line`].
pub fn deduction_of(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    id: DepositDeductionId,
) -> Result<(Line, Deduction)> {
    let found = deduction(db, id)?;
    Ok((line(db, actor, now, found.deposit_id)?, found))
}
