//! What stands before every handler: the frame with its headers and log line, the session, the route's
//! access, and the checks against forged requests.

use actix_web::HttpMessage;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;

pub(crate) mod cookies;
pub(crate) mod cross_site;
mod frame;
mod headers;
mod problem;
mod session;

use domain::Error;
use domain::access::policy;

use crate::ctx::Ctx;
use crate::fail::Fail;
use crate::routes::Access;

pub(crate) use frame::frame;

/// Lets a request through to its handler, or not: every route passes here with its access.
pub(crate) async fn admit(
    access: Access,
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let checked = Ctx::of(req.request()).and_then(|ctx| {
        if access != Access::Provider {
            cross_site::check(&req, &ctx)?;
        }
        without_nul(&req)?;
        Ok(allow(access, &ctx)?)
    });
    match checked {
        Ok(()) => Ok(next.call(req).await?.map_into_boxed_body()),
        Err(fail) => Ok(req.error_response(fail)),
    }
}

/// Refuses an address with a NUL in it, which no database keeps in a text.
fn without_nul(req: &ServiceRequest) -> domain::Result<()> {
    if req.path().contains("%00") {
        return Err(Error::NotFound);
    }
    if req.query_string().contains("%00") { Err(Error::field("query", "invalid")) } else { Ok(()) }
}

fn allow(access: Access, ctx: &Ctx) -> domain::Result<()> {
    if matches!(access, Access::Public | Access::Provider) {
        return Ok(());
    }
    let session = ctx.signed_in()?;
    if access == Access::HalfSignedIn {
        return Ok(());
    }
    let owed = ctx.actor.grants.iter().any(|grant| grant.role.needs_second_factor());
    if owed && !session.second_factor {
        return Err(Error::refused("second_factor.enrol_first", vec![]));
    }
    match access {
        Access::Can(action) if !ctx.actor.grants.iter().any(|g| policy::ever(action, g.role)) => {
            Err(Error::NotAllowed)
        }
        _ => Ok(()),
    }
}

/// Puts the context of a request where its handler finds it.
fn keep(req: &ServiceRequest, ctx: Ctx) {
    req.extensions_mut().insert(ctx);
}

impl From<Fail> for domain::Error {
    fn from(fail: Fail) -> Self {
        fail.error
    }
}
