//! Every minute: clocks of cases that have run out, orders that no technician answers or whose technician
//! has left, repairs that have waited for the resident as long as they have to (domain.md §3, §6).

use domain::{CommunityId, Result, cases, repairs};

use crate::App;
use crate::handler::Report;

/// Breaches become facts; silent orders go back; the desk hears of what waits.
pub(crate) async fn run(app: &App, community: CommunityId) -> Result<Report> {
    let now = app.clock.now();
    let late = app.store.write(move |tx| cases::record_breaches(tx, community, now)).await?;
    let back = app.store.write(move |tx| repairs::time_out(tx, community, now)).await?;
    let left = app.store.write(move |tx| repairs::give_back_of_left(tx, community, now)).await?;
    let waiting = app.store.write(move |tx| repairs::no_access_due(tx, community, now)).await?;
    let report = Report::of("breaches", late).and("orders given back", back);
    Ok(report.and("orders of who has left", left).and("waiting for access", waiting))
}
