//! `/activate`: the code from the desk's letter, a login, a password of one's own.

use actix_web::HttpResponse;
use actix_web::web::Query;
use domain::access::activation::{self, Chosen};
use domain::access::password;
use domain::access::sessions::SessionKind;
use domain::{AccountId, PersonId, invitations};
use serde::Deserialize;

use super::login::attempt;
use super::{enter, start};
use crate::ctx::{Ctx, Reply, see_other};
use crate::form::{Form, Posted};
use crate::views::access::ActivateView;

/// The code, where the letter's QR code brought it.
#[derive(Debug, Deserialize)]
pub(crate) struct Letter {
    code: Option<String>,
}

/// What was chosen.
pub(crate) struct Wish {
    /// The code from the letter.
    pub(crate) code: String,
    /// What to sign in with; none: what the register knows.
    pub(crate) login: Option<String>,
    /// The password.
    pub(crate) password: String,
}

/// `GET /activate`
pub(crate) async fn show(ctx: Ctx, query: Query<Letter>) -> Reply {
    let form = Form::new("activate.form");
    let form = match &query.code {
        Some(code) => form.with("code", code),
        None => form,
    };
    ctx.page(&ActivateView { form })
}

/// `POST /activate`
pub(crate) async fn submit(ctx: Ctx, posted: Posted) -> Reply {
    let mut form = posted.form("activate.form");
    let (code, login) = (form.text("code", 40), form.maybe("login", 100));
    let password = form.secret("password");
    let wish = code.zip(login).zip(password).map(|((code, login), password)| Wish { code, login, password });
    let done = match form.done(wish) {
        Ok(wish) => activate(&ctx, wish).await,
        Err(error) => Err(error),
    };
    ctx.outcome(done, form, |form| ActivateView { form })
}

async fn activate(ctx: &Ctx, wish: Wish) -> domain::Result<HttpResponse> {
    let (account, person, login) = redeem(ctx, wish).await?;
    let attempt = attempt(ctx, login, None, SessionKind::Cookie);
    match start(ctx, attempt, (account, person), None).await {
        Ok(started) => enter(ctx, started, None),
        // Who has a second factor shows it: a new letter does not skip it.
        Err(domain::Error::Invalid(_)) => Ok(see_other("/login")),
        Err(error) => Err(error),
    }
}

/// Uses the code.
pub(crate) async fn redeem(ctx: &Ctx, wish: Wish) -> domain::Result<(AccountId, PersonId, String)> {
    let (code, address, real_now) = (wish.code.clone(), ctx.address.clone(), ctx.real_now());
    ctx.write(move |tx, _, _| activation::begin(tx, &code, &address, real_now)).await?;
    let code = wish.code.clone();
    let found = ctx.read(move |db, _, now| activation::find(db, &code, now)).await?;
    activation::check_password(&found, wish.login.as_deref().unwrap_or_default(), &wish.password)?;
    let Wish { code, login, password } = wish;
    let password_hash = ctx.app.hashing(move || password::hash(&password)).await?;
    let chosen = Chosen { code, login, password_hash };
    ctx.write(move |tx, _, now| invitations::redeem(tx, &chosen, (now, real_now))).await
}
