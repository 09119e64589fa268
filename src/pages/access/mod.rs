//! Getting in and out.

pub(crate) mod activate;
pub(crate) mod code;
pub(crate) mod login;
pub(crate) mod one_time;

use actix_web::HttpResponse;
use domain::access::login::{self as domain_login, Attempt, Started};
use domain::access::sessions;
use domain::{AccountId, Error, PersonId};

use crate::ctx::{Ctx, Reply, see_other};
use crate::form::Posted;
use crate::guard::cookies;

/// `POST /logout`
pub(crate) async fn logout(ctx: Ctx, posted: Posted) -> Reply {
    posted.form("login.form").done(Some(()))?;
    if let Some(session) = ctx.session.clone() {
        let real_now = ctx.real_now();
        ctx.write(move |tx, _, _| sessions::end(tx, session.account, session.id, real_now)).await?;
    }
    let mut response = see_other("/login");
    set(&mut response, &cookies::gone(&ctx.app, cookies::session_name(&ctx.app)))?;
    Ok(response)
}

/// Starts the session of who showed a password, and a code where one is needed.
pub(crate) async fn start(
    ctx: &Ctx,
    attempt: Attempt,
    who: (AccountId, PersonId),
    code: Option<String>,
) -> domain::Result<Started> {
    let (vault, real_now) = (ctx.app.vault.clone(), ctx.real_now());
    let started = ctx
        .write(move |tx, _, now| {
            domain_login::finish(tx, &vault, &attempt, who, code.as_deref(), (now, real_now))
        })
        .await?;
    tracing::info!(request_id = ctx.request_id, person = started.actor.person.map(|p| p.0), "signed in");
    Ok(started)
}

/// Leads who signed in to where they wanted; a cookie of an earlier session is replaced.
pub(crate) fn enter(ctx: &Ctx, started: Started, next: Option<&str>) -> domain::Result<HttpResponse> {
    let mut response = see_other(next.unwrap_or("/"));
    set(&mut response, &cookies::session(&ctx.app, started.token))?;
    set(&mut response, &cookies::gone(&ctx.app, cookies::HALF))?;
    Ok(response)
}

/// Adds a cookie.
pub(crate) fn set(response: &mut HttpResponse, cookie: &actix_web::cookie::Cookie<'_>) -> domain::Result<()> {
    response.add_cookie(cookie).map_err(Error::internal)
}
