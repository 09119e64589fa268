//! `GET /disputes`, `GET /disputes/{id}`, `POST /disputes`, `…/take-back`, `…/answer`, `POST /debtors/{id}/disputes`,
//! `GET /homes/{code}/disputes`: what somebody does not accept of a bill.

use actix_web::web::{Path, Query};
use domain::access::Actor;
use domain::cases::voice::words;
use domain::debts::{self, Dispute, DisputeLine, NewDispute, Outcome};
use domain::ledger::{self, Book};
use domain::{AttachmentId, ChargeId, Db, DisputeId, Error, Instant, LedgerAccountId, Month};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::json::Bare;
use crate::api::ledger::unknown_home;
use crate::api::list::Part;
use crate::api::{Body, List, Where};
use crate::ctx::{Ctx, Reply, community_of};

/// A dispute.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DisputeJson {
    id: i64,
    /// Whose account: what `/debtors/{id}` is asked with.
    account: i64,
    home: String,
    payer: String,
    charge: i64,
    /// The item's code.
    item: String,
    subject: String,
    #[schemars(with = "String")]
    period: Month,
    amount_fen: i64,
    reason: String,
    /// `office`, or `resident` where it was raised from a bill.
    raised_by: &'static str,
    /// The name of who noted or raised it.
    by: Option<String>,
    #[schemars(with = "String")]
    noted_at: Instant,
    /// Until when who asks can take it back.
    #[schemars(with = "Option<String>")]
    undo_until: Option<Instant>,
    /// `upheld`, `rejected`, `withdrawn`, `taken_back`; none while it waits for an answer.
    outcome: Option<&'static str>,
    answer: String,
    /// The name of who answered it or took it back.
    ended_by: Option<String>,
    #[schemars(with = "Option<String>")]
    ended_at: Option<Instant>,
    /// What was shown for it.
    #[schemars(with = "Vec<i64>")]
    attachments: Vec<AttachmentId>,
}

impl DisputeJson {
    /// Disputes with the names that people know, as the asker sees them.
    pub(super) fn all(
        db: &mut Db,
        actor: &Actor,
        now: Instant,
        all: Vec<Dispute>,
    ) -> domain::Result<Vec<Self>> {
        let lines = debts::dispute_lines(db, all)?;
        Ok(lines.into_iter().map(|line| Self::of(line, actor, now)).collect())
    }

    fn of(line: DisputeLine, actor: &Actor, now: Instant) -> Self {
        let DisputeLine { dispute: one, owner, charge: line, noted_by, ended_by, papers } = line;
        Self {
            id: one.id.0,
            account: one.account_id.0,
            home: owner.home,
            payer: owner.name,
            charge: one.charge_id.0,
            item: line.item,
            subject: line.charge.subject,
            period: line.charge.period,
            amount_fen: line.charge.amount.0,
            undo_until: one.undo_until(actor, now),
            reason: one.reason,
            raised_by: one.raised_by.as_str(),
            by: noted_by,
            noted_at: one.noted_at,
            outcome: one.outcome.map(Outcome::as_str),
            answer: one.answer,
            ended_by,
            ended_at: one.ended_at,
            attachments: papers.into_iter().map(|paper| paper.id).collect(),
        }
    }
}

fn shown(db: &mut Db, actor: &Actor, now: Instant, id: DisputeId) -> domain::Result<DisputeJson> {
    let found = debts::seen(db, actor, now, id)?;
    DisputeJson::all(db, actor, now, vec![found])?.pop().ok_or(Error::NotFound)
}

/// `GET /disputes`
pub(crate) async fn list(ctx: Ctx, asked: Query<List>) -> Reply {
    let find = |db: &mut Db, actor: &Actor, now, community, (after, limit): Part| {
        let open = debts::open_disputes(db, actor, now, community, (after.map(DisputeId), limit))?;
        DisputeJson::all(db, actor, now, open)
    };
    asked.into_inner().answer(&ctx, find, |row| row.id).await
}

