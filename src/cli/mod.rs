//! The commands of who runs the portal: one file each. Results go to stdout, for people or as JSON; logs to
//! stderr; the exit code is 0 when it was done, 1 when it was refused, 2 on wrong usage.

mod admin;
mod backup;
mod bill;
mod check;
mod community;
mod demo;
mod doctor;
mod export;
mod import;
mod migrate;
mod move_to;
mod out;
mod restore;
mod routes;
mod serve;
mod settings_example;
mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use domain::Result;

use crate::config::Config;
pub(crate) use out::Out;

/// 邻里 Linli, the resident service portal.
#[derive(Debug, Parser)]
#[command(name = "linli", version, about, arg_required_else_help = true)]
struct Cli {
    /// Answer in JSON, for scripts.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// A community to look at, in a fresh folder: registers, history, open work, a login per role.
    Demo(demo::Demo),
    /// Bring the schema up to date, then serve the pages.
    Serve(serve::Serve),
    /// Do the work that is due, beside the pages or alone.
    Worker(worker::Worker),
    /// Recompute every invariant.
    Check(check::Check),
    /// Look at everything that the portal stands on.
    Doctor(doctor::Doctor),
    /// Bring the schema up to date.
    Migrate(migrate::Migrate),
    /// Write everything into one file, from a running portal, and verify it.
    Backup(backup::Backup),
    /// Bring a backup back, into a new database.
    Restore(restore::Restore),
    /// Move every row to another database.
    Move(move_to::Move),
    /// Print a settings file with everything in it.
    #[command(hide = true)]
    SettingsExample(settings_example::SettingsExample),
    /// Bill a period, or show what would be billed.
    Bill(bill::Bill),
    /// Read a register from a file.
    Import(import::Import),
    /// Take registers and figures out as a file.
    Export(export::Export),
    /// List every address and who may use it.
    Routes(routes::Routes),
    /// Communities.
    #[command(subcommand)]
    Community(community::Community),
    /// Admins of the installation.
    #[command(subcommand)]
    Admin(admin::Admin),
}

/// Runs the command of this process.
pub(crate) fn run() -> ExitCode {
    let cli = Cli::parse();
    let out = Out::new(cli.json);
    let config = match Config::read() {
        Ok(config) => config,
        Err(error) => {
            out.refuse(&error);
            return ExitCode::from(2);
        }
    };
    start_log(&config.log);
    match cli.command.run(&config, &out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            out.refuse(&error);
            ExitCode::FAILURE
        }
    }
}

impl Command {
    fn run(self, config: &Config, out: &Out) -> Result<()> {
        match self {
            Self::Demo(command) => command.run(config, out),
            Self::Serve(command) => command.run(config, out),
            Self::Worker(command) => command.run(config, out),
            Self::Check(command) => command.run(config, out),
            Self::Doctor(command) => command.run(config, out),
            Self::Migrate(command) => command.run(config, out),
            Self::Backup(command) => command.run(config, out),
            Self::Restore(command) => command.run(config, out),
            Self::Move(command) => command.run(config, out),
            Self::SettingsExample(command) => command.run(config, out),
            Self::Bill(command) => command.run(config, out),
            Self::Import(command) => command.run(config, out),
            Self::Export(command) => command.run(config, out),
            Self::Routes(command) => command.run(out),
            Self::Community(command) => command.run(config, out),
            Self::Admin(command) => command.run(config, out),
        }
    }
}

/// Logs are JSON lines on stderr.
fn start_log(filter: &str) {
    let filter = tracing_subscriber::EnvFilter::try_new(filter);
    let filter = filter.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
}

/// The community of a code, as a command names it.
fn community_of(db: &mut domain::Db, code: &str) -> Result<domain::community::Community> {
    domain::community::by_code(db, code).map_err(|error| match error {
        domain::Error::NotFound => domain::Error::field("--community", "community_unknown"),
        other => other,
    })
}
