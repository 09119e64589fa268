//! `GET /disputes/{id}`: what was said against a charge and what the office answered, for who sees the account;
//! `POST /disputes/{id}/take-back` for who raised it, as long as that is possible.

use actix_web::web::Path;
use domain::access::{Action, Object, may};
use domain::{DisputeId, debts, ledger};

use super::{FORM, dispute_row};
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::money::disputes::DisputeSeenView;

/// `GET /disputes/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<i64>) -> Reply {
    let view = view(&ctx, DisputeId(*id)).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, id: DisputeId) -> domain::Result<DisputeSeenView> {
    ctx.read(move |db, actor, now| {
        let one = debts::seen(db, actor, now, id)?;
        let answers = may(db, actor, now, Action::KeepDebts, Object::Community(one.community_id))?;
        Ok(DisputeSeenView {
            undo_until: one.undo_until(actor, now),
            amount: ledger::charge_of(db, one.charge_id)?.amount,
            answers: answers && one.ended_at.is_none(),
            row: dispute_row(db, one)?,
            form: Form::new(FORM),
        })
    })
    .await
}

/// `POST /disputes/{id}/take-back`
pub(crate) async fn take_back(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let id = DisputeId(*id);
    let mut form = posted.form(FORM);
    let done = ctx
        .submit(&mut form, Some(()), move |tx, actor, now, ()| {
            debts::take_back(tx, actor, now, id)?;
            Ok(format!("/disputes/{id}?done=dispute_taken_back"))
        })
        .await;
    let page = view(&ctx, id).await?;
    ctx.outcome(done, form, |form| DisputeSeenView { form, ..page })
}
