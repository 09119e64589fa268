//! `/billing/shared/{id}/take-back`: a whole shared bill taken back in one act. The page says how many homes, how much
//! and what of it is paid, and asks once; what was paid meanwhile is looked at again first.

use actix_web::web::Path;
use domain::access::{Action, Object, allow};
use domain::billing::shared;
use domain::{Error, SharedBillId};

use super::shared::hidden;
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::money::shared::TakeBackView;

const FORM: &str = "shared.take_back_form";

/// `GET /billing/shared/{id}/take-back`
pub(crate) async fn confirm(ctx: Ctx, id: Path<i64>) -> Reply {
    let view = view(&ctx, SharedBillId(*id)).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, id: SharedBillId) -> domain::Result<TakeBackView> {
    let community = ctx.community()?.id;
    ctx.read(move |db, actor, now| {
        allow(db, actor, now, Action::Bill, Object::Community(community)).map_err(hidden)?;
        let bill = shared::find(db, community, id)?;
        if bill.split_at.is_none() {
            return Err(Error::refused("shared.not_charged", vec![]));
        }
        let stands = shared::standing(db, &bill)?;
        Ok(TakeBackView {
            form: Form::new(FORM),
            seen: stands.seen(),
            stands: stands.into(),
            bill: bill.into(),
        })
    })
    .await
}

/// `POST /billing/shared/{id}/take-back`
pub(crate) async fn submit(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let (community, id) = (ctx.community()?.id, SharedBillId(*id));
    let page = view(&ctx, id).await;
    let mut form = posted.form(FORM);
    let (reason, seen) = (form.text("reason", 200), form.text("seen", 80));
    let done = ctx
        .submit(&mut form, reason.zip(seen), move |tx, actor, now, (reason, seen)| {
            shared::take_back(tx, actor, now, (community, id), (reason, seen))?;
            Ok(format!("/billing/shared/{id}?done=bill_taken_back"))
        })
        .await;
    match (done, page) {
        (Ok(answer), _) => Ok(answer),
        (Err(error), Ok(page)) => ctx.outcome(Err(error), form, |form| TakeBackView { form, ..page }),
        (Err(error), Err(_)) => Err(error.into()),
    }
}
