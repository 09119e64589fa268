//! Move-ins at night: closed a week after the handover, lapsed when nothing comes, old drafts forgotten.

use domain::{CommunityId, Result, move_in};

use crate::{App, Report};

/// Closes, lapses and forgets.
pub(crate) async fn run(app: &App, community: CommunityId) -> Result<Report> {
    let now = app.clock.now();
    let (closed, lapsed, forgotten) = app.store.write(move |tx| move_in::night(tx, community, now)).await?;
    Ok(Report::of("move-ins closed", closed).and("move-ins lapsed", lapsed).and("drafts deleted", forgotten))
}
