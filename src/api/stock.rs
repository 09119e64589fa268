//! `GET /price-list`, `GET /stock/month`, `POST /stock/receipts`, `POST /stock/counts`: what work and materials cost,
//! and what lies in the store.

use actix_web::web::Query;
use domain::access::{Action, Actor, Object, allow};
use domain::stock::{self, Item, Month as Row, Used};
use domain::{CommunityId, Db, Error, Instant, Month, Quantity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::json::Count;
use super::{Body, Items, Where};
use crate::ctx::{Ctx, Reply, community_of};

/// A line of the price list.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PriceJson {
    /// What `quote`, `finish` and the store name as `item`.
    item: String,
    /// `labour` or `material`.
    kind: &'static str,
    name_zh: String,
    name_en: String,
    unit: String,
    price_fen: i64,
    /// What lies in the store, a decimal with at most two places; none of labour.
    stock: Option<String>,
    /// No longer to be chosen.
    retired: bool,
}

fn price(item: Item) -> PriceJson {
    PriceJson {
        kind: item.kind.as_str(),
        name_zh: item.zh,
        name_en: item.en,
        unit: item.unit,
        price_fen: item.price.0,
        stock: (item.kind == stock::Kind::Material).then(|| item.stock.to_string()),
        retired: item.retired,
        item: item.code,
    }
}

/// `GET /price-list`
pub(crate) async fn prices(ctx: Ctx, place: Query<Where>) -> Reply {
    let find = |db: &mut Db, actor: &Actor, now, community| {
        allow(db, actor, now, Action::ReadPrices, Object::Community(community))?;
        Ok(stock::all(db, community)?.into_iter().map(price).collect())
    };
    place.into_inner().all(&ctx, find).await
}

/// What came in, or what a count found.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Book {
    community: Option<String>,
    item: String,
    /// A number with at most two decimals.
    #[schemars(with = "f64")]
    quantity: Count,
    /// From where, or why a count differs.
    note: Option<String>,
}

/// `POST /stock/receipts`
pub(crate) async fn receive(ctx: Ctx, body: Body<Book>) -> Reply {
    body.once(&ctx, 201, |tx, actor, now, book| {
        booked(tx, actor, now, book, |tx, community, used| stock::receive(tx, actor, now, community, used))
    })
    .await
}

/// `POST /stock/counts`
pub(crate) async fn count(ctx: Ctx, body: Body<Book>) -> Reply {
    body.once(&ctx, 201, |tx, actor, now, book| {
        booked(tx, actor, now, book, |tx, community, used| stock::count(tx, actor, now, community, used))
    })
    .await
}

/// Books it, and says what lies there then.
fn booked(
    tx: &mut Db,
    actor: &Actor,
    _: Instant,
    book: &Book,
    write: impl Fn(&mut Db, CommunityId, (&Used, &str)) -> domain::Result<()>,
) -> domain::Result<PriceJson> {
    let community = community_of(tx, actor, book.community.as_deref())?.id;
    let used = Used { item: book.item.clone(), quantity: book.quantity.0 };
    write(tx, community, (&used, book.note.as_deref().unwrap_or_default()))?;
    stock::find(tx, community, book.item.trim())?.map(price).ok_or(Error::NotFound)
}

/// Which month's.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    community: Option<String>,
    /// Such as `2026-11`; the present one where it is left out.
    month: Option<String>,
}

/// The month of a material 月度维修库存记录.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct MonthJson {
    item: String,
    name_zh: String,
    name_en: String,
    unit: String,
    opening: String,
    received: String,
    taken: String,
    counted: String,
    closing: String,
    /// What was taken, at today's price.
    taken_fen: i64,
}

/// `GET /stock/month?month`
pub(crate) async fn month(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let asked = asked.into_inner();
    let rows = ctx
        .read(move |db, actor, now| {
            let place = community_of(db, actor, asked.community.as_deref())?;
            let month = match &asked.month {
                Some(text) => text.parse().map_err(|_| Error::field("month", "month"))?,
                None => Month::of(place.today(now)?),
            };
            stock::month(db, actor, now, place.id, month)
        })
        .await?;
    ctx.json(200, &Items::all(rows.into_iter().map(line).collect()))
}

fn line(row: Row) -> MonthJson {
    let written = |quantity: Quantity| quantity.to_string();
    MonthJson {
        item: row.item.code,
        name_zh: row.item.zh,
        name_en: row.item.en,
        unit: row.item.unit,
        opening: written(row.opening),
        received: written(row.received),
        taken: written(row.taken),
        counted: written(row.counted),
        closing: written(row.closing),
        taken_fen: row.worth.0,
    }
}
