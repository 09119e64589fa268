//! `/login/code`: the second step of who has a second factor. Between the steps a sealed cookie says whose
//! password was right, for five minutes.

use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse};
use domain::access::login::{self, Attempt};
use domain::access::sessions::SessionKind;
use domain::access::{Door, throttle};
use domain::{AccountId, Error, Instant, PersonId};

use super::login::{Next, attempt};
use super::{enter, set, start};
use crate::ctx::{Ctx, Reply, see_other};
use crate::form::{Form, Posted};
use crate::guard::cookies;
use crate::pages::own_address;
use crate::views::access::CodeView;

const PURPOSE: &str = "half";
const VALID_MICROS: i64 = 5 * 60 * 1_000_000;

/// Whether a second factor is owed, and nothing else is wrong.
pub(super) fn is_owed(error: &Error) -> bool {
    matches!(error, Error::Invalid(fields) if fields.iter().any(|field| field.code == "second_factor_needed"))
}

/// Leads to the second step.
pub(super) fn ask(
    ctx: &Ctx,
    attempt: &Attempt,
    (account, person): (AccountId, PersonId),
    next: Option<&str>,
) -> domain::Result<HttpResponse> {
    let until = ctx.real_now().micros() + VALID_MICROS;
    let login: String = form_urlencoded::byte_serialize(attempt.login.as_bytes()).collect();
    let said = format!("{account} {person} {until} {login}");
    let sealed = format!("{} {said}", ctx.app.seal(PURPOSE, &said)).replace(' ', "~");
    let next: String =
        next.map(|next| form_urlencoded::byte_serialize(next.as_bytes()).collect()).unwrap_or_default();
    let mut response = see_other(&format!("/login/code?next={next}"));
    set(&mut response, &cookies::private(&ctx.app, cookies::HALF, sealed))?;
    Ok(response)
}

/// `GET /login/code`
pub(crate) async fn show(ctx: Ctx, req: HttpRequest, query: Query<Next>) -> Reply {
    if half(&ctx, &req).is_none() {
        return Ok(see_other("/login"));
    }
    ctx.page(&CodeView { form: Form::new("login.code_form"), next: query.address() })
}

/// `POST /login/code`
pub(crate) async fn submit(ctx: Ctx, req: HttpRequest, posted: Posted) -> Reply {
    let Some((who, login)) = half(&ctx, &req) else { return Ok(see_other("/login")) };
    let mut form = posted.form("login.code_form");
    let next = form.maybe("next", 500).flatten().as_deref().and_then(own_address);
    let code = form.secret("code");
    let done = match form.done(code) {
        Ok(code) => {
            check(&ctx, attempt(&ctx, login, None, SessionKind::Cookie), who, code, next.as_deref()).await
        }
        Err(error) => Err(error),
    };
    ctx.outcome(done, form, |form| CodeView { form, next })
}

async fn check(
    ctx: &Ctx,
    attempt: Attempt,
    who: (AccountId, PersonId),
    code: String,
    next: Option<&str>,
) -> domain::Result<HttpResponse> {
    let (counted, real_now) = (attempt.clone(), ctx.real_now());
    let count = move |tx: &mut domain::Db| {
        throttle::count(tx, Door::Login, &login::fold(&counted.login), &counted.address, real_now)
    };
    ctx.write(move |tx, _, _| count(tx)).await?;
    let started = start(ctx, attempt, who, Some(code)).await?;
    enter(ctx, started, next)
}

/// Whose password was right a moment ago, and what they typed as their login.
fn half(ctx: &Ctx, req: &HttpRequest) -> Option<((AccountId, PersonId), String)> {
    let cookie = req.cookie(cookies::HALF)?;
    let (seal, said) = cookie.value().split_once('~')?;
    let said = said.replace('~', " ");
    if !ctx.app.is_sealed(PURPOSE, &said, seal) {
        return None;
    }
    let mut parts = said.split(' ');
    let account: AccountId = parts.next()?.parse().ok()?;
    let person: PersonId = parts.next()?.parse().ok()?;
    let until = Instant::from_micros(parts.next()?.parse().ok()?)?;
    let login = form_urlencoded::parse(parts.next()?.as_bytes()).next()?.0.into_owned();
    (until > ctx.real_now()).then_some(((account, person), login))
}
