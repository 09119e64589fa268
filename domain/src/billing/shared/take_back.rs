//! Taking a whole bill back 整张撤回: all its parts in one act, with a reason. What was paid of them is prepaid again,
//! and the bill is open as it was before: it can be corrected or removed, and charged anew.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde_json::json;

use super::bills::{Bill, find};
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::billing::runs::{State, What};
use crate::corrections;
use crate::db::schema::{billing_runs, charges, homes, measured, people, shared_bills, shared_take_backs};
use crate::notifications::{self, Tell, Urgency};
use crate::{CommunityId, Db, Error, Fen, Instant, PersonId, Result, SharedBillId, db, ledger};

/// What stands of a bill and would be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct Standing {
    /// How many homes were charged.
    #[diesel(sql_type = BigInt)]
    pub homes: i64,
    /// What they were charged.
    #[diesel(sql_type = BigInt)]
    pub amount: Fen,
    /// How many of them have paid something of it.
    #[diesel(sql_type = BigInt)]
    pub paid_homes: i64,
    /// What they paid.
    #[diesel(sql_type = BigInt)]
    pub paid: Fen,
}

impl Standing {
    /// What tells whether it changed since somebody looked at it.
    pub fn seen(&self) -> String {
        format!("{}-{}-{}-{}", self.homes, self.amount.0, self.paid_homes, self.paid.0)
    }
}

/// A bill that was taken back, once.
#[derive(Debug, Clone, Queryable)]
pub struct TakenBack {
    /// How many homes had been charged.
    pub homes: i64,
    /// What they had been charged.
    pub amount: Fen,
    /// What they had paid of it.
    pub paid: Fen,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Instant,
    /// By whom; none for the portal itself.
    pub by: Option<String>,
}

/// How often the bills of a name and month were taken back, the latest first.
pub fn taken_back(db: &mut Db, bill: &Bill) -> Result<Vec<TakenBack>> {
    use shared_take_backs as t;
    let rows = t::table
        .left_join(people::table.on(people::id.nullable().eq(t::made_by)))
        .filter(t::community_id.eq(bill.community_id.0).and(t::period.eq(bill.period)))
        .filter(t::fee_item_id.eq(bill.fee_item_id.0))
        .order(t::id.desc());
    let columns = (t::homes, t::amount_fen, t::paid_fen, t::reason, t::made_at, people::name.nullable());
    Ok(rows.select(columns).load(db)?)
}

/// What taking a bill back would undo.
pub fn standing(db: &mut Db, bill: &Bill) -> Result<Standing> {
    let sql = format!(
        "SELECT COUNT(*) AS homes, CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) AS amount, \
         CAST(COALESCE(SUM(CASE WHEN paid_fen > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS paid_homes, \
         CAST(COALESCE(SUM(paid_fen), 0) AS BIGINT) AS paid FROM charges WHERE id IN ({})",
        parts(bill)
    );
    Ok(diesel::sql_query(sql).get_result(db)?)
}

/// The ids of the charges that stand of a bill.
fn parts(bill: &Bill) -> String {
    format!(
        "SELECT id FROM charges WHERE community_id = {} AND period = '{}' AND fee_item_id = {} AND NOT reversed",
        bill.community_id, bill.period, bill.fee_item_id
    )
}

/// Takes back a bill that still stands as it was `seen`: all its parts, or none. Each payer is told.
///
/// # Errors
/// No reason, by field; nothing is charged of it (`shared.not_charged`), its run is under way (`shared.running`), paid
/// or reversed meanwhile (`charge.changed`), a month that is closed.
pub fn take_back(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, id): (CommunityId, SharedBillId),
    (reason, seen): (&str, &str),
) -> Result<()> {
    allow(tx, actor, now, Action::Bill, Object::Community(community))?;
    corrections::rules::reason(reason)?;
    let bill = held(tx, community, id)?;
    let which = parts(&bill);
    ledger::lock_accounts_of(tx, &which)?;
    let stood = standing(tx, &bill)?;
    if stood.seen() != seen {
        return Err(Error::refused("charge.changed", vec![]));
    }
    let told = told(tx, &bill, reason.trim())?;
    ledger::reverse_all(tx, actor, now, (community, &which), reason.trim())?;
    open_again(tx, &bill)?;
    record(tx, actor, now, &bill, (&stood, reason.trim()))?;
    notifications::tell_each(tx, &told, now)?;
    audit::write(tx, actor, now, &Line::new(community, "shared_bill.take_back", "shared_bill", id.0))
}

