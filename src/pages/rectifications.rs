//! `/rectifications`: notices 整改通知 for steps that were late, and what was said to them.

use std::collections::BTreeMap;

use actix_web::web::Path;
use domain::cases::{self, Case, Kind};
use domain::rectifications::{self, Notice};
use domain::{PersonId, audit};

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::pages::cases::word;
use crate::views::complaints::{NoticeRow, NoticeView, NoticesView};

const WORDS: &str = "rectifications.form";

/// A notice with its case.
type Found = (Notice, Case);

fn row(ctx: &Ctx, (notice, case): &Found, names: &BTreeMap<PersonId, String>) -> NoticeRow {
    NoticeRow {
        id: notice.id,
        number: case.number().to_owned(),
        clock: word(ctx, clocks(case.kind), &notice.clock),
        who: names.get(&notice.owed_by).cloned().unwrap_or_default(),
        due_at: notice.due_at,
        late: notice.answered_at.is_none() && notice.due_at < ctx.now,
        answered_at: notice.answered_at,
    }
}

/// The list of words that a kind's clocks are called by.
fn clocks(kind: Kind) -> &'static str {
    match kind {
        Kind::Complaint => "complaint_clock",
        Kind::Enquiry => "enquiry_clock",
        _ => "clock",
    }
}

/// `GET /rectifications`
pub(crate) async fn list(ctx: Ctx) -> Reply {
    let community = ctx.community()?.id;
    let (found, names) = ctx
        .read(move |db, actor, _| {
            let notices = rectifications::list(db, actor, community)?;
            let names = audit::names(db, &notices.iter().map(|one| one.owed_by).collect::<Vec<_>>())?;
            let mut found: Vec<Found> = Vec::new();
            for notice in notices {
                let case = cases::by_id(db, notice.case_id)?;
                found.push((notice, case));
            }
            Ok((found, names))
        })
        .await?;
    ctx.page(&NoticesView { rows: found.iter().map(|one| row(&ctx, one, &names)).collect() })
}

/// `GET /rectifications/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<i64>) -> Reply {
    let view = view(&ctx, *id).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, id: i64) -> domain::Result<NoticeView> {
    let community = ctx.community()?.id;
    let (found, names) = ctx
        .read(move |db, actor, _| {
            let notice = rectifications::read(db, actor, community, id)?;
            let case = cases::by_id(db, notice.case_id)?;
            let names = audit::names(db, &[notice.owed_by])?;
            Ok(((notice, case), names))
        })
        .await?;
    let (notice, case) = &found;
    Ok(NoticeView {
        category: case.category.clone(),
        issued_at: notice.issued_at,
        reason: notice.reason.clone(),
        measures: notice.measures.clone(),
        answers: notice.answered_at.is_none() && ctx.actor.person == Some(notice.owed_by),
        row: row(ctx, &found, &names),
        form: Form::new(WORDS),
    })
}

/// `POST /rectifications/{id}`
pub(crate) async fn submit(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let (community, id) = (ctx.community()?.id, *id);
    let mut form = posted.form(WORDS);
    let (reason, measures) = (form.text("reason", 1_000), form.text("measures", 1_000));
    let done = ctx
        .submit(&mut form, reason.zip(measures), move |tx, actor, now, (reason, measures)| {
            rectifications::answer(tx, actor, now, (community, id), (reason, measures))?;
            Ok(format!("/rectifications/{id}?done=rectified"))
        })
        .await;
    let page = view(&ctx, id).await?;
    ctx.outcome(done, form, |form| NoticeView { form, ..page })
}
