//! The last part of a backup: what is in it, and what it was made from.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{archive, damaged, name_of, unavailable};
use crate::{Instant, Result};

/// The form of the archive that this program writes and reads.
pub(super) const FORMAT: u32 = 1;

/// What is in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The form of the archive.
    pub format: u32,
    /// The version of the program that wrote it.
    pub program: String,
    /// When, in real time.
    pub made_at: Instant,
    /// Which database it was: `sqlite` or `postgres`.
    pub database: String,
    /// The versions of the schema's migrations, oldest first.
    pub migrations: Vec<String>,
    /// The last line of each audit chain.
    pub audit: Vec<Head>,
    /// The rows, in the order in which they come.
    pub tables: Vec<TableRows>,
    /// Every other part.
    pub parts: Vec<Part>,
    /// Attachments whose file was not there.
    pub missing: Vec<String>,
}

/// The end of an audit chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The community's id, or 0.
    pub chain: i64,
    /// Its last line.
    pub seq: i64,
    /// That line's hash.
    pub hash: String,
}

/// The rows of one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableRows {
    /// The table.
    pub name: String,
    /// Its columns, in the order of a line.
    pub columns: Vec<String>,
    /// How many rows.
    pub rows: u64,
    /// SHA-256 over the lines, the same on both databases.
    pub sha256: String,
    /// The last id that was given, where the table gives any.
    pub last_id: Option<i64>,
}

/// A file in the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its name in the archive.
    pub name: String,
    /// Its size there.
    pub bytes: u64,
    /// SHA-256 over its content there.
    pub sha256: String,
}

impl Manifest {
    /// How many rows there are in all.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    /// How many files of attachments there are.
    pub fn files(&self) -> usize {
        self.parts.iter().filter(|part| part.name.starts_with(archive::FILES)).count()
    }
}

/// The manifest of a backup, without a look at its other parts.
pub fn read(file: &Path) -> Result<Manifest> {
    archive::manifest(file)
}

/// The whole backups of a folder, oldest first; none where there is no folder.
pub(super) fn backups(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unavailable(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(unavailable)?;
        if name_of(&entry.path()).ends_with(".tar") {
            let modified = entry.metadata().and_then(|data| data.modified()).map_err(unavailable)?;
            found.push((modified, entry.path()));
        }
    }
    found.sort();
    Ok(found.into_iter().map(|(_, file)| file).collect())
}

/// A backup as it lies in its folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The file's name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// When it was whole.
    pub at: Instant,
}

/// The whole backups of a folder, the newest first, without a look into them.
pub fn kept(folder: &Path) -> Result<Vec<Kept>> {
    let mut kept = Vec::new();
    for file in backups(folder)?.into_iter().rev() {
        let data = file.metadata().map_err(unavailable)?;
        let at = data.modified().map_err(unavailable)?;
        let since = at.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let at = i64::try_from(since.as_micros()).ok().and_then(Instant::from_micros);
        kept.push(Kept {
            name: name_of(&file),
            bytes: data.len(),
            at: at.ok_or_else(|| damaged(&name_of(&file)))?,
        });
    }
    Ok(kept)
}

/// The newest whole backup of a folder.
pub fn newest(folder: &Path) -> Result<Option<PathBuf>> {
    Ok(backups(folder)?.pop())
}
