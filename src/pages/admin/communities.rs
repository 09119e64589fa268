//! `/admin/communities/…`: one community with who works there, and a new one.

use actix_web::web::Path;
use domain::access::ways_in;
use domain::community::{self, NewCommunity};

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::admin::communities::{CommunityView, NewCommunityView, WorkerRow};
use crate::views::admin::overview::StandingRow;

const FORM: &str = "admin.community";

/// `GET /admin/communities/{code}`
pub(crate) async fn show(ctx: Ctx, code: Path<String>) -> Reply {
    let code = code.into_inner();
    let (standing, workers) = ctx
        .read(move |db, actor, now| {
            let standing = community::standing_of(db, actor, now, &code)?;
            let workers = ways_in::workers(db, actor, now, standing.community.id)?;
            Ok((standing, workers))
        })
        .await?;
    ctx.page(&CommunityView {
        community: StandingRow::from(standing),
        staff: workers.into_iter().map(WorkerRow::from).collect(),
    })
}

/// `GET /admin/communities/new`
pub(crate) async fn new(ctx: Ctx) -> Reply {
    ctx.page(&NewCommunityView { form: Form::new(FORM).with("timezone", "Asia/Shanghai") })
}

/// `POST /admin/communities`
pub(crate) async fn create(ctx: Ctx, posted: Posted) -> Reply {
    let mut form = posted.form(FORM);
    let (code, name, timezone) = (form.text("code", 16), form.text("name", 60), form.text("timezone", 40));
    let read = code.zip(name).zip(timezone);
    let read = read.map(|((code, name), timezone)| NewCommunity { code, name, timezone });
    let done = ctx.submit(&mut form, read, |tx, actor, now, new| {
        let added = community::add(tx, actor, now, new)?;
        Ok(format!("/admin/communities/{}?done=community_added", added.code))
    });
    ctx.outcome(done.await, form, |form| NewCommunityView { form })
}
