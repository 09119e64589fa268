//! Rows from somewhere into a database that is new: from a backup, or from another database.

use std::cell::RefCell;

use super::archive::Lines;
use super::manifest::TableRows;
use crate::db::{migrate, rows};
use crate::{Db, Error, Result, Store};

/// Moves every row to another database, which has to be new; returns how many. What others write meanwhile
/// stays behind, so nobody should.
///
/// # Errors
/// The rule `backup.not_empty`, and rows that are not the same afterwards; nothing is there then.
pub fn move_to(from: &Store, to: &Store) -> Result<u64> {
    to.write_now(must_be_new)?;
    from.read_now(|from| {
        rows::snapshot(from, |from| {
            let versions = migrate::applied(from)?;
            let tables = rows::tables(from)?;
            // The change may run twice, and reads from the same place each time.
            let from = RefCell::new(from);
            to.write_now(|tx| {
                migrate::run(tx, |version| versions.iter().any(|known| known == version))?;
                rows::filling(tx, |tx| copy_all(&mut from.borrow_mut(), tx, &tables))
            })
        })
    })
}

fn copy_all(from: &mut Db, tx: &mut Db, tables: &[rows::Table]) -> Result<u64> {
    let mut count = 0;
    for table in tables {
        let last_id = rows::last_id(from, table)?;
        let put = fill(tx, &table.name, &table.columns(), last_id, |take| {
            rows::each(from, table, |line| take(line)).map(drop)
        })?;
        count += put.rows;
    }
    Ok(count)
}

/// Only a database without a single table is new: one of a running portal has them all.
pub(super) fn must_be_new(db: &mut Db) -> Result<()> {
    if rows::tables(db)?.is_empty() { Ok(()) } else { Err(Error::refused("backup.not_empty", vec![])) }
}

/// What takes a line.
pub(super) type Take<'a> = &'a mut dyn FnMut(&str) -> Result<()>;

/// Fills one table with what `give` gives, and reads it back: the database has to say the same.
pub(super) fn fill(
    tx: &mut Db,
    name: &str,
    columns: &[String],
    last_id: Option<i64>,
    give: impl FnOnce(Take<'_>) -> Result<()>,
) -> Result<TableRows> {
    let table = rows::tables(tx)?.into_iter().find(|table| table.name == name);
    let table = table.ok_or_else(|| Error::internal(format!("no table {name}")))?.in_order(columns)?;
    let mut inserter = rows::Inserter::new(&table);
    let mut sum = Lines::default();
    give(&mut |line| {
        sum.saw(line);
        inserter.put(tx, line)
    })?;
    inserter.end(tx)?;
    if let Some(last) = last_id {
        rows::go_on_after(tx, &table, last)?;
    }
    let given = TableRows {
        name: name.to_owned(),
        columns: columns.to_vec(),
        rows: sum.rows,
        sha256: sum.sha256(),
        last_id,
    };
    let found = rows_of(tx, &table)?;
    if found == given { Ok(given) } else { Err(Error::internal(format!("{name}: {found:?}, not {given:?}"))) }
}

/// What a table has, by its lines.
fn rows_of(db: &mut Db, table: &rows::Table) -> Result<TableRows> {
    let mut sum = Lines::default();
    rows::each(db, table, |line| {
        sum.saw(line);
        Ok(())
    })?;
    Ok(TableRows {
        name: table.name.clone(),
        columns: table.columns(),
        rows: sum.rows,
        sha256: sum.sha256(),
        last_id: rows::last_id(db, table)?,
    })
}
