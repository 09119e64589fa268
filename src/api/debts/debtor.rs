//! `GET /debtors/{id}`: what one payer owes for one home, how long it can be demanded, and what was said and agreed
//! about it.

use actix_web::web::Path;
use domain::debts::{self, Owed};
use domain::{Fen, LedgerAccountId, LocalDate, Month, demands, limitation};
use schemars::JsonSchema;
use serde::Serialize;

use super::demands::DemandJson;
use super::disputes::DisputeJson;
use super::limitation::{AcknowledgedJson, CourseJson};
use super::plans::PlanJson;
use crate::ctx::{Ctx, Reply};

/// One payer's account of one home.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DebtorJson {
    /// The account's id.
    id: i64,
    home: String,
    payer: String,
    /// What they owe, less what they have paid ahead.
    balance_fen: i64,
    /// What is open, what was due first first.
    charges: Vec<OwedJson>,
    /// Newest first.
    disputes: Vec<DisputeJson>,
    /// Newest first.
    plans: Vec<PlanJson>,
    /// Newest first.
    demands: Vec<DemandJson>,
    /// What was acknowledged in writing, newest first.
    acknowledgements: Vec<AcknowledgedJson>,
}

/// A charge with something open.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct OwedJson {
    id: i64,
    /// The item's code.
    item: String,
    subject: String,
    #[schemars(with = "String")]
    period: Month,
    #[schemars(with = "String")]
    due_on: LocalDate,
    open_fen: i64,
    /// `reminded`; `disputed` or `planned` where reminders are silent.
    state: &'static str,
    limitation: CourseJson,
}

impl From<Owed> for OwedJson {
    fn from(one: Owed) -> Self {
        let open: Fen = one.line.charge.open();
        Self {
            id: one.line.charge.id.0,
            item: one.line.item,
            subject: one.line.charge.subject,
            period: one.line.charge.period,
            due_on: one.line.charge.due_on,
            open_fen: open.0,
            state: one.speech.as_str(),
            limitation: CourseJson::of(one.course, one.standing),
        }
    }
}

/// `GET /debtors/{id}`
pub(crate) async fn show(ctx: Ctx, account: Path<i64>) -> Reply {
    let account = LedgerAccountId(*account);
    let debtor = ctx
        .read(move |db, actor, now| {
            let owner = debts::debtor(db, actor, now, account)?;
            let (said, agreed) = (debts::disputes_of(db, &[account])?, debts::plans_of(db, &[account])?);
            let letters = demands::of_accounts(db, &[account])?;
            let written = limitation::acknowledgements_of(db, account)?;
            Ok(DebtorJson {
                id: account.0,
                home: owner.home,
                payer: owner.name,
                balance_fen: owner.balance.0,
                charges: debts::owed(db, actor, now, account)?.into_iter().map(OwedJson::from).collect(),
                disputes: DisputeJson::all(db, actor, now, said)?,
                plans: PlanJson::all(db, agreed)?,
                demands: DemandJson::all(db, letters)?,
                acknowledgements: AcknowledgedJson::all(db, written)?,
            })
        })
        .await?;
    ctx.json(200, &debtor)
}
