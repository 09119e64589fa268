//! `/deductions/{id}`: something that is to be kept of a deposit; its payer accepts or contests it, a manager decides.

use actix_web::web::Path;
use domain::access::{Action, Object, may};
use domain::deposits::{self, Decision, DeductionState};
use domain::{Db, DepositDeductionId, DepositId, Instant, access::Actor};

use super::FORM;
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::money::deposits::{DeductionRow, DeductionView, DepositRow};

/// `GET /deductions/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<i64>) -> Reply {
    let view = view(&ctx, DepositDeductionId(*id)).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, id: DepositDeductionId) -> domain::Result<DeductionView> {
    let today = ctx.community()?.today(ctx.now)?;
    ctx.read(move |db, actor, now| {
        let (line, one) = deposits::deduction_of(db, actor, now, id)?;
        let place = Object::Community(line.deposit.community_id);
        let own = actor.person == Some(line.payer_id);
        let keeps = !own && may(db, actor, now, Action::KeepDeposits, place)?;
        let decides =
            !own && one.proposed_by != actor.person && may(db, actor, now, Action::ApproveWaiver, place)?;
        let proposed = one.state == DeductionState::Proposed && one.charge_id.is_none();
        let open = one.charge_id.is_none() && (proposed || one.state == DeductionState::Accepted);
        Ok(DeductionView {
            accepts: proposed && (own || keeps),
            contests: proposed && (own || keeps) && one.until_on >= today,
            decides: decides && one.state == DeductionState::Contested,
            drops: keeps && open,
            own,
            deposit: DepositRow::from(line),
            row: DeductionRow::from(one),
            form: Form::new(FORM),
        })
    })
    .await
}

/// What is done with what is typed.
type Act = fn(&mut Db, &Actor, Instant, DepositDeductionId, &str) -> domain::Result<DepositId>;

async fn act(
    ctx: Ctx,
    id: i64,
    (mut form, read): (Form, Option<String>),
    done: &'static str,
    act: Act,
) -> Reply {
    let id = DepositDeductionId(id);
    let page = view(&ctx, id).await?;
    let outcome = ctx
        .submit(&mut form, read, move |tx, actor, now, text| {
            let deposit = act(tx, actor, now, id, text)?;
            Ok(format!("/deposits/{deposit}?done={done}"))
        })
        .await;
    ctx.outcome(outcome, form, |form| DeductionView { form, ..page })
}

/// `POST /deductions/{id}/accept`
pub(crate) async fn accept(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let read = (posted.form(FORM), Some(String::new()));
    act(ctx, *id, read, "saved", |tx, actor, now, id, _| deposits::accept(tx, actor, now, id)).await
}

/// `POST /deductions/{id}/contest`
pub(crate) async fn contest(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let mut form = posted.form(FORM);
    let objection = form.text("objection", 500);
    act(ctx, *id, (form, objection), "deposit_contested", deposits::contest).await
}

/// `POST /deductions/{id}/decide`
pub(crate) async fn decide(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let mut form = posted.form(FORM);
    let decision = form.text("decision", 10).filter(|word| {
        let known = matches!(word.as_str(), "uphold" | "drop");
        if !known {
            form.wrong("decision", "choice");
        }
        known
    });
    let answer = form.text("answer", 500);
    let uphold = decision.as_deref() == Some("uphold");
    let read = (form, decision.and(answer));
    let chosen: Act = if uphold { uphold_it } else { drop_it };
    act(ctx, *id, read, "deposit_decided", chosen).await
}

fn uphold_it(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: DepositDeductionId,
    answer: &str,
) -> domain::Result<DepositId> {
    deposits::decide(tx, actor, now, id, Decision::Uphold, answer)
}

fn drop_it(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: DepositDeductionId,
    answer: &str,
) -> domain::Result<DepositId> {
    deposits::decide(tx, actor, now, id, Decision::Drop, answer)
}

/// `POST /deductions/{id}/drop`
pub(crate) async fn drop(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let read = (posted.form(FORM), Some(String::new()));
    act(ctx, *id, read, "saved", |tx, actor, now, id, _| deposits::drop(tx, actor, now, id)).await
}
