//! `linli restore FILE`: brings a backup back into a database that is new, and checks all of it.

use std::path::PathBuf;

use domain::{Result, backup};
use serde_json::json;

use super::Out;
use crate::config::Config;
use crate::{app, worker};

/// Bring a backup back: into a database without a table and a place for files that is empty.
#[derive(Debug, clap::Args)]
pub(super) struct Restore {
    /// A file that `linli backup` or the worker wrote.
    file: PathBuf,
}

impl Restore {
    pub(super) fn run(self, config: &Config, out: &Out) -> Result<()> {
        let store = app::open_store(config)?;
        let files = worker::files(config)?;
        let restored =
            actix_web::rt::System::new().block_on(backup::restore(&store, files.as_ref(), &self.file))?;
        let (rows, files) = (restored.rows(), restored.files());
        let missing = restored.missing.len();
        let made_at = restored.made_at.to_string();
        out.say("restored", &json!({"made_at": made_at, "rows": rows, "files": files, "missing": missing}));
        Ok(())
    }
}
