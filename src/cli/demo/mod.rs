//! `linli demo`: a community with its registers, staff, residents, a year of history and open work in every
//! state, in a fresh folder; then the pages and the worker, with a clock that begins at ten o'clock.
//!
//! The year is made by the portal's own functions, day by day ([`year`]), once, and kept ([`snapshot`]).

mod agenda;
mod bank;
mod books;
mod calendar;
mod callbacks;
mod complaints;
mod corrections;
mod debts;
mod demands;
mod deposits;
mod developer;
mod dice;
mod enquiries;
mod evening;
mod items;
mod knowledge;
mod leaves;
mod logins;
mod looks;
mod meters;
mod money;
mod moves;
mod open_work;
mod photo;
mod proof;
mod publications;
mod registers;
mod repairs;
mod shared;
mod sites;
mod snapshot;
mod stage;
mod storeroom;
#[cfg(test)]
mod tests;
mod visits;
mod weather;
mod year;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use actix_web::web::Data;
use chrono::NaiveTime;
use domain::db::schema;
use domain::{Clock, Error, Instant, LocalDate, Result, Zone, community, installation};
use serde_json::json;

use super::Out;
use super::serve::serve;
use crate::app::App;
use crate::config::{Config, Pay};
use crate::worker;
use logins::Login;
use proof::Proof;
use stage::Stage;

/// A community to look at.
#[derive(Debug, clap::Args)]
pub(super) struct Demo {
    /// The folder it is made in; it has to be empty or absent. A temporary one where none is named.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// The port of its pages.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The day on which it is opened, at ten o'clock.
    #[arg(long, default_value = "2026-11-22")]
    date: LocalDate,
    /// Makes the year anew and keeps it in this file, for the next binary; serves nothing.
    #[arg(long, hide = true)]
    keep: Option<PathBuf>,
}

impl Demo {
    pub(super) fn run(self, config: &Config, out: &Out) -> Result<()> {
        let dir = match &self.dir {
            Some(dir) => dir.clone(),
            None => std::env::temp_dir().join(format!("linli-demo-{}", domain::random::hex(4)?)),
        };
        let config = self.config(config, &dir)?;
        if let Some(file) = &self.keep {
            return keep(&config, self.date, file);
        }
        let (app, logins) = open(&config, self.date, out)?;
        actix_web::rt::System::new()
            .block_on(async { serve(app, true, |url| announce(out, url, &dir, &logins)).await })
    }

    /// The settings of the demo: everything below its folder.
    fn config(&self, config: &Config, dir: &Path) -> Result<Config> {
        let taken = dir.read_dir().is_ok_and(|mut files| files.next().is_some());
        if taken {
            return Err(Error::refused("demo.not_empty", vec![("dir", dir.display().to_string())]));
        }
        std::fs::create_dir_all(dir).map_err(|error| Error::Unavailable(error.into()))?;
        let mut config = config.clone();
        config.database.url = format!("sqlite://{}/linli.db", dir.display());
        config.database.listen_url = None;
        config.files.data_dir = dir.to_owned();
        config.files.storage_url = None;
        config.backups.keep = 0;
        // Nobody pays real money in a demo.
        config.pay = Pay::default();
        config.web.bind = format!("127.0.0.1:{}", self.port);
        config.web.base_url = format!("http://{}", config.web.bind);
        config.clock = Some(Clock::starting_at(opening(self.date)));
        Ok(config)
    }
}

/// Ten o'clock on the demo's day.
fn opening(date: LocalDate) -> Instant {
    shanghai().at(date, NaiveTime::from_hms_opt(10, 0, 0).unwrap_or_default())
}

fn shanghai() -> Zone {
    Zone(chrono_tz::Asia::Shanghai)
}

/// The portal with its community as it stands on a day, and a login per role.
///
/// The kept year is that of one day. For a later one it is played on, for an earlier one made from nothing.
fn open(config: &Config, date: LocalDate, out: &Out) -> Result<(Data<App>, Vec<Login>)> {
    let kept = snapshot::heading()?.opened_on;
    let (app, stage) = if date < kept {
        out.aside("demo_making", &json!({"date": date, "kept": kept}));
        make(config, date, |stage| year::play(stage, stage.zone.start_of(stage.begin), opening(date)))?
    } else {
        unpacked(config, kept, date, out)?
    };
    let logins = stage.store.unsynced(|| {
        catch_up(&stage, opening(date))?;
        logins::make(&stage, &app.vault, stage.on(date, 9, 50))
    })?;
    Ok((Data::new(app), logins))
}

