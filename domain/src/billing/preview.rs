//! What a run would do, before it does it: totals by item, what differs from the period before, and the
//! homes that are left out, with the reason.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use serde::{Deserialize, Serialize};

use super::candidates::{ALL, Candidates, by_home};
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
    /// How a charge differs from the period before.
    Change {
        /// There was none.
        New = "new",
        /// There is none any more.
        Gone = "gone",
        /// Thirty percent more or less, at least.
        Changed = "changed",
    }
}

/// A charge that stands out against the period before.
#[derive(Debug, Clone, Serialize, QueryableByName)]
pub struct Difference {
    /// The home's code.
    #[diesel(sql_type = Text)]
    pub home: String,
    /// The item's code.
    #[diesel(sql_type = Text)]
    pub item: String,
    /// The bay, or nothing.
    #[diesel(sql_type = Text)]
    pub subject: String,
    /// How it differs.
    #[diesel(sql_type = Text)]
    pub change: Change,
    /// What it was.
    #[diesel(sql_type = Nullable<BigInt>)]
    #[serde(rename = "before_fen")]
    pub before: Option<Fen>,
    /// What it is.
    #[diesel(sql_type = Nullable<BigInt>)]
    #[serde(rename = "now_fen")]
    pub now: Option<Fen>,
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

/// How many rows of a kind a preview lists.
const LISTED: i64 = 500;

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
        Some(wanted) => differences(db, wanted, community, period)?,
        None => (Vec::new(), 0),
    };
    Ok(Preview {
        period,
        by_item: totals(db, wanted.as_deref(), community, period)?,
        differences,
        differences_total,
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

/// New, gone, or thirty percent off; nothing where the period before was never billed, as all would be new.
fn differences(
    db: &mut Db,
    wanted: &str,
    community: CommunityId,
    period: Month,
) -> Result<(Vec<Difference>, i64)> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        rows: i64,
    }
    let old = format!(
        "SELECT home_id, fee_item_id, subject, CAST(SUM(amount_fen) AS BIGINT) AS fen FROM charges \
         WHERE community_id = {community} AND period = '{}' AND NOT reversed AND fee_item_id IN \
         (SELECT id FROM fee_items WHERE community_id = {community} AND periodic) \
         GROUP BY home_id, fee_item_id, subject",
        period.prev()
    );
    let counted = |rows: &str| format!("SELECT COUNT(*) AS rows FROM ({rows}) r");
    if diesel::sql_query(counted(&old)).get_result::<Count>(db)?.rows == 0 {
        return Ok((Vec::new(), 0));
    }
    let sides = format!(
        "SELECT home_id, fee_item_id, subject, fen AS was, NULL AS will FROM ({old}) o UNION ALL \
         SELECT home_id, fee_item_id, subject, NULL, amount_fen FROM ({wanted}) w WHERE payer_id IS NOT NULL"
    );
    let rows = format!(
        "SELECT home_id, fee_item_id, subject, CAST(SUM(was) AS BIGINT) AS was, CAST(SUM(will) AS BIGINT) AS will \
         FROM ({sides}) s GROUP BY home_id, fee_item_id, subject \
         HAVING SUM(was) IS NULL OR SUM(will) IS NULL OR 10 * ABS(SUM(will) - SUM(was)) >= 3 * SUM(was) AND SUM(will) <> SUM(was)"
    );
    let total = diesel::sql_query(counted(&rows)).get_result::<Count>(db)?.rows;
    let listed = format!(
        "SELECT h.code AS home, i.code AS item, d.subject, CASE WHEN d.was IS NULL THEN 'new' \
         WHEN d.will IS NULL THEN 'gone' ELSE 'changed' END AS change, d.was AS before, d.will AS now \
         FROM ({rows}) d JOIN homes h ON h.id = d.home_id JOIN fee_items i ON i.id = d.fee_item_id \
         ORDER BY h.register_order, i.register_order, d.subject LIMIT {LISTED}"
    );
    Ok((diesel::sql_query(listed).load(db)?, total))
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
        item.item.basis.unit().is_some() && item.segments(period).is_empty() && !item.ended(period)
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
         AND x.from_month <= '{period}' AND (x.to_month IS NULL OR x.to_month >= '{period}')"
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

fn quoted<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.map(|word| format!("'{word}'")).collect();
    if words.is_empty() { "''".to_owned() } else { words.join(", ") }
}
