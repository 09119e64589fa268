//! The night's backup (promise P11): written, read back to its end, and restored into a database that is
//! thrown away, where every invariant is checked. A backup that would not come back is worse than none.

use std::path::{Path, PathBuf};

use domain::access::{Action, Actor, Object, allow};
use domain::audit::{self, Line};
use domain::error::Cause;
use domain::job::{self, Job};
use domain::{CommunityId, Db, Error, Instant, LocalDate, Result, Store, Zone, backup, community};
use serde::{Deserialize, Serialize};

use crate::handler::{Outcome, Report};
use crate::{App, Leased, Pauses};

/// The kind of the job.
pub(crate) const JOB: &str = "backup";

/// A full disk may be emptied; after a few hours a person has to look.
pub(crate) const PAUSES: Pauses = Pauses::Minutes(&[5, 30, 120]);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Night {
    day: LocalDate,
    /// Where an admin asked for it, when: it lies beside those of the nights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asked_at: Option<Instant>,
}

impl Night {
    fn file(&self) -> String {
        match self.asked_at {
            None => format!("{}{}.tar", backup::NIGHTLY, self.day),
            Some(at) => {
                let at = Zone::UTC.local(at).format("%Y-%m-%dT%H%MZ");
                format!("{}{at}.tar", backup::ASKED)
            }
        }
    }
}

/// Asks for the backup of a night, once however many communities there are; returns how many were asked for.
pub(crate) async fn ask(app: &App, community: CommunityId, tick: Instant) -> Result<usize> {
    if app.backups.is_none() {
        return Ok(0);
    }
    let real_now = app.clock.real_now();
    let asked = app.store.write(move |tx| {
        let day = community::by_id(tx, community)?.today(tick)?;
        let payload = serde_json::to_value(Night { day, asked_at: None }).map_err(Error::internal)?;
        job::enqueue(tx, &Job::new(JOB, payload).once(format!("backup:{day}")), real_now, real_now)
    });
    Ok(usize::from(asked.await?.is_some()))
}

/// Asks for a backup now; asked for again within the minute it is the same. Returns whether it is a new one.
///
/// # Errors
/// Only an admin may.
pub fn ask_now(tx: &mut Db, actor: &Actor, now: Instant, real_now: Instant) -> Result<bool> {
    allow(tx, actor, now, Action::Administer, Object::Installation)?;
    let day = Zone::UTC.date(real_now);
    let night = Night { day, asked_at: Some(real_now) };
    let key = format!("backup:{}", night.file());
    let payload = serde_json::to_value(night).map_err(Error::internal)?;
    let asked = job::enqueue(tx, &Job::new(JOB, payload).once(key), real_now, real_now)?;
    if let Some(id) = asked {
        audit::write(tx, actor, now, &Line::new(CommunityId(0), "backup.ask", "job", id))?;
    }
    Ok(asked.is_some())
}

/// Makes the backup, rehearses its return, and lets the oldest go.
pub(crate) async fn run(app: &App, job: &Leased) -> Outcome {
    let night: Night = job.read()?;
    let Some(backups) = &app.backups else { return Ok(Report::nothing()) };
    std::fs::create_dir_all(&backups.folder).map_err(unavailable)?;
    // One at a time, so that what is unfinished there is of one that was killed.
    let turn = backup::turn(&backups.folder)?;
    backup::sweep(&backups.folder)?;
    let file = backups.folder.join(night.file());
    let made = backup::make(&app.store, app.files.as_ref(), &file, app.clock.real_now()).await?;
    let missing = made.missing.len();
    let (folder, keep) = (backups.folder.clone(), backups.keep);
    let gone = tokio::task::spawn_blocking(move || {
        rehearse(&folder, &file)?;
        backup::prune(&folder, keep)
    });
    let gone = gone.await.map_err(Error::internal)??;
    drop(turn);
    Ok(Report::of("backups", 1).and("files missing", missing).and("old backups", gone))
}

/// Restores into a file beside the backups, which is gone afterwards.
fn rehearse(folder: &Path, file: &Path) -> Result<()> {
    let scratch =
        tempfile::Builder::new().prefix(backup::REHEARSAL).tempdir_in(folder).map_err(unavailable)?;
    let database: PathBuf = scratch.path().join("linli.db");
    let store = Store::open(&format!("sqlite://{}", database.display()))?;
    backup::rehearse(&store, file).map(drop)
}

fn unavailable(error: impl Into<Cause>) -> Error {
    Error::Unavailable(error.into())
}
