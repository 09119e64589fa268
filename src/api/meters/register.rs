//! `GET /meters`, `POST /meters`, `GET /meters/{id}`, `POST /meters/{id}/exchange`, `POST /meters/{id}/end`: which home
//! has which meter, from which day and reading on, until when.

use actix_web::web::{Path, Query};
use domain::access::Actor;
use domain::cases::voice::words;
use domain::meters::{self, Kind, Last, Listed, Meter, NewMeter, Source, State, Successor, Wanted};
use domain::{CommunityId, Db, Error, Instant, LocalDate, MeterId, Month, Quantity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::dial;
use super::readings::ReadingJson;
use crate::api::json::Count;
use crate::api::list::word;
use crate::api::{Body, Day, List, Where};
use crate::ctx::{Ctx, Reply, community_of};

/// A meter.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct MeterJson {
    id: i64,
    home: String,
    /// `water`, `electricity`, `gas`, `heat`.
    kind: &'static str,
    /// The number on it.
    number: String,
    /// By what its dial is multiplied.
    multiplier: i64,
    /// Where its dial begins again, a decimal with at most two places.
    turns_at: String,
    #[schemars(with = "String")]
    installed_on: LocalDate,
    /// What it said when it was put in.
    first_reading: String,
    /// When it was taken out, or exchanged for another.
    #[schemars(with = "Option<String>")]
    removed_on: Option<LocalDate>,
    /// What it was last read at; none where it never was.
    last: Option<LastJson>,
}

/// What a meter was last read at.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct LastJson {
    value: String,
    #[schemars(with = "String")]
    period: Month,
}

impl From<Listed> for MeterJson {
    fn from(one: Listed) -> Self {
        Self::of(one.meter, one.home, one.last)
    }
}

impl MeterJson {
    fn of(meter: Meter, home: String, last: Option<(i64, Month)>) -> Self {
        Self {
            id: meter.id.0,
            home,
            kind: meter.kind.as_str(),
            number: meter.number,
            multiplier: meter.multiplier,
            turns_at: Quantity(meter.turns_at).to_string(),
            installed_on: meter.installed_on,
            first_reading: Quantity(meter.first_reading).to_string(),
            removed_on: meter.removed_on,
            last: last.map(|(value, period)| LastJson { value: Quantity(value).to_string(), period }),
        }
    }
}

/// A meter with its readings.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct MeterWhole {
    meter: MeterJson,
    /// Newest first.
    readings: Vec<ReadingJson>,
}

fn whole(db: &mut Db, actor: &Actor, now: Instant, id: MeterId) -> domain::Result<MeterWhole> {
    let found = meters::meter(db, actor, now, id)?;
    let last = found.readings.iter().find(|one| one.state == State::Good && one.source != Source::Estimate);
    let last = last.map(|one| (one.value, one.period));
    Ok(MeterWhole {
        readings: found.readings.into_iter().map(|one| ReadingJson::of(id, one)).collect(),
        meter: MeterJson::of(found.meter, found.home, last),
    })
}

/// Which meters to list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    community: Option<String>,
    /// Those of a home, by its code.
    home: Option<String>,
    /// Those of a building, by its code.
    building: Option<String>,
    /// `water`, `electricity`, `gas`, `heat`.
    kind: Option<String>,
    #[schemars(range(min = 1, max = 200))]
    limit: Option<i64>,
    cursor: Option<String>,
}

/// `GET /meters`: all of a home or building in register order, else a part of the register.
pub(crate) async fn list(ctx: Ctx, which: Query<Which>) -> Reply {
    let Which { community, home, building, kind, limit, cursor } = which.into_inner();
    let kind = word("kind", kind.as_deref())?;
    let list = List { community, limit, cursor };
    let whole = match (home, building) {
        (Some(code), _) => Wanted::Home(code.trim().to_uppercase()),
        (None, Some(code)) => Wanted::Building(code),
        (None, None) => return part(&ctx, list, kind).await,
    };
    // A limit that is none is refused also where nothing is left for it to do.
    let _ = (list.limit()?, list.after()?);
    Where { community: list.community }
        .all(&ctx, move |db, actor, now, community| rows(db, (actor, now), community, (&whole, kind)))
        .await
}

async fn part(ctx: &Ctx, list: List, kind: Option<Kind>) -> Reply {
    list.answer(
        ctx,
        move |db, actor, now, community, (after, limit)| {
            let part = Wanted::Part(MeterId(after.unwrap_or(0)), limit);
            rows(db, (actor, now), community, (&part, kind))
        },
        |row| row.id,
    )
    .await
}

