//! `POST /meters/{id}/readings`, `GET /meter-readings`, `GET /meter-readings/{id}`, `POST /meter-readings/{id}/decide`:
//! what the office reads, and what it says to what is odd or was sent by residents.

use actix_web::web::{Path, Query};
use domain::access::{Action, Actor, Object, allow};
use domain::attachments::{self, Subject};
use domain::meters::rules::Decision;
use domain::meters::{self, Act, NewReading, Past, Row, Source};
use domain::{
    AttachmentId, CommunityId, Db, Error, Instant, LocalDate, MeterId, MeterReadingId, Month, Quantity,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::dial;
use crate::api::json::Count;
use crate::api::{Body, Day, Where};
use crate::ctx::{Ctx, Reply};

/// A reading, whatever became of it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ReadingJson {
    id: i64,
    meter: i64,
    /// The month that it closes.
    #[schemars(with = "String")]
    period: Month,
    #[schemars(with = "String")]
    read_on: LocalDate,
    /// What the dial said, a decimal with at most two places.
    value: String,
    /// What it comes to, by the multiplier.
    used: String,
    /// `hand`, `import`, `estimate`, `resident`.
    source: &'static str,
    /// `good`, `held`, `refused`, `taken_back`.
    state: &'static str,
    /// The reading that it stands in place of.
    instead_of: Option<i64>,
    /// The name of who read it.
    by: Option<String>,
    #[schemars(with = "String")]
    at: Instant,
}

impl ReadingJson {
    pub(super) fn of(meter: MeterId, one: Past) -> Self {
        Self {
            id: one.id.0,
            meter: meter.0,
            period: one.period,
            read_on: one.read_on,
            value: Quantity(one.value).to_string(),
            used: Quantity(one.used).to_string(),
            source: one.source.as_str(),
            state: one.state.as_str(),
            instead_of: one.instead_of.map(|id| id.0),
            by: one.by,
            at: one.at,
        }
    }
}

/// A reading with what can be decided on it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ReadingWhole {
    reading: ReadingJson,
    home: String,
    /// `water`, `electricity`, `gas`, `heat`.
    kind: &'static str,
    /// The number on the meter.
    number: String,
    /// What was last really read before.
    last: String,
    /// What usually runs through, by the multiplier; none where nothing is known.
    usual: Option<String>,
    /// What who asks can decide: `confirm`, `turned`, `put_right`, `refuse`.
    decisions: Vec<&'static str>,
    /// What the resident photographed.
    #[schemars(with = "Vec<i64>")]
    attachments: Vec<AttachmentId>,
}

fn whole(db: &mut Db, actor: &Actor, now: Instant, id: MeterReadingId) -> domain::Result<ReadingWhole> {
    let found = meters::reading(db, actor, now, id)?;
    // The photo stays with what was sent, whatever was put in its place.
    let sent = found.reading.instead_of.unwrap_or(id);
    let papers = attachments::of(db, Subject::MeterReading(sent))?;
    let usual = found.before.usual.map(|usual| Quantity(usual * found.meter.multiplier).to_string());
    Ok(ReadingWhole {
        reading: ReadingJson::of(found.meter.id, found.reading),
        home: found.home,
        kind: found.meter.kind.as_str(),
        number: found.meter.number,
        last: Quantity(found.before.actual).to_string(),
        usual,
        decisions: found.decisions.iter().map(|one| one.as_str()).collect(),
        attachments: papers.into_iter().map(|paper| paper.id).collect(),
    })
}

/// What a dial said.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Read {
    #[schemars(with = "f64")]
    value: Count,
    #[schemars(with = "String")]
    read_on: Day,
    /// The month that it closes, such as `2026-11`; that of the day where it is left out.
    period: Option<String>,
    /// Whether the dial has run past its end since it was last read.
    #[serde(default)]
    turned: bool,
}

/// `POST /meters/{id}/readings`: one that is odd is held until somebody has looked at it.
pub(crate) async fn read(ctx: Ctx, id: Path<i64>, body: Body<Read>) -> Reply {
    let id = MeterId(*id);
    body.once(&ctx, 201, move |tx, actor, now, asked| {
        meters::meter(tx, actor, now, id)?;
        let period = match &asked.period {
            Some(text) => text.parse().map_err(|_| Error::field("period", "month"))?,
            None => Month::of(asked.read_on.0),
        };
        let new = NewReading {
            meter: id,
            period,
            read_on: asked.read_on.0,
            value: dial("value", asked.value)?,
            turned: asked.turned,
            source: Source::Hand,
        };
        meters::read(tx, actor, now, &new)?;
        let found = meters::meter(tx, actor, now, id)?;
        let made = found.readings.into_iter().find(|one| one.period == period);
        Ok(ReadingJson::of(id, made.ok_or(Error::NotFound)?))
    })
    .await
}

/// A reading that waits for somebody to look at it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WaitingJson {
    /// What `/meter-readings/{id}` is asked with.
    id: i64,
    meter: i64,
    home: String,
    /// `water`, `electricity`, `gas`, `heat`.
    kind: &'static str,
    /// The number on the meter.
    number: String,
    /// Up to where it is billed.
    last: String,
    value: String,
    /// `hand`, `import`, `resident`.
    source: &'static str,
}

fn waiting(row: Row) -> Option<WaitingJson> {
    let reading = row.reading?;
    Some(WaitingJson {
        id: reading.id.0,
        meter: row.meter.id.0,
        home: row.home,
        kind: row.meter.kind.as_str(),
        number: row.meter.number,
        last: Quantity(row.last).to_string(),
        value: Quantity(reading.value).to_string(),
        source: reading.source.as_str(),
    })
}

/// `GET /meter-readings`: those that wait, oldest first.
pub(crate) async fn held(ctx: Ctx, asked: Query<Where>) -> Reply {
    let find = |db: &mut Db, actor: &Actor, now, community| {
        allow(db, actor, now, Action::ReadMeter, Object::Community(community))?;
        Ok(meters::waiting(db, community)?.into_iter().filter_map(waiting).collect())
    };
    asked.into_inner().all(&ctx, find).await
}

/// `GET /meter-readings/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<i64>) -> Reply {
    let id = MeterReadingId(*id);
    let reading = ctx.read(move |db, actor, now| whole(db, actor, now, id)).await?;
    ctx.json(200, &reading)
}

/// What is decided on a reading.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decide {
    /// `confirm`, `turned`, `put_right`, `refuse`.
    decision: String,
    /// What the photo shows; with `put_right`.
    #[schemars(with = "Option<f64>")]
    value: Option<Count>,
}

/// `POST /meter-readings/{id}/decide`
pub(crate) async fn decide(ctx: Ctx, id: Path<i64>, body: Body<Decide>) -> Reply {
    let id = MeterReadingId(*id);
    body.once(&ctx, 200, move |tx, actor, now, asked| {
        meters::reading(tx, actor, now, id)?;
        let community: CommunityId = meters::community_of(tx, id)?;
        let decision: Decision = asked.decision.parse().map_err(|_| Error::field("decision", "choice"))?;
        let act = match decision {
            Decision::Confirm => Act::Confirm,
            Decision::Turned => Act::Turned,
            Decision::Refuse => Act::Refuse,
            Decision::PutRight => {
                let shown = asked.value.ok_or_else(|| Error::field("value", "required"))?;
                Act::PutRight(dial("value", shown)?)
            }
        };
        meters::decide(tx, actor, now, (community, id), act)?;
        whole(tx, actor, now, id)
    })
    .await
}
