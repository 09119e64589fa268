//! The outermost layer: who asks, what it took, the headers of every answer, and errors said in words.

use std::time::Instant as Stopwatch;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::{headers, keep, problem, session};
use crate::app::App;
use crate::ctx::Ctx;
use crate::fail::Fail;

/// Wraps every request.
pub(crate) async fn frame(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Stopwatch::now();
    let Some(app) = req.app_data::<Data<App>>().cloned() else {
        return Ok(req.into_response(HttpResponse::InternalServerError().finish()));
    };
    let Ok(mut ctx) = session::nobody(req.request(), &app) else {
        return Ok(req.into_response(HttpResponse::InternalServerError().finish()));
    };
    let known =
        if is_impersonal(req.path()) { Ok(()) } else { session::resolve(req.request(), &mut ctx).await };
    keep(&req, ctx.clone());
    let answered = match known {
        Ok(()) => next.call(req).await?.map_into_boxed_body(),
        Err(error) => req.error_response(Fail::from(error)),
    };
    let mut answered = problem::in_words(answered, &ctx);
    headers::add(answered.headers_mut(), &ctx.nonce, app.config.web.hsts, &ctx.request_id);
    log(&answered, &ctx, started);
    Ok(answered)
}

/// What is the same for everybody and asks no database.
fn is_impersonal(path: &str) -> bool {
    path.starts_with("/static/") || path == "/healthz" || path == "/readyz"
}

fn log(answered: &ServiceResponse<BoxBody>, ctx: &Ctx, started: Stopwatch) {
    let took = started.elapsed();
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let pattern = answered.request().match_pattern();
    let route = pattern.as_deref().unwrap_or("-");
    let (method, status) = (answered.request().method(), answered.status().as_u16());
    ctx.app.requests.saw(method.as_str(), route, status, took);
    tracing::info!(
        request_id = ctx.request_id,
        %method,
        route,
        object = object(answered.request()),
        status,
        micros,
        person = ctx.actor.person.map(|person| person.0),
        "answered"
    );
}

/// What a request is about, as its path names it: a case, a receipt, a home. Logins stay out, as a phone number
/// can be one.
fn object(req: &HttpRequest) -> String {
    const NAMES: [&str; 4] = ["number", "id", "code", "home"];
    let named = req.match_info().iter().filter(|(name, _)| NAMES.contains(name));
    let values: Vec<String> = named.map(|(_, value)| value.chars().take(40).collect()).collect();
    values.join("/")
}
