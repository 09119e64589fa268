//! `/meters/register`: which home has which meter; one is registered, exchanged 换表 or taken out, each with what its
//! dial said.

use actix_web::web::{Path, Query};
use domain::access::{Action, Object, allow, may};
use domain::meters::{self, Kind, Last, NewMeter, Successor, Wanted};
use domain::{CommunityId, Error, HomeId, MeterId};
use serde::Deserialize;

use super::{FORM, dial};
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::meters::register::{
    EndView, ExchangeView, ListedRow, MeterView, NewMeterView, PastRow, RegisterView,
};

/// Which meters are asked for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Asked {
    kind: Option<String>,
    building: Option<String>,
    home: Option<String>,
}

/// `GET /meters/register?kind=&building=&home=`
pub(crate) async fn list(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let (community, asked) = (ctx.community()?.id, asked.into_inner());
    let kind: Option<Kind> = asked.kind.and_then(|text| text.parse().ok());
    let home = asked.home.map(|code| code.trim().to_uppercase()).unwrap_or_default();
    let building = asked.building.unwrap_or_default();
    let view = ctx
        .read(move |db, actor, now| {
            let place = Object::Community(community);
            allow(db, actor, now, Action::ReadMeter, place)?;
            let buildings = meters::buildings(db, community)?;
            let chosen = buildings.iter().find(|code| **code == building).or(buildings.first());
            let building = chosen.cloned().unwrap_or_default();
            let wanted =
                if home.is_empty() { Wanted::Building(building.clone()) } else { Wanted::Home(home.clone()) };
            let found = meters::list(db, actor, now, community, (&wanted, kind))?;
            Ok(RegisterView {
                kind: kind.map(Kind::as_str),
                building: if home.is_empty() { building } else { String::new() },
                buildings,
                home,
                rows: found.into_iter().map(ListedRow::from).collect(),
                keeps: may(db, actor, now, Action::KeepMeters, place)?,
            })
        })
        .await?;
    ctx.page(&view)
}

/// `GET /meters/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<i64>) -> Reply {
    let id = MeterId(*id);
    let found = ctx.read(move |db, actor, now| meters::meter(db, actor, now, id)).await?;
    ctx.page(&MeterView {
        keeps: found.keeps && found.meter.removed_on.is_none(),
        readings: found.readings.into_iter().map(PastRow::from).collect(),
        row: ListedRow::of(found.meter, found.home),
    })
}

/// `GET /meters/new?home=&kind=`
pub(crate) async fn new(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let (community, asked) = (ctx.community()?.id, asked.into_inner());
    ctx.read(move |db, actor, now| allow(db, actor, now, Action::KeepMeters, Object::Community(community)))
        .await?;
    let form = Form::new(FORM)
        .with("home", asked.home.unwrap_or_default())
        .with("kind", asked.kind.unwrap_or_default())
        .with("multiplier", 1)
        .with("turns_at", "100000")
        .with("installed_on", ctx.community()?.today(ctx.now)?);
    ctx.page(&NewMeterView { form })
}

/// `POST /meters/new`
pub(crate) async fn add(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form(FORM);
    let code = form.text("home", 40);
    let read = read_new(&mut form).zip(code);
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, (new, code)| {
            let home = meters::home(tx, actor, now, community, code)?;
            let id = meters::add(tx, actor, now, community, &NewMeter { home, ..new.clone() })?;
            Ok(format!("/meters/{id}?done=meter_added"))
        })
        .await;
    ctx.outcome(done, form, |form| NewMeterView { form })
}

/// A meter as it was typed, its home still to be found.
fn read_new(form: &mut Form) -> Option<NewMeter> {
    let (kind, installed_on) = (form.choice::<Kind>("kind"), form.date("installed_on"));
    let (next, first) = (successor(form), dial(form, "first_reading"));
    let next = next?;
    Some(NewMeter {
        home: HomeId(0),
        kind: kind?,
        number: next.number,
        multiplier: next.multiplier,
        turns_at: next.turns_at,
        installed_on: installed_on?,
        first_reading: first?,
        removed_on: None,
    })
}

/// What is on a meter itself; what it says first is read beside it.
fn successor(form: &mut Form) -> Option<Successor> {
    let (number, times) = (form.text("number", 40), form.number("multiplier", 1, 100_000));
    let turns_at = dial(form, "turns_at");
    Some(Successor { number: number?, multiplier: times?, turns_at: turns_at?, first_reading: 0 })
}

fn last(form: &mut Form) -> Option<Last> {
    let (day, value, turned) = (form.date("day"), dial(form, "last"), form.ticked("turned"));
    Some(Last { day: day?, value: value?, turned })
}

/// The meter of a page that changes it.
async fn kept(ctx: &Ctx, id: MeterId) -> domain::Result<ListedRow> {
    ctx.read(move |db, actor, now| {
        let found = meters::meter(db, actor, now, id)?;
        let place: CommunityId = found.meter.community_id;
        allow(db, actor, now, Action::KeepMeters, Object::Community(place))?;
        let read = found.readings.iter().find(|one| one.state == meters::State::Good);
        let last = read.map(|one| (one.value, one.period));
        if found.meter.removed_on.is_some() {
            return Err(Error::refused("meter.gone", vec![]));
        }
        Ok(ListedRow::from(meters::Listed { meter: found.meter, home: found.home, last }))
    })
    .await
}

/// `GET /meters/{id}/exchange`
pub(crate) async fn exchange_form(ctx: Ctx, id: Path<i64>) -> Reply {
    let row = kept(&ctx, MeterId(*id)).await?;
    let form = Form::new(FORM)
        .with("day", ctx.community()?.today(ctx.now)?)
        .with("multiplier", row.multiplier)
        .with("turns_at", &row.turns_at)
        .with("first_reading", 0);
    ctx.page(&ExchangeView { row, form })
}

/// `POST /meters/{id}/exchange`
pub(crate) async fn exchange(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let id = MeterId(*id);
    let row = kept(&ctx, id).await?;
    let mut form = posted.form(FORM);
    let (last, next, first) = (last(&mut form), successor(&mut form), dial(&mut form, "first_reading"));
    let next = next.zip(first).map(|(next, first_reading)| Successor { first_reading, ..next });
    let done = ctx
        .submit(&mut form, last.zip(next), move |tx, actor, now, (last, next)| {
            let made = meters::exchange(tx, actor, now, id, (*last, next))?;
            Ok(format!("/meters/{made}?done=meter_exchanged"))
        })
        .await;
    ctx.outcome(done, form, |form| ExchangeView { row, form })
}

/// `GET /meters/{id}/end`
pub(crate) async fn end_form(ctx: Ctx, id: Path<i64>) -> Reply {
    let row = kept(&ctx, MeterId(*id)).await?;
    let form = Form::new(FORM).with("day", ctx.community()?.today(ctx.now)?);
    ctx.page(&EndView { row, form })
}

/// `POST /meters/{id}/end`
pub(crate) async fn end(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let id = MeterId(*id);
    let row = kept(&ctx, id).await?;
    let mut form = posted.form(FORM);
    let last = last(&mut form);
    let done = ctx
        .submit(&mut form, last, move |tx, actor, now, last| {
            meters::end(tx, actor, now, id, *last)?;
            Ok(format!("/meters/{id}?done=meter_ended"))
        })
        .await;
    ctx.outcome(done, form, |form| EndView { row, form })
}
