//! What an admin sees of the queue and can do about it.

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Timestamp};
use domain::access::{Action, Actor, Object, allow};
use domain::audit::{self, Line};
use domain::db::schema::jobs;
use domain::{CommunityId, Db, Error, Instant, Result};
use serde::Serialize;

/// A worker that was not seen for so long is taken for gone.
const GONE: TimeDelta = TimeDelta::seconds(60);

domain::words! {
    /// How far a job has come.
    JobState {
        /// To be run at its time.
        Waiting = "waiting",
        /// A worker has it.
        Running = "running",
        /// Done.
        Done = "done",
        /// Given up; an admin can have it run again.
        Failed = "failed",
    }
}

/// A job as an admin sees it.
#[derive(Debug, Clone, Serialize, Queryable, Selectable)]
#[diesel(table_name = jobs)]
pub struct JobRow {
    /// Its id.
    pub id: i64,
    /// Which handler does it.
    pub kind: String,
    /// The key that makes it unique.
    pub key: Option<String>,
    /// What it was enqueued with: ids, no personal data.
    pub payload: String,
    /// When it is run, in real time.
    pub run_at: Instant,
    /// How far it has come.
    pub state: JobState,
    /// How often it was tried.
    pub attempts: i32,
    /// Why it failed last.
    pub last_error: Option<String>,
    /// When it was enqueued.
    pub created_at: Instant,
    /// When it was done or given up.
    pub finished_at: Option<Instant>,
}

/// How many jobs there are in each state.
pub fn counts(db: &mut Db) -> Result<Vec<(JobState, i64)>> {
    let found: Vec<(JobState, i64)> =
        jobs::table.group_by(jobs::state).select((jobs::state, diesel::dsl::count_star())).load(db)?;
    let count = |state| found.iter().find(|(found, _)| *found == state).map_or(0, |(_, count)| *count);
    Ok(JobState::ALL.iter().map(|state| (*state, count(*state))).collect())
}

/// The jobs in a state, the newest first.
pub fn list(db: &mut Db, state: JobState, limit: i64) -> Result<Vec<JobRow>> {
    let query = jobs::table.filter(jobs::state.eq(state)).order(jobs::id.desc()).limit(limit);
    Ok(query.select(JobRow::as_select()).load(db)?)
}

/// Has a failed job run again at once, with all its attempts.
///
/// # Errors
/// [`Error::NotFound`] where there is no failed job of this id; only an admin may.
pub fn run_again(tx: &mut Db, actor: &Actor, now: Instant, real_now: Instant, id: i64) -> Result<()> {
    allow(tx, actor, now, Action::Administer, Object::Installation)?;
    let failed = jobs::table.filter(jobs::id.eq(id).and(jobs::state.eq(JobState::Failed)));
    let changed = diesel::update(failed)
        .set((
            jobs::state.eq(JobState::Waiting),
            jobs::attempts.eq(0),
            jobs::run_at.eq(real_now),
            jobs::finished_at.eq(None::<Instant>),
        ))
        .execute(tx)?;
    if changed == 0 {
        return Err(Error::NotFound);
    }
    audit::write(tx, actor, now, &Line::new(CommunityId(0), "job.run_again", "job", id))
}

/// How the worker is; for `/readyz`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Workers that were seen within a minute.
    pub workers: i64,
    /// For how many seconds the oldest job that is due has been waiting.
    pub waiting_secs: i64,
    /// Jobs that were given up.
    pub failed: i64,
}

#[derive(QueryableByName)]
struct Figures {
    #[diesel(sql_type = BigInt)]
    workers: i64,
    #[diesel(sql_type = Nullable<Timestamp>)]
    oldest: Option<Instant>,
    #[diesel(sql_type = BigInt)]
    failed: i64,
}

/// How the worker is, from any process.
pub fn health(db: &mut Db, real_now: Instant) -> Result<Health> {
    let sql = "SELECT (SELECT count(*) FROM workers WHERE seen_at > $1) AS workers, \
               (SELECT min(run_at) FROM jobs WHERE state = 'waiting' AND run_at <= $2) AS oldest, \
               (SELECT count(*) FROM jobs WHERE state = 'failed') AS failed";
    let figures: Figures = diesel::sql_query(sql)
        .bind::<Timestamp, _>(real_now.minus(GONE))
        .bind::<Timestamp, _>(real_now)
        .get_result(db)?;
    let waiting_secs = figures.oldest.map_or(0, |oldest| real_now.since(oldest).num_seconds());
    Ok(Health { workers: figures.workers, waiting_secs, failed: figures.failed })
}
