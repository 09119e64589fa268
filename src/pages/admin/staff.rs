//! `/admin/staff/{person}`: how one who works for a community gets in, and what helps who cannot.

use actix_web::web::Path;
use domain::access::{Actor, activation, ways_in};
use domain::{Db, Instant, PersonId, community};

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::pages::register::people;
use crate::views::admin::communities::WorkerRow;
use crate::views::admin::staff::{SessionRow, WorkerView};

const FORM: &str = "admin.form";

/// `GET /admin/staff/{person}`
pub(crate) async fn show(ctx: Ctx, person: Path<PersonId>) -> Reply {
    let view = view(&ctx, *person, Form::new(FORM)).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, person: PersonId, form: Form) -> domain::Result<WorkerView> {
    let real_now = ctx.real_now();
    let (page, community) = ctx
        .read(move |db, actor, now| {
            let page = ways_in::worker(db, actor, (now, real_now), person)?;
            let community = community::by_id(db, page.community)?;
            Ok((page, community))
        })
        .await?;
    Ok(WorkerView {
        community: (community.code, community.name),
        worker: WorkerRow::from(page.worker),
        sessions: page.sessions.into_iter().map(SessionRow::from).collect(),
        form,
    })
}

/// `POST /admin/staff/{person}/activation`: a fresh code; an earlier one of theirs is void from now on.
pub(crate) async fn letter(ctx: Ctx, person: Path<PersonId>, posted: Posted) -> Reply {
    posted.form(FORM).done(Some(()))?;
    let (person, real_now) = (*person, ctx.real_now());
    let (name, made) = ctx
        .write(move |tx, actor, now| {
            let page = ways_in::worker(tx, actor, (now, real_now), person)?;
            Ok((page.worker.line.name, activation::issue(tx, actor, now, person, None)?))
        })
        .await?;
    people::print_letter(&ctx, (format!("/admin/staff/{person}"), name), made)
}

/// `POST /admin/staff/{person}/end-sessions`
pub(crate) async fn end_sessions(ctx: Ctx, person: Path<PersonId>, posted: Posted) -> Reply {
    act(ctx, *person, posted, "sessions_ended", |tx, actor, times, person| {
        ways_in::end_sessions(tx, actor, times, person).map(drop)
    })
    .await
}

/// `POST /admin/staff/{person}/forget-second-factor`
pub(crate) async fn forget_second_factor(ctx: Ctx, person: Path<PersonId>, posted: Posted) -> Reply {
    act(ctx, *person, posted, "second_factor_forgotten", ways_in::forget_second_factor).await
}

type Act = fn(&mut Db, &Actor, (Instant, Instant), PersonId) -> domain::Result<()>;

async fn act(ctx: Ctx, person: PersonId, posted: Posted, done: &'static str, work: Act) -> Reply {
    let (mut form, real_now) = (posted.form(FORM), ctx.real_now());
    let acted = ctx.submit(&mut form, Some(()), move |tx, actor, now, ()| {
        work(tx, actor, (now, real_now), person)?;
        Ok(format!("/admin/staff/{person}?done={done}"))
    });
    let acted = acted.await;
    let page = view(&ctx, person, Form::new(FORM)).await?;
    ctx.outcome(acted, form, |form| WorkerView { form, ..page })
}
