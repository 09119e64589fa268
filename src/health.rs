//! What the portal stands on, each with what was seen and what to do about it: `linli doctor` and the admin's
//! page say the same. What only trying tells is in [`tries`].

pub(crate) mod tries;

use std::fmt::Display;

use chrono::TimeDelta;
use domain::access::second_factor;
use domain::db::Kind;
use domain::{Clock, Error, Instant, Store, Zone, backup, installation};

use crate::config::Config;
use crate::views::Texts;
use crate::{app, disk};

/// What was looked at, what was seen, and where it is not well what to do.
#[derive(Debug)]
pub(crate) struct Finding {
    /// What: a text `health.what.<name>`.
    pub(crate) what: &'static str,
    seen: Seen,
    /// The name of a text `health.advice.<name>`; none where it is well.
    pub(crate) advice: Option<&'static str>,
}

/// A text `health.seen.<name>` with what it mentions.
#[derive(Debug)]
struct Seen(&'static str, Vec<(&'static str, Arg)>);

/// What a text mentions.
#[derive(Debug)]
enum Arg {
    Text(String),
    At(Instant),
}

impl Arg {
    /// A moment by the clocks of a zone, or as programs write it.
    fn told(&self, zone: Option<Zone>) -> String {
        match (self, zone) {
            (Self::Text(text), _) => text.clone(),
            (Self::At(at), Some(zone)) => zone.local(*at).format("%Y-%m-%d %H:%M").to_string(),
            (Self::At(at), None) => at.to_string(),
        }
    }
}

impl Finding {
    fn of(what: &'static str, seen: &'static str, args: &[(&'static str, &dyn Display)]) -> Self {
        let args = args.iter().map(|(name, value)| (*name, Arg::Text(value.to_string()))).collect();
        Self { what, seen: Seen(seen, args), advice: None }
    }

    fn at(mut self, at: Instant) -> Self {
        self.seen.1.push(("at", Arg::At(at)));
        self
    }

    /// What an error says is the cause, as whoever runs the portal has to know it.
    fn fault(what: &'static str, error: &Error, advice: &'static str) -> Self {
        let cause: &dyn Display = match error {
            Error::Unavailable(cause) | Error::Internal(cause) => cause,
            other => other,
        };
        Self::of(what, "fault", &[("cause", cause)]).advised(advice)
    }

    fn advised(mut self, advice: impl Into<Option<&'static str>>) -> Self {
        self.advice = advice.into();
        self
    }

    /// What was seen, in words, with moments by the clocks of `zone` where one is given.
    pub(crate) fn seen(&self, texts: &Texts, zone: Option<Zone>) -> String {
        let Seen(name, args) = &self.seen;
        let args: Vec<_> = args.iter().map(|(name, arg)| (*name, arg.told(zone))).collect();
        let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        texts.say(&format!("health.seen.{name}"), &args)
    }
}

/// Everything that a look tells, without what only trying does. It reads and waits: off the async threads.
pub(crate) fn looked(config: &Config, store: domain::Result<&Store>) -> Vec<Finding> {
    let mut findings = match store {
        Ok(store) => {
            vec![database(store), clock(config, store), worker(store), second_factors(config, store)]
        }
        Err(error) => vec![Finding::fault("database", &error, "database")],
    };
    findings.extend([room(config), backups(config)]);
    findings
}

fn database(store: &Store) -> Finding {
    let kind = match store.kind() {
        Kind::Sqlite => "SQLite",
        Kind::Postgres => "PostgreSQL",
    };
    let finding = Finding::of("database", "database", &[("kind", &kind)]);
    match store.pending_migrations() {
        Ok(pending) => finding.advised((!pending.is_empty()).then_some("migrate")),
        Err(error) => Finding::fault("database", &error, "database"),
    }
}

fn clock(config: &Config, store: &Store) -> Finding {
    let sandbox = store.read_now(installation::is_sandbox).unwrap_or(false);
    match app::clock(config, store) {
        Ok(clock) => {
            let seen = match (clock.is_set(), sandbox) {
                (true, _) => "clock_rehearsal",
                (false, true) => "clock_sandbox",
                (false, false) => "clock",
            };
            Finding::of("clock", seen, &[]).at(clock.now())
        }
        Err(error) => Finding::fault("clock", &error, "clock"),
    }
}

fn worker(store: &Store) -> Finding {
    let real_now = Clock::system().real_now();
    match store.read_now(|db| jobs::health(db, real_now)) {
        Ok(health) => {
            let advice = (health.workers == 0).then_some("worker");
            let advice = advice.or((health.failed > 0).then_some("failed_jobs"));
            Finding::of("worker", "worker", &[("workers", &health.workers), ("failed", &health.failed)])
                .advised(advice)
        }
        Err(error) => Finding::fault("worker", &error, "migrate"),
    }
}

/// Whether the key at hand opens what was sealed; a key is made where there is none, which opens nothing.
fn second_factors(config: &Config, store: &Store) -> Finding {
    let what = "second_factors";
    let unreadable =
        app::vault(config).and_then(|vault| store.read_now(|db| second_factor::unreadable(db, &vault)));
    match unreadable {
        Ok(0) => Finding::of(what, "second_factors", &[]),
        Ok(count) => Finding::of(what, "second_factors_lost", &[("count", &count)]).advised("key_lost"),
        Err(error) => Finding::fault(what, &error, "migrate"),
    }
}

fn room(config: &Config) -> Finding {
    let folder = &config.files.data_dir;
    match disk::free_mib(folder) {
        Some(free) => {
            let scarce = free < disk::LEAST_FREE_MIB;
            Finding::of("disk", "disk", &[("free", &free)]).advised(scarce.then_some("disk"))
        }
        None => Finding::of("disk", "folder", &[("folder", &folder.display())]).advised("disk"),
    }
}

/// Backups that stopped coming are noticed here, not on the day when one is needed.
fn backups(config: &Config) -> Finding {
    let what = "backup";
    let folder = &config.backups.folder;
    if config.backups.keep == 0 {
        return Finding::of(what, "backup_off", &[]);
    }
    let newest =
        backup::newest(folder).and_then(|newest| newest.map(|file| backup::read_manifest(&file)).transpose());
    match newest {
        Ok(Some(manifest)) => {
            let old = Clock::system().real_now().since(manifest.made_at) > TimeDelta::days(2);
            Finding::of(what, "backup", &[("folder", &folder.display())])
                .at(manifest.made_at)
                .advised(old.then_some("backup"))
        }
        Ok(None) => Finding::of(what, "backup_none", &[("folder", &folder.display())]),
        Err(error) => Finding::fault(what, &error, "backup"),
    }
}
