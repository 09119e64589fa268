//! Bringing the schema up to date: all that is pending in one transaction, so that an upgrade completes or
//! leaves everything as it was (promise P12).

use diesel::backend::Backend;
use diesel::migration::MigrationSource;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Db, Kind, write};
use crate::error::{Error, Result};

const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/postgres");

/// Two processes that start at once meet here on PostgreSQL; on SQLite the writer is alone.
const ONE_AT_A_TIME: &str = "SELECT pg_advisory_xact_lock(20261101)";

/// Runs what is pending; returns the versions that ran.
pub(super) fn up(db: &mut Db) -> Result<Vec<String>> {
    write(db, |tx| run(tx, |_| true))
}

/// Runs what is pending and `wanted`, in the transaction that is open.
pub(crate) fn run(tx: &mut Db, wanted: impl Fn(&str) -> bool) -> Result<Vec<String>> {
    if tx.kind() == Kind::Postgres {
        diesel::sql_query(ONE_AT_A_TIME).execute(tx)?;
    }
    match tx {
        Db::Sqlite(lite) => run_on(lite, SQLITE, wanted),
        Db::Pg(pg) => run_on(pg, POSTGRES, wanted),
    }
}

fn run_on<B: Backend>(
    tx: &mut impl MigrationHarness<B>,
    source: EmbeddedMigrations,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<String>>
where
    EmbeddedMigrations: MigrationSource<B>,
{
    let mut ran = Vec::new();
    for migration in tx.pending_migrations(source).map_err(Error::Internal)? {
        let version = migration.name().version().to_string();
        if wanted(&version) {
            tx.run_migration(&migration).map_err(Error::Internal)?;
            ran.push(version);
        }
    }
    Ok(ran)
}

/// Takes every migration back again.
pub(super) fn down(db: &mut Db) -> Result<()> {
    let undone = match db {
        Db::Sqlite(lite) => lite.revert_all_migrations(SQLITE).map(|_| ()),
        Db::Pg(pg) => pg.revert_all_migrations(POSTGRES).map(|_| ()),
    };
    undone.map_err(Error::Internal)
}

/// The versions that wait to be run, oldest first.
pub(super) fn pending(db: &mut Db) -> Result<Vec<String>> {
    match db {
        Db::Sqlite(lite) => pending_on(lite, SQLITE),
        Db::Pg(pg) => pending_on(pg, POSTGRES),
    }
}

fn pending_on<B: Backend>(
    db: &mut impl MigrationHarness<B>,
    source: EmbeddedMigrations,
) -> Result<Vec<String>>
where
    EmbeddedMigrations: MigrationSource<B>,
{
    let pending = db.pending_migrations(source).map_err(Error::Internal)?;
    Ok(pending.iter().map(|migration| migration.name().version().to_string()).collect())
}

/// The versions that this program knows, oldest first.
pub(crate) fn known(kind: Kind) -> Result<Vec<String>> {
    match kind {
        Kind::Sqlite => known_of::<diesel::sqlite::Sqlite>(SQLITE),
        Kind::Postgres => known_of::<diesel::pg::Pg>(POSTGRES),
    }
}

fn known_of<B: Backend>(source: EmbeddedMigrations) -> Result<Vec<String>>
where
    EmbeddedMigrations: MigrationSource<B>,
{
    let all = source.migrations().map_err(Error::Internal)?;
    let mut versions: Vec<String> = all.iter().map(|one| one.name().version().to_string()).collect();
    versions.sort();
    Ok(versions)
}

#[derive(QueryableByName)]
struct Applied {
    #[diesel(sql_type = Text)]
    version: String,
}

/// The versions that a database has, oldest first. It has to be one of ours.
pub(crate) fn applied(db: &mut Db) -> Result<Vec<String>> {
    let sql = "SELECT version FROM __diesel_schema_migrations ORDER BY version";
    let rows: Vec<Applied> = diesel::sql_query(sql).load(db)?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}
