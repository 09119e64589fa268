//! `/settings/holidays`: the public holidays and make-up days of a year, which a manager enters as they are
//! announced.

use actix_web::web::Query;
use chrono::Datelike;
use domain::calendar::{self, Day};
use domain::{CommunityId, LocalDate};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::settings::holidays::HolidaysView;

/// Which year's.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    year: Option<i32>,
}

/// `GET /settings/holidays`: of this year, or of the one that is asked for.
pub(crate) async fn show(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let view = view(&ctx, asked.year, Form::new("holidays.form")).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, year: Option<i32>, form: Form) -> domain::Result<HolidaysView> {
    let community = ctx.community()?;
    let (id, this_year) = (community.id, community.today(ctx.now)?.year());
    let year = year.unwrap_or(this_year).clamp(2000, 2100);
    let (days, missing) = ctx
        .read(move |db, actor, now| {
            let days = calendar::of_year(db, actor, now, id, year)?;
            Ok((days, calendar::missing(db, id, now)?))
        })
        .await?;
    Ok(HolidaysView { year, days, ships: calendar::shipped(year).is_some(), missing, form })
}

/// `POST /settings/holidays`: enters a day, or changes it.
pub(crate) async fn enter(ctx: Ctx, posted: Posted) -> Reply {
    let mut form = posted.form("holidays.form");
    let (day, kind, name) = (form.date("day"), form.choice("kind"), form.text("name", 40));
    let read = day.zip(kind).zip(name).map(|((day, kind), name)| Day { day, kind, name });
    answer(ctx, form, read, |tx, actor, now, community, day| {
        calendar::put(tx, actor, now, community, day)?;
        Ok(day.day.year())
    })
    .await
}

/// `POST /settings/holidays/remove`: a day follows the weekly rule again.
pub(crate) async fn remove(ctx: Ctx, posted: Posted) -> Reply {
    let mut form = posted.form("holidays.form");
    let read: Option<LocalDate> = form.date("day");
    answer(ctx, form, read, |tx, actor, now, community, day| {
        calendar::remove(tx, actor, now, community, *day)?;
        Ok(day.year())
    })
    .await
}

/// `POST /settings/holidays/fill`: enters the year as it ships.
pub(crate) async fn fill(ctx: Ctx, posted: Posted) -> Reply {
    let mut form = posted.form("holidays.form");
    let read = form.number("year", 2000, 2100).and_then(|year| i32::try_from(year).ok());
    answer(ctx, form, read, |tx, actor, now, community, year| {
        calendar::fill(tx, actor, now, community, *year)?;
        Ok(*year)
    })
    .await
}

async fn answer<T: Send + 'static>(
    ctx: Ctx,
    mut form: Form,
    read: Option<T>,
    work: fn(
        &mut domain::Db,
        &domain::access::Actor,
        domain::Instant,
        CommunityId,
        &T,
    ) -> domain::Result<i32>,
) -> Reply {
    let community = ctx.community()?.id;
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, input| {
            let year = work(tx, actor, now, community, input)?;
            Ok(format!("/settings/holidays?year={year}&done=saved"))
        })
        .await;
    let year = form.value("day").and_then(|day| day.get(..4)).and_then(|year| year.parse().ok());
    let page = view(&ctx, year, Form::new("holidays.form")).await?;
    ctx.outcome(done, form, |form| HolidaysView { form, ..page })
}
