//! apalis on our table, through the extension point that it offers for this, the `Persistence` trait.
//! Everything that touches apalis' backend is in this file (`apalis-core` is pinned).
//!
//! Three traits of `Persisted` in 1.0.0 shape it. An error from any method ends the worker, so none is
//! returned: it is logged and survived. It asks for no heartbeat while it fetches or while every place is
//! taken, so leases are prolonged by a task of our own. And it drops a fetch under way when it closes, so
//! what such a fetch had leased is given back afterwards, in its turn.

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
use domain::{Error, Result};
use tokio::sync::{Mutex, Notify};

use crate::table::{self, End};
use crate::{App, Leased};

/// The net under everything that wakes us.
const POLL: Duration = Duration::from_secs(1);
const HEARTBEAT: Duration = Duration::from_secs(10);

/// The jobs table as one worker sees it.
#[derive(Clone)]
pub(crate) struct Queue {
    app: App,
    worker: Arc<str>,
    /// Told when another process may have enqueued something.
    pub(crate) nudge: Arc<Notify>,
    /// Held while leasing, also by a fetch that nobody waits for any more.
    turn: Arc<Mutex<()>>,
}

impl Queue {
    /// The queue for a new worker, under a name that none had before: the process and when it started.
    pub(crate) fn new(app: App) -> Self {
        let worker = format!("{}-{:x}", std::process::id(), app.clock.real_now().micros());
        Self { app, worker: worker.into(), nudge: Arc::default(), turn: Arc::default() }
    }

    /// The worker's name.
    pub(crate) fn worker(&self) -> &str {
        &self.worker
    }

    /// Leases what is due, at most `limit`; looks first where leasing takes SQLite's only writer.
    pub(crate) async fn lease(&self, limit: usize) -> Result<Vec<Leased>> {
        let clock = self.app.clock;
        let look = self.app.store.kind() == Kind::Sqlite;
        if look && !self.app.store.read(move |db| table::is_due(db, clock.real_now())).await? {
            return Ok(Vec::new());
        }
        let (worker, limit) = (self.worker.clone(), i64::try_from(limit).unwrap_or(1));
        self.app.store.write(move |tx| table::lease(tx, &worker, clock.real_now(), limit)).await
    }

    /// Leases in a task of its own, so that a fetch that is dropped half way is still known to be under way.
    async fn lease_in_turn(&self, limit: usize) -> Result<Vec<Leased>> {
        let queue = self.clone();
        let leasing = tokio::spawn(async move {
            let _turn = queue.turn.lock().await;
            queue.lease(limit).await
        });
        leasing.await.map_err(Error::internal)?
    }

    async fn next(&self, limit: usize) -> Vec<Leased> {
        let mut woken = self.app.store.woken();
        loop {
            match self.lease_in_turn(limit).await {
                Ok(jobs) if !jobs.is_empty() => return jobs,
                Ok(_) => {}
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

    /// Gives back what is leased and will not be run, once a fetch under way has ended.
    pub(crate) async fn release(&self) -> Result<usize> {
        let _turn = self.turn.lock().await;
        let worker = self.worker.clone();
        self.app.store.write(move |tx| table::release(tx, &worker)).await
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

    /// Leases no more than there are free places: what waits in a buffer could be run by another worker.
    async fn fetch_next(&mut self, worker: &WorkerContext) -> Result<Vec<Task<Leased>>> {
        let free = self.app.concurrency.saturating_sub(worker.task_count()).max(1);
        Ok(self.next(free).await.into_iter().map(task).collect())
    }

    async fn reenqueue_abandoned(&mut self, tasks: Vec<Task<Leased>>, _: &WorkerContext) -> Result<u64> {
        let mut given_back = 0;
        for task in tasks {
            let (worker, clock) = (self.worker.clone(), self.app.clock);
            let settled = self.app.store.write(move |tx| {
                let now = clock.real_now();
                table::settle(tx, &worker, &task.args, now, &End::Later(now))
            });
            match settled.await {
                Ok(ours) => given_back += u64::from(ours),
                Err(error) => tracing::warn!(%error, "a job could not be given back; its lease will run out"),
            }
        }
        Ok(given_back)
    }

    /// None comes: a job is settled beside its handler, not through apalis' events, which wait behind a fetch.
    async fn handle_events(&mut self, _: Vec<TaskEvent<()>>, _: &WorkerContext) -> Result<()> {
        Ok(())
    }

    async fn push_tasks(&mut self, _: Vec<Task<Leased>>) -> Result<()> {
        Err(Error::internal("a job is enqueued in the transaction that causes it, by domain::job::enqueue"))
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
