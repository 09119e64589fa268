//! `POST /billing-runs`, `GET /billing-runs/{id}`, `GET /collection`.

use actix_web::web::{Path, Query};
use domain::billing::{self, Preview, Run, What};
use domain::collection::{self, By, Figure};
use domain::{BillingRunId, Error, Instant, Month};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Body;
use crate::ctx::{Ctx, Reply, community_of};

/// A run that is asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRun {
    community: Option<String>,
    /// The month, such as `2026-11`.
    period: String,
    /// The shared bills of the month, not its items.
    #[serde(default)]
    shared: bool,
    /// What is the developer's of the month, which must be over.
    #[serde(default)]
    developer: bool,
    /// Only show what it would do.
    #[serde(default)]
    preview: bool,
}

/// A run: how far it has come, what it made, what it left out. A preview has no id.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct RunState {
    id: Option<i64>,
    #[schemars(with = "String")]
    period: Month,
    /// Whether it charges the shared bills.
    shared: bool,
    /// Whether it charges the developer.
    developer: bool,
    /// `preview`, `running`, `done`, `cancelled`.
    state: &'static str,
    percent: i64,
    homes: i64,
    homes_done: i64,
    charges: i64,
    total_fen: i64,
    /// The totals by item; of a preview only.
    by_item: Option<Value>,
    /// What stands out against the month before; of a preview only.
    differences: Option<Value>,
    /// What was charged ahead and would be given back; of a preview only.
    given_back: Option<Value>,
    /// The homes that were left out, and why.
    left_out: Value,
    #[schemars(with = "Option<String>")]
    started_at: Option<Instant>,
    #[schemars(with = "Option<String>")]
    finished_at: Option<Instant>,
}

impl RunState {
    fn of(run: &Run) -> domain::Result<Self> {
        Ok(Self {
            id: Some(run.id.0),
            period: run.period,
            shared: run.what == What::Shared,
            developer: run.what == What::Developer,
            state: run.state.as_str(),
            percent: run.percent(),
            homes: run.homes,
            homes_done: run.homes_done,
            charges: run.charges,
            total_fen: run.total.0,
            by_item: None,
            differences: None,
            given_back: None,
            left_out: json(&run.left_out()?)?,
            started_at: Some(run.started_at),
            finished_at: run.finished_at,
        })
    }

    fn previewed(preview: &Preview, what: What) -> domain::Result<Self> {
        Ok(Self {
            id: None,
            period: preview.period,
            shared: what == What::Shared,
            developer: what == What::Developer,
            state: "preview",
            percent: 0,
            homes: 0,
            homes_done: 0,
            charges: preview.charges(),
            total_fen: preview.total().0,
            by_item: Some(json(&preview.by_item)?),
            differences: Some(json(&preview.differences)?),
            given_back: Some(json(&preview.given_back)?),
            left_out: json(&preview.left_out)?,
            started_at: None,
            finished_at: None,
        })
    }
}

fn json<T: Serialize>(value: &T) -> domain::Result<Value> {
    serde_json::to_value(value).map_err(Error::internal)
}

/// `POST /billing-runs`: the worker carries the run through.
pub(crate) async fn create(ctx: Ctx, body: Body<NewRun>) -> Reply {
    let real_now = ctx.real_now();
    let status = if body.value.preview { 200 } else { 202 };
    body.once(&ctx, status, move |tx, actor, now, asked| {
        let community = community_of(tx, actor, asked.community.as_deref())?.id;
        let period: Month = asked.period.parse().map_err(|_| Error::field("period", "month"))?;
        let what = match (asked.shared, asked.developer) {
            (true, true) => return Err(Error::field("developer", "either_shared")),
            (true, _) => What::Shared,
            (_, true) => What::Developer,
            _ => What::Items,
        };
        if asked.preview {
            let preview = billing::preview_of(tx, actor, now, community, (period, what))?;
            return RunState::previewed(&preview, what);
        }
        let id = billing::ask(tx, actor, now, real_now, community, (period, what))?;
        RunState::of(&billing::of(tx, actor, now, id)?)
    })
    .await
}

/// `GET /billing-runs/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<i64>) -> Reply {
    let id = BillingRunId(*id);
    let run = ctx.read(move |db, actor, now| billing::of(db, actor, now, id)).await?;
    ctx.json(200, &RunState::of(&run)?)
}

/// Which figures.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    community: Option<String>,
    period: Option<String>,
    by: Option<String>,
    as_of: Option<String>,
}

/// What came in of what was due.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Collected {
    #[schemars(with = "String")]
    period: Month,
    by: &'static str,
    #[schemars(with = "String")]
    as_of: Instant,
    due_fen: i64,
    collected_fen: i64,
    /// Collected of due, as a fraction with four decimals; none where nothing was due.
    rate: Option<f64>,
    items: Vec<Part>,
    /// What is owed now, by how long it has been due.
    ageing: Vec<Old>,
    /// What is open from the years before.
    prior_years_fen: i64,
}

/// One building, item, steward or month.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Part {
    key: String,
    name: String,
    charges: i64,
    due_fen: i64,
    collected_fen: i64,
    rate: Option<f64>,
}

/// What is owed of one age.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Old {
    /// `not_due`, `0-30`, `31-90`, `91-180`, `181-365`, `over-365`.
    age: &'static str,
    charges: i64,
    open_fen: i64,
}

/// Hundredths of a percent as a fraction.
fn fraction(rate: Option<i64>) -> Option<f64> {
    rate.and_then(|rate| i32::try_from(rate).ok()).map(|rate| f64::from(rate) / 10_000.0)
}

fn part(figure: Figure) -> Part {
    Part {
        charges: figure.charges,
        due_fen: figure.due.0,
        collected_fen: figure.collected.0,
        rate: fraction(figure.rate()),
        key: figure.key,
        name: figure.name,
    }
}

/// `GET /collection`
pub(crate) async fn collected(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let asked = asked.into_inner();
    let figures = ctx
        .read(move |db, actor, now| {
            let community = community_of(db, actor, asked.community.as_deref())?;
            let period = match &asked.period {
                Some(text) => text.parse().map_err(|_| Error::field("period", "month"))?,
                None => Month::of(community.today(now)?),
            };
            let by = asked.by.as_deref().unwrap_or(By::Building.as_str());
            let by: By = by.parse().map_err(|_| Error::field("by", "unknown_word"))?;
            let as_of: Option<Instant> = match &asked.as_of {
                Some(text) => Some(text.parse().map_err(|_| Error::field("as_of", "moment"))?),
                None => None,
            };
            let figures = collection::figures(db, actor, now, community.id, (period, by), as_of)?;
            let (due, collected) = figures
                .iter()
                .fold((domain::Fen::ZERO, domain::Fen::ZERO), |sum, f| (sum.0 + f.due, sum.1 + f.collected));
            let ageing = collection::ageing(db, actor, now, community.id)?;
            Ok(Collected {
                period,
                by: by.as_str(),
                as_of: as_of.unwrap_or(now),
                due_fen: due.0,
                collected_fen: collected.0,
                rate: fraction(collection::rate(due, collected)),
                items: figures.into_iter().map(part).collect(),
                ageing: ageing
                    .into_iter()
                    .map(|old| Old { age: old.age.as_str(), charges: old.charges, open_fen: old.open.0 })
                    .collect(),
                prior_years_fen: collection::prior_years(db, community.id, period)?.0,
            })
        })
        .await?;
    ctx.json(200, &figures)
}
