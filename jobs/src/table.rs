//! The queue's table: what is due is leased, and a lease ends by settling it. A lease names its worker and
//! its attempt, so a worker that was taken for dead cannot settle what another has taken over.

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamp};
use domain::db::Kind;
use domain::{Db, Instant, Result};

/// How long a lease holds without a heartbeat.
pub(crate) const LEASE: TimeDelta = TimeDelta::seconds(40);

/// A job that this process has to do.
#[derive(Debug, Clone, QueryableByName)]
pub struct Leased {
    /// Its id.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// Which handler does it.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// The key that makes it unique.
    #[diesel(sql_type = Nullable<Text>)]
    pub key: Option<String>,
    /// What it was enqueued with, as JSON; decoded by the handler.
    #[diesel(sql_type = Text)]
    pub payload: String,
    /// Which attempt this is, from 1.
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
    /// How many it has.
    #[diesel(sql_type = Integer)]
    pub max_attempts: i32,
    #[diesel(sql_type = Timestamp)]
    run_at: Instant,
}

/// A lease: the job's id and its attempt.
pub(crate) type Lease = (i64, i32);

impl Leased {
    /// What tells this lease from an earlier or a later one of the same job.
    pub(crate) fn lease(&self) -> Lease {
        (self.id, self.attempts)
    }

