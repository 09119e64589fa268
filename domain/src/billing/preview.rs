//! What a run would do, before it does it: totals by item, what differs from the period before, and the
//! homes that are left out, with the reason.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde::{Deserialize, Serialize};

use super::candidates::{ALL, Candidates, by_home};
use super::differences::{Difference, LISTED, between};
use super::given_back::{self, Due};
use super::intervals::rules::alike_before;
use super::items::{Tariffed, items};
use super::runs::What;
use super::{developer, shared};
use crate::access::{Action, Actor, Object, allow};
use crate::{CommunityId, Db, Fen, Instant, Month, Result, community, meters, settings};

/// What a run would do.
#[derive(Debug, Clone, Serialize)]
pub struct Preview {
    /// The month.
    pub period: Month,
    /// What is to be charged, by item in register order.
    pub by_item: Vec<ItemTotal>,
    /// What stands out against the period before; nothing where that was never billed.
    pub differences: Vec<Difference>,
    /// How many stand out, listed or not.
    pub differences_total: i64,
    /// What was charged ahead and the run gives back, as it is not owed any more.
    pub given_back: Vec<Due>,
    /// The homes, or parts of them, that are not charged.
    pub left_out: Vec<LeftOut>,
}

impl Preview {
    /// How many charges would be made.
    pub fn charges(&self) -> i64 {
        self.by_item.iter().map(|item| item.charges).sum()
    }

    /// Their sum.
    pub fn total(&self) -> Fen {
        self.by_item.iter().map(|item| item.amount).sum()
    }
}

/// What one item comes to.
#[derive(Debug, Clone, Serialize, QueryableByName)]
pub struct ItemTotal {
    /// The item's code.
    #[diesel(sql_type = Text)]
    pub item: String,
    /// What bills call it.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// How many charges are still to be made.
    #[diesel(sql_type = BigInt)]
    pub charges: i64,
    /// Their sum.
    #[diesel(sql_type = BigInt)]
    #[serde(rename = "amount_fen")]
    pub amount: Fen,
    /// How many of the period were made before.
    #[diesel(sql_type = BigInt)]
    pub charged: i64,
    /// Their sum.
    #[diesel(sql_type = BigInt)]
    #[serde(rename = "charged_fen")]
    pub charged_amount: Fen,
}

crate::words! {
    /// Why a home, or a part of it, is not charged.
    Reason {
        /// Not delivered by the end of the period: the developer's.
        Undelivered = "undelivered",
        /// Nobody pays for it on its first chargeable day.
        NoPayer = "no_payer",
        /// No item applies to homes of its use.
        NoItem = "no_item",
        /// The item that applies has no tariff in the period.
        NoTariff = "no_tariff",
        /// No home shares the bill.
        NoHomes = "no_homes",
        /// The meter was not read, and there is nothing to estimate by.
        NotRead = "not_read",
        /// The meter's reading waits for somebody to look at it.
        Held = "held",
        /// It was agreed that the item is not charged to it.
        Agreed = "agreed",
        /// Its building's completion acceptance is not known: nobody's yet.
        NotFinished = "not_finished",
    }
}

/// What is not charged, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, QueryableByName)]
pub struct LeftOut {
    /// The home's code.
    #[diesel(sql_type = Text)]
    pub home: String,
    /// The item or bay that is concerned; empty where it is the home as a whole.
    #[diesel(sql_type = Text)]
    pub what: String,
    /// Why.
    #[diesel(sql_type = Text)]
    pub reason: Reason,
}

/// What a run of this kind would charge now.
pub fn preview_of(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (period, what): (Month, What),
) -> Result<Preview> {
    match what {
        What::Items => preview(db, actor, now, community, period),
        What::Shared => shared::preview(db, actor, now, community, period),
        What::Developer => developer::preview(db, actor, now, community, period),
    }
}

