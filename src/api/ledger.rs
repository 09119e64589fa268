//! `GET /homes/{code}/account`, `POST /payments`, `POST /payments/{id}/void`, `GET /receipts/{number}`.

use actix_web::web::{Path, Query};
use domain::billing::explain::explain_stored;
use domain::ledger::{self, Book, ChargeFilter, ChargeLine, Entry, Page};
use domain::payments::{self, Method, NewPayment, Receipt};
use domain::{ChargeId, Db, Error, Fen, Instant, LocalDate, Month, PaymentId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Body, Where};
use crate::ctx::{Ctx, Reply, community_of};

/// What is owed on a home, and what was paid.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AccountState {
    /// The balance of the book *fees*; positive is owed.
    balance_fen: i64,
    /// What is paid ahead.
    prepaid_fen: i64,
    /// What is charged, oldest first.
    charges: Vec<ChargeState>,
    /// The ledger's lines, newest first.
    entries: Vec<EntryState>,
}

/// A charge.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ChargeState {
    id: i64,
    /// Whose account: what `/debtors/{id}` is asked with.
    account: i64,
    item: String,
    subject: String,
    #[schemars(with = "String")]
    period: Month,
    revision: i32,
    amount_fen: i64,
    paid_fen: i64,
    waived_fen: i64,
    #[schemars(with = "String")]
    due_on: LocalDate,
    /// How the amount was worked out.
    explanation: String,
}

impl ChargeState {
    pub(crate) fn of(line: &ChargeLine, language: &str) -> Self {
        let charge = &line.charge;
        Self {
            id: charge.id.0,
            account: charge.account_id.0,
            item: line.item.clone(),
            subject: charge.subject.clone(),
            period: charge.period,
            revision: charge.revision,
            amount_fen: charge.amount.0,
            paid_fen: charge.paid.0,
            waived_fen: charge.waived.0,
            due_on: charge.due_on,
            explanation: explain_stored(&charge.basis, language),
        }
    }
}

/// A line of the ledger.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct EntryState {
    id: i64,
    /// `charge`, `reversal`, `payment`, `refund`, `waiver`.
    kind: &'static str,
    /// Positive is owed.
    amount_fen: i64,
    charge: Option<i64>,
    payment: Option<i64>,
    #[schemars(with = "String")]
    at: Instant,
    note: String,
}

impl EntryState {
    fn of(entry: Entry) -> Self {
        Self {
            id: entry.id,
            kind: entry.kind.as_str(),
            amount_fen: entry.amount.0,
            charge: entry.charge_id.map(|id| id.0),
            payment: entry.payment_id.map(|id| id.0),
            at: entry.at,
            note: entry.note,
        }
    }
}

/// The most rows of an account that one answer holds.
const ROWS: i64 = 1_000;

/// `GET /homes/{code}/account`
pub(crate) async fn account(ctx: Ctx, code: Path<String>, asked: Query<Where>) -> Reply {
    let (code, community, language) = (code.into_inner(), asked.into_inner().community, ctx.lang.code());
    let state = ctx
        .read(move |db, actor, now| {
            let community = community_of(db, actor, community.as_deref())?.id;
            let home = ledger::home(db, actor, now, community, &code)?;
            let seen = ledger::visible(db, actor, home, Book::Fees)?;
            let ids: Vec<_> = seen.iter().map(|account| account.id).collect();
            let filter = ChargeFilter { accounts: Some(ids.clone()), ..ChargeFilter::default() };
            let charges = ledger::list(db, community, &filter, Page { after: 0, limit: ROWS })?;
            Ok(AccountState {
                balance_fen: seen.iter().map(|account| account.balance.0).sum(),
                prepaid_fen: ledger::prepaid(db, &ids)?.0,
                charges: charges.iter().map(|line| ChargeState::of(line, language)).collect(),
                entries: ledger::entries_of(db, &ids, ROWS)?.into_iter().map(EntryState::of).collect(),
            })
        })
        .await?;
    ctx.json(200, &state)
}

/// A payment to be taken.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Take {
    community: Option<String>,
    home: String,
    amount_fen: i64,
    /// `cash`, `card`, `transfer`, `messenger`.
    method: String,
    /// What it covers; nothing else then. Without it: oldest first.
    #[serde(default)]
    allocate: Vec<Share>,
    #[serde(default)]
    note: String,
}

