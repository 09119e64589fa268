//! `linli export homes --community C [--out FILE]`

use std::path::PathBuf;

use domain::access::Actor;
use domain::{Error, Result, homes};
use serde_json::json;

use super::Out;
use crate::app;
use crate::config::Config;

/// What can be written.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Register {
    /// Every home with its owner.
    Homes,
}

/// How it is written.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    /// Comma-separated values in UTF-8.
    Csv,
}

/// Write a register to a file.
#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// What to write.
    register: Register,
    /// The community's code.
    #[arg(long)]
    community: String,
    /// How to write it.
    #[arg(long, default_value = "csv")]
    format: Format,
    /// The file; without it stdout.
    #[arg(long)]
    out: Option<PathBuf>,
}

impl Export {
    pub(super) fn run(self, config: &Config, out: &Out) -> Result<()> {
        let store = app::open_store(config)?;
        let now = app::clock(config, &store)?.now();
        let (Register::Homes, Format::Csv) = (self.register, self.format);
        let csv = store.write_now(|tx| {
            let community = super::community_of(tx, &self.community)?;
            homes::export(tx, &Actor::system("command line"), now, community.id)
        })?;
        let Some(file) = self.out else {
            out.line(csv.trim_end());
            return Ok(());
        };
        let shown = file.display().to_string();
        std::fs::write(&file, &csv).map_err(|error| {
            Error::refused("export.unwritable", vec![("file", shown.clone()), ("why", error.to_string())])
        })?;
        let rows = csv.lines().count().saturating_sub(1);
        out.say("exported", &json!({"file": shown, "rows": rows}));
        Ok(())
    }
}
