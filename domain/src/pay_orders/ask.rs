//! An order is asked for, or given up, by a person.

use chrono::TimeDelta;
use diesel::prelude::*;
use serde_json::json;

use super::rules::{Channel, State, Why};
use super::{JOB, NUMBER, Order, records};
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::db::schema::{homes, pay_orders};
use crate::job::{self, Job};
use crate::ledger::{self, Book};
use crate::{
    Clock, CommunityId, Db, Error, Fen, HomeId, Instant, LedgerAccountId, PayOrderId, Result, community,
    number, payments, random, settings,
};

/// What somebody wants to pay.
#[derive(Debug, Clone)]
pub struct NewOrder {
    /// For which home.
    pub home: HomeId,
    /// To which account; where it is not said, as a payment at the desk finds it.
    pub account: Option<LedgerAccountId>,
    /// How much.
    pub amount: Fen,
    /// By whom.
    pub channel: Channel,
}

/// With less left than this, a new order is better than the one that is there.
const LEFT_AT_LEAST: TimeDelta = TimeDelta::minutes(3);

/// Asks for an order. One of the same sum and channel that still has time is given again; others of the account are
/// closed, so that nobody pays two.
///
/// # Errors
/// An amount that is none, by field; an account that the asker may not see is not found.
pub fn ask(tx: &mut Db, actor: &Actor, now: Instant, new: &NewOrder) -> Result<PayOrderId> {
    let community: CommunityId = homes::table.find(new.home.0).select(homes::community_id).first(tx)?;
    allow(tx, actor, now, Action::PayOnline, Object::Home(community, new.home))?;
    payments::rules::amount(new.amount, settings::get(tx, community, settings::PAYMENT_MOST_FEN)?)?;
    let account = match new.account {
        Some(account) => account,
        None => payments::account_of(tx, community, new.home, now)?,
    };
    if !ledger::visible(tx, actor, new.home, Book::Fees)?.iter().any(|seen| seen.id == account) {
        return Err(Error::NotFound);
    }
    ledger::lock(tx, account)?;
    let same = |order: &Order| order.channel == new.channel && order.amount == new.amount;
    let fresh = |order: &Order| order.expires_at.since(now) >= LEFT_AT_LEAST;
    for open in records::open_of(tx, &[account])? {
        if same(&open) && fresh(&open) {
            return Ok(open.id);
        }
        give_up(tx, now, open.id, Why::Replaced)?;
    }
    let id = insert(tx, actor, now, (community, account), new)?;
    bring(tx, id, "ask")?;
    audit::write(tx, actor, now, &Line::new(community, "pay_order.ask", "pay_order", id.0))?;
    Ok(id)
}

fn insert(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, account): (CommunityId, LedgerAccountId),
    new: &NewOrder,
) -> Result<PayOrderId> {
    let minutes = settings::get(tx, community, settings::PAY_ORDER_MINUTES)?;
    let today = community::by_id(tx, community)?.today(now)?;
    let number = number::next(tx, community, NUMBER, today)?;
    let row = (
        pay_orders::community_id.eq(community),
        pay_orders::home_id.eq(new.home),
        pay_orders::account_id.eq(account),
        // Letters and digits, 32 at most: what both providers take.
        pay_orders::trade_no.eq(number.replace('-', "") + &random::hex(4)?),
        pay_orders::number.eq(number),
        pay_orders::channel.eq(new.channel),
        pay_orders::amount_fen.eq(new.amount),
        pay_orders::state.eq(State::Asked),
        pay_orders::asked_by.eq(actor.person),
        pay_orders::asked_at.eq(now),
        pay_orders::expires_at.eq(now.plus(TimeDelta::minutes(minutes))),
        pay_orders::look_at.eq(now.plus(super::rules::pause(2))),
    );
    Ok(diesel::insert_into(pay_orders::table).values(row).returning(pay_orders::id).get_result(tx)?)
}

/// The worker takes it to the provider, with the commit.
fn bring(tx: &mut Db, id: PayOrderId, what: &str) -> Result<()> {
    let real_now = Clock::system().real_now();
    let job = Job::new(JOB, json!({ "order": id })).once(format!("{JOB}:{id}:{what}"));
    job::enqueue(tx, &job, real_now, real_now)?;
    Ok(())
}

fn give_up(tx: &mut Db, now: Instant, id: PayOrderId, why: Why) -> Result<()> {
    super::ended(tx, now, id, (State::Closed, why))?;
    bring(tx, id, "close")
}

/// Gives an order up, for who may see it: nobody is to pay it any more.
///
/// # Errors
/// Not found where the asker may not see it; ended already (`pay_order.ended`).
pub fn close(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, number): (CommunityId, &str),
) -> Result<()> {
    let order = records::seen(tx, actor, now, community, number)?.order;
    allow(tx, actor, now, Action::PayOnline, Object::Home(community, order.home_id))?;
    ledger::lock(tx, order.account_id)?;
    if !records::by_id(tx, order.id)?.state.is_open() {
        return Err(Error::refused("pay_order.ended", vec![]));
    }
    give_up(tx, now, order.id, Why::ByPerson)?;
    audit::write(tx, actor, now, &Line::new(community, "pay_order.close", "pay_order", order.id.0))
}