/// What a payment is to cover of a charge.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Share {
    charge: i64,
    amount_fen: i64,
}

/// A payment.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Taken {
    id: i64,
    receipt: String,
    home: String,
    payer: String,
    amount_fen: i64,
    /// What of it covers nothing yet.
    prepaid_fen: i64,
    method: &'static str,
    #[schemars(with = "String")]
    taken_at: Instant,
    taken_by: Option<String>,
    #[schemars(with = "Option<String>")]
    voided_at: Option<Instant>,
    void_reason: Option<String>,
    version: i32,
    /// What it covers now.
    allocations: Vec<Covered>,
}

/// What a payment covers.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Covered {
    item: String,
    subject: String,
    #[schemars(with = "String")]
    period: Month,
    amount_fen: i64,
}

impl Taken {
    fn of(receipt: Receipt) -> Self {
        let payment = receipt.payment;
        let covered = receipt.lines.into_iter().map(|line| Covered {
            item: line.item,
            subject: line.subject,
            period: line.period,
            amount_fen: line.amount.0,
        });
        Self {
            id: payment.id.0,
            receipt: payment.receipt,
            home: receipt.home,
            payer: receipt.payer,
            amount_fen: payment.amount.0,
            prepaid_fen: payment.unallocated.0,
            method: payment.method.as_str(),
            taken_at: payment.taken_at,
            taken_by: receipt.cashier,
            voided_at: payment.voided_at,
            void_reason: payment.void_reason,
            version: payment.version,
            allocations: covered.collect(),
        }
    }
}

/// `POST /payments`
pub(crate) async fn take(ctx: Ctx, body: Body<Take>) -> Reply {
    body.once(&ctx, 201, |tx, actor, now, asked| {
        let community = community_of(tx, actor, asked.community.as_deref())?.id;
        let new = NewPayment {
            home: ledger::home(tx, actor, now, community, &asked.home).map_err(unknown_home)?,
            payer: None,
            amount: Fen(asked.amount_fen),
            method: at_desk(&asked.method)?,
            allocate: asked.allocate.iter().map(|s| (ChargeId(s.charge), Fen(s.amount_fen))).collect(),
            note: asked.note.chars().take(200).collect(),
        };
        let id = payments::take(tx, actor, now, &new)?;
        shown(tx, actor, now, id)
    })
    .await
}

pub(super) fn unknown_home(error: Error) -> Error {
    if matches!(error, Error::NotFound) { Error::field("home", "unknown_home") } else { error }
}

pub(super) fn at_desk(word: &str) -> domain::Result<Method> {
    let method = Method::AT_DESK.iter().copied().find(|method| method.as_str() == word);
    method.ok_or_else(|| Error::field("method", "unknown_word"))
}

fn shown(db: &mut Db, actor: &domain::access::Actor, now: Instant, id: PaymentId) -> domain::Result<Taken> {
    let payment = payments::by_id(db, id)?;
    Ok(Taken::of(payments::receipt(db, actor, now, payment.community_id, &payment.receipt)?))
}

/// Why a payment is voided.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Void {
    reason: String,
    /// The version that was looked at.
    version: Option<i32>,
}

/// `POST /payments/{id}/void`
pub(crate) async fn void(ctx: Ctx, id: Path<i64>, body: Body<Void>) -> Reply {
    let id = PaymentId(*id);
    body.once(&ctx, 200, move |tx, actor, now, asked| {
        payments::void(tx, actor, now, id, &asked.reason, asked.version)?;
        shown(tx, actor, now, id)
    })
    .await
}

/// `GET /receipts/{number}`
pub(crate) async fn receipt(ctx: Ctx, number: Path<String>, asked: Query<Where>) -> Reply {
    let (number, community) = (number.into_inner(), asked.into_inner().community);
    let receipt = ctx
        .read(move |db, actor, now| {
            let community = community_of(db, actor, community.as_deref())?.id;
            payments::receipt(db, actor, now, community, &number)
        })
        .await?;
    ctx.json(200, &Taken::of(receipt))
}
