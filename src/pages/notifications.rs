//! `/notifications`: what somebody was told, newest first.

use actix_web::web::Query;
use domain::notifications::{self, Notification};
use domain::{Error, NotificationId};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply, see_other};
use crate::form::{Form, Posted};
use crate::views::notice;
use crate::views::notifications::{NotificationRow, NotificationsView};

/// How many stand on a page.
const PAGE: i64 = 30;
/// From how many characters on what follows the first paragraph is folded, such as the list of what is owed.
const FOLDED: usize = 120;

/// Where the page begins.
#[derive(Debug, Deserialize)]
pub(crate) struct From {
    before: Option<i64>,
}

/// `GET /notifications`
pub(crate) async fn show(ctx: Ctx, from: Query<From>) -> Reply {
    let person = ctx.actor.person.ok_or(Error::NotSignedIn)?;
    let before = from.before.map(NotificationId);
    let told = ctx.read(move |db, _, _| notifications::of_person(db, person, before, PAGE)).await?;
    let full = i64::try_from(told.len()).is_ok_and(|count| count == PAGE);
    let next = told.last().filter(|_| full).map(|last| last.id.0);
    let rows = told.into_iter().map(|one| row(&ctx, one)).collect::<domain::Result<Vec<_>>>()?;
    let unread = rows.iter().any(|row| row.unread);
    let last = rows.first().map_or(0, |row| row.id);
    ctx.page(&NotificationsView { rows, next, unread, last, form: Form::new("notifications.form") })
}

fn row(ctx: &Ctx, one: Notification) -> domain::Result<NotificationRow> {
    let texts = ctx.app.views.texts(ctx.lang);
    let args = one.args()?;
    let whole = notice::text(texts, &one.code, &args);
    let long = whole.split_once("\n\n").filter(|(_, more)| more.chars().count() > FOLDED);
    let (text, more) = long.unwrap_or((&whole, ""));
    Ok(NotificationRow {
        id: one.id.0,
        subject: notice::subject(texts, &one.code, &args),
        text: text.to_owned(),
        more: more.to_owned(),
        link: one.link,
        at: one.created_at,
        unread: one.read_at.is_none(),
    })
}

/// `POST /notifications/read`: everything up to the newest one that was shown.
pub(crate) async fn read(ctx: Ctx, posted: Posted) -> Reply {
    let person = ctx.actor.person.ok_or(Error::NotSignedIn)?;
    let mut form = posted.form("notifications.form");
    let last = form.number("last", 0, i64::MAX);
    let last = NotificationId(form.done(last)?);
    ctx.write(move |tx, _, now| notifications::mark_read(tx, person, last, now)).await?;
    Ok(see_other("/notifications"))
}
