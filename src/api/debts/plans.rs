//! `GET /plans`, `GET /plans/{id}`, `POST /plans/{id}/end`, `POST /debtors/{id}/plans`: charges that are paid by
//! instalments.

use std::collections::BTreeMap;

use actix_web::web::{Path, Query};
use domain::access::Actor;
use domain::cases::voice::words;
use domain::debts::{self, Debtor, NewPlan, Part, Plan, State};
use domain::{ChargeId, Db, Error, Fen, Instant, LedgerAccountId, LocalDate, PlanId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::json::at_most;
use crate::api::list::{self, word};
use crate::api::{Body, Day, List};
use crate::ctx::{Ctx, Reply};

/// A plan with its instalments.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PlanJson {
    id: i64,
    /// Whose account: what `/debtors/{id}` is asked with.
    account: i64,
    home: String,
    payer: String,
    /// What was open of its charges when it was agreed on.
    total_fen: i64,
    /// What is open of them now.
    open_fen: i64,
    /// The charges that it is about.
    charges: Vec<i64>,
    /// The instalments, in their order.
    parts: Vec<PartJson>,
    /// Who agreed for the payer.
    agreed_by: String,
    #[schemars(with = "String")]
    agreed_on: LocalDate,
    note: String,
    /// `running`, `kept`, `broken`, `ended`.
    state: &'static str,
    /// The day of the first instalment that was not there in time.
    #[schemars(with = "Option<String>")]
    missed_on: Option<LocalDate>,
    /// Why it was ended.
    end_reason: String,
    #[schemars(with = "String")]
    made_at: Instant,
    /// When it was kept, broken or ended.
    #[schemars(with = "Option<String>")]
    ended_at: Option<Instant>,
}

/// An instalment.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PartJson {
    #[schemars(with = "String")]
    due_on: LocalDate,
    amount_fen: i64,
    /// What of it is settled by now.
    settled_fen: i64,
}

impl PlanJson {
    /// Plans with the names that people know.
    pub(super) fn all(db: &mut Db, all: Vec<Plan>) -> domain::Result<Vec<Self>> {
        let accounts: Vec<LedgerAccountId> = all.iter().map(|plan| plan.account_id).collect();
        let people = debts::debtors(db, &accounts)?;
        let owners: BTreeMap<_, _> = people.iter().map(|one| (one.account, one)).collect();
        let json = |plan: Plan| {
            let owner = owners.get(&plan.account_id).ok_or(Error::NotFound)?;
            Ok(Self::of(plan, owner))
        };
        all.into_iter().map(json).collect()
    }

    fn of(plan: Plan, owner: &Debtor) -> Self {
        let part = |(part, settled): (&Part, &Fen)| PartJson {
            due_on: part.due_on,
            amount_fen: part.amount.0,
            settled_fen: settled.0,
        };
        Self {
            id: plan.id.0,
            account: plan.account_id.0,
            home: owner.home.clone(),
            payer: owner.name.clone(),
            total_fen: plan.total.0,
            open_fen: plan.open.0,
            charges: plan.charges.iter().map(|charge| charge.0).collect(),
            parts: plan.parts.iter().zip(&plan.settled).map(part).collect(),
            agreed_by: plan.agreed_by,
            agreed_on: plan.agreed_on,
            note: plan.note,
            state: plan.state.as_str(),
            missed_on: plan.missed_on,
            end_reason: plan.end_reason,
            made_at: plan.made_at,
            ended_at: plan.ended_at,
        }
    }
}

fn shown(db: &mut Db, actor: &Actor, now: Instant, id: PlanId) -> domain::Result<PlanJson> {
    let plan = debts::plan_of(db, actor, now, id)?;
    PlanJson::all(db, vec![plan])?.pop().ok_or(Error::NotFound)
}

/// Which plans to list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    community: Option<String>,
    /// `running` where none is named.
    state: Option<String>,
    #[schemars(range(min = 1, max = 200))]
    limit: Option<i64>,
    cursor: Option<String>,
}

/// `GET /plans`
pub(crate) async fn list(ctx: Ctx, which: Query<Which>) -> Reply {
    let Which { community, state, limit, cursor } = which.into_inner();
    let state = word("state", state.as_deref())?.unwrap_or(State::Running);
    let find = move |db: &mut Db, actor: &Actor, now, community, (before, limit): list::Part| {
        let found = debts::plans_in(db, actor, now, community, state, (before.map(PlanId), limit))?;
        PlanJson::all(db, found)
    };
    List { community, limit, cursor }.answer(&ctx, find, |row| row.id).await
}

/// `GET /plans/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<i64>) -> Reply {
    let id = PlanId(*id);
    let plan = ctx.read(move |db, actor, now| shown(db, actor, now, id)).await?;
    ctx.json(200, &plan)
}

/// What was agreed on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Agree {
    /// The charges that it is about, each with something open.
    charges: Vec<i64>,
    /// The instalments, in their order: together what is open of the charges.
    parts: Vec<Instalment>,
    /// Who agreed for the payer, by name.
    agreed_by: String,
    #[schemars(with = "String")]
    agreed_on: Day,
    /// Where the paper lies, and what else was said.
    #[serde(default)]
    note: String,
}

/// What is to be there by when.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Instalment {
    #[schemars(with = "String")]
    due_on: Day,
    amount_fen: i64,
}

/// `POST /debtors/{id}/plans`
pub(crate) async fn agree(ctx: Ctx, account: Path<i64>, body: Body<Agree>) -> Reply {
    let account = LedgerAccountId(*account);
    body.once(&ctx, 201, move |tx, actor, now, asked| {
        debts::debtor(tx, actor, now, account)?;
        let part = |one: &Instalment| Part { due_on: one.due_on.0, amount: Fen(one.amount_fen) };
        let new = NewPlan {
            charges: asked.charges.iter().copied().map(ChargeId).collect(),
            parts: asked.parts.iter().map(part).collect(),
            agreed_by: words("agreed_by", &asked.agreed_by, 100)?.to_owned(),
            agreed_on: asked.agreed_on.0,
            note: at_most("note", &asked.note, 500)?,
        };
        let id = debts::agree(tx, actor, now, account, &new)?;
        shown(tx, actor, now, id)
    })
    .await
}

/// Why a plan is ended.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct End {
    reason: String,
}

/// `POST /plans/{id}/end`
pub(crate) async fn end(ctx: Ctx, id: Path<i64>, body: Body<End>) -> Reply {
    let id = PlanId(*id);
    body.once(&ctx, 200, move |tx, actor, now, asked| {
        debts::plan_of(tx, actor, now, id)?;
        debts::end(tx, actor, now, id, words("reason", &asked.reason, 500)?)?;
        shown(tx, actor, now, id)
    })
    .await
}
