//! apalis on our table, through the extension point that it offers for this, the `Persistence` trait.
//! Everything that touches apalis' backend is in this file (`apalis-core` is pinned).
//!
//! Three traits of `Persisted` in 1.0.0 shape it. An error from any method ends the worker, so none is
//! returned: it is logged and survived. It asks for no heartbeat while it fetches or while every place is
//! taken, so leases are prolonged by a task of our own. And it drops a fetch under way when it closes, so
//! what such a fetch had leased is given back afterwards, in its turn.
//!
//! One transaction leases many jobs and writes the ends of many; what lies between is in [`Held`].

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use apalis_core::backend::finalize::Ephemeral;
use apalis_core::backend::persistence::{Persisted, Persistence, TaskEvent};
use apalis_core::backend::{Backend, BackendConfig};
use apalis_core::layers::Identity;
use apalis_core::task::Task;
use apalis_core::task::builder::TaskBuilder;
use apalis_core::task::task_id::TaskId;
use apalis_core::worker::context::WorkerContext;
use domain::db::Kind;
use domain::{Db, Error, Result};
use tokio::sync::{Mutex, Notify};

use crate::held::Held;
use crate::table::{self, Lease};
use crate::{App, Leased};

/// The net under everything that wakes us.
const POLL: Duration = Duration::from_secs(1);
const HEARTBEAT: Duration = Duration::from_secs(10);
/// How often it is looked whether something was leased ahead too long ago.
const LOOK: Duration = Duration::from_millis(100);
/// So long other jobs that end are waited for before one's end is written.
const GATHER: Duration = Duration::from_millis(5);

/// The jobs table as one worker sees it.
#[derive(Clone)]
pub(crate) struct Queue {
    app: App,
    worker: Arc<str>,
    /// Told when another process may have enqueued something.
    pub(crate) nudge: Arc<Notify>,
    /// What was leased ahead, and what is done and not written down.
    pub(crate) held: Arc<Held>,
    /// Held while leasing or writing ends, also by a fetch that nobody waits for any more.
    turn: Arc<Mutex<()>>,
}

impl Queue {
    /// The queue for a new worker, under a name that none had before: the process and when it started.
    pub(crate) fn new(app: App) -> Self {
        let worker = format!("{}-{:x}", std::process::id(), app.clock.real_now().micros());
        Self { app, worker: worker.into(), nudge: Arc::default(), held: Arc::default(), turn: Arc::default() }
    }

    /// The worker's name.
    pub(crate) fn worker(&self) -> &str {
        &self.worker
    }

    /// Writes down what has ended and leases what is due, at most `limit`, in one transaction. Where nothing has
    /// ended it looks first whether anything is due, as leasing takes SQLite's only writer.
    pub(crate) async fn lease(&self, ended: &[Lease], limit: usize) -> Result<Vec<Leased>> {
        let clock = self.app.clock;
        let look = ended.is_empty() && self.app.store.kind() == Kind::Sqlite;
        if look && !self.app.store.read(move |db| table::is_due(db, clock.real_now())).await? {
            return Ok(Vec::new());
        }
        let (worker, ended) = (self.worker.clone(), ended.to_vec());
        let limit = i64::try_from(limit).unwrap_or(1);
        let leased = self.app.store.write_quietly(move |tx| {
            let now = clock.real_now();
            let lost = table::settle_done(tx, &worker, &ended, now)?;
            Ok((lost, table::lease(tx, &worker, now, limit)?))
        });
        let (lost, jobs) = leased.await?;
        note_lost(lost);
        Ok(jobs)
    }

    /// Leases ahead in a task of its own, so that a fetch that is dropped half way is still known to be under way.
    /// Returns how many there were.
    async fn lease_in_turn(&self, limit: usize) -> Result<usize> {
        let queue = self.clone();
        let leasing = tokio::spawn(async move {
            let _turn = queue.turn.lock().await;
            let ended = queue.held.take_ended();
            let leased = queue.lease(&ended, limit).await;
            if leased.is_err() {
                queue.held.put_back(ended);
            }
            let jobs = leased?;
            let count = jobs.len();
            queue.held.keep(jobs, limit);
            Ok(count)
        });
        leasing.await.map_err(Error::internal)?
    }

