//! What providers tell of payments. Nobody signs in here: the provider's signature over the raw bytes is what counts,
//! and a forged request from a page of another site bears none.

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use channels::{Answer, Channel, Fault, Notice, Told};
use chrono::DateTime;
use domain::pay_orders::{self, rules};
use domain::{Error, Instant};

use crate::ctx::{Ctx, Reply};
use crate::form::limited;

/// The most bytes of a notification; they have a few thousand.
const MOST: usize = 64 * 1024;

/// `POST /channels/wechat/notifications`
pub(crate) async fn wechat(ctx: Ctx, req: HttpRequest, body: web::Payload) -> Reply {
    told(&ctx, rules::Channel::WeChat, &req, body.into_inner()).await
}

/// `POST /channels/alipay/notifications`
pub(crate) async fn alipay(ctx: Ctx, req: HttpRequest, body: web::Payload) -> Reply {
    told(&ctx, rules::Channel::Alipay, &req, body.into_inner()).await
}

async fn told(ctx: &Ctx, code: rules::Channel, req: &HttpRequest, body: Payload) -> Reply {
    let Some(channel) = ctx.app.channels.get(code.as_str()) else { return Err(Error::NotFound.into()) };
    let body = limited(body, MOST).await?;
    let header = |name: &str| req.headers().get(name)?.to_str().ok().map(str::to_owned);
    let notice = Notice { header: &header, body: &body, at: moment(ctx.real_now())? };
    Ok(match channel.read(&notice) {
        Ok(Told::Nothing) => answered(&channel.thanks()),
        Ok(Told::Paid(paid)) => {
            let said = jobs::pay_orders::heard(code, paid);
            let kept = ctx.write(move |tx, _, now| pay_orders::heard(tx, now, &said)).await;
            kept_or_again(ctx, channel, kept)
        }
        Err(fault) => not_believed(ctx, channel, &fault),
    })
}

/// Thanked for only what is in the database: what is not, the provider tells again.
fn kept_or_again(ctx: &Ctx, channel: &dyn Channel, kept: domain::Result<pay_orders::Kept>) -> HttpResponse {
    match kept {
        Ok(kept) => {
            tracing::info!(request_id = ctx.request_id, channel = channel.code(), ?kept, "told of a payment");
            answered(&channel.thanks())
        }
        Err(error) => {
            tracing::error!(request_id = ctx.request_id, channel = channel.code(), %error, "a payment was not kept");
            answered(&channel.again())
        }
    }
}

fn not_believed(ctx: &Ctx, channel: &dyn Channel, fault: &Fault) -> HttpResponse {
    tracing::warn!(request_id = ctx.request_id, channel = channel.code(), %fault, "a notification was not believed");
    answered(&channel.again())
}

fn answered(answer: &Answer) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    if answer.media.is_empty() {
        response.finish()
    } else {
        response.content_type(answer.media).body(answer.body)
    }
}

fn moment(at: Instant) -> domain::Result<DateTime<chrono::Utc>> {
    DateTime::from_timestamp_micros(at.micros()).ok_or_else(|| Error::internal("a moment out of range"))
}
