//! `linli admin add`: the first admin; the password is read from stdin, without showing it on a terminal.

use std::io::{self, BufRead, IsTerminal, Write};
use std::process::{Command, Stdio};

use domain::access::account::{self, NewAdmin};
use domain::access::{Actor, password};
use domain::{Error, Result};
use serde_json::json;

use super::Out;
use crate::app;
use crate::config::Config;

/// Admins of the installation.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Admin {
    /// Add an admin; the password is asked for, or read from stdin.
    Add {
        /// What they sign in with.
        #[arg(long)]
        login: String,
        /// What they are called.
        #[arg(long)]
        name: String,
    },
    /// Clear somebody's second factor, who then sets it up anew: the phone or the installation's key is lost.
    ForgetSecondFactor {
        /// What they sign in with.
        #[arg(long)]
        login: String,
        /// The community's code, where the login is known in several.
        #[arg(long)]
        community: Option<String>,
    },
}

impl Admin {
    pub(super) fn run(self, config: &Config, out: &Out) -> Result<()> {
        match self {
            Self::Add { login, name } => add(config, out, login, name),
            Self::ForgetSecondFactor { login, community } => {
                forget(config, out, &login, community.as_deref())
            }
        }
    }
}

fn add(config: &Config, out: &Out, login: String, name: String) -> Result<()> {
    let typed = read_password().map_err(Error::internal)?;
    account::check_password("password", &typed, &[&login, &name])?;
    let new = NewAdmin { login, name, password_hash: password::hash(&typed)? };
    let store = app::open_store(config)?;
    store.migrate()?;
    let now = app::clock(config, &store)?.now();
    store.write_now(|tx| account::add_admin(tx, &Actor::system("command line"), now, &new))?;
    out.say("admin_added", &json!({"login": new.login, "name": new.name}));
    Ok(())
}

fn forget(config: &Config, out: &Out, login: &str, community: Option<&str>) -> Result<()> {
    let store = app::open_store(config)?;
    let (clock, actor) = (app::clock(config, &store)?, Actor::system("command line"));
    let times = (clock.now(), clock.real_now());
    store.write_now(|tx| account::forget_second_factor(tx, &actor, (login, community), times))?;
    out.say("second_factor_forgotten", &json!({"login": login}));
    Ok(())
}

fn read_password() -> io::Result<String> {
    let terminal = io::stdin().is_terminal();
    if terminal {
        write!(io::stderr(), "Password: ")?;
        io::stderr().flush()?;
        echo("-echo");
    }
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    if terminal {
        echo("echo");
        writeln!(io::stderr())?;
    }
    read?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}

/// Where there is no `stty`, the password is seen while it is typed.
fn echo(setting: &str) {
    let set = Command::new("stty").arg(setting).stdin(Stdio::inherit()).status();
    if let Err(error) = set {
        tracing::debug!(%error, "the terminal shows what is typed");
    }
}
