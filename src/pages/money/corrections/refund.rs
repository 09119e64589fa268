//! `/payments/{id}/refund`: asks that what is prepaid on a payment be given back, by somebody else.

use actix_web::web::Path;
use domain::PaymentId;
use domain::access::{Action, Object, allow};
use domain::{corrections, payments};

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::money::cashier::ReceiptView;
use crate::views::money::correct::RefundView;

const FORM: &str = "correct.form";

/// `GET /payments/{id}/refund`
pub(crate) async fn confirm(ctx: Ctx, id: Path<i64>) -> Reply {
    let receipt = of(&ctx, PaymentId(*id)).await?;
    let form = Form::new(FORM).with("amount", receipt.prepaid);
    ctx.page(&RefundView::of(receipt, form))
}

async fn of(ctx: &Ctx, id: PaymentId) -> domain::Result<ReceiptView> {
    ctx.read(move |db, actor, now| {
        let payment = payments::by_id(db, id)?;
        let receipt = payments::receipt(db, actor, now, payment.community_id, &payment.receipt)?;
        allow(db, actor, now, Action::AskCorrection, Object::Community(payment.community_id))?;
        Ok(ReceiptView::of(receipt, true))
    })
    .await
}

/// `POST /payments/{id}/refund`
pub(crate) async fn submit(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let id = PaymentId(*id);
    let mut form = posted.form(FORM);
    let read = form.money("amount").zip(form.text("reason", 200));
    let receipt = of(&ctx, id).await?;
    let home = receipt.home.clone();
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, (amount, reason)| {
            corrections::ask_prepaid_refund(tx, actor, now, id, *amount, reason)?;
            Ok(format!("/homes/{home}/bills?done=refund_asked"))
        })
        .await;
    ctx.outcome(done, form, |form| RefundView::of(receipt, form))
}
