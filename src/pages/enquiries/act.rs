//! `POST /enquiries/{number}/{action}`: one step of an enquiry, from its page.

use actix_web::web::Path;
use domain::Error;
use domain::enquiries::{self, Act};

use super::{WORDS, show};
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::pages::knowledge::words;

/// `POST /enquiries/{number}/{action}`
pub(crate) async fn submit(ctx: Ctx, path: Path<(String, String)>, posted: Posted) -> Reply {
    let (number, action) = path.into_inner();
    let community = ctx.community()?.id;
    let mut form = posted.form(WORDS);
    let version = form.number("version", 1, i64::from(i32::MAX)).and_then(|n| i32::try_from(n).ok());
    let Some(act) = read(&mut form, &action) else { return Err(Error::NotFound.into()) };
    let address = number.clone();
    let done = ctx
        .submit(&mut form, act.zip(version), move |tx, actor, now, (act, version)| {
            show::of_number(tx, (actor, now), community, &address)?;
            enquiries::act(tx, actor, now, (community, &address), *version, act)?;
            Ok(format!("/enquiries/{address}?done=step"))
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

/// What the form asks for; none where there is no such action, `Some(None)` where a field is wrong.
fn read(form: &mut Form, action: &str) -> Option<Option<Act>> {
    Some(match action {
        "answer" => words(form).map(|(text, article)| Act::Answer { text, article }),
        "add" => words(form).map(|(text, article)| Act::Add { text, article }),
        "helped" => Some(Act::Helped),
        "ask_back" => form.text("text", 2_000).map(|text| Act::AskBack { text }),
        "withdraw" => Some(Act::Withdraw),
        "close" => Some(Act::Close),
        _ => return None,
    })
}
