//! A billing run's life: asked for, carried through batch by batch, done or cancelled.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};

use super::{batch, developer, given_back, preview, shared};
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::db::schema::{billing_runs, homes};
use crate::job::{self, Job};
use crate::{BillingRunId, CommunityId, Db, Error, Fen, Instant, Month, PersonId, Result, Store, meters};

crate::words! {
    /// How far a run has come.
    State {
        /// Under way, or interrupted and to be taken up by the next.
        Running = "running",
        /// Through all homes.
        Done = "done",
        /// Stopped between two batches; what is charged stays.
        Cancelled = "cancelled",
    }
}

crate::words! {
    /// What a run charges.
    What {
        /// The items of each month.
        Items = "items",
        /// The shared bills.
        Shared = "shared",
        /// The homes that are still the developer's.
        Developer = "developer",
    }
}

/// A run as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = billing_runs)]
pub struct Run {
    /// Its id.
    pub id: BillingRunId,
    /// The community.
    pub community_id: CommunityId,
    /// The month that is billed.
    pub period: Month,
    /// What it charges.
    pub what: What,
    /// How far it has come.
    pub state: State,
    /// Who asked for it; none where it was the calendar.
    pub actor_id: Option<PersonId>,
    /// Through what it was asked for.
    pub cause: String,
    /// When it was asked for.
    pub started_at: Instant,
    /// When it was done or cancelled.
    pub finished_at: Option<Instant>,
    /// How many homes there are to go through.
    pub homes: i64,
    /// How many it has been through.
    pub homes_done: i64,
    /// The register order of the last of them.
    pub last_order: i64,
    /// How many charges it made.
    pub charges: i64,
    /// Their sum.
    #[diesel(column_name = total_fen)]
    pub total: Fen,
    /// What was left out and why, JSON.
    pub left_out: String,
}

impl Run {
    /// How far it has come, in percent.
    pub fn percent(&self) -> i64 {
        if self.state == State::Done { 100 } else { self.homes_done * 100 / self.homes.max(1) }
    }

    /// What was left out and why.
    pub fn left_out(&self) -> Result<Vec<preview::LeftOut>> {
        serde_json::from_str(&self.left_out).map_err(Error::internal)
    }
}

/// Asks for a run of a period. The worker carries it through; where one is under way already, that is it.
pub fn ask(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    real_now: Instant,
    community: CommunityId,
    (period, what): (Month, What),
) -> Result<BillingRunId> {
    let id = start(tx, actor, now, community, (period, what))?;
    let job = Job::new(super::JOB, serde_json::json!({ "run": id })).once(format!("{}:{id}", super::JOB));
    job::enqueue(tx, &job, real_now, real_now)?;
    Ok(id)
}

/// Makes a run and carries it through, on this thread.
pub fn run_now(
    store: &Store,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (period, what): (Month, What),
) -> Result<Run> {
    let id = store.write_now(|tx| start(tx, actor, now, community, (period, what)))?;
    while store.write_now(|tx| step(tx, id, now))? == Step::More {}
    store.read_now(|db| by_id(db, id))
}

#[derive(QueryableByName)]
struct Started {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// The run of a period that is under way, made where there is none.
fn start(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (period, what): (Month, What),
) -> Result<BillingRunId> {
    allow(tx, actor, now, Action::Bill, Object::Community(community))?;
    if what == What::Developer {
        developer::may_run(tx, now, community, period)?;
    }
    let sql = "INSERT INTO billing_runs (community_id, period, what, state, actor_id, cause, started_at, homes) \
               VALUES ($1, $2, $3, 'running', $4, $5, $6, (SELECT COUNT(*) FROM homes WHERE community_id = $1)) \
               ON CONFLICT (community_id, period, what) WHERE state = 'running' DO NOTHING RETURNING id";
    let made: Option<Started> = diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Text, _>(period)
        .bind::<Text, _>(what)
        .bind::<Nullable<BigInt>, _>(actor.person)
        .bind::<Text, _>(actor.cause)
        .bind::<Timestamp, _>(now)
        .get_result(tx)
        .optional()?;
    if let Some(made) = made {
        let line =
            Line::new(community, "billing.run", "billing_run", made.id).fields(format!("{period} {what}"));
        audit::write(tx, actor, now, &line)?;
        return Ok(BillingRunId(made.id));
    }
    let running = billing_runs::table
        .filter(billing_runs::community_id.eq(community.0).and(billing_runs::period.eq(period)))
        .filter(billing_runs::what.eq(what).and(billing_runs::state.eq(State::Running)));
    Ok(running.select(billing_runs::id).first(tx)?)
}

/// Whether a run has more to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Another batch waits.
    More,
    /// It is done, or was cancelled.
    Ended,
}

