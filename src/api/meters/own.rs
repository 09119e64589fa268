//! `GET /homes/{code}/meters`, `POST /homes/{code}/meters/{id}/readings`, `POST /meter-readings/{id}/take-back`: what
//! residents read on the meters of their home 住户自报, with a photo of the dial.

use actix_web::web::{Path, Query};
use domain::access::Actor;
use domain::meters::{self, NewOwn, OwnMeter, Sent};
use domain::{
    AttachmentId, CommunityId, Db, Error, HomeId, Instant, MeterId, MeterReadingId, Month, Quantity, homes,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::dial;
use crate::api::json::{Bare, Count};
use crate::api::{Body, Items, Where};
use crate::ctx::{Ctx, Reply, community_of};

/// A meter of one's home.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct OwnMeterJson {
    id: i64,
    /// `water`, `electricity`, `gas`, `heat`.
    kind: &'static str,
    /// The number on it.
    number: String,
    /// By what its dial is multiplied.
    multiplier: i64,
    /// The month that a reading closes now.
    #[schemars(with = "String")]
    period: Month,
    /// What the dial said last, before this month; a decimal with at most two places.
    last: String,
    /// In which month; none where it was never read.
    #[schemars(with = "Option<String>")]
    last_period: Option<Month>,
    /// What stands in the way of another reading: the one of this month, or one that waits.
    reading: Option<SentJson>,
    /// What the office did not take of this month, where nothing came since.
    refused: Option<String>,
}

/// A reading as residents see it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SentJson {
    id: i64,
    value: String,
    /// What it comes to, by the multiplier.
    used: String,
    /// `hand`, `import`, `estimate`, `resident`.
    source: &'static str,
    /// `good`, or `held` while it waits for the office.
    state: &'static str,
    /// Until when who asks can take it back.
    #[schemars(with = "Option<String>")]
    undo_until: Option<Instant>,
}

impl From<Sent> for SentJson {
    fn from(one: Sent) -> Self {
        Self {
            id: one.id.0,
            value: Quantity(one.value).to_string(),
            used: Quantity(one.used).to_string(),
            source: one.source.as_str(),
            state: one.state.as_str(),
            undo_until: one.undo_until,
        }
    }
}

impl From<OwnMeter> for OwnMeterJson {
    fn from(one: OwnMeter) -> Self {
        Self {
            id: one.meter.id.0,
            kind: one.meter.kind.as_str(),
            number: one.meter.number,
            multiplier: one.meter.multiplier,
            period: one.period,
            last: Quantity(one.last).to_string(),
            last_period: one.last_period,
            reading: one.reading.map(SentJson::from),
            refused: one.refused.map(|value| Quantity(value).to_string()),
        }
    }
}

/// A home of the asker's, by its code.
fn home(
    db: &mut Db,
    (actor, now): (&Actor, Instant),
    community: Option<&str>,
    code: &str,
) -> domain::Result<(CommunityId, HomeId)> {
    let community = community_of(db, actor, community)?.id;
    Ok((community, homes::find(db, actor, now, community, code)?))
}

/// `GET /homes/{code}/meters`
pub(crate) async fn list(ctx: Ctx, code: Path<String>, asked: Query<Where>) -> Reply {
    let (code, community) = (code.into_inner(), asked.into_inner().community);
    let meters = ctx
        .read(move |db, actor, now| {
            let place = home(db, (actor, now), community.as_deref(), &code)?;
            meters::own_meters(db, actor, now, place)
        })
        .await?;
    ctx.json(200, &Items::all(meters.into_iter().map(OwnMeterJson::from).collect()))
}

/// What a resident reads.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Send {
    community: Option<String>,
    #[schemars(with = "f64")]
    value: Count,
    /// The dial: ids of `POST /attachments`, one at least.
    #[schemars(with = "Vec<i64>")]
    attachments: Vec<AttachmentId>,
}

/// `POST /homes/{code}/meters/{id}/readings`: for the present month; one that is odd waits for the office.
pub(crate) async fn send(ctx: Ctx, which: Path<(String, i64)>, body: Body<Send>) -> Reply {
    let (code, id) = which.into_inner();
    let id = MeterId(id);
    body.once(&ctx, 201, move |tx, actor, now, asked| {
        let place = home(tx, (actor, now), asked.community.as_deref(), &code)?;
        let own = |db: &mut Db| -> domain::Result<OwnMeter> {
            let all = meters::own_meters(db, actor, now, place)?;
            all.into_iter().find(|one| one.meter.id == id).ok_or(Error::NotFound)
        };
        own(tx)?;
        let new = NewOwn { meter: id, value: dial("value", asked.value)?, photos: asked.attachments.clone() };
        let sent = meters::send(tx, actor, now, &new);
        sent.map_err(|error| error.renamed("files", "attachments"))?;
        Ok(OwnMeterJson::from(own(tx)?))
    })
    .await
}

/// `POST /meter-readings/{id}/take-back`: the meters of the home, which can be read again.
pub(crate) async fn take_back(ctx: Ctx, id: Path<i64>, body: Body<Bare>) -> Reply {
    let id = MeterReadingId(*id);
    body.once(&ctx, 200, move |tx, actor, now, _| {
        let home = meters::take_back(tx, actor, now, id)?;
        let community = meters::community_of(tx, id)?;
        let all = meters::own_meters(tx, actor, now, (community, home))?;
        Ok(Items::all(all.into_iter().map(OwnMeterJson::from).collect()))
    })
    .await
}
