//! `GET /deposits`, `POST /deposits`, `GET /deposits/{id}`: what is held as a security.

use actix_web::web::{Path, Query};
use domain::access::Actor;
use domain::deposits::{self, Deduction, Line, NewDeposit, Purpose};
use domain::{Db, DepositId, Error, Fen, Instant, LocalDate, ledger};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ledger::{at_desk, unknown_home};
use super::{Body, Where};
use crate::ctx::{Ctx, Reply, community_of};

/// A deposit.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DepositJson {
    id: i64,
    home: String,
    payer: String,
    /// Who handed it in, by name.
    handed_in_by: String,
    /// `renovation`, `pass`, `key`, `loan`, `other`.
    purpose: &'static str,
    /// What it was taken on, in words.
    basis: String,
    receipt: String,
    amount_fen: i64,
    /// What the office holds of it.
    held_fen: i64,
    /// What was kept of it.
    kept_fen: i64,
    /// What was given back.
    returned_fen: i64,
    /// `held`, `returning`, `returned`, `voided`.
    state: &'static str,
    #[schemars(with = "String")]
    taken_at: Instant,
    #[schemars(with = "Option<String>")]
    returned_at: Option<Instant>,
    version: i32,
}

impl From<Line> for DepositJson {
    fn from(line: Line) -> Self {
        Self {
            kept_fen: line.kept().0,
            id: line.deposit.id.0,
            home: line.home,
            payer: line.payer,
            handed_in_by: line.deposit.handed_in_by,
            purpose: line.deposit.purpose.as_str(),
            basis: line.deposit.basis,
            receipt: line.receipt,
            amount_fen: line.amount.0,
            held_fen: line.held.0,
            returned_fen: line.returned.0,
            state: line.deposit.state.as_str(),
            taken_at: line.taken_at,
            returned_at: line.deposit.returned_at,
            version: line.deposit.version,
        }
    }
}

/// A deposit with what is to be kept of it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DepositWhole {
    deposit: DepositJson,
    /// Oldest first.
    deductions: Vec<DeductionJson>,
}

/// Something that is to be kept.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DeductionJson {
    id: i64,
    amount_fen: i64,
    reason: String,
    /// `proposed`, `accepted`, `contested`, `upheld`, `dropped`.
    state: &'static str,
    /// The last day on which its payer may contest it.
    #[schemars(with = "String")]
    until: LocalDate,
    objection: String,
    answer: String,
}

impl From<Deduction> for DeductionJson {
    fn from(one: Deduction) -> Self {
        Self {
            id: one.id.0,
            amount_fen: one.amount.0,
            reason: one.reason,
            state: one.state.as_str(),
            until: one.until_on,
            objection: one.objection,
            answer: one.answer,
        }
    }
}

/// `GET /deposits`: what is held.
pub(crate) async fn list(ctx: Ctx, asked: Query<Where>) -> Reply {
    let find = |db: &mut Db, actor: &Actor, now, community| {
        let held = deposits::held(db, actor, now, community)?;
        Ok(held.into_iter().map(DepositJson::from).collect())
    };
    asked.into_inner().all(&ctx, find).await
}

/// A deposit to be taken in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TakeDeposit {
    community: Option<String>,
    home: String,
    /// `renovation`, `pass`, `key`, `loan`, `other`.
    purpose: String,
    /// What it is taken on, in words.
    basis: String,
    amount_fen: i64,
    /// `cash`, `card`, `transfer`, `messenger`.
    method: String,
    /// Who hands it in, where it is not the payer.
    #[serde(default)]
    handed_in_by: String,
    #[serde(default)]
    note: String,
}

/// `POST /deposits`
pub(crate) async fn take(ctx: Ctx, body: Body<TakeDeposit>) -> Reply {
    body.once(&ctx, 201, |tx, actor, now, asked| {
        let community = community_of(tx, actor, asked.community.as_deref())?.id;
        let purpose: Result<Purpose, _> = asked.purpose.parse();
        let new = NewDeposit {
            home: ledger::home(tx, actor, now, community, &asked.home).map_err(unknown_home)?,
            payer: None,
            purpose: purpose.map_err(|_| Error::field("purpose", "unknown_word"))?,
            basis: asked.basis.chars().take(300).collect(),
            handed_in_by: asked.handed_in_by.chars().take(80).collect(),
            amount: Fen(asked.amount_fen),
            method: at_desk(&asked.method)?,
            note: asked.note.chars().take(200).collect(),
            case: None,
        };
        let id = deposits::take(tx, actor, now, &new)?;
        Ok(DepositJson::from(deposits::line(tx, actor, now, id)?))
    })
    .await
}

/// `GET /deposits/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<i64>) -> Reply {
    let id = DepositId(*id);
    let (line, kept) = ctx.read(move |db, actor, now| deposits::whole(db, actor, now, id)).await?;
    let deductions = kept.into_iter().map(DeductionJson::from).collect();
    ctx.json(200, &DepositWhole { deposit: DepositJson::from(line), deductions })
}
