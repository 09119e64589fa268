//! What is true of this installation as a whole: whether its database is a sandbox, for rehearsals.

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::db::schema::installation;
use crate::{Db, Result};

const SANDBOX: &str = "sandbox";

/// Whether the database was made for rehearsals: only there a set clock is honoured.
pub fn is_sandbox(db: &mut Db) -> Result<bool> {
    let value: Option<String> =
        installation::table.find(SANDBOX).select(installation::value).first(db).optional()?;
    Ok(value.as_deref() == Some("yes"))
}

/// Whether anything was ever put into this database: only an empty one can become a sandbox.
pub fn is_empty(db: &mut Db) -> Result<bool> {
    use crate::db::schema::{communities, people};
    let communities: i64 = communities::table.count().get_result(db)?;
    let people: i64 = people::table.count().get_result(db)?;
    Ok(communities == 0 && people == 0)
}

/// Marks the database as a sandbox, for good.
pub fn make_sandbox(tx: &mut Db) -> Result<()> {
    let sql = "INSERT INTO installation (name, value) VALUES ($1, 'yes') ON CONFLICT (name) DO NOTHING";
    diesel::sql_query(sql).bind::<Text, _>(SANDBOX).execute(tx)?;
    Ok(())
}
