//! `linli backup FILE`: everything in one file, from a running portal, read back to its end.

use std::path::PathBuf;

use domain::{Clock, Error, Result, backup};
use serde_json::json;

use super::Out;
use crate::config::Config;
use crate::{app, worker};

/// Write everything that the portal holds into one file, and verify it.
#[derive(Debug, clap::Args)]
pub(super) struct Backup {
    /// The file, which must not be there yet.
    file: PathBuf,
}

impl Backup {
    pub(super) fn run(self, config: &Config, out: &Out) -> Result<()> {
        let name = self.file.display().to_string();
        if self.file.exists() {
            return Err(Error::refused("backup.exists", vec![("file", name)]));
        }
        let store = app::open_store(config)?;
        let files = worker::files(config)?;
        let now = Clock::system().real_now();
        let made =
            actix_web::rt::System::new().block_on(backup::make(&store, files.as_ref(), &self.file, now))?;
        let (rows, files, missing) = (made.rows(), made.files(), made.missing.len());
        out.say("backed_up", &json!({"file": name, "rows": rows, "files": files, "missing": missing}));
        Ok(())
    }
}
