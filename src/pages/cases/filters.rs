//! `/cases/filters`: the reader's own filters of the queue, saved under a name and taken away.

use actix_web::web::Path;
use domain::saved_filters;

use super::list::{self, Asked};
use super::wanted::{Said, Wanted};
use crate::ctx::{Ctx, Reply};
use crate::form::Posted;
use crate::views::cases::CasesView;

/// `POST /cases/filters`
pub(crate) async fn save(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form(list::WORDS);
    let name = form.text("name", 30);
    let [kind, urgency, mine, late, sort] =
        ["kind", "urgency", "mine", "late", "sort"].map(|field| form.maybe(field, 20).flatten());
    let said = Said {
        kind: kind.as_deref(),
        urgency: urgency.as_deref(),
        mine: mine.as_deref(),
        late: late.as_deref(),
        sort: sort.as_deref(),
    };
    let query = Wanted::read(&said)?.query();
    let kept = query.clone();
    let done = ctx
        .submit(&mut form, name, move |tx, actor, now, name| {
            saved_filters::save(tx, actor, now, community, (name, &query))?;
            Ok(format!("/cases?{query}&done=filter_saved"))
        })
        .await;
    let page = list::view(&ctx, Asked::of_query(&kept)).await?;
    ctx.outcome(done, form, |form| CasesView { form, ..page })
}

/// `POST /cases/filters/{id}/remove`
pub(crate) async fn remove(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let (community, id) = (ctx.community()?.id, *id);
    let mut form = posted.form(list::WORDS);
    let done = ctx
        .submit(&mut form, Some(()), move |tx, actor, _, ()| {
            saved_filters::remove(tx, actor, community, id)?;
            Ok("/cases?done=filter_removed".to_owned())
        })
        .await;
    Ok(done?)
}
