//! `POST /move-ins/{number}/agreements`: what is signed after the handover.

use actix_web::web::Path;
use domain::move_in;

use super::{WORDS, show};
use crate::ctx::{Ctx, Reply};
use crate::form::Posted;

/// `POST /move-ins/{number}/agreements`
pub(crate) async fn sign(ctx: Ctx, number: Path<String>, posted: Posted) -> Reply {
    let number = number.into_inner();
    let community = ctx.community()?.id;
    let mut form = posted.form(WORDS);
    let version = form.number("version", 1, i64::from(i32::MAX)).and_then(|n| i32::try_from(n).ok());
    let signed = form.many("agreements", "choice").map(|list| list.into_iter().collect());
    let address = number.clone();
    let done = ctx
        .submit(&mut form, signed.zip(version), move |tx, actor, now, (signed, version)| {
            let (_, case) = show::of_number(tx, (actor, now), community, &address)?;
            move_in::sign(tx, actor, now, (case.id, *version), signed)?;
            Ok(format!("/move-ins/{address}?done=move_in_sign"))
        })
        .await;
    let mut page = show::view(&ctx, number).await?;
    ctx.outcome(done, form, |form| {
        page.form = form;
        page
    })
}
