//! `GET /closings`, `GET /closings/{month}`, `POST /closings`: the months whose books are closed, and the next one.

use actix_web::web::{Path, Query};
use domain::closings::{self, Closing, Sum};
use domain::{Error, Instant, Month};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Body, Where};
use crate::ctx::{Ctx, Reply, community_of};
use crate::views::money::closings::{BookTable, books};

/// The next month to close, and those that are closed.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ClosingsJson {
    next: NextJson,
    /// Newest first.
    closed: Vec<ClosedJson>,
}

/// The month that is to be closed next.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct NextJson {
    #[schemars(with = "String")]
    month: Month,
    /// From when on it can be closed.
    #[schemars(with = "String")]
    closable_from: Instant,
    /// The code of what `POST /closings` would refuse it for now, such as `closing.not_over`.
    kept_open_by: Option<&'static str>,
    /// What closing it would freeze, as the entries say now.
    books: Vec<BookJson>,
}

/// A month that is closed.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ClosedJson {
    #[schemars(with = "String")]
    month: Month,
    #[schemars(with = "String")]
    closed_at: Instant,
    closed_by: Option<String>,
}

impl From<Closing> for ClosedJson {
    fn from(one: Closing) -> Self {
        Self { month: one.month, closed_at: one.closed_at, closed_by: one.closed_by }
    }
}

/// A month that is closed, with what was frozen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ClosedMonth {
    closing: ClosedJson,
    books: Vec<BookJson>,
}

impl From<(Closing, Vec<Sum>)> for ClosedMonth {
    fn from((closing, sums): (Closing, Vec<Sum>)) -> Self {
        let books = books(&sums).into_iter().map(BookJson::from).collect();
        Self { closing: ClosedJson::from(closing), books }
    }
}

/// A book's month.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct BookJson {
    /// `fees`, `deposits`, `collected`.
    book: &'static str,
    /// The balance before the month; positive is owed.
    opening_fen: i64,
    entries: Vec<KindJson>,
    /// Opening and entries.
    closing_fen: i64,
}

/// What the entries of a kind moved.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct KindJson {
    /// `charge`, `reversal`, `payment`, `refund`, `waiver`.
    kind: &'static str,
    /// How many.
    count: i64,
    amount_fen: i64,
}

impl From<BookTable> for BookJson {
    fn from(table: BookTable) -> Self {
        let kinds = table.rows.iter();
        Self {
            entries: kinds
                .map(|row| KindJson { kind: row.kind, count: row.entries, amount_fen: row.amount.0 })
                .collect(),
            book: table.book,
            opening_fen: table.opening.0,
            closing_fen: table.closing.0,
        }
    }
}

/// `GET /closings`
pub(crate) async fn list(ctx: Ctx, asked: Query<Where>) -> Reply {
    let community = asked.into_inner().community;
    let state = ctx
        .read(move |db, actor, now| {
            let community = community_of(db, actor, community.as_deref())?.id;
            let closed = closings::list(db, actor, now, community)?;
            let next = closings::coming(db, community, now)?;
            let sums = closings::preview(db, actor, now, community, next.month)?;
            let refusal = closings::kept_open(db, community, now, next.month)?;
            let next = NextJson {
                month: next.month,
                closable_from: next.from,
                kept_open_by: refusal.map(|refusal| refusal.rule),
                books: books(&sums).into_iter().map(BookJson::from).collect(),
            };
            Ok(ClosingsJson { next, closed: closed.into_iter().map(ClosedJson::from).collect() })
        })
        .await?;
    ctx.json(200, &state)
}

/// `GET /closings/{month}`
pub(crate) async fn show(ctx: Ctx, month: Path<String>, asked: Query<Where>) -> Reply {
    let month: Month = month.parse().map_err(|_| Error::NotFound)?;
    let community = asked.into_inner().community;
    let closed = ctx
        .read(move |db, actor, now| {
            let community = community_of(db, actor, community.as_deref())?.id;
            closings::of(db, actor, now, community, month)
        })
        .await?;
    ctx.json(200, &ClosedMonth::from(closed))
}

/// A month to be closed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Close {
    community: Option<String>,
    /// Such as `2026-11`.
    month: String,
}

/// `POST /closings`
pub(crate) async fn close(ctx: Ctx, body: Body<Close>) -> Reply {
    body.once(&ctx, 201, |tx, actor, now, asked| {
        let community = community_of(tx, actor, asked.community.as_deref())?.id;
        let month: Month = asked.month.parse().map_err(|_| Error::field("month", "month"))?;
        closings::close(tx, actor, now, community, month)?;
        Ok(ClosedMonth::from(closings::of(tx, actor, now, community, month)?))
    })
    .await
}
