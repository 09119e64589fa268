//! Due and collected of a period, by building, item, steward or month: from the summaries for the present
//! moment, from the ledger for a past one.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};

use crate::access::{Action, Actor, Object, allow};
use crate::{CommunityId, Db, Fen, Instant, Month, Result, community};

crate::words! {
    /// What the figures are put together by.
    By {
        /// 楼栋
        Building = "building",
        /// 收费项目
        Item = "item",
        /// 管家
        Steward = "steward",
        /// 月份: the months of the year up to the period.
        Month = "month",
    }
}

/// What came in of what was due.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Figure {
    /// The id of the building, item or steward; 0 for a month, and where there is no steward.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// The building's or item's code, the steward's name, the month.
    #[diesel(sql_type = Text)]
    pub key: String,
    /// What people call it.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// How many charges.
    #[diesel(sql_type = BigInt)]
    pub charges: i64,
    /// What was due.
    #[diesel(sql_type = BigInt)]
    pub due: Fen,
    /// What of it is paid.
    #[diesel(sql_type = BigInt)]
    pub collected: Fen,
}

impl Figure {
    /// Collected of due, in hundredths of a percent.
    pub fn rate(&self) -> Option<i64> {
        super::rate(self.due, self.collected)
    }
}

/// The figures of a period. `as_of` looks back to a moment; without it they are those of now.
pub fn figures(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (period, by): (Month, By),
    as_of: Option<Instant>,
) -> Result<Vec<Figure>> {
    allow(db, actor, now, Action::ReadCollection, Object::Community(community))?;
    if by == By::Month {
        return months(db, community, period, as_of);
    }
    let source = match as_of {
        Some(_) => looking_back(&format!("c.due_month = '{period}'")),
        None if by == By::Steward => present_charges(period),
        None => present(period),
    };
    let day = community::by_id(db, community)?.today(as_of.unwrap_or(now))?;
    let (keys, joined, order) = match by {
        By::Building => (
            "g.id, g.code AS key, g.code AS name",
            "JOIN buildings g ON g.id = s.building_id".to_owned(),
            "g.register_order",
        ),
        By::Item => (
            "g.id, g.code AS key, g.name",
            "JOIN fee_items g ON g.id = s.fee_item_id".to_owned(),
            "g.register_order",
        ),
        By::Steward | By::Month => (
            "COALESCE(g.id, 0) AS id, COALESCE(g.name, '') AS key, COALESCE(g.name, '') AS name",
            format!(
                "LEFT JOIN home_stewards w ON w.home_id = s.home_id AND w.starts_on <= '{day}' \
                 AND (w.ends_on IS NULL OR w.ends_on >= '{day}') LEFT JOIN people g ON g.id = w.steward_id"
            ),
            "g.id",
        ),
    };
    let group = if by == By::Steward { "g.id, g.name" } else { "g.id, g.code, g.name, g.register_order" };
    let group = if by == By::Building { "g.id, g.code, g.register_order" } else { group };
    let sql = format!("SELECT {keys}, {SUMS} FROM ({source}) s {joined} GROUP BY {group} ORDER BY {order}");
    load(db, &sql, community, as_of)
}

const SUMS: &str = "CAST(SUM(s.charges) AS BIGINT) AS charges, CAST(SUM(s.due_fen) AS BIGINT) AS due, \
                    CAST(SUM(s.collected_fen) AS BIGINT) AS collected";

fn load(db: &mut Db, sql: &str, community: CommunityId, as_of: Option<Instant>) -> Result<Vec<Figure>> {
    let query = diesel::sql_query(sql);
    Ok(match as_of {
        Some(at) => query.bind::<Timestamp, _>(at).bind::<BigInt, _>(community.0).load(db)?,
        None => query.bind::<BigInt, _>(community.0).load(db)?,
    })
}

/// The summary rows, which every transaction keeps up to date.
fn present(period: Month) -> String {
    format!(
        "SELECT building_id, fee_item_id, charges, due_fen, collected_fen FROM collection_summaries \
         WHERE community_id = $1 AND due_month = '{period}'"
    )
}

/// Charge by charge, where the homes are asked for.
fn present_charges(period: Month) -> String {
    format!(
        "SELECT home_id, 1 AS charges, amount_fen - waived_fen AS due_fen, paid_fen AS collected_fen FROM charges \
         WHERE community_id = $1 AND due_month = '{period}' AND NOT reversed"
    )
}

/// Charge by charge as it stood at `$1`, of the community `$2`, from the entries and allocations made by then.
fn looking_back(which: &str) -> String {
    format!(
        "SELECT c.home_id, c.building_id, c.fee_item_id, c.due_month, \
         CASE WHEN EXISTS (SELECT 1 FROM ledger_entries e WHERE e.charge_id = c.id AND e.kind = 'reversal' \
         AND e.at <= $1) THEN 0 ELSE 1 END AS charges, \
         (SELECT COALESCE(SUM(e.amount_fen), 0) FROM ledger_entries e WHERE e.charge_id = c.id AND e.at <= $1) AS due_fen, \
         (SELECT COALESCE(SUM(a.amount_fen), 0) FROM allocations a WHERE a.charge_id = c.id AND a.at <= $1 \
         AND (a.freed_at IS NULL OR a.freed_at > $1)) AS collected_fen \
         FROM charges c WHERE c.community_id = $2 AND c.made_at <= $1 AND {which}"
    )
}

/// The months of a period's year up to it, each with its figures.
pub fn months(
    db: &mut Db,
    community: CommunityId,
    period: Month,
    as_of: Option<Instant>,
) -> Result<Vec<Figure>> {
    let january = format!("{}-01", period.as_str().get(..4).unwrap_or_default());
    let source = match as_of {
        Some(_) => looking_back(&format!("c.due_month >= '{january}' AND c.due_month <= '{period}'")),
        None => format!(
            "SELECT due_month, charges, due_fen, collected_fen FROM collection_summaries \
             WHERE community_id = $1 AND due_month >= '{january}' AND due_month <= '{period}'"
        ),
    };
    let sql = format!(
        "SELECT CAST(0 AS BIGINT) AS id, s.due_month AS key, s.due_month AS name, {SUMS} FROM ({source}) s \
         GROUP BY s.due_month ORDER BY s.due_month"
    );
    load(db, &sql, community, as_of)
}

/// The months from one to another, each with its present figures.
pub(super) fn between(
    db: &mut Db,
    community: CommunityId,
    (from, to): (Month, Month),
) -> Result<Vec<Figure>> {
    let sql = format!(
        "SELECT CAST(0 AS BIGINT) AS id, s.due_month AS key, s.due_month AS name, {SUMS} FROM collection_summaries s \
         WHERE s.community_id = $1 AND s.due_month >= '{from}' AND s.due_month <= '{to}' \
         GROUP BY s.due_month ORDER BY s.due_month"
    );
    load(db, &sql, community, None)
}
