//! `GET /receipts/{number}`, and the void of its payment by a second person.

use actix_web::web::Path;
use domain::access::{Action, Object, may};
use domain::{PaymentId, payments};

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::money::cashier::{ReceiptView, VoidView};

/// `GET /receipts/{number}`
pub(crate) async fn show(ctx: Ctx, number: Path<String>) -> Reply {
    let (number, community) = (number.into_inner(), ctx.community()?.id);
    let view = ctx
        .read(move |db, actor, now| {
            let receipt = payments::receipt(db, actor, now, community, &number)?;
            let second_person = receipt.payment.taken_by != actor.person;
            let place = Object::Community(community);
            let voids = may(db, actor, now, Action::VoidPayment, place)?;
            let asks = may(db, actor, now, Action::AskCorrection, place)?;
            Ok(ReceiptView::of(receipt, voids && second_person).with_refund(asks))
        })
        .await?;
    ctx.page(&view)
}

/// `GET /payments/{id}/void`
pub(crate) async fn confirm(ctx: Ctx, id: Path<i64>) -> Reply {
    let receipt = of(&ctx, PaymentId(*id)).await?;
    ctx.page(&VoidView { receipt, form: Form::new("void.form") })
}

async fn of(ctx: &Ctx, id: PaymentId) -> domain::Result<ReceiptView> {
    ctx.read(move |db, actor, now| {
        let payment = payments::by_id(db, id)?;
        let receipt = payments::receipt(db, actor, now, payment.community_id, &payment.receipt)?;
        Ok(ReceiptView::of(receipt, true))
    })
    .await
}

/// `POST /payments/{id}/void`
pub(crate) async fn void(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let id = PaymentId(*id);
    let mut form = posted.form("void.form");
    let reason = form.text("reason", 200);
    let done = ctx
        .submit(&mut form, reason, move |tx, actor, now, reason| {
            payments::void(tx, actor, now, id, reason, None)?;
            Ok(format!("/receipts/{}", payments::by_id(tx, id)?.receipt))
        })
        .await;
    let receipt = of(&ctx, id).await?;
    ctx.outcome(done, form, |form| VoidView { receipt, form })
}
