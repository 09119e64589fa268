//! The page of the worker's queue.

use domain::Instant;
use serde::Serialize;

use super::sample_moment;
use crate::form::Form;
use crate::views::View;

/// The worker's queue.
#[derive(Debug, Serialize)]
pub(crate) struct JobsView {
    /// The state whose jobs are listed.
    pub(crate) state: &'static str,
    /// Workers seen within a minute.
    pub(crate) workers: i64,
    /// For how long the oldest job that is due has been waiting.
    pub(crate) waiting_secs: i64,
    /// How many jobs there are in each state.
    pub(crate) counts: Vec<JobCount>,
    /// The jobs of the state, the newest first.
    pub(crate) rows: Vec<JobView>,
    /// Runs one again.
    pub(crate) form: Form,
}

/// How many jobs are in a state.
#[derive(Debug, Serialize)]
pub(crate) struct JobCount {
    pub(crate) state: &'static str,
    pub(crate) count: i64,
}

/// A job.
#[derive(Debug, Serialize)]
pub(crate) struct JobView {
    pub(crate) id: i64,
    pub(crate) kind: String,
    pub(crate) key: String,
    pub(crate) attempts: i32,
    pub(crate) run_at: Instant,
    pub(crate) error: String,
}

impl From<jobs::JobRow> for JobView {
    fn from(row: jobs::JobRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            key: row.key.unwrap_or_default(),
            attempts: row.attempts,
            run_at: row.run_at,
            error: row.last_error.unwrap_or_default(),
        }
    }
}

impl View for JobsView {
    const TEMPLATE: &'static str = "admin/jobs.html";

    fn samples() -> Vec<Self> {
        let run_at = sample_moment();
        let row = JobView {
            id: 3,
            kind: "deliver".to_owned(),
            key: "deliver:17".to_owned(),
            attempts: 8,
            run_at,
            error: "connection refused".to_owned(),
        };
        let counts = || domain_states().map(|state| JobCount { state, count: 1 }).collect();
        let one = |state, rows| Self {
            state,
            workers: 1,
            waiting_secs: 0,
            counts: counts(),
            rows,
            form: Form::new("jobs.form"),
        };
        vec![one("failed", vec![row]), one("waiting", vec![])]
    }
}

fn domain_states() -> impl Iterator<Item = &'static str> {
    jobs::JobState::ALL.iter().map(|state| state.as_str())
}