    async fn next(&self, free: usize) -> Vec<Leased> {
        let mut woken = self.app.store.woken();
        loop {
            let begun = self.held.begin(free);
            if !begun.is_empty() {
                return begun;
            }
            match self.lease_in_turn(self.held.room(free)).await {
                Ok(0) => {}
                Ok(_) => continue,
                Err(error) => {
                    tracing::warn!(%error, "the queue could not be read; it is tried again");
                    tokio::time::sleep(POLL).await;
                }
            }
            tokio::select! {
                _ = woken.changed() => {}
                () = self.nudge.notified() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }

    /// Writes down what is done, and gives back what was leased ahead and could not be begun, where no fetch comes
    /// along to do so; for as long as the worker lives.
    pub(crate) async fn tidy(self) {
        loop {
            tokio::select! {
                () = self.held.done.notified() => tokio::time::sleep(GATHER).await,
                () = tokio::time::sleep(LOOK) => {}
            }
            if let Err(error) = self.tidy_in_turn().await {
                tracing::warn!(%error, "the ends of jobs could not be written; it is tried again");
                tokio::time::sleep(POLL).await;
            }
        }
    }

    /// Once, in a task of its own: who drops this does not drop what is half written.
    async fn tidy_in_turn(&self) -> Result<()> {
        let queue = self.clone();
        let tidying = tokio::spawn(async move {
            let _turn = queue.turn.lock().await;
            queue.give_back(queue.held.stale()).await?;
            let ended = queue.held.take_ended();
            if ended.is_empty() {
                return Ok(());
            }
            let (worker, clock, leases) = (queue.worker.clone(), queue.app.clock, ended.clone());
            let settle = move |tx: &mut Db| table::settle_done(tx, &worker, &leases, clock.real_now());
            let settled = queue.app.store.write_quietly(settle).await;
            if settled.is_err() {
                queue.held.put_back(ended);
            }
            settled.map(note_lost)
        });
        tidying.await.map_err(Error::internal)?
    }

    /// Leaves leased jobs to whoever comes; their leases run out where that cannot be written.
    async fn give_back(&self, jobs: Vec<Lease>) -> Result<usize> {
        if jobs.is_empty() {
            return Ok(0);
        }
        let worker = self.worker.clone();
        self.app.store.write(move |tx| table::give_back(tx, &worker, &jobs)).await
    }

    /// Prolongs our leases and takes back those of workers that are gone.
    async fn beat(&self) {
        let (worker, clock) = (self.worker.clone(), self.app.clock);
        let beat = self.app.store.write(move |tx| {
            table::heartbeat(tx, &worker, clock.real_now())?;
            table::take_back(tx, clock.real_now())
        });
        match beat.await {
            Ok(0) => {}
            Ok(jobs) => tracing::warn!(jobs, "took over what a worker left that is gone"),
            Err(error) => tracing::warn!(%error, "a heartbeat failed"),
        }
    }

    /// Beats for as long as the worker lives.
    pub(crate) async fn keep(self) {
        loop {
            self.beat().await;
            tokio::time::sleep(HEARTBEAT).await;
        }
    }

    /// Writes down what is done and gives back what is leased and will not be run, once a fetch under way has ended.
    pub(crate) async fn release(&self) -> Result<usize> {
        let _turn = self.turn.lock().await;
        let (worker, clock, ended) = (self.worker.clone(), self.app.clock, self.held.take_ended());
        let release = move |tx: &mut Db| {
            table::settle_done(tx, &worker, &ended, clock.real_now())?;
            table::release(tx, &worker)
        };
        self.app.store.write(release).await
    }
}

impl Persistence for Queue {
    type Compact = Leased;
    type Response = ();
    type Error = Error;

    async fn register(&mut self, _: &WorkerContext) -> Result<()> {
        self.beat().await;
        Ok(())
    }

    async fn heartbeat(&mut self, _: &WorkerContext) -> Result<()> {
        self.beat().await;
        Ok(())
    }

    /// Gives apalis no more than there are free places: what waits in its buffer could be run by another worker.
    async fn fetch_next(&mut self, worker: &WorkerContext) -> Result<Vec<Task<Leased>>> {
        let free = self.app.concurrency.saturating_sub(worker.task_count()).max(1);
        Ok(self.next(free).await.into_iter().map(task).collect())
    }

    async fn reenqueue_abandoned(&mut self, tasks: Vec<Task<Leased>>, _: &WorkerContext) -> Result<u64> {
        let given_back = self.give_back(tasks.iter().map(|task| task.args.lease()).collect()).await;
        Ok(given_back.map_or_else(
            |error| {
                tracing::warn!(%error, "jobs could not be given back; their leases will run out");
                0
            },
            |count| u64::try_from(count).unwrap_or(0),
        ))
    }

    /// None comes: a job is settled beside its handler, not through apalis' events, which wait behind a fetch.
    async fn handle_events(&mut self, _: Vec<TaskEvent<()>>, _: &WorkerContext) -> Result<()> {
        Ok(())
    }

    async fn push_tasks(&mut self, _: Vec<Task<Leased>>) -> Result<()> {
        Err(Error::internal("a job is enqueued in the transaction that causes it, by domain::job::enqueue"))
    }
}

fn note_lost(lost: usize) {
    if lost > 0 {
        tracing::warn!(lost, "jobs were taken over while they ran");
    }
}

fn task(job: Leased) -> Task<Leased> {
    let id = TaskId::from_int(u64::try_from(job.id).unwrap_or_default());
    TaskBuilder::new(job).task_id(id).build()
}

/// The queue as apalis wants to poll it.
pub(crate) struct Polled {
    inner: Persisted<Queue>,
}

impl Polled {
    pub(crate) fn new(queue: Queue) -> Self {
        Self { inner: Persisted::new(queue) }
    }
}

impl Backend for Polled {
    type Task = Task<Leased>;
    type Error = Error;

    fn poll_ready(&mut self, cx: &mut Context<'_>, worker: &WorkerContext) -> Poll<Result<()>> {
        self.inner.poll_ready(cx, worker, HEARTBEAT)
    }

    fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
        worker: &WorkerContext,
    ) -> Poll<Option<Result<Task<Leased>>>> {
        self.inner.poll_next(cx, worker)
    }

    fn poll_close(&mut self, cx: &mut Context<'_>, worker: &WorkerContext) -> Poll<Result<()>> {
        self.inner.poll_close(cx, worker)
    }
}

impl BackendConfig for Polled {
    type Args = Leased;
    type Id = u64;
    type Kind = Ephemeral;
    type Config = ();
    type Layer = Identity;

    fn config(&self) -> &() {
        &()
    }

    fn middleware(&mut self, _: &mut WorkerContext) -> Identity {
        Identity::new()
    }
}
