//! `/visits/{id}`: a visit's interview record 《客户访谈记录表》, to be printed, and voided with a reason.

use actix_web::web::Path;
use domain::visits::{self, Visit};
use domain::{Error, VisitId};

use super::rows;
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::pages::account::second_factor::qr;
use crate::views::visits::PaperView;

/// `GET /visits/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<i64>) -> Reply {
    let view = view(&ctx, VisitId(id.into_inner())).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, id: VisitId) -> domain::Result<PaperView> {
    let url = format!("{}/visits/{id}", ctx.app.config.web.base_url);
    let mut view = ctx
        .read(move |db, actor, now| {
            let visit = visits::read(db, actor, now, id)?;
            let row = rows(db, std::slice::from_ref(&visit))?.pop().ok_or(Error::NotFound)?;
            let own = actor.person == Some(visit.row.steward_id);
            Ok(PaperView {
                visit: row,
                topics: visit.topics().into_iter().map(str::to_owned).collect(),
                follow_up: visit.row.follow_up.clone(),
                void_reason: visit.voided().map(|said| said.reason.clone()),
                back: month_of(own, &visit),
                may_void: own && visit.voided().is_none(),
                qr: String::new(),
                form: Form::new("visits.form"),
            })
        })
        .await?;
    view.qr = qr(&url)?;
    Ok(view)
}

/// The page of the month that a visit stands in.
fn month_of(own: bool, visit: &Visit) -> String {
    let base = if own { "/visits".to_owned() } else { format!("/visits/team/{}", visit.row.steward_id) };
    format!("{base}?month={}", visit.row.month)
}

/// `POST /visits/{id}/void`
pub(crate) async fn void(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let id = VisitId(id.into_inner());
    let mut form = posted.form("visits.form");
    let reason = form.text("reason", 2_000);
    let page = view(&ctx, id).await?;
    let done = ctx
        .submit(&mut form, reason, move |tx, actor, now, reason| {
            visits::void(tx, actor, now, id, reason)?;
            Ok(format!("/visits/{id}?done=visit_voided"))
        })
        .await;
    ctx.outcome(done, form, |form| PaperView { form, ..page })
}
