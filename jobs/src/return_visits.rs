//! Return visits 回访: raised when a repair is done, by the job of the event and every ten minutes for what
//! was missed; reminded of and escalated every quarter of an hour (domain.md §8).

use domain::{CaseId, CommunityId, Result, return_visits};
use serde::Deserialize;

use crate::handler::{Outcome, Report};
use crate::{App, Leased};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Finish {
    case: CaseId,
    finish: i32,
}

/// The return visit of one finish.
pub(crate) async fn plan(app: &App, job: &Leased) -> Outcome {
    let Finish { case, finish } = job.read()?;
    let now = app.clock.now();
    let raised = app.store.write(move |tx| return_visits::plan(tx, now, case, finish)).await?;
    Ok(Report::of("return visits", usize::from(raised)))
}

/// What the jobs of events missed.
pub(crate) async fn plan_missed(app: &App, community: CommunityId) -> Result<Report> {
    let now = app.clock.now();
    let raised = app.store.write(move |tx| return_visits::plan_missed(tx, community, now)).await?;
    Ok(Report::of("return visits", raised))
}

/// Attempts that are due, and what is overdue.
pub(crate) async fn escalate(app: &App, community: CommunityId) -> Result<Report> {
    let now = app.clock.now();
    let overdue = app.store.write(move |tx| return_visits::escalate(tx, community, now)).await?;
    Ok(Report::of("overdue return visits", overdue))
}
