//! One file with everything that the portal holds (promise P11): the rows of the database as they were at one
//! moment, the attachments, and a manifest with the sums of both. It is a tar archive with lines of JSON, so
//! it comes back on either database, and can be read without us.
//!
//! What a new installation makes anew is not in it: the key that seals forms under way, mails in a folder.

mod archive;
mod carry;
mod make;
mod manifest;
mod restore;

pub use carry::move_to;
pub use make::make;
pub use manifest::{Head, Kept, Manifest, TableRows, kept, newest, read as read_manifest};
pub use restore::{rehearse, restore};

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::{Db, Error, Result, audit};

/// What the names of nightly backups begin with; those made before an upgrade begin with another word.
pub const NIGHTLY: &str = "linli-";

/// What the names of backups begin with that an admin asked for.
pub const ASKED: &str = "asked-";

/// Reads a backup to its end and holds every part against the manifest.
///
/// # Errors
/// The rule `backup.damaged` with the part that is not what was written.
pub fn verify(file: &Path) -> Result<Manifest> {
    archive::verify(file)
}

/// Where the chains of audit lines are not what a backup saw: a line of then is gone or another now.
pub fn audit_faults(db: &mut Db, manifest: &Manifest) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for head in &manifest.audit {
        if audit::hash_of(db, head.chain, head.seq)?.as_ref() != Some(&head.hash) {
            let Head { chain, seq, .. } = head;
            faults.push(format!(
                "audit {chain}: line {seq} is not what the backup of {} has",
                manifest.made_at
            ));
        }
    }
    Ok(faults)
}

/// What a rehearsal's folder beside the backups is called at its beginning.
pub const REHEARSAL: &str = "rehearsal-";

/// Takes away what a killed backup or rehearsal left in a folder. Only one of them may run there ([`turn`]).
pub fn sweep(folder: &Path) -> Result<()> {
    for entry in std::fs::read_dir(folder).map_err(unavailable)? {
        let left = entry.map_err(unavailable)?.path();
        let name = name_of(&left);
        if name.starts_with(REHEARSAL) {
            std::fs::remove_dir_all(&left).map_err(unavailable)?;
        } else if [NIGHTLY, ASKED].iter().any(|own| name.starts_with(own)) && name.ends_with(PART) {
            std::fs::remove_file(&left).map_err(unavailable)?;
        }
    }
    Ok(())
}

/// The turn to make a backup in a folder, held until it is dropped; the lock of a process that was killed is free.
///
/// # Errors
/// [`Error::Unavailable`] while another makes one there.
pub fn turn(folder: &Path) -> Result<File> {
    let lock = File::open(folder).map_err(unavailable)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::Error(error)) => Err(unavailable(error)),
        Err(TryLockError::WouldBlock) => {
            Err(Error::Unavailable("another backup is being made in this folder".into()))
        }
    }
}

/// Lets go of the oldest backups of a folder beyond `keep`, of the nightly ones and of those asked for, so
/// that neither push out the other; returns how many went.
pub fn prune(folder: &Path, keep: usize) -> Result<usize> {
    let mut gone = 0;
    for own in [NIGHTLY, ASKED] {
        let mut files = manifest::backups(folder)?;
        files.retain(|file| name_of(file).starts_with(own));
        let beyond = files.len().saturating_sub(keep);
        for file in files.iter().take(beyond) {
            std::fs::remove_file(file).map_err(unavailable)?;
        }
        gone += beyond;
    }
    Ok(gone)
}

fn name_of(file: &Path) -> String {
    file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// How a file's name ends before it is whole.
const PART: &str = ".part";

/// The name under which a file is written before it is whole.
fn unfinished(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(PART);
    name.into()
}

fn damaged(part: &str) -> Error {
    Error::refused("backup.damaged", vec![("part", part.to_owned())])
}

fn unavailable(error: io::Error) -> Error {
    Error::Unavailable(error.into())
}
