//! Payments and receipts as rows.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::Method;
use crate::access::{Action, Actor, Object, allow};
use crate::db::schema::{
    allocations, charges, fee_items, homes, ledger_accounts, occupancies, payments, people,
};
use crate::pay_orders::{self, Channel};
use crate::{
    CommunityId, Db, Error, Fen, HomeId, Instant, LedgerAccountId, LocalDate, Month, PaymentId, PersonId,
    Result,
};

/// A payment as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = payments)]
pub struct Payment {
    /// Its id.
    pub id: PaymentId,
    /// The community.
    pub community_id: CommunityId,
    /// Whose account.
    pub account_id: LedgerAccountId,
    /// The receipt's number.
    pub receipt: String,
    /// How much.
    #[diesel(column_name = amount_fen)]
    pub amount: Fen,
    /// What covers nothing yet: prepaid.
    #[diesel(column_name = unallocated_fen)]
    pub unallocated: Fen,
    /// What was given back.
    #[diesel(column_name = refunded_fen)]
    pub refunded: Fen,
    /// How it was paid.
    pub method: Method,
    /// What the cashier noted.
    pub note: String,
    /// Who took it.
    pub taken_by: Option<PersonId>,
    /// When.
    pub taken_at: Instant,
    /// Who voided it.
    pub voided_by: Option<PersonId>,
    /// When.
    pub voided_at: Option<Instant>,
    /// Why.
    pub void_reason: Option<String>,
    /// Counts its changes.
    pub version: i32,
}

/// What a receipt shows.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// The payment.
    pub payment: Payment,
    /// The home.
    pub home_id: HomeId,
    /// The home's code.
    pub home: String,
    /// Who paid.
    pub payer: String,
    /// Who took it; none where it came by bank statement.
    pub cashier: Option<String>,
    /// By whom it came, where the payer paid by themselves, and the provider's number of it.
    pub online: Option<(Channel, String)>,
    /// What it covers now.
    pub lines: Vec<ReceiptLine>,
    /// What it is a deposit for, where it is one.
    pub deposit: Option<crate::deposits::Purpose>,
}

/// What a payment covers of one charge.
#[derive(Debug, Clone, Queryable)]
pub struct ReceiptLine {
    /// The item's code.
    pub item: String,
    /// What bills call it.
    pub item_name: String,
    /// The bay, or nothing.
    pub subject: String,
    /// The month.
    pub period: Month,
    /// How much of the charge.
    pub amount: Fen,
}

/// The payment of an id.
pub fn by_id(db: &mut Db, id: PaymentId) -> Result<Payment> {
    Ok(payments::table.find(id.0).select(Payment::as_select()).first(db)?)
}

/// The payments of accounts, newest first.
pub fn of_accounts(db: &mut Db, accounts: &[LedgerAccountId], limit: i64) -> Result<Vec<Payment>> {
    let ids: Vec<i64> = accounts.iter().map(|id| id.0).collect();
    let rows = payments::table.filter(payments::account_id.eq_any(ids)).order(payments::id.desc());
    Ok(rows.limit(limit).select(Payment::as_select()).load(db)?)
}

/// The first and the last month that each of these payments pays now; what pays nothing, or only ahead, is left out.
pub fn months(db: &mut Db, payments: &[PaymentId]) -> Result<BTreeMap<PaymentId, (Month, Month)>> {
    let ids: Vec<i64> = payments.iter().map(|id| id.0).collect();
    let rows: Vec<(PaymentId, Month)> = allocations::table
        .inner_join(charges::table.on(charges::id.eq(allocations::charge_id)))
        .filter(allocations::payment_id.eq_any(ids).and(allocations::freed_at.is_null()))
        .select((allocations::payment_id, charges::period))
        .load(db)?;
    let mut all = BTreeMap::new();
    for (payment, month) in rows {
        let (first, last) = all.entry(payment).or_insert((month, month));
        (*first, *last) = ((*first).min(month), (*last).max(month));
    }
    Ok(all)
}

/// The receipt of a number, as the asker may see it: a resident where the account is one of theirs to see.
pub fn receipt(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    number: &str,
) -> Result<Receipt> {
    let found = payments::table
        .inner_join(ledger_accounts::table.on(ledger_accounts::id.eq(payments::account_id)))
        .inner_join(homes::table.on(homes::id.eq(ledger_accounts::home_id)))
        .inner_join(people::table.on(people::id.eq(ledger_accounts::payer_id)))
        .filter(payments::community_id.eq(community.0).and(payments::receipt.eq(number)))
        .select((Payment::as_select(), homes::id, homes::code, people::name));
    let (payment, home_id, home, payer): (Payment, HomeId, String, String) = found.first(db)?;
    allow(db, actor, now, Action::ReadLedger, Object::Home(community, home_id)).map_err(hide)?;
    let account = ledger_accounts::table.find(payment.account_id.0).select(ledger_accounts::book);
    let book = account.first(db)?;
    let seen = crate::ledger::visible(db, actor, home_id, book)?;
    if !seen.iter().any(|account| account.id == payment.account_id) {
        return Err(Error::NotFound);
    }
    let cashier =
        payment.taken_by.map(|id| people::table.find(id.0).select(people::name).first(db)).transpose()?;
    let deposit = crate::deposits::purpose_of_payment(db, payment.id)?;
    let online = pay_orders::reference(db, payment.id)?;
    Ok(Receipt { lines: lines(db, payment.id)?, online, payment, home_id, home, payer, cashier, deposit })
}

fn hide(error: Error) -> Error {
    if matches!(error, Error::NotAllowed) { Error::NotFound } else { error }
}

fn lines(db: &mut Db, payment: PaymentId) -> Result<Vec<ReceiptLine>> {
    Ok(allocations::table
        .inner_join(charges::table.on(charges::id.eq(allocations::charge_id)))
        .inner_join(fee_items::table.on(fee_items::id.eq(charges::fee_item_id)))
        .filter(allocations::payment_id.eq(payment.0).and(allocations::freed_at.is_null()))
        .order((charges::due_on, charges::period, fee_items::register_order, charges::subject, charges::id))
        .select((
            fee_items::code,
            fee_items::name,
            charges::subject,
            charges::period,
            allocations::amount_fen,
        ))
        .load(db)?)
}

/// Who pays for a home on a day: whom the lease names, else the owner.
pub(crate) fn payer_on(db: &mut Db, home: HomeId, day: LocalDate) -> Result<Option<PersonId>> {
    let rows: Vec<(PersonId, String)> = occupancies::table
        .filter(occupancies::home_id.eq(home.0).and(occupancies::pays.eq(true)))
        .filter(occupancies::starts_on.le(day))
        .filter(occupancies::ends_on.is_null().or(occupancies::ends_on.ge(day)))
        .order((occupancies::starts_on, occupancies::id))
        .select((occupancies::person_id, occupancies::kind))
        .load(db)?;
    let other = rows.iter().find(|(_, kind)| kind != "owner");
    Ok(other.or_else(|| rows.first()).map(|(person, _)| *person))
}
