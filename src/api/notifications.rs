//! `GET /notifications`: what I was told, newest first.

use actix_web::web::Query;
use domain::notifications::{self, Notification};
use domain::{Error, NotificationId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Items, List};
use crate::ctx::{Ctx, Reply};
use crate::views::notice;

/// Which part.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    #[schemars(range(min = 1, max = 200))]
    limit: Option<i64>,
    cursor: Option<String>,
}

/// What I was told, in my language.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct NotificationJson {
    id: i64,
    /// What it is about, such as `reminder.day3`; its words may change, this does not.
    code: String,
    subject: String,
    text: String,
    /// The page that it leads to.
    link: Option<String>,
    at: String,
    read_at: Option<String>,
}

/// `GET /notifications?limit&cursor`
pub(crate) async fn list(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let person = ctx.actor.person.ok_or(Error::NotSignedIn)?;
    let asked = asked.into_inner();
    let part = List { community: None, limit: asked.limit, cursor: asked.cursor };
    let (limit, before) = (part.limit()?, part.after()?.map(NotificationId));
    let told = ctx.read(move |db, _, _| notifications::of_person(db, person, before, limit + 1)).await?;
    let told = told.into_iter().map(|one| json(&ctx, one)).collect::<domain::Result<Vec<_>>>()?;
    ctx.json(200, &Items::of(told, limit, |one| one.id))
}

fn json(ctx: &Ctx, one: Notification) -> domain::Result<NotificationJson> {
    let (texts, args) = (ctx.app.views.texts(ctx.lang), one.args()?);
    Ok(NotificationJson {
        id: one.id.0,
        subject: notice::subject(texts, &one.code, &args),
        text: notice::text(texts, &one.code, &args),
        code: one.code,
        link: one.link,
        at: one.created_at.to_string(),
        read_at: one.read_at.map(|at| at.to_string()),
    })
}
