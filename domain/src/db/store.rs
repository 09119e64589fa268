//! The store: pools of connections and the one crossing from async to sync code.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use diesel::r2d2::{Pool, PooledConnection};
use scheduled_thread_pool::ScheduledThreadPool;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::connect::{Manager, Target};
use super::{Db, Kind, migrate, script, write};
use crate::error::{Error, Result};

/// How long a request waits for a connection before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(10);

/// The connections of a process to PostgreSQL, whatever they are used for.
const POSTGRES: u32 = 8;

/// The connections that read a SQLite file.
const READERS: u32 = 8;

/// The threads that open connections: a few for all pools of the process, as each costs memory and mostly waits.
static OPENERS: LazyLock<Arc<ScheduledThreadPool>> = LazyLock::new(|| {
    Arc::new(ScheduledThreadPool::builder().num_threads(2).thread_name_pattern("opens-{}").build())
});

/// Both databases behind one door; cheap to clone.
///
/// SQLite has one writer, so writes go through a pool of one; PostgreSQL uses one pool for all.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    target: Target,
    readers: Pool<Manager>,
    writer: Pool<Manager>,
    /// As many as may read or change at once. Who waits, waits here, in turn and without a thread.
    reading: Arc<Semaphore>,
    writing: Arc<Semaphore>,
    wake: watch::Sender<u64>,
}

/// Told after each commit of this process.
pub type Woken = watch::Receiver<u64>;

impl Store {
    /// Opens the database of `url` (`sqlite://path` or `postgres://…`).
    ///
    /// # Errors
    /// A scheme that is neither, a folder that is not there, a server that does not answer.
    pub fn open(url: &str) -> Result<Self> {
        let target = Target::parse(url)?;
        let writers = match target.kind() {
            Kind::Sqlite => 1,
            Kind::Postgres => POSTGRES,
        };
        let (writer, writing) = (pool(&target, writers)?, places(writers));
        let (readers, reading) = match target.kind() {
            Kind::Sqlite => (pool(&target, READERS)?, places(READERS)),
            Kind::Postgres => (writer.clone(), writing.clone()),
        };
        let inner = Inner { target, readers, writer, reading, writing, wake: watch::Sender::new(0) };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Which database it is.
    pub fn kind(&self) -> Kind {
        self.inner.target.kind()
    }

    /// Brings the schema up to date, all of it or nothing; returns the versions of the migrations that ran.
    pub fn migrate(&self) -> Result<Vec<String>> {
        migrate::up(&mut *self.writer()?)
    }

    /// Takes every migration back again. For tests of the migrations themselves.
    pub fn migrate_down(&self) -> Result<()> {
        migrate::down(&mut *self.writer()?)
    }

    /// The versions of the migrations that wait to be run, oldest first.
    pub fn pending_migrations(&self) -> Result<Vec<String>> {
        migrate::pending(&mut *self.writer()?)
    }

    /// Reads, off the async threads.
    pub async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut Db) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let store = self.clone();
        crossing(&self.inner.reading, move || store.read_now(query)).await
    }

    /// Reads a little: a few rows by their keys. On SQLite at once and on this thread, as the way to another and back takes
    /// longer than they do; whoever reads more than that would hold up all whom this thread serves.
    pub async fn glance<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut Db) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        if self.kind() == Kind::Sqlite
            && let Ok(_place) = self.inner.reading.try_acquire()
            && let Some(mut db) = self.inner.readers.try_get()
        {
            return query(&mut db);
        }
        self.read(query).await
    }

    /// Changes, in one transaction, off the async threads; see [`write`].
    pub async fn write<T: Send + 'static>(
        &self,
        change: impl Fn(&mut Db) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let store = self.clone();
        crossing(&self.inner.writing, move || store.write_now(change)).await
    }

    /// The same without telling anybody of this process: for the worker's own books, in which it would find nothing
    /// new and look again for ever.
    pub async fn write_quietly<T: Send + 'static>(
        &self,
        change: impl Fn(&mut Db) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let store = self.clone();
        crossing(&self.inner.writing, move || write(&mut *store.writer()?, change)).await
    }

    /// Reads on this thread.
    pub fn read_now<T>(&self, query: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
        let mut db = self.inner.readers.get().map_err(|error| Error::Unavailable(error.into()))?;
        query(&mut db)
    }

    /// Changes on this thread, in one transaction.
    pub fn write_now<T>(&self, change: impl Fn(&mut Db) -> Result<T>) -> Result<T> {
        let value = write(&mut *self.writer()?, change)?;
        self.inner.wake.send_modify(|count| *count = count.wrapping_add(1));
        Ok(value)
    }

    /// Runs `work` while no commit waits for the disk: for a database that can be made again from nothing.
    /// On PostgreSQL it is just run.
    pub fn unsynced<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.set_sync("OFF")?;
        let done = work();
        self.set_sync("FULL")?;
        done
    }

    fn set_sync(&self, level: &str) -> Result<()> {
        use diesel::connection::SimpleConnection;
        let mut db = self.writer()?;
        if let Db::Sqlite(lite) = &mut *db {
            lite.batch_execute(&format!("PRAGMA synchronous = {level}"))?;
        }
        Ok(())
    }

    /// The whole of a SQLite database as a script that [`Store::read_script`] reads.
    ///
    /// # Errors
    /// PostgreSQL has tools of its own.
    pub fn script(&self) -> Result<String> {
        match &mut *self.writer()? {
            Db::Sqlite(lite) => script::write(lite),
            Db::Pg(_) => Err(Error::internal("only a SQLite database is written as a script")),
        }
    }

    /// Makes an empty SQLite database what a script says.
    pub fn read_script(&self, text: &str) -> Result<()> {
        match &mut *self.writer()? {
            Db::Sqlite(lite) => script::read(lite, text),
            Db::Pg(_) => Err(Error::internal("only a SQLite database is read from a script")),
        }
    }

    /// A receiver that is told after each commit of this process.
    pub fn woken(&self) -> Woken {
        self.inner.wake.subscribe()
    }

    fn writer(&self) -> Result<PooledConnection<Manager>> {
        self.inner.writer.get().map_err(|error| Error::Unavailable(error.into()))
    }
}

fn pool(target: &Target, size: u32) -> Result<Pool<Manager>> {
    let pool = Pool::builder()
        .max_size(size)
        .min_idle(Some(1))
        .thread_pool(Arc::clone(&OPENERS))
        .connection_timeout(PATIENCE)
        .test_on_check_out(target.kind() == Kind::Postgres)
        .build(Manager(target.clone()));
    pool.map_err(|error| Error::Unavailable(error.into()))
}

fn places(count: u32) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(usize::try_from(count).unwrap_or(1)))
}

async fn crossing<T: Send + 'static>(
    places: &Arc<Semaphore>,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let place = match Arc::clone(places).try_acquire_owned() {
        Ok(place) => place,
        Err(_) => wait_for(places).await?,
    };
    let work = move || {
        let done = work();
        drop(place);
        done
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

async fn wait_for(places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit> {
    let waiting = tokio::time::timeout(PATIENCE, Arc::clone(places).acquire_owned());
    waiting.await.map_err(|late| Error::Unavailable(late.into()))?.map_err(Error::internal)
}
