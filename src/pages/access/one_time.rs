//! `/login/mail` and `/reset`: six digits by mail, to sign in with or to set a new password. Whether anybody
//! has the login that was typed shows nowhere; the browser that asked keeps what the code is tried with.

use actix_web::cookie::time::Duration;
use actix_web::{HttpRequest, HttpResponse};
use domain::access::one_time::{self, Asked, Purpose, Right};
use domain::access::sessions::SessionKind;
use domain::access::{account, login as domain_login, password};
use domain::{AccountId, Db, community};

use super::login::attempt;
use super::{code, enter, set, start};
use crate::ctx::{Ctx, Reply, see_other};
use crate::form::{Form, Posted};
use crate::guard::cookies;
use crate::views::access::{AskView, OneTimeView};

/// `GET /login/mail`
pub(crate) async fn ask(ctx: Ctx) -> Reply {
    ctx.page(&AskView::new(Purpose::SignIn))
}

/// `POST /login/mail`
pub(crate) async fn send(ctx: Ctx, posted: Posted) -> Reply {
    send_for(ctx, Purpose::SignIn, posted).await
}

/// `GET /login/mail/code`
pub(crate) async fn show(ctx: Ctx, req: HttpRequest) -> Reply {
    show_for(&ctx, Purpose::SignIn, &req)
}

/// `POST /login/mail/code`
pub(crate) async fn submit(ctx: Ctx, req: HttpRequest, posted: Posted) -> Reply {
    let Some(token) = token(&req) else { return Ok(see_other("/login/mail")) };
    let mut form = posted.form("login.one_time_form");
    let digits = form.secret("code");
    let done = match form.done(digits) {
        Ok(digits) => sign_in(&ctx, token, digits).await,
        Err(error) => Err(error),
    };
    ctx.outcome(done, form, |form| OneTimeView { purpose: Purpose::SignIn.as_str(), form })
}

/// `GET /reset`
pub(crate) async fn ask_reset(ctx: Ctx) -> Reply {
    ctx.page(&AskView::new(Purpose::Reset))
}

/// `POST /reset`
pub(crate) async fn send_reset(ctx: Ctx, posted: Posted) -> Reply {
    send_for(ctx, Purpose::Reset, posted).await
}

/// `GET /reset/code`
pub(crate) async fn show_reset(ctx: Ctx, req: HttpRequest) -> Reply {
    show_for(&ctx, Purpose::Reset, &req)
}

/// `POST /reset/code`
pub(crate) async fn submit_reset(ctx: Ctx, req: HttpRequest, posted: Posted) -> Reply {
    let Some(token) = token(&req) else { return Ok(see_other("/reset")) };
    let mut form = posted.form("login.one_time_form");
    let read = form.secret("code").zip(form.secret("password"));
    let done = match form.done(read) {
        Ok((digits, new)) => reset(&ctx, token, digits, new).await,
        Err(error) => Err(error),
    };
    ctx.outcome(done, form, |form| OneTimeView { purpose: Purpose::Reset.as_str(), form })
}

async fn send_for(ctx: Ctx, purpose: Purpose, posted: Posted) -> Reply {
    let mut form = posted.form("login.form");
    let read = form.text("login", 100).zip(form.maybe("community", 16));
    let done = match form.done(read) {
        Ok((login, community)) => {
            let address = ctx.address.clone();
            send_code(&ctx, Asked { login, community, address, purpose }).await
        }
        Err(error) => Err(error),
    };
    ctx.outcome(done, form, |form| AskView { purpose: purpose.as_str(), form })
}

async fn send_code(ctx: &Ctx, asked: Asked) -> domain::Result<HttpResponse> {
    let (vault, real_now, purpose) = (ctx.app.vault.clone(), ctx.real_now(), asked.purpose);
    let token = ctx.write(move |tx, _, now| one_time::ask(tx, &vault, &asked, (now, real_now))).await?;
    let mut response = see_other(match purpose {
        Purpose::SignIn => "/login/mail/code",
        Purpose::Reset => "/reset/code",
    });
    let mut cookie = cookies::private(&ctx.app, cookies::ASKED, token);
    cookie.set_max_age(Duration::minutes(10));
    set(&mut response, &cookie)?;
    Ok(response)
}

