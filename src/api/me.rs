//! `GET /me`, `POST /me/totp`.

use domain::access::second_factor;
use domain::access::sessions::SessionKind;
use domain::{Db, PersonId, community};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Body;
use crate::ctx::{Ctx, Reply};
use crate::pages::account::second_factor as page;

/// Who asks.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Me {
    /// What they are called.
    name: String,
    /// `zh` or `en`.
    language: &'static str,
    /// The roles held, per community.
    roles: Vec<Held>,
    /// The homes they are tied to.
    homes: Vec<Tied>,
}

/// A role in a community.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Held {
    /// The community's code; none for an admin of the installation.
    community: Option<String>,
    /// The role.
    role: &'static str,
}

/// A home that somebody is tied to.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Tied {
    /// The home's code.
    code: String,
    /// The community's code.
    community: String,
    /// How: `owner`, `tenant`, `family`, `shop`.
    kind: String,
}

/// `GET /me`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    let person = ctx.signed_in()?.person;
    let language = ctx.lang.code();
    let me = ctx
        .read(move |db, actor, now| {
            let mut roles = Vec::new();
            for grant in &actor.grants {
                let community = if grant.community.0 == 0 {
                    None
                } else {
                    Some(community::by_id(db, grant.community)?.code)
                };
                roles.push(Held { community, role: grant.role.as_str() });
            }
            let homes = homes(db, person, now)?;
            Ok(Me { name: actor.name.clone(), language, roles, homes })
        })
        .await?;
    ctx.json(200, &me)
}

fn homes(db: &mut Db, person: PersonId, now: domain::Instant) -> domain::Result<Vec<Tied>> {
    let ties = domain::access::homes::of(db, person, now)?;
    let tied =
        |tie: domain::access::homes::Tie| Tied { code: tie.code, community: tie.community, kind: tie.kind };
    Ok(ties.into_iter().map(tied).collect())
}

/// A second factor that is set up.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Totp {
    /// The secret that an earlier call without a code gave.
    secret: Option<String>,
    /// A code made from it.
    code: Option<String>,
}

/// How far the set-up is.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TotpState {
    /// Whether the second factor is set up now.
    enrolled: bool,
    /// The secret in base 32, before.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// The address that an app's QR code holds, before.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// The token of the session that has shown the factor; every earlier session has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

/// `POST /me/totp`
pub(crate) async fn totp(ctx: Ctx, body: Body<Totp>) -> Reply {
    let account = ctx.signed_in()?.account;
    if ctx.read(move |db, _, _| second_factor::is_enrolled(db, account)).await? {
        return Err(domain::Error::refused("second_factor.enrolled", vec![]).into());
    }
    let state = match (body.value.secret, body.value.code) {
        (Some(secret), Some(code)) => {
            let token = page::step_up(&ctx, secret, code, SessionKind::Bearer).await?;
            TotpState { enrolled: true, secret: None, url: None, token: Some(token) }
        }
        (None, None) => {
            let setup = second_factor::set_up(&page::login(&ctx).await?, &page::issuer(&ctx))?;
            TotpState { enrolled: false, secret: Some(setup.secret), url: Some(setup.url), token: None }
        }
        (secret, _) => {
            let missing = if secret.is_none() { "secret" } else { "code" };
            return Err(domain::Error::field(missing, "required").into());
        }
    };
    ctx.json(200, &state)
}
