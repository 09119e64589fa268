//! Every minute: clocks of cases that have run out, orders that no technician answers or whose technician has left,
//! repairs that have waited for the resident as long as they have to, rectification notices that nobody answers
//! (domain.md §3, §6, §7).

use domain::{CommunityId, Result, cases, enquiries, rectifications, repairs};

use crate::App;
use crate::handler::Report;

/// Breaches become facts; silent orders go back; the desk hears of what waits.
pub(crate) async fn run(app: &App, community: CommunityId) -> Result<Report> {
    let now = app.clock.now();
    let late = app.store.write(move |tx| cases::record_breaches(tx, community, now)).await?;
    let back = app.store.write(move |tx| repairs::time_out(tx, community, now)).await?;
    let left = app.store.write(move |tx| repairs::give_back_of_left(tx, community, now)).await?;
    let waiting = app.store.write(move |tx| repairs::no_access_due(tx, community, now)).await?;
    let silent = app.store.write(move |tx| enquiries::close_silent(tx, community, now)).await?;
    let notices = app.store.write(move |tx| rectifications::remind(tx, community, now)).await?;
    Ok(Report::of("breaches", late)
        .and("orders given back", back)
        .and("orders of who has left", left)
        .and("waiting for access", waiting)
        .and("notices unanswered", notices)
        .and("enquiries closed", silent))
}
