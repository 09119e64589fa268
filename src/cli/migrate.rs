//! `linli migrate`: brings the schema up to date, says what ran.

use domain::{Error, Result, installation};
use serde_json::json;

use super::Out;
use crate::app;
use crate::config::Config;

/// Bring the schema up to date.
#[derive(Debug, clap::Args)]
pub(super) struct Migrate {
    /// Mark an empty database as one for rehearsals, where LINLI_CLOCK is honoured.
    #[arg(long)]
    sandbox: bool,
}

impl Migrate {
    pub(super) fn run(self, config: &Config, out: &Out) -> Result<()> {
        let store = app::open_store(config)?;
        let ran = app::migrate(config, &store)?;
        if self.sandbox {
            store.write_now(|tx| {
                if installation::is_sandbox(tx)? || installation::is_empty(tx)? {
                    return installation::make_sandbox(tx);
                }
                Err(Error::refused("installation.not_empty", vec![]))
            })?;
        }
        out.say("migrated", &json!({"count": ran.len(), "migrations": ran, "sandbox": self.sandbox}));
        Ok(())
    }
}
