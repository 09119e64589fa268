//! What `linli check` asks of the quota: every frozen month and every correction follows from the visits, and
//! every visit from its household and area.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::quota::{self, Frozen};
use super::{records, rules};
use crate::db::schema::{visit_corrections, visit_months};
use crate::{CommunityId, Db, Result};

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    what: String,
}

/// Visits that do not fit the register: of another home's household, or on a day when it did not live there.
const MISFITS: &str = "SELECT v.id, 'its household did not live in its home that day' AS what \
     FROM visits v JOIN households h ON h.id = v.household_id WHERE v.community_id = $1 \
     AND (h.home_id <> v.home_id OR h.started_on > v.day OR COALESCE(h.ended_on, v.day) < v.day) \
     UNION ALL SELECT v.id, 'counts, but its maker was not the steward of the home that day' \
     FROM visits v WHERE v.community_id = $2 AND v.in_area AND NOT EXISTS (SELECT 1 FROM home_stewards s \
     WHERE s.home_id = v.home_id AND s.steward_id = v.steward_id AND s.starts_on <= v.day \
     AND COALESCE(s.ends_on, v.day) >= v.day) \
     UNION ALL SELECT v.id, 'its month is not that of its day' FROM visits v WHERE v.community_id = $3 \
     AND v.month <> SUBSTR(CAST(v.day AS TEXT), 1, 7)";

/// What is wrong with a community's visits and quotas: a sentence each.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    let misfits: Vec<Found> = diesel::sql_query(MISFITS)
        .bind::<BigInt, _>(community.0)
        .bind::<BigInt, _>(community.0)
        .bind::<BigInt, _>(community.0)
        .load(db)?;
    let mut all: Vec<String> = misfits.iter().map(|row| format!("visit {}: {}", row.id, row.what)).collect();
    let frozen: Vec<Frozen> = visit_months::table
        .filter(visit_months::community_id.eq(community.0))
        .select(Frozen::as_select())
        .load(db)?;
    for month in &frozen {
        all.extend(of_month(db, community, month)?);
    }
    Ok(all)
}

fn of_month(db: &mut Db, community: CommunityId, month: &Frozen) -> Result<Vec<String>> {
    let visits = records::of_month(db, community, month.month, Some(month.steward_id))?;
    let name = format!("quota {} of steward {}", month.month, month.steward_id);
    let mut all = Vec::new();
    let counted = rules::counted(&visits, Some(month.as_of));
    if counted != month.counted {
        all.push(format!("{name}: frozen with {} households, its visits are {counted}", month.counted));
    }
    let deltas: Vec<i64> = visit_corrections::table
        .filter(visit_corrections::community_id.eq(community.0))
        .filter(
            visit_corrections::steward_id.eq(month.steward_id).and(visit_corrections::month.eq(month.month)),
        )
        .select(visit_corrections::delta)
        .load(db)?;
    let (lines, expected) = (deltas.len(), rules::changes_since(&visits, month.as_of));
    if lines != expected.len() {
        all.push(format!("{name}: {lines} corrections, its visits and decisions make {}", expected.len()));
    }
    let (shown, now) = (month.counted + deltas.iter().sum::<i64>(), rules::counted(&visits, None));
    if shown != now {
        all.push(format!("{name}: frozen and corrections make {shown}, its visits are {now}"));
    }
    let share = rules::Share {
        full: 0,
        own_days: month.own_days,
        month_days: month.month_days,
        make_up: month.make_up,
        households: month.households,
    };
    if month.quota > month.households || (share.own_days == 0 && month.quota > 0) {
        all.push(format!("{name}: asks for {} of {} households", month.quota, month.households));
    }
    let closes = quota::closes_at(crate::community::by_id(db, community)?.zone()?, month.month);
    if closes != month.as_of {
        all.push(format!("{name}: frozen as of {}, not of {closes}", month.as_of));
    }
    Ok(all)
}
