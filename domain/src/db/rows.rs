//! Rows out of one database and into another, whichever the two are: a row is one line of JSON, written the
//! same by SQLite and PostgreSQL, so that two tables can be compared by their lines. The tables are those
//! that the database has, not those of our schema: a backup is made before an upgrade, too.

use diesel::connection::DefaultLoadingMode;
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::{Db, Kind};
use crate::error::Result;

mod columns;

pub use columns::Table;

/// So much text is given to one `INSERT`.
const BATCH_BYTES: usize = 1 << 20;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = Nullable<BigInt>)]
    number: Option<i64>,
}

#[derive(QueryableByName)]
struct ForeignKey {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    on_table: String,
    #[diesel(sql_type = Text)]
    definition: String,
}

/// Reads everything as it is at one moment, while others go on writing.
pub fn snapshot<T>(db: &mut Db, read: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
    match db {
        Db::Sqlite(_) => diesel::sql_query("BEGIN").execute(db).map(drop)?,
        Db::Pg(_) => {
            let sql = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
            diesel::sql_query(sql).execute(db).map(drop)?;
        }
    }
    let outcome = read(db);
    let ended = diesel::sql_query("ROLLBACK").execute(db);
    let value = outcome?;
    ended?;
    Ok(value)
}

/// The tables of a database by name, each with its columns; none in a database that is new.
pub fn tables(db: &mut Db) -> Result<Vec<Table>> {
    columns::tables(db)
}

/// Gives every row of a table to `take`, in the order of its key; returns how many there were.
pub fn each(db: &mut Db, table: &Table, mut take: impl FnMut(&str) -> Result<()>) -> Result<u64> {
    let query = diesel::sql_query(table.select(db.kind()));
    let mut count = 0;
    match db {
        Db::Sqlite(lite) => {
            for row in query.load_iter::<Line, DefaultLoadingMode>(lite)? {
                take(&row?.line)?;
                count += 1;
            }
        }
        Db::Pg(pg) => {
            for row in query.load_iter::<Line, PgRowByRowLoadingMode>(pg)? {
                take(&row?.line)?;
                count += 1;
            }
        }
    }
    Ok(count)
}

/// Puts lines into a table, in few statements. What is left is put by [`Inserter::end`].
pub struct Inserter<'a> {
    table: &'a Table,
    batch: String,
}

impl<'a> Inserter<'a> {
    /// For a table that is there.
    pub fn new(table: &'a Table) -> Self {
        Self { table, batch: String::new() }
    }

    /// One row more.
    pub fn put(&mut self, tx: &mut Db, line: &str) -> Result<()> {
        self.batch.push(if self.batch.is_empty() { '[' } else { ',' });
        self.batch.push_str(line);
        if self.batch.len() >= BATCH_BYTES { self.flush(tx) } else { Ok(()) }
    }

    /// Puts the rest.
    pub fn end(mut self, tx: &mut Db) -> Result<()> {
        self.flush(tx)
    }

    fn flush(&mut self, tx: &mut Db) -> Result<()> {
        if self.batch.is_empty() {
            return Ok(());
        }
        self.batch.push(']');
        diesel::sql_query(self.table.insert(tx.kind())).bind::<Text, _>(&self.batch).execute(tx)?;
        self.batch.clear();
        Ok(())
    }
}

/// Fills tables in any order: what points at what is looked at when all is there.
///
/// PostgreSQL takes the keys away and adds them again, which checks them all at once; SQLite waits for the
/// commit.
pub fn filling<T>(tx: &mut Db, fill: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
    if tx.kind() == Kind::Sqlite {
        diesel::sql_query("PRAGMA defer_foreign_keys = ON").execute(tx)?;
        return fill(tx);
    }
    let keys = foreign_keys(tx)?;
    for ForeignKey { name, on_table, .. } in &keys {
        diesel::sql_query(format!("ALTER TABLE {on_table} DROP CONSTRAINT \"{name}\"")).execute(tx)?;
    }
    let value = fill(tx)?;
    for ForeignKey { name, on_table, definition } in &keys {
        let sql = format!("ALTER TABLE {on_table} ADD CONSTRAINT \"{name}\" {definition}");
        diesel::sql_query(sql).execute(tx)?;
    }
    Ok(value)
}

fn foreign_keys(tx: &mut Db) -> Result<Vec<ForeignKey>> {
    let sql = "SELECT conname::text AS name, conrelid::regclass::text AS on_table, \
               pg_get_constraintdef(oid) AS definition FROM pg_constraint \
               WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY conname";
    Ok(diesel::sql_query(sql).load(tx)?)
}

/// The last id that a table gave, though its row be gone; none where it gives none.
pub fn last_id(db: &mut Db, table: &Table) -> Result<Option<i64>> {
    if !table.gives_ids() {
        return Ok(None);
    }
    let sql = match db.kind() {
        Kind::Sqlite => "SELECT MAX(seq) AS number FROM sqlite_sequence WHERE name = $1",
        Kind::Postgres => {
            "SELECT MAX(last_value) AS number FROM pg_sequences WHERE schemaname = current_schema() AND \
             format('%I.%I', schemaname, sequencename) = pg_get_serial_sequence($1, 'id')"
        }
    };
    let row: Number = diesel::sql_query(sql).bind::<Text, _>(&table.name).get_result(db)?;
    Ok(row.number.filter(|last| *last > 0))
}

/// Lets a table go on giving ids after this one.
pub fn go_on_after(tx: &mut Db, table: &Table, last: i64) -> Result<()> {
    let statements: &[&str] = match tx.kind() {
        Kind::Sqlite => &[
            "DELETE FROM sqlite_sequence WHERE name = $1 AND $2 > 0",
            "INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)",
        ],
        Kind::Postgres => &["SELECT setval(pg_get_serial_sequence($1, 'id'), $2)"],
    };
    for sql in statements {
        diesel::sql_query(*sql).bind::<Text, _>(&table.name).bind::<BigInt, _>(last).execute(tx)?;
    }
    Ok(())
}
