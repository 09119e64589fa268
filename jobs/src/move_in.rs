//! Move-ins at night: closed a week after the handover, lapsed when nothing comes, old drafts and scans of identity
//! papers forgotten.

use domain::{CommunityId, Result, move_in};

use crate::{App, Report};

/// Closes, lapses and forgets.
pub(crate) async fn run(app: &App, community: CommunityId) -> Result<Report> {
    let now = app.clock.now();
    let (closed, lapsed, forgotten) = app.store.write(move |tx| move_in::night(tx, community, now)).await?;
    let scans = app.store.write(move |tx| move_in::forget_identity(tx, community, now)).await?;
    let report = Report::of("move-ins closed", closed).and("move-ins lapsed", lapsed);
    Ok(report.and("drafts deleted", forgotten).and("scans of identity papers let go", scans))
}
