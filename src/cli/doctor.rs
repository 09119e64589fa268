//! `linli doctor`: the effective settings with secrets hidden, then database, mail, storage, clock, disk and
//! worker, each with what was seen and what to do about it. Mail and storage are really tried ([`tries`]).

mod tries;

use chrono::TimeDelta;
use domain::access::second_factor;
use domain::{Clock, Error, Result, Store, backup, installation};
use serde_json::json;

use super::Out;
use crate::config::Config;
use crate::{app, disk};

/// Look at everything that the portal stands on.
#[derive(Debug, clap::Args)]
pub(super) struct Doctor {}

/// What was looked at, what was seen, and where it is not well the name of the advice.
type Finding = (&'static str, String, Option<&'static str>);

impl Doctor {
    pub(super) fn run(self, config: &Config, out: &Out) -> Result<()> {
        let findings = look(config);
        let sick = findings.iter().filter(|finding| finding.2.is_some()).count();
        if out.is_json() {
            let settings: serde_json::Map<_, _> =
                config.shown().into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
            let findings: Vec<_> = findings
                .iter()
                .map(|(what, seen, advice)| {
                    json!({"what": what, "well": advice.is_none(), "seen": seen, "advice": advice})
                })
                .collect();
            out.line(&json!({"settings": settings, "findings": findings}).to_string());
        } else {
            config.shown().iter().for_each(|(name, value)| out.line(&format!("{name} = {value}")));
            findings.iter().for_each(|finding| report(out, finding));
        }
        if sick == 0 { Ok(()) } else { Err(Error::refused("doctor.sick", vec![("count", sick.to_string())])) }
    }
}

fn report(out: &Out, (what, seen, advice): &Finding) {
    match advice {
        None => out.line(&format!("✓ {what}: {seen}")),
        Some(advice) => {
            out.line(&format!("✗ {what}: {seen}"));
            out.say(&format!("advice.{advice}"), &json!({}));
        }
    }
}

fn look(config: &Config) -> Vec<Finding> {
    let mut findings = match app::open_store(config) {
        Ok(store) => {
            vec![database(&store), clock(config, &store), workers(&store), second_factors(config, &store)]
        }
        Err(error) => vec![("database", error.to_string(), Some("database"))],
    };
    let (storage, mail, payments) = actix_web::rt::System::new().block_on(async {
        (tries::storage(config).await, tries::mail(config).await, tries::payments(config).await)
    });
    findings.extend([storage, disk(config), backups(config), mail, payments]);
    findings
}

fn database(store: &Store) -> Finding {
    let seen = format!("{:?}", store.kind());
    match store.pending_migrations() {
        Ok(pending) if pending.is_empty() => ("database", seen, None),
        Ok(_) => ("database", seen, Some("migrate")),
        Err(error) => ("database", error.to_string(), Some("database")),
    }
}

fn clock(config: &Config, store: &Store) -> Finding {
    let sandbox = store.read_now(installation::is_sandbox).unwrap_or(false);
    match app::clock(config, store) {
        Ok(clock) if clock.is_set() => ("clock", format!("{} (rehearsal)", clock.now()), None),
        Ok(clock) => ("clock", format!("{}{}", clock.now(), if sandbox { " (sandbox)" } else { "" }), None),
        Err(error) => ("clock", error.to_string(), Some("clock")),
    }
}

fn workers(store: &Store) -> Finding {
    let real_now = Clock::system().real_now();
    match store.read_now(|db| jobs::health(db, real_now)) {
        Ok(health) => {
            let seen = format!("{} running, {} failed jobs", health.workers, health.failed);
            let advice = if health.workers == 0 { Some("worker") } else { None };
            ("worker", seen, advice.or((health.failed > 0).then_some("failed_jobs")))
        }
        Err(error) => ("worker", error.to_string(), Some("migrate")),
    }
}

/// Whether the key at hand opens what was sealed; a key is made where there is none, which opens nothing.
fn second_factors(config: &Config, store: &Store) -> Finding {
    let what = "second factors";
    let unreadable =
        app::vault(config).and_then(|vault| store.read_now(|db| second_factor::unreadable(db, &vault)));
    match unreadable {
        Ok(0) => (what, "readable with this key".to_owned(), None),
        Ok(count) => (what, format!("{count} sealed under another key"), Some("key_lost")),
        Err(error) => (what, error.to_string(), Some("migrate")),
    }
}

fn disk(config: &Config) -> Finding {
    match disk::free_mib(&config.files.data_dir) {
        Some(free) if free < disk::LEAST_FREE_MIB => ("disk", format!("{free} MiB free"), Some("disk")),
        Some(free) => ("disk", format!("{free} MiB free"), None),
        None => ("disk", config.files.data_dir.display().to_string(), Some("disk")),
    }
}

/// Backups that stopped coming are noticed here, not on the day when one is needed.
fn backups(config: &Config) -> Finding {
    let folder = &config.backups.folder;
    let made_at =
        backup::newest(folder).and_then(|newest| newest.map(|file| backup::read_manifest(&file)).transpose());
    let age = Clock::system().real_now();
    match made_at {
        _ if config.backups.keep == 0 => ("backup", "none is made by the worker".to_owned(), None),
        Ok(Some(manifest)) => {
            let seen = format!("the newest in {} is of {}", folder.display(), manifest.made_at);
            let old = age.since(manifest.made_at) > TimeDelta::days(2);
            ("backup", seen, old.then_some("backup"))
        }
        Ok(None) => ("backup", format!("none yet in {}", folder.display()), None),
        Err(error) => ("backup", error.to_string(), Some("backup")),
    }
}
