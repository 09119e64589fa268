//! Opening connections: the URL's scheme decides, and each database gets what it needs to be safe.

use diesel::connection::{Connection, SimpleConnection};
use diesel::pg::PgConnection;
use diesel::r2d2::ManageConnection;
use diesel::sqlite::SqliteConnection;

use super::{Db, Kind};
use crate::error::{Cause, Error, Result};

/// Where the database is.
#[derive(Debug, Clone)]
pub(super) enum Target {
    Sqlite(String),
    Postgres(String),
}

impl Target {
    /// Parses a database URL; a mistyped scheme is an error and never becomes a file.
    pub(super) fn parse(url: &str) -> Result<Self> {
        if let Some(path) = url.strip_prefix("sqlite://") {
            let good = !path.is_empty() && !path.contains('?');
            return good.then(|| Self::Sqlite(path.to_owned())).ok_or_else(|| wrong(url));
        }
        let postgres = url.starts_with("postgres://") || url.starts_with("postgresql://");
        postgres.then(|| Self::Postgres(url.to_owned())).ok_or_else(|| wrong(url))
    }

    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Sqlite(_) => Kind::Sqlite,
            Self::Postgres(_) => Kind::Postgres,
        }
    }
}

fn wrong(url: &str) -> Error {
    let scheme = url.split_once("://").map_or("none", |(scheme, _)| scheme);
    let text = format!("DATABASE_URL must begin with sqlite:// or postgres:// (its scheme is {scheme:?})");
    Error::internal(text)
}

/// SQLite for safety before speed: a full sync at each commit, foreign keys, no waiting for ever.
const PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
    PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000;";

pub(super) fn connect(target: &Target) -> Result<Db, Cause> {
    match target {
        Target::Sqlite(path) => {
            let mut lite = SqliteConnection::establish(path)?;
            lite.batch_execute(PRAGMAS)?;
            Ok(Db::Sqlite(lite))
        }
        Target::Postgres(url) => {
            let mut pg = PgConnection::establish(url)?;
            pg.batch_execute("SET TIME ZONE 'UTC'; SET lock_timeout = '10s';")?;
            Ok(Db::Pg(pg))
        }
    }
}

/// Makes and checks the pool's connections.
pub(super) struct Manager(pub(super) Target);

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct ConnectError(Cause);

impl ManageConnection for Manager {
    type Connection = Db;
    type Error = ConnectError;

    fn connect(&self) -> Result<Db, ConnectError> {
        connect(&self.0).map_err(ConnectError)
    }

    fn is_valid(&self, db: &mut Db) -> Result<(), ConnectError> {
        db.batch_execute("SELECT 1").map_err(|error| ConnectError(error.into()))
    }

    fn has_broken(&self, db: &mut Db) -> bool {
        use diesel::connection::TransactionManager;
        std::thread::panicking() || <Db as Connection>::TransactionManager::is_broken_transaction_manager(db)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_scheme_never_becomes_a_file() {
        for bad in ["sqlit://a.db", "a.db", "postgre://h/db", "mysql://h/db", "sqlite://", "sqlite:a.db", ""]
        {
            assert!(Target::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Target::parse("sqlite://data/linli.db").unwrap().kind(), Kind::Sqlite);
        assert_eq!(Target::parse("postgresql://u@h/db").unwrap().kind(), Kind::Postgres);
    }
}
