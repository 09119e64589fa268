//! How a month came in, day by day: the curve that managers compare with that of the month before.

use chrono::Datelike;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};

use super::figures::{By, figures};
use crate::access::Actor;
use crate::ledger::COLLECTED;
use crate::{CommunityId, Db, Fen, Instant, Month, Result, community};

/// What had come in of a month's due by the end of each of its days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// The month in which it was due.
    pub month: Month,
    /// What was due.
    pub due: Fen,
    /// What was collected by the end of the 1st, the 2nd …, of a running month up to today.
    pub collected: Vec<Fen>,
}

impl Course {
    /// Collected of due at the end of a day of the month, in hundredths of a percent; of its last day where
    /// the month is shorter.
    pub fn rate_on(&self, day: u32) -> Option<i64> {
        let at = usize::try_from(day.saturating_sub(1)).unwrap_or(0);
        let collected = self.collected.get(at).or(self.collected.last())?;
        super::rate(self.due, *collected)
    }
}

#[derive(QueryableByName)]
struct Moved {
    #[diesel(sql_type = Timestamp)]
    at: Instant,
    #[diesel(sql_type = BigInt)]
    fen: i64,
}

/// The course of a month: what was allocated to its charges and freed again, by the community's days. What
/// came in earlier, as a prepayment, counts from the first.
pub fn course(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    month: Month,
) -> Result<Course> {
    let due = figures(db, actor, now, community, (month, By::Building), None)?;
    let zone = community::by_id(db, community)?.zone()?;
    let last = zone.date(now).min(month.last_day());
    let days = usize::try_from(last.signed_duration_since(month.first_day()).num_days() + 1).unwrap_or(0);
    let mut collected = vec![Fen::ZERO; days];
    for moved in moves(db, community, month)? {
        let day = zone.date(moved.at);
        let at = if day < month.first_day() { 0 } else { usize::try_from(day.day0()).unwrap_or(0) };
        if day <= last
            && let Some(sum) = collected.get_mut(at)
        {
            *sum += Fen(moved.fen);
        }
    }
    let mut so_far = Fen::ZERO;
    for sum in &mut collected {
        so_far += *sum;
        *sum = so_far;
    }
    Ok(Course { month, due: due.iter().map(|figure| figure.due).sum(), collected })
}

fn moves(db: &mut Db, community: CommunityId, month: Month) -> Result<Vec<Moved>> {
    let of_month = format!(
        "FROM charges c JOIN allocations a ON a.charge_id = c.id \
         WHERE c.community_id = $1 AND c.due_month = $2 AND {COLLECTED}"
    );
    let sql = format!(
        "SELECT m.at, CAST(SUM(m.fen) AS BIGINT) AS fen FROM ( \
         SELECT a.at AS at, a.amount_fen AS fen {of_month} UNION ALL \
         SELECT a.freed_at AS at, -a.amount_fen AS fen {of_month} AND a.freed_at IS NOT NULL) m \
         GROUP BY m.at ORDER BY m.at"
    );
    Ok(diesel::sql_query(sql).bind::<BigInt, _>(community.0).bind::<Text, _>(month.as_str()).load(db)?)
}