/// What a run of a period would charge now.
pub fn preview(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    period: Month,
) -> Result<Preview> {
    allow(db, actor, now, Action::Bill, Object::Community(community))?;
    let items = items(db, community)?;
    let made_on = community::by_id(db, community)?.today(now)?;
    let due_days = settings::get(db, community, settings::DUE_DAYS_AT_LEAST)?.unsigned_abs();
    let wanted = Candidates::of(db, community, period, &items, (made_on, due_days))?.sql(ALL);
    let (differences, differences_total) = match &wanted {
        Some(wanted) => stands_out(db, wanted, (community, period), &items)?,
        None => (Vec::new(), 0),
    };
    Ok(Preview {
        period,
        by_item: totals(db, wanted.as_deref(), community, period)?,
        differences,
        differences_total,
        given_back: given_back::due(db, community, made_on)?,
        left_out: left_out(db, community, period, LISTED)?,
    })
}

fn totals(
    db: &mut Db,
    wanted: Option<&str>,
    community: CommunityId,
    period: Month,
) -> Result<Vec<ItemTotal>> {
    let charged = format!(
        "SELECT fee_item_id, 0 AS made, 0 AS made_fen, 1 AS charged, amount_fen AS charged_fen FROM charges \
         WHERE community_id = {community} AND period = '{period}' AND NOT reversed"
    );
    let open = wanted.map_or(String::new(), |wanted| {
        format!(
            " UNION ALL SELECT w.fee_item_id, 1, w.amount_fen, 0, 0 FROM ({wanted}) w WHERE w.payer_id IS NOT NULL \
             AND NOT EXISTS (SELECT 1 FROM charges c WHERE c.community_id = {community} AND c.period = '{period}' \
             AND c.home_id = w.home_id AND c.fee_item_id = w.fee_item_id AND c.subject = w.subject)"
        )
    });
    let sql = format!(
        "SELECT i.code AS item, i.name, CAST(COALESCE(SUM(t.made), 0) AS BIGINT) AS charges, \
         CAST(COALESCE(SUM(t.made_fen), 0) AS BIGINT) AS amount, \
         CAST(COALESCE(SUM(t.charged), 0) AS BIGINT) AS charged, \
         CAST(COALESCE(SUM(t.charged_fen), 0) AS BIGINT) AS charged_amount \
         FROM fee_items i LEFT JOIN ({charged}{open}) t ON t.fee_item_id = i.id \
         WHERE i.community_id = {community} AND i.periodic GROUP BY i.id, i.code, i.name, i.register_order ORDER BY i.register_order"
    );
    Ok(diesel::sql_query(sql).load(db)?)
}

/// What stands out against the period before, of each item whose periods are alike: a quarter is no matter of the
/// month before, and says nothing where months were billed before it.
fn stands_out(
    db: &mut Db,
    wanted: &str,
    (community, period): (CommunityId, Month),
    items: &[Tariffed],
) -> Result<(Vec<Difference>, i64)> {
    let mut before: BTreeMap<Month, Vec<String>> = BTreeMap::new();
    for item in items {
        let alike = item.charged_in(period).and_then(|one| alike_before(&item.intervals, &one));
        if let Some(alike) = alike {
            before.entry(alike.charged_in()).or_default().push(item.item.id.to_string());
        }
    }
    if before.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let was: Vec<String> = before
        .iter()
        .map(|(month, items)| {
            format!(
                "SELECT home_id, fee_item_id, subject, CAST(SUM(amount_fen) AS BIGINT) AS fen FROM charges \
                 WHERE community_id = {community} AND period = '{month}' AND NOT reversed AND fee_item_id IN ({}) \
                 GROUP BY home_id, fee_item_id, subject",
                items.join(", ")
            )
        })
        .collect();
    let compared: Vec<String> = before.into_values().flatten().collect();
    let will = format!(
        "SELECT home_id, fee_item_id, subject, amount_fen AS fen FROM ({wanted}) w WHERE payer_id IS NOT NULL \
         AND fee_item_id IN ({})",
        compared.join(", ")
    );
    between(db, &was.join(" UNION ALL "), &will)
}

