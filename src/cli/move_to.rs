//! `linli move --to DATABASE_URL`: every row into another database, of either kind, and a check there.

use domain::{Clock, Error, Result, Store, backup, check};
use serde_json::json;

use super::Out;
use crate::config::Config;
use crate::{app, worker};

/// Move every row to another database, which has to be new. Attachments stay where they are.
#[derive(Debug, clap::Args)]
pub(super) struct Move {
    /// Where to: sqlite://path or postgres://…
    #[arg(long)]
    to: String,
}

impl Move {
    pub(super) fn run(self, config: &Config, out: &Out) -> Result<()> {
        let from = app::open_store(config)?;
        let real_now = Clock::system().real_now();
        if from.read_now(|db| jobs::health(db, real_now))?.workers > 0 {
            return Err(Error::refused("backup.running", vec![]));
        }
        let to = Store::open(&self.to)?;
        let rows = backup::move_to(&from, &to)?;
        to.migrate()?;
        let files = worker::files(config)?;
        let faults = actix_web::rt::System::new().block_on(check::everything(&to, files.as_ref()))?;
        out.say("moved", &json!({"rows": rows, "faults": faults}));
        match faults.first() {
            None => Ok(()),
            Some(first) => {
                let args = vec![("count", faults.len().to_string()), ("first", first.clone())];
                Err(Error::refused("backup.unsound", args))
            }
        }
    }
}
