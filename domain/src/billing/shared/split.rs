//! Working out who bears which part of a bill, and keeping it: once, before the first home is charged.

use std::fmt::Write as _;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};

use super::bills::{Bill, in_period};
use super::rules::{Method, Part, split};
use crate::billing::runs::Run;
use crate::db::schema::{charges, shared_bills};
use crate::{CommunityId, Db, HomeId, Instant, Month, Result, db};

/// A home that shares in a bill, and its part.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sharer {
    pub(super) home: HomeId,
    pub(super) order: i64,
    pub(super) part: Part,
}

/// Works out the next bill of a run's month that was not yet, in a transaction of its own. Whether there was one.
///
/// A bill that nobody shares waits: there may be homes for it later.
pub(in crate::billing) fn next(tx: &mut Db, run: &Run, now: Instant) -> Result<bool> {
    for bill in in_period(tx, run.community_id, run.period)? {
        if bill.split_at.is_none() && keep(tx, &bill, now)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn keep(tx: &mut Db, bill: &Bill, now: Instant) -> Result<bool> {
    db::lock(tx, "shared_bills", bill.id.0)?;
    let bill: Bill = shared_bills::table.find(bill.id.0).select(Bill::as_select()).first(tx)?;
    let sharers = sharers(tx, &bill)?;
    let (Some(first), None) = (sharers.first(), bill.split_at) else { return Ok(false) };
    for chunk in sharers.chunks(1_000) {
        diesel::sql_query(insert(&bill, chunk)).execute(tx)?;
    }
    let stands = (
        shared_bills::split_at.eq(now),
        shared_bills::homes.eq(i64::try_from(sharers.len()).unwrap_or(i64::MAX)),
        shared_bills::weights.eq(first.part.of),
        shared_bills::after_charge.eq(last_charge(tx, &bill)?),
    );
    diesel::update(shared_bills::table.find(bill.id.0)).set(stands).execute(tx)?;
    Ok(true)
}

/// The last charge that was made of bills of this name and month, all of them taken back by now.
fn last_charge(db: &mut Db, bill: &Bill) -> Result<i64> {
    let made = charges::table
        .filter(charges::community_id.eq(bill.community_id.0).and(charges::period.eq(bill.period)))
        .filter(charges::fee_item_id.eq(bill.fee_item_id.0));
    Ok(made.select(diesel::dsl::max(charges::id)).first::<Option<i64>>(db)?.unwrap_or(0))
}

fn insert(bill: &Bill, sharers: &[Sharer]) -> String {
    let mut sql = String::from(
        "INSERT INTO measured (community_id, period, fee_item_id, home_order, subject, home_id, quantity, \
         amount_fen, basis) VALUES ",
    );
    for (n, one) in sharers.iter().enumerate() {
        let _ = write!(
            sql,
            "{}({}, '{}', {}, {}, '', {}, {}, {}, '{}')",
            if n == 0 { "" } else { ", " },
            bill.community_id,
            bill.period,
            bill.fee_item_id,
            one.order,
            one.home,
            one.part.weight,
            one.part.amount().0,
            one.part,
        );
    }
    sql
}

/// Takes the bills of a run's month until the transaction ends: none of them is taken back meanwhile.
pub(in crate::billing) fn hold(tx: &mut Db, run: &Run) -> Result<()> {
    let bills = format!(
        "SELECT id FROM shared_bills WHERE community_id = {} AND period = '{}' ORDER BY id",
        run.community_id, run.period
    );
    db::lock_rows(tx, &bills)
}

/// The revision that a run makes of the charge of a wanted row `w`, as an expression: one more than what was taken
/// back with the whole bill.
pub(in crate::billing) fn revision(db: &mut Db, run: &Run) -> Result<String> {
    let bills = in_period(db, run.community_id, run.period)?;
    if bills.iter().all(|bill| bill.after_charge.0 == 0) {
        return Ok("0".to_owned());
    }
    Ok(format!(
        "COALESCE((SELECT MAX(o.revision) + 1 FROM charges o JOIN shared_bills b ON b.community_id = o.community_id \
         AND b.period = o.period AND b.fee_item_id = o.fee_item_id WHERE o.community_id = {} AND o.period = '{}' \
         AND o.home_id = w.home_id AND o.fee_item_id = w.fee_item_id AND o.subject = w.subject \
         AND o.id <= b.after_charge), 0)",
        run.community_id, run.period
    ))
}

/// The homes that share in a bill by the register as it is, with their parts, in register order.
pub(super) fn sharers(db: &mut Db, bill: &Bill) -> Result<Vec<Sharer>> {
    let homes = homes(db, bill.community_id, bill.period, bill.applies_to.as_str())?;
    let weights: Vec<i64> = homes.iter().map(|home| home.weight(bill.method)).collect();
    let parts = split(bill.method, bill.total, &weights);
    let sharer = |(home, part): (Home, Part)| Sharer { home: home.id, order: home.register_order, part };
    Ok(homes.into_iter().zip(parts).filter(|(_, part)| part.weight > 0).map(sharer).collect())
}

#[derive(QueryableByName)]
struct Home {
    #[diesel(sql_type = BigInt)]
    id: HomeId,
    #[diesel(sql_type = BigInt)]
    register_order: i64,
    #[diesel(sql_type = BigInt)]
    area: i64,
    #[diesel(sql_type = BigInt)]
    share: i64,
}

impl Home {
    fn weight(&self, method: Method) -> i64 {
        match method {
            Method::Area => self.area,
            Method::Household => crate::billing::rules::ONE,
            Method::Share => self.share,
        }
    }
}

/// The homes of a use that are delivered on the last day of a month.
fn homes(db: &mut Db, community: CommunityId, period: Month, used: &str) -> Result<Vec<Home>> {
    let sql = "SELECT h.id, h.register_order, h.area, COALESCE(s.share, 100) AS share FROM homes h \
               LEFT JOIN home_shares s ON s.home_id = h.id WHERE h.community_id = $1 AND h.use_kind = $2 \
               AND h.delivered_on <= $3 ORDER BY h.register_order";
    let rows = diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Text, _>(used)
        .bind::<Date, _>(period.last_day());
    Ok(rows.load(db)?)
}
