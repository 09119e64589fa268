//! Each morning: whether a year is about to begin, or has begun, whose public holidays nobody entered.

use domain::{CommunityId, Result, calendar};

use crate::{App, Report};

/// The managers are told a month before, a week before, and when it has begun; once each.
pub(crate) async fn run(app: &App, community: CommunityId) -> Result<Report> {
    let now = app.clock.now();
    let told = app.store.write(move |tx| calendar::warn(tx, community, now)).await?;
    Ok(Report::of("managers told of missing holidays", told))
}
