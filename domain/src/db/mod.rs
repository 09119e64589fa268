//! The database: SQLite or PostgreSQL, chosen by its URL. Reads take a bare connection, every change
//! goes through [`write`]; nothing outside this module knows which of the two it is.

pub(crate) mod bulk;
mod connect;
mod kept;
pub(crate) mod migrate;
pub mod rows;
#[expect(missing_docs, reason = "the migrations say what each table and column is")]
pub mod schema;
mod script;
mod store;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::result::{DatabaseErrorKind, Error as Diesel};

pub(crate) use kept::{Kept, directly};
pub use store::{Store, Woken};

use crate::error::{Error, Result};

pub use multi::Db;

mod multi {
    use diesel::pg::PgConnection;
    use diesel::sqlite::SqliteConnection;

    /// One connection to either database.
    #[derive(diesel::MultiConnection)]
    pub enum Db {
        /// A file of one community.
        Sqlite(SqliteConnection),
        /// A server of a company.
        Pg(PgConnection),
    }
}

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// SQLite, bundled.
    Sqlite,
    /// PostgreSQL, over libpq.
    Postgres,
}

impl Db {
    /// Which database this connection leads to.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Sqlite(_) => Kind::Sqlite,
            Self::Pg(_) => Kind::Postgres,
        }
    }
}

/// How often a change is tried again where PostgreSQL found two in each other's way.
const TRIES: u32 = 8;

/// Runs `change` in one transaction: all of it, or nothing.
///
/// SQLite begins IMMEDIATE, as a transaction that turns to writing later fails at once as *locked*.
/// PostgreSQL tries again after a serialization failure or a deadlock, so `change` can run twice and
/// must do nothing outside the database.
pub fn write<T>(db: &mut Db, change: impl Fn(&mut Db) -> Result<T>) -> Result<T> {
    let mut tries = 0;
    loop {
        tries += 1;
        match attempt(db, &change) {
            Err(error) if tries < TRIES && is_clash(&error) => continue,
            outcome => return outcome,
        }
    }
}

fn attempt<T>(db: &mut Db, change: &impl Fn(&mut Db) -> Result<T>) -> Result<T> {
    begin(db)?;
    match change(db) {
        Ok(value) => {
            commit(db)?;
            Ok(value)
        }
        Err(error) => {
            if let Err(failed) = rollback(db) {
                tracing::warn!(%failed, "a rollback failed");
            }
            Err(error)
        }
    }
}

fn begin(db: &mut Db) -> Result<()> {
    match db {
        Db::Sqlite(lite) => AnsiTransactionManager::begin_transaction_sql(lite, "BEGIN IMMEDIATE")?,
        Db::Pg(pg) => AnsiTransactionManager::begin_transaction(pg)?,
    }
    Ok(())
}

fn commit(db: &mut Db) -> Result<()> {
    match db {
        Db::Sqlite(lite) => AnsiTransactionManager::commit_transaction(lite)?,
        Db::Pg(pg) => AnsiTransactionManager::commit_transaction(pg)?,
    }
    Ok(())
}

fn rollback(db: &mut Db) -> Result<(), Diesel> {
    match db {
        Db::Sqlite(lite) => AnsiTransactionManager::rollback_transaction(lite),
        Db::Pg(pg) => AnsiTransactionManager::rollback_transaction(pg),
    }
}

/// Reads all that a page shows. On SQLite it is one state of the database, for the price of a lock that would else be
/// taken and given back by each statement; on PostgreSQL, where it would take two more ways to the server, each
/// statement sees what is there by then.
pub fn together<T>(db: &mut Db, read: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
    if db.kind() == Kind::Postgres {
        return read(db);
    }
    db.batch_execute("BEGIN")?;
    let seen = read(db);
    db.batch_execute("ROLLBACK")?;
    seen
}

/// Whether two changes met (40001, 40P01) and one has to be tried again.
fn is_clash(error: &Error) -> bool {
    let Error::Internal(cause) = error else { return false };
    match cause.downcast_ref::<Diesel>() {
        Some(Diesel::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => true,
        Some(Diesel::DatabaseError(_, info)) => info.message().contains("deadlock detected"),
        _ => false,
    }
}

/// Whether a statement failed on a unique key: somebody else made the same thing first.
pub fn is_unique_violation(error: &Diesel) -> bool {
    matches!(error, Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, _))
}

/// Locks one row of `table` until the transaction ends; on SQLite the writer has everything anyway.
///
/// # Errors
/// [`Error::NotFound`] where there is no such row.
pub fn lock(db: &mut Db, table: &'static str, id: i64) -> Result<()> {
    use diesel::prelude::*;
    use diesel::sql_types::BigInt;

    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        id: i64,
    }
    let suffix = if db.kind() == Kind::Postgres { " FOR UPDATE" } else { "" };
    let sql = format!("SELECT id FROM {table} WHERE id = $1{suffix}");
    let row: Row = diesel::sql_query(sql).bind::<BigInt, _>(id).get_result(db)?;
    debug_assert_eq!(row.id, id);
    Ok(())
}

/// Locks every row that `query` (a `SELECT`, in the order of its keys) finds, until the transaction ends;
/// on SQLite the writer has everything anyway.
pub fn lock_rows(db: &mut Db, query: &str) -> Result<()> {
    use diesel::prelude::*;
    if db.kind() == Kind::Postgres {
        diesel::sql_query(format!("{query} FOR UPDATE")).execute(db)?;
    }
    Ok(())
}

/// The size of the database, in bytes.
pub fn bytes(db: &mut Db) -> Result<i64> {
    use diesel::prelude::*;
    use diesel::sql_types::BigInt;

    #[derive(QueryableByName)]
    struct Size {
        #[diesel(sql_type = BigInt)]
        bytes: i64,
    }
    let sql = match db.kind() {
        Kind::Sqlite => "SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()",
        Kind::Postgres => "SELECT pg_database_size(current_database()) AS bytes",
    };
    let size: Size = diesel::sql_query(sql).get_result(db)?;
    Ok(size.bytes)
}

/// The last four characters of a text column, as the expression that its index has.
pub fn last_four(kind: Kind, column: &str) -> String {
    match kind {
        Kind::Sqlite => format!("substr({column}, -4)"),
        Kind::Postgres => format!("right({column}, 4)"),
    }
}

/// The day of the month of a date column, as an expression with a whole number.
pub fn day_of_month(kind: Kind, column: &str) -> String {
    match kind {
        Kind::Sqlite => format!("CAST(SUBSTR({column}, 9, 2) AS INTEGER)"),
        Kind::Postgres => format!("CAST(EXTRACT(DAY FROM {column}) AS BIGINT)"),
    }
}

#[cfg(test)]
mod tests;
