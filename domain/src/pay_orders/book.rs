//! What a provider says of a payment, booked exactly once.

use diesel::prelude::*;

use super::rules::{Channel, State, Verdict, Why, judge};
use super::{Order, records, tell};
use crate::access::Actor;
use crate::db::schema::{ledger_accounts, pay_orders};
use crate::payments::{self, Method, NewPayment};
use crate::{Db, Error, Fen, Instant, PaymentId, PersonId, Result, ledger};

/// A payment as the provider vouches for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// By whom.
    pub channel: Channel,
    /// The order's trade number.
    pub trade_no: String,
    /// The provider's number of the payment.
    pub transaction: String,
    /// How much.
    pub amount: Fen,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It was booked now.
    Booked(PaymentId),
    /// It was known.
    Known,
    /// It waits for a cashier, who was told.
    ForACashier,
}

/// Keeps what a provider says of a payment. Told twice, or by two at once, it is booked once: the order's account is
/// taken first, and the order looked at after that.
///
/// # Errors
/// Not found where no order of the channel has this trade number.
pub fn heard(tx: &mut Db, now: Instant, said: &Heard) -> Result<Kept> {
    let found = records::by_trade_no(tx, said.channel, &said.trade_no)?;
    ledger::lock(tx, found.account_id)?;
    let order = records::by_id(tx, found.id)?;
    let as_it_is = (order.state, order.amount, order.transaction_no.as_str());
    match judge(as_it_is, (said.amount, &said.transaction)) {
        Verdict::Known => Ok(Kept::Known),
        Verdict::Second => {
            tell::cashiers(tx, now, &order, said, "pay_order.second")?;
            Ok(Kept::ForACashier)
        }
        Verdict::Differs => fail(tx, now, &order, said, Why::Differs),
        Verdict::Book => book(tx, now, &order, said),
    }
}

fn book(tx: &mut Db, now: Instant, order: &Order, said: &Heard) -> Result<Kept> {
    let actor = Actor::system(said.channel.as_str());
    let payer: PersonId =
        ledger_accounts::table.find(order.account_id.0).select(ledger_accounts::payer_id).first(tx)?;
    let new = NewPayment {
        home: order.home_id,
        payer: Some(payer),
        amount: said.amount,
        method: Method::Messenger,
        allocate: vec![],
        note: String::new(),
    };
    let payment = match tx.transaction(|tx| payments::take(tx, &actor, now, &new)) {
        Ok(payment) => payment,
        Err(Error::Refused(_) | Error::Invalid(_) | Error::NotFound) => {
            return fail(tx, now, order, said, Why::NotBooked);
        }
        Err(error) => return Err(error),
    };
    let paid = (
        pay_orders::state.eq(State::Paid),
        pay_orders::why.eq(Why::None),
        pay_orders::transaction_no.eq(&said.transaction),
        pay_orders::told_fen.eq(said.amount),
        pay_orders::settled_at.eq(now),
        pay_orders::payment_id.eq(payment),
    );
    diesel::update(pay_orders::table.find(order.id.0)).set(paid).execute(tx)?;
    tell::payer(tx, now, order, (payer, payment))?;
    Ok(Kept::Booked(payment))
}

/// What came is kept with the order, for the cashier who was told.
fn fail(tx: &mut Db, now: Instant, order: &Order, said: &Heard, why: Why) -> Result<Kept> {
    let failed = (
        pay_orders::state.eq(State::Failed),
        pay_orders::why.eq(why),
        pay_orders::transaction_no.eq(&said.transaction),
        pay_orders::told_fen.eq(said.amount),
        pay_orders::settled_at.eq(now),
    );
    diesel::update(pay_orders::table.find(order.id.0)).set(failed).execute(tx)?;
    tell::cashiers(tx, now, order, said, "pay_order.stuck")?;
    Ok(Kept::ForACashier)
}
