//! Ticks become jobs. A tick does nothing itself: it enqueues a job with the key
//! `schedule:<name>:<community>:<tick>` and moves the schedule's mark, in one transaction, so two schedulers
//! make one job and a worker that slept makes up for what it missed.

use std::collections::HashMap;
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};
use domain::community::{self, Community};
use domain::db::schema::schedules;
use domain::job::{self, Job};
use domain::{CommunityId, Db, Error, Instant, Result};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};

use crate::handler::{Failure, Handler, Outcome, Report};
use crate::{App, Leased, Pauses, When};

/// Work that the calendar asks for.
pub struct Schedule {
    /// Its name, in keys and logs.
    pub name: &'static str,
    /// When it ticks, in the community's own time, on the portal's clock.
    pub when: When,
    /// What happens to ticks that were missed.
    pub catch_up: CatchUp,
    /// The work, for one community and the tick.
    pub run: for<'a> fn(&'a App, CommunityId, Instant) -> BoxFuture<'a, Result<Report>>,
}

/// What happens to ticks that were missed while no worker ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatchUp {
    /// The newest stands for all: the work looks at what is due now.
    Newest,
    /// Each is made up for, oldest first: the work is about the tick's own day or month.
    Each,
}

/// Runs the job of a tick.
pub(crate) const HANDLER: Handler =
    Handler { kind: "schedule", pauses: Pauses::Doubling, run: |app, job| Box::pin(run(app, job)) };

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tick {
    name: String,
    community: CommunityId,
    tick: Instant,
}

async fn run(app: &App, job: &Leased) -> Outcome {
    let due: Tick = job.read()?;
    let Some(schedule) = app.schedules.iter().find(|schedule| schedule.name == due.name) else {
        return Err(Failure::Never(format!("no schedule {:?}", due.name)));
    };
    if schedule.catch_up == CatchUp::Newest && is_overtaken(app, &due).await? {
        return Ok(Report::nothing());
    }
    Ok((schedule.run)(app, due.community, due.tick).await?)
}

/// Whether a newer tick was enqueued meanwhile, which does all that this one would.
async fn is_overtaken(app: &App, due: &Tick) -> Result<bool> {
    let (name, community, tick) = (due.name.clone(), due.community, due.tick);
    app.store.read(move |db| Ok(marks(db)?.get(&(name, community)).is_some_and(|mark| *mark > tick))).await
}

/// Enqueues every tick that is due, oldest first. Returns how many jobs that made.
pub(crate) async fn enqueue_due(app: &App) -> Result<usize> {
    let (schedules, now) = (app.schedules, app.clock.now());
    let due = app.store.read(move |db| due(db, schedules, now)).await?;
    let mut made = 0;
    for tick in due {
        let real_now = app.clock.real_now();
        made += usize::from(app.store.write(move |tx| enqueue(tx, &tick, real_now)).await?);
    }
    Ok(made)
}

fn due(db: &mut Db, schedules: &[Schedule], now: Instant) -> Result<Vec<Tick>> {
    let marks = marks(db)?;
    let mut due = Vec::new();
    for community in community::all(db)? {
        for schedule in schedules {
            let mark = marks.get(&(schedule.name.to_owned(), community.id)).copied();
            let ticks = missed(schedule, &community, mark, now)?;
            due.extend(ticks.into_iter().map(|tick| Tick {
                name: schedule.name.to_owned(),
                community: community.id,
                tick,
            }));
        }
    }
    due.sort_by_key(|tick| tick.tick);
    Ok(due)
}

/// A community gets no tick from before it was added.
fn missed(
    schedule: &Schedule,
    community: &Community,
    mark: Option<Instant>,
    now: Instant,
) -> Result<Vec<Instant>> {
    let zone = community.zone()?;
    let after = mark.unwrap_or(community.created_at);
    Ok(match schedule.catch_up {
        CatchUp::Each => schedule.when.between(zone, after, now),
        CatchUp::Newest => schedule.when.newest(zone, now).filter(|tick| *tick > after).into_iter().collect(),
    })
}

fn marks(db: &mut Db) -> Result<HashMap<(String, CommunityId), Instant>> {
    let rows: Vec<(String, CommunityId, Instant)> =
        schedules::table.select((schedules::name, schedules::community_id, schedules::last_tick)).load(db)?;
    Ok(rows.into_iter().map(|(name, community, tick)| ((name, community), tick)).collect())
}

fn enqueue(tx: &mut Db, due: &Tick, real_now: Instant) -> Result<bool> {
    let sql = "INSERT INTO schedules (name, community_id, last_tick) VALUES ($1, $2, $3) \
               ON CONFLICT (name, community_id) DO UPDATE SET last_tick = excluded.last_tick \
               WHERE schedules.last_tick < excluded.last_tick";
    let moved = diesel::sql_query(sql)
        .bind::<Text, _>(&due.name)
        .bind::<BigInt, _>(due.community.0)
        .bind::<Timestamp, _>(due.tick)
        .execute(tx)?;
    if moved == 0 {
        return Ok(false);
    }
    let payload = serde_json::to_value(due).map_err(Error::internal)?;
    let job =
        Job::new(HANDLER.kind, payload).once(format!("schedule:{}:{}:{}", due.name, due.community, due.tick));
    Ok(job::enqueue(tx, &job, real_now, real_now)?.is_some())
}

/// Looks at the calendar for as long as the worker lives.
pub(crate) async fn keep(app: App) {
    loop {
        match enqueue_due(&app).await {
            Ok(0) => {}
            Ok(jobs) => tracing::debug!(jobs, "the calendar made work"),
            Err(error) => tracing::warn!(%error, "the calendar could not be looked at; it is tried again"),
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
