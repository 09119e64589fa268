//! `GET /fee-items`, `GET /fee-items/{code}/interval`, `POST …`: what is charged for, and how often it is billed
//! 计费周期; [`tariffs`] at which rate, [`exceptions`] for which homes otherwise.

pub(crate) mod exceptions;
pub(crate) mod tariffs;

use actix_web::web::{Path, Query};
use domain::access::{Action, Actor, Object, allow};
use domain::billing::explain::explain;
use domain::billing::intervals::{self, Listed, NewInterval, Period};
use domain::billing::items::{self, Tariffed};
use domain::billing::{Example, interval_example, keep};
use domain::{CommunityId, Db, Error, Instant, LocalDate, Month};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Body, Where};
use crate::ctx::{Ctx, Reply, community_of};

/// A fee item.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct FeeItemJson {
    code: String,
    name: String,
    /// `area`, `home`, `bay`, `meter`; `hour`, `piece` where no run bills it.
    basis: &'static str,
    /// `residential`, `shop`, `office`, `owned`, `leased`.
    applies_to: &'static str,
    unit: String,
    due_day: i32,
    /// How many months are billed at once, as it was set last.
    months: i32,
    #[schemars(with = "Option<String>")]
    ends_on: Option<LocalDate>,
    /// Oldest first.
    tariffs: Vec<TariffJson>,
}

/// From which day which rate holds.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TariffJson {
    #[schemars(with = "String")]
    starts_on: LocalDate,
    /// Yuan per unit and month, a decimal with at most four places.
    rate: String,
}

impl From<Tariffed> for FeeItemJson {
    fn from(one: Tariffed) -> Self {
        let tariff =
            |(starts_on, rate): (LocalDate, domain::Rate)| TariffJson { starts_on, rate: rate.to_string() };
        Self {
            code: one.item.code,
            name: one.item.name,
            basis: one.item.basis.as_str(),
            applies_to: one.item.applies_to.as_str(),
            unit: one.item.unit,
            due_day: one.item.due_day,
            months: one.intervals.last().map_or(1, |interval| interval.months),
            ends_on: one.item.ends_on,
            tariffs: one.tariffs.into_iter().map(tariff).collect(),
        }
    }
}

/// `GET /fee-items`: in register order.
pub(crate) async fn list(ctx: Ctx, asked: Query<Where>) -> Reply {
    let find = |db: &mut Db, actor: &Actor, now, community| {
        allow(db, actor, now, Action::ChangeSettings, Object::Community(community))?;
        Ok(items::all(db, community)?.into_iter().map(FeeItemJson::from).collect())
    };
    asked.into_inner().all(&ctx, find).await
}

/// How often an item is billed.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct IntervalsJson {
    /// The item's code.
    item: String,
    /// What was set, the latest month first; an item of which nothing is set is billed each month.
    set: Vec<IntervalJson>,
    /// The last month that anything charged covers: a change holds from a later one.
    #[schemars(with = "Option<String>")]
    charged_until: Option<Month>,
    /// What was asked for as a preview.
    preview: Option<PreviewJson>,
}

/// From which month an item is billed how often.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct IntervalJson {
    /// The first month of its first period.
    #[schemars(with = "String")]
    from_month: Month,
    /// 1, 3, 6 or 12: each month, by quarter, half-year or year.
    months: i32,
    /// `first`: in advance, by the run of a period's first month; `last`: in arrears, by that of its last.
    timing: &'static str,
    #[schemars(with = "String")]
    set_at: Instant,
    set_by: Option<String>,
}

impl From<Listed> for IntervalJson {
    fn from(one: Listed) -> Self {
        let Listed { from, months, timing, at, by } = one;
        Self { from_month: from, months, timing: timing.as_str(), set_at: at, set_by: by }
    }
}

