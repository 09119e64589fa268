//! The day lists, 05:00: yesterday's misses are recorded, today's inspections and the supervisor's look at the
//! service are owed, and a steward who joined meanwhile gets a visit plan; what is owed by who is off duty today
//! goes to a colleague.

use domain::{CommunityId, Result, inspections, publications, roster, service_checks, visits};

use crate::{App, Report};

/// Records misses and raises what is owed today.
pub(crate) async fn run(app: &App, community: CommunityId) -> Result<Report> {
    let now = app.clock.now();
    let (missed, raised) = app.store.write(move |tx| inspections::day_list(tx, community, now)).await?;
    let (unseen, looks) = app.store.write(move |tx| service_checks::plan(tx, community, now)).await?;
    let (unpublished, to_publish) = app.store.write(move |tx| publications::plan(tx, community, now)).await?;
    let handed = app.store.write(move |tx| roster::hand_over(tx, community, now)).await?;
    let planned = app.store.write(move |tx| visits::plan_missing(tx, community, now)).await?;
    let report = Report::of("inspections missed", missed).and("inspections due", raised);
    let report = report.and("looks missed", unseen).and("looks due", looks);
    let report = report.and("publications missed", unpublished).and("publications due", to_publish);
    Ok(report.and("duties handed over", handed).and("visit plans", planned))
}
