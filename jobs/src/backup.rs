//! The night's backup (promise P11): written, read back to its end, and restored into a database that is
//! thrown away, where every invariant is checked. A backup that would not come back is worse than none.

use std::path::{Path, PathBuf};

use domain::error::Cause;
use domain::job::{self, Job};
use domain::{CommunityId, Error, Instant, LocalDate, Result, Store, backup, community};
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
}

/// Asks for the backup of a night, once however many communities there are; returns how many were asked for.
pub(crate) async fn ask(app: &App, community: CommunityId, tick: Instant) -> Result<usize> {
    if app.backups.is_none() {
        return Ok(0);
    }
    let real_now = app.clock.real_now();
    let asked = app.store.write(move |tx| {
        let day = community::by_id(tx, community)?.today(tick)?;
        let payload = serde_json::to_value(Night { day }).map_err(Error::internal)?;
        job::enqueue(tx, &Job::new(JOB, payload).once(format!("backup:{day}")), real_now, real_now)
    });
    Ok(usize::from(asked.await?.is_some()))
}

/// Makes the backup, rehearses its return, and lets the oldest go.
pub(crate) async fn run(app: &App, job: &Leased) -> Outcome {
    let Night { day } = job.read()?;
    let Some(backups) = &app.backups else { return Ok(Report::nothing()) };
    std::fs::create_dir_all(&backups.folder).map_err(unavailable)?;
    // The job's key makes it the only one of its night; what lies there is of a night that was killed.
    backup::sweep(&backups.folder)?;
    let file = backups.folder.join(format!("{}{day}.tar", backup::NIGHTLY));
    let made = backup::make(&app.store, app.files.as_ref(), &file, app.clock.real_now()).await?;
    let missing = made.missing.len();
    let (folder, keep) = (backups.folder.clone(), backups.keep);
    let gone = tokio::task::spawn_blocking(move || {
        rehearse(&folder, &file)?;
        backup::prune(&folder, keep)
    });
    let gone = gone.await.map_err(Error::internal)??;
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
