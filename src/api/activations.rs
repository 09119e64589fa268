//! `POST /activations`: a code from the desk, and a password.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Body;
use crate::ctx::{Ctx, Reply};
use crate::pages::access::activate::{Wish, redeem as use_code};

/// A code that is used.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Redeem {
    /// The code from the letter.
    code: String,
    /// The password to have from now on.
    password: String,
    /// What to sign in with; else the phone or the mail address of the register.
    login: Option<String>,
}

/// An account that can be signed in to.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Activated {
    /// What to sign in with.
    login: String,
}

/// `POST /activations`
pub(crate) async fn redeem(ctx: Ctx, body: Body<Redeem>) -> Reply {
    let Redeem { code, password, login } = body.value;
    let (_, _, login) = use_code(&ctx, Wish { code, login, password }).await?;
    ctx.json(201, &Activated { login })
}
