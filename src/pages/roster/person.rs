//! `/roster/{person}`: the weekdays on which somebody rests, and the leave that is written down for them.

use actix_web::web::Path;
use domain::access::{Action, Object, allow};
use domain::roster::rules::Rest;
use domain::roster::{self, Roster};
use domain::{Error, PersonId, audit, community};

use super::{colleagues_of, leave, names};
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::roster::{LeaveRow, PersonView};

/// `GET /roster/{person}`
pub(crate) async fn show(ctx: Ctx, person: Path<i64>) -> Reply {
    let view = view(&ctx, PersonId(*person)).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, person: PersonId) -> domain::Result<PersonView> {
    let community = ctx.community()?.id;
    ctx.read(move |db, actor, now| {
        allow(db, actor, now, Action::KeepRoster, Object::Person(community, person))?;
        let today = community::by_id(db, community)?.today(now)?;
        let colleagues = colleagues_of(db, actor, now, (community, person))?;
        let rest = Roster::load(db, community, (today, today), None)?.rest(person, today);
        let plan = roster::plan(db, actor, now, community, (today, 1))?;
        let is_staff = plan.posts.iter().any(|post| post.lines.iter().any(|line| line.person == person));
        let leaves = roster::of(db, actor, now, community, person)?;
        let names = names(db, leaves.iter())?;
        let name =
            audit::names(db, &[person])?.remove(&person).filter(|_| is_staff).ok_or(Error::NotFound)?;
        Ok(PersonView {
            person,
            name,
            is_own: actor.person == Some(person),
            colleagues,
            leaves: leaves.iter().map(|leave| LeaveRow::of(leave, &names, today)).collect(),
            rest: Form::new(leave::FORM).with("since", today).with_list("weekdays", rest.days()),
            leave: Form::new(leave::FORM).with("starts_on", today).with("ends_on", today),
        })
    })
    .await
}

/// `POST /roster/{person}/rest`
pub(crate) async fn set_rest(ctx: Ctx, person: Path<i64>, posted: Posted) -> Reply {
    let (community, person) = (ctx.community()?.id, PersonId(*person));
    let mut form = posted.form(leave::FORM);
    let read = form.many::<u32>("weekdays", "choice").zip(form.date("since"));
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, (weekdays, since)| {
            let rest = Rest::of(weekdays.iter().copied());
            roster::set_rest(tx, actor, now, (community, person), (*since, rest))?;
            Ok(format!("/roster/{person}?done=saved"))
        })
        .await;
    let page = view(&ctx, person).await?;
    ctx.outcome(done, form, |rest| PersonView { rest, ..page })
}

/// `POST /roster/{person}/leave`
pub(crate) async fn grant(ctx: Ctx, person: Path<i64>, posted: Posted) -> Reply {
    let (community, person) = (ctx.community()?.id, PersonId(*person));
    let mut form = posted.form(leave::FORM);
    let new = leave::read(&mut form);
    let done = ctx
        .submit(&mut form, new, move |tx, actor, now, new| {
            roster::grant(tx, actor, now, community, person, new)?;
            Ok(format!("/roster/{person}?done=leave_granted"))
        })
        .await;
    let page = view(&ctx, person).await?;
    ctx.outcome(done, form, |leave| PersonView { leave, ..page })
}
