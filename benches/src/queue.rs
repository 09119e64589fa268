//! The queue: how soon a job starts after the commit that caused it, how many small ones are done in a second,
//! and whether four workers do each once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use domain::access::Vault;
use domain::error::Cause;
use domain::job::{self, Job};
use domain::{Clock, Store};
use jobs::{App, Handler, Leased, Mailer, Outcome, Pauses, Renderer, Report};
use object_store::memory::InMemory;
use serde_json::{Value, json};
use test_support::{Database, Kind};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::figures::{Figure, Result, median, ms};

const HANDLERS: &[Handler] =
    &[Handler { kind: "bench", pauses: Pauses::Doubling, run: |_, job| Box::pin(start_seen(job)) }];

static DONE: AtomicUsize = AtomicUsize::new(0);
static STARTED: Mutex<Vec<(i64, Instant)>> = Mutex::new(Vec::new());

async fn start_seen(job: &Leased) -> Outcome {
    STARTED.lock().unwrap_or_else(PoisonError::into_inner).push((job.id, Instant::now()));
    DONE.fetch_add(1, Ordering::Relaxed);
    Ok(Report::nothing())
}

pub(crate) fn run() -> Result<Vec<Figure>> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let mut figures = Vec::new();
        for kind in [Kind::Sqlite, Kind::Postgres] {
            figures.push(latency(kind).await?);
            figures.push(rate(kind, 1).await?);
        }
        figures.push(rate(Kind::Postgres, 4).await?);
        Ok(figures)
    })
}

/// 200 jobs, one after the other, each enqueued while the worker is idle.
async fn latency(kind: Kind) -> Result<Figure> {
    let database = migrated(kind)?;
    let worker = Running::start(&database)?;
    // PostgreSQL is told by another process' connection, as a page's commit would be.
    let store = if kind == Kind::Postgres { Store::open(database.url())? } else { worker.store.clone() };
    forget();
    let mut waits = Vec::new();
    for n in 0..200 {
        tokio::time::sleep(Duration::from_millis(15)).await;
        enqueue(&store, 1).await?;
        let committed = Instant::now();
        until_done(n + 1).await?;
        let started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
        let last = started.last().ok_or("no start")?.1;
        waits.push(last.saturating_duration_since(committed));
    }
    worker.end().await?;
    let middle = median(&waits)?;
    let kept = middle.as_millis() < 20;
    Ok(Figure::new(
        format!("from a commit to the worker's start, {kind}"),
        "< 20 ms median",
        ms(middle),
        kept,
    ))
}

/// Small jobs that wait, until they are done.
async fn rate(kind: Kind, workers: usize) -> Result<Figure> {
    const JOBS: usize = 20_000;
    let database = migrated(kind)?;
    let store = Store::open(database.url())?;
    for _ in 0..JOBS / 1_000 {
        enqueue(&store, 1_000).await?;
    }
    forget();
    let started = Instant::now();
    let running: Vec<Running> = (0..workers).map(|_| Running::start(&database)).collect::<Result<_>>()?;
    until_done(JOBS).await?;
    until_written_down(&store).await?;
    let took = started.elapsed();
    for worker in running {
        worker.end().await?;
    }
    let mut ids: Vec<i64> =
        STARTED.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|(id, _)| *id).collect();
    let runs = ids.len();
    ids.sort_unstable();
    ids.dedup();
    let each_once = runs == JOBS && ids.len() == JOBS;
    let per_second = f64::from(u32::try_from(JOBS)?) / took.as_secs_f64();
    let once = if each_once { "each once" } else { "NOT each once" };
    Ok(Figure::new(
        format!("small jobs with {workers} worker(s), {kind}"),
        "≥ 5,000 a second, each once",
        format!("{per_second:.0} a second, {once}"),
        per_second >= 5_000.0 && each_once,
    ))
}

fn forget() {
    DONE.store(0, Ordering::Relaxed);
    STARTED.lock().unwrap_or_else(PoisonError::into_inner).clear();
}

async fn until_done(count: usize) -> Result<()> {
    let patience = Instant::now() + Duration::from_secs(120);
    while DONE.load(Ordering::Relaxed) < count {
        if Instant::now() > patience {
            return Err(format!("{} of {count} jobs were done", DONE.load(Ordering::Relaxed)).into());
        }
        tokio::time::sleep(Duration::from_micros(200)).await;
    }
    Ok(())
}

/// A job is done when the table says so.
async fn until_written_down(store: &Store) -> Result<()> {
    #[derive(QueryableByName)]
    struct Open {
        #[diesel(sql_type = BigInt)]
        jobs: i64,
    }
    let sql = "SELECT COUNT(*) AS jobs FROM jobs WHERE state <> 'done'";
    while store.read(move |db| Ok(diesel::sql_query(sql).get_result::<Open>(db)?.jobs)).await? > 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    Ok(())
}

async fn enqueue(store: &Store, count: usize) -> Result<()> {
    let now = Clock::system().real_now();
    let enqueued = store.write(move |tx| {
        for _ in 0..count {
            job::enqueue(tx, &Job::new("bench", json!({})), now, now)?;
        }
        Ok(())
    });
    Ok(enqueued.await?)
}

fn migrated(kind: Kind) -> Result<Database> {
    let database = Database::empty(kind);
    Store::open(database.url())?.migrate()?;
    Ok(database)
}

struct Running {
    store: Store,
    task: JoinHandle<domain::Result<()>>,
    ask: oneshot::Sender<()>,
}

impl Running {
    fn start(database: &Database) -> Result<Self> {
        let store = Store::open(database.url())?;
        let mailer = Mailer::folder(database.folder().join("mail"), "bench@example.org")?;
        let files = Arc::new(InMemory::new());
        let words = Arc::new(Words);
        let mut app = App::new(
            store.clone(),
            Clock::system(),
            words,
            mailer,
            files,
            Vault::of(b"the key of a bench")?,
            ("http://localhost", database.url()),
        );
        (app.handlers, app.schedules) = (HANDLERS, &[]);
        let (ask, asked) = oneshot::channel::<()>();
        let until = async move { drop(asked.await) };
        Ok(Self { store, task: tokio::spawn(jobs::run(app, until)), ask })
    }

    async fn end(self) -> Result<()> {
        self.ask.send(()).map_err(|()| "the worker ended by itself")?;
        Ok(self.task.await??)
    }
}

struct Words;

impl Renderer for Words {
    fn render(&self, name: &str, _: &str, _: &Value) -> Result<String, Cause> {
        Ok(name.to_owned())
    }
}
