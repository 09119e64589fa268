//! `POST /move-ins/{number}/{action}`: one step of an application, from its page.

use actix_web::web::Path;
use domain::Error;
use domain::move_in::{self, Act};

use super::{WORDS, show};
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};

/// `POST /move-ins/{number}/{action}`
pub(crate) async fn submit(ctx: Ctx, path: Path<(String, String)>, posted: Posted) -> Reply {
    let (number, action) = path.into_inner();
    let community = ctx.community()?.id;
    let mut form = posted.form(WORDS);
    let version = form.number("version", 1, i64::from(i32::MAX)).and_then(|n| i32::try_from(n).ok());
    let Some(act) = read(&mut form, &action) else { return Err(Error::NotFound.into()) };
    let address = number.clone();
    let done = ctx
        .submit(&mut form, act.zip(version), move |tx, actor, now, (act, version)| {
            let (_, case) = show::of_number(tx, (actor, now), community, &address)?;
            move_in::act(tx, actor, now, (case.id, *version), act)?;
            Ok(format!("/move-ins/{address}?done=move_in_{}", act.action()))
        })
        .await;
    let mut page = show::view(&ctx, number).await?;
    ctx.outcome(done, form, |form| {
        page.form = form.summary();
        if let Some(tried) = page.actions.iter_mut().find(|one| one.name == action) {
            tried.open = true;
            tried.form = form;
        }
        page
    })
}

/// What the form asks for; none where there is no such action here, `Some(None)` where a field is wrong.
fn read(form: &mut Form, action: &str) -> Option<Option<Act>> {
    Some(match action {
        "start_review" => Some(Act::StartReview),
        "approve" => Some(Act::Approve),
        "close" => Some(Act::Close),
        "return" => form.text("remarks", 2_000).map(Act::Return),
        "reject" => form.text("reason", 2_000).map(Act::Reject),
        "cancel" => form.text("reason", 2_000).map(Act::Cancel),
        "withdraw" => form.maybe("reason", 2_000).map(|reason| Act::Withdraw(reason.unwrap_or_default())),
        _ => return None,
    })
}