/// The bill, held until the transaction ends; no run of its month is under way.
fn held(tx: &mut Db, community: CommunityId, id: SharedBillId) -> Result<Bill> {
    find(tx, community, id)?;
    db::lock(tx, "shared_bills", id.0)?;
    let bill = find(tx, community, id)?;
    if bill.split_at.is_none() {
        return Err(Error::refused("shared.not_charged", vec![]));
    }
    let running = billing_runs::table
        .filter(billing_runs::community_id.eq(community.0).and(billing_runs::period.eq(bill.period)))
        .filter(billing_runs::what.eq(What::Shared).and(billing_runs::state.eq(State::Running)));
    match running.count().get_result::<i64>(tx)? {
        0 => Ok(bill),
        _ => Err(Error::refused("shared.running", vec![])),
    }
}

/// Its parts are not worked out any more.
fn open_again(tx: &mut Db, bill: &Bill) -> Result<()> {
    let parts = measured::table
        .filter(measured::community_id.eq(bill.community_id.0).and(measured::period.eq(bill.period)))
        .filter(measured::fee_item_id.eq(bill.fee_item_id.0));
    diesel::delete(parts).execute(tx)?;
    let open = (
        shared_bills::split_at.eq(None::<Instant>),
        shared_bills::homes.eq(0),
        shared_bills::weights.eq(0),
        shared_bills::version.eq(shared_bills::version + 1),
    );
    diesel::update(shared_bills::table.find(bill.id.0)).set(open).execute(tx)?;
    Ok(())
}

fn record(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    bill: &Bill,
    (stood, reason): (&Standing, &str),
) -> Result<()> {
    let row = (
        shared_take_backs::community_id.eq(bill.community_id),
        shared_take_backs::fee_item_id.eq(bill.fee_item_id),
        shared_take_backs::period.eq(bill.period),
        shared_take_backs::homes.eq(stood.homes),
        shared_take_backs::amount_fen.eq(stood.amount),
        shared_take_backs::paid_fen.eq(stood.paid),
        shared_take_backs::reason.eq(reason),
        shared_take_backs::made_by.eq(actor.person),
        shared_take_backs::made_at.eq(now),
    );
    diesel::insert_into(shared_take_backs::table).values(row).execute(tx)?;
    Ok(())
}

/// What each payer is told: the words of any charge that is taken back.
fn told(db: &mut Db, bill: &Bill, reason: &str) -> Result<Vec<Tell>> {
    let standing = charges::table
        .inner_join(homes::table.on(homes::id.eq(charges::home_id)))
        .filter(charges::community_id.eq(bill.community_id.0).and(charges::period.eq(bill.period)))
        .filter(charges::fee_item_id.eq(bill.fee_item_id.0).and(charges::reversed.eq(false)))
        .order(charges::id);
    let rows: Vec<(i64, PersonId, String, Fen)> =
        standing.select((charges::id, charges::payer_id, homes::code, charges::amount_fen)).load(db)?;
    let tell = |(id, person, home, amount): (i64, PersonId, String, Fen)| Tell {
        community: bill.community_id,
        event: format!("correction.reversed:{id}"),
        person,
        code: "correction.reversed",
        args: json!({
            "home": home, "what": format!("{} {}", bill.name, bill.period), "amount": amount.to_string(),
            "reason": reason,
        }),
        link: Some(format!("/homes/{home}/bills")),
        urgency: Urgency::Normal,
    };
    Ok(rows.into_iter().map(tell).collect())
}
