//! `GET /`: the first page after signing in.

use crate::ctx::{Ctx, Reply};
use crate::views::access::HomeView;

pub(crate) async fn show(ctx: Ctx) -> Reply {
    ctx.page(&HomeView { roles: ctx.roles().into_iter().map(domain::access::Role::as_str).collect() })
}
