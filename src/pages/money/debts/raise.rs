//! `/homes/{code}/charges/{id}/dispute`: a resident says why they do not accept a charge, one thing a page, with the
//! answers checked before they are sent. What was typed travels with the form.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use domain::access::{Action, Object, allow};
use domain::debts::{self, NewDispute};
use domain::{AttachmentId, ChargeId, Error, HomeId, ledger};

use super::FORM;
use crate::ctx::{Ctx, Reply};
use crate::files;
use crate::form::{Form, Posted};
use crate::views::money::bills::{BillLine, contest};
use crate::views::money::disputes::RaiseView;

/// The steps in their order.
const STEPS: [&str; 3] = ["why", "show", "check"];

/// `GET /homes/{code}/charges/{id}/dispute`
pub(crate) async fn show(ctx: Ctx, path: Path<(String, i64)>) -> Reply {
    let (view, _) = view(&ctx, path.into_inner()).await?;
    ctx.page(&view)
}

/// The first step, and the home.
async fn view(ctx: &Ctx, (code, charge): (String, i64)) -> domain::Result<(RaiseView, HomeId)> {
    let (community, language) = (ctx.community()?.id, ctx.lang.code());
    ctx.read(move |db, actor, now| {
        let home = ledger::home(db, actor, now, community, &code)?;
        allow(db, actor, now, Action::RaiseDispute, Object::Home(community, home))?;
        let line = ledger::line_of(db, home, ChargeId(charge))?;
        let refused = match debts::may_raise(db, actor, (home, &line.charge)) {
            Ok(()) => None,
            Err(Error::Refused(refusal)) => Some(refusal.rule),
            Err(other) => return Err(other),
        };
        let said = debts::disputes_of(db, &[line.charge.account_id])?;
        let mut line = BillLine::of(line, language);
        contest(std::slice::from_mut(&mut line), &said, &[]);
        let form = Form::new(FORM);
        Ok((RaiseView { home: code, line, step: "why", number: 1, photos: vec![], refused, form }, home))
    })
    .await
}

/// `POST /homes/{code}/charges/{id}/dispute`
pub(crate) async fn submit(ctx: Ctx, path: Path<(String, i64)>, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let (page, home) = view(&ctx, path.into_inner()).await?;
    let charge = ChargeId(page.line.id);
    let mut form = posted.form(FORM);
    let step = form.maybe("step", 20).flatten().unwrap_or_default();
    let step = STEPS.iter().position(|name| *name == step).unwrap_or(0);
    let go = form.maybe("go", 20).flatten().unwrap_or_default();
    let photos = files::gather(&ctx, &mut form, ("photos", "files")).await?;
    if go == "back" {
        form.maybe("reason", 500);
        return ctx.page(&at(page, step.saturating_sub(1), &photos, form.plain()));
    }
    let reason = form.text("reason", 500);
    let wrong = form.done(Some(())).is_err();
    if wrong || go != "send" || step + 1 < STEPS.len() {
        let next = match (form.is_wrong("reason"), wrong) {
            (true, _) => 0,
            (false, true) => 1,
            (false, false) => (step + 1).min(STEPS.len() - 1),
        };
        let mut shown = ctx.page(&at(page, next, &photos, form))?;
        if wrong {
            *shown.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        }
        return Ok(shown);
    }
    let new = reason.map(|reason| NewDispute { charge, reason, photos: photos.clone() });
    let done = ctx
        .submit(&mut form, new, move |tx, actor, now, new| {
            let id = debts::raise(tx, actor, now, (community, home), new)?;
            Ok(format!("/disputes/{id}?done=dispute_raised"))
        })
        .await;
    ctx.outcome(done, form, |form| at(page, STEPS.len() - 1, &photos, form))
}

fn at(page: RaiseView, step: usize, photos: &[AttachmentId], form: Form) -> RaiseView {
    RaiseView {
        step: STEPS.get(step).copied().unwrap_or("why"),
        number: u8::try_from(step + 1).unwrap_or(1),
        photos: photos.iter().map(|id| id.0).collect(),
        form,
        ..page
    }
}
