//! An answer without words becomes a page for people, or an RFC 9457 problem document for programs.

use std::collections::BTreeMap;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::http::header::ALLOW;
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpResponse, HttpResponseBuilder};
use domain::Error;
use domain::error::Args;
use serde::Serialize;
use serde_json::json;

use crate::ctx::{Ctx, retry_after, see_other};
use crate::fail::{Fail, KINDS};
use crate::views::errors::ErrorView;

/// Puts words into an answer that failed without any.
pub(super) fn in_words(answered: ServiceResponse<BoxBody>, ctx: &Ctx) -> ServiceResponse<BoxBody> {
    let status = answered.status();
    if !(status.is_client_error() || status.is_server_error()) || has_body(&answered) {
        return answered;
    }
    let fail = answered.response().error().and_then(|error| error.as_error::<Fail>());
    let mut words = match fail {
        Some(fail) => of_fail(fail, ctx, answered.request().method()),
        None => plain(status, ctx),
    };
    // What an address takes instead, where it was asked with another method.
    if let Some(allow) = answered.headers().get(ALLOW) {
        words.headers_mut().insert(ALLOW, allow.clone());
    }
    let (req, _) = answered.into_parts();
    ServiceResponse::new(req, words)
}

fn has_body(answered: &ServiceResponse<BoxBody>) -> bool {
    let ours = answered.response().error().is_some_and(|error| error.as_error::<Fail>().is_some());
    let library = answered.response().error().is_some() && !ours;
    let size = answered.response().body().size();
    !ours && !library && !matches!(size, BodySize::None | BodySize::Sized(0))
}

fn of_fail(fail: &Fail, ctx: &Ctx, method: &Method) -> HttpResponse {
    log(fail, ctx);
    if let Some(elsewhere) = elsewhere(&fail.error, ctx, method) {
        return elsewhere;
    }
    let mut words =
        if ctx.api { document(fail, ctx) } else { page(fail.status(), detail(&fail.error, ctx), ctx) };
    if let Error::TooMany { retry_after_secs } = fail.error {
        retry_after(&mut words, retry_after_secs);
    }
    words
}

fn log(fail: &Fail, ctx: &Ctx) {
    match &fail.error {
        Error::Internal(cause) => {
            tracing::error!(request_id = ctx.request_id, route = ctx.route, cause = ?cause, "a fault of ours");
        }
        Error::Unavailable(cause) => {
            tracing::error!(request_id = ctx.request_id, route = ctx.route, cause = ?cause, "unavailable");
        }
        error => tracing::info!(request_id = ctx.request_id, code = error.code(), "refused"),
    }
}

/// Who has to sign in, or to set up a second factor, is led there and comes back.
fn elsewhere(error: &Error, ctx: &Ctx, method: &Method) -> Option<HttpResponse> {
    if ctx.api {
        return None;
    }
    match error {
        // A list that fetches itself has no page to show the way in: it is told so.
        Error::NotSignedIn if *method == Method::GET && !ctx.polls => {
            let next: String = form_urlencoded::byte_serialize(ctx.path.as_bytes()).collect();
            Some(see_other(&format!("/login?next={next}")))
        }
        Error::Refused(refusal) if refusal.rule == "second_factor.enrol_first" => {
            Some(see_other("/account/second-factor"))
        }
        _ => None,
    }
}

fn plain(status: StatusCode, ctx: &Ctx) -> HttpResponse {
    if !ctx.api {
        return page(status, None, ctx);
    }
    let kind = kind(status);
    problem(status, kind, ctx.say(&format!("errors.{kind}.text"), &[]), Vec::new(), None, ctx)
}

fn kind(status: StatusCode) -> &'static str {
    let known = KINDS.iter().find(|(code, _)| *code == status.as_u16()).map(|(_, kind)| *kind);
    known.unwrap_or(if status.is_server_error() { "internal" } else { "bad_request" })
}

/// What a rule or a wrong field says, in words.
fn detail(error: &Error, ctx: &Ctx) -> Option<String> {
    match error {
        Error::Refused(refusal) => Some(ctx.say(&format!("rules.{}", refusal.rule), &pairs(&refusal.args))),
        Error::Invalid(fields) => {
            let says =
                |field: &domain::FieldError| ctx.say(&format!("fields.{}", field.code), &pairs(&field.args));
            Some(fields.iter().map(says).collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty())
        }
        Error::Conflict(conflict) => Some(ctx.say("errors.conflict.now", &[("state", &conflict.state)])),
        Error::TooMany { retry_after_secs } => {
            Some(ctx.say("errors.too_many.wait", &[("seconds", &retry_after_secs.to_string())]))
        }
        _ => None,
    }
}

fn pairs(args: &Args) -> Vec<(&str, &str)> {
    args.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

fn page(status: StatusCode, detail: Option<String>, ctx: &Ctx) -> HttpResponse {
    let kind = match kind(status) {
        "invalid" if detail.is_some() => "refused",
        kind => kind,
    };
    let view = ErrorView { status: status.as_u16(), kind, detail, reference: ctx.request_id.clone() };
    match ctx.page(&view) {
        Ok(mut page) => {
            *page.status_mut() = status;
            page
        }
        Err(fail) => {
            tracing::error!(request_id = ctx.request_id, cause = ?fail.error, "an error page failed");
            HttpResponseBuilder::new(status)
                .content_type("text/plain; charset=utf-8")
                .body(ctx.request_id.clone())
        }
    }
}

/// One wrong field of a problem document.
#[derive(Debug, Serialize)]
struct Wrong {
    field: String,
    code: &'static str,
    detail: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    args: BTreeMap<&'static str, String>,
}

fn document(fail: &Fail, ctx: &Ctx) -> HttpResponse {
    let status = fail.status();
    let said = detail(&fail.error, ctx);
    let text = said.unwrap_or_else(|| ctx.say(&format!("errors.{}.text", kind(status)), &[]));
    let wrong = match &fail.error {
        Error::Invalid(fields) => fields.iter().map(|field| wrong(field, ctx)).collect(),
        _ => Vec::new(),
    };
    let present = match &fail.error {
        Error::Conflict(now) => Some(json!({"what": now.what, "state": now.state, "version": now.version})),
        _ => None,
    };
    problem(status, fail.error.code(), text, wrong, present, ctx)
}

fn wrong(field: &domain::FieldError, ctx: &Ctx) -> Wrong {
    Wrong {
        field: field.field.clone(),
        code: field.code,
        detail: ctx.say(&format!("fields.{}", field.code), &pairs(&field.args)),
        args: field.args.iter().cloned().collect(),
    }
}

fn problem(
    status: StatusCode,
    code: &str,
    detail: String,
    errors: Vec<Wrong>,
    present: Option<serde_json::Value>,
    ctx: &Ctx,
) -> HttpResponse {
    let title = ctx.say(&format!("errors.{}.title", kind(status)), &[]);
    let mut body = json!({
        "type": "about:blank",
        "title": title,
        "status": status.as_u16(),
        "code": code,
        "detail": detail,
        "reference": ctx.request_id,
    });
    if let Some(map) = body.as_object_mut() {
        if !errors.is_empty() {
            map.insert("errors".to_owned(), json!(errors));
        }
        if let Some(present) = present {
            map.insert("present".to_owned(), present);
        }
    }
    HttpResponseBuilder::new(status).content_type("application/problem+json").body(body.to_string())
}
