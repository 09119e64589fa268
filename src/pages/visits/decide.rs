//! What is decided about visits and short months: accepted though late, explained, made up, excused.

use actix_web::web::Path;
use domain::visits::{self, Decision};
use domain::{Error, Month, VisitId};

use super::{month, team};
use crate::ctx::{Ctx, Reply};
use crate::form::Posted;
use crate::views::visits::{MonthView, TeamView};

/// `POST /visits/{id}/decide`
pub(crate) async fn late(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let id = VisitId(id.into_inner());
    let mut form = posted.form("visits.form");
    let (verdict, reason) = (form.text("verdict", 20), form.maybe("reason", 2_000));
    let input =
        verdict.zip(reason).map(|(verdict, reason)| (verdict == "accept", reason.unwrap_or_default()));
    let done = ctx
        .submit(&mut form, input, move |tx, actor, now, (accepted, reason)| {
            visits::decide(tx, actor, now, id, (*accepted, reason))?;
            Ok("/visits/team?done=visit_decided".to_owned())
        })
        .await;
    let page = team::view(&ctx, present(&ctx)?, None).await?;
    ctx.outcome(done, form, |form| TeamView { form, ..page })
}

fn present(ctx: &Ctx) -> domain::Result<Month> {
    Ok(Month::of(ctx.community()?.today(ctx.now)?))
}

/// `POST /shortfalls/{id}/reason`
pub(crate) async fn explain(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let id = id.into_inner();
    let mut form = posted.form("visits.form");
    let reason = form.text("reason", 2_000);
    let done = ctx
        .submit(&mut form, reason, move |tx, actor, now, reason| {
            visits::explain(tx, actor, now, id, reason)?;
            Ok("/visits?done=short_explained".to_owned())
        })
        .await;
    let person = ctx.actor.person.ok_or(Error::NotSignedIn)?;
    let page = month::view(&ctx, person, present(&ctx)?).await?;
    ctx.outcome(done, form, |form| MonthView { form, ..page })
}

/// `POST /shortfalls/{id}/decide`
pub(crate) async fn short(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let id = id.into_inner();
    let mut form = posted.form("visits.form");
    let (decision, note) = (form.choice::<Decision>("decision"), form.maybe("note", 2_000));
    let input = decision.zip(note).map(|(decision, note)| (decision, note.unwrap_or_default()));
    let done = ctx
        .submit(&mut form, input, move |tx, actor, now, (decision, note)| {
            visits::decide_shortfall(tx, actor, now, id, (*decision, note))?;
            Ok("/visits/team?done=short_decided".to_owned())
        })
        .await;
    let page = team::view(&ctx, present(&ctx)?, None).await?;
    ctx.outcome(done, form, |form| TeamView { form, ..page })
}
