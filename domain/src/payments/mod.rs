//! Payments 收款: taken at the desk, oldest charge first unless the payer says otherwise, each with a
//! gapless receipt number; given back or voided by a second person only (domain.md §10).
//!
//! A repeated submission is caught by its key before it comes here ([`crate::idempotency`]).

pub mod capitals;
mod closing;
mod records;
mod refunds;
pub mod rules;

use diesel::prelude::*;

pub use closing::{Closing, closing};
pub(crate) use records::payer_on;
pub use records::{Payment, Receipt, ReceiptLine, by_id, months, of_accounts, receipt};
pub(crate) use refunds::refund;
pub use refunds::void;

use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::db::schema::{charges, homes, payments};
use crate::ledger::{self, About, Book, EntryKind};
use crate::{
    ChargeId, CommunityId, Db, Error, Fen, HomeId, Instant, LedgerAccountId, PaymentId, PersonId, Result,
    community, number, settings,
};
use rules::Open;

/// The kind of a receipt's number 收据.
pub const RECEIPT: &str = "SJ";

crate::words! {
    /// How it was paid.
    Method {
        /// 现金
        Cash = "cash",
        /// 银行卡
        Card = "card",
        /// 转账
        Transfer = "transfer",
        /// 微信 / 支付宝 QR
        Messenger = "messenger",
        /// 银行对账单
        BankStatement = "bank_statement",
    }
}

impl Method {
    /// The ways that a cashier takes money.
    pub const AT_DESK: &'static [Self] = &[Self::Cash, Self::Card, Self::Transfer, Self::Messenger];
}

/// A payment to be taken.
#[derive(Debug, Clone)]
pub struct NewPayment {
    /// For which home.
    pub home: HomeId,
    /// Whose account; where it is not said, the present payer's, or the only one that owes.
    pub payer: Option<PersonId>,
    /// How much.
    pub amount: Fen,
    /// How.
    pub method: Method,
    /// What it covers, where the payer says so: nothing else then. Empty: oldest first.
    pub allocate: Vec<(ChargeId, Fen)>,
    /// What the cashier noted.
    pub note: String,
}

/// Takes a payment: the entry, the receipt, what it covers. What is left over is prepaid.
///
/// # Errors
/// An amount that is none, more for a charge than is open, a charge of another account: by field.
pub fn take(tx: &mut Db, actor: &Actor, now: Instant, new: &NewPayment) -> Result<PaymentId> {
    let community: CommunityId = homes::table.find(new.home.0).select(homes::community_id).first(tx)?;
    allow(tx, actor, now, Action::TakePayment, Object::Home(community, new.home))?;
    rules::amount(new.amount, settings::get(tx, community, settings::PAYMENT_MOST_FEN)?)?;
    let account = account_for(tx, community, new, now)?;
    ledger::lock(tx, account)?;
    rules::shares(new.amount, &new.allocate, &open(tx, account, &new.allocate)?)?;
    let id = enter(tx, actor, now, (community, account), new)?;
    if new.allocate.is_empty() {
        ledger::use_prepayments(tx, &[account], now)?;
    } else {
        ledger::allocate(tx, id, &new.allocate, now)?;
    }
    audit::write(tx, actor, now, &Line::new(community, "payment.take", "payment", id.0))?;
    Ok(id)
}

/// The payment with its receipt and its entry, in an account that is locked: nothing is covered by it yet.
pub(crate) fn enter(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, account): (CommunityId, LedgerAccountId),
    new: &NewPayment,
) -> Result<PaymentId> {
    let today = community::by_id(tx, community)?.today(now)?;
    let row = (
        payments::community_id.eq(community),
        payments::account_id.eq(account),
        payments::receipt.eq(number::next(tx, community, RECEIPT, today)?),
        payments::amount_fen.eq(new.amount),
        payments::unallocated_fen.eq(new.amount),
        payments::method.eq(new.method),
        payments::note.eq(new.note.trim()),
        payments::taken_by.eq(actor.person),
        payments::taken_at.eq(now),
    );
    let id: PaymentId =
        diesel::insert_into(payments::table).values(row).returning(payments::id).get_result(tx)?;
    ledger::add_entry(tx, account, (EntryKind::Payment, -new.amount, About::Payment(id)), actor, now, "")?;
    Ok(id)
}

/// What is open of the charges that the payer names.
fn open(tx: &mut Db, account: LedgerAccountId, named: &[(ChargeId, Fen)]) -> Result<Vec<Open>> {
    let ids: Vec<i64> = named.iter().map(|(id, _)| id.0).collect();
    let rows: Vec<ledger::Charge> = charges::table
        .filter(charges::account_id.eq(account.0).and(charges::id.eq_any(ids)))
        .select(ledger::Charge::as_select())
        .load(tx)?;
    Ok(rows.iter().map(|charge| Open { id: charge.id, open: charge.open() }).collect())
}

/// The account of a home that a payment goes to where nobody says whose.
///
/// # Errors
/// Nobody pays for the home (`payment.no_payer`).
pub(crate) fn account_of(
    tx: &mut Db,
    community: CommunityId,
    home: HomeId,
    now: Instant,
) -> Result<LedgerAccountId> {
    let accounts = ledger::of_home(tx, home, Book::Fees)?;
    let today = community::by_id(tx, community)?.today(now)?;
    let payer = payer_on(tx, home, today)?;
    let mut owing = accounts.iter().filter(|account| account.balance > Fen::ZERO);
    match (payer, owing.next(), owing.next()) {
        (payer, Some(only), None) if payer != Some(only.payer_id) => Ok(only.id),
        (Some(payer), ..) => ledger::account(tx, community, home, payer, Book::Fees),
        (None, Some(first), _) => Ok(first.id),
        (None, None, _) => {
            accounts.first().map(|a| a.id).ok_or_else(|| Error::refused("payment.no_payer", vec![]))
        }
    }
}

/// Whose account it goes to: that of the charges named, of the payer named, of who pays now, or of the only
/// one that owes.
fn account_for(
    tx: &mut Db,
    community: CommunityId,
    new: &NewPayment,
    now: Instant,
) -> Result<LedgerAccountId> {
    let accounts = ledger::of_home(tx, new.home, Book::Fees)?;
    if let Some((first, _)) = new.allocate.first() {
        let of_charge: Option<LedgerAccountId> =
            charges::table.find(first.0).select(charges::account_id).first(tx).optional()?;
        let known = of_charge.filter(|id| accounts.iter().any(|account| account.id == *id));
        return known.ok_or_else(|| Error::field("allocate", "unknown_charge"));
    }
    if let Some(payer) = new.payer {
        let known = accounts.iter().find(|account| account.payer_id == payer);
        return known.map(|account| account.id).ok_or_else(|| Error::field("payer", "unknown"));
    }
    account_of(tx, community, new.home, now)
}
