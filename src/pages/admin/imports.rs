//! `/admin/communities/{code}/imports`: registers of a community, as its manager imports them.

use actix_web::web::{Path, Query};
use domain::access::{Action, Object, allow};
use domain::community::{self, Community};

use crate::ctx::{Ctx, Reply};
use crate::form::Posted;
use crate::pages::register::imports::{self, Asked, Place};

/// `GET /admin/communities/{code}/imports`
pub(crate) async fn list(ctx: Ctx, code: Path<String>, asked: Query<Asked>) -> Reply {
    let place = place(&ctx, code.into_inner()).await?;
    imports::list_of(ctx, place, &asked).await
}

/// `POST /admin/communities/{code}/imports`
pub(crate) async fn submit(ctx: Ctx, code: Path<String>, posted: Posted) -> Reply {
    let place = place(&ctx, code.into_inner()).await?;
    imports::submit_to(ctx, place, posted).await
}

async fn place(ctx: &Ctx, code: String) -> domain::Result<Place> {
    let community = ctx
        .read(move |db, actor, now| {
            allow(db, actor, now, Action::Administer, Object::Installation)?;
            community::by_code(db, &code)
        })
        .await?;
    let address = address(&community);
    Ok(Place { community, address })
}

/// Where the registers of a community are.
pub(crate) fn address(community: &Community) -> String {
    format!("/admin/communities/{}/imports", community.code)
}
