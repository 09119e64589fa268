//! What a run of the shared bills would do: the parts as they stand, or as they would be worked out today.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::bills::{Bill, in_period};
use super::differences::differences;
use super::split::sharers;
use crate::access::{Action, Actor, Object, allow};
use crate::billing::preview::{ItemTotal, LeftOut, Preview, Reason};
use crate::db::schema::{fee_items, measured};
use crate::{CommunityId, Db, Fen, HomeId, Instant, Month, Result};

/// What a run of a month's shared bills would charge now.
pub fn preview(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    period: Month,
) -> Result<Preview> {
    allow(db, actor, now, Action::Bill, Object::Community(community))?;
    let paid_for = paid_for(db, community, period)?;
    let (mut by_item, bills) = (Vec::new(), in_period(db, community, period)?);
    for bill in &bills {
        by_item.push(total(db, bill, &paid_for)?);
    }
    let (differences, differences_total) = differences(db, (community, period), &bills, &paid_for)?;
    Ok(Preview {
        period,
        by_item,
        differences,
        differences_total,
        given_back: Vec::new(),
        left_out: left_out(db, community, period, 500)?,
    })
}

fn total(db: &mut Db, bill: &Bill, paid_for: &BTreeSet<HomeId>) -> Result<ItemTotal> {
    let item = fee_items::table.find(bill.fee_item_id.0).select((fee_items::code, fee_items::name));
    let (item, name): (String, String) = item.first(db)?;
    let charged = charged(db, bill)?;
    let open: Vec<Fen> = parts(db, bill)?
        .into_iter()
        .filter(|(home, part)| *part > Fen::ZERO && paid_for.contains(home) && !charged.contains_key(home))
        .map(|(_, part)| part)
        .collect();
    let made = charged.values().flatten();
    Ok(ItemTotal {
        item,
        name,
        charges: i64::try_from(open.len()).unwrap_or(i64::MAX),
        amount: open.into_iter().sum(),
        charged: i64::try_from(made.clone().count()).unwrap_or(i64::MAX),
        charged_amount: made.copied().sum(),
    })
}

/// Each home's part, as it stands or would stand.
pub(super) fn parts(db: &mut Db, bill: &Bill) -> Result<Vec<(HomeId, Fen)>> {
    if bill.split_at.is_none() {
        return Ok(sharers(db, bill)?.iter().map(|one| (one.home, one.part.amount())).collect());
    }
    let rows = measured::table
        .filter(measured::community_id.eq(bill.community_id.0).and(measured::period.eq(bill.period)))
        .filter(measured::fee_item_id.eq(bill.fee_item_id.0))
        .order(measured::home_order);
    Ok(rows.select((measured::home_id, measured::amount_fen)).load(db)?)
}

/// The homes that were charged, with what stands; nothing of it where it was taken back.
pub(super) fn charged(db: &mut Db, bill: &Bill) -> Result<BTreeMap<HomeId, Option<Fen>>> {
    // What was charged before it was taken back is charged anew.
    if bill.split_at.is_none() {
        return Ok(BTreeMap::new());
    }
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        home_id: HomeId,
        #[diesel(sql_type = Nullable<BigInt>)]
        fen: Option<Fen>,
    }
    let sql = "SELECT home_id, CAST(SUM(CASE WHEN reversed THEN NULL ELSE amount_fen END) AS BIGINT) AS fen \
               FROM charges WHERE community_id = $1 AND period = $2 AND fee_item_id = $3 AND id > $4 \
               GROUP BY home_id";
    let rows: Vec<Row> = diesel::sql_query(sql)
        .bind::<BigInt, _>(bill.community_id.0)
        .bind::<Text, _>(bill.period)
        .bind::<BigInt, _>(bill.fee_item_id.0)
        .bind::<BigInt, _>(bill.after_charge.0)
        .load(db)?;
    Ok(rows.into_iter().map(|row| (row.home_id, row.fen)).collect())
}

/// The homes that somebody pays for on their first day of a month.
fn paid_for(db: &mut Db, community: CommunityId, period: Month) -> Result<BTreeSet<HomeId>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        id: HomeId,
    }
    let sql = format!("SELECT h.id FROM homes h WHERE h.community_id = {community} AND {}", paid(period));
    let rows: Vec<Row> = diesel::sql_query(sql).load(db)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Whether somebody pays for the home `h` on the first day of a month, or that of its delivery if later.
fn paid(period: Month) -> String {
    let day =
        format!("CASE WHEN h.delivered_on > '{0}' THEN h.delivered_on ELSE '{0}' END", period.first_day());
    format!(
        "EXISTS (SELECT 1 FROM occupancies o WHERE o.home_id = h.id AND o.pays AND o.starts_on <= {day} \
         AND (o.ends_on IS NULL OR o.ends_on >= {day}))"
    )
}

/// The bills that nobody shares, and the homes of the named uses that bear no part, with the reason.
pub fn left_out(db: &mut Db, community: CommunityId, period: Month, limit: i64) -> Result<Vec<LeftOut>> {
    let mut left = Vec::new();
    for bill in in_period(db, community, period)? {
        if parts(db, &bill)?.is_empty() {
            left.push(LeftOut { home: String::new(), what: bill.name, reason: Reason::NoHomes });
        }
    }
    let (last, paid) = (period.last_day(), paid(period));
    let sql = format!(
        "SELECT h.code AS home, '' AS what, CASE WHEN h.delivered_on <= '{last}' THEN 'no_payer' \
         ELSE 'undelivered' END AS reason FROM homes h WHERE h.community_id = {community} \
         AND h.use_kind IN (SELECT b.applies_to FROM shared_bills b \
         WHERE b.community_id = {community} AND b.period = '{period}') \
         AND (h.delivered_on IS NULL OR h.delivered_on > '{last}' OR NOT {paid}) \
         ORDER BY h.register_order LIMIT {limit}"
    );
    let homes: Vec<LeftOut> = diesel::sql_query(sql).load(db)?;
    left.extend(homes);
    Ok(left)
}
