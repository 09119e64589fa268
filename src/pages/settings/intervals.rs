//! `POST /settings/fees/{item}/interval`: how often an item is billed, tried on real homes or set.

use actix_web::web::Path;
use domain::billing::intervals::{self, NewInterval};
use domain::billing::items::Tariffed;
use domain::billing::{Example, interval_example};

use super::fees::view;
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::settings::fees::{ExampleRow, FeeView, PeriodRow};

pub(super) const INTERVAL: &str = "fees.interval_form";

/// `POST /settings/fees/{item}/interval`: shows what it would make of real homes, or sets it.
pub(crate) async fn set(ctx: Ctx, code: Path<String>, posted: Posted) -> Reply {
    let (code, community) = (code.into_inner(), ctx.community()?.id);
    let (page, item) = view(&ctx, code.clone()).await?;
    let mut form = posted.form(INTERVAL);
    let tries = form.maybe("act", 10).flatten().is_some_and(|act| act == "try");
    let read = read(&mut form);
    if let (true, Some(new)) = (tries, read) {
        return tried(&ctx, page, item, (form, new)).await;
    }
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, new| {
            intervals::set(tx, actor, now, community, &code, new)?;
            Ok(format!("/settings/fees/{code}?done=saved"))
        })
        .await;
    ctx.outcome(done, form, |form| FeeView { interval: form, ..page })
}

fn read(form: &mut Form) -> Option<NewInterval> {
    let (months, from) = (form.parsed("months", "unknown_word"), form.month("from_month"));
    Some(NewInterval { months: months?, from: from?, timing: form.choice("timing")? })
}

async fn tried(ctx: &Ctx, page: FeeView, item: Tariffed, (mut form, new): (Form, NewInterval)) -> Reply {
    let (community, language) = (ctx.community()?.id, ctx.lang.code());
    let tried = ctx
        .read(move |db, _, now| {
            intervals::fits(db, now, &item.item, &new)?;
            interval_example(db, community, &item, &new)
        })
        .await;
    match tried {
        Ok((period, examples)) => {
            let row = |one: Example| ExampleRow::of(&one, language);
            let examples = examples.into_iter().map(row).collect();
            let tried = Some(PeriodRow::of(&period));
            ctx.page(&FeeView { interval: form, interval_tried: tried, interval_examples: examples, ..page })
        }
        Err(error) => {
            form.note(error)?;
            ctx.page(&FeeView { interval: form, ..page })
        }
    }
}