/// The kept community, played on to its day.
fn unpacked(config: &Config, kept: LocalDate, date: LocalDate, out: &Out) -> Result<(App, Stage)> {
    let dir = &config.files.data_dir;
    let store = crate::app::open_store(config)?;
    snapshot::unpack(&store, &dir.join("files"))?;
    store.migrate()?;
    drop(store);
    let (app, stage) = set(config, date)?;
    if date > kept {
        out.aside("demo_playing", &json!({"date": date, "kept": kept}));
        stage.store.clone().unsynced(|| year::play(&stage, opening(kept), opening(date)))?;
    }
    Ok((app, stage))
}

/// A community made from nothing, as far as `play` plays it.
fn make(config: &Config, date: LocalDate, play: impl FnOnce(&Stage) -> Result<()>) -> Result<(App, Stage)> {
    let store = crate::app::open_store(config)?;
    store.migrate()?;
    store.write_now(installation::make_sandbox)?;
    let first = year::begins(date);
    let begin = shanghai().start_of(first);
    store.unsynced(|| registers::import(&store, begin, first))?;
    drop(store);
    let (app, stage) = set(config, date)?;
    stage.store.clone().unsynced(|| play(&stage))?;
    Ok((app, stage))
}

fn set(config: &Config, date: LocalDate) -> Result<(App, Stage)> {
    let app = App::open(config.clone())?;
    let place = app.store.read_now(|db| community::by_code(db, "JXHY"))?;
    let stage = Stage::set(worker::of(&app)?, place, date)?;
    Ok((app, stage))
}

/// Makes the year anew and keeps it in a file.
fn keep(config: &Config, date: LocalDate, file: &Path) -> Result<()> {
    let mut proof = None;
    let (_, stage) = make(config, date, |stage| {
        proof = Some(first_days(stage)?);
        year::play(stage, proof::end(stage), opening(date))?;
        stage.write(evening::forget_jobs)
    })?;
    let proof = proof.ok_or(Error::NotFound)?;
    snapshot::pack((date, proof), (&stage.store, &config.files.data_dir.join("files")), file)
}

/// Plays the first days, and says what they look like.
fn first_days(stage: &Stage) -> Result<Proof> {
    year::play(stage, stage.zone.start_of(stage.begin), proof::end(stage))?;
    stage.read(proof::of)
}

/// What the calendar would have done before the demo is opened: its ticks begin at the opening, and what was
/// mended since its last hour has its return visit.
fn catch_up(stage: &Stage, opening: Instant) -> Result<()> {
    use diesel::prelude::*;
    let names = jobs::calendar::SCHEDULES.iter().map(|schedule| schedule.name);
    let rows: Vec<_> = names
        .map(|name| {
            (
                schema::schedules::name.eq(name),
                schema::schedules::community_id.eq(stage.community.id),
                schema::schedules::last_tick.eq(opening),
            )
        })
        .collect();
    stage.write(|tx| {
        for row in &rows {
            diesel::insert_into(schema::schedules::table).values(*row).execute(tx)?;
        }
        domain::return_visits::plan_missed(tx, stage.community.id, opening)?;
        Ok(())
    })
}

/// Says where the demo is and how to sign in: one line of JSON for scripts.
fn announce(out: &Out, url: &str, dir: &Path, logins: &[Login]) {
    if out.is_json() {
        let by_role: BTreeMap<&str, &Login> = logins.iter().map(|one| (one.role.as_str(), one)).collect();
        out.line(&json!({"url": url, "logins": by_role}).to_string());
        return;
    }
    out.say("demo_ready", &json!({"url": url, "dir": dir.display().to_string()}));
    for one in logins {
        let totp = one.totp_secret.as_ref().map(|secret| format!("  TOTP {secret}")).unwrap_or_default();
        out.line(&format!("  {:<11} {:<12} {}{totp}", one.role.as_str(), one.login, one.password));
    }
}
