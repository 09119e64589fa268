//! `linli settings-example`: the settings file with everything in it, for the documentation.

use domain::Result;

use super::Out;
use crate::config::{self, Config};

/// Print a settings file in which every setting stands, commented.
#[derive(Debug, clap::Args)]
pub(super) struct SettingsExample {}

impl SettingsExample {
    #[expect(clippy::unnecessary_wraps, reason = "every command has the same form")]
    pub(super) fn run(self, _: &Config, out: &Out) -> Result<()> {
        out.line(config::example().trim_end());
        Ok(())
    }
}
