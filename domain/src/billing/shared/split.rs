//! Working out who bears which part of a bill, and keeping it: once, before the first home is charged.

use std::fmt::Write as _;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};

use super::bills::{Bill, in_period};
use super::rules::{Method, Part, split};
use crate::billing::runs::Run;
use crate::db::schema::shared_bills;
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
    );
    diesel::update(shared_bills::table.find(bill.id.0)).set(stands).execute(tx)?;
    Ok(true)
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
