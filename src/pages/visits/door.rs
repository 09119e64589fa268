//! `/households/{home}`: what to know before ringing the bell; a promise kept without another visit.

use actix_web::web::Path;
use domain::{DutyId, homes, visits};

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::visits::DoorView;

/// `GET /households/{home}`
pub(crate) async fn show(ctx: Ctx, home: Path<String>) -> Reply {
    let view = view(&ctx, home.into_inner()).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, code: String) -> domain::Result<DoorView> {
    let community = ctx.community()?.id;
    let door = ctx
        .read(move |db, actor, now| {
            let home = homes::find(db, actor, now, community, &code)?;
            visits::doorstep(db, actor, now, community, home)
        })
        .await?;
    Ok(DoorView::of(door, Form::new("visits.form")))
}

/// `POST /households/{home}/promises/{id}`
pub(crate) async fn keep(ctx: Ctx, path: Path<(String, i64)>, posted: Posted) -> Reply {
    let (code, duty) = path.into_inner();
    let mut form = posted.form("visits.form");
    let note = form.text("note", 2_000);
    let to = format!("/households/{code}?done=promise_kept");
    let done = ctx
        .submit(&mut form, note, move |tx, actor, now, note| {
            visits::keep(tx, actor, now, DutyId(duty), note)?;
            Ok(to.clone())
        })
        .await;
    let page = view(&ctx, code).await?;
    ctx.outcome(done, form, |form| DoorView { form, ..page })
}
