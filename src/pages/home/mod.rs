//! `GET /`: residents find what is owed and under way; staff are led to the first page of their role.

mod resident;
mod staff;

use actix_web::web::Query;
use domain::access::Role;
use serde::Deserialize;

use crate::ctx::{Ctx, Reply, see_other};
use crate::views::nav;

/// Which home to show; given at all, it asks for the residents' page.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    home: Option<String>,
}

/// `GET /`
pub(crate) async fn show(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let roles = ctx.roles();
    let lives_here = roles.contains(&Role::Resident);
    let first = nav::first_page(&roles).filter(|_| !(lives_here && asked.home.is_some()));
    match first {
        Some(page) => Ok(see_other(page)),
        None if lives_here => resident::show(&ctx, asked.into_inner().home).await,
        None => staff::show(&ctx).await,
    }
}
