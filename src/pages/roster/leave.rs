//! `/leave`: asking for it, and what somebody else decides about it.

use actix_web::web::Path;
use domain::roster::{self, NewLeave};
use domain::{Error, LeaveId, PersonId};
use serde::Deserialize;

use super::colleagues_of;
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::roster::AskView;

/// Where the words of its forms are.
pub(crate) const FORM: &str = "roster.form";

/// `GET /leave/new`
pub(crate) async fn form(ctx: Ctx) -> Reply {
    let view = view(&ctx).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx) -> domain::Result<AskView> {
    let community = ctx.community()?.id;
    ctx.read(move |db, actor, now| {
        let person = actor.person.ok_or(Error::NotSignedIn)?;
        Ok(AskView { colleagues: colleagues_of(db, actor, now, (community, person))?, form: Form::new(FORM) })
    })
    .await
}

/// What a form of leave says.
pub(crate) fn read(form: &mut Form) -> Option<NewLeave> {
    let (kind, starts_on, ends_on) = (form.choice("kind"), form.date("starts_on"), form.date("ends_on"));
    let reason = form.maybe("reason", 200);
    let substitute = form.maybe_parsed::<PersonId>("substitute", "choice");
    Some(NewLeave {
        kind: kind?,
        starts_on: starts_on?,
        ends_on: ends_on?,
        reason: reason?.unwrap_or_default(),
        substitute: substitute?,
    })
}

/// `POST /leave/new`
pub(crate) async fn ask(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form(FORM);
    let new = read(&mut form);
    let done = ctx
        .submit(&mut form, new, move |tx, actor, now, new| {
            roster::ask(tx, actor, now, community, new)?;
            Ok("/roster?done=leave_asked#own".to_owned())
        })
        .await;
    let page = view(&ctx).await?;
    ctx.outcome(done, form, |form| AskView { form, ..page })
}

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Decision {
    Approve,
    Refuse,
    End,
}

/// `POST /leave/{id}/{decision}`
pub(crate) async fn decide(ctx: Ctx, which: Path<(i64, Decision)>, posted: Posted) -> Reply {
    let (id, decision) = which.into_inner();
    let id = LeaveId(id);
    let mut form = posted.form(FORM);
    let said = match decision {
        Decision::Approve => {
            form.maybe_parsed::<PersonId>("substitute", "choice").map(|named| (named, String::new()))
        }
        Decision::Refuse => form.text("answer", 200).map(|answer| (None, answer)),
        Decision::End => Some((None, String::new())),
    };
    let done = ctx
        .submit(&mut form, said, move |tx, actor, now, (substitute, answer)| {
            let done = match decision {
                Decision::Approve => {
                    roster::approve(tx, actor, now, id, *substitute).map(|()| "leave_approved")
                }
                Decision::Refuse => roster::refuse(tx, actor, now, id, answer).map(|()| "leave_refused"),
                Decision::End => roster::end(tx, actor, now, id).map(|()| "leave_ended"),
            }?;
            Ok(format!("/roster?done={done}"))
        })
        .await;
    let page = super::view(&ctx, None).await?;
    ctx.outcome(done, form, |form| page.with_wrong(id, form))
}
