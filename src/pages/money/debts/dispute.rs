//! `/debtors/{account}/dispute` notes that a charge is disputed, `/disputes/{id}/end` answers it.

use actix_web::web::Path;
use domain::debts::{self, Outcome};
use domain::{ChargeId, DisputeId, LedgerAccountId};

use super::{FORM, debtor, dispute_row};
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::money::disputes::{AnswerView, DisputeView};

/// `GET /debtors/{account}/dispute`
pub(crate) async fn form(ctx: Ctx, account: Path<i64>) -> Reply {
    let view = view(&ctx, LedgerAccountId(*account)).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, account: LedgerAccountId) -> domain::Result<DisputeView> {
    ctx.read(move |db, actor, now| {
        let owner = debts::debtor(db, actor, now, account)?;
        let mut charges = debtor::open(db, actor, now, account)?;
        charges.retain(|row| row.state == "reminded");
        Ok(DisputeView { account, home: owner.home, name: owner.name, charges, form: Form::new(FORM) })
    })
    .await
}

/// `POST /debtors/{account}/dispute`
pub(crate) async fn note(ctx: Ctx, account: Path<i64>, posted: Posted) -> Reply {
    let account = LedgerAccountId(*account);
    let mut form = posted.form(FORM);
    let read = form.parsed::<ChargeId>("charge", "choice").zip(form.text("reason", 500));
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, (charge, reason)| {
            debts::dispute(tx, actor, now, account, *charge, reason)?;
            Ok(format!("/debtors/{account}?done=disputed"))
        })
        .await;
    let page = view(&ctx, account).await?;
    ctx.outcome(done, form, |form| DisputeView { form, ..page })
}

/// `GET /disputes/{id}/end`
pub(crate) async fn answer(ctx: Ctx, id: Path<i64>) -> Reply {
    let view = answer_view(&ctx, DisputeId(*id)).await?;
    ctx.page(&view)
}

async fn answer_view(ctx: &Ctx, id: DisputeId) -> domain::Result<AnswerView> {
    ctx.read(move |db, actor, now| {
        let one = debts::dispute_of(db, actor, now, id)?;
        let outcomes = debts::ANSWERS.iter().map(|one| one.as_str()).collect();
        Ok(AnswerView { row: dispute_row(db, one)?, outcomes, form: Form::new(FORM) })
    })
    .await
}

/// `POST /disputes/{id}/end`
pub(crate) async fn end(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let id = DisputeId(*id);
    let mut form = posted.form(FORM);
    let read = form.choice::<Outcome>("outcome").zip(form.text("answer", 500));
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, (outcome, answer)| {
            let account = debts::end_dispute(tx, actor, now, id, *outcome, answer)?;
            Ok(format!("/debtors/{account}?done=dispute_answered"))
        })
        .await;
    let page = answer_view(&ctx, id).await?;
    ctx.outcome(done, form, |form| AnswerView { form, ..page })
}