    /// A first lease of the job with this id.
    #[cfg(test)]
    pub(crate) fn sample(id: i64) -> Self {
        Self {
            id,
            kind: "a".to_owned(),
            key: None,
            payload: "{}".to_owned(),
            attempts: 1,
            max_attempts: 8,
            run_at: "2026-11-22T00:00:00Z".parse().unwrap(),
        }
    }
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

const LEASE_SQLITE: &str = "UPDATE jobs SET state = 'running', attempts = attempts + 1, leased_by = $1, leased_until = $2 \
    WHERE id IN (SELECT id FROM jobs WHERE state = 'waiting' AND run_at <= $3 ORDER BY run_at, id LIMIT $4) \
    RETURNING id, kind, key, payload, attempts, max_attempts, run_at";

/// The rows are chosen once, in a CTE: a plain subselect may be evaluated again and lock more than the limit.
const LEASE_POSTGRES: &str = "WITH due AS MATERIALIZED (SELECT id AS due_id FROM jobs \
    WHERE state = 'waiting' AND run_at <= $3 ORDER BY run_at, id LIMIT $4 FOR UPDATE SKIP LOCKED) \
    UPDATE jobs SET state = 'running', attempts = attempts + 1, leased_by = $1, leased_until = $2 \
    FROM due WHERE id = due_id RETURNING id, kind, key, payload, attempts, max_attempts, run_at";

/// Whether anything is due; a look that takes no lock.
pub(crate) fn is_due(db: &mut Db, real_now: Instant) -> Result<bool> {
    let sql = "SELECT id FROM jobs WHERE state = 'waiting' AND run_at <= $1 ORDER BY run_at, id LIMIT 1";
    let row: Option<Id> = diesel::sql_query(sql).bind::<Timestamp, _>(real_now).get_result(db).optional()?;
    Ok(row.is_some_and(|row| row.id > 0))
}

/// Leases what has been due longest, at most `limit`, and counts the attempt.
pub(crate) fn lease(tx: &mut Db, worker: &str, real_now: Instant, limit: i64) -> Result<Vec<Leased>> {
    let sql = if tx.kind() == Kind::Postgres { LEASE_POSTGRES } else { LEASE_SQLITE };
    let mut leased: Vec<Leased> = diesel::sql_query(sql)
        .bind::<Text, _>(worker)
        .bind::<Timestamp, _>(real_now.plus(LEASE))
        .bind::<Timestamp, _>(real_now)
        .bind::<BigInt, _>(limit)
        .load(tx)?;
    leased.sort_by_key(|job| (job.run_at, job.id));
    Ok(leased)
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    Done,
    /// To be run again at an instant of real time, because of an error.
    Again(Instant, String),
    /// Not a failure: it was not time yet. The attempt does not count.
    Later(Instant),
    Failed(String),
}

/// Writes down how an attempt ended. False where the lease was not ours any more; nothing is changed then.
pub(crate) fn settle(tx: &mut Db, worker: &str, job: &Leased, real_now: Instant, end: &End) -> Result<bool> {
    let (state, back, run_at, error, finished) = match end {
        End::Done => {
            return Ok(settle_done(tx, worker, &[job.lease()], real_now)? == 0);
        }
        End::Again(at, error) => ("waiting", 0, *at, Some(error.as_str()), None),
        End::Later(at) => ("waiting", 1, *at, None, None),
        End::Failed(error) => ("failed", 0, job.run_at, Some(error.as_str()), Some(real_now)),
    };
    let sql = "UPDATE jobs SET state = $1, attempts = attempts - $2, run_at = $3, last_error = $4, finished_at = $5, \
               leased_by = NULL, leased_until = NULL \
               WHERE id = $6 AND state = 'running' AND leased_by = $7 AND attempts = $8";
    let changed = diesel::sql_query(sql)
        .bind::<Text, _>(state)
        .bind::<Integer, _>(back)
        .bind::<Timestamp, _>(run_at)
        .bind::<Nullable<Text>, _>(error)
        .bind::<Nullable<Timestamp>, _>(finished)
        .bind::<BigInt, _>(job.id)
        .bind::<Text, _>(worker)
        .bind::<Integer, _>(job.attempts)
        .execute(tx)?;
    Ok(changed == 1)
}

/// Writes down that jobs are done, in one statement. Returns how many of them were not ours any more; nothing is
/// changed of those.
pub(crate) fn settle_done(tx: &mut Db, worker: &str, jobs: &[Lease], real_now: Instant) -> Result<usize> {
    let Some(leases) = listed(jobs) else { return Ok(0) };
    let sql = format!(
        "UPDATE jobs SET state = 'done', last_error = NULL, finished_at = $1, leased_by = NULL, leased_until = NULL \
         WHERE state = 'running' AND leased_by = $2 AND (id, attempts) IN (VALUES {leases})"
    );
    let ours = diesel::sql_query(sql).bind::<Timestamp, _>(real_now).bind::<Text, _>(worker).execute(tx)?;
    Ok(jobs.len().saturating_sub(ours))
}

/// Leaves jobs that were not begun to whoever comes, in one statement; the attempt does not count. Returns how
/// many of them were still ours.
pub(crate) fn give_back(tx: &mut Db, worker: &str, jobs: &[Lease]) -> Result<usize> {
    let Some(leases) = listed(jobs) else { return Ok(0) };
    let sql = format!(
        "UPDATE jobs SET state = 'waiting', attempts = attempts - 1, leased_by = NULL, leased_until = NULL \
         WHERE state = 'running' AND leased_by = $1 AND (id, attempts) IN (VALUES {leases})"
    );
    let ours = diesel::sql_query(sql).bind::<Text, _>(worker).execute(tx)?;
    if tx.kind() == Kind::Postgres {
        diesel::sql_query("SELECT pg_notify('linli_jobs', '')").execute(tx)?;
    }
    Ok(ours)
}

fn listed(jobs: &[Lease]) -> Option<String> {
    let leases: Vec<String> = jobs.iter().map(|(id, attempt)| format!("({id}, {attempt})")).collect();
    (!leases.is_empty()).then(|| leases.join(", "))
}

/// Prolongs every lease of a worker and writes down that it lives.
pub(crate) fn heartbeat(tx: &mut Db, worker: &str, real_now: Instant) -> Result<()> {
    diesel::sql_query("UPDATE jobs SET leased_until = $1 WHERE state = 'running' AND leased_by = $2")
        .bind::<Timestamp, _>(real_now.plus(LEASE))
        .bind::<Text, _>(worker)
        .execute(tx)?;
    let sql = "INSERT INTO workers (name, started_at, seen_at) VALUES ($1, $2, $3) \
               ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at";
    diesel::sql_query(sql)
        .bind::<Text, _>(worker)
        .bind::<Timestamp, _>(real_now)
        .bind::<Timestamp, _>(real_now)
        .execute(tx)?;
    Ok(())
}

/// What a killed worker left: run again at once, or failed where it was the last attempt, as a job that
/// takes its process down must not do so for ever. Returns how many leases had run out.
pub(crate) fn take_back(tx: &mut Db, real_now: Instant) -> Result<usize> {
    let sql = "UPDATE jobs SET state = CASE WHEN attempts < max_attempts THEN 'waiting' ELSE 'failed' END, \
               last_error = 'its worker ended while running it', leased_by = NULL, leased_until = NULL \
               WHERE state = 'running' AND leased_until < $1";
    Ok(diesel::sql_query(sql).bind::<Timestamp, _>(real_now).execute(tx)?)
}

/// A worker that ends properly gives back what it leased and did not finish; the attempt does not count.
pub(crate) fn release(tx: &mut Db, worker: &str) -> Result<usize> {
    let sql = "UPDATE jobs SET state = 'waiting', attempts = attempts - 1, leased_by = NULL, leased_until = NULL \
               WHERE state = 'running' AND leased_by = $1";
    let released = diesel::sql_query(sql).bind::<Text, _>(worker).execute(tx)?;
    diesel::sql_query("DELETE FROM workers WHERE name = $1").bind::<Text, _>(worker).execute(tx)?;
    Ok(released)
}

#[cfg(test)]
mod tests;
