//! `POST /sessions`, `DELETE /sessions/current`: programs sign in and out.

use actix_web::HttpResponse;
use domain::Instant;
use domain::access::sessions::{self, SessionKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Body;
use crate::ctx::{Ctx, Reply};
use crate::pages::access::{login, start};

/// Who signs in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSession {
    /// A phone, a mail address or a chosen name.
    login: String,
    /// The password.
    password: String,
    /// The code of the second factor, where there is one.
    code: Option<String>,
    /// The community's code, where the login is known in several.
    community: Option<String>,
}

/// A session.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Started {
    /// Send it as `Authorization: Bearer`.
    token: String,
    /// When it ends, whatever happens.
    #[schemars(with = "String")]
    expires_at: Instant,
    /// The roles held.
    roles: Vec<&'static str>,
    /// Whether `POST /me/totp` has to come before anything else.
    second_factor_owed: bool,
}

/// `POST /sessions`
pub(crate) async fn create(ctx: Ctx, body: Body<NewSession>) -> Reply {
    let NewSession { login, password, code, community } = body.value;
    let attempt = login::attempt(&ctx, login, community, SessionKind::Bearer);
    let who = login::right_one(&ctx, &attempt, password).await?;
    let started = start(&ctx, attempt, (who.account, who.person), code).await?;
    let mut roles: Vec<_> = started.actor.grants.iter().map(|grant| grant.role).collect();
    roles.sort_unstable();
    roles.dedup();
    let owed = roles.iter().any(|role| role.needs_second_factor()) && !started.second_factor;
    let roles = roles.into_iter().map(domain::access::Role::as_str).collect();
    let answer =
        Started { token: started.token, expires_at: started.expires_at, roles, second_factor_owed: owed };
    ctx.json(201, &answer)
}

/// `DELETE /sessions/current`
pub(crate) async fn end(ctx: Ctx) -> Reply {
    let session = ctx.signed_in()?.clone();
    let real_now = ctx.real_now();
    ctx.write(move |tx, _, _| sessions::end(tx, session.account, session.id, real_now)).await?;
    Ok(HttpResponse::NoContent().finish())
}
