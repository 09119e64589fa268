//! `/homes/{code}/meters`: what residents read on the meters of their home, one thing a page: the figure, the photo, and
//! what it comes to before it is sent. What was sent is taken back for ten minutes.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use domain::meters::{self, NewOwn, OwnMeter};
use domain::{AttachmentId, MeterId, MeterReadingId, Quantity, homes};

use super::FORM;
use crate::ctx::{Ctx, Reply, see_other};
use crate::files;
use crate::form::{Form, Posted};
use crate::views::meters::own::{OwnMetersView, OwnRow, SendView};

/// The steps in their order.
const STEPS: [&str; 3] = ["figure", "photo", "check"];

/// `GET /homes/{code}/meters`
pub(crate) async fn list(ctx: Ctx, code: Path<String>) -> Reply {
    let view = view(&ctx, code.into_inner()).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, code: String) -> domain::Result<OwnMetersView> {
    let community = ctx.community()?.id;
    ctx.read(move |db, actor, now| {
        let home = homes::find(db, actor, now, community, &code)?;
        let all = meters::own_meters(db, actor, now, (community, home))?;
        let rows = all.into_iter().map(OwnRow::from).collect();
        Ok(OwnMetersView { home: code, rows, form: Form::new(FORM) })
    })
    .await
}

/// A meter of one's own home.
async fn own(ctx: &Ctx, id: i64) -> domain::Result<OwnMeter> {
    ctx.read(move |db, actor, now| meters::own_meter(db, actor, now, MeterId(id))).await
}

/// `GET /homes/{code}/meters/{id}`
pub(crate) async fn show(ctx: Ctx, path: Path<(String, i64)>) -> Reply {
    let (home, id) = path.into_inner();
    let one = own(&ctx, id).await?;
    if one.reading.is_some() {
        return Ok(see_other(&format!("/homes/{home}/meters")));
    }
    ctx.page(&at(&home, one, 0, &[], Form::new(FORM)))
}

/// `POST /homes/{code}/meters/{id}`
pub(crate) async fn submit(ctx: Ctx, path: Path<(String, i64)>, posted: Posted) -> Reply {
    let (home, id) = path.into_inner();
    let one = own(&ctx, id).await?;
    let mut form = posted.form(FORM);
    let step = form.maybe("step", 20).flatten().unwrap_or_default();
    let step = STEPS.iter().position(|name| *name == step).unwrap_or(0);
    let go = form.maybe("go", 20).flatten().unwrap_or_default();
    let photos = files::gather(&ctx, &mut form, ("photos", "files")).await?;
    if go == "back" {
        form.maybe("value", 20);
        return ctx.page(&at(&home, one, step.saturating_sub(1), &photos, form.plain()));
    }
    let value = super::dial(&mut form, "value");
    if step > 0 && photos.is_empty() && !form.is_wrong("files") {
        form.wrong("files", "photo_of_dial");
    }
    let wrong = form.done(Some(())).is_err();
    if wrong || go != "send" || step + 1 < STEPS.len() {
        let next = if wrong { first_wrong(&form, step) } else { (step + 1).min(STEPS.len() - 1) };
        let mut page = ctx.page(&at(&home, one, next, &photos, form))?;
        if wrong {
            *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        }
        return Ok(page);
    }
    let new = value.map(|value| NewOwn { meter: MeterId(id), value, photos: photos.clone() });
    let address = format!("/homes/{home}/meters?done=reading_sent");
    let done = ctx
        .submit(&mut form, new, move |tx, actor, now, new| {
            meters::send(tx, actor, now, new)?;
            Ok(address.clone())
        })
        .await;
    ctx.outcome(done, form, |form| {
        let step = first_wrong(&form, STEPS.len() - 1);
        at(&home, one, step, &photos, form)
    })
}

/// The step that asks for what is wrong.
fn first_wrong(form: &Form, step: usize) -> usize {
    match (form.is_wrong("value"), form.is_wrong("files")) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => step,
    }
}

/// A step, with what the figure comes to where there is one.
fn at(home: &str, one: OwnMeter, step: usize, photos: &[AttachmentId], form: Form) -> SendView {
    let value = form.value("value").and_then(Quantity::parse).filter(|value| value.0 >= 0);
    let used = value.map(|value| one.would_be(value.0));
    SendView {
        home: home.to_owned(),
        used: used.map(|used| Quantity(used.dial * one.meter.multiplier).to_string()),
        below: value.is_some_and(|value| value.0 < one.last),
        odd: used.is_some_and(|used| used.odd),
        step: STEPS.get(step).copied().unwrap_or("figure"),
        number: u8::try_from(step + 1).unwrap_or(1),
        photos: photos.iter().map(|id| id.0).collect(),
        row: OwnRow::from(one),
        form,
    }
}

/// `POST /meters/readings/{id}/take-back`
pub(crate) async fn take_back(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let id = MeterReadingId(*id);
    let mut form = posted.form(FORM);
    let home = ctx.read(move |db, actor, now| meters::home_of_sent(db, actor, now, id)).await?;
    let address = format!("/homes/{home}/meters?done=reading_taken_back");
    let done = ctx
        .submit(&mut form, Some(()), move |tx, actor, now, ()| {
            meters::take_back(tx, actor, now, id)?;
            Ok(address.clone())
        })
        .await;
    let page = view(&ctx, home).await?;
    ctx.outcome(done, form, |form| OwnMetersView { form, ..page })
}
