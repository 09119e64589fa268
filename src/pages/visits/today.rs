//! `/today`: what a steward owes today in walking order, the quota, whom to visit next.

use domain::visits::{self, quota};
use domain::{Error, Month};

use crate::ctx::{Ctx, Reply};
use crate::views::visits::{DueRow, Ring, TodayView};

/// `GET /today`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    let community = ctx.community()?.clone();
    let view = ctx
        .read(move |db, actor, now| {
            let person = actor.person.ok_or(Error::NotSignedIn)?;
            let today = community.today(now)?;
            let figure = match quota::of(db, actor, now, (community.id, person), Month::of(today)) {
                Ok(figure) => Some(figure),
                // Who is no steward has a day, but no quota.
                Err(Error::NotFound | Error::NotAllowed) => None,
                Err(error) => return Err(error),
            };
            let due = visits::due_today(db, community.id, person, now)?;
            let next = visits::next_visits(db, community.id, person, now, 12)?;
            let coverage = visits::coverage(db, community.id, person, now)?;
            Ok(TodayView {
                today,
                ring: figure.as_ref().map(Ring::from),
                due: due.iter().map(|one| DueRow::of(one, now)).collect(),
                next: next.into_iter().map(Into::into).collect(),
                unvisited: coverage.unvisited,
                months: coverage.months,
                takes: coverage.takes,
            })
        })
        .await?;
    ctx.page(&view)
}
