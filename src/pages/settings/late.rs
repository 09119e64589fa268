//! `POST /settings/fees/{item}/late`: what the service agreement says for late payment of an item.

use actix_web::web::Path;
use domain::Rate;
use domain::late_fees::{self, NewTerms};

use super::fees::view;
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::settings::fees::FeeView;

pub(super) const LATE: &str = "fees.late_form";

/// `POST /settings/fees/{item}/late`
pub(crate) async fn agree(ctx: Ctx, code: Path<String>, posted: Posted) -> Reply {
    let (code, community) = (code.into_inner(), ctx.community()?.id);
    let (page, _) = view(&ctx, code.clone()).await?;
    let mut form = posted.form(LATE);
    let read = terms(&mut form);
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, new| {
            late_fees::agree(tx, actor, now, community, &code, new)?;
            Ok(format!("/settings/fees/{code}?done=saved"))
        })
        .await;
    ctx.outcome(done, form, |form| FeeView { late: form, ..page })
}

fn terms(form: &mut Form) -> Option<NewTerms> {
    let (starts_on, basis) = (form.date("starts_on"), form.maybe("basis", 500));
    let rate = form.text("rate", 12);
    let (grace_days, cap_percent) = (form.number("grace_days", 0, 365), form.number("cap_percent", 1, 100));
    let rate = Rate::parse(rate?.trim_end_matches('%'));
    if rate.is_none() {
        form.wrong("rate", "late_rate_number");
    }
    Some(NewTerms {
        starts_on: starts_on?,
        basis: basis?.unwrap_or_default(),
        rate: rate?,
        grace_days: grace_days?,
        cap_percent: cap_percent?,
    })
}
