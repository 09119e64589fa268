//! What can be enqueued: the contract between those who cause work and the worker. A job is enqueued in
//! the transaction that causes it; rolled back, it never was.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};
use serde_json::Value;

use crate::db::Kind;
use crate::{Db, Instant, Result};

/// Work for the worker. It carries ids, never personal data.
#[derive(Debug, Clone)]
pub struct Job {
    /// Which handler does it.
    pub kind: &'static str,
    /// Made once for each key; a done job keeps its key.
    pub key: Option<String>,
    /// What the handler is given.
    pub payload: Value,
}

impl Job {
    /// A job of a kind with its payload.
    pub fn new(kind: &'static str, payload: Value) -> Self {
        Self { kind, key: None, payload }
    }

    /// The same, made once.
    #[must_use]
    pub fn once(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }
}

#[derive(QueryableByName)]
struct Enqueued {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

const ENQUEUE: &str = "INSERT INTO jobs (kind, key, payload, run_at, state, created_at) \
    VALUES ($1, $2, $3, $4, 'waiting', $5) ON CONFLICT (key) DO NOTHING RETURNING id";

/// Tells the workers of other processes, with the commit, that there is work.
pub(crate) fn announce(tx: &mut Db) -> Result<()> {
    if tx.kind() == Kind::Postgres {
        diesel::sql_query("SELECT pg_notify('linli_jobs', '')").execute(tx)?;
    }
    Ok(())
}

/// Enqueues a job to run at `run_at` (real time). Returns its id, or none where its key exists already.
///
/// On PostgreSQL the workers of other processes hear of it with the commit; however many jobs a
/// transaction enqueues, the server tells once.
pub fn enqueue(tx: &mut Db, job: &Job, real_now: Instant, run_at: Instant) -> Result<Option<i64>> {
    let sql = match tx.kind() {
        Kind::Sqlite => ENQUEUE.to_owned(),
        Kind::Postgres => {
            format!("WITH made AS ({ENQUEUE}) SELECT id FROM made, pg_notify('linli_jobs', '') AS told")
        }
    };
    let row: Option<Enqueued> = diesel::sql_query(sql)
        .bind::<Text, _>(job.kind)
        .bind::<Nullable<Text>, _>(job.key.as_deref())
        .bind::<Text, _>(job.payload.to_string())
        .bind::<Timestamp, _>(run_at)
        .bind::<Timestamp, _>(real_now)
        .get_result(tx)
        .optional()?;
    Ok(row.map(|row| row.id))
}
