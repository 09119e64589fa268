//! The queue in figures, for who watches the portal: what waits, runs or has failed. What is done is not
//! counted, as that would mean a walk over months of it.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Timestamp};
use domain::{Db, Instant, Result};

use crate::{JobState, health};

/// The queue at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// How many jobs are in each state but *done*.
    pub jobs: Vec<(JobState, i64)>,
    /// For how many seconds the oldest job that is due has been waiting.
    pub waiting_secs: i64,
    /// For how many seconds no worker was seen; none where there never was one.
    pub beat_age_secs: Option<i64>,
}

#[derive(QueryableByName)]
struct Counts {
    #[diesel(sql_type = BigInt)]
    waiting: i64,
    #[diesel(sql_type = BigInt)]
    running: i64,
    #[diesel(sql_type = Nullable<Timestamp>)]
    beat: Option<Instant>,
}

/// Counts the queue.
pub fn figures(db: &mut Db, real_now: Instant) -> Result<Figures> {
    let sql = "SELECT (SELECT count(*) FROM jobs WHERE state = 'waiting') AS waiting, \
               (SELECT count(*) FROM jobs WHERE state = 'running') AS running, \
               (SELECT max(seen_at) FROM workers) AS beat";
    let counts: Counts = diesel::sql_query(sql).get_result(db)?;
    let health = health(db, real_now)?;
    Ok(Figures {
        jobs: vec![
            (JobState::Waiting, counts.waiting),
            (JobState::Running, counts.running),
            (JobState::Failed, health.failed),
        ],
        waiting_secs: health.waiting_secs,
        beat_age_secs: counts.beat.map(|beat| real_now.since(beat).num_seconds()),
    })
}
