//! Permits, 00:10: those whose last day has passed expire, and everybody concerned is told.

use domain::{CommunityId, Result, renovation};

use crate::{App, Report};

/// Lets permits expire.
pub(crate) async fn run(app: &App, community: CommunityId) -> Result<Report> {
    let now = app.clock.now();
    let expired = app.store.write(move |tx| renovation::expire(tx, community, now)).await?;
    Ok(Report::of("permits expired", expired))
}
