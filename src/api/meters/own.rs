//! `GET /homes/{code}/meters`, `POST /homes/{code}/meters/{id}/readings`, `POST /meter-readings/{id}/take-back`: what
//! residents read on the meters of their home 住户自报, with a photo of the dial.

use actix_web::web::{Path, Query};
use domain::access::Actor;
use domain::meters::{self, NewOwn, OwnMeter};
use domain::{AttachmentId, Db, Error, MeterId, MeterReadingId, homes};
use schemars::JsonSchema;
use serde::Deserialize;

use super::dial;
use crate::api::json::{Bare, Count};
use crate::api::{Body, Items, Where};
use crate::ctx::{Ctx, Reply, community_of};
use crate::views::meters::own::OwnRow;

/// `GET /homes/{code}/meters`
pub(crate) async fn list(ctx: Ctx, code: Path<String>, asked: Query<Where>) -> Reply {
    let find = move |db: &mut Db, actor: &Actor, now, community| {
        let home = homes::find(db, actor, now, community, &code)?;
        let all = meters::own_meters(db, actor, now, (community, home))?;
        Ok(all.into_iter().map(OwnRow::from).collect())
    };
    asked.into_inner().all(&ctx, find).await
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
        let community = community_of(tx, actor, asked.community.as_deref())?.id;
        let place = (community, homes::find(tx, actor, now, community, &code)?);
        let own = |db: &mut Db| -> domain::Result<OwnMeter> {
            let all = meters::own_meters(db, actor, now, place)?;
            all.into_iter().find(|one| one.meter.id == id).ok_or(Error::NotFound)
        };
        own(tx)?;
        let new = NewOwn { meter: id, value: dial("value", asked.value)?, photos: asked.attachments.clone() };
        let sent = meters::send(tx, actor, now, &new);
        sent.map_err(|error| error.renamed("files", "attachments"))?;
        Ok(OwnRow::from(own(tx)?))
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
        Ok(Items::all(all.into_iter().map(OwnRow::from).collect()))
    })
    .await
}
