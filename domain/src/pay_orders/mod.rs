//! Payment orders 支付单: somebody pays by themselves, with WeChat or Alipay (domain.md §10). An order has a number that
//! is never used twice, and its payment is booked once, whoever tells of it first: the provider's notification, our own
//! asking, or both at the same moment. What comes too late is booked all the same; what is not the sum that was asked
//! for is booked by nobody but a cashier.
//!
//! Nothing here speaks to a provider: the worker does, and brings what it was told.

mod ask;
mod book;
mod faults;
mod hand;
mod records;
pub mod rules;
mod tell;

pub use ask::{NewOrder, ask, close};
pub use book::{Heard, Kept, heard};
pub use faults::faults;
pub use hand::handle;
pub use records::{Order, Seen, by_id, due, list, number_of, open_of, reference, seen};
pub use rules::{Channel, State, Why};

use diesel::prelude::*;

use crate::db::schema::pay_orders;
use crate::{Db, Instant, PayOrderId, Result};

/// The kind of an order's number 支付单.
pub const NUMBER: &str = "ZF";

/// The job that brings an order to its provider.
pub const JOB: &str = "pay_order";

/// The provider has it: there is a code to scan. Nothing where it has moved on meanwhile.
pub fn shown(tx: &mut Db, now: Instant, id: PayOrderId, code: &str) -> Result<()> {
    let next = (
        pay_orders::state.eq(State::Shown),
        pay_orders::code.eq(code),
        pay_orders::looks.eq(0),
        pay_orders::look_at.eq(now.plus(rules::pause(0))),
    );
    let asked = pay_orders::table.filter(pay_orders::id.eq(id.0).and(pay_orders::state.eq(State::Asked)));
    diesel::update(asked).set(next).execute(tx)?;
    Ok(())
}

/// It was looked at, and nothing has come of it yet: the next look is later than the last one was. What nobody has
/// answered for days goes to the cashiers.
pub fn looked(tx: &mut Db, now: Instant, id: PayOrderId) -> Result<()> {
    let order = records::by_id(tx, id)?;
    if order.state.is_open() && rules::is_unanswered(order.expires_at, now) {
        ended(tx, now, id, (State::Failed, Why::Unanswered))?;
        return tell::unanswered(tx, now, &order);
    }
    let looks = order.looks.saturating_add(1);
    let next = (pay_orders::looks.eq(looks), pay_orders::look_at.eq(now.plus(rules::pause(looks))));
    diesel::update(pay_orders::table.find(id.0)).set(next).execute(tx)?;
    Ok(())
}

/// It ended without a payment: `Expired`, `Closed` or `Failed`, with the reason. Nothing where it has ended already.
pub fn ended(tx: &mut Db, now: Instant, id: PayOrderId, (state, why): (State, Why)) -> Result<()> {
    let open = pay_orders::table
        .filter(pay_orders::id.eq(id.0).and(pay_orders::state.eq_any([State::Asked, State::Shown])));
    let end = (pay_orders::state.eq(state), pay_orders::why.eq(why), pay_orders::settled_at.eq(now));
    diesel::update(open).set(end).execute(tx)?;
    Ok(())
}
