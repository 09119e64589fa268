//! `linli demo`: a community with its registers, staff, residents, two months of history and open work in
//! every state, in a fresh folder; then the pages and the worker, with a clock that begins at ten o'clock.

mod dice;
mod logins;
mod money;
mod moves;
mod photo;
mod registers;
mod repairs;
mod rounds;
mod stage;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use actix_web::web::Data;
use chrono::NaiveTime;
use domain::db::schema;
use domain::{Clock, Error, Instant, LocalDate, Result, Store, Zone, installation};
use serde_json::json;

use super::Out;
use super::serve::serve;
use crate::app::App;
use crate::config::Config;
use crate::worker;
use logins::Login;
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
}

impl Demo {
    pub(super) fn run(self, config: &Config, out: &Out) -> Result<()> {
        let dir = match &self.dir {
            Some(dir) => dir.clone(),
            None => std::env::temp_dir().join(format!("linli-demo-{}", domain::random::hex(4)?)),
        };
        let config = self.config(config, &dir)?;
        let store = crate::app::open_store(&config)?;
        let logins = make(&store, &config, self.date)?;
        drop(store);
        let app = Data::new(App::open(config)?);
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
        config.web.bind = format!("127.0.0.1:{}", self.port);
        config.web.base_url = format!("http://{}", config.web.bind);
        config.clock = Some(Clock::starting_at(opening(self.date)));
        Ok(config)
    }
}

/// Ten o'clock on the demo's day.
fn opening(date: LocalDate) -> Instant {
    let zone = Zone(chrono_tz::Asia::Shanghai);
    zone.at(date, NaiveTime::from_hms_opt(10, 0, 0).unwrap_or_default())
}

/// Makes the community and plays its history.
fn make(store: &Store, config: &Config, date: LocalDate) -> Result<Vec<Login>> {
    store.migrate()?;
    store.write_now(installation::make_sandbox)?;
    let files = worker::files(config)?;
    let begin = domain::Month::of(date).prev().first_day();
    let zone = Zone(chrono_tz::Asia::Shanghai);
    let community =
        registers::import(store, zone.at(begin, NaiveTime::from_hms_opt(1, 0, 0).unwrap_or_default()))?;
    let stage = Stage::set(store, files.as_ref(), community, date)?;
    let resident = stage.some_homes(3, 1).first().copied().cloned().ok_or(Error::NotFound)?;
    let logins = logins::make(&stage, resident.owner, stage.ago(25, 9, 0))?;
    money::play(&stage, resident.id)?;
    rounds::play(&stage)?;
    moves::play(&stage)?;
    actix_web::rt::System::new().block_on(repairs::play(&stage, &resident))?;
    catch_up(store, opening(date), &stage)?;
    Ok(logins)
}

/// What the calendar would have done before the demo is opened: its ticks begin at the opening.
fn catch_up(store: &Store, opening: Instant, stage: &Stage) -> Result<()> {
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
    store.write_now(|tx| {
        for row in &rows {
            diesel::insert_into(schema::schedules::table).values(*row).execute(tx)?;
        }
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
