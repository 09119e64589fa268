//! `/pay-orders/{number}`: the code to scan, and what became of it. The page moves by itself; without scripts by its
//! button.

use actix_web::web::Path;
use domain::access::{Action, Object, may};
use domain::pay_orders::{self, Channel, Seen, State};

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::pages::account::second_factor::qr;
use crate::views::money::online::{OrderRow, OrderView};

/// `GET /pay-orders/{number}`
pub(crate) async fn show(ctx: Ctx, number: Path<String>) -> Reply {
    let view = view(&ctx, number.into_inner(), Form::new(super::FORM)).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, number: String, form: Form) -> domain::Result<OrderView> {
    let community = ctx.community()?.id;
    let (seen, cashier) = ctx
        .read(move |db, actor, now| {
            let seen = pay_orders::seen(db, actor, now, community, &number)?;
            let cashier = may(db, actor, now, Action::TakePayment, Object::Community(community))?;
            Ok((seen, cashier))
        })
        .await?;
    let is_over = ctx.now >= seen.order.expires_at;
    let qr = (seen.order.state == State::Shown && !is_over).then(|| qr(&seen.order.code)).transpose()?;
    Ok(OrderView {
        minutes: seen.order.expires_at.since(ctx.now).num_minutes().max(0) + 1,
        is_over,
        open: opens(&seen).filter(|_| qr.is_some()),
        qr,
        code: seen.order.trade_no.clone(),
        order: OrderRow::from(seen),
        cashier,
        form,
    })
}

/// Where a tap leads on the phone that shows the code: Alipay's codes are addresses that its app opens, WeChat's are
/// only for scanning.
fn opens(seen: &Seen) -> Option<String> {
    let taps = matches!(seen.order.channel, Channel::Alipay | Channel::Practice);
    let safe = ["https://", "http://127.0.0.1"].iter().any(|start| seen.order.code.starts_with(start));
    (taps && safe).then(|| seen.order.code.clone())
}

/// `POST /pay-orders/{number}/handle`
pub(crate) async fn handle(ctx: Ctx, number: Path<String>, posted: Posted) -> Reply {
    let number = number.into_inner();
    let mut form = posted.form(super::FORM);
    let (community, asked, note) = (ctx.community()?.id, number.clone(), form.text("note", 500));
    let done = ctx
        .submit(&mut form, note, move |tx, actor, now, note| {
            pay_orders::handle(tx, actor, now, (community, &asked), note)?;
            Ok(format!("/pay-orders/{asked}?done=order_handled"))
        })
        .await;
    let page = view(&ctx, number, Form::new(super::FORM)).await?;
    ctx.outcome(done, form, |form| OrderView { form, ..page })
}

/// `POST /pay-orders/{number}/close`
pub(crate) async fn close(ctx: Ctx, number: Path<String>, posted: Posted) -> Reply {
    let number = number.into_inner();
    let mut form = posted.form(super::FORM);
    let (community, asked) = (ctx.community()?.id, number.clone());
    let done = ctx
        .submit(&mut form, Some(()), move |tx, actor, now, ()| {
            pay_orders::close(tx, actor, now, (community, &asked))?;
            Ok(format!("/pay-orders/{asked}?done=order_closed"))
        })
        .await;
    let page = view(&ctx, number, Form::new(super::FORM)).await?;
    ctx.outcome(done, form, |form| OrderView { form, ..page })
}
