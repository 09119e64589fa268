//! The year that is kept: the database and the photos of the day of the opening, packed into one file that the
//! binary carries. A heading of one line, then the database's script, then each picture once, all deflated.
//! It holds no account, no code, no key: those are made anew for each demo.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;

use domain::{Error, LocalDate, Result, Store};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};

use super::proof::Proof;

const KEPT: &[u8] = include_bytes!("../../../demo/year.gz");

/// What the heading says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Heading {
    /// The day on which it was opened.
    pub(super) opened_on: LocalDate,
    /// What the first days look like, to see whether the same seed still makes them.
    pub(super) proof: Proof,
    /// The size of the database's script.
    database: usize,
    /// The sizes of the pictures.
    pictures: Vec<usize>,
    /// Each file below the folder of files, and which picture it is.
    files: Vec<(String, usize)>,
}

/// The heading of what is kept.
pub(super) fn heading() -> Result<Heading> {
    read_heading(&mut BufReader::new(GzDecoder::new(KEPT)))
}

/// Fills an empty database, and the folder of its files, with what is kept.
pub(super) fn unpack(store: &Store, files: &Path) -> Result<()> {
    let mut from = BufReader::new(GzDecoder::new(KEPT));
    let heading = read_heading(&mut from)?;
    let script = String::from_utf8(take(&mut from, heading.database)?).map_err(broken)?;
    store.unsynced(|| store.read_script(&script))?;
    let sizes = heading.pictures.iter();
    let pictures: Vec<Vec<u8>> = sizes.map(|size| take(&mut from, *size)).collect::<Result<_>>()?;
    for (name, picture) in &heading.files {
        let path = files.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(broken)?;
        }
        let picture = pictures.get(*picture).ok_or_else(|| broken("a picture is missing"))?;
        fs::write(&path, picture).map_err(broken)?;
    }
    Ok(())
}

/// Packs a database and its files into one file.
pub(super) fn pack(
    (opened_on, proof): (LocalDate, Proof),
    (store, files): (&Store, &Path),
    into: &Path,
) -> Result<()> {
    let script = store.script()?;
    let mut found = Vec::new();
    walk(files, files, &mut found)?;
    found.sort();
    let mut known: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    let mut pictures = Vec::new();
    let mut names = Vec::new();
    for name in found {
        let bytes = fs::read(files.join(&name)).map_err(broken)?;
        let next = pictures.len();
        let at = *known.entry(bytes.clone()).or_insert(next);
        if at == next {
            pictures.push(bytes);
        }
        names.push((name, at));
    }
    let sizes = pictures.iter().map(Vec::len).collect();
    let heading = Heading { opened_on, proof, database: script.len(), pictures: sizes, files: names };
    let mut out = GzEncoder::new(fs::File::create(into).map_err(broken)?, Compression::best());
    let line = serde_json::to_string(&heading).map_err(broken)?;
    let parts =
        [line.as_bytes(), b"\n", script.as_bytes()].into_iter().chain(pictures.iter().map(Vec::as_slice));
    parts.into_iter().try_for_each(|part| out.write_all(part)).map_err(broken)?;
    out.finish().map_err(broken)?;
    Ok(())
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(broken)? {
        let path = entry.map_err(broken)?.path();
        if path.is_dir() {
            walk(root, &path, found)?;
        } else if let Ok(name) = path.strip_prefix(root) {
            found.push(name.display().to_string());
        }
    }
    Ok(())
}

fn read_heading(from: &mut impl BufRead) -> Result<Heading> {
    let mut line = String::new();
    from.read_line(&mut line).map_err(broken)?;
    serde_json::from_str(&line).map_err(broken)
}

fn take(from: &mut impl Read, size: usize) -> Result<Vec<u8>> {
    let mut bytes = vec![0; size];
    from.read_exact(&mut bytes).map_err(broken)?;
    Ok(bytes)
}

fn broken(error: impl Into<domain::error::Cause>) -> Error {
    Error::Unavailable(error.into())
}
