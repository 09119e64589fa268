//! The worker's life. It ends when it is asked to, after what is under way; when it ends without having
//! been asked, that is an error and its process must end too.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use apalis::layers::WorkerBuilderExt;
use apalis_core::monitor::Monitor;
use apalis_core::task::data::Data;
use apalis_core::worker::builder::WorkerBuilder;
use domain::{Error, Result};
use tokio::task::JoinSet;

use crate::execute::{Done, execute, settle};
use crate::queue::{Polled, Queue};
use crate::table::End;
use crate::{App, Leased, schedule, table, watch};

/// How long jobs under way are waited for when the worker is asked to end.
const DRAIN: Duration = Duration::from_secs(25);

/// Works until `until` is ready, then ends what is under way within 25 s.
///
/// # Errors
/// Where the worker ends without having been asked, or cannot begin.
pub async fn run(app: App, until: impl Future<Output = ()> + Send + 'static) -> Result<()> {
    let queue = Queue::new(app.clone());
    let _watch = watch::start(app.listen_url.clone(), queue.nudge.clone()).map_err(Error::internal)?;
    let mut keepers = JoinSet::new();
    keepers.spawn(queue.clone().keep());
    keepers.spawn(queue.clone().tidy());
    keepers.spawn(schedule::keep(app.clone()));
    let outcome = tokio::select! {
        outcome = monitored(app, queue.clone(), until) => outcome,
        _ = keepers.join_next() => Err(Error::internal("the worker's heartbeat, tidying or calendar ended")),
    };
    let given_back = queue.release().await?;
    tracing::info!(given_back, "the worker has ended");
    outcome
}

/// apalis reports a worker that ended by itself like one that was asked to, so we remember which it was.
async fn monitored(app: App, queue: Queue, until: impl Future<Output = ()> + Send + 'static) -> Result<()> {
    let asked = Arc::new(AtomicBool::new(false));
    let remember = asked.clone();
    let signal = async move {
        until.await;
        remember.store(true, Ordering::SeqCst);
        Ok(())
    };
    let name = queue.worker().to_owned();
    let monitor = Monitor::new().shutdown_timeout(DRAIN).register(move |restart| {
        WorkerBuilder::new(format!("{name}-{restart}").as_str())
            .backend(Polled::new(queue.clone()))
            .concurrency(app.concurrency)
            .data(app.clone())
            .data(queue.clone())
            .build(work)
    });
    monitor.run_with_signal(signal).await.map_err(Error::internal)?;
    if asked.load(Ordering::SeqCst) { Ok(()) } else { Err(Error::internal("the worker ended by itself")) }
}

/// A job that is done is written down with others; what failed or is put off alone and at once, so that nothing in
/// it can hold up another.
async fn work(job: Leased, app: Data<App>, queue: Data<Queue>) -> Result<(), Infallible> {
    match execute(&app, &job).await.1 {
        End::Done => queue.held.ended(&job),
        end => settle(&app, queue.worker(), &job, &end).await,
    }
    Ok(())
}

/// Does everything that is due now, one after the other in order, until nothing is left; for
/// `linli worker --once` and for tests. What failed and waits for its pause stays.
///
/// # Errors
/// Where the database cannot be read. A job that fails is no error; it is in the list.
pub async fn run_due(app: &App) -> Result<Vec<Done>> {
    let queue = Queue::new(app.clone());
    let mut done = Vec::new();
    loop {
        schedule::enqueue_due(app).await?;
        let clock = app.clock;
        app.store.write(move |tx| table::take_back(tx, clock.real_now())).await?;
        let Some(job) = queue.lease(&[], 1).await?.pop() else { return Ok(done) };
        let (what, end) = execute(app, &job).await;
        settle(app, queue.worker(), &job, &end).await;
        done.push(what);
    }
}
