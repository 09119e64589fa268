//! `GET /fee-items/{code}/exceptions`, `POST …`, `POST …/{id}/end`: homes that an item is not charged to, or only in
//! part, or at a rate of their own 例外.

use actix_web::web::{Path, Query};
use domain::access::Actor;
use domain::billing::exceptions::{self, Kind, Listed, NewException, Terms};
use domain::cases::voice::words;
use domain::{Db, Error, FeeExceptionId, FeeItemId, Instant, Month};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::found;
use super::tariffs::rate;
use crate::api::{Body, Where};
use crate::ctx::{Ctx, Reply, community_of};

/// What is charged otherwise to a home.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ExceptionJson {
    id: i64,
    home: String,
    /// `free`, `part`, `rate`.
    kind: &'static str,
    /// How much of the item is charged, where it is a part.
    percent: Option<i64>,
    /// Yuan per unit and month, where it has a rate of its own.
    rate: Option<String>,
    #[schemars(with = "String")]
    from_month: Month,
    /// Its last month; none where it goes on.
    #[schemars(with = "Option<String>")]
    to_month: Option<Month>,
    reason: String,
    agreed_by: Option<String>,
    #[schemars(with = "String")]
    agreed_at: Instant,
}

impl From<Listed> for ExceptionJson {
    fn from(one: Listed) -> Self {
        let (percent, rate) = match one.exception.terms() {
            Terms::Free => (None, None),
            Terms::Part(percent) => (Some(percent), None),
            Terms::Rate(rate) => (None, Some(rate.to_string())),
        };
        Self {
            id: one.exception.id.0,
            home: one.home,
            kind: one.exception.kind.as_str(),
            percent,
            rate,
            from_month: one.exception.from_month,
            to_month: one.exception.to_month,
            reason: one.exception.reason,
            agreed_by: one.by,
            agreed_at: one.exception.made_at,
        }
    }
}

/// `GET /fee-items/{code}/exceptions`: newest first.
pub(crate) async fn list(ctx: Ctx, code: Path<String>, asked: Query<Where>) -> Reply {
    let find = move |db: &mut Db, actor: &Actor, now, community| {
        let item = found(db, (actor, now), community, &code)?.item.id;
        Ok(exceptions::of_item(db, item)?.into_iter().map(ExceptionJson::from).collect())
    };
    asked.into_inner().all(&ctx, find).await
}

fn shown(db: &mut Db, item: FeeItemId, id: FeeExceptionId) -> domain::Result<ExceptionJson> {
    let mut all = exceptions::of_item(db, item)?.into_iter();
    all.find(|one| one.exception.id == id).map(ExceptionJson::from).ok_or(Error::NotFound)
}

/// What is agreed on for a home.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Agree {
    community: Option<String>,
    home: String,
    /// `free`; `part` with `percent`; `rate` with `rate`.
    kind: String,
    /// How much of the item is charged, 1 to 99.
    percent: Option<i64>,
    /// Yuan per unit and month, a decimal with at most four places.
    rate: Option<String>,
    /// Its first month, such as `2027-01`.
    from_month: String,
    /// Its last month; it goes on where it is left out.
    to_month: Option<String>,
    reason: String,
}

impl Agree {
    fn read(&self) -> domain::Result<NewException> {
        let to = self.to_month.as_deref().map(|text| month("to_month", text)).transpose()?;
        Ok(NewException {
            home: self.home.clone(),
            terms: self.terms()?,
            from: month("from_month", &self.from_month)?,
            to,
            reason: words("reason", &self.reason, 200)?.to_owned(),
        })
    }

    fn terms(&self) -> domain::Result<Terms> {
        let required = |field| Error::field(field, "required");
        Ok(match self.kind.parse().map_err(|_| Error::field("kind", "choice"))? {
            Kind::Free => Terms::Free,
            Kind::Part => Terms::Part(self.percent.ok_or_else(|| required("percent"))?),
            Kind::Rate => Terms::Rate(rate("rate", self.rate.as_deref().ok_or_else(|| required("rate"))?)?),
        })
    }
}

fn month(field: &'static str, text: &str) -> domain::Result<Month> {
    text.parse().map_err(|_| Error::field(field, "month"))
}

/// `POST /fee-items/{code}/exceptions`
pub(crate) async fn agree(ctx: Ctx, code: Path<String>, body: Body<Agree>) -> Reply {
    body.once(&ctx, 201, move |tx, actor, now, asked| {
        let community = community_of(tx, actor, asked.community.as_deref())?.id;
        let item = found(tx, (actor, now), community, &code)?.item;
        let new = asked.read()?;
        let of_kind = if matches!(new.terms, Terms::Part(_)) { "percent" } else { "rate" };
        let made = exceptions::agree(tx, actor, now, community, &item, &new);
        let id = made.map_err(|error| error.renamed("value", of_kind))?;
        shown(tx, item.id, id)
    })
    .await
}

/// With which month an exception ends.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct End {
    community: Option<String>,
    /// Its last month, the present one or a later one.
    last: String,
}

/// `POST /fee-items/{code}/exceptions/{id}/end`
pub(crate) async fn end(ctx: Ctx, which: Path<(String, i64)>, body: Body<End>) -> Reply {
    let (code, id) = which.into_inner();
    let id = FeeExceptionId(id);
    body.once(&ctx, 200, move |tx, actor, now, asked| {
        let community = community_of(tx, actor, asked.community.as_deref())?.id;
        let item = found(tx, (actor, now), community, &code)?.item.id;
        exceptions::end(tx, actor, now, community, (item, id), month("last", &asked.last)?)?;
        shown(tx, item, id)
    })
    .await
}
