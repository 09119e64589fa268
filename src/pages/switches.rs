//! The switches in the header: the language, remembered with the person, and large mode (关怀版).

use actix_web::HttpResponse;
use domain::access::account;

use super::own_address;
use crate::ctx::{Ctx, Reply, see_other};
use crate::form::{Form, Posted};
use crate::guard::cookies;
use crate::lang::Lang;

/// `POST /language`
pub(crate) async fn language(ctx: Ctx, posted: Posted) -> Reply {
    let mut form = posted.form("switches");
    let wish = form.text("language", 2).and_then(|code| Lang::of(&code));
    let back = back(&mut form);
    let lang = form.done(wish)?;
    if let Some(person) = ctx.actor.person {
        ctx.write(move |tx, _, _| account::set_language(tx, person, lang.code())).await?;
    }
    Ok(remembered(&ctx, &back, cookies::LANGUAGE, lang.code()))
}

/// `POST /large`
pub(crate) async fn large(ctx: Ctx, posted: Posted) -> Reply {
    let mut form = posted.form("switches");
    let large = form.ticked("large");
    let back = back(&mut form);
    form.done(Some(()))?;
    Ok(remembered(&ctx, &back, cookies::LARGE, if large { "yes" } else { "no" }))
}

fn back(form: &mut Form) -> String {
    let back = form.maybe("back", 500).flatten().unwrap_or_default();
    if back.starts_with("/login") && !back.contains(['\\', '\r', '\n']) {
        return back;
    }
    own_address(&back).unwrap_or_else(|| "/".to_owned())
}

fn remembered(ctx: &Ctx, back: &str, name: &'static str, value: &'static str) -> HttpResponse {
    let mut response = see_other(back);
    if let Err(error) = response.add_cookie(&cookies::choice(&ctx.app, name, value)) {
        tracing::warn!(%error, "a cookie was not set");
    }
    response
}
