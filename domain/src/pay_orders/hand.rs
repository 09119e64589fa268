//! What could not be booked by itself is put right by a cashier 人工处理: taken as a payment at the desk, or given back on
//! the provider's own page. Here they say which.

use diesel::prelude::*;

use super::records;
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::cases::voice::too_long;
use crate::db::schema::pay_orders;
use crate::{CommunityId, Db, Error, Instant, Result, ledger};

/// The longest note, in characters.
const MOST: usize = 500;

/// Notes how a failed order was put right; it is no longer among what is to be looked at.
///
/// # Errors
/// Not found where the asker may not see it; no note, or one too long, by field; refused where it has not failed or
/// somebody was quicker (`pay_order.not_waiting`).
pub fn handle(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, number): (CommunityId, &str),
    note: &str,
) -> Result<()> {
    let order = records::seen(tx, actor, now, community, number)?.order;
    allow(tx, actor, now, Action::TakePayment, Object::Community(community))?;
    ledger::lock(tx, order.account_id)?;
    if !records::by_id(tx, order.id)?.needs_a_person() {
        return Err(Error::refused("pay_order.not_waiting", vec![]));
    }
    let note = note.trim();
    if note.is_empty() {
        return Err(Error::field("note", "required"));
    }
    if let Some(wrong) = too_long("note", note, MOST) {
        return Err(Error::Invalid(vec![wrong]));
    }
    let handled = (
        pay_orders::handled_at.eq(now),
        pay_orders::handled_by.eq(actor.person),
        pay_orders::handled_note.eq(note),
    );
    diesel::update(pay_orders::table.find(order.id.0)).set(handled).execute(tx)?;
    audit::write(tx, actor, now, &Line::new(community, "pay_order.handle", "pay_order", order.id.0))
}
