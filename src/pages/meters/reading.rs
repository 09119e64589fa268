//! `/meters/readings/{id}`: one reading with its photo, and what the office says to it.

use actix_web::web::Path;
use domain::attachments::{self, Subject};
use domain::meters::rules::Decision;
use domain::meters::{self, Act};
use domain::{Error, MeterReadingId};

use super::{FORM, dial};
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::meters::reading::ReadingView;

/// `GET /meters/readings/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<i64>) -> Reply {
    let view = view(&ctx, MeterReadingId(*id)).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, id: MeterReadingId) -> domain::Result<ReadingView> {
    ctx.read(move |db, actor, now| {
        let found = meters::reading(db, actor, now, id)?;
        // The photo stays with what was sent, whatever was put in its place.
        let sent = found.reading.instead_of.unwrap_or(id);
        let papers = attachments::of(db, Subject::MeterReading(sent))?;
        Ok(ReadingView::of(found, papers, Form::new(FORM)))
    })
    .await
}

/// `POST /meters/readings/{id}/{decision}`: `confirm`, `turned`, `put_right` or `refuse`.
pub(crate) async fn decide(ctx: Ctx, path: Path<(i64, String)>, posted: Posted) -> Reply {
    let ((id, decision), community) = (path.into_inner(), ctx.community()?.id);
    let (id, mut form) = (MeterReadingId(id), posted.form(FORM));
    let decision: Decision = decision.parse().map_err(|_| Error::NotFound)?;
    let act = match decision {
        Decision::Confirm => Some(Act::Confirm),
        Decision::Turned => Some(Act::Turned),
        Decision::Refuse => Some(Act::Refuse),
        Decision::PutRight => dial(&mut form, "value").map(Act::PutRight),
    };
    let done = ctx
        .submit(&mut form, act, move |tx, actor, now, act| {
            meters::decide(tx, actor, now, (community, id), *act)?;
            Ok("/meters?done=reading_decided".to_owned())
        })
        .await;
    let page = view(&ctx, id).await?;
    ctx.outcome(done, form, |form| ReadingView { form, ..page })
}
