//! Tells everybody of a publication, batch after batch.

use domain::{PublicationId, Result, publications};
use serde::Deserialize;

use crate::handler::{Outcome, Report};
use crate::{App, Leased, Pauses};

/// A database that was busy is tried again soon; who was told is not told again.
pub(crate) const PAUSES: Pauses = Pauses::Doubling;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    publication: PublicationId,
}

/// The job of a publication.
pub(crate) async fn run(app: &App, job: &Leased) -> Outcome {
    let asked: Asked = job.read()?;
    Ok(tell(app, asked.publication).await?)
}

async fn tell(app: &App, id: PublicationId) -> Result<Report> {
    let mut batches = 0;
    loop {
        let now = app.clock.now();
        if !app.store.write(move |tx| publications::tell_next(tx, id, now)).await? {
            return Ok(Report::of("batches told", batches));
        }
        batches += 1;
        tokio::task::yield_now().await;
    }
}
