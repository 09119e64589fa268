//! `/account/second-factor`: setting up the app that makes codes. Managers and cashiers do so at their
//! first login, before anything else. The secret is sealed into the form and kept once a code proves it.

use actix_web::HttpResponse;
use domain::Error;
use domain::access::sessions::{self, NewSession, SessionKind};
use domain::access::{account, second_factor};

use crate::ctx::{Ctx, Reply, see_other};
use crate::form::{Form, Posted};
use crate::guard::cookies;
use crate::pages::access::set;
use crate::views::access::SecondFactorView;

const PURPOSE: &str = "second factor";

/// `GET /account/second-factor`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    let account = ctx.signed_in()?.account;
    if ctx.read(move |db, _, _| second_factor::is_enrolled(db, account)).await? {
        return Ok(see_other("/account"));
    }
    let setup = second_factor::set_up(&login(&ctx).await?, &issuer(&ctx))?;
    let form = sealed(&ctx, &setup.secret, Form::new("second_factor.form"))?;
    ctx.page(&view(&ctx, setup, form)?)
}

/// `POST /account/second-factor`
pub(crate) async fn submit(ctx: Ctx, posted: Posted) -> Reply {
    let mut form = posted.form("second_factor.form");
    let (code, secret, seal) = (form.text("code", 12), form.text("secret", 64), form.text("seal", 64));
    let secret =
        secret.zip(seal).filter(|(secret, seal)| ctx.app.is_sealed(PURPOSE, &said(&ctx, secret), seal));
    let Some((secret, _)) = secret else { return Ok(see_other("/account/second-factor")) };
    let done = match form.done(code) {
        Ok(code) => enrol(&ctx, secret.clone(), code).await,
        Err(error) => Err(error),
    };
    let setup = second_factor::set_up_again(&secret, &login(&ctx).await?, &issuer(&ctx))?;
    let page = view(&ctx, setup, Form::default())?;
    ctx.outcome(done, form, |form| SecondFactorView { form, ..page })
}

async fn enrol(ctx: &Ctx, secret: String, code: String) -> domain::Result<HttpResponse> {
    let token = step_up(ctx, secret, code, SessionKind::Cookie).await?;
    let mut response = see_other("/?done=second_factor_set");
    set(&mut response, &cookies::session(&ctx.app, token))?;
    Ok(response)
}

/// Keeps the secret and gives a new session, which has shown the factor; every earlier one ends.
pub(crate) async fn step_up(
    ctx: &Ctx,
    secret: String,
    code: String,
    kind: SessionKind,
) -> domain::Result<String> {
    let (account, agent, real_now) = (ctx.signed_in()?.account, ctx.agent.clone(), ctx.real_now());
    let vault = ctx.app.vault.clone();
    ctx.write(move |tx, actor, _| {
        second_factor::enrol(tx, &vault, account, (&secret, &code), real_now)?;
        sessions::end_others(tx, account, None, real_now)?;
        let new = NewSession { account, kind, second_factor: true, agent: agent.clone() };
        Ok(sessions::start(tx, actor, &new, real_now)?.0)
    })
    .await
}

/// What one signs in with, for the app's list.
pub(crate) async fn login(ctx: &Ctx) -> domain::Result<String> {
    let account = ctx.signed_in()?.account;
    let logins = ctx.read(move |db, _, _| account::credentials(db, account)).await?.logins;
    Ok(logins.into_iter().next().unwrap_or_else(|| ctx.actor.name.clone()))
}

/// What the app calls us.
pub(crate) fn issuer(ctx: &Ctx) -> String {
    ctx.community.as_ref().map_or_else(|| "Linli".to_owned(), |community| format!("Linli {}", community.code))
}

fn sealed(ctx: &Ctx, secret: &str, form: Form) -> domain::Result<Form> {
    ctx.signed_in()?;
    Ok(form.with("secret", secret).with("seal", ctx.app.seal(PURPOSE, &said(ctx, secret))))
}

fn said(ctx: &Ctx, secret: &str) -> String {
    let account = ctx.session.as_ref().map_or(0, |session| session.account.0);
    format!("{account} {secret}")
}

fn view(ctx: &Ctx, setup: second_factor::Setup, form: Form) -> domain::Result<SecondFactorView> {
    let required = ctx.actor.grants.iter().any(|grant| grant.role.needs_second_factor());
    Ok(SecondFactorView { qr: qr(&setup.url)?, secret: setup.secret, required, form })
}

/// A QR code as SVG, dark on light in every mode, as cameras want it.
pub(crate) fn qr(text: &str) -> domain::Result<String> {
    use qrcode::render::svg::Color;
    let code = qrcode::QrCode::new(text).map_err(Error::internal)?;
    let mut svg = code.render::<Color<'_>>();
    let svg = svg.min_dimensions(220, 220).dark_color(Color("#000000")).light_color(Color("#ffffff")).build();
    Ok(svg.split_once("?>").map_or(svg.clone(), |(_, rest)| rest.to_owned()))
}
