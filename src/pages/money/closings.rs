//! `/closings`: the months whose books are closed, the next one to close, and one with what was frozen.

use actix_web::web::Path;
use domain::{Error, Month, closings};

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::money::closings::{ClosedMonthView, ClosedRow, ClosingsView, books};

const FORM: &str = "closings.form";

/// `GET /closings`
pub(crate) async fn list(ctx: Ctx) -> Reply {
    let view = view(&ctx).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx) -> domain::Result<ClosingsView> {
    let community = ctx.community()?.id;
    ctx.read(move |db, actor, now| {
        let closed = closings::list(db, actor, now, community)?;
        let next = closings::next(db, community, now)?;
        let sums = match next {
            Some(month) => closings::preview(db, actor, now, community, month)?,
            None => Vec::new(),
        };
        let closed = closed.into_iter().map(ClosedRow::from).collect();
        Ok(ClosingsView { next, books: books(&sums), closed, form: Form::new(FORM) })
    })
    .await
}

/// `POST /closings`
pub(crate) async fn close(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form(FORM);
    let month = form.month("month");
    let done = ctx
        .submit(&mut form, month, move |tx, actor, now, month| {
            closings::close(tx, actor, now, community, *month)?;
            Ok(format!("/closings/{month}?done=month_closed"))
        })
        .await;
    let page = view(&ctx).await?;
    ctx.outcome(done, form, |form| ClosingsView { form, ..page })
}

/// `GET /closings/{month}`
pub(crate) async fn show(ctx: Ctx, month: Path<String>) -> Reply {
    let month: Month = month.parse().map_err(|_| Error::NotFound)?;
    let community = ctx.community()?.id;
    let (closing, sums) =
        ctx.read(move |db, actor, now| closings::of(db, actor, now, community, month)).await?;
    ctx.page(&ClosedMonthView { row: ClosedRow::from(closing), books: books(&sums) })
}
