//! `GET /demands/due`, `POST /demands`, `GET /demand-batches`, `GET /demand-batches/{id}`: who is to be sent a demand, and
//! the letters that are made together.

use actix_web::web::{Path, Query};
use domain::access::Actor;
use domain::demands::{self, Batch, Candidate};
use domain::{Db, DemandBatchId, Instant, LedgerAccountId, LocalDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::demands::DemandJson;
use crate::api::{Body, Where};
use crate::ctx::{Ctx, Reply, community_of};
use crate::pages::money::demands::{texts, texts_of};

/// Somebody who is to be sent a demand.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DueJson {
    /// What `POST /demands` is sent.
    account: i64,
    home: String,
    payer: String,
    /// How many charges are overdue.
    charges: i64,
    overdue_fen: i64,
    #[schemars(with = "String")]
    oldest_due_on: LocalDate,
    /// When the last reminder was sent.
    #[schemars(with = "String")]
    reminded_at: Instant,
}

impl From<Candidate> for DueJson {
    fn from(one: Candidate) -> Self {
        Self {
            account: one.account.0,
            home: one.home,
            payer: one.name,
            charges: one.charges,
            overdue_fen: one.overdue.0,
            oldest_due_on: one.oldest_due_on,
            reminded_at: one.reminded_at,
        }
    }
}

/// `GET /demands/due`: everybody who is to be sent one, in register order.
pub(crate) async fn due(ctx: Ctx, asked: Query<Where>) -> Reply {
    let find = |db: &mut Db, actor: &Actor, now, community| {
        let due = demands::candidates(db, actor, now, community)?;
        Ok(due.into_iter().map(DueJson::from).collect())
    };
    asked.into_inner().all(&ctx, find).await
}

/// Letters that were made together.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct BatchJson {
    id: i64,
    #[schemars(with = "String")]
    day: LocalDate,
    made_by: Option<String>,
    #[schemars(with = "String")]
    made_at: Instant,
    /// How many letters.
    letters: i64,
    /// How many of them are proved delivered.
    delivered: i64,
    total_fen: i64,
}

impl From<Batch> for BatchJson {
    fn from(one: Batch) -> Self {
        Self {
            id: one.id.0,
            day: one.day,
            made_by: one.maker,
            made_at: one.made_at,
            letters: one.letters,
            delivered: one.delivered,
            total_fen: one.total.0,
        }
    }
}

/// A batch with its letters.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct BatchWhole {
    batch: BatchJson,
    demands: Vec<DemandJson>,
}

fn batch_whole(db: &mut Db, actor: &Actor, now: Instant, id: DemandBatchId) -> domain::Result<BatchWhole> {
    let (batch, all) = demands::batch(db, actor, now, id)?;
    Ok(BatchWhole { batch: BatchJson::from(batch), demands: DemandJson::all(db, all)? })
}

/// `GET /demand-batches`: newest first.
pub(crate) async fn batches(ctx: Ctx, asked: Query<Where>) -> Reply {
    let find = |db: &mut Db, actor: &Actor, now, community| {
        let batches = demands::batches(db, actor, now, community)?;
        Ok(batches.into_iter().map(BatchJson::from).collect())
    };
    asked.into_inner().all(&ctx, find).await
}

/// `GET /demand-batches/{id}`
pub(crate) async fn batch(ctx: Ctx, id: Path<i64>) -> Reply {
    let id = DemandBatchId(*id);
    let batch = ctx.read(move |db, actor, now| batch_whole(db, actor, now, id)).await?;
    ctx.json(200, &batch)
}

/// Who is sent a demand.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Make {
    community: Option<String>,
    /// Of those whom `GET /demands/due` lists, 200 at most.
    accounts: Vec<i64>,
}

/// `POST /demands`: a letter for each account, in one batch.
pub(crate) async fn make(ctx: Ctx, body: Body<Make>) -> Reply {
    let portals = texts(&ctx)?;
    body.once(&ctx, 201, move |tx, actor, now, asked| {
        let community = community_of(tx, actor, asked.community.as_deref())?.id;
        let accounts: Vec<_> = asked.accounts.iter().copied().map(LedgerAccountId).collect();
        let said = texts_of(tx, community, &portals)?;
        let id = demands::make(tx, actor, now, community, &accounts, &said)?;
        batch_whole(tx, actor, now, id)
    })
    .await
}