/// `GET /homes/{code}/disputes`: of the accounts that the asker sees, newest first.
pub(crate) async fn of_home(ctx: Ctx, code: Path<String>, asked: Query<Where>) -> Reply {
    let find = move |db: &mut Db, actor: &Actor, now, community| {
        let home = ledger::home(db, actor, now, community, &code)?;
        let seen = ledger::visible(db, actor, home, Book::Fees)?;
        let accounts: Vec<LedgerAccountId> = seen.iter().map(|account| account.id).collect();
        let found = debts::disputes_of(db, &accounts)?;
        DisputeJson::all(db, actor, now, found)
    };
    asked.into_inner().all(&ctx, find).await
}

/// `GET /disputes/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<i64>) -> Reply {
    let id = DisputeId(*id);
    let one = ctx.read(move |db, actor, now| shown(db, actor, now, id)).await?;
    ctx.json(200, &one)
}

/// What a resident does not accept, and why.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Raise {
    community: Option<String>,
    home: String,
    /// The charge, as `/homes/{code}/account` names it.
    charge: i64,
    reason: String,
    /// Ids of `POST /attachments`.
    #[serde(default)]
    #[schemars(with = "Vec<i64>")]
    attachments: Vec<AttachmentId>,
}

/// `POST /disputes`
pub(crate) async fn raise(ctx: Ctx, body: Body<Raise>) -> Reply {
    body.once(&ctx, 201, |tx, actor, now, asked| {
        let community = community_of(tx, actor, asked.community.as_deref())?.id;
        let home = ledger::home(tx, actor, now, community, &asked.home).map_err(unknown_home)?;
        let reason = words("reason", &asked.reason, 500)?.to_owned();
        let new = NewDispute { charge: ChargeId(asked.charge), reason, photos: asked.attachments.clone() };
        let id = debts::raise(tx, actor, now, (community, home), &new).map_err(unknown_charge)?;
        shown(tx, actor, now, id)
    })
    .await
}

fn unknown_charge(error: Error) -> Error {
    if matches!(error, Error::NotFound) { Error::field("charge", "unknown_charge") } else { error }
}

/// What a payer does not accept, as the office heard it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Note {
    charge: i64,
    reason: String,
}

/// `POST /debtors/{id}/disputes`
pub(crate) async fn note(ctx: Ctx, account: Path<i64>, body: Body<Note>) -> Reply {
    let account = LedgerAccountId(*account);
    body.once(&ctx, 201, move |tx, actor, now, asked| {
        let reason = words("reason", &asked.reason, 500)?;
        let id = debts::dispute(tx, actor, now, account, ChargeId(asked.charge), reason)?;
        shown(tx, actor, now, id)
    })
    .await
}

/// `POST /disputes/{id}/take-back`
pub(crate) async fn take_back(ctx: Ctx, id: Path<i64>, body: Body<Bare>) -> Reply {
    let id = DisputeId(*id);
    body.once(&ctx, 200, move |tx, actor, now, _| {
        debts::take_back(tx, actor, now, id)?;
        shown(tx, actor, now, id)
    })
    .await
}

/// What the office answers.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answer {
    /// `upheld`, `rejected`, `withdrawn`.
    outcome: String,
    /// What the payer reads.
    answer: String,
}

/// `POST /disputes/{id}/answer`
pub(crate) async fn answer(ctx: Ctx, id: Path<i64>, body: Body<Answer>) -> Reply {
    let id = DisputeId(*id);
    body.once(&ctx, 200, move |tx, actor, now, asked| {
        debts::dispute_of(tx, actor, now, id)?;
        let outcome = asked.outcome.parse().map_err(|_| Error::field("outcome", "choice"))?;
        let answer = words("answer", &asked.answer, 500)?;
        debts::end_dispute(tx, actor, now, id, outcome, answer)?;
        shown(tx, actor, now, id)
    })
    .await
}
