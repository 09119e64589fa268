//! One job from its lease to its end: the handler is run, and how it ended is written down.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use chrono::TimeDelta;
use domain::Instant;
use futures::FutureExt;

use crate::handler::{Failure, Handler, Outcome, Report};
use crate::table::{self, End};
use crate::{App, Leased, schedule};

/// No handler may take longer: it works in batches, and one that hangs would hold its place for ever.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// What became of a job that was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Its kind.
    pub kind: String,
    /// Its key.
    pub key: Option<String>,
    /// What it did, or why not.
    pub outcome: Result<Report, String>,
}

/// Runs a leased job; how it ended is to be written down.
pub(crate) async fn execute(app: &App, job: &Leased) -> (Done, End) {
    let outcome = guarded(app, job).await;
    let end = end(app, job, &outcome);
    note(job, &outcome, &end);
    let outcome = outcome.map_err(|failure| match failure {
        Failure::Again(error) => error.to_string(),
        Failure::Later(at) => format!("not before {at}"),
        Failure::Never(why) => why,
    });
    (Done { kind: job.kind.clone(), key: job.key.clone(), outcome }, end)
}

/// A panic or a handler that hangs is this job's failure, not the worker's.
async fn guarded(app: &App, job: &Leased) -> Outcome {
    let run = AssertUnwindSafe(dispatch(app, job)).catch_unwind();
    match tokio::time::timeout(LIMIT, run).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(again("the handler panicked")),
        Err(_) => Err(again("the handler took too long")),
    }
}

fn again(why: &'static str) -> Failure {
    Failure::Again(domain::Error::internal(why))
}

async fn dispatch(app: &App, job: &Leased) -> Outcome {
    match find(app, &job.kind) {
        Some(handler) => (handler.run)(app, job).await,
        None => Err(Failure::Never(format!("no handler for {:?}", job.kind))),
    }
}

fn find<'a>(app: &'a App, kind: &str) -> Option<&'a Handler> {
    if kind == schedule::HANDLER.kind {
        return Some(&schedule::HANDLER);
    }
    app.handlers.iter().find(|handler| handler.kind == kind)
}

fn end(app: &App, job: &Leased, outcome: &Outcome) -> End {
    match outcome {
        Ok(_) => End::Done,
        Err(Failure::Never(why)) => End::Failed(short(why)),
        Err(Failure::Later(at)) => End::Later(real_time(app, *at)),
        Err(Failure::Again(error)) => {
            let pauses =
                find(app, &job.kind).map(|handler| handler.pauses).unwrap_or(crate::Pauses::Doubling);
            let pause = pauses.after(job.id, job.attempts, job.max_attempts);
            let span = pause.and_then(|pause| TimeDelta::from_std(pause).ok());
            match span {
                Some(span) => End::Again(app.clock.real_now().plus(span), short(&error.to_string())),
                None => End::Failed(short(&error.to_string())),
            }
        }
    }
}

/// The queue runs on real time; the portal's clock only differs from it by a constant.
fn real_time(app: &App, at: Instant) -> Instant {
    app.clock.real_now().plus(at.since(app.clock.now()).max(TimeDelta::zero()))
}

fn short(text: &str) -> String {
    text.chars().take(500).collect()
}

fn note(job: &Leased, outcome: &Outcome, end: &End) {
    let (id, kind, attempt) = (job.id, job.kind.as_str(), job.attempts);
    match (outcome, end) {
        (Ok(report), _) => tracing::info!(job = id, kind, %report, "job done"),
        (_, End::Again(at, error)) => {
            tracing::warn!(job = id, kind, attempt, %at, error, "job failed, to be tried again")
        }
        (_, End::Failed(error)) => tracing::error!(job = id, kind, attempt, error, "job failed"),
        (_, End::Later(at)) => tracing::debug!(job = id, kind, %at, "job put off"),
        (_, End::Done) => {}
    }
}

/// Writes down how one job ended, at once. Where even this cannot be written, the lease runs out and the job is run
/// again, which does no harm.
pub(crate) async fn settle(app: &App, worker: &str, job: &Leased, end: &End) {
    for pause in [1, 5, 0] {
        let (worker, job, end, clock) = (worker.to_owned(), job.clone(), end.clone(), app.clock);
        let write = app.store.write(move |tx| table::settle(tx, &worker, &job, clock.real_now(), &end));
        match write.await {
            Ok(true) => return,
            Ok(false) => return tracing::warn!("a job was taken over while it ran"),
            Err(error) => tracing::warn!(%error, "a job's end could not be written"),
        }
        tokio::time::sleep(Duration::from_secs(pause)).await;
    }
}
