//! `/login`: a login and a password. The same answer and time for a known and an unknown account.

use actix_web::HttpResponse;
use actix_web::web::Query;
use domain::access::login::{self as domain_login, Attempt, Candidate};
use domain::access::sessions::SessionKind;
use serde::Deserialize;

use super::{code, enter, start};
use crate::ctx::{Ctx, Reply, see_other};
use crate::form::{Form, Posted};
use crate::pages::own_address;
use crate::views::access::LoginView;

/// Where to go afterwards.
#[derive(Debug, Deserialize)]
pub(crate) struct Next {
    next: Option<String>,
}

impl Next {
    /// The address, where it is one of ours.
    pub(crate) fn address(&self) -> Option<String> {
        self.next.as_deref().and_then(own_address)
    }
}

/// `GET /login`
pub(crate) async fn show(ctx: Ctx, query: Query<Next>) -> Reply {
    let next = query.address();
    if ctx.session.is_some() {
        return Ok(see_other(next.as_deref().unwrap_or("/")));
    }
    ctx.page(&LoginView { form: Form::new("login.form"), next })
}

/// `POST /login`
pub(crate) async fn submit(ctx: Ctx, posted: Posted) -> Reply {
    let mut form = posted.form("login.form");
    let next = form.maybe("next", 500).flatten().as_deref().and_then(own_address);
    let read = read(&mut form, &ctx);
    let done = match form.done(read) {
        Ok((attempt, password)) => try_in(&ctx, attempt, password, next.as_deref()).await,
        Err(error) => Err(error),
    };
    ctx.outcome(done, form, |form| LoginView { form, next })
}

fn read(form: &mut Form, ctx: &Ctx) -> Option<(Attempt, String)> {
    let (login, password, community) =
        (form.text("login", 100), form.secret("password"), form.maybe("community", 16));
    let attempt = attempt(ctx, login?, community?, SessionKind::Cookie);
    Some((attempt, password?))
}

/// Who tries to get in with this request.
pub(crate) fn attempt(ctx: &Ctx, login: String, community: Option<String>, kind: SessionKind) -> Attempt {
    Attempt { login, community, address: ctx.address.clone(), agent: ctx.agent.clone(), kind }
}

async fn try_in(
    ctx: &Ctx,
    attempt: Attempt,
    password: String,
    next: Option<&str>,
) -> domain::Result<HttpResponse> {
    let who = right_one(ctx, &attempt, password).await?;
    match start(ctx, attempt.clone(), (who.account, who.person), None).await {
        Ok(started) => enter(ctx, started, next),
        Err(error) if code::is_owed(&error) => code::ask(ctx, &attempt, (who.account, who.person), next),
        Err(error) => Err(error),
    }
}

/// Whose password it is.
pub(crate) async fn right_one(ctx: &Ctx, attempt: &Attempt, password: String) -> domain::Result<Candidate> {
    let (counted, real_now) = (attempt.clone(), ctx.real_now());
    let candidates = ctx.write(move |tx, _, _| domain_login::begin(tx, &counted, real_now)).await?;
    let chosen = ctx.app.hashing(move || domain_login::choose(&candidates, &password)).await;
    if chosen.is_err() {
        tracing::warn!(request_id = ctx.request_id, address = ctx.address, "a login was refused");
    }
    chosen
}