/// How many homes are charged in one transaction.
const BATCH: i64 = 1_000;

/// Charges the next batch of homes. Whoever calls it, in however many processes: the run's row makes one
/// batch follow the other.
pub fn step(tx: &mut Db, id: BillingRunId, now: Instant) -> Result<Step> {
    crate::db::lock(tx, "billing_runs", id.0)?;
    let run = by_id(tx, id)?;
    if run.state != State::Running {
        return Ok(Step::Ended);
    }
    if run.last_order == 0 && measure(tx, &run, now)? {
        return Ok(Step::More);
    }
    let orders: Vec<i64> = homes::table
        .filter(homes::community_id.eq(run.community_id.0).and(homes::register_order.gt(run.last_order)))
        .order(homes::register_order)
        .limit(BATCH)
        .select(homes::register_order)
        .load(tx)?;
    let Some(last) = orders.last().copied() else { return finish(tx, &run, now) };
    let made = batch::charge(tx, &run, (run.last_order, last), now)?;
    let done = i64::try_from(orders.len()).unwrap_or(BATCH);
    let progress = (
        billing_runs::last_order.eq(last),
        billing_runs::homes_done.eq(billing_runs::homes_done + done),
        billing_runs::charges.eq(billing_runs::charges + made.charges),
        billing_runs::total_fen.eq(billing_runs::total_fen + made.fen),
    );
    diesel::update(billing_runs::table.find(id.0)).set(progress).execute(tx)?;
    if done < BATCH { finish(tx, &run, now) } else { Ok(Step::More) }
}

/// Gives back what was charged ahead and is not owed any more, and works out what is no matter of days, before the first
/// home is charged. Whether there was anything.
fn measure(tx: &mut Db, run: &Run, now: Instant) -> Result<bool> {
    match run.what {
        What::Items => {
            Ok(given_back::next(tx, run, now)? || meters::prepare(tx, run.community_id, run.period, now)?)
        }
        What::Shared => shared::split_next(tx, run, now),
        What::Developer => Ok(false),
    }
}

/// How many homes that were left out a run's report names.
const REPORTED: i64 = 1_000;

fn finish(tx: &mut Db, run: &Run, now: Instant) -> Result<Step> {
    let left_out = match run.what {
        What::Items => preview::left_out(tx, run.community_id, run.period, REPORTED)?,
        What::Shared => shared::left_out(tx, run.community_id, run.period, REPORTED)?,
        What::Developer => developer::left_out(tx, run.community_id, run.period, REPORTED)?,
    };
    let report = serde_json::to_string(&left_out).map_err(Error::internal)?;
    let end = (
        billing_runs::state.eq(State::Done),
        billing_runs::finished_at.eq(now),
        billing_runs::left_out.eq(report),
    );
    diesel::update(billing_runs::table.find(run.id.0)).set(end).execute(tx)?;
    Ok(Step::Ended)
}

/// Stops a run before its next batch; what is charged stays.
pub fn cancel(tx: &mut Db, actor: &Actor, now: Instant, id: BillingRunId) -> Result<()> {
    let community = by_id(tx, id)?.community_id;
    allow(tx, actor, now, Action::Bill, Object::Community(community))?;
    crate::db::lock(tx, "billing_runs", id.0)?;
    let running =
        billing_runs::table.filter(billing_runs::id.eq(id.0).and(billing_runs::state.eq(State::Running)));
    let end = (billing_runs::state.eq(State::Cancelled), billing_runs::finished_at.eq(now));
    if diesel::update(running).set(end).execute(tx)? == 0 {
        return Err(Error::refused("billing.not_running", vec![]));
    }
    audit::write(tx, actor, now, &Line::new(community, "billing.cancel", "billing_run", id.0))
}

/// The run of an id, as who may bill sees it.
pub fn of(db: &mut Db, actor: &Actor, now: Instant, id: BillingRunId) -> Result<Run> {
    let run = by_id(db, id)?;
    allow(db, actor, now, Action::Bill, Object::Community(run.community_id)).map_err(
        |error| match error {
            Error::NotSignedIn => error,
            _ => Error::NotFound,
        },
    )?;
    Ok(run)
}

fn by_id(db: &mut Db, id: BillingRunId) -> Result<Run> {
    Ok(billing_runs::table.find(id.0).select(Run::as_select()).first(db)?)
}

/// The latest runs of a community, newest first.
pub fn list(db: &mut Db, community: CommunityId, limit: i64) -> Result<Vec<Run>> {
    let all = billing_runs::table.filter(billing_runs::community_id.eq(community.0));
    Ok(all.order(billing_runs::id.desc()).limit(limit).select(Run::as_select()).load(db)?)
}