/// The homes that are not charged, or not fully, in register order.
pub fn left_out(db: &mut Db, community: CommunityId, period: Month, limit: i64) -> Result<Vec<LeftOut>> {
    let items = items(db, community)?;
    let whole = format!("h.community_id = {community}");
    let delivered = format!("{whole} AND h.delivered_on <= '{}'", period.last_day());
    let mut parts = vec![format!(
        "SELECT h.code AS home, h.register_order AS n, '' AS what, 'undelivered' AS reason FROM homes h \
         WHERE {whole} AND (h.delivered_on IS NULL OR h.delivered_on > '{}')",
        period.last_day()
    )];
    let home_items = |item: &&Tariffed| by_home(item) && item.item.basis.unit().is_some();
    let uses = quoted(items.iter().filter(home_items).map(|item| item.item.applies_to.as_str()));
    parts.push(format!(
        "SELECT h.code, h.register_order, '', 'no_item' FROM homes h WHERE {delivered} AND h.use_kind NOT IN ({uses})"
    ));
    let held = quoted(items.iter().filter(|item| !by_home(item)).map(|item| item.item.applies_to.as_str()));
    let bays =
        format!("FROM homes h JOIN bays b ON b.home_id = h.id WHERE {delivered} AND {}", running(period));
    parts.push(format!(
        "SELECT h.code, h.register_order, b.code, 'no_item' {bays} AND b.kind NOT IN ({held})"
    ));
    let without = |item: &&Tariffed| {
        let charged = item.item.basis.unit().and_then(|_| item.charged_in(period));
        charged.is_some_and(|period| {
            period.each_month().all(|month| item.segments(month).is_empty()) && !item.ended(period.first)
        })
    };
    for item in items.iter().filter(without) {
        let (code, who) = (&item.item.code, item.item.applies_to);
        let code = code.replace('\'', "''");
        parts.push(if by_home(item) {
            format!("SELECT h.code, h.register_order, '{code}', 'no_tariff' FROM homes h WHERE {delivered} AND h.use_kind = '{who}'")
        } else {
            format!("SELECT h.code, h.register_order, b.code, 'no_tariff' {bays} AND b.kind = '{who}'")
        });
    }
    parts.extend(unpaid_for(db, community, period, &items)?);
    parts.push(format!(
        "SELECT h.code, h.register_order, i.code, 'agreed' FROM fee_exceptions x JOIN homes h ON h.id = x.home_id \
         JOIN fee_items i ON i.id = x.fee_item_id WHERE x.community_id = {community} AND x.kind = 'free' \
         AND x.from_month <= '{period}' AND (x.to_month IS NULL OR x.to_month >= '{period}') \
         AND x.fee_item_id IN ({})",
        charged_now(&items, period)
    ));
    let sql = format!(
        "SELECT home, what, reason FROM ({}) l ORDER BY n, reason, what LIMIT {limit}",
        parts.join(" UNION ALL ")
    );
    let mut left: Vec<LeftOut> = diesel::sql_query(sql).load(db)?;
    left.extend(meters::left_out(db, community, period)?);
    Ok(left)
}

/// What has nobody to pay for it.
fn unpaid_for(
    db: &mut Db,
    community: CommunityId,
    period: Month,
    items: &[Tariffed],
) -> Result<Option<String>> {
    let wanted = Candidates::of(db, community, period, items, (period.first_day(), 0))?.sql(ALL);
    Ok(wanted.map(|wanted| format!(
        "SELECT h.code, h.register_order, CASE WHEN w.subject = '' THEN i.code ELSE w.subject END, 'no_payer' \
         FROM ({wanted}) w JOIN homes h ON h.id = w.home_id JOIN fee_items i ON i.id = w.fee_item_id \
         WHERE w.payer_id IS NULL"
    )))
}

/// Bays that are held on a day of the month.
fn running(period: Month) -> String {
    format!(
        "(b.starts_on IS NULL OR b.starts_on <= '{}') AND (b.ends_on IS NULL OR b.ends_on >= '{}')",
        period.last_day(),
        period.first_day()
    )
}

/// The ids of the items that the run of a month charges.
fn charged_now(items: &[Tariffed], period: Month) -> String {
    let charged = items.iter().filter(|item| item.charged_in(period).is_some());
    let ids: Vec<String> = charged.map(|item| item.item.id.to_string()).collect();
    if ids.is_empty() { "0".to_owned() } else { ids.join(", ") }
}

fn quoted<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.map(|word| format!("'{word}'")).collect();
    if words.is_empty() { "''".to_owned() } else { words.join(", ") }
}
