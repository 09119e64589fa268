//! `linli check`: every invariant, recomputed; a line each where one is broken.

use std::path::Path;

use domain::{Db, Error, Result, attachments, backup, check, community};
use serde_json::json;

use super::Out;
use crate::config::Config;
use crate::{app, worker};

/// Recompute every invariant.
#[derive(Debug, clap::Args)]
pub(super) struct Check {
    /// Only this community.
    #[arg(long)]
    community: Option<String>,
}

impl Check {
    pub(super) fn run(self, config: &Config, out: &Out) -> Result<()> {
        let store = app::open_store(config)?;
        let (all, mut faults) = store.read_now(|db| {
            let all = match &self.community {
                Some(code) => vec![community::by_code(db, code)?],
                None => community::all(db)?,
            };
            Ok((all, domain::audit::faults(db, 0)?))
        })?;
        let files = worker::files(config)?;
        let system = actix_web::rt::System::new();
        for one in all {
            let mut found = store.read_now(|db| check::community(db, one.id))?;
            found.extend(system.block_on(attachments::missing_files(&store, files.as_ref(), one.id))?);
            faults.extend(found.into_iter().map(|fault| format!("{}: {fault}", one.code)));
        }
        if let Some(newest) = backup::newest(&config.backups.folder)? {
            faults.extend(store.read_now(|db| against(db, &newest))?);
        }
        if faults.is_empty() {
            out.say("check_clean", &json!({"faults": []}));
            return Ok(());
        }
        out.list("faults", &faults);
        Err(Error::refused("check.broken", vec![("count", faults.len().to_string())]))
    }
}

/// The newest backup's view of the audit trail: who can write into the database cannot reach that.
fn against(db: &mut Db, newest: &Path) -> Result<Vec<String>> {
    match backup::read_manifest(newest) {
        Ok(manifest) => backup::audit_faults(db, &manifest),
        Err(Error::Refused(_)) => Ok(vec![format!("backup {}: it is damaged", newest.display())]),
        Err(error) => Err(error),
    }
}
