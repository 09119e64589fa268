//! What other processes enqueue is noticed at once: on PostgreSQL by LISTEN on a connection of its own, on
//! SQLite by the file's data version. Both are looked at every 50 ms on a thread, without asking the
//! server or the disk for anything; a poll of a second is the net under it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Builder, sleep};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Integer;
use domain::error::Cause;
use tokio::sync::Notify;

const LOOK: Duration = Duration::from_millis(50);
/// Looks between two attempts to connect again: 5 s.
const LOOKS_BEFORE_AGAIN: u32 = 100;

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
    for _ in 0..LOOKS_BEFORE_AGAIN {
        if !over.load(Ordering::Relaxed) {
            sleep(LOOK);
        }
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
        let mut looks: u32 = 0;
        while !over.load(Ordering::Relaxed) {
            if self.saw_something()? {
                nudge.notify_one();
            }
            looks = looks.wrapping_add(1);
            if looks.is_multiple_of(600) {
                self.test()?;
            }
            sleep(LOOK);
        }
        Ok(())
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

    /// A server that is gone without a word is found out every 30 s.
    fn test(&mut self) -> Result<(), Cause> {
        if let Self::Postgres(pg) = self {
            pg.batch_execute("SELECT 1")?;
        }
        Ok(())
    }
}
