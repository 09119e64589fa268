//! Carries billing runs through: those that somebody asked for, and the calendar's own at night. A run is
//! batches of homes, each a transaction; between two of them others get their turn, and a cancelled run ends.

use domain::access::Actor;
use domain::billing::{self, Step, What, developer};
use domain::{BillingRunId, CommunityId, Month, Result, community};
use serde::Deserialize;

use crate::handler::{Outcome, Report};
use crate::{App, Leased, Pauses};

/// A database that was busy is tried again soon; what is charged stays.
pub(crate) const PAUSES: Pauses = Pauses::Doubling;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    run: BillingRunId,
}

/// The job of a run that somebody asked for.
pub(crate) async fn run(app: &App, job: &Leased) -> Outcome {
    let asked: Asked = job.read()?;
    Ok(carry(app, asked.run).await?)
}

/// 02:00: the present month from its billing day on, and what came later in the months before; and of the month that
/// is over what is the developer's.
pub(crate) async fn night(app: &App, community: CommunityId) -> Result<Report> {
    let now = app.clock.now();
    let due = app.store.read(move |db| {
        let today = community::by_id(db, community)?.today(now)?;
        let periods = billing::periods_to_bill(db, community, today)?;
        let developers = developer::month_to_bill(db, community, today)?;
        let items = periods.into_iter().map(|period| (period, What::Items));
        Ok(items.chain(developers.map(|period| (period, What::Developer))).collect::<Vec<_>>())
    });
    let mut report = Report::nothing();
    for which in due.await? {
        let run = start(app, community, which).await?;
        report = report.and("charges", carry(app, run).await?.count("charges"));
    }
    Ok(report)
}

async fn start(app: &App, community: CommunityId, which: (Month, What)) -> Result<BillingRunId> {
    let (now, real_now) = (app.clock.now(), app.clock.real_now());
    let actor = Actor::system("billing");
    app.store.write(move |tx| billing::ask(tx, &actor, now, real_now, community, which)).await
}

/// Batch after batch until the run is done or cancelled.
async fn carry(app: &App, run: BillingRunId) -> Result<Report> {
    let before = charges(app, run).await?;
    loop {
        let now = app.clock.now();
        if app.store.write(move |tx| billing::step(tx, run, now)).await? == Step::Ended {
            break;
        }
        tokio::task::yield_now().await;
    }
    let made = charges(app, run).await? - before;
    Ok(Report::of("charges", usize::try_from(made).unwrap_or(0)))
}

async fn charges(app: &App, run: BillingRunId) -> Result<i64> {
    let (now, actor) = (app.clock.now(), Actor::system("billing"));
    app.store.read(move |db| Ok(billing::of(db, &actor, now, run)?.charges)).await
}
