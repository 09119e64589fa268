//! `linli community add`

use domain::Result;
use domain::access::Actor;
use domain::community::{self, NewCommunity};
use serde_json::json;

use super::Out;
use crate::app;
use crate::config::Config;

/// Communities.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Community {
    /// Add a community.
    Add {
        /// The short code that commands and routes use.
        #[arg(long)]
        code: String,
        /// What people call it.
        #[arg(long)]
        name: String,
        /// Its time zone.
        #[arg(long, default_value = "Asia/Shanghai")]
        timezone: String,
    },
}

impl Community {
    pub(super) fn run(self, config: &Config, out: &Out) -> Result<()> {
        let Self::Add { code, name, timezone } = self;
        let new = NewCommunity { code, name, timezone };
        let store = app::open_store(config)?;
        store.migrate()?;
        let now = app::clock(config, &store)?.now();
        let added = store.write_now(|tx| community::add(tx, &Actor::system("command line"), now, &new))?;
        out.say(
            "community_added",
            &json!({"code": added.code, "name": added.name, "timezone": added.timezone}),
        );
        Ok(())
    }
}
