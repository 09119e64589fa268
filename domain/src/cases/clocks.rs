//! The clocks of cases: a breach is recorded once, as a fact, and never recomputed away.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamp};

use super::records::Breach;
use crate::db::schema::case_breaches;
use crate::{CaseId, CommunityId, Db, Instant, Result};

/// Records every clock of the community that has run out by `now` and was not recorded yet; says which.
pub fn record_breaches(tx: &mut Db, community: CommunityId, now: Instant) -> Result<Vec<Breach>> {
    let known = newest(tx, community, now)?;
    record(tx, "respond", "respond_by", "responded_at", community, now)?;
    record(tx, "resolve", "resolve_by", "resolved_at", community, now)?;
    let all = newest(tx, community, now)?;
    let is_new = |breach: &Breach| {
        !known
            .iter()
            .any(|k| k.case_id == breach.case_id && k.clock == breach.clock && k.round == breach.round)
    };
    Ok(all.into_iter().filter(is_new).collect())
}

/// One clock: what is due and neither met in time nor standing still.
fn record(
    tx: &mut Db,
    clock: &str,
    due: &str,
    met: &str,
    community: CommunityId,
    now: Instant,
) -> Result<()> {
    let sql = format!(
        "INSERT INTO case_breaches (case_id, clock, round, community_id, due_at, recorded_at) \
         SELECT id, '{clock}', finish_number, community_id, {due}, $1 FROM cases \
         WHERE community_id = $2 AND {due} < $3 AND {met} IS NULL AND paused_at IS NULL \
         AND closed_at IS NULL AND merged_into IS NULL AND state <> 'cancelled' \
         ON CONFLICT (case_id, clock, round) DO NOTHING"
    );
    diesel::sql_query(sql)
        .bind::<Timestamp, _>(now)
        .bind::<BigInt, _>(community.0)
        .bind::<Timestamp, _>(now)
        .execute(tx)?;
    Ok(())
}

fn newest(db: &mut Db, community: CommunityId, now: Instant) -> Result<Vec<Breach>> {
    let rows = case_breaches::table
        .filter(case_breaches::community_id.eq(community.0).and(case_breaches::recorded_at.eq(now)))
        .select(Breach::as_select());
    Ok(rows.load(db)?)
}

/// The breaches of a case, oldest first.
pub fn breached(db: &mut Db, case: CaseId) -> Result<Vec<Breach>> {
    let rows = case_breaches::table
        .filter(case_breaches::case_id.eq(case.0))
        .order((case_breaches::round, case_breaches::due_at))
        .select(Breach::as_select());
    Ok(rows.load(db)?)
}
