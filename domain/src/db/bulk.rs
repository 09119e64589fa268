//! Many rows at once: statements of a thousand rows, and ids taken before the rows are written, so that
//! rows that point at each other can be made in memory first.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::{Db, Kind};
use crate::error::{Error, Result};

/// Rows a statement: below the 32,766 parameters of SQLite for rows of up to 32 columns.
pub(crate) const BATCH: usize = 1_000;

/// Inserts rows of an `Insertable` in batches; with `or_leave`, those that are not there yet.
macro_rules! insert_all {
    ($tx:expr, $table:expr, $rows:expr, or_leave) => {
        match &mut *$tx {
            // One statement that stays prepared is faster than a long one that is written anew.
            $crate::db::Db::Sqlite(lite) => {
                for row in &$rows {
                    diesel::insert_into($table).values(row).on_conflict_do_nothing().execute(lite)?;
                }
            }
            $crate::db::Db::Pg(pg) => {
                for chunk in $rows.chunks($crate::db::bulk::BATCH) {
                    diesel::insert_into($table).values(chunk).on_conflict_do_nothing().execute(pg)?;
                }
            }
        }
    };
    ($tx:expr, $table:expr, $rows:expr) => {
        for chunk in $rows.chunks($crate::db::bulk::BATCH) {
            match &mut *$tx {
                $crate::db::Db::Sqlite(lite) => diesel::insert_into($table).values(chunk).execute(lite)?,
                $crate::db::Db::Pg(pg) => diesel::insert_into($table).values(chunk).execute(pg)?,
            };
        }
    };
}
pub(crate) use insert_all;

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Takes `count` ids of a table that nobody else will get.
///
/// SQLite's writer is alone, so the ids after the last one given are its own.
pub(crate) fn take_ids(tx: &mut Db, table: &'static str, count: usize) -> Result<Vec<i64>> {
    let count = i64::try_from(count).map_err(Error::internal)?;
    if tx.kind() == Kind::Postgres {
        let sql = "SELECT nextval(pg_get_serial_sequence($1, 'id')) AS id FROM generate_series(1, $2)";
        let ids: Vec<Id> = diesel::sql_query(sql).bind::<Text, _>(table).bind::<BigInt, _>(count).load(tx)?;
        return Ok(ids.into_iter().map(|row| row.id).collect());
    }
    let sql = "SELECT COALESCE(MAX(seq), 0) AS id FROM sqlite_sequence WHERE name = $1";
    let last: Id = diesel::sql_query(sql).bind::<Text, _>(table).get_result(tx)?;
    Ok((last.id + 1..=last.id + count).collect())
}
