//! What other processes enqueue is noticed at once: on PostgreSQL by LISTEN on a connection of its own, on
//! SQLite by the file's data version. Both are looked at on a thread, every 10 and every 50 ms, without asking
//! the server or the disk for anything; a poll of a second is the net under it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Builder, sleep};
use std::time::{Duration, Instant as Stopwatch};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Integer;
use domain::error::Cause;
use tokio::sync::Notify;

/// A look at a file's version takes its lock for a moment.
const LOOK_AT_FILE: Duration = Duration::from_millis(50);
/// A look at what the server has sent is one system call, and what is told there waits for the next look.
const LOOK_AT_SERVER: Duration = Duration::from_millis(10);
/// A server that is gone without a word is found out after so long.
const TEST_EVERY: Duration = Duration::from_secs(30);
/// Between two attempts to connect again.
const REST: Duration = Duration::from_secs(5);

/// Watches until it is dropped.
pub(crate) struct Watch {
    over: Arc<AtomicBool>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

/// Tells `nudge` when another process may have enqueued something in the database of `url`.
pub(crate) fn start(url: String, nudge: Arc<Notify>) -> std::io::Result<Watch> {
    let over = Arc::new(AtomicBool::new(false));
    let watching = over.clone();
    Builder::new().name("watch".to_owned()).spawn(move || watch(&url, &nudge, &watching))?;
    Ok(Watch { over })
}

fn watch(url: &str, nudge: &Notify, over: &AtomicBool) {
    while !over.load(Ordering::Relaxed) {
        if let Err(error) = Eye::open(url).and_then(|eye| eye.look(nudge, over)) {
            tracing::warn!(%error, "other processes' jobs are noticed late until this connection is back");
            rest(over);
        }
    }
}

fn rest(over: &AtomicBool) {
    let rested = Stopwatch::now();
    while rested.elapsed() < REST && !over.load(Ordering::Relaxed) {
        sleep(LOOK_AT_FILE);
    }
}

enum Eye {
    Sqlite(SqliteConnection, i32),
    Postgres(PgConnection),
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = Integer)]
    data_version: i32,
}

impl Eye {
    fn open(url: &str) -> Result<Self, Cause> {
        match url.strip_prefix("sqlite://") {
            Some(path) => {
                let mut lite = SqliteConnection::establish(path)?;
                lite.batch_execute("PRAGMA busy_timeout = 1000;")?;
                Ok(Self::Sqlite(lite, 0))
            }
            None => {
                let mut pg = PgConnection::establish(url)?;
                pg.batch_execute("LISTEN linli_jobs")?;
                Ok(Self::Postgres(pg))
            }
        }
    }

    fn look(mut self, nudge: &Notify, over: &AtomicBool) -> Result<(), Cause> {
        let pause = self.pause();
        let mut tested = Stopwatch::now();
        while !over.load(Ordering::Relaxed) {
            if self.saw_something()? {
                nudge.notify_one();
            }
            if tested.elapsed() > TEST_EVERY {
                self.test()?;
                tested = Stopwatch::now();
            }
            sleep(pause);
        }
        Ok(())
    }

    fn pause(&self) -> Duration {
        match self {
            Self::Sqlite(..) => LOOK_AT_FILE,
            Self::Postgres(_) => LOOK_AT_SERVER,
        }
    }

    fn saw_something(&mut self) -> Result<bool, Cause> {
        match self {
            Self::Sqlite(lite, seen) => {
                let now: Version = diesel::sql_query("PRAGMA data_version").get_result(lite)?;
                Ok(std::mem::replace(seen, now.data_version) != now.data_version)
            }
            Self::Postgres(pg) => {
                let notices = pg.notifications_iter().collect::<Result<Vec<_>, _>>()?;
                Ok(!notices.is_empty())
            }
        }
    }

    fn test(&mut self) -> Result<(), Cause> {
        if let Self::Postgres(pg) = self {
            pg.batch_execute("SELECT 1")?;
        }
        Ok(())
    }
}