fn show_for(ctx: &Ctx, purpose: Purpose, req: &HttpRequest) -> Reply {
    if token(req).is_none() {
        return Ok(see_other(if purpose == Purpose::Reset { "/reset" } else { "/login/mail" }));
    }
    ctx.page(&OneTimeView { purpose: purpose.as_str(), form: Form::new("login.one_time_form") })
}

fn token(req: &HttpRequest) -> Option<String> {
    req.cookie(cookies::ASKED).map(|cookie| cookie.value().to_owned())
}

/// Who typed the code rightly; a second factor is asked for as after a password.
async fn sign_in(ctx: &Ctx, token: String, digits: String) -> domain::Result<HttpResponse> {
    let (vault, real_now) = (ctx.app.vault.clone(), ctx.real_now());
    let right = ctx
        .write(move |tx, _, _| {
            let right = one_time::try_one(tx, &vault, (&token, Purpose::SignIn), &digits, real_now)?;
            right.iter().try_for_each(|right| one_time::use_up(tx, right, real_now))?;
            Ok(right)
        })
        .await?;
    let right = found(ctx, right)?;
    let login = first_login(ctx, right.account).await?;
    let attempt = attempt(ctx, login, None, SessionKind::Cookie);
    let who = (right.account, right.person);
    let mut response = match start(ctx, attempt.clone(), who, None).await {
        Ok(started) => enter(ctx, started, None)?,
        Err(error) if code::is_owed(&error) => code::ask(ctx, &attempt, who, None)?,
        Err(error) => return Err(error),
    };
    set(&mut response, &cookies::gone(&ctx.app, cookies::ASKED))?;
    Ok(response)
}

/// The right code, or the one answer for all others.
fn found(ctx: &Ctx, right: Option<Right>) -> domain::Result<Right> {
    if right.is_none() {
        tracing::warn!(request_id = ctx.request_id, address = ctx.address, "a one-time code was refused");
    }
    right.ok_or_else(one_time::wrong)
}

async fn first_login(ctx: &Ctx, account: AccountId) -> domain::Result<String> {
    let kept = ctx.read(move |db, _, _| account::credentials(db, account)).await?;
    Ok(kept.logins.into_iter().next().unwrap_or_default())
}

/// Sets the new password; every session ends, and the next login asks for a second factor where there is one.
async fn reset(ctx: &Ctx, token: String, digits: String, new: String) -> domain::Result<HttpResponse> {
    account::check_password("password", &new, &[])?;
    let (vault, real_now) = (ctx.app.vault.clone(), ctx.real_now());
    let purpose = Purpose::Reset;
    let right = ctx
        .write(move |tx, _, _| one_time::try_one(tx, &vault, (&token, purpose), &digits, real_now))
        .await?;
    let right = found(ctx, right)?;
    let account = right.account;
    let names = ctx.read(move |db, _, now| names(db, account, right.person, now)).await?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    account::check_password("password", &new, &names)?;
    let hash = ctx.app.hashing(move || password::hash(&new)).await?;
    ctx.write(move |tx, _, now| {
        one_time::use_up(tx, &right, real_now)?;
        account::reset_password(tx, (right.account, right.person), &hash, (now, real_now))
    })
    .await?;
    let mut response = see_other("/login?done=password_reset");
    set(&mut response, &cookies::gone(&ctx.app, cookies::ASKED))?;
    Ok(response)
}

/// What a password must not be made of: the person's logins and their communities.
fn names(
    db: &mut Db,
    account: AccountId,
    person: domain::PersonId,
    now: domain::Instant,
) -> domain::Result<Vec<String>> {
    let mut names = account::credentials(db, account)?.logins;
    for id in domain_login::actor_of(db, person, now, "page")?.communities() {
        let community = community::by_id(db, id)?;
        names.extend([community.name, community.code]);
    }
    Ok(names)
}
