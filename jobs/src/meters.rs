//! Every five minutes: what residents read and cannot take back any more is worked out, so that previews and the next
//! run have it (domain.md §10, §11).

use domain::{CommunityId, Error, Result, meters};

use crate::{App, Report};

/// Works out what homes have used, one after the other.
pub(crate) async fn run(app: &App, community: CommunityId) -> Result<Report> {
    let now = app.clock.now();
    let due = app.store.read(move |db| meters::to_measure(db, community, now)).await?;
    let (mut done, mut last) = (0, None);
    for (home, period) in due {
        let work = move |tx: &mut domain::Db| meters::measure_home(tx, (community, home), period, now);
        match app.store.write(work).await {
            Ok(()) => done += 1,
            Err(error @ Error::Unavailable(_)) => return Err(error),
            // One home that cannot be worked out must not keep the others from it.
            Err(error) => {
                tracing::error!(%error, %home, "what a home has used cannot be worked out");
                last = Some(error);
            }
        }
    }
    last.map_or(Ok(Report::of("readings", done)), Err)
}
