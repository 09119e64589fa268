//! What a manager looks at over a span of time, beside the money: cases opened and finished, in time or
//! not, and what residents said of them. Every figure is a count of rows that a page can list.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamp};

use crate::access::{Action, Actor, Object, allow};
use crate::{CommunityId, Db, Instant, Result};

/// Cases over a span of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, QueryableByName)]
pub struct CaseFigures {
    /// Submitted in the span.
    #[diesel(sql_type = BigInt)]
    pub opened: i64,
    /// Done in the span.
    #[diesel(sql_type = BigInt)]
    pub finished: i64,
    /// Of these, done after they were due.
    #[diesel(sql_type = BigInt)]
    pub finished_late: i64,
    /// Not done at the end of the span, though submitted before it.
    #[diesel(sql_type = BigInt)]
    pub open: i64,
    /// Ratings given to repairs finished in the span.
    #[diesel(sql_type = BigInt)]
    pub ratings: i64,
    /// The sum of these ratings, 1 to 5 each.
    #[diesel(sql_type = BigInt)]
    pub rating_sum: i64,
}

impl CaseFigures {
    /// Done in time ÷ done, in hundredths of a percent; none where nothing was done.
    pub fn on_time_rate(&self) -> Option<i64> {
        (self.finished > 0).then(|| (self.finished - self.finished_late) * 10_000 / self.finished)
    }

    /// The mean rating in hundredths; none where nobody rated.
    pub fn mean_rating(&self) -> Option<i64> {
        (self.ratings > 0).then(|| self.rating_sum * 100 / self.ratings)
    }
}

/// The cases of a community between two instants.
///
/// # Errors
/// The policy's, for who may not see figures.
pub fn cases(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (from, to): (Instant, Instant),
) -> Result<CaseFigures> {
    allow(db, actor, now, Action::ReadFigures, Object::Community(community))?;
    let sql = "WITH span AS (SELECT CAST($1 AS BIGINT) AS community, $2 AS first, $3 AS last), \
        c AS (SELECT * FROM cases, span WHERE community_id = community AND submitted_at < last) \
        SELECT COUNT(CASE WHEN submitted_at >= first THEN 1 END) AS opened, \
        COUNT(CASE WHEN resolved_at >= first AND resolved_at < last THEN 1 END) AS finished, \
        COUNT(CASE WHEN resolved_at >= first AND resolved_at < last AND resolved_at > resolve_by THEN 1 END) \
            AS finished_late, \
        COUNT(CASE WHEN (resolved_at IS NULL OR resolved_at >= last) AND (closed_at IS NULL OR closed_at >= last) \
            AND state NOT IN ('cancelled', 'merged', 'withdrawn', 'rejected', 'lapsed') THEN 1 END) AS open, \
        COUNT(CASE WHEN resolved_at >= first AND resolved_at < last THEN r.rating END) AS ratings, \
        CAST(COALESCE(SUM(CASE WHEN resolved_at >= first AND resolved_at < last THEN r.rating END), 0) AS BIGINT) \
            AS rating_sum \
        FROM c LEFT JOIN repairs r ON r.case_id = c.id";
    Ok(diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Timestamp, _>(from)
        .bind::<Timestamp, _>(to)
        .get_result(db)?)
}
