//! The room that is left for the database and for files.

use std::path::Path;
use std::process::Command;

/// Below so many MiB a disk is nearly full.
pub(crate) const LEAST_FREE_MIB: u64 = 200;

/// The space left where a folder lies, in MiB, as the system's `df` says; none where it does not.
pub(crate) fn free_mib(folder: &Path) -> Option<u64> {
    let out = Command::new("df").arg("-Pm").arg(folder).output().ok()?;
    let text = String::from_utf8(out.stdout).ok()?;
    text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}
