//! `GET /shared-bills`, `GET /shared-bills/{id}`, `POST /shared-bills/{id}/take-back`: bills of the whole house 公摊,
//! which come in by `POST /imports` and are charged by `POST /billing-runs`.

use actix_web::web::{Path, Query};
use domain::access::{Action, Actor, Object, allow};
use domain::billing::shared::{self, Bill, TakenBack};
use domain::cases::voice::words;
use domain::{CommunityId, Db, Error, Instant, Month, SharedBillId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Body, Items, Where};
use crate::ctx::{Ctx, Reply, community_of};

/// A bill that is shared among homes.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct BillJson {
    id: i64,
    /// What it is for, such as 电梯电费.
    name: String,
    #[schemars(with = "String")]
    period: Month,
    total_fen: i64,
    /// `area`, `household`, `share`.
    method: &'static str,
    /// `residential`, `shop`, `office`: the homes that it is shared among.
    applies_to: &'static str,
    /// When its parts were worked out: since then it stands.
    #[schemars(with = "Option<String>")]
    split_at: Option<Instant>,
    version: i32,
}

impl From<&Bill> for BillJson {
    fn from(bill: &Bill) -> Self {
        Self {
            id: bill.id.0,
            name: bill.name.clone(),
            period: bill.period,
            total_fen: bill.total.0,
            method: bill.method.as_str(),
            applies_to: bill.applies_to.as_str(),
            split_at: bill.split_at,
            version: bill.version,
        }
    }
}

/// A bill with what is charged of it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct BillWhole {
    bill: BillJson,
    /// How many homes are charged a part that stands.
    homes: i64,
    /// What they are charged together.
    charged_fen: i64,
    /// How many of them have paid something of it.
    paid_homes: i64,
    paid_fen: i64,
    /// How the bill stands; what `POST …/take-back` is sent.
    seen: String,
    /// How often the bill of this name and month was taken back, the latest first.
    taken_back: Vec<TakenBackJson>,
}

/// A bill that was taken back, once.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TakenBackJson {
    homes: i64,
    charged_fen: i64,
    paid_fen: i64,
    reason: String,
    #[schemars(with = "String")]
    at: Instant,
    by: Option<String>,
}

impl From<TakenBack> for TakenBackJson {
    fn from(one: TakenBack) -> Self {
        let TakenBack { homes, amount, paid, reason, at, by } = one;
        Self { homes, charged_fen: amount.0, paid_fen: paid.0, reason, at, by }
    }
}

/// Which bills to list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    community: Option<String>,
    /// The month, such as `2026-11`; the latest months where none is named.
    period: Option<String>,
}

/// How many bills are listed where no month is named.
const LATEST: i64 = 240;

/// `GET /shared-bills`
pub(crate) async fn list(ctx: Ctx, which: Query<Which>) -> Reply {
    let which = which.into_inner();
    let bills = ctx
        .read(move |db, actor, now| {
            let community = community_of(db, actor, which.community.as_deref())?.id;
            allow(db, actor, now, Action::Bill, Object::Community(community))?;
            match &which.period {
                None => shared::list(db, community, LATEST),
                Some(text) => {
                    let period = text.parse().map_err(|_| Error::field("period", "month"))?;
                    shared::in_period(db, community, period)
                }
            }
        })
        .await?;
    ctx.json(200, &Items::all(bills.iter().map(BillJson::from).collect()))
}

fn whole(
    db: &mut Db,
    (actor, now): (&Actor, Instant),
    (community, id): (CommunityId, SharedBillId),
) -> domain::Result<BillWhole> {
    allow(db, actor, now, Action::Bill, Object::Community(community))?;
    let bill = shared::find(db, community, id)?;
    let stands = shared::standing(db, &bill)?;
    Ok(BillWhole {
        homes: stands.homes,
        charged_fen: stands.amount.0,
        paid_homes: stands.paid_homes,
        paid_fen: stands.paid.0,
        seen: stands.seen(),
        taken_back: shared::taken_back(db, &bill)?.into_iter().map(TakenBackJson::from).collect(),
        bill: BillJson::from(&bill),
    })
}

/// `GET /shared-bills/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<i64>, asked: Query<Where>) -> Reply {
    let (id, community) = (SharedBillId(*id), asked.into_inner().community);
    let bill = ctx
        .read(move |db, actor, now| {
            let community = community_of(db, actor, community.as_deref())?.id;
            whole(db, (actor, now), (community, id))
        })
        .await?;
    ctx.json(200, &bill)
}

/// Why a bill is taken back.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TakeBack {
    community: Option<String>,
    /// Each payer reads it.
    reason: String,
    /// How the bill stood when it was looked at: `seen` of `GET /shared-bills/{id}`. As it stands now where it is left
    /// out.
    seen: Option<String>,
}

/// `POST /shared-bills/{id}/take-back`: all its parts, or none.
pub(crate) async fn take_back(ctx: Ctx, id: Path<i64>, body: Body<TakeBack>) -> Reply {
    let id = SharedBillId(*id);
    body.once(&ctx, 200, move |tx, actor, now, asked| {
        let community = community_of(tx, actor, asked.community.as_deref())?.id;
        let stands = whole(tx, (actor, now), (community, id))?;
        let reason = words("reason", &asked.reason, 200)?;
        let seen = asked.seen.as_ref().unwrap_or(&stands.seen);
        shared::take_back(tx, actor, now, (community, id), (reason, seen))?;
        whole(tx, (actor, now), (community, id))
    })
    .await
}
