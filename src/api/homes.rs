//! `GET /homes`, `GET /homes/{code}`: what the asker may see of the register. Phones are masked.

use actix_web::web::{Path, Query};
use domain::LocalDate;
use domain::homes::{self, Filter, HomeLine};
use domain::people::masked;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::list::word;
use super::{List, Where};
use crate::ctx::{Ctx, Reply, community_of};

/// Which homes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    community: Option<String>,
    building: Option<String>,
    status: Option<String>,
    /// Part of a code, a name, a phone.
    q: Option<String>,
    #[schemars(range(min = 1, max = 200))]
    limit: Option<i64>,
    cursor: Option<String>,
}

/// A home.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Home {
    /// What people call it.
    code: String,
    /// Its building's code.
    building: String,
    /// Its entrance, empty where there is none.
    entrance: String,
    /// The floor.
    floor: i32,
    /// The room.
    room: String,
    /// `residential`, `shop`, `office`.
    #[serde(rename = "use")]
    use_kind: &'static str,
    /// Floor area in hundredths of a square metre.
    area_hundredths: i64,
    /// When the developer handed it over.
    delivered_on: Option<LocalDate>,
    /// `occupied`, `vacant`, `renovating`, `undelivered`.
    status: &'static str,
    /// The owner's name.
    owner: Option<String>,
    /// The steward's name.
    steward: Option<String>,
    #[serde(skip)]
    order: i64,
}

impl From<HomeLine> for Home {
    fn from(home: HomeLine) -> Self {
        Self {
            code: home.code,
            building: home.building,
            entrance: home.entrance,
            floor: home.floor,
            room: home.room,
            use_kind: home.use_kind.as_str(),
            area_hundredths: home.area.0,
            delivered_on: home.delivered_on,
            status: home.status.as_str(),
            owner: home.owner,
            steward: home.steward,
            order: home.register_order,
        }
    }
}

/// A home with its people and bays.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct HomePage {
    #[serde(flatten)]
    home: Home,
    /// Who is tied to it today, or will be.
    people: Vec<Occupant>,
    /// Its bays.
    bays: Vec<Bay>,
}

/// Somebody tied to a home.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Occupant {
    name: String,
    /// Masked.
    phone: Option<String>,
    /// `owner`, `tenant`, `family`, `shop_operator`.
    kind: &'static str,
    lives_there: bool,
    pays: bool,
    starts_on: LocalDate,
    ends_on: Option<LocalDate>,
}

/// A parking bay.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Bay {
    code: String,
    /// `owned`, `leased`.
    kind: &'static str,
}

/// `GET /homes`
pub(crate) async fn list(ctx: Ctx, wanted: Query<Wanted>) -> Reply {
    let Wanted { community, building, status, q, limit, cursor } = wanted.into_inner();
    let status = word("status", status.as_deref())?;
    List { community, limit, cursor }
        .answer(
            &ctx,
            move |db, actor, now, community, (after, limit)| {
                let filter = Filter { building, status, words: q, after: after.unwrap_or(0) };
                let homes = homes::list(db, actor, now, community, &filter, limit)?;
                Ok(homes.into_iter().map(Home::from).collect())
            },
            |home: &Home| home.order,
        )
        .await
}

/// `GET /homes/{code}`
pub(crate) async fn show(ctx: Ctx, code: Path<String>, place: Query<Where>) -> Reply {
    let (code, community) = (code.into_inner(), place.into_inner().community);
    let page = ctx
        .read(move |db, actor, now| {
            let community = community_of(db, actor, community.as_deref())?.id;
            homes::open(db, actor, now, community, &code)
        })
        .await?;
    let occupant = |one: homes::Occupant| Occupant {
        name: one.name,
        phone: one.phone.as_deref().map(masked),
        kind: one.kind.as_str(),
        lives_there: one.lives_there,
        pays: one.pays,
        starts_on: one.starts_on,
        ends_on: one.ends_on,
    };
    let bay = |bay: homes::Bay| Bay { code: bay.code, kind: bay.kind.as_str() };
    ctx.json(
        200,
        &HomePage {
            home: page.home.into(),
            people: page.people.into_iter().map(occupant).collect(),
            bays: page.bays.into_iter().map(bay).collect(),
        },
    )
}