/// The first period of an interval that is not set yet.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PreviewJson {
    #[schemars(with = "String")]
    first_month: Month,
    #[schemars(with = "String")]
    last_month: Month,
    /// The month whose run charges it.
    #[schemars(with = "String")]
    charged_in: Month,
    /// What the first homes of the register would pay for it.
    examples: Vec<ExampleJson>,
}

/// What one home, or bay, would pay.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ExampleJson {
    home: String,
    subject: String,
    amount_fen: i64,
    /// How the amount is worked out.
    explanation: String,
    /// What it pays for the same, or for its first period, as it is billed now.
    before_fen: Option<i64>,
}

impl ExampleJson {
    fn of(one: Example, language: &str) -> Self {
        Self {
            amount_fen: one.basis.amount().0,
            explanation: explain(&one.basis, language),
            before_fen: one.before.map(|fen| fen.0),
            home: one.home,
            subject: one.subject,
        }
    }
}

impl PreviewJson {
    fn of((period, examples): (Period, Vec<Example>), language: &str) -> Self {
        let example = |one: Example| ExampleJson::of(one, language);
        Self {
            first_month: period.first,
            last_month: period.last,
            charged_in: period.charged_in(),
            examples: examples.into_iter().map(example).collect(),
        }
    }
}

/// An item of a community, for who keeps its settings.
fn found(
    db: &mut Db,
    (actor, now): (&Actor, Instant),
    community: CommunityId,
    code: &str,
) -> domain::Result<Tariffed> {
    allow(db, actor, now, Action::ChangeSettings, Object::Community(community))?;
    let item = keep::find(db, community, code)?.ok_or(Error::NotFound)?;
    items::find(db, community, item.id)?.ok_or(Error::NotFound)
}

fn json(db: &mut Db, item: Tariffed, preview: Option<PreviewJson>) -> domain::Result<IntervalsJson> {
    let id = item.item.id;
    Ok(IntervalsJson {
        item: item.item.code,
        set: intervals::history(db, id)?.into_iter().map(IntervalJson::from).collect(),
        charged_until: intervals::charged_until(db, id)?,
        preview,
    })
}

/// `GET /fee-items/{code}/interval`
pub(crate) async fn interval(ctx: Ctx, code: Path<String>, asked: Query<Where>) -> Reply {
    let (code, community) = (code.into_inner(), asked.into_inner().community);
    let answer = ctx
        .read(move |db, actor, now| {
            let community = community_of(db, actor, community.as_deref())?.id;
            let item = found(db, (actor, now), community, &code)?;
            json(db, item, None)
        })
        .await?;
    ctx.json(200, &answer)
}

/// How often an item is to be billed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetInterval {
    community: Option<String>,
    /// The first month of its first period, such as `2027-01`.
    from_month: String,
    /// 1, 3, 6 or 12: each month, by quarter, half-year or year.
    months: i32,
    /// `first`: in advance, by the run of a period's first month; `last`: in arrears, by that of its last.
    timing: String,
    /// Only show what it would come to.
    #[serde(default)]
    preview: bool,
}

/// `POST /fee-items/{code}/interval`
pub(crate) async fn set_interval(ctx: Ctx, code: Path<String>, body: Body<SetInterval>) -> Reply {
    let (code, language) = (code.into_inner(), ctx.lang.code());
    body.once(&ctx, 200, move |tx, actor, now, asked| {
        let community = community_of(tx, actor, asked.community.as_deref())?.id;
        let item = found(tx, (actor, now), community, &code)?;
        let new = NewInterval {
            from: asked.from_month.parse().map_err(|_| Error::field("from_month", "month"))?,
            months: asked.months,
            timing: asked.timing.parse().map_err(|_| Error::field("timing", "choice"))?,
        };
        if asked.preview {
            intervals::fits(tx, now, &item.item, &new)?;
            let shown = PreviewJson::of(interval_example(tx, community, &item, &new)?, language);
            return json(tx, item, Some(shown));
        }
        intervals::set(tx, actor, now, community, &code, &new)?;
        json(tx, item, None)
    })
    .await
}
