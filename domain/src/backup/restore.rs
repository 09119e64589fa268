//! Bringing a backup back, into a database that is new and a place for files that is empty.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use futures::StreamExt;
use object_store::path::Path as Name;
use object_store::{ObjectStore, ObjectStoreExt};

use super::archive::{self, FILES, ROWS};
use super::carry::{fill, must_be_new};
use super::manifest::Manifest;
use super::{audit_faults, damaged, unavailable};
use crate::db::{Kind, migrate, rows};
use crate::{Db, Error, Result, Store, check};

/// Where the bytes of an attachment lie in the archive.
struct Place {
    name: String,
    at: u64,
    bytes: u64,
}

/// Restores a backup, brings its schema up to date and checks all of it.
///
/// # Errors
/// The rules `backup.damaged`, `backup.newer`, `backup.not_empty`, `backup.files_not_empty`, and
/// `backup.unsound` where something does not agree that should.
pub async fn restore(store: &Store, files: &dyn ObjectStore, file: &Path) -> Result<Manifest> {
    let (path, target) = (file.to_owned(), store.clone());
    let manifest = off_thread(move || {
        let manifest = readable(&path, target.kind())?;
        target.write_now(must_be_new)?;
        Ok(manifest)
    })
    .await?;
    if files.list(None).next().await.is_some() {
        return Err(Error::refused("backup.files_not_empty", vec![]));
    }
    put_files(files, file).await?;
    let (path, target, listed) = (file.to_owned(), store.clone(), manifest.clone());
    off_thread(move || put_rows(&target, &path, &listed)).await?;
    let faults = check::everything(store, files).await?;
    sound(faults, &manifest)?;
    Ok(manifest)
}

/// Restores the rows of a backup into a database that is thrown away, and checks them: whether it would work.
pub fn rehearse(store: &Store, file: &Path) -> Result<Manifest> {
    let manifest = readable(file, store.kind())?;
    store.write_now(must_be_new)?;
    put_rows(store, file, &manifest)?;
    sound(store.read_now(check::all_rows)?, &manifest)?;
    Ok(manifest)
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// A whole backup of a version that we know.
fn readable(file: &Path, kind: Kind) -> Result<Manifest> {
    let manifest = archive::verify(file)?;
    let known = migrate::known(kind)?;
    let all_known = manifest.migrations.iter().all(|version| known.contains(version));
    if all_known { Ok(manifest) } else { Err(Error::refused("backup.newer", vec![])) }
}

/// All rows or none; then the migrations that have come since.
fn put_rows(store: &Store, file: &Path, manifest: &Manifest) -> Result<()> {
    store.write_now(|tx| {
        migrate::run(tx, |version| manifest.migrations.iter().any(|known| known == version))?;
        rows::filling(tx, |tx| fill_all(tx, file, manifest))?;
        match audit_faults(tx, manifest)?.first() {
            None => Ok(()),
            Some(fault) => Err(Error::internal(fault.clone())),
        }
    })?;
    store.migrate().map(drop)
}

fn fill_all(tx: &mut Db, file: &Path, manifest: &Manifest) -> Result<()> {
    let mut tables = manifest.tables.iter();
    archive::parts(file, |name, part| {
        if !name.starts_with(ROWS) {
            return Ok(());
        }
        let table = tables.next().ok_or_else(|| damaged(name))?;
        let put = fill(tx, &table.name, &table.columns, table.last_id, |take| {
            archive::lines(name, part, |line| take(line))
        })?;
        if put == *table { Ok(()) } else { Err(damaged(name)) }
    })
}

async fn put_files(files: &dyn ObjectStore, file: &Path) -> Result<()> {
    let path = file.to_owned();
    let places = off_thread(move || places(&path)).await?;
    for place in places {
        let (path, name) = (file.to_owned(), Name::from(place.name.as_str()));
        let bytes = off_thread(move || read_at(&path, &place)).await?;
        files.put(&name, bytes.into()).await.map_err(|error| Error::Unavailable(error.into()))?;
    }
    Ok(())
}

fn places(file: &Path) -> Result<Vec<Place>> {
    let mut places = Vec::new();
    archive::parts(file, |name, part| {
        if let Some(name) = name.strip_prefix(FILES) {
            places.push(Place { name: name.to_owned(), at: part.raw_file_position(), bytes: part.size() });
        }
        Ok(())
    })?;
    Ok(places)
}

fn read_at(file: &PathBuf, place: &Place) -> Result<Vec<u8>> {
    let mut opened = File::open(file).map_err(unavailable)?;
    opened.seek(SeekFrom::Start(place.at)).map_err(unavailable)?;
    let mut bytes = Vec::new();
    opened.take(place.bytes).read_to_end(&mut bytes).map_err(unavailable)?;
    Ok(bytes)
}

/// An attachment that was gone when the backup was made is no fault of the backup.
fn sound(faults: Vec<String>, manifest: &Manifest) -> Result<()> {
    let known = |fault: &String| manifest.missing.iter().any(|name| fault.contains(name));
    let new: Vec<String> = faults.into_iter().filter(|fault| !known(fault)).collect();
    match new.first() {
        None => Ok(()),
        Some(first) => {
            let args = vec![("count", new.len().to_string()), ("first", first.clone())];
            Err(Error::refused("backup.unsound", args))
        }
    }
}
