//! The visit quota: the month closed and planned at 00:30 on the 1st, the pace looked at each morning, the
//! reasons of short months asked for on the 3rd. Each looks at what is due now and finds nothing when run twice.

use domain::{CommunityId, Result, visits};

use crate::{App, Report};

/// 00:30 on the 1st: freezes the months that are over and plans the new one.
pub(crate) async fn close_and_plan(app: &App, community: CommunityId) -> Result<Report> {
    let now = app.clock.now();
    let closed = app.store.write(move |tx| visits::close(tx, community, now)).await?;
    let planned = app.store.write(move |tx| visits::plan_missing(tx, community, now)).await?;
    Ok(Report::of("months closed", closed).and("visit plans", planned))
}

/// 08:30: tells who is behind; from the 3rd on, asks for the reasons of what stayed short.
pub(crate) async fn pace(app: &App, community: CommunityId) -> Result<Report> {
    let now = app.clock.now();
    let behind = app.store.write(move |tx| visits::pace(tx, community, now)).await?;
    let asked = app.store.write(move |tx| visits::ask(tx, community, now)).await?;
    Ok(Report::of("stewards behind", behind).and("short months asked about", asked))
}
