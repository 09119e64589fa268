//! `/today`: what a steward owes today in walking order, the quota, whom to visit next.

use domain::visits::{self, quota};
use domain::{Error, Month};

use crate::ctx::{Ctx, Reply};
use crate::views::visits::{Ring, StopRow, TodayView};

/// The most households that are proposed: a plan has no more.
const MOST: usize = 40;

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
            let mut next = visits::next_visits(db, community.id, person, now, MOST)?;
            let stops = visits::walk(db, (community.id, person), &next, now)?;
            next.retain(|one| one.day != Some(today));
            let coverage = visits::coverage(db, community.id, person, now)?;
            Ok(TodayView {
                today,
                ring: figure.as_ref().map(Ring::from),
                done: stops.iter().filter(|stop| stop.is_done()).count(),
                stops: stops.iter().map(|stop| StopRow::of(stop, now)).collect(),
                next: next.into_iter().map(Into::into).collect(),
                unvisited: coverage.unvisited,
                months: coverage.months,
                takes: coverage.takes,
            })
        })
        .await?;
    ctx.page(&view)
}
