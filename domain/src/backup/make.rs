//! Making a backup of a portal that goes on running.

use std::path::{Path, PathBuf};

use diesel::prelude::*;
use object_store::path::Path as Name;
use object_store::{ObjectStore, ObjectStoreExt};

use super::archive::{FILES, Lines, Writer};
use super::manifest::{FORMAT, Head, Manifest, TableRows};
use super::{archive, unavailable, unfinished};
use crate::db::schema::{attachments, audit_heads};
use crate::db::{Kind, migrate, rows};
use crate::{Db, Error, Instant, Result, Store};

/// Writes a backup to `file` and reads it back to its end. The file has its name when it is whole.
///
/// The rows are those of one moment. A file is written before the row that names it, so the files that the
/// rows name are copied after them; what is gone by then is listed as missing.
pub async fn make(
    store: &Store,
    files: &dyn ObjectStore,
    file: &Path,
    real_now: Instant,
) -> Result<Manifest> {
    let part = unfinished(file);
    let written = write(store, files, &part, real_now).await;
    let verified = match written {
        Ok(()) => check_and_name(part.clone(), file.to_owned()).await,
        Err(error) => Err(error),
    };
    if verified.is_err() && part.exists() {
        std::fs::remove_file(&part).map_err(unavailable)?;
    }
    verified
}

async fn write(store: &Store, files: &dyn ObjectStore, part: &Path, real_now: Instant) -> Result<()> {
    let target = part.to_owned();
    let (mut writer, mut manifest, names) = store
        .read(move |db| {
            let mut writer = Writer::create(&target)?;
            let (manifest, names) =
                rows::snapshot(db, |db| Ok((write_rows(db, &mut writer, real_now)?, file_names(db)?)))?;
            Ok((writer, manifest, names))
        })
        .await?;
    for name in names {
        match files.get(&Name::from(name.as_str())).await {
            Ok(found) => {
                let bytes = found.bytes().await.map_err(|error| Error::Unavailable(error.into()))?;
                writer.bytes(&format!("{FILES}{name}"), &bytes)?;
            }
            Err(object_store::Error::NotFound { .. }) => manifest.missing.push(name),
            Err(error) => return Err(Error::Unavailable(error.into())),
        }
    }
    writer.end(manifest)
}

async fn check_and_name(part: PathBuf, file: PathBuf) -> Result<Manifest> {
    let checked = tokio::task::spawn_blocking(move || {
        let manifest = archive::verify(&part)?;
        std::fs::rename(&part, &file).map_err(unavailable)?;
        Ok(manifest)
    });
    checked.await.map_err(Error::internal)?
}

fn write_rows(db: &mut Db, writer: &mut Writer, real_now: Instant) -> Result<Manifest> {
    let mut tables = Vec::new();
    for table in rows::tables(db)? {
        let mut sum = Lines::default();
        writer.rows(&table.name, |take| {
            let counted = rows::each(db, &table, |line| {
                sum.saw(line);
                take(line)
            });
            counted.map(drop)
        })?;
        tables.push(TableRows {
            name: table.name.clone(),
            columns: table.columns(),
            rows: sum.rows,
            sha256: sum.sha256(),
            last_id: rows::last_id(db, &table)?,
        });
    }
    Ok(Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: real_now,
        database: if db.kind() == Kind::Sqlite { "sqlite" } else { "postgres" }.to_owned(),
        migrations: migrate::applied(db)?,
        audit: heads(db)?,
        tables,
        parts: Vec::new(),
        missing: Vec::new(),
    })
}

fn heads(db: &mut Db) -> Result<Vec<Head>> {
    let rows: Vec<(i64, i64, String)> = audit_heads::table
        .order(audit_heads::chain)
        .select((audit_heads::chain, audit_heads::seq, audit_heads::hash))
        .load(db)?;
    Ok(rows.into_iter().map(|(chain, seq, hash)| Head { chain, seq, hash }).collect())
}

/// Every file that a row names, with its thumbnail.
fn file_names(db: &mut Db) -> Result<Vec<String>> {
    let rows: Vec<(String, Option<String>)> = attachments::table
        .order(attachments::id)
        .select((attachments::file, attachments::thumbnail))
        .load(db)?;
    Ok(rows.into_iter().flat_map(|(file, thumbnail)| [Some(file), thumbnail]).flatten().collect())
}
