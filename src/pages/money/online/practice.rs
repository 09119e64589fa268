//! `/practice/{order}`: where the code of a rehearsal leads. Nobody's money moves.

use actix_web::web::Path;
use domain::pay_orders::{self, rules::Channel};
use domain::{CommunityId, Error};

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::pay;
use crate::views::money::online::{OrderRow, PracticeView};

/// `GET /practice/{order}`
pub(crate) async fn show(ctx: Ctx, order: Path<String>) -> Reply {
    let view = view(&ctx, order.into_inner(), Form::new(super::FORM)).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, trade_no: String, form: Form) -> domain::Result<PracticeView> {
    let community = rehearses(ctx)?;
    let order = trade_no.clone();
    let seen = ctx
        .read(move |db, actor, now| {
            let number = pay_orders::number_of(db, community, Channel::Practice, &order)?;
            pay_orders::seen(db, actor, now, community, &number)
        })
        .await?;
    Ok(PracticeView { trade_no, order: OrderRow::from(seen), form })
}

fn rehearses(ctx: &Ctx) -> domain::Result<CommunityId> {
    let practice = ctx.app.channels.get(Channel::Practice.as_str());
    practice.map_or(Err(Error::NotFound), |_| Ok(ctx.community()?.id))
}

/// `POST /practice/{order}`: as if the provider told of the payment.
pub(crate) async fn pay(ctx: Ctx, order: Path<String>, posted: Posted) -> Reply {
    let trade_no = order.into_inner();
    let page = view(&ctx, trade_no.clone(), Form::new(super::FORM)).await?;
    let mut form = posted.form(super::FORM);
    let done = match pay::practice(&ctx.app.config).pay(&trade_no) {
        Err(_) => Err(Error::refused("pay_order.ended", vec![])),
        Ok(paid) => {
            let (said, number) =
                (jobs::pay_orders::heard(Channel::Practice, paid), page.order.number.clone());
            ctx.submit(&mut form, Some(said), move |tx, _, now, said| {
                pay_orders::heard(tx, now, said)?;
                Ok(format!("/pay-orders/{number}"))
            })
            .await
        }
    };
    ctx.outcome(done, form, |form| PracticeView { form, ..page })
}