fn rows(
    db: &mut Db,
    (actor, now): (&Actor, Instant),
    community: CommunityId,
    which: (&Wanted, Option<Kind>),
) -> domain::Result<Vec<MeterJson>> {
    let found = meters::list(db, actor, now, community, which)?;
    Ok(found.into_iter().map(MeterJson::from).collect())
}

/// `GET /meters/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<i64>) -> Reply {
    let id = MeterId(*id);
    let meter = ctx.read(move |db, actor, now| whole(db, actor, now, id)).await?;
    ctx.json(200, &meter)
}

/// A meter to be registered.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Add {
    community: Option<String>,
    home: String,
    /// `water`, `electricity`, `gas`, `heat`.
    kind: String,
    /// The number on it.
    number: String,
    /// By what its dial is multiplied; 1 where it is left out.
    multiplier: Option<i64>,
    /// Where its dial begins again, such as 100000.
    #[schemars(with = "f64")]
    turns_at: Count,
    #[schemars(with = "String")]
    installed_on: Day,
    /// What it said then.
    #[schemars(with = "f64")]
    first_reading: Count,
}

/// `POST /meters`
pub(crate) async fn add(ctx: Ctx, body: Body<Add>) -> Reply {
    body.once(&ctx, 201, |tx, actor, now, asked| {
        let community = community_of(tx, actor, asked.community.as_deref())?.id;
        let new = NewMeter {
            home: meters::home(tx, actor, now, community, &asked.home)?,
            kind: asked.kind.parse().map_err(|_| Error::field("kind", "choice"))?,
            number: words("number", &asked.number, 40)?.to_owned(),
            multiplier: asked.multiplier.unwrap_or(1),
            turns_at: dial("turns_at", asked.turns_at)?,
            installed_on: asked.installed_on.0,
            first_reading: dial("first_reading", asked.first_reading)?,
            removed_on: None,
        };
        let id = meters::add(tx, actor, now, community, &new)?;
        whole(tx, actor, now, id)
    })
    .await
}

/// What an old meter said last, and the new one that comes in its place.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exchange {
    #[schemars(with = "String")]
    day: Day,
    /// What the old one said.
    #[schemars(with = "f64")]
    last: Count,
    /// Whether it has run past its end since it was last read.
    #[serde(default)]
    turned: bool,
    /// The number on the new one.
    number: String,
    /// By what its dial is multiplied; 1 where it is left out.
    multiplier: Option<i64>,
    /// Where its dial begins again.
    #[schemars(with = "f64")]
    turns_at: Count,
    /// What it says to begin with.
    #[schemars(with = "f64")]
    first_reading: Count,
}

/// `POST /meters/{id}/exchange`: the new one.
pub(crate) async fn exchange(ctx: Ctx, id: Path<i64>, body: Body<Exchange>) -> Reply {
    let id = MeterId(*id);
    body.once(&ctx, 201, move |tx, actor, now, asked| {
        meters::meter(tx, actor, now, id)?;
        let last = Last { day: asked.day.0, value: dial("last", asked.last)?, turned: asked.turned };
        let next = Successor {
            number: words("number", &asked.number, 40)?.to_owned(),
            multiplier: asked.multiplier.unwrap_or(1),
            turns_at: dial("turns_at", asked.turns_at)?,
            first_reading: dial("first_reading", asked.first_reading)?,
        };
        let made = meters::exchange(tx, actor, now, id, (last, &next))?;
        whole(tx, actor, now, made)
    })
    .await
}

/// What a meter said last.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct End {
    #[schemars(with = "String")]
    day: Day,
    #[schemars(with = "f64")]
    last: Count,
    /// Whether it has run past its end since it was last read.
    #[serde(default)]
    turned: bool,
}

/// `POST /meters/{id}/end`
pub(crate) async fn end(ctx: Ctx, id: Path<i64>, body: Body<End>) -> Reply {
    let id = MeterId(*id);
    body.once(&ctx, 200, move |tx, actor, now, asked| {
        meters::meter(tx, actor, now, id)?;
        let last = Last { day: asked.day.0, value: dial("last", asked.last)?, turned: asked.turned };
        meters::end(tx, actor, now, id, last)?;
        whole(tx, actor, now, id)
    })
    .await
}
