//! `linli check`: every invariant, recomputed; a line each where one is broken.

use domain::{Error, Result, check, community};
use serde_json::json;

use super::Out;
use crate::app;
use crate::config::Config;

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
        let faults = store.read_now(|db| {
            let all = match &self.community {
                Some(code) => vec![community::by_code(db, code)?],
                None => community::all(db)?,
            };
            let mut faults = domain::audit::faults(db, 0)?;
            for one in all {
                faults.extend(
                    check::community(db, one.id)?.into_iter().map(|fault| format!("{}: {fault}", one.code)),
                );
            }
            Ok(faults)
        })?;
        if faults.is_empty() {
            out.say("check_clean", &json!({"faults": []}));
            return Ok(());
        }
        out.list("faults", &faults);
        Err(Error::refused("check.broken", vec![("count", faults.len().to_string())]))
    }
}
